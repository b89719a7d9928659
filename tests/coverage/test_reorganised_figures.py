"""Figures before, on and after a change of the map equal an independent count, in both readings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from coverage.folding import fold
from coverage.models import StockShift
from coverage.reading import coverage_of
from coverage.recount import drift, rebuild
from grids.models import Role
from grids.reorganise import merge_division
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM
from tests.builders import CITY, COUNTY, OTHER_VILLAGE, TOWNSHIP, VILLAGE, small_city, user
from tests.coverage.living_city import residents, session
from tests.coverage.reorganised import ChangingCity, differences

DAY = today() - timedelta(days=20)


class AnyReorganisations(TestCase):
    @settings(
        max_examples=6,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        # A failing seed says enough; making it smaller would take minutes.
        phases=[Phase.generate],
    )
    @given(seed=st.integers(0, 2**32), steps=st.integers(4, 18))
    def test_figures_equal_an_independent_count(self, seed: int, steps: int) -> None:
        """G1 in small: both readings, and the rows behind each figure."""
        city = ChangingCity(seed)
        rebuild()
        city.live(steps)
        assert differences(city, sample=60) == []
        assert drift() == []


@pytest.fixture
def _merged() -> None:
    small_city()
    residents(VILLAGE, population=30)
    residents(OTHER_VILLAGE, population=40)
    session(held_on=DAY - timedelta(days=1), participants=5)
    rebuild()
    merge_division(SYSTEM, VILLAGE, OTHER_VILLAGE, DAY, reason="test")
    fold()


def population(area: str, days: int, *, restated: bool = False) -> int | None:
    figures = coverage_of(area, DAY + timedelta(days=days), restated=restated).area.figures
    return figures["population"].value


@pytest.mark.django_db
@pytest.mark.usefixtures("_merged")
def test_merge_of_30_and_40_gives_70_from_the_day_on_and_restated_before_it() -> None:
    assert (population(OTHER_VILLAGE, -1), population(OTHER_VILLAGE, 0)) == (40, 70)
    assert population(OTHER_VILLAGE, -1, restated=True) == 70
    assert population(VILLAGE, -1, restated=True) is None


@pytest.mark.django_db
@pytest.mark.usefixtures("_merged")
def test_merge_conserves_the_figures_of_the_whole_city() -> None:
    """G2: both readings agree where both villages lie inside; the townships between them differ."""
    assert StockShift.objects.filter(area_code=TOWNSHIP).exists()
    for days in (-1, 0, 1):
        reported = coverage_of(CITY, DAY + timedelta(days=days)).area.figures
        restated = coverage_of(CITY, DAY + timedelta(days=days), restated=True).area.figures
        assert reported == restated


@pytest.mark.django_db
@pytest.mark.usefixtures("_merged")
def test_children_add_up_to_their_parent_on_either_map() -> None:
    for restated in (False, True):
        coverage = coverage_of(CITY, DAY - timedelta(days=1), restated=restated)
        for key in ("grids", "hobby_grids", "sessions", "population"):
            parts = [child.figures[key].value or 0 for child in coverage.children]
            assert sum(parts) == coverage.area.figures[key].value


@pytest.mark.django_db
@pytest.mark.usefixtures("_merged")
def test_moved_hobby_grid_is_not_silent_at_its_new_code() -> None:
    figures = coverage_of(OTHER_VILLAGE, DAY).area.figures
    assert (figures["active_hobby_grids"].value, figures["active_grids"].value) == (1, 1)


@pytest.mark.django_db
@pytest.mark.usefixtures("_merged")
def test_page_shows_both_readings_and_says_which(signed_in: Any) -> None:
    client = signed_in(user(Role.BUREAU_STAFF, CITY))
    day = f"{DAY - timedelta(days=1):%Y-%m-%d}"
    page = client.get(f"/coverage/{OTHER_VILLAGE}/", {"on": day, "map": "today"})
    assert "state-restated" in page.content.decode()
    assert f"/coverage/{OTHER_VILLAGE}/rows/sessions/?on={day}&amp;map=today" in (
        page.content.decode()
    )
    rows = client.get(f"/coverage/{OTHER_VILLAGE}/rows/sessions/", {"on": day, "map": "today"})
    assert "第1网格" in rows.content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("_merged")
def test_api_answers_in_both_readings(signed_in: Any) -> None:
    client = signed_in(user(Role.BUREAU_STAFF, CITY))
    day = f"{DAY - timedelta(days=1):%Y-%m-%d}"
    url = f"/api/v1/coverage/{OTHER_VILLAGE}/"
    reported = client.get(url, {"on": day}).json()
    restated = client.get(url, {"on": day, "map": "today"}).json()
    values = [answer["measures"]["population"] for answer in (reported, restated)]
    assert values == [40, 70]
    assert client.get(url, {"map": "elsewhere"}).status_code == 400


@pytest.mark.django_db
def test_without_changes_of_the_map_there_is_no_choice(signed_in: Any) -> None:
    small_city()
    rebuild()
    page = signed_in(user(Role.BUREAU_STAFF, CITY)).get(f"/coverage/{COUNTY}/")
    assert 'name="map"' not in page.content.decode()
