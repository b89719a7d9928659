"""Each page of organisations, handing over and duplicates costs a fixed number of queries (L2)."""

from __future__ import annotations

from datetime import date

import pytest

from grids.duplicates import find_duplicates
from grids.models import DuplicatePair, Organisation, Role
from jiaozuo_grid.lasting import today
from stations.models import StationPost
from tests import builders as b
from tests.builders import CITY, GRID, HOBBY_GRID, TOWNSHIP, VILLAGE
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db
PAGES = {
    "organisations/list": "/organisations/",
    "organisations/list-export": "/organisations/?format=csv",
    "organisations/list-filtered": f"/organisations/?within={TOWNSHIP}&officers=over&sport=yoga",
    "organisations/terms": "/organisations/terms/?due=all",
    "organisations/form": f"/organisations/new/?at={VILLAGE}",
    "people/duplicates": "/people/duplicates/",
    "people/form": "/people/new/",
}


@pytest.fixture
def bureau(client):
    b.small_city()
    b.sport("yoga", "瑜伽", "yoga")
    client.force_login(b.user(Role.BUREAU_STAFF, CITY))
    return client


def grow(count: int, start: int) -> None:
    for n in range(start, start + count):
        row = b.organisation(VILLAGE, "club", name=f"俱乐部{n}")
        b.officer(row, b.person(), term_ends_on=today())
        for _twice in range(2):
            b.person(VILLAGE, f"王{n}", born_on=date(1980, 1, 1))
    find_duplicates()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_costs_the_same_with_more_rows(bureau, name):
    """L2"""
    grow(2, 0)
    assert_query_count(bureau, PAGES[name], name)
    grow(8, 2)
    assert_query_count(bureau, PAGES[name], name)


def test_an_organisations_page_costs_the_same_with_more_officers(bureau):
    """L2"""
    grow(1, 0)
    row = Organisation.objects.get()
    url = f"/organisations/{row.pk}/"
    assert_query_count(bureau, url, "organisations/page")
    for _n in range(5):
        b.officer(row, b.person(), "officer")
    assert_query_count(bureau, url, "organisations/page")


def test_comparing_two_entries_costs_the_same_whatever_they_have(bureau):
    """L2"""
    grow(1, 0)
    pair = DuplicatePair.objects.get()
    url = f"/people/duplicates/{pair.pk}/"
    b.appoint(pair.first, Role.GRID_MEMBER, HOBBY_GRID)
    assert_query_count(bureau, url, "people/duplicate")
    for n in range(2, 6):
        b.hobby_grid(f"{GRID}0{n}")
        b.appoint(pair.second, Role.GRID_MEMBER, f"{GRID}0{n}")
    assert_query_count(bureau, url, "people/duplicate")


@pytest.mark.parametrize("page", ["handover", "leaving"])
def test_handing_over_costs_the_same_with_more_in_the_hand(bureau, page):
    """L2"""
    who = b.person(GRID)
    url, name = f"/people/{who.pk}/{page}/", f"people/{page}"
    for n in range(2, 4):
        _fill(who, n)
    assert_query_count(bureau, url, name)
    for n in range(4, 9):
        _fill(who, n)
    assert_query_count(bureau, url, name)


def _fill(who, n: int) -> None:
    b.grid(f"{VILLAGE}00{n}")
    b.appoint(who, Role.GRID_LEADER, f"{VILLAGE}00{n}")
    b.hobby_grid(f"{GRID}0{n}")
    b.appoint(who, Role.GRID_MEMBER, f"{GRID}0{n}")
    b.officer(b.organisation(VILLAGE, "club", name=f"俱乐部{n}"), who)
    StationPost.objects.create(
        area_code=VILLAGE, station=b.station(), person=who, station_role="responsible"
    )
