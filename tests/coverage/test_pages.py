"""The coverage page: the same figures as the API, no figure for what is not known, no surprises."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from coverage.cards import group_of
from coverage.recount import rebuild
from coverage.registry import GAPS, INDICATORS, MEASURES
from coverage.registry.kinds import GROUP_NAMES
from grids.models import ResidentCount
from jiaozuo_grid.lasting import today
from tests.builders import (
    CITY,
    COMMUNITY,
    COUNTY,
    GRID,
    HOBBY_GRID,
    OTHER_COUNTY,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    division,
    grid,
    hobby_grid,
    small_city,
    user,
)
from tests.coverage.living_city import (
    links_shown,
    living_city,
    measures_shown,
    residents,
    session,
    text_of,
)
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db

AREAS = [CITY, COUNTY, TOWNSHIP, VILLAGE, COMMUNITY, OTHER_VILLAGE, OTHER_COUNTY, GRID, HOBBY_GRID]


@pytest.fixture
def city() -> None:
    living_city()
    rebuild()


def page(client: Any, code: str, **asked: str) -> Any:
    return client.get(reverse("coverage", args=[code]), asked)


def test_page_shows_the_figures_of_the_api(city: None, signed_in: Any) -> None:
    client = signed_in(user("auditor", CITY))
    for code, days in product(AREAS, (0, 15, 60)):
        on = f"{today() - timedelta(days=days):%Y-%m-%d}"
        answer = client.get(f"/api/v1/coverage/{code}/", {"on": on}).json()
        assert measures_shown(page(client, code, on=on)) == answer["measures"]


def test_page_without_a_day_is_the_page_of_today(city: None, signed_in: Any) -> None:
    client = signed_in(user("auditor", CITY))
    dated = page(client, CITY, on=f"{today():%Y-%m-%d}")
    assert measures_shown(page(client, CITY)) == measures_shown(dated)


def test_what_is_not_known_reads_no_data_and_never_nought(city: None, signed_in: Any) -> None:
    client = signed_in(user("auditor", CITY))
    response = page(client, OTHER_VILLAGE)
    shown = measures_shown(response)
    assert shown["households"] is None
    assert shown["required_grids"] is None
    tile = re.search(r'data-measure="households".*?</div>', text_of(response), re.S)
    assert tile is not None
    assert "data-unknown" in tile[0]
    assert "href" not in tile[0]


def test_a_sum_says_in_how_many_villages_it_is_known(city: None, signed_in: Any) -> None:
    response = page(signed_in(user("auditor", CITY)), CITY)
    tile = re.search(r'data-measure="population".*?</div>', text_of(response), re.S)
    assert tile is not None
    assert "known-in" in tile[0]


def test_an_indicator_says_its_state_in_words_and_shape(city: None, signed_in: Any) -> None:
    content = text_of(page(signed_in(user("auditor", CITY)), CITY))
    states = re.findall(r'data-indicator="(\w+)" data-state="(\w+)"', content)
    in_groups = [key for group in GROUP_NAMES for key in INDICATORS if group_of(key) is group]
    assert [key for key, _state in states] == in_groups
    assert sorted(in_groups) == sorted(INDICATORS)
    for _key, state in states:
        assert f"sign-{state}" in content
        assert f"state-tag state-{state}" in content


def test_what_needs_doing_comes_before_figures_and_detail(city: None, signed_in: Any) -> None:
    content = text_of(page(signed_in(user("auditor", CITY)), CITY))
    places = [content.index(f'id="{part}"') for part in ("gaps", "cards", "children")]
    assert places == sorted(places)


def test_township_and_village_read_names(city: None, signed_in: Any) -> None:
    client = signed_in(user("auditor", CITY))
    assert "todo-names" in text_of(page(client, TOWNSHIP))
    assert "todo-names" in text_of(page(client, VILLAGE))
    assert "todo-names" not in text_of(page(client, COUNTY))


def test_township_and_village_compare_counts_and_others_shares(city: None, signed_in: Any) -> None:
    client = signed_in(user("auditor", CITY))

    def led(code: str, child: str) -> str:
        row = text_of(page(client, code)).split(f'<tr data-code="{child}"')[1].split("</tr>")[0]
        cell = row.split('data-key="led_share">')[1].split("</td>")[0]
        return re.sub(r"<[^>]+>", "", cell)

    assert led(TOWNSHIP, VILLAGE).endswith("1 / 2")
    assert led(CITY, COUNTY).endswith("33.3%")


def test_one_goes_down_to_the_grid_by_clicking(city: None, signed_in: Any) -> None:
    client = signed_in(user("bureau_staff", CITY))
    for code, below in [(CITY, COUNTY), (COUNTY, TOWNSHIP), (TOWNSHIP, VILLAGE), (VILLAGE, GRID)]:
        down = links_shown(page(client, code), f"/coverage/{below}/?")
        assert down, (code, below)
        assert client.get(down[0]).status_code == 200


def test_the_way_up_is_linked_as_far_as_the_reach(city: None, signed_in: Any) -> None:
    client = signed_in(user("township_officer", TOWNSHIP))
    response = page(client, VILLAGE)
    crumbs = text_of(response).split('class="crumbs"')[1].split("</nav>")[0]
    assert f"/coverage/{TOWNSHIP}/" in crumbs
    assert f"/coverage/{COUNTY}/" not in crumbs
    assert f"/coverage/{CITY}/" not in crumbs


@pytest.mark.parametrize(
    "path",
    ["", "live/", "rows/grids/", "gaps/{gap}/"],
)
def test_out_of_reach_and_not_there_are_the_same(city: None, signed_in: Any, path: str) -> None:
    path = path.format(gap=next(iter(GAPS)))
    client = signed_in(user("county_official", COUNTY))
    assert client.get(f"/coverage/{COUNTY}/{path}").status_code == 200
    for code in (CITY, OTHER_COUNTY, "410899", "41088", "abc", "4108820019", COUNTY + "０"):
        assert client.get(f"/coverage/{code}/{path}").status_code == 404, code


def test_who_only_logs_sees_no_coverage(city: None, signed_in: Any) -> None:
    client = signed_in(user("grid_member", HOBBY_GRID))
    assert page(client, HOBBY_GRID).status_code == 404


def test_an_ended_post_opens_nothing(city: None, signed_in: Any) -> None:
    official = user("county_official", COUNTY, ended_on=today())
    assert page(signed_in(official), COUNTY).status_code == 404


def test_anonymous_is_sent_to_sign_in(city: None, client: Any) -> None:
    for url in (f"/coverage/{CITY}/", "/coverage/definitions/", f"/coverage/{CITY}/live/"):
        response = client.get(url)
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("sign-in"))


ODD_DAYS = [
    "2026-02-30",
    "20260101",
    "yesterday",
    "0001-01-01",
    "2023-12-31",
    "9999-12-31",
    "10000-01-01",
    "2026-01-01T00:00",
    "\x00",
    "-1",
    "' OR 1=1",
    "٢٠٢٦-٠١-٠١x",
]


def test_a_day_that_cannot_be_used_is_said_at_the_field(city: None, signed_in: Any) -> None:
    client = signed_in(user("auditor", CITY))
    gap = next(iter(GAPS))
    for on in ODD_DAYS:
        for path in ("", "rows/sessions/", f"gaps/{gap}/"):
            response = client.get(f"/coverage/{COUNTY}/{path}", {"on": on})
            assert response.status_code == 400, (on, path)
            assert 'data-error="on"' in text_of(response)
        assert client.get(f"/coverage/{COUNTY}/live/", {"on": on}).status_code == 400, on


ODD_SORTS = ["", "-", "--", "nonsense", "-nonsense", "\x00", "name;drop", "x" * 5000]


def test_a_sort_that_does_not_exist_is_none(city: None, signed_in: Any) -> None:
    client = signed_in(user("auditor", CITY))
    for sort in ODD_SORTS:
        response = page(client, TOWNSHIP, sort=sort)
        assert response.status_code == 200, sort
        assert children(response) == sorted(children(response)), sort


def children(response: Any) -> list[str]:
    table = text_of(response).split('id="children"')[1].split("</tbody>")[0]
    return re.findall(r'<tr data-code="(\d+)"', table)


def test_the_table_sorts_by_a_column_and_keeps_unknown_last(city: None, signed_in: Any) -> None:
    client = signed_in(user("auditor", CITY))
    assert children(page(client, TOWNSHIP, sort="population")) == [VILLAGE, COMMUNITY]
    assert children(page(client, TOWNSHIP, sort="-population")) == [COMMUNITY, VILLAGE]
    ResidentCount.objects.filter(area_code=VILLAGE).delete()
    rebuild()
    for sort in ("population", "-population"):
        assert children(page(client, TOWNSHIP, sort=sort)) == [COMMUNITY, VILLAGE]


def test_sorted_column_is_announced(city: None, signed_in: Any) -> None:
    content = text_of(page(signed_in(user("auditor", CITY)), COUNTY, sort="-grids"))
    assert content.count('aria-sort="descending"') == 1


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_reads_in_both_languages(city: None, signed_in: Any, language: str) -> None:
    client = signed_in(user("auditor", CITY))
    client.cookies["django_language"] = language
    urls = [f"/coverage/{code}/" for code in AREAS]
    urls += [f"/coverage/{COUNTY}/rows/{key}/" for key in MEASURES]
    urls += [f"/coverage/{COUNTY}/gaps/{key}/" for key in GAPS]
    for url in [*urls, "/coverage/definitions/"]:
        response = client.get(url)
        assert response.status_code == 200, url
        assert f'<html lang="{language}"' in text_of(response)


def test_definitions_list_the_whole_registry(signed_in: Any) -> None:
    content = text_of(signed_in(user("grid_member", HOBBY_GRID)).get("/coverage/definitions/"))
    listed = re.findall(r'data-definition="(\w+)"', content)
    assert listed == [*INDICATORS, *MEASURES, *GAPS]
    with translation.override("zh-hans"):
        assert str(MEASURES["grids"].name) in content


def test_a_city_without_anything_shows_pages_without_figures(signed_in: Any) -> None:
    small_city()
    ended = user("bureau_staff", CITY)
    for code in AREAS[:6]:
        response = page(signed_in(ended), code)
        assert response.status_code == 200
        assert "data-unknown" in text_of(response)


def many_more() -> None:
    """More children, more grids without a leader, more sessions of more hobby grids."""
    logged_by = user()
    for number in range(204, 210):
        village = f"{TOWNSHIP}{number}"
        division(village)
        residents(village, population=900)
        for code in (f"{village}001", f"{village}002"):
            grid(code)
            hobby_grid(f"{code}01")
            session(f"{code}01", logged_by=logged_by)
    for number in range(3, 7):
        division(f"{COUNTY}{number:03d}")


def test_page_costs_the_same_queries_at_two_sizes(city: None, signed_in: Any) -> None:
    """L2: no query per child, per gap row or per session."""
    client = signed_in(user("bureau_staff", CITY))
    urls = {
        "coverage/county": f"/coverage/{COUNTY}/",
        "coverage/township": f"/coverage/{TOWNSHIP}/",
        "coverage/live": f"/coverage/{COUNTY}/live/",
        "coverage/rows-grids": f"/coverage/{COUNTY}/rows/grids/",
        "coverage/rows-sessions": f"/coverage/{COUNTY}/rows/sessions/",
        "coverage/gap": f"/coverage/{COUNTY}/gaps/grids_without_leader/",
    }
    for name, url in urls.items():
        assert_query_count(client, url, name)
    many_more()
    rebuild()
    for name, url in urls.items():
        assert_query_count(client, url, name)
