"""The states of what was entered, in words that cannot be mistaken, and what can be done."""

from __future__ import annotations

import json
from datetime import time
from typing import Any

import pytest

from activities.models import Session, SessionJoin
from tests.activities.acting import log, yesterday
from tests.builders import HOBBY_GRID, user

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def held() -> Any:
    return Session.objects.standing().filter(held_on=yesterday())


def test_an_empty_phone_says_that_nothing_waits(leader: Any, phone_of: Any) -> None:
    phone = phone_of(leader)
    strip = phone.tab.locator("[data-net]")
    strip.wait_for()
    assert strip.get_attribute("data-net") == "online"
    assert phone.tab.get_attribute("[data-waiting-count]", "data-waiting-count") == "0"
    assert "没有等待发送的记录" in strip.inner_text()
    assert not phone.tab.locator("[data-send-now]").is_visible()


def test_a_record_says_arrived_only_after_the_servers_yes(leader: Any, phone_of: Any) -> None:
    """Pitfall 9: never "sent" before the commit is acknowledged."""
    phone = phone_of(leader, worker=False)
    held_up: list[Any] = []
    phone.tab.route("**/api/v1/outbox/", lambda route: held_up.append(route))
    phone.enter(31)
    sending = phone.wait_for("sending")
    assert "正在发送" in sending.inner_text()
    assert "已送达" not in sending.inner_text()
    assert not held().exists()

    held_up[0].continue_()
    assert "已送达" in phone.wait_for("done").inner_text()
    assert held().count() == 1


def test_without_a_network_it_waits_and_goes_by_itself(leader: Any, phone_of: Any) -> None:
    """Pitfall 10: no reload is needed to send."""
    phone = phone_of(leader)
    phone.cut()
    phone.enter(27)
    row = phone.wait_for("waiting")
    assert "还在手机里，没有发出" in row.inner_text()
    assert phone.tab.get_attribute("[data-net]", "data-net") == "offline"
    assert phone.tab.get_attribute("[data-waiting-count]", "data-waiting-count") == "1"
    assert not held().exists()

    phone.cut(False)
    assert "已送达" in phone.wait_for("done").inner_text()
    session = held().get()
    assert (session.participants, session.area_code) == (27, HOBBY_GRID)
    assert str(session.pk) == phone.stored("records")[0]["id"]


def test_a_lost_answer_makes_no_second_record(leader: Any, phone_of: Any) -> None:
    """S2, pitfall 10: stored by the server, the answer lost, sent again under the same id."""
    phone = phone_of(leader, worker=False)
    lost: list[str] = []

    def once(route: Any) -> None:
        if lost:
            route.continue_()
            return
        lost.append(json.loads(route.request.post_data)["id"])
        route.fetch()
        route.abort()

    phone.tab.route("**/api/v1/outbox/", once)
    phone.enter(22)
    phone.wait_for("done")
    assert [str(row.pk) for row in held()] == lost


def test_a_refused_record_is_corrected_and_sent_under_the_same_id(
    leader: Any, phone_of: Any
) -> None:
    phone = phone_of(leader)
    phone.enter(99999)
    row = phone.wait_for("refused")
    assert "被退回，没有计入" in row.inner_text()
    assert "请核对人数" in row.inner_text() or "人数" in row.inner_text()
    assert "有 1 条被退回" in phone.tab.locator("[data-net]").inner_text()
    key = phone.stored("records")[0]["id"]

    phone.way("edit")
    form = phone.tab.locator("form[data-outbox-form]:visible")
    form.wait_for()
    assert form.locator('[name="participants"]').input_value() == "99999"
    assert form.locator("[aria-invalid=true]").count() == 1
    form.locator('[name="participants"]').fill("30")
    form.locator("button[type=submit]").tap()

    phone.wait_for("done")
    session = held().get()
    assert (str(session.pk), session.participants) == (key, 30)


def test_the_same_session_of_somebody_else_is_joined_with_a_tap(leader: Any, phone_of: Any) -> None:
    """S9: one offer to join, no silent double, participants counted once."""
    first = log(user("grid_member", HOBBY_GRID), start_time=time(19, 0), participants=24)
    phone = phone_of(leader)
    phone.enter(26, hour=19)
    phone.wait_for("refused")
    phone.way("join")
    phone.wait_for("done")

    assert held().get() == first
    assert SessionJoin.objects.get().participants == 26


def test_what_waits_is_corrected_in_place(leader: Any, phone_of: Any) -> None:
    phone = phone_of(leader)
    phone.cut()
    phone.enter(20)
    key = phone.stored("records")[0]["id"]
    phone.way("edit")
    form = phone.tab.locator("form[data-outbox-form]:visible")
    form.locator('[name="participants"]').fill("23")
    form.locator("button[type=submit]").tap()
    phone.tab.wait_for_selector("[data-view=today]")
    phone.wait_for("waiting")
    phone.cut(False)
    phone.wait_for("done")

    session = held().get()
    assert (str(session.pk), session.participants, session.version) == (key, 23, 1)


def test_what_arrived_is_corrected_and_withdrawn_without_a_network(
    leader: Any, phone_of: Any
) -> None:
    """S4: both amendments wait on the phone, each following the one before."""
    phone = phone_of(leader)
    phone.enter(20)
    phone.wait_for("done")
    phone.cut()
    phone.way("correct")
    form = phone.tab.locator("form[data-outbox-form]:visible")
    form.locator('[name="participants"]').fill("25")
    form.locator("[data-reasons] button").first.tap()
    form.locator("button[type=submit]").tap()
    phone.tab.wait_for_selector("[data-view=today]")
    phone.wait_for("waiting")
    phone.way("withdraw", of='[data-record][data-kind="session/log"]')
    form = phone.tab.locator("form[data-outbox-form]:visible")
    form.locator("[data-reasons] button").first.tap()
    form.locator("button[type=submit]").tap()
    phone.tab.wait_for_selector("[data-view=today]")
    phone.wait_for("waiting", 2)

    phone.cut(False)
    phone.wait_for("done", 3)
    session = Session.objects.get(held_on=yesterday())
    assert (session.participants, session.version) == (25, 3)
    assert session.withdrawn_at is not None


def test_discarding_asks_once_and_is_no_loss(leader: Any, phone_of: Any) -> None:
    phone = phone_of(leader)
    phone.enter(99999)
    phone.wait_for("refused")
    phone.way("discard")
    assert phone.tab.locator("[data-confirm]:visible").count() == 1
    phone.way("discard-no")
    phone.way("discard")
    phone.way("discard-yes")
    phone.wait_for("refused", 0)
    assert phone.stored("records") == []
    phone.tab.reload()
    phone.ready()
    assert phone.tab.locator("[data-lost-notice]").count() == 0


def test_a_record_is_saved_as_a_file(leader: Any, phone_of: Any) -> None:
    phone = phone_of(leader)
    phone.cut()
    phone.enter(21)
    with phone.tab.expect_download() as downloading:
        phone.way("save")
    saved = json.loads(downloading.value.path().read_text())
    assert saved["body"]["participants"] == 21
    assert saved["kind"] == "session/log"


def test_a_meeting_is_called_off_and_was_held_after_all(leader: Any, phone_of: Any) -> None:
    from activities.models import CalledOff, Schedule
    from jiaozuo_grid.lasting import today
    from tests.builders import BEGINNING

    Schedule.objects.create(
        area_code=HOBBY_GRID,
        weekdays="1234567",
        start_time=time(0, 0),
        minutes=1,
        holidays="meets",
        started_on=BEGINNING,
    )
    phone = phone_of(leader)
    key = f"{HOBBY_GRID}|{today().isoformat()}|00:00"
    expected = phone.tab.locator(f'[data-expected="{key}"]')
    expected.locator("[data-not-held]").tap()
    expected.locator('[data-reason="weather"]').tap()
    phone.wait_for("done")
    assert expected.get_attribute("data-fate") == "called_off"
    assert CalledOff.objects.get().reason == "weather"

    expected.locator("[data-held-after-all]").tap()
    phone.wait_for("done", 2)
    assert CalledOff.objects.get().withdrawn_at is not None
    assert expected.get_attribute("data-fate") == "open"
