"""The lists of grids, appointments, vacancies and people: scope, filters, pages, export."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse

from grids.models import Grid, GridKind, Role
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import PAGE_SIZE
from tests import builders
from tests.builders import (
    BEGINNING,
    CITY,
    COMMUNITY,
    COUNTY,
    GRID,
    HOBBY_GRID,
    OTHER_GRID,
    OTHER_HOBBY_GRID,
    OTHER_TOWNSHIP,
    TOWNSHIP,
    VILLAGE,
    person,
    small_city,
    user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city():
    small_city()


@pytest.fixture
def county(client):
    who = user(Role.COUNTY_OFFICIAL, COUNTY)
    client.force_login(who)
    return who


def shown(client, name: str, **query) -> list[str]:
    response = client.get(reverse(name), query)
    assert response.status_code == 200
    return [row.area_code for row in response.context["page"].rows]


def exported(client, name: str, **query) -> list[dict[str, str]]:
    response = client.get(reverse(name), {**query, "format": "csv"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_list_of_grids_is_narrowed_by_its_filters(client, county):
    builders.appoint(person(), Role.GRID_LEADER, GRID)
    urban = builders.grid(COMMUNITY + "001", kind=GridKind.URBAN, name="文化一格")
    basketball = builders.sport("basketball", "篮球", "basketball")
    builders.hobby_grid(urban.area_code + "01", sport=basketball)
    assert shown(client, "grid-list") == [urban.area_code, GRID, OTHER_GRID]
    assert shown(client, "grid-list", within=VILLAGE) == [GRID]
    assert shown(client, "grid-list", kind="urban") == [urban.area_code]
    assert shown(client, "grid-list", leader="yes") == [GRID]
    assert shown(client, "grid-list", leader="no") == [urban.area_code, OTHER_GRID]
    assert shown(client, "grid-list", sport="basketball") == [urban.area_code]
    assert shown(client, "grid-list", q="文化") == [urban.area_code]


def test_ended_grids_are_shown_on_request(client, county):
    Grid.objects.filter(area_code=GRID).update(ended_on=today())
    assert GRID not in shown(client, "grid-list")
    assert shown(client, "grid-list", state="ended") == [GRID]
    assert GRID in shown(client, "grid-list", state="all")


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("grid-list", {"within": "x"}),
        ("grid-list", {"kind": "lunar"}),
        ("appointment-list", {"on": "2026-02-31"}),
    ],
)
def test_a_filter_that_is_not_understood_shows_no_rows(client, county, name, query):
    assert shown(client, name, **query) == []


@pytest.mark.parametrize("asked", ["0", "-1", "x", "٣", "99999999999999999999"])
def test_a_senseless_page_number_is_no_error(client, county, asked):
    assert client.get(reverse("grid-list"), {"page": asked}).status_code == 200


def test_long_lists_come_in_pages_without_overlap(client, county):
    for n in range(2, PAGE_SIZE + 3):
        builders.grid(f"{VILLAGE}{n:03d}")
    first = client.get(reverse("grid-list"), {"within": VILLAGE}).context["page"]
    second = client.get(reverse("grid-list") + first.next).context["page"]
    codes = [row.area_code for row in first.rows + second.rows]
    assert len(first.rows) == PAGE_SIZE
    assert codes == sorted(Grid.objects.within(VILLAGE).values_list("area_code", flat=True))
    assert "within" in second.previous
    assert second.next == ""


def test_the_export_has_exactly_the_rows_of_the_list(client, county):
    builders.appoint(person(name="周一"), Role.GRID_LEADER, GRID)
    rows = exported(client, "grid-list", within=VILLAGE, columns="all")
    assert len(rows) == 1
    assert GRID in rows[0].values()
    assert "周一" in rows[0].values()
    assert "东关村" in rows[0].values()


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", " =1"])
def test_no_cell_of_an_export_is_a_formula(client, county, start):
    Grid.objects.filter(area_code=GRID).update(name=start)
    cells = exported(client, "grid-list", within=VILLAGE)[0].values()
    assert f"'{start}" in cells


def test_lists_and_exports_stay_in_scope(client):
    client.force_login(user(Role.TOWNSHIP_OFFICER, TOWNSHIP))
    for where in (TOWNSHIP, OTHER_TOWNSHIP):
        builders.appoint(person(where), Role.GRID_MEMBER, where + "20300101")
    assert shown(client, "grid-list") == [GRID]
    assert shown(client, "grid-list", within=OTHER_TOWNSHIP) == []
    assert HOBBY_GRID in shown(client, "appointment-list")
    assert OTHER_HOBBY_GRID not in shown(client, "appointment-list")
    assert all(code.startswith(TOWNSHIP) for code in shown(client, "person-list"))
    for name in ("grid-list", "appointment-list", "person-list"):
        cells = [cell for row in exported(client, name) for cell in row.values()]
        assert not [cell for cell in cells if cell.startswith(OTHER_TOWNSHIP)]


def test_appointments_are_shown_as_of_a_day(client, county):
    builders.appoint(person(), Role.GRID_LEADER, GRID, ended_on=BEGINNING + timedelta(days=9))
    query = {"role": "grid_leader"}
    assert shown(client, "appointment-list", **query) == []
    day = BEGINNING + timedelta(days=8)
    assert shown(client, "appointment-list", on=day.isoformat(), **query) == [GRID]
    assert shown(client, "appointment-list", state="ended", **query) == [GRID]


@pytest.mark.parametrize(
    ("role", "vacant"),
    [
        ("grid_leader", [OTHER_GRID]),
        ("grid_member", [OTHER_HOBBY_GRID]),
        ("township_officer", [OTHER_TOWNSHIP]),
        ("county_official", []),
    ],
)
def test_vacancies_name_the_areas_without_the_post(client, county, role, vacant):
    builders.appoint(person(), Role.GRID_LEADER, GRID)
    builders.appoint(person(), Role.GRID_MEMBER, HOBBY_GRID)
    builders.appoint(person(), Role.TOWNSHIP_OFFICER, TOWNSHIP)
    assert shown(client, "vacancy-list", role=role) == vacant


def test_people_are_found_by_name_part_or_whole_number_only(client, county):
    who = person(VILLAGE, "吴小梅", phone="13712345678")
    for words in ("小梅", "13712345678"):
        page = client.get(reverse("person-list"), {"q": words}).context["page"]
        assert page.rows == [who]
    assert client.get(reverse("person-list"), {"q": "1371234"}).context["page"].rows == []


def test_lists_never_show_whole_numbers(client, county):
    person(VILLAGE, "吴小梅", phone="13712345678")
    assert b"13712345678" not in client.get(reverse("person-list")).content
    cells = [cell for row in exported(client, "person-list") for cell in row.values()]
    assert "13712345678" not in cells


def test_someone_living_elsewhere_is_seen_where_they_hold_a_post(client):
    client.force_login(user(Role.TOWNSHIP_OFFICER, TOWNSHIP))
    who = person(OTHER_TOWNSHIP)
    assert client.get(reverse("person", args=[who.pk])).status_code == 404
    builders.appoint(who, Role.GRID_LEADER, GRID)
    assert client.get(reverse("person", args=[who.pk])).status_code == 200


@pytest.mark.parametrize("name", ["grid-list", "appointment-list", "person-list"])
def test_an_empty_list_says_so(client, name):
    client.force_login(user(Role.BUREAU_STAFF, CITY))
    response = client.get(reverse(name), {"q": "没有这个"})
    assert b'class="empty' in response.content
