"""A phone that keeps nothing, or kept it no longer: never in silence (S6)."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from activities.models import CalledOff, Schedule, Session, WaitingRecord
from jiaozuo_grid.lasting import today
from tests.activities.acting import yesterday
from tests.builders import BEGINNING, GRID, HOBBY_GRID
from tests.e2e.phone.conftest import Phone

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

# A private window of some browsers; a phone on which nothing more fits.
PRIVATE = "Object.defineProperty(window, 'indexedDB', {get: () => undefined});"
FULL = """
const put = IDBObjectStore.prototype.put;
const full = () => { throw new DOMException("full", "QuotaExceededError"); };
IDBObjectStore.prototype.put = function (...given) {
  return window.full ? full() : put.apply(this, given);
};
IDBObjectStore.prototype.add = function (...given) {
  return window.full ? full() : put.apply(this, given);
};
"""


def held() -> Any:
    return Session.objects.standing().filter(held_on=yesterday())


def test_in_a_private_window_the_ordinary_form_does_and_the_page_says_so(
    leader: Any, open_page: Any
) -> None:
    tab = open_page(leader, phone=True)
    tab.add_init_script(PRIVATE)
    tab.goto("/m/")
    tab.wait_for_selector("[data-list=notices] .notice")
    assert "存不了东西" in tab.locator("[data-list=notices]").inner_text()
    assert not tab.locator("[data-net]").is_visible(), "nobody knows what waits here"
    tab.locator(f'[data-card="{HOBBY_GRID}"] a').tap()
    tab.wait_for_url(f"**/m/log/{HOBBY_GRID}/")
    tab.fill('input[name="held_on"]', yesterday().isoformat())
    tab.fill('input[name="start_time"]', "19:00")
    tab.click("form[data-log] button[type=submit]")
    tab.wait_for_selector("[data-logged]")
    assert held().count() == 1


def test_on_a_full_phone_the_form_stays_open_until_the_server_has_it(
    leader: Any, open_page: Any
) -> None:
    tab = open_page(leader, phone=True)
    tab.add_init_script(FULL)
    phone = Phone(tab).open()
    form = phone.open_form()
    form.locator('[name="held_on"]').fill(yesterday().isoformat())
    form.locator('[name="start_time"]').fill("19:00")
    tab.evaluate("window.full = true")
    phone.cut()
    form.locator("button[type=submit]").tap()
    complaint = form.locator("[data-complaint]")
    complaint.wait_for()
    assert "没有发出" in complaint.inner_text()
    assert phone.states() == []

    phone.cut(False)
    form.locator("button[type=submit]").tap()
    form.wait_for(state="detached")
    assert held().count() == 1
    assert "已经送到" in tab.locator("[data-list=notices]").inner_text()


def test_on_a_full_phone_a_tap_that_has_no_form_says_what_became_of_it(
    leader: Any, open_page: Any
) -> None:
    Schedule.objects.create(
        area_code=HOBBY_GRID,
        weekdays="1234567",
        start_time=time(0, 0),
        minutes=1,
        holidays="meets",
        started_on=BEGINNING,
    )
    tab = open_page(leader, phone=True)
    tab.add_init_script(FULL)
    phone = Phone(tab).open()
    tab.evaluate("window.full = true")
    phone.cut()
    due = tab.locator(f'[data-expected="{HOBBY_GRID}|{today().isoformat()}|00:00"]')
    due.locator("[data-not-held]").tap()
    due.locator('[data-reason="weather"]').tap()
    notices = tab.locator("[data-list=notices]")
    notices.locator("text=没有发出").wait_for()
    assert not CalledOff.objects.exists()

    phone.cut(False)
    due.locator("[data-not-held]").tap()
    due.locator('[data-reason="weather"]').tap()
    notices.locator("text=已经送到").wait_for()
    assert CalledOff.objects.count() == 1


def test_what_was_lost_with_the_phones_storage_is_shown_and_entered_again(
    leader: Any, phone_of: Any
) -> None:
    """S6, pitfall 14: Safari empties a site that was not opened for a week."""
    phone = phone_of(leader, worker=False)
    # Only what waits is named, nothing gets through.
    phone.tab.route("**/api/v1/outbox/", lambda route: route.abort())
    phone.enter(41)
    phone.wait_for("waiting")
    phone.tab.evaluate("document.querySelector('[data-send-now]').click()")
    phone.tab.wait_for_function(
        "() => fetch('/api/v1/phone/').then(a => a.json()).then(b => b.waiting.length === 1)"
    )
    tab = phone.tab
    context = tab.context
    # A page of the site on which no script runs.
    tab.goto("/static/img/logo.svg")
    tab.evaluate("new Promise(d => { indexedDB.deleteDatabase('grid').onsuccess = d; })")
    phone.tab.unroute("**/api/v1/outbox/")
    # After a while the other phone of the same person counts as emptied too.
    WaitingRecord.objects.update(lost_at=timezone.now())
    phone.open()
    notice = context.pages[0].locator("[data-lost-notice]")
    notice.wait_for()
    assert "1 条" in notice.inner_text()
    assert "没有到达" in notice.inner_text()

    notice.locator('[data-lost="again"]').tap()
    form = tab.locator("form[data-outbox-form]:visible")
    form.locator('[name="held_on"]').fill(yesterday().isoformat())
    form.locator('[name="start_time"]').fill("19:00")
    form.locator('[name="participants"]').fill("41")
    form.locator("button[type=submit]").tap()
    phone.wait_for("done")
    notice.wait_for(state="detached")
    assert held().get().participants == 41
    assert not WaitingRecord.objects.exists()


def test_what_is_no_longer_needed_is_dismissed(leader: Any, phone_of: Any) -> None:
    since = timezone.now() - timedelta(days=2)
    WaitingRecord.objects.create(
        id=uuid4(), user=leader, phone=uuid4(), since=since, area_code=GRID, lost_at=timezone.now()
    )
    phone = phone_of(leader)
    notice = phone.tab.locator("[data-lost-notice]")
    notice.wait_for()
    notice.locator('[data-lost="dismiss"]').tap()
    notice.wait_for(state="detached")
    phone.tab.wait_for_function(
        "() => fetch('/api/v1/phone/').then(a => a.json()).then(b => b.lost.length === 0)"
    )
    phone.tab.reload()
    phone.ready()
    assert notice.count() == 0
    assert not WaitingRecord.objects.exists()


def test_a_page_from_before_a_dismissal_does_not_bring_it_back(leader: Any, phone_of: Any) -> None:
    """The server made the page, then was told of the dismissal; the page arrives after both."""
    since = timezone.now() - timedelta(days=2)
    WaitingRecord.objects.create(
        id=uuid4(), user=leader, phone=uuid4(), since=since, area_code=GRID, lost_at=timezone.now()
    )
    phone = phone_of(leader, worker=False)
    notice = phone.tab.locator("[data-lost-notice]")
    notice.wait_for()
    early = phone.tab.request.get("/m/").text()
    with phone.tab.expect_response("**/api/v1/outbox/manifest/") as told:
        notice.locator('[data-lost="dismiss"]').tap()
    assert told.value.ok
    assert not WaitingRecord.objects.exists()
    notice.wait_for(state="detached")
    phone.tab.wait_for_load_state("networkidle")

    phone.tab.route("**/api/v1/**", lambda route: route.abort())
    phone.tab.route("**/m/", lambda route: route.fulfill(body=early, content_type="text/html"))
    phone.open()
    assert notice.count() == 0


def test_what_waits_on_another_phone_is_said(leader: Any, phone_of: Any) -> None:
    first = phone_of(leader, worker=False)
    first.tab.route("**/api/v1/outbox/", lambda route: route.abort())
    first.enter(19)
    first.wait_for("waiting")
    first.tab.wait_for_function(
        "() => fetch('/api/v1/phone/').then(a => a.json()).then(b => b.waiting.length === 1)"
    )
    second = phone_of(leader)
    second.tab.wait_for_selector("[data-list=notices] .notice")
    assert "另一部手机" in second.tab.locator("[data-list=notices]").inner_text()
