"""Meetings that do not take place: said once, taken back, never against what was logged."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from activities.actions import (
    SessionConflict,
    call_off,
    correct_session,
    hold_after_all,
    set_schedule,
    withdraw_session,
)
from activities.models import CalledOff, Schedule
from activities.outbox.kinds import kind_called
from coverage.models import StaleMark
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import OutOfReach
from tests import builders as b
from tests.activities.acting import log, yesterday
from tests.activities.outbox.phone import Phone

pytestmark = pytest.mark.django_db
PAGE = f"/m/off/{b.HOBBY_GRID}/"


@pytest.fixture
def leader() -> Any:
    b.small_city()
    for start in (time(6, 30), time(19, 30)):
        Schedule.objects.create(
            area_code=b.HOBBY_GRID,
            weekdays="1234567",
            start_time=start,
            minutes=60,
            holidays="meets",
            started_on=b.BEGINNING,
        )
    return b.user("grid_leader", b.GRID)


def said(**other: Any) -> dict[str, Any]:
    values = {
        "id": uuid4(),
        "area_code": b.HOBBY_GRID,
        "held_on": yesterday(),
        "start_time": time(19, 30),
        "reason": "weather",
    }
    return {**values, **other}


def standing() -> list[time]:
    rows = CalledOff.objects.standing().order_by("start_time")
    return list(rows.values_list("start_time", flat=True))


# --- saying it ---


def test_the_same_id_twice_is_once(leader: Any) -> None:
    """S1: a resend is known by its id."""
    values = said()
    row, new = call_off(leader, **values)
    again, anew = call_off(leader, **values)
    assert (new, anew, again) == (True, False, row)
    assert CalledOff.objects.count() == 1


def test_the_same_id_with_another_body_is_a_conflict(leader: Any) -> None:
    """S3: what was stored first stands."""
    values = said()
    call_off(leader, **values)
    with pytest.raises(SessionConflict) as conflict:
        call_off(leader, **{**values, "reason": "few"})
    assert conflict.value.fields == ["reason"]


def test_what_is_planned_or_not_held_is_counted_anew(leader: Any) -> None:
    """Kept schedules are a figure: the month of what was called off, all months of a schedule."""
    row, _new = call_off(leader, **said())
    set_schedule(leader, b.HOBBY_GRID, weekdays="1", start_time=time(15), minutes=60)
    marks = StaleMark.objects.values_list("area_code", "month")
    month = row.held_on.replace(day=1)
    assert set(marks) == {(b.HOBBY_GRID, month), (b.HOBBY_GRID, None)}


def test_two_people_who_say_it_say_it_once(leader: Any) -> None:
    member = b.user("grid_member", b.HOBBY_GRID)
    call_off(leader, **said())
    second, new = call_off(member, **said())
    assert new
    assert second.withdrawn_at is not None
    assert standing() == [time(19, 30)]


def test_the_second_one_takes_it_back_for_both(leader: Any) -> None:
    """Its id is what their phone knows; they may not know of the other."""
    call_off(leader, **said())
    second, _new = call_off(b.user("grid_member", b.HOBBY_GRID), **said())
    hold_after_all(leader, second)
    assert standing() == []


def test_another_grids_meeting_is_out_of_reach(leader: Any) -> None:
    with pytest.raises(OutOfReach):
        call_off(leader, **said(area_code=b.OTHER_HOBBY_GRID))


def test_who_left_office_says_it_of_a_day_in_office(leader: Any) -> None:
    """S7: a record that waited while its author left office."""
    former = b.user("grid_member", b.HOBBY_GRID, ended_on=today())
    row, _new = call_off(former, **said())
    assert row.logged_by == former


@pytest.mark.parametrize("day", [today() + timedelta(days=61), today() - timedelta(days=365)])
def test_a_day_too_far_away_is_refused(leader: Any, day: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        call_off(leader, **said(held_on=day))
    assert "held_on" in refused.value.message_dict


def test_a_meeting_to_come_can_be_called_off(leader: Any) -> None:
    call_off(leader, **said(held_on=today() + timedelta(days=3)))
    assert standing() == [time(19, 30)]


# --- beside what was logged ---


def test_what_was_held_is_not_called_off(leader: Any) -> None:
    session = log(leader, start_time=time(19, 20))
    with pytest.raises(ValidationError) as refused:
        call_off(leader, **said())
    (error,) = refused.value.error_dict["start_time"]
    assert error.params is not None
    assert error.params["session"] == str(session.pk)


def test_the_other_meeting_of_the_day_can_be_called_off(leader: Any) -> None:
    log(leader, start_time=time(6, 30))
    call_off(leader, **said())
    assert standing() == [time(19, 30)]


def test_a_session_logged_later_takes_it_back(leader: Any) -> None:
    call_off(leader, **said())
    call_off(leader, **said(start_time=time(6, 30)))
    log(leader, start_time=time(19, 45))
    assert standing() == [time(6, 30)]


def test_a_session_moved_to_its_hour_takes_it_back(leader: Any) -> None:
    session = log(leader, start_time=time(6, 30))
    call_off(leader, **said())
    correct_session(leader, session, version=1, reason="时间填错", start_time=time(19, 30))
    assert standing() == []


def test_a_session_far_from_its_hour_leaves_it(leader: Any) -> None:
    call_off(leader, **said())
    log(leader, start_time=time(14, 0))
    assert standing() == [time(19, 30)]


def test_a_withdrawn_session_is_in_nobodys_way(leader: Any) -> None:
    withdraw_session(leader, log(leader), version=1, reason="没有举行")
    call_off(leader, **said())
    assert standing() == [time(19, 30)]


def test_taken_back_twice_is_once(leader: Any) -> None:
    row, _new = call_off(leader, **said())
    first = hold_after_all(leader, row).withdrawn_at
    assert hold_after_all(leader, row).withdrawn_at == first


def test_what_was_taken_back_can_be_called_off_again(leader: Any) -> None:
    hold_after_all(leader, call_off(leader, **said())[0])
    call_off(leader, **said())
    assert standing() == [time(19, 30)]


# --- the pages, without a script ---


@pytest.fixture
def client(leader: Any, signed_in: Any) -> Any:
    return signed_in(leader)


def test_the_form_begins_with_the_meeting_of_its_address(client: Any) -> None:
    form = client.get(f"{PAGE}?held_on={yesterday()}&start_time=06:30").context["form"]
    assert (form["held_on"].value(), form["start_time"].value()) == (yesterday(), time(6, 30))


@pytest.mark.parametrize("query", ["", "?held_on=never&start_time=25:99", "?held_on=%00"])
def test_an_odd_address_begins_with_today(client: Any, query: str) -> None:
    form = client.get(PAGE + query).context["form"]
    assert (form["held_on"].value(), form["start_time"].value()) == (today(), time(6, 30))


def test_the_form_calls_off_and_the_button_takes_it_back(client: Any) -> None:
    values = {**said(), "start_time": "19:30"}
    assert client.post(PAGE, values).status_code == 302
    row = CalledOff.objects.get()
    assert client.post(f"/m/off/{row.pk}/held/").status_code == 302
    assert standing() == []


def test_the_form_shows_the_session_that_is_logged(client: Any, leader: Any) -> None:
    session = log(leader)
    response = client.post(PAGE, {**said(), "start_time": "19:30"})
    assert response.status_code == 422
    assert f'data-stored="{session.pk}"' in response.content.decode()


# --- the outbox ---


def test_both_kinds_are_registered() -> None:
    off, held = kind_called("session/called-off"), kind_called("session/held-after-all")
    assert off is not None
    assert held is not None
    assert (off.model, off.amends, held.model, held.amends) == (CalledOff, False, CalledOff, True)
    assert off.known == {"area_code", "held_on", "start_time", "reason"}
    assert held.known == set()


def _off_from(phone: Phone) -> dict[str, Any]:
    return phone.make(
        "session/called-off",
        {
            "area_code": b.HOBBY_GRID,
            "held_on": str(yesterday()),
            "start_time": "19:30",
            "reason": "few",
        },
    )


def test_a_phone_calls_off_once_however_often_it_sends(leader: Any) -> None:
    """S1: each answer has the same body."""
    phone = Phone(leader)
    sent = _off_from(phone)
    first, again = phone.send(sent), phone.send(sent)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert standing() == [time(19, 30)]


def test_taking_it_back_may_arrive_before_it(leader: Any) -> None:
    """S4: kept until its record is there."""
    phone = Phone(leader)
    off = _off_from(phone)
    back = phone.make("session/held-after-all", {}, record=off["id"])
    assert phone.send(back).status_code == 202
    assert phone.send(off).status_code == 201
    assert standing() == []
    assert phone.send(back).json()["state"] == "done"


def test_a_phone_is_shown_the_session_that_is_logged(leader: Any) -> None:
    session = log(leader)
    answer = Phone(leader).send(_off_from(Phone(leader)))
    assert answer.status_code == 422
    assert answer.json()["existing"]["id"] == str(session.pk)
