"""The phone's bundle: all that its owner needs, small, and nobody else's (docs/phone.md)."""

from __future__ import annotations

import gzip
import json
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import User
from activities.actions import call_off, log_event, log_lecture
from activities.models import CheckIn, Schedule, Session, WaitingRecord
from activities.outbox.author import author_key
from activities.version import app_version
from grids.models import HobbyGrid
from jiaozuo_grid.lasting import today
from tests import builders as b
from tests.activities.acting import log, yesterday
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db
URL = "/api/v1/phone/"


@pytest.fixture
def leader() -> Any:
    b.small_city()
    HobbyGrid.objects.update(usual_days="1234567")
    return b.user("grid_leader", b.GRID)


@pytest.fixture
def client(leader: Any, signed_in: Any) -> Any:
    return signed_in(leader)


def bundle(client: Any) -> Any:
    return client.get(URL).json()


def many(user: Any, groups: int = 30) -> None:
    """A leader's largest case: that many groups, each meeting daily, each logged for a week."""
    member = b.person(b.GRID, "欧阳建国")
    for number in range(2, groups + 1):
        code = f"{b.GRID}{number:02d}"
        b.hobby_grid(code, name=f"夕阳红广场舞第{number}健身队", usual_days="1234567")
        b.appoint(member, "grid_member", code)
    codes = HobbyGrid.objects.within(b.GRID).values_list("area_code", flat=True)
    Schedule.objects.bulk_create(
        Schedule(
            area_code=code,
            weekdays="1234567",
            start_time=time(19, 30),
            minutes=60,
            place="文化广场东侧凉亭前",
            holidays="meets",
            started_on=b.BEGINNING,
        )
        for code in codes
    )
    Session.objects.bulk_create(
        Session(
            area_code=code,
            held_on=today() - timedelta(days=back),
            start_time=time(19, 30),
            minutes=60,
            participants=20,
            logged_by=user,
        )
        for code in codes
        for back in range(1, 8)
    )


# --- what is in it ---


def test_it_has_the_fields_of_the_contract(client: Any, leader: Any) -> None:
    log(leader)
    found = bundle(client)
    assert list(found) == [
        "author",
        "name",
        "now",
        "today",
        "version",
        "wide",
        "groups",
        "more",
        "areas",
        "expected",
        "sessions",
        "called_off",
        "lost",
        "waiting",
        "notes",
    ]
    assert (found["author"], found["name"]) == (author_key(leader), leader.person.name)
    assert (found["today"], found["version"]) == (today().isoformat(), app_version())
    assert found["now"].endswith("+08:00")
    assert (found["wide"], found["more"]) == (False, False)
    assert found["areas"] == [[b.GRID, "第1网格"]]


def test_a_group_has_all_that_its_form_begins_with(client: Any, leader: Any) -> None:
    session = log(leader, participants=31)
    CheckIn.objects.create(area_code=b.HOBBY_GRID, held_on=today(), browser="a" * 32)
    (group,) = bundle(client)["groups"]
    assert group == {
        "code": b.HOBBY_GRID,
        "name": "广场舞队01",
        "sport": "广场舞",
        "village": "东关村",
        "place": "文化广场",
        "start": "19:30",
        "minutes": 60,
        "participants": 31,
        "led_by": leader.person_id,
        "leaders": [[leader.person_id, leader.person.name]],
        "last": {
            "held_on": session.held_on.isoformat(),
            "start": "19:30",
            "minutes": 60,
            "participants": 31,
        },
        "checked_in": 1,
    }


def test_a_new_group_has_no_last_session(client: Any) -> None:
    (group,) = bundle(client)["groups"]
    assert group["last"] is None
    assert group["participants"] == 25


def test_the_expected_ones_are_this_weeks_and_two_weeks_more(client: Any) -> None:
    days = [one["day"] for one in bundle(client)["expected"]]
    monday = today() - timedelta(days=today().weekday())
    assert days[0] >= monday.isoformat()
    assert days[-1] <= (today() + timedelta(days=14)).isoformat()
    assert days == sorted(days)
    one = bundle(client)["expected"][0]
    assert (one["code"], one["start"], one["minutes"], one["place"]) == (
        b.HOBBY_GRID,
        "19:30",
        60,
        "文化广场",
    )


def test_what_was_held_has_its_kind_and_version(client: Any, leader: Any) -> None:
    officer = b.user("township_officer", b.TOWNSHIP)
    session = log(leader)
    held: dict[str, Any] = {
        "area_code": b.GRID,
        "held_on": yesterday(),
        "start_time": time(9),
        "minutes": 90,
        "participants": 40,
    }
    lecture, _new = log_lecture(officer, id=uuid4(), topic="科学健身", **held)
    event, _new = log_event(officer, id=uuid4(), title="健步走", event_kind="walk", **held)
    found = {one["kind"]: one for one in bundle(client)["sessions"]}
    assert {kind: one["id"] for kind, one in found.items()} == {
        "session/log": str(session.pk),
        "lecture/log": str(lecture.pk),
        "event/log": str(event.pk),
    }
    assert [found[kind]["title"] for kind in sorted(found)] == ["健步走", "科学健身", "广场舞队01"]
    assert found["session/log"]["version"] == 1
    assert found["session/log"]["amendable"] is True


def test_sessions_of_more_than_a_week_ago_are_left_out(client: Any, leader: Any) -> None:
    log(leader, held_on=today() - timedelta(days=8))
    log(leader, held_on=today() - timedelta(days=7))
    (one,) = bundle(client)["sessions"]
    assert one["held_on"] == (today() - timedelta(days=7)).isoformat()


def test_what_was_called_off_is_in_it_until_it_is_taken_back(client: Any, leader: Any) -> None:
    from activities.actions import hold_after_all

    row, _new = call_off(
        leader,
        id=uuid4(),
        area_code=b.HOBBY_GRID,
        held_on=today() + timedelta(days=1),
        start_time=time(19, 30),
        reason="weather",
    )
    (one,) = bundle(client)["called_off"]
    assert one == {
        "id": str(row.pk),
        "code": b.HOBBY_GRID,
        "day": row.held_on.isoformat(),
        "start": "19:30",
        "reason": "weather",
    }
    hold_after_all(leader, row)
    assert bundle(client)["called_off"] == []


def test_what_waits_and_what_is_lost_are_told_apart(client: Any, leader: Any) -> None:
    waiting, lost = (
        WaitingRecord.objects.create(
            id=uuid4(),
            user=leader,
            phone=uuid4(),
            area_code=b.GRID,
            since=timezone.now() - timedelta(days=2),
            lost_at=lost_at,
        )
        for lost_at in (None, timezone.now())
    )
    found = bundle(client)
    assert [one["id"] for one in found["waiting"]] == [str(waiting.pk)]
    assert found["waiting"][0]["phone"] == str(waiting.phone)
    assert [one["id"] for one in found["lost"]] == [str(lost.pk)]


# --- how large, how often, whose ---


def test_thirty_busy_groups_stay_below_150_kilobytes(client: Any, leader: Any) -> None:
    """Pitfall 13: never a first load of more than the person's own, and never a large one."""
    many(leader)
    response = client.get(URL)
    found = response.json()
    assert len(found["groups"]) == 30
    assert len(response.content) < 150 * 1024
    assert len(found["expected"]) >= 30 * 15


def test_it_is_sent_compressed(client: Any, leader: Any) -> None:
    """L3: on the way it is a tenth of that."""
    many(leader)
    response = client.get(URL, headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.content) < 15 * 1024
    assert json.loads(gzip.decompress(response.content))["groups"]


def test_more_than_thirty_groups_are_said_to_be_more(client: Any, leader: Any) -> None:
    many(leader, 31)
    found = bundle(client)
    assert (len(found["groups"]), found["more"]) == (30, True)


def test_more_expected_ones_than_fit_end_with_a_whole_day(
    client: Any, leader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.today.MOST_EXPECTED", 100)
    many(leader)
    days = [one["day"] for one in bundle(client)["expected"]]
    assert {days.count(day) for day in days} == {30}
    assert 0 < len(days) <= 100


def test_an_unchanged_bundle_is_not_sent_again(client: Any, leader: Any) -> None:
    first = client.get(URL)
    tag = first.headers["ETag"]
    again = client.get(URL, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    log(leader)
    assert client.get(URL, headers={"If-None-Match": tag}).status_code == 200


def test_it_is_kept_by_no_shared_cache_and_is_never_anothers(leader: Any, signed_in: Any) -> None:
    """Pitfall 18: two people with the same post have two answers, with two tags."""
    mine, theirs = (signed_in(b.user("grid_member", b.HOBBY_GRID)) for _n in range(2))
    first = mine.get(URL)
    assert "private" in first.headers["Cache-Control"]
    assert "Cookie" in first.headers["Vary"]
    answer = theirs.get(URL, headers={"If-None-Match": first.headers["ETag"]})
    assert answer.status_code == 200
    assert answer.json()["author"] != first.json()["author"]


def test_only_ones_own_are_in_it(client: Any, leader: Any) -> None:
    neighbour = b.user("grid_leader", b.OTHER_GRID)
    log(neighbour, area_code=b.OTHER_HOBBY_GRID)
    assert b.OTHER_GRID not in client.get(URL).content.decode()


def test_who_left_office_still_learns_whose_phone_it_is(signed_in: Any, leader: Any) -> None:
    """S7: what waits on the phone is theirs, and is sent all the same."""
    former = b.user("grid_member", b.HOBBY_GRID, ended_on=today())
    found = bundle(signed_in(former))
    assert found["author"] == author_key(former)
    assert (found["groups"], found["sessions"], found["areas"]) == ([], [], [])


def test_nobody_who_is_not_signed_in_gets_one(client: Any) -> None:
    from django.test import Client

    assert Client().get(URL).status_code in (401, 403)


def test_it_costs_the_same_however_much_it_holds(signed_in: Any, leader: Any) -> None:
    b.appoint(b.person(), "grid_member", b.HOBBY_GRID)
    log(leader)
    Schedule.objects.create(
        area_code=b.HOBBY_GRID,
        weekdays="1234567",
        start_time=time(19, 30),
        minutes=60,
        started_on=b.BEGINNING,
    )
    assert_query_count(signed_in(leader), URL, "phone/bundle")
    Schedule.objects.all().delete()
    Session.objects.all().delete()
    many(leader)
    assert_query_count(signed_in(User.objects.get(pk=leader.pk)), URL, "phone/bundle")
