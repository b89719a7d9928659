"""How much the journal keeps: what can be asked for, and that once."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from activities.models import Session
from coverage.folding import fold
from coverage.journal.bridge import Part, bridge
from coverage.models import JournalLine
from coverage.reading import coverage_of
from coverage.recount import rebuild
from grids.models import HobbyGrid
from grids.reorganise import merge_division
from grids.writing import keep, keep_new
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM
from tests.builders import (
    GRID,
    HOBBY_GRID,
    OTHER_HOBBY_GRID,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    small_city,
    sport,
    user,
)

pytestmark = pytest.mark.django_db


def _hold(day: date) -> Session:
    session = Session(
        area_code=HOBBY_GRID,
        held_on=day,
        start_time=time(19, 30),
        minutes=60,
        participants=20,
        logged_by=user(),
    )
    keep(SYSTEM, session, "log session")
    return session


@pytest.fixture
def active_city() -> None:
    """A city whose hobby grid met yesterday."""
    small_city()
    _hold(today() - timedelta(days=1))
    rebuild()


@pytest.mark.usefixtures("active_city")
def test_a_session_of_an_active_hobby_grid_makes_one_line() -> None:
    _hold(today())
    fold()
    line = JournalLine.objects.get()
    assert (line.measure, line.rows, line.amount) == ("sessions", 1, 1)
    assert (line.participants, line.participant_minutes) == (20, 1200)


@pytest.mark.usefixtures("active_city")
@pytest.mark.parametrize(
    ("measure", "amount"), [("sessions", 0), ("participants", 5), ("participant_minutes", 300)]
)
def test_a_corrected_session_is_a_correction_of_what_was_corrected(
    measure: str, amount: int
) -> None:
    session = _hold(today() - timedelta(days=1))
    fold()
    known = JournalLine.objects.latest("recorded_at").recorded_at
    session.participants = 25
    keep(SYSTEM, session, "correct session")
    fold()
    found = bridge(VILLAGE, measure, today(), today(), then=known)
    assert {part.value: n for part, n in found.parts.items() if n} == (
        {"corrected": amount} if amount else {}
    )
    assert [line.change for part in found.parts for line in found.lines(part)] == (
        [amount] if amount else []
    )


def test_what_begins_in_days_to_come_needs_no_line() -> None:
    small_city()
    rebuild()
    plan = HobbyGrid(
        area_code=f"{GRID}77",
        name="未来队",
        sport=sport(),
        started_on=today() + timedelta(days=60),
    )
    keep_new(SYSTEM, [plan], "import")
    fold()
    assert not JournalLine.objects.exists()


@pytest.mark.usefixtures("active_city")
@pytest.mark.parametrize("area", [TOWNSHIP, VILLAGE, GRID, HOBBY_GRID])
def test_the_bridge_of_sports_ends_at_the_figure_of_the_page(area: str) -> None:
    found = bridge(area, "sports", today(), today())
    assert found.end.amount == coverage_of(area, today()).area.figures["sports"].value == 1


@pytest.mark.parametrize("days_ago", [0, 3])
def test_a_sport_that_came_with_a_village_came_by_the_reorganisation(days_ago: int) -> None:
    """Whether the change of the map lies between the days, or became known of the first one."""
    small_city()
    HobbyGrid.objects.filter(area_code=OTHER_HOBBY_GRID).update(
        sport=sport("basketball", "篮球", "basketball")
    )
    rebuild()
    first = today() if days_ago else today() - timedelta(days=1)
    known = timezone.now()
    merge_division(
        SYSTEM, OTHER_VILLAGE, VILLAGE, today() - timedelta(days=days_ago), reason="并村"
    )
    fold()

    here = bridge(TOWNSHIP, "sports", first, today(), then=known)
    there = bridge(OTHER_TOWNSHIP, "sports", first, today(), then=known)

    assert here.parts == dict.fromkeys(Part, 0) | {Part.REORGANISED: 1}
    assert there.parts == dict.fromkeys(Part, 0) | {Part.REORGANISED: -1}
