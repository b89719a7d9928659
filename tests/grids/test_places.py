"""Places agree with what stands at them, in whatever order it moves and ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from grids.places import settle
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM
from stations.models import Station, StationPlace
from tests.builders import BEGINNING, OTHER_VILLAGE, VILLAGE, small_city, station

pytestmark = pytest.mark.django_db
MOVED = today() - timedelta(days=5)


def moved(row: Station) -> None:
    row.area_code = OTHER_VILLAGE
    row.save()
    settle(SYSTEM, [row], on=MOVED)


def places() -> list[tuple[object, ...]]:
    rows = StationPlace.objects.order_by("started_on", "pk")
    return list(rows.values_list("area_code", "started_on", "ended_on"))


def test_what_ended_before_its_last_move_never_was_there() -> None:
    small_city()
    row = station(VILLAGE)
    moved(row)
    row.ended_on = MOVED - timedelta(days=5)
    row.save()
    settle(SYSTEM, [row])
    assert places() == [(VILLAGE, BEGINNING, row.ended_on), (OTHER_VILLAGE, MOVED, MOVED)]


def test_what_has_a_planned_end_moves_all_the_same() -> None:
    small_city()
    end = today() + timedelta(days=60)
    moved(station(VILLAGE, ended_on=end))
    assert places() == [(VILLAGE, BEGINNING, MOVED), (OTHER_VILLAGE, MOVED, end)]
