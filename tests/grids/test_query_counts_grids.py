"""Each page of grids, posts and people costs a fixed number of queries, whatever the rows (L2)."""

from __future__ import annotations

import pytest

from grids.models import Role
from tests import builders
from tests.builders import (
    CITY,
    COUNTY,
    GRID,
    HOBBY_GRID,
    TOWNSHIP,
    VILLAGE,
    division,
    person,
    small_city,
    sport,
    user,
)
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau(client):
    small_city()
    builders.appoint(person(), Role.GRID_LEADER, GRID)
    builders.appoint(person(GRID, "成员甲"), Role.GRID_MEMBER, HOBBY_GRID)
    who = user(Role.BUREAU_STAFF, CITY)
    client.force_login(who)
    return client


def grow() -> None:
    """More of everything that a page could loop over."""
    for n in range(2, 9):
        division(f"4108{80 + n}" if n not in (2, 3) else f"41089{n}")
        division(f"{COUNTY}10{n}")
        division(f"{TOWNSHIP}21{n}")
        builders.grid(f"{VILLAGE}00{n}")
        builders.hobby_grid(f"{GRID}0{n}", sport=sport(f"sport-{n}", f"项目{n}", f"sport {n}"))
        builders.hobby_grid(f"{VILLAGE}0000{n}")
        builders.appoint(person(GRID), Role.GRID_MEMBER, HOBBY_GRID)
        builders.appoint(person(GRID), Role.GRID_LEADER, f"{VILLAGE}00{n}")
        builders.appoint(person(), Role.TOWNSHIP_OFFICER, TOWNSHIP)
        builders.appoint(person(), Role.COUNTY_OFFICIAL, COUNTY)


PAGES = {
    "grids/city": f"/grids/{CITY}/",
    "grids/county": f"/grids/{COUNTY}/",
    "grids/township": f"/grids/{TOWNSHIP}/",
    "grids/village": f"/grids/{VILLAGE}/",
    "grids/grid": f"/grids/{GRID}/",
    "grids/hobby-grid": f"/grids/{HOBBY_GRID}/",
    "grids/list": "/grids/",
    "grids/list-filtered": f"/grids/?within={TOWNSHIP}&leader=yes&sport=square-dance",
    "grids/list-export": "/grids/?format=csv",
    "grids/missing-form": f"/grids/{TOWNSHIP}/missing/",
    "grids/end-form": f"/grids/{GRID}/end/",
    "grids/hobby-grid-form": f"/grids/{GRID}/hobby-grids/new/",
    "appointments/form": f"/grids/{GRID}/appoint/grid_leader/",
    "appointments/list": "/appointments/",
    "appointments/list-export": "/appointments/?format=csv",
    "appointments/vacant": "/appointments/vacant/?role=township_officer",
    "people/list": "/people/",
    "people/list-export": "/people/?format=csv",
    "api/grids": "/api/v1/grids/",
    "api/hobby-grids": "/api/v1/hobby-grids/",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_costs_the_same_with_more_rows(bureau, name):
    """L2"""
    assert_query_count(bureau, PAGES[name], name)
    grow()
    assert_query_count(bureau, PAGES[name], name)


def test_a_persons_page_costs_the_same_with_more_posts(bureau):
    """L2"""
    who = person(GRID)
    url = f"/people/{who.pk}/"
    builders.appoint(who, Role.GRID_MEMBER, HOBBY_GRID)
    assert_query_count(bureau, url, "people/person")
    for n in range(2, 6):
        builders.hobby_grid(f"{GRID}0{n}")
        builders.appoint(who, Role.GRID_MEMBER, f"{GRID}0{n}")
    assert_query_count(bureau, url, "people/person")
