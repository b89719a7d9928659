"""When the network returns, what waits goes at a moment of the phone's own."""

from __future__ import annotations

import time
from typing import Any

import pytest

from activities.models import Session
from tests.e2e.phone.conftest import Phone

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

HOURS = 3600


def test_what_waits_goes_a_random_time_after_the_return_or_at_a_tap(
    settings: Any, leader: Any, phone_of: Any
) -> None:
    settings.PHONES_SPREAD = 24 * HOURS
    phone: Phone = phone_of(leader, worker=False)
    phone.tab.wait_for_load_state("networkidle")
    # The growing pauses after a failure stand still: only the return or a tap may send.
    phone.tab.clock.install()
    phone.tab.clock.pause_at(time.time() + 1)
    phone.cut()
    with phone.tab.expect_event("requestfailed"):
        phone.enter(24)
    phone.tab.wait_for_function("() => document.querySelector('[data-net=offline]')")
    phone.cut(False)
    phone.tab.wait_for_function("() => document.querySelector('[data-net=online]')")
    assert phone.states() == ["waiting"]
    assert Session.objects.filter(participants=24).count() == 0

    phone.tab.locator("[data-send-now]").tap()
    phone.wait_for("done")
    assert Session.objects.filter(participants=24).count() == 1


def test_after_a_return_during_a_request_that_hangs_it_is_tried_on(
    settings: Any, leader: Any, phone_of: Any
) -> None:
    settings.PHONES_SPREAD = 1
    phone: Phone = phone_of(leader, worker=False)
    phone.tab.wait_for_load_state("networkidle")
    held: list[Any] = []

    def hang_once_and_fail_once(route: Any) -> None:
        held.append(route)
        if len(held) == 2:
            route.abort()
        elif len(held) > 2:
            route.continue_()

    phone.tab.route("**/api/v1/outbox/manifest/", hang_once_and_fail_once)
    phone.enter(24)
    phone.tab.evaluate("() => dispatchEvent(new Event('online'))")
    # Longer than the network's own pause can be.
    phone.tab.wait_for_timeout(1500)
    held[0].abort()
    phone.wait_for("done")
    assert Session.objects.filter(participants=24).count() == 1
