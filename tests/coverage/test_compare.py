"""Comparing areas, days and indicators: the figures of the pages, within the reader's reach."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from coverage.reading import coverage_of
from coverage.recount import rebuild
from coverage.registry import INDICATORS, MEASURES
from coverage.series import figures_on
from coverage.shown import share
from jiaozuo_grid.lasting import today
from tests.builders import (
    CITY,
    COMMUNITY,
    COUNTY,
    GRID,
    HOBBY_GRID,
    OTHER_COUNTY,
    TOWNSHIP,
    VILLAGE,
    user,
)
from tests.coverage.living_city import figure_stated, links_shown, living_city, text_of
from tests.coverage.test_pages import many_more
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db
PAGES = ["", "periods/", "lines/", "spread/", "indicators/"]


@pytest.fixture
def city() -> None:
    living_city()
    rebuild()


def plain(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html).strip()


@pytest.mark.parametrize("days", [0, 20, 75])
@pytest.mark.parametrize("restated", [False, True])
def test_several_days_read_at_once_are_what_each_day_shows(
    city: None, days: int, restated: bool
) -> None:
    """A sparkline's or a difference's figures are those of the page of that day."""
    day = today() - timedelta(days=days)
    areas = [(COUNTY, "县"), (VILLAGE, "村")]
    found = figures_on(areas, [day, today()], restated=restated)[day]
    for code, _name in areas:
        alone = coverage_of(code, day, restated=restated).area
        assert found[code].figures == alone.figures
        values = {key: ratio.value for key, ratio in found[code].ratios.items()}
        assert values == {key: ratio.value for key, ratio in alone.ratios.items()}


def test_areas_stand_side_by_side_with_their_own_figures(city: None, signed_in: Any) -> None:
    client = signed_in(user("auditor", CITY))
    response = client.get("/compare/", {"of": TOWNSHIP, "area": [VILLAGE, COMMUNITY]})
    for code in (VILLAGE, COMMUNITY):
        links = links_shown(response, f"/coverage/{code}/rows/grids/")
        assert len(links) == 1
        stated = figure_stated(client, links[0])
        assert stated == coverage_of(code, today()).area.figures["grids"].value


def test_areas_of_two_levels_are_refused_with_a_word(city: None, signed_in: Any) -> None:
    client = signed_in(user("auditor", CITY))
    response = client.get("/compare/", {"area": [COUNTY, VILLAGE]})
    assert response.status_code == 400
    assert 'data-error="choice"' in text_of(response)


def test_more_than_six_areas_are_refused(city: None, signed_in: Any) -> None:
    many_more()
    codes = [f"{TOWNSHIP}{number}" for number in range(204, 210)]
    client = signed_in(user("auditor", CITY))
    assert client.get("/compare/", {"area": codes}).status_code == 200
    assert client.get("/compare/", {"area": [*codes, VILLAGE]}).status_code == 400


@pytest.mark.parametrize("page", PAGES)
def test_what_is_out_of_reach_is_not_there(city: None, signed_in: Any, page: str) -> None:
    client = signed_in(user("county_official", COUNTY))
    assert client.get(f"/compare/{page}").status_code == 200
    for code in (CITY, OTHER_COUNTY, "410899", "4", "x", "\x00"):
        assert client.get(f"/compare/{page}", {"of": code}).status_code == 404, code


def test_a_foreign_area_among_those_chosen_is_not_there(city: None, signed_in: Any) -> None:
    client = signed_in(user("township_officer", TOWNSHIP))
    for code in (COUNTY, OTHER_COUNTY, f"{TOWNSHIP}999", HOBBY_GRID, "\x00"):
        asked = {"area": [VILLAGE, code]} if len(code) == len(VILLAGE) else {"area": code}
        assert client.get("/compare/", asked).status_code == 404, code


@pytest.mark.parametrize("page", PAGES)
def test_who_only_logs_compares_nothing(city: None, signed_in: Any, page: str) -> None:
    assert signed_in(user("grid_member", HOBBY_GRID)).get(f"/compare/{page}").status_code == 403


def test_two_days_and_their_difference_are_those_of_the_lists(city: None, signed_in: Any) -> None:
    client = signed_in(user("auditor", CITY))
    before = today() - timedelta(days=70)
    response = client.get("/compare/periods/", {"of": CITY, "before": f"{before:%Y-%m-%d}"})
    rows = re.findall(r'<tr data-key="(\w+)" data-difference="(-?\d+)"', text_of(response))
    assert {"sessions", "active_hobby_grids"} <= {key for key, _by in rows}
    for key, by in rows:
        days = [f"/coverage/{CITY}/rows/{key}/?on={day:%Y-%m-%d}" for day in (before, today())]
        was, now = (figure_stated(client, url) for url in days)
        assert was is not None
        assert now is not None
        assert now - was == int(by), key


def test_within_a_month_what_is_counted_by_the_month_is_left_out(
    city: None, signed_in: Any
) -> None:
    client = signed_in(user("auditor", CITY))
    day = f"{today():%Y-%m-%d}"
    content = text_of(client.get("/compare/periods/", {"on": day, "before": day}))
    assert 'data-key="sessions"' not in content
    assert "rows/sessions/" not in content


def test_a_day_that_cannot_be_used_is_said(city: None, signed_in: Any) -> None:
    client = signed_in(user("auditor", CITY))
    for before in ("2026-02-30", "9999-12-31", "x", "\x00", "1999-01-01"):
        response = client.get("/compare/periods/", {"before": before})
        assert response.status_code == 400, before
        assert 'data-error="choice"' in text_of(response)


def test_the_distribution_lists_each_area_with_its_place(city: None, signed_in: Any) -> None:
    client = signed_in(user("auditor", CITY))
    content = text_of(client.get("/compare/spread/", {"of": TOWNSHIP, "indicator": "led_share"}))
    places = dict(re.findall(r'data-code="(\d+)" data-place="(\w+)"', content))
    # Two grids and none: neither is enough to be judged.
    assert places == {VILLAGE: "unranked", COMMUNITY: "unknown"}


@pytest.mark.parametrize("key", list(INDICATORS))
def test_every_indicator_can_be_compared(city: None, signed_in: Any, key: str) -> None:
    client = signed_in(user("auditor", CITY))
    for page in ("lines", "spread"):
        response = client.get(f"/compare/{page}/", {"of": COUNTY, "indicator": key})
        assert response.status_code == 200
    asked = {"of": COUNTY, "x": key, "y": next(iter(INDICATORS))}
    assert client.get("/compare/indicators/", asked).status_code == 200


def test_the_lines_end_with_the_figures_of_the_day(city: None, signed_in: Any) -> None:
    client = signed_in(user("auditor", CITY))
    content = text_of(client.get("/compare/lines/", {"of": CITY, "indicator": "led_share"}))
    for code in (CITY, COUNTY):
        part = content.split(f'data-code="{code}"')[1].split("</li>")[0]
        ratio = coverage_of(code, today()).area.ratios["led_share"]
        assert share(ratio.value) in part
        assert "<polyline" in part


def test_the_lines_say_where_there_is_nothing_to_compare(city: None, signed_in: Any) -> None:
    client = signed_in(user("auditor", CITY))
    for code, own in ((VILLAGE, True), (GRID, False), (HOBBY_GRID, False)):
        content = text_of(client.get("/compare/lines/", {"of": code, "indicator": "led_share"}))
        assert (f'data-code="{code}"' in content) is own, code
        assert 'class="empty panel"' in content
        assert "/compare/lines/" not in text_of(client.get(f"/coverage/{code}/"))
    assert "/compare/lines/" in text_of(client.get(f"/coverage/{TOWNSHIP}/"))


def test_nonsense_is_taken_for_nothing(city: None, signed_in: Any) -> None:
    client = signed_in(user("auditor", CITY))
    for odd in ("", "nonsense", "\x00", "x" * 5000, next(iter(MEASURES))):
        for url in (
            "/compare/spread/?indicator=",
            "/compare/lines/?sort=",
            "/compare/indicators/?x=",
        ):
            assert client.get(url + odd).status_code == 200, (url, odd[:20])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_reads_in_both_languages_and_where_nothing_lies_below(
    city: None, signed_in: Any, page: str, language: str
) -> None:
    client = signed_in(user("auditor", CITY))
    client.cookies["django_language"] = language
    for code in (CITY, TOWNSHIP, VILLAGE, HOBBY_GRID):
        response = client.get(f"/compare/{page}", {"of": code})
        assert response.status_code == 200, code
        assert f'<html lang="{language}"' in text_of(response)


def test_comparing_costs_the_same_queries_at_two_sizes(city: None, signed_in: Any) -> None:
    """L2: no query per area, measure or day."""
    client = signed_in(user("bureau_staff", CITY))
    urls = {
        f"compare/{page.strip('/') or 'areas'}": f"/compare/{page}?of={COUNTY}" for page in PAGES
    }
    for name, url in urls.items():
        assert_query_count(client, url, name)
    many_more()
    rebuild()
    for name, url in urls.items():
        assert_query_count(client, url, name)
