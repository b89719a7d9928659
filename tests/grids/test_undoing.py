"""Undoing what was written together never takes away what others entered since."""

from __future__ import annotations

from datetime import time
from uuid import uuid4

import pytest

from accounts.audit import in_batch
from grids.actions import establish_grid
from grids.models import Grid, Role
from grids.undoing import Changed, undo_batch
from grids.writing import keep
from jiaozuo_grid.reach import SYSTEM
from stations.models import OpeningHours, Station
from tests.builders import VILLAGE, appoint, person, small_city

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _city() -> None:
    small_city()


def test_what_was_created_is_removed() -> None:
    batch = uuid4()
    with in_batch(batch):
        grid = establish_grid(SYSTEM, VILLAGE)
    assert undo_batch(SYSTEM, batch) == 1
    assert not Grid.objects.filter(pk=grid.pk).exists()


def test_a_grid_with_a_leader_appointed_since_stays() -> None:
    batch = uuid4()
    with in_batch(batch):
        grid = establish_grid(SYSTEM, VILLAGE)
    appoint(person(name="新网格长"), Role.GRID_LEADER, grid.area_code)
    with pytest.raises(Changed, match="新网格长"):
        undo_batch(SYSTEM, batch)
    assert Grid.objects.filter(pk=grid.pk).exists()


def test_a_station_whose_hours_were_set_since_stays() -> None:
    batch = uuid4()
    with in_batch(batch):
        station = keep(SYSTEM, Station(name="东关站", area_code=VILLAGE), "enter station")
    OpeningHours.objects.create(
        station=station,
        area_code=VILLAGE,
        weekdays="1",
        opens_at=time(6),
        closes_at=time(8),
    )
    with pytest.raises(Changed):
        undo_batch(SYSTEM, batch)
    assert OpeningHours.objects.exists()
