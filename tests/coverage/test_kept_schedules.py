"""What became of scheduled meetings: the tallies say the same as each hobby grid's own sheet."""

from __future__ import annotations

from collections import Counter
from datetime import date, time, timedelta
from typing import Any

import pytest

from activities.expected import State, expected
from activities.models import Schedule
from coverage.folding import fold
from coverage.models import FlowTally, FoldState
from coverage.reading import coverage_of
from coverage.recount import drift, rebuild
from coverage.registry import GAPS
from grids.models import HobbyGrid
from grids.reorganise import move_hobby_grid
from grids.writing import keep
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM
from tests.builders import CITY, GRID, HOBBY_GRID, OTHER_GRID, VILLAGE, small_city
from tests.coverage.histories import History
from tests.coverage.living_city import session

STATES = {
    State.DONE: "kept_meetings",
    State.CALLED_OFF: "called_off_meetings",
}


def schedule(code: str = HOBBY_GRID, days: int = 60, **fields: Any) -> Schedule:
    row = Schedule(
        area_code=code,
        **{
            "weekdays": "1234567",
            "start_time": time(19),
            "minutes": 60,
            "holidays": "meets",
            "started_on": today() - timedelta(days=days),
            **fields,
        },
    )
    return keep(SYSTEM, row, "set schedule")


def by_sheet(hobby_grid: HobbyGrid) -> dict[date, Counter[str]]:
    """Counted from the sheet that the leader sees, meeting by meeting."""
    found: dict[date, Counter[str]] = {}
    until = today() - timedelta(days=1)
    for one in expected([hobby_grid], hobby_grid.started_on, until):
        month = found.setdefault(one.meeting.day.replace(day=1), Counter())
        month["expected_meetings"] += 1
        if one.state in STATES:
            month[STATES[one.state]] += 1
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [4, 5])
def test_months_of_a_hobby_grid_are_those_of_its_sheet(seed: int) -> None:
    small_city()
    rebuild()
    history = History(seed)
    doings = (history.schedule, history.schedule, history.call_off, history.log, history.end)
    for _step in range(40):
        history.rng.choice(doings)()
    fold()
    for hobby_grid in HobbyGrid.objects.all():
        sheet = by_sheet(hobby_grid)
        months = FlowTally.objects.filter(area_code=hobby_grid.area_code, expected_meetings__gt=0)
        told = {
            row.month: Counter(
                {
                    name: getattr(row, name)
                    for name in ("expected_meetings", *STATES.values())
                    if getattr(row, name)
                }
            )
            for row in months
        }
        assert told == sheet


@pytest.mark.django_db
def test_meetings_become_due_as_days_go_by(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written, yet tomorrow one more meeting is expected; and the clock may go back."""
    small_city()
    rebuild()
    schedule()
    figures = []
    for days in (0, 1, 3, 0):
        day = today() + timedelta(days=days)
        monkeypatch.setattr("coverage.clock.today", lambda day=day: day)
        fold()
        rows = FlowTally.objects.filter(area_code=CITY).values_list("expected_meetings", flat=True)
        figures.append(sum(rows))
        assert FoldState.objects.get().days_until == day
    assert figures == [60, 61, 63, 60]


@pytest.mark.django_db
def test_a_hobby_grid_with_a_meeting_of_which_nothing_is_known_is_named() -> None:
    small_city()
    rebuild()
    schedule(days=1)
    fold()
    day = today() - timedelta(days=1)
    gap = GAPS["meetings_without_record"]
    assert [row.area_code for row in gap.rows(VILLAGE, day)] == [HOBBY_GRID]
    session(held_on=day)
    rebuild()
    assert not gap.rows(VILLAGE, day)
    assert coverage_of(CITY, day).area.ratios["kept_share"].value == 1.0


@pytest.mark.django_db
def test_a_schedule_that_moved_leaves_the_past_where_it_was() -> None:
    """A move takes the schedule to the new code; what was expected before stays expected."""
    small_city()
    rebuild()
    schedule(days=30)
    fold()
    before = coverage_of(CITY, today() - timedelta(days=20)).area.figures["expected_meetings"]
    move_hobby_grid(SYSTEM, HOBBY_GRID, OTHER_GRID, today() - timedelta(days=3), reason="test")
    fold()
    after = coverage_of(CITY, today() - timedelta(days=20)).area.figures["expected_meetings"]
    assert (after, drift()) == (before, [])
    assert FlowTally.objects.get(
        area_code=GRID, month=(today() - timedelta(days=20)).replace(day=1)
    ).expected_meetings
