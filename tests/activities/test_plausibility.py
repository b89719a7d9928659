"""What is not believed, and that the refusal names the field."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from activities.actions import correct_session, log_session, withdraw_session
from activities.models import Session
from activities.plausibility import existing
from grids.models import Grid, HobbyGrid
from jiaozuo_grid.lasting import today
from tests.activities.acting import API, FORM, body, log, send, usual, yesterday
from tests.builders import GRID, HOBBY_GRID, hobby_grid, small_city
from tests.builders import user as new_user

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 10, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = NOON.date()


@pytest.fixture
def leader() -> Any:
    small_city()
    return new_user("grid_leader", GRID)


@pytest.fixture
def noon(leader: Any) -> Any:
    """It is noon of a day in June."""
    with patch("django.utils.timezone.now", return_value=NOON):
        yield leader


def refusal(actor: Any, **values: Any) -> dict[str, list[str]]:
    """The codes of the refusal by field, and {} where the session is believed."""
    try:
        log_session(actor, **usual(**values))
    except ValidationError as error:
        return {
            field: [str(fault.code) for fault in faults]
            for field, faults in error.error_dict.items()
        }
    return {}


def doubled_by(actor: Any, **values: Any) -> str | None:
    """The id of the session that the refusal points at."""
    try:
        log_session(actor, **usual(**values))
    except ValidationError as error:
        return existing(error)
    return None


MOMENTS: list[tuple[date, time, dict[str, list[str]]]] = [
    (DAY, time(11, 0), {}),
    (DAY, time(12, 10), {}),  # the phone's clock is ten minutes ahead
    (DAY, time(12, 11), {"held_on": ["future"]}),
    (DAY, time(19, 30), {"held_on": ["future"]}),
    (DAY + timedelta(days=1), time(0, 0), {"held_on": ["future"]}),
    (DAY + timedelta(days=30), time(8, 0), {"held_on": ["future"]}),
    (date.max, time(23, 59), {"held_on": ["future"]}),
    (DAY - timedelta(days=1), time(23, 59), {}),
    (DAY - timedelta(days=364), time(8, 0), {}),
    (DAY - timedelta(days=365), time(8, 0), {"held_on": ["too_old"]}),
    (date(2023, 12, 31), time(8, 0), {"held_on": ["too_old"]}),
    (date(1, 1, 1), time(0, 0), {"held_on": ["too_old"]}),
]


@pytest.mark.parametrize(("held_on", "start", "codes"), MOMENTS)
def test_when(noon: Any, held_on: date, start: time, codes: dict[str, list[str]]) -> None:
    """S5: a phone whose clock is a year behind to a day ahead puts nothing on a wrong day."""
    assert refusal(noon, held_on=held_on, start_time=start) == codes


def test_the_first_day_of_the_figures_bounds_too(noon: Any, settings: Any) -> None:
    settings.FIGURES_BEGIN = "2026-06-01"

    assert refusal(noon, held_on=date(2026, 5, 31)) == {"held_on": ["too_old"]}
    assert refusal(noon, held_on=date(2026, 6, 1)) == {}


LENGTHS = [(1, True), (1440, True), (1441, False), (32_768, False), (0, False), (-5, False)]


@pytest.mark.parametrize(("minutes", "believed"), LENGTHS)
def test_how_long(leader: Any, minutes: int, believed: bool) -> None:
    codes = refusal(leader, minutes=minutes, held_on=yesterday() - timedelta(days=2))

    assert set(codes) == (set() if believed else {"minutes"})


@pytest.mark.parametrize(
    ("participants", "possible"),
    [(1, True), (settings.PARTICIPANTS_AT_MOST, True), (settings.PARTICIPANTS_AT_MOST + 1, False)],
)
def test_how_many(leader: Any, participants: int, possible: bool) -> None:
    """More than people live there is for the officer to look at (tests/activities/review/)."""
    Grid.objects.filter(area_code=GRID).update(population=900)

    assert refusal(leader, participants=participants) == (
        {} if possible else {"participants": ["too_many"]}
    )


@pytest.mark.parametrize(
    ("dates", "believed"),
    [
        ({"started_on": yesterday()}, True),
        ({"started_on": today()}, False),
        ({"ended_on": today()}, True),
        ({"ended_on": yesterday()}, False),
    ],
)
def test_the_hobby_grid_was_in_force_on_the_day(
    leader: Any, dates: dict[str, date], believed: bool
) -> None:
    HobbyGrid.objects.filter(area_code=HOBBY_GRID).update(**dates)

    assert refusal(leader) == ({} if believed else {"held_on": ["not_in_force"]})


def test_there_is_no_hobby_grid(leader: Any) -> None:
    assert set(refusal(leader, area_code=GRID + "77")) == {"area_code"}


OVERLAPS = [
    # (days before, start, minutes) beside one of 19:30 to 20:30
    (0, time(19, 30), 60, True),
    (0, time(18, 31), 60, True),
    (0, time(20, 29), 10, True),
    (0, time(19, 45), 5, True),
    (0, time(12, 0), 600, True),
    (0, time(18, 30), 60, False),
    (0, time(20, 30), 60, False),
    (1, time(19, 30), 60, False),
    (1, time(19, 31), 1440, True),
    (1, time(19, 30), 1440, False),
]


@pytest.mark.parametrize(("before", "start", "minutes", "doubled"), OVERLAPS)
def test_a_session_that_overlaps_another_is_a_double(
    leader: Any, before: int, start: time, minutes: int, doubled: bool
) -> None:
    """S9: no silent double."""
    first = log(leader)
    day = yesterday() - timedelta(days=before)

    found = doubled_by(leader, held_on=day, start_time=start, minutes=minutes)

    assert found == (str(first.pk) if doubled else None)


def test_another_groups_session_at_the_same_time_is_no_double(leader: Any) -> None:
    second = hobby_grid(GRID + "02").area_code
    log(leader)

    assert refusal(leader, area_code=second) == {}


def test_a_withdrawn_session_makes_room(leader: Any) -> None:
    session = log(leader)
    withdraw_session(leader, session, version=1, reason="重复")

    assert refusal(leader) == {}


def test_two_leaders_logging_the_same_are_led_together(leader: Any, signed_in: Any) -> None:
    """S9: the second is offered the session of the first, and the participants count once."""
    first = log(leader, participants=25)
    member = signed_in(new_user("grid_member", HOBBY_GRID))

    told = send(member, body(participants="26"))
    page = member.post(FORM, body(participants="26")).content.decode()

    assert (told.status_code, told.json()["existing"]) == (400, str(first.pk))
    assert f'data-stored="{first.pk}"' in page
    assert list(Session.objects.values_list("participants", flat=True)) == [25]


def test_everything_wrong_is_told_at_once(leader: Any, signed_in: Any) -> None:
    """Pitfall 22."""
    answer = send(signed_in(leader), body(held_on="2020-01-01", participants="999999", minutes="0"))
    assert set(answer.json()) == {"minutes"}
    answer = send(signed_in(leader), body(held_on="2020-01-01", participants="999999"))
    assert set(answer.json()) == {"held_on", "participants"}


def test_a_correction_is_judged_by_what_it_changes(leader: Any) -> None:
    """What was possible when it was logged does not hinder mending the note."""
    session = log(leader)
    HobbyGrid.objects.filter(area_code=HOBBY_GRID).update(ended_on=yesterday())

    kept = correct_session(leader, session, version=1, reason="补充", note="雨天")
    assert kept.note == "雨天"
    with pytest.raises(ValidationError) as refused:
        correct_session(leader, kept, version=2, reason="改", start_time=time(19, 0))
    assert set(refused.value.error_dict) == {"held_on"}


@pytest.mark.parametrize(
    "changes",
    [
        {"held_on": today() + timedelta(days=2)},
        {"minutes": 1441},
        {"participants": 10**6},
        {"participants": 0},
        {"start_time": time(8, 30)},
        {"place": "长" * 51},
        {"note": "长" * 201},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_correction_must_be_believed_like_a_log(leader: Any, changes: dict[str, Any]) -> None:
    log(leader, start_time=time(8, 0))
    session = log(leader)

    with pytest.raises(ValidationError) as refused:
        correct_session(leader, session, version=1, reason="改", **changes)

    assert set(refused.value.error_dict) == set(changes)
    session.refresh_from_db()
    assert (session.version, session.revisions.count()) == (1, 0)


def test_an_unbelievable_body_is_400_at_the_api(leader: Any, signed_in: Any) -> None:
    answer = signed_in(leader).post(API, body(minutes="1441"), content_type="application/json")

    assert (answer.status_code, set(answer.json())) == (400, {"minutes"})


def test_who_sees_it_no_more_is_not_told_which_session_stands(leader: Any, signed_in: Any) -> None:
    """Pitfall 18: as on the page and in the outbox."""
    first = log(leader)
    left = new_user("grid_member", HOBBY_GRID, ended_on=today())

    told = send(signed_in(left), body(start_time=time(19, 40)))

    assert told.status_code == 400
    assert "existing" not in told.json()
    assert str(first.pk) not in told.content.decode()
