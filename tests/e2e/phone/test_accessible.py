"""Everybody can use it: checked by axe in each state, narrow, with large type; and it is small."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from activities.models import Schedule
from jiaozuo_grid.lasting import today
from tests.activities.acting import log, yesterday
from tests.builders import BEGINNING, HOBBY_GRID, user
from tests.e2e.phone.conftest import Phone

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

AXE = Path(settings.BASE_DIR) / "node_modules/axe-core/axe.min.js"
MOST_KILOBYTES = 150


@pytest.fixture(autouse=True)
def every_day() -> None:
    """The group is expected every day, so that Today has all of its parts."""
    Schedule.objects.create(
        area_code=HOBBY_GRID,
        weekdays="1234567",
        start_time=time(0, 0),
        minutes=30,
        holidays="meets",
        started_on=BEGINNING,
    )


def empty(phone: Phone) -> None:
    phone.tab.locator("[data-net]").wait_for()


def waiting(phone: Phone) -> None:
    phone.cut()
    phone.enter(20)
    phone.enter(21, hour=9)
    phone.wait_for("waiting", 2)


def sent(phone: Phone) -> None:
    phone.enter(20)
    phone.wait_for("done")


def refused(phone: Phone) -> None:
    log(user("grid_member", HOBBY_GRID), start_time=time(19, 0))
    phone.enter(20, hour=19)
    phone.enter(99999, hour=9)
    phone.wait_for("refused", 2)
    phone.way("discard")


def in_the_form(phone: Phone) -> None:
    form = phone.open_form()
    form.locator("summary").tap()
    form.locator('[name="participants"]').fill("0")
    form.locator("button[type=submit]").tap()
    form.locator(".has-error").first.wait_for()


def a_lecture(phone: Phone) -> None:
    phone.tab.locator('[data-open-form="lecture/log"]').tap()
    phone.tab.locator("form[data-outbox-form]:visible summary").tap()


def in_progress(phone: Phone) -> None:
    phone.tab.locator(f'[data-card="{HOBBY_GRID}"] [data-start]').tap()
    phone.tab.wait_for_selector("[data-section=running]")


def not_held(phone: Phone) -> None:
    today_ = f'[data-expected="{HOBBY_GRID}|{today().isoformat()}|00:00"]'
    phone.tab.locator(f"{today_} [data-not-held]").tap()
    for details in phone.tab.locator("details:visible").all():
        details.locator("summary").first.tap()


def leaving(phone: Phone) -> None:
    waiting(phone)
    phone.tab.locator("[data-sign-out] button").tap()
    phone.tab.locator("[data-leaving]").wait_for()


STATES = [
    empty,
    waiting,
    sent,
    refused,
    in_the_form,
    a_lecture,
    in_progress,
    not_held,
    leaving,
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing(leader: Any, phone_of: Any, state: Callable[[Phone], None]) -> None:
    """U2."""
    phone = phone_of(leader)
    state(phone)
    phone.tab.evaluate(AXE.read_text() + "; undefined")
    found = phone.tab.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map("
        "v => [v.id, v.nodes.map(n => n.html.slice(0, 200) + ' ' + n.failureSummary)]))"
    )
    assert found == []


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_narrow_and_with_large_type_nothing_is_cut_off(
    leader: Any, phone_of: Any, state: Callable[[Phone], None]
) -> None:
    """U2: 320 px, and 200 % text; no scrolling sideways, targets of 44 px."""
    phone = phone_of(leader)
    state(phone)
    phone.tab.set_viewport_size({"width": 320, "height": 640})
    assert wider_than_the_screen(phone) == []
    assert small_targets(phone) == []
    phone.tab.set_viewport_size({"width": 390, "height": 844})
    # Type twice as large, as a phone's own setting makes it.
    phone.tab.evaluate(
        "document.documentElement.style.fontSize = '200%'; document.body.style.fontSize = '36px'"
    )
    assert wider_than_the_screen(phone) == []


def wider_than_the_screen(phone: Phone) -> Any:
    return phone.tab.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
          Array.from(document.querySelectorAll("body *"))
            .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && e.offsetParent)
            .map(e => e.outerHTML.slice(0, 120)).slice(0, 5)"""
    )


def small_targets(phone: Phone) -> Any:
    return phone.tab.evaluate(
        """() => Array.from(document.querySelectorAll("a, button, summary, input, select"))
          .filter(e => e.offsetParent && e.type !== "hidden")
          .map(e => [e.outerHTML.slice(0, 100), e.getBoundingClientRect()])
          .filter(([html, box]) => box.height < 43.5 || box.width < 43.5)
          .map(([html, box]) => [html, box.width, box.height])"""
    )


def test_everything_can_be_done_by_keyboard(leader: Any, phone_of: Any) -> None:
    """U2."""
    phone = phone_of(leader)
    phone.tab.locator(f'[data-card="{HOBBY_GRID}"] [data-open-form]').focus()
    phone.tab.keyboard.press("Enter")
    phone.tab.locator("form[data-outbox-form]:visible").wait_for()
    assert phone.tab.evaluate("document.activeElement.tagName") == "H1"
    phone.tab.locator('form [name="held_on"]').fill(yesterday().isoformat())
    phone.tab.locator('form [name="start_time"]').focus()
    phone.tab.keyboard.press("Enter")
    phone.wait_for("done")


def test_the_first_load_is_small(leader: Any, open_page: Any) -> None:
    """L3: all that the page fetches at the first visit, as it goes over the line."""
    tab = open_page(leader, phone=True)
    sizes: dict[str, int] = {}

    def weigh(response: Any) -> None:
        if response.request.resource_type != "image":
            sizes[response.url] = len(gzip.compress(response.body()))

    tab.on("response", weigh)
    Phone(tab).open()
    tab.wait_for_load_state("networkidle")
    total = sum(sizes.values()) / 1024
    assert total < MOST_KILOBYTES, f"{total:.0f} KB: {sizes}"
