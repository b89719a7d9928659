"""Stations near villages: paired anew where something changed, without reading the whole city."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coverage.models import NearStation
from coverage.near import MOST_BOXES, all_near, refresh_near
from grids.models import Division
from stations.models import Station
from tests.builders import COMMUNITY, OTHER_VILLAGE, VILLAGE, small_city, station

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _city() -> None:
    small_city()
    for number, code in enumerate((VILLAGE, OTHER_VILLAGE, COMMUNITY)):
        Division.objects.filter(area_code=code).update(longitude=113.2 + number, latitude=35.2)
        station(code, longitude=113.201 + number, latitude=35.201)


def pairs() -> set[tuple[str, int, int]]:
    return set(NearStation.objects.values_list("village_code", "station_key", "metres"))


def counted_anew() -> set[tuple[str, int, int]]:
    return {(row.village_code, row.station_key, row.metres) for row in all_near()}


def plan_of(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return "\n".join(row[3] for row in cursor.fetchall())


def test_a_village_is_paired_through_a_box_around_it() -> None:
    refresh_near([VILLAGE])
    with CaptureQueriesContext(connection) as captured:
        refresh_near([VILLAGE])
    sqls = [query["sql"] for query in captured.captured_queries]
    points = [sql for sql in sqls if '"longitude" IS NOT NULL' in sql]
    boxed = [sql for sql in points if '"latitude" >=' in sql and '"longitude" <=' in sql]
    keyed = [sql for sql in points if '"id" IN' in sql or '"area_code" IN' in sql]
    assert (len(points), len(boxed), len(keyed)) == (4, 2, 2)
    # PostgreSQL reads a table of three rows whole, whatever its indexes.
    if connection.vendor == "sqlite":
        assert all("_by_point" in plan_of(sql) for sql in boxed)


def test_what_was_brought_up_is_what_all_counted_anew_would_be() -> None:
    codes = [VILLAGE, OTHER_VILLAGE, COMMUNITY]
    assert refresh_near(codes) == set(codes)
    assert pairs() == counted_anew()
    moved = Station.objects.filter(area_code=VILLAGE)
    moved.update(longitude=114.2005, latitude=35.2)
    assert refresh_near([VILLAGE]) == {VILLAGE, OTHER_VILLAGE}
    assert pairs() == counted_anew()
    assert len(pairs()) == 3


def test_a_whole_county_at_once_is_paired_in_one_box() -> None:
    places = [
        station(VILLAGE, longitude=113.2 + n * 0.03, latitude=35.2) for n in range(MOST_BOXES + 5)
    ]
    refresh_near([VILLAGE, OTHER_VILLAGE, COMMUNITY])
    assert len(places) > MOST_BOXES
    assert pairs() == counted_anew()
