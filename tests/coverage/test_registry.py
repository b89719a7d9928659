"""Every figure equals the rows behind it (G4), and naive counts of the demo city."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO
from itertools import groupby
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum

from coverage.cards import group_of
from coverage.folding import fold
from coverage.reading import AsOf, coverage_of
from coverage.recount import rebuild
from coverage.registry import GAPS, INDICATORS, MEASURES
from grids.models import HobbyGrid
from jiaozuo_grid.area import ancestors
from jiaozuo_grid.lasting import today
from tests.builders import (
    CITY,
    COMMUNITY,
    COUNTY,
    GRID,
    HOBBY_GRID,
    OTHER_VILLAGE,
    TOWNSHIP,
    small_city,
)
from tests.builders import VILLAGE as VILLAGE_CODE
from tests.coverage.histories import LAST, History
from tests.coverage.living_city import living_city
from tests.coverage.recount import COUNTS, Books, NaiveFigures, stored_moves

AREAS = [CITY, COUNTY, TOWNSHIP, VILLAGE_CODE, COMMUNITY, OTHER_VILLAGE, GRID, HOBBY_GRID]
DAYS = [LAST, LAST - timedelta(days=95), LAST - timedelta(days=280)]


def test_pages_show_measures_and_indicators_group_by_group() -> None:
    for keys in (MEASURES, INDICATORS):
        groups = [group for group, _keys in groupby(keys, key=group_of)]
        assert len(groups) == len(set(groups))


def rows_behind(key: str, area: str, on: date) -> int:
    measure = MEASURES[key]
    rows = measure.rows(area, on)
    if measure.amount is None:
        return rows.count()
    return int(rows.aggregate(sum=Sum(measure.amount))["sum"] or 0)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_figure_equals_its_rows_on_any_day(seed: int) -> None:
    """G4: all measures × areas × three days, after a random history."""
    small_city()
    rebuild()
    history = History(seed)
    for _step in range(60):
        history.step()
    fold()
    for on in DAYS:
        for area in AREAS:
            for key, figure in coverage_of(area, on).area.figures.items():
                counted = rows_behind(key, area, on)
                assert (figure.value or 0) == counted, (key, area, on)
                if MEASURES[key].partly_known:
                    known = MEASURES[MEASURES[key].known_by or key].rows(area, on)
                    assert figure.known == known.count(), (key, area, on)


@pytest.mark.django_db
@pytest.mark.parametrize("area", AREAS)
def test_every_gap_equals_its_named_rows(area: str) -> None:
    living_city()
    rebuild()
    for gap in coverage_of(area, today()).gaps:
        assert gap.count == GAPS[gap.key].rows(area, today()).count(), gap.key


@pytest.mark.django_db
def test_what_nobody_knows_is_missing_and_not_nothing() -> None:
    small_city()
    rebuild()
    coverage = coverage_of(CITY, today())
    assert coverage.area.figures["population"].value is None
    assert coverage.area.figures["stations"].value == 0
    assert coverage.area.ratios["stations_per_10000"].value is None


@pytest.mark.django_db
def test_a_ratio_over_a_partly_known_whole_is_missing() -> None:
    living_city()
    rebuild()
    area = coverage_of(CITY, today()).area
    assert area.figures["households"].value is not None
    assert area.figures["households"].known != area.figures["households"].of
    assert area.ratios["grid_coverage"].value is None


@pytest.mark.django_db
def test_the_children_of_a_village_are_its_grids() -> None:
    living_city()
    rebuild()
    coverage = coverage_of(VILLAGE_CODE, today())
    assert [child.area_code for child in coverage.children] == [
        GRID,
        f"{VILLAGE_CODE}002",
        f"{VILLAGE_CODE}00001",
    ]
    assert coverage.children[0].figures["led_grids"].value == 1


@pytest.mark.django_db
def test_the_trend_has_24_months_that_end_with_the_day() -> None:
    living_city()
    rebuild()
    trend = coverage_of(CITY, today()).trend
    assert len(trend) == 24
    assert trend[-1].month == today().replace(day=1)
    assert trend[-1].values["grids"] == coverage_of(CITY, today()).area.figures["grids"].value


def test_indicators_and_gaps_name_measures_that_exist() -> None:
    for indicator in INDICATORS.values():
        assert {indicator.numerator, indicator.denominator} <= MEASURES.keys()
    for gap in GAPS.values():
        assert {gap.whole, gap.part} <= MEASURES.keys()
        assert gap.indicator in INDICATORS


# Written anew in plain SQL, knowing nothing of the application's queries.
SQL = {
    "grids": "SELECT COUNT(*) FROM grids_grid WHERE area_code LIKE %(area)s AND {in_force}",
    "hobby_grids": "SELECT COUNT(*) FROM grids_hobbygrid WHERE area_code LIKE %(area)s"
    " AND {in_force}",
    "led_grids": "SELECT COUNT(*) FROM grids_grid WHERE area_code LIKE %(area)s AND {in_force}"
    " AND area_code IN (SELECT area_code FROM grids_appointment"
    " WHERE role = 'grid_leader' AND {in_force})",
    "staffed_hobby_grids": "SELECT COUNT(*) FROM grids_hobbygrid WHERE area_code LIKE %(area)s"
    " AND {in_force} AND area_code IN (SELECT area_code FROM grids_appointment"
    " WHERE role = 'grid_member' AND {in_force})",
    # One that moved keeps what it did at its former code; none of the demo city moved twice.
    "active_hobby_grids": "SELECT COUNT(*) FROM grids_hobbygrid WHERE area_code LIKE %(area)s"
    " AND {in_force} AND area_code IN ({active})",
    "active_grids": "SELECT COUNT(*) FROM grids_grid WHERE area_code LIKE %(area)s"
    " AND {in_force} AND area_code IN (SELECT SUBSTR(area_code, 1, 15) FROM ({active}) AS active)",
    "population": "SELECT SUM(population) FROM grids_residentcount WHERE area_code LIKE %(area)s"
    " AND LENGTH(area_code) = 12 AND {in_force}",
    "instructors": "SELECT COUNT(*) FROM instructors_instructorplace WHERE area_code LIKE %(area)s"
    " AND {in_force}",
    "stations": "SELECT COUNT(*) FROM stations_stationplace WHERE area_code LIKE %(area)s"
    " AND {in_force}",
    "sessions": "SELECT COUNT(*) FROM activities_session WHERE area_code LIKE %(area)s"
    " AND withdrawn_at IS NULL AND held_on >= %(month)s AND held_on < %(next)s",
    "participants": "SELECT COALESCE(SUM(participants), 0) FROM activities_session"
    " WHERE area_code LIKE %(area)s AND withdrawn_at IS NULL"
    " AND held_on >= %(month)s AND held_on < %(next)s",
}
ACTIVE = (
    "SELECT area_code FROM activities_session"
    " WHERE withdrawn_at IS NULL AND held_on > %(since)s AND held_on <= %(on)s"
    " UNION SELECT new_code FROM grids_succession JOIN activities_session ON area_code = old_code"
    " WHERE NOT undone AND LENGTH(new_code) = 17"
    " AND withdrawn_at IS NULL AND held_on > %(since)s AND held_on <= %(on)s"
)
IN_FORCE = "started_on <= %(on)s AND (ended_on IS NULL OR ended_on > %(on)s)"


def independent_count(key: str, area: str, on: date) -> Any:
    month = on.replace(day=1)
    values: dict[str, Any] = {
        "area": f"{area}%",
        "on": on,
        "since": on - timedelta(days=30),
        "month": month,
        "next": (month + timedelta(days=32)).replace(day=1),
    }
    with connection.cursor() as cursor:
        cursor.execute(SQL[key].format(in_force=IN_FORCE, active=ACTIVE), values)
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_every_figure_of_the_demo_city_equals_plain_sql_and_a_naive_count() -> None:
    """Every measure, of the city, counties, a township, a village, a grid and a hobby grid."""
    from django.core.management import call_command

    call_command("seed_demo", scale="tiny", verbosity=0, stdout=StringIO())
    naive = NaiveFigures(Books(stored_moves()))
    deepest = HobbyGrid.objects.order_by("area_code").values_list("area_code", flat=True)[0]
    for area in [CITY, "410803", *ancestors(deepest, include_self=True)[1:]]:
        for on in (today(), today() - timedelta(days=33), today() - timedelta(days=400)):
            figures = coverage_of(area, on).area.figures
            assert naive.differences(area, AsOf(on), figures) == []
            for key in SQL if len(area) <= 6 else ():
                assert figures[key].value == independent_count(key, area, on), (key, area, on)


def test_every_measure_has_a_naive_count() -> None:
    """A new measure needs one in tests/coverage/recount, or nothing checks its figure."""
    assert COUNTS.keys() == MEASURES.keys()
