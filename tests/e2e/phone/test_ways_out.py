"""What could be stuck for ever, or hold up the rest: each has its way out."""

from __future__ import annotations

import json
from datetime import time
from typing import Any

import pytest

from activities.actions import withdraw_session
from activities.models import Schedule, Session, SessionJoin, Submission
from jiaozuo_grid.lasting import today
from tests.activities.acting import log, yesterday
from tests.builders import BEGINNING, HOBBY_GRID, user
from tests.e2e.phone.conftest import Phone

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

# Changes each row of a store whose kind is `which`, or whose key begins with it.
CHANGE = """([store, which, change]) => new Promise((done) => {
  const opening = indexedDB.open("grid");
  opening.onsuccess = () => {
    const rows = opening.result.transaction(store, "readwrite");
    rows.oncomplete = () => { opening.result.close(); done(); };
    rows.objectStore(store).openCursor().onsuccess = (event) => {
      const cursor = event.target.result;
      if (!cursor) return;
      const one = cursor.value;
      const meant = (one && one.kind === which) || String(cursor.key).indexOf(which) === 0;
      if (meant) cursor.update({ ...one, ...change });
      cursor.continue();
    };
  };
})"""


def held() -> Any:
    return Session.objects.standing().filter(held_on=yesterday())


def correct(phone: Phone, count: int) -> None:
    phone.way("correct", of='[data-record][data-kind="session/log"]')
    form = phone.tab.locator("form[data-outbox-form]:visible")
    form.locator('[name="participants"]').fill(str(count))
    form.locator("[data-reasons] button").first.tap()
    form.locator("button[type=submit]").tap()
    phone.tab.wait_for_selector("[data-view=today]")


def test_what_the_server_kept_and_knows_no_more_is_sent_anew(leader: Any, phone_of: Any) -> None:
    """The server was put back to a backup of before."""
    phone = phone_of(leader, worker=False)
    phone.enter(20)
    phone.wait_for("done")
    phone.cut()
    correct(phone, 25)
    phone.wait_for("waiting")
    phone.tab.evaluate(CHANGE, ["records", "session/correct", {"state": "kept"}])
    phone.cut(False)
    phone.open().wait_for("done", 2)
    assert held().get().participants == 25


def test_what_follows_a_discarded_record_goes_with_it(leader: Any, phone_of: Any) -> None:
    """Otherwise the server would keep it for a record that never comes."""
    phone = phone_of(leader, worker=False)
    phone.tab.route("**/api/v1/outbox/", lambda route: route.abort())
    phone.enter(20)
    phone.tab.wait_for_selector('[data-state=waiting] [data-way="correct"]', state="attached")
    correct(phone, 25)
    phone.wait_for("waiting", 2)
    record = '[data-record][data-kind="session/log"]'
    phone.way("discard", of=record)
    phone.way("discard-yes", of=record)
    phone.tab.wait_for_function("() => !document.querySelector('[data-record]')")
    phone.tab.unroute("**/api/v1/outbox/")
    phone.open()
    phone.tab.wait_for_selector("[data-net=online]")
    assert phone.stored("records") == []
    assert not Submission.objects.exists()
    assert phone.tab.locator("[data-lost-notice]").count() == 0


def test_what_cannot_be_joined_any_more_stands_again_as_it_was_entered(
    leader: Any, phone_of: Any
) -> None:
    """S9: the record that stood was withdrawn while the joining was on its way."""
    member = user("grid_member", HOBBY_GRID)
    first = log(member, start_time=time(19, 0), participants=24)
    phone = phone_of(leader, worker=False)
    phone.enter(26, hour=19, note="只有这一份")
    phone.wait_for("refused")
    withdraw_session(member, first, version=1, reason="记错了")
    phone.way("join")
    phone.tab.wait_for_function(
        "() => Array.from(document.querySelectorAll('[data-state=refused]'))"
        ".some((row) => /撤回/.test(row.innerText))"
    )
    phone.way("retry")
    phone.wait_for("done")
    session = held().get()
    assert (session.participants, session.note) == (26, "只有这一份")
    assert not SessionJoin.objects.exists()


def test_one_that_is_refused_on_the_way_does_not_hold_up_the_rest(
    leader: Any, phone_of: Any
) -> None:
    """A wall between that dislikes a text says 403, as does a server that knows nobody."""
    phone = phone_of(leader, worker=False)

    def wall(route: Any) -> None:
        if json.loads(route.request.post_data)["body"]["participants"] == 44:
            route.fulfill(status=403, body="<html>forbidden</html>")
        else:
            route.continue_()

    phone.tab.route("**/api/v1/outbox/", wall)
    phone.cut()
    phone.enter(44, hour=8)
    phone.enter(45, hour=14)
    phone.cut(False)
    phone.wait_for("done")
    assert len(phone.states()) == 2
    assert held().get().participants == 45


def test_the_sign_in_page_of_a_network_gets_no_record(leader: Any, phone_of: Any) -> None:
    """It answers 200 to everything."""
    phone = phone_of(leader, worker=False)
    given: list[str] = []
    phone.tab.route(
        "**/api/v1/outbox/manifest/", lambda route: route.fulfill(status=200, body="<html></html>")
    )

    def give(route: Any) -> None:
        given.append("one")
        route.abort()

    phone.tab.route("**/api/v1/outbox/", give)
    phone.enter(20)
    phone.tab.wait_for_selector("[data-net=offline]")
    phone.wait_for("waiting")
    assert given == []


def test_a_page_that_was_closed_while_it_sent_does_not_hold_up_the_next(
    leader: Any, phone_of: Any
) -> None:
    phone = phone_of(leader, worker=False)
    phone.tab.wait_for_selector("[data-net=online]")
    phone.tab.evaluate(
        """() => new Promise((done) => {
          const opening = indexedDB.open("grid");
          opening.onsuccess = () => {
            const rows = opening.result.transaction("meta", "readwrite");
            rows.oncomplete = () => { opening.result.close(); done(); };
            const lease = { holder: "closed", until: Date.now() + 25000, marked: true };
            rows.objectStore("meta").put(lease, "lease");
            window.leased = lease.until;
          };
        })"""
    )
    phone.enter(20)
    phone.wait_for("done")
    assert phone.tab.evaluate("Date.now() < window.leased")


def test_what_was_sent_back_is_not_taken_for_logged(leader: Any, phone_of: Any) -> None:
    Schedule.objects.create(
        area_code=HOBBY_GRID,
        weekdays="1234567",
        start_time=time(0, 0),
        minutes=1,
        holidays="meets",
        started_on=BEGINNING,
    )
    phone = phone_of(leader, worker=False)
    phone.enter(99999, ago=0, hour=0)
    phone.wait_for("refused")
    expected = phone.tab.locator(f'[data-expected="{HOBBY_GRID}|{today().isoformat()}|00:00"]')
    assert expected.get_attribute("data-fate") == "open"


def test_what_runs_is_ended_where_the_page_knows_its_group_no_more(
    leader: Any, phone_of: Any
) -> None:
    """Somebody with many groups began it from a search."""
    phone = phone_of(leader, worker=False)
    phone.tab.locator(f'[data-card="{HOBBY_GRID}"] [data-start]').tap()
    phone.tab.wait_for_selector("[data-section=running]")
    phone.tab.evaluate(CHANGE, ["meta", "running:", {"code": "another"}])
    phone.open()
    phone.tab.locator("[data-end]").tap()
    phone.tab.locator("form[data-outbox-form]:visible button[type=submit]").tap()
    phone.wait_for("done")
    assert Session.objects.order_by("-logged_at")[0].area_code == HOBBY_GRID


def test_what_is_entered_while_the_page_looks_what_is_due_does_not_wait(
    leader: Any, phone_of: Any
) -> None:
    """Between a contact and the pause after it, nothing would have sent it for ten minutes."""
    phone = phone_of(leader, worker=False)
    phone.tab.wait_for_selector("[data-net=online]")
    form = phone.open_form()
    form.locator('[name="held_on"]').fill(yesterday().isoformat())
    form.locator('[name="start_time"]').fill("19:00")
    # The first look at the photos after the news came: the page is drawn, and looks what is due.
    phone.tab.evaluate(
        """() => {
          const plain = { fetch: window.fetch, getAll: IDBObjectStore.prototype.getAll };
          window.fetch = async (...asked) => {
            const answer = await plain.fetch.apply(window, asked);
            if (asked[0] === "/api/v1/phone/") window.tapAt = "photos";
            return answer;
          };
          IDBObjectStore.prototype.getAll = function (...asked) {
            const all = plain.getAll.apply(this, asked);
            if (this.name === window.tapAt) {
              window.tapAt = null;
              document.querySelector("form[data-outbox-form] [type=submit]").click();
            }
            return all;
          };
          window.dispatchEvent(new Event("online"));
        }"""
    )
    phone.wait_for("done")
