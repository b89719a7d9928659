"""Reorganising where something ended before: what belongs to it stays with it."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest

from activities.actions import set_schedule
from activities.models import CalledOff, Schedule
from grids.actions import end_hobby_grid
from grids.models import HobbyGrid, Role
from grids.reorganise import merge_division, merge_grid
from jiaozuo_grid.lasting import today
from tests.builders import (
    CITY,
    GRID,
    HOBBY_GRID,
    OTHER_GRID,
    OTHER_VILLAGE,
    VILLAGE,
    small_city,
    user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau() -> Any:
    """Of a hobby grid that had a schedule and called a meeting off, and then ended."""
    small_city()
    actor = user(Role.BUREAU_STAFF, CITY)
    leader = user(Role.GRID_LEADER, GRID)
    set_schedule(leader, HOBBY_GRID, weekdays="135", start_time=time(19), minutes=60)
    CalledOff.objects.create(
        area_code=HOBBY_GRID,
        held_on=today() + timedelta(days=7),
        start_time=time(19),
        reason="weather",
        logged_by=leader,
    )
    end_hobby_grid(actor, HobbyGrid.objects.get(area_code=HOBBY_GRID), today())
    return actor


@pytest.mark.parametrize(
    ("change", "source", "target"),
    [(merge_division, VILLAGE, OTHER_VILLAGE), (merge_grid, GRID, OTHER_GRID)],
    ids=["village", "grid"],
)
def test_schedule_of_a_hobby_grid_that_ended_stays_with_it(
    bureau: Any, change: Any, source: str, target: str
) -> None:
    change(bureau, source, target, today(), reason="焦政文〔2026〕12号")
    assert Schedule.objects.get().area_code == HOBBY_GRID
    assert CalledOff.objects.get().area_code == HOBBY_GRID
