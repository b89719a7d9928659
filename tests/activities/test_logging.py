"""Logging a session, and logging it again: once is once (S3)."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import AuditEntry
from activities.actions import SessionConflict, correct_session, log_session, withdraw_session
from activities.models import Session
from jiaozuo_grid.lasting import today
from jiaozuo_grid.listeners import Fact
from tests.activities.acting import API, body, log, send, usual, values_of, yesterday
from tests.builders import (
    GRID,
    HOBBY_GRID,
    OTHER_GRID,
    OTHER_HOBBY_GRID,
    appoint,
    hobby_grid,
    small_city,
)
from tests.builders import person as new_person
from tests.builders import user as new_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader() -> Any:
    small_city()
    return new_user("grid_leader", GRID)


def test_a_session_is_stored_with_who_logged_it(leader: Any) -> None:
    values = usual(note=" 雨后 ", led_by=leader.person)

    session, created = log_session(leader, **values)

    assert created
    stored = values_of(session.pk)
    assert {name: stored[name] for name in ("area_code", "held_on", "start_time", "minutes")} == {
        name: values[name] for name in ("area_code", "held_on", "start_time", "minutes")
    }
    assert (stored["note"], stored["led_by_id"]) == ("雨后", leader.person_id)
    assert (stored["logged_by_id"], stored["version"]) == (leader.pk, 1)


def test_logging_leaves_a_line_in_the_audit_trail(leader: Any) -> None:
    session = log(leader)

    entry = AuditEntry.objects.get(object_id=str(session.pk))
    assert (entry.verb, entry.area_code, entry.actor) == ("log", HOBBY_GRID, leader)


def test_logging_announces_the_day_and_a_correction_both_days(
    leader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Fact] = []
    monkeypatch.setattr("jiaozuo_grid.listeners._listeners", [heard.extend])

    session = log(leader)
    assert heard == [Fact(HOBBY_GRID, yesterday())]

    heard.clear()
    earlier = yesterday() - timedelta(days=40)
    correct_session(leader, session, version=1, reason="日期", held_on=earlier)
    assert set(heard) == {Fact(HOBBY_GRID, yesterday()), Fact(HOBBY_GRID, earlier)}


def test_the_same_id_and_body_again_is_the_stored_session(leader: Any) -> None:
    values = usual()
    first, _ = log_session(leader, **values)

    again, created = log_session(leader, **values)

    assert (again, created) == (first, False)
    assert Session.objects.count() == 1
    assert AuditEntry.objects.filter(verb="log").count() == 1


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("held_on", yesterday() - timedelta(days=2)),
        ("start_time", time(6, 0)),
        ("minutes", 61),
        ("participants", 21),
        ("place", "东关小学"),
        ("note", "换了地方"),
    ],
)
def test_the_same_id_with_another_body_is_refused_naming_the_field(
    leader: Any, field: str, other: Any
) -> None:
    """S3: a conflict names what differs, and the first is kept."""
    values = usual()
    log_session(leader, **values)
    before = values_of(values["id"])

    with pytest.raises(SessionConflict) as refused:
        log_session(leader, **{**values, field: other})

    assert refused.value.fields == [field]
    assert values_of(values["id"]) == before


def test_another_hobby_grid_or_leader_under_the_same_id_is_a_conflict(leader: Any) -> None:
    """S3: the hobby grid and who led are a part of the body too."""
    second = hobby_grid(GRID + "02").area_code
    values = usual()
    log_session(leader, **values)

    with pytest.raises(SessionConflict) as refused:
        log_session(leader, **{**values, "area_code": second, "led_by": leader.person})

    assert refused.value.fields == ["area_code", "led_by"]


def test_space_around_texts_and_seconds_make_no_other_body(leader: Any) -> None:
    values = usual()
    log_session(leader, **values)

    again = {**values, "place": " 文化广场 ", "start_time": time(19, 30, 12)}

    assert log_session(leader, **again)[1] is False


def test_after_a_correction_the_original_body_is_still_a_resend(leader: Any) -> None:
    values = usual()
    session, _ = log_session(leader, **values)
    correct_session(leader, session, version=1, reason="数错", participants=24)

    again, created = log_session(leader, **values)

    assert (created, again.participants, again.version) == (False, 24, 2)


def test_after_a_correction_the_corrected_body_is_another_body(leader: Any) -> None:
    values = usual()
    session, _ = log_session(leader, **values)
    correct_session(leader, session, version=1, reason="数错", participants=24)

    with pytest.raises(SessionConflict) as refused:
        log_session(leader, **{**values, "participants": 24})

    assert refused.value.fields == ["participants"]


def test_a_resend_after_the_withdrawal_does_not_bring_the_session_back(leader: Any) -> None:
    values = usual()
    session, _ = log_session(leader, **values)
    withdraw_session(leader, session, version=1, reason="重复")

    again, created = log_session(leader, **values)

    assert (created, again.withdrawn_at is not None) == (False, True)


def test_the_id_of_a_session_elsewhere_tells_nothing_of_it(leader: Any, signed_in: Any) -> None:
    """P4: only that the id is taken, whatever the body says."""
    stranger = new_user("grid_leader", OTHER_GRID)
    values = body()
    log(leader, id=values["id"])

    answers = [
        send(signed_in(stranger), {**values, "area_code": OTHER_HOBBY_GRID, **other})
        for other in ({}, {"participants": "20"}, {"participants": "1", "minutes": "5"})
    ]

    assert [(a.status_code, a.json()) for a in answers] == [(409, {"fields": ["id"]})] * 3


def test_the_answers_of_the_api_are_201_then_200_with_the_same_body(
    leader: Any, signed_in: Any
) -> None:
    client, values = signed_in(leader), body()

    first, second = send(client, values), send(client, values)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert first.json()["id"] == values["id"]


def test_the_api_answers_409_with_the_fields_that_differ(leader: Any, signed_in: Any) -> None:
    """S3."""
    client, values = signed_in(leader), body()
    send(client, values)

    refused = send(client, {**values, "participants": "21", "note": "又"})

    assert (refused.status_code, refused.json()) == (409, {"fields": ["participants", "note"]})
    assert Session.objects.get().participants == 20


@pytest.mark.parametrize(
    "values",
    [[], "text", None, {"id": "x"}, {**body(), "led_by": 10**30}, {**body(), "minutes": "9" * 400}],
    ids=["a list", "a text", "nothing", "not an id", "no such person", "a huge number"],
)
def test_nonsense_is_refused_and_never_an_error_of_the_server(
    leader: Any, signed_in: Any, values: Any
) -> None:
    """A1 in the small."""
    answer = signed_in(leader).post(API, values, content_type="application/json")

    assert answer.status_code == 400


def test_somebody_out_of_sight_cannot_be_named_as_leader(leader: Any, signed_in: Any) -> None:
    """P4: a person elsewhere answers as one who does not exist."""
    client = signed_in(leader)
    stranger = new_user("grid_leader", OTHER_GRID).person

    answers = [send(client, body(led_by=key)) for key in (stranger.pk, 999_999_999)]

    assert [answer.status_code for answer in answers] == [400, 400]
    texts = [
        str(a.json()).replace(str(stranger.pk), "N").replace("999999999", "N") for a in answers
    ]
    assert texts[0] == texts[1]


def test_who_leads_a_group_out_of_reach_is_not_told(leader: Any, signed_in: Any) -> None:
    """P4: of a hobby grid elsewhere its leader answers as one who does not exist."""
    client = signed_in(leader)
    stranger = new_user("grid_leader", OTHER_GRID).person

    answers = [
        send(client, body(area_code=OTHER_HOBBY_GRID, led_by=key))
        for key in (stranger.pk, 999_999_999)
    ]

    texts = [
        str(a.json()).replace(str(stranger.pk), "N").replace("999999999", "N") for a in answers
    ]
    assert texts[0] == texts[1]


def test_a_leader_who_left_office_while_the_record_waited_can_still_be_named(
    leader: Any, signed_in: Any
) -> None:
    """Pitfall 11: a member who led, and whose post ended today."""
    member = new_person(GRID, "王小明")
    appoint(member, "grid_member", HOBBY_GRID, ended_on=today())

    answer = send(signed_in(new_user("grid_member", HOBBY_GRID)), body(led_by=member.pk))

    assert (answer.status_code, answer.json()["led_by"]) == (201, member.pk)


def test_an_id_is_made_by_the_sender(leader: Any, signed_in: Any) -> None:
    values = body()
    del values["id"]

    answer = send(signed_in(leader), values)

    assert answer.status_code == 400
    assert "id" in answer.json()


def test_two_sessions_that_follow_each_other_are_two(leader: Any) -> None:
    log(leader, start_time=time(19, 0), minutes=30)
    log(leader, start_time=time(19, 30), minutes=30, id=uuid4())

    assert Session.objects.count() == 2
