"""Lists: order, chosen columns, filters in the address, pages; all by plain HTTP."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import time, timedelta
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from accounts.models import User
from activities.models import Session
from grids.models import Grid, GridKind, Role
from jiaozuo_grid.pages import PAGE_SIZE
from tests import builders as b
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db

LISTS = ("grid-list", "appointment-list", "vacancy-list", "person-list", "session-list")
# Columns that the page shows with more than their value.
ADORNED = {"posts", "post"}


@pytest.fixture
def client(signed_in: Any) -> Client:
    b.small_city()
    return signed_in(b.user(Role.BUREAU_STAFF, b.CITY))


def get(client: Client, name: str, query: str = "") -> Any:
    response = client.get(reverse(name) + query)
    assert response.status_code == 200
    return response


def keys(response: Any) -> list[Any]:
    return [row.pk for row in response.context["page"].rows]


def names(response: Any) -> list[str]:
    return [head.column.name for head in response.context["table"].heads]


def seen(response: Any) -> list[list[str]]:
    """The rows of the table as a reader sees them, without marks of screen readers."""
    body = (
        response.text.split("<tbody>")[-1].split("</tbody>")[0]
        if "<tbody>" in response.text
        else ""
    )
    return [
        [_text(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL)]
        for line in re.findall(r"<tr[^>]*>(.*?)</tr>", body, re.DOTALL)
    ]


def _text(cell: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", cell)).strip()


def exported(client: Client, name: str, query: str = "?") -> list[list[str]]:
    response = client.get(f"{reverse(name)}{query}&format=csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(text)))


def workbook(client: Client, name: str, query: str = "?") -> list[list[Any]]:
    response = client.get(f"{reverse(name)}{query}&format=xlsx")
    file = io.BytesIO(b"".join(response.streaming_content))  # type: ignore[attr-defined]
    sheet: Any = load_workbook(file).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_a_list_is_sorted_up_and_down_by_what_it_declares(client: Client) -> None:
    Grid.objects.filter(area_code=b.GRID).update(name="乙", households=300)
    Grid.objects.filter(area_code=b.OTHER_GRID).update(name="甲", households=200)
    one, other = (Grid.objects.get(area_code=code).pk for code in (b.GRID, b.OTHER_GRID))
    assert keys(get(client, "grid-list", "?sort=code")) == [one, other]
    assert keys(get(client, "grid-list", "?sort=-code")) == [other, one]
    assert keys(get(client, "grid-list", "?sort=households")) == [other, one]
    assert keys(get(client, "grid-list", "?sort=-households")) == [one, other]


def test_what_is_not_known_comes_last_both_ways(client: Client) -> None:
    Grid.objects.filter(area_code=b.GRID).update(households=300)
    known = Grid.objects.get(area_code=b.GRID).pk
    for query in ("?sort=households", "?sort=-households"):
        assert keys(get(client, "grid-list", query))[0] == known


def test_rows_that_are_equal_keep_one_order_over_the_pages(client: Client) -> None:
    for n in range(2, PAGE_SIZE + 10):
        b.grid(f"{b.VILLAGE}{n:03d}", name="同名")
    for sort in ("name", "-name"):
        first = get(client, "grid-list", f"?sort={sort}")
        second = get(client, "grid-list", first.context["page"].next)
        both = keys(first) + keys(second)
        assert len(both) == len(set(both)) == Grid.objects.count()


def test_the_head_says_how_it_is_sorted_and_leads_to_the_other_way(client: Client) -> None:
    text = get(client, "grid-list", "?sort=name&kind=rural").text
    assert 'aria-sort="ascending"' in text
    assert 'href="?kind=rural&amp;sort=-name"' in text
    assert 'aria-sort="descending"' in get(client, "grid-list", "?sort=-name").text
    assert "aria-sort" not in get(client, "grid-list").text


@pytest.mark.parametrize("name", ["person-list", "appointment-list"])
def test_people_are_never_sorted_by_what_they_did(client: Client, name: str) -> None:
    allowed = {"name", "code", "post", "started_on", "ended_on"}
    assert {
        value.lstrip("-") for value, *_ in get(client, name).context["address"].sorts()
    } <= allowed


def test_columns_are_chosen_in_the_address_and_the_first_stays(client: Client) -> None:
    assert names(get(client, "grid-list", "?columns=population,code")) == [
        "name",
        "code",
        "population",
    ]
    assert names(get(client, "grid-list", "?columns=name&columns=kind")) == ["name", "kind"]
    assert "population" in names(get(client, "grid-list", "?columns=all"))
    assert "population" not in names(get(client, "grid-list"))


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    "query",
    [
        "?sort=nothing",
        "?sort=-",
        "?sort=password",
        "?sort=%00",
        "?columns=nothing",
        "?columns=,,,",
        "?columns=%00",
        "?view=999",
        "?view=x",
        "?view=٣",
        "?unknown=1&page=x",
        "?format=exe",
        "?q=%00",
        "?within=%27",
    ],
)
def test_what_an_address_says_in_vain_is_no_error(client: Client, name: str, query: str) -> None:
    assert client.get(reverse(name) + query).status_code == 200


def test_unknown_columns_and_order_leave_the_usual_ones(client: Client) -> None:
    usual = get(client, "grid-list")
    odd = get(client, "grid-list", "?sort=leader&columns=nothing")
    assert (names(odd), keys(odd)) == (names(usual), keys(usual))


def test_each_filter_in_use_is_shown_and_can_be_let_go_of(client: Client) -> None:
    response = get(client, "grid-list", f"?within={b.VILLAGE}&kind=rural&sort=name&leader=")
    chips = response.context["address"].chips()
    assert [str(chip.text).strip() for chip in chips] == ["东关村", "农村"] or len(chips) == 2
    assert parse_qsl(chips[0].url[1:]) == [("kind", "rural"), ("sort", "name")]
    assert html.escape(chips[0].url) in response.text


def test_a_changed_filter_keeps_order_and_columns(client: Client) -> None:
    text = get(client, "grid-list", "?sort=-name&columns=name,kind").text
    form = text.split('role="search"')[1].split("</form>")[0]
    assert '<input type="hidden" name="sort" value="-name">' in form
    assert '<input type="hidden" name="columns" value="name,kind">' in form


def test_the_list_of_a_page_is_one_part_that_can_be_swapped(client: Client) -> None:
    text = get(client, "grid-list").text
    assert 'hx-select="#list"' in text
    assert text.count('id="list"') == 1


def test_no_row_of_the_page_is_hidden_from_who_has_no_script(client: Client) -> None:
    text = get(client, "appointment-list").text
    assert '<button class="btn btn-primary" type="submit">' in text
    assert 'name="row"' in text
    assert 'name="columns"' in text


def some_grids() -> None:
    for n in range(2, 40):
        kind = GridKind.URBAN if n % 3 else GridKind.RURAL
        b.grid(
            f"{b.VILLAGE}{n:03d}",
            name=["=1+1", "甲", "乙", "＋", ""][n % 5] or f"第{n}网格",
            kind=kind,
            households=None if n % 4 == 0 else 100 + n,
        )
    b.appoint(b.person(name="周一"), Role.GRID_LEADER, b.GRID)


GRID_COLUMNS = [
    "place", "code", "kind", "hobby_grids", "households", "county", "village", "population",
    "started_on", "ended_on",
]  # fmt: skip


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    kind=st.sampled_from(["", "urban", "rural"]),
    state=st.sampled_from(["", "all", "ended"]),
    within=st.sampled_from(["", b.VILLAGE, b.OTHER_TOWNSHIP]),
    sort=st.sampled_from(["", "name", "-name", "households", "-households", "-code", "odd"]),
    columns=st.lists(st.sampled_from(GRID_COLUMNS), unique=True),
)
def test_an_export_holds_exactly_what_the_pages_show(
    client: Client, kind: str, state: str, within: str, sort: str, columns: list[str]
) -> None:
    if Grid.objects.count() < 20:
        some_grids()
    query = (
        f"?kind={kind}&state={state}&within={within}&sort={sort}&columns=name,{','.join(columns)}"
    )
    pages, address = [], query
    while address:
        response = get(client, "grid-list", address)
        # Without the box that marks the row.
        pages += [line[1:] for line in seen(response)]
        address = response.context["page"].next
    header, *rows = exported(client, "grid-list", query)
    plain = [[cell.removeprefix("'").replace("—", "") for cell in row] for row in rows]
    assert plain == [[cell.replace("—", "") for cell in row] for row in pages]
    assert header == [str(head.column.header) for head in response.context["table"].heads]
    book = workbook(client, "grid-list", query)
    assert [[_sheet_text(cell) for cell in row] for row in book] == [header, *rows]


def _sheet_text(cell: Any) -> str:
    if cell is None:
        return ""
    return f"{cell:%Y-%m-%d}" if hasattr(cell, "year") else str(cell)


@pytest.mark.parametrize("name", LISTS[1:])
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_every_list_is_had_as_a_file_as_it_is_seen(
    client: Client, name: str, data: st.DataObject
) -> None:
    if Grid.objects.count() < 20:
        some_grids()
        for n in range(60):
            b.appoint(b.person(b.VILLAGE), Role.GRID_MEMBER, b.HOBBY_GRID)
            session(n)
    first = get(client, name)
    address = first.context["address"]
    plain = [column.name for column in address.columns if column.name not in ADORNED]
    chosen = data.draw(st.lists(st.sampled_from(plain), min_size=1, unique=True))
    sort = data.draw(st.sampled_from(["", *(value for value, *_rest in address.sorts())]))
    query, marked = f"?sort={sort}&columns={','.join(chosen)}", int(name == "appointment-list")
    pages, url = [], query
    while url:
        response = get(client, name, url)
        pages += [line[marked:] for line in seen(response)]
        url = response.context["page"].next
    header, *rows = exported(client, name, query)
    assert len(rows) > PAGE_SIZE or name == "vacancy-list"
    assert [[cell.removeprefix("'") for cell in row] for row in rows] == pages
    assert [[_sheet_text(cell) for cell in row] for row in workbook(client, name, query)] == [
        header,
        *rows,
    ]


def session(n: int) -> None:
    Session.objects.create(
        id=UUID(int=n + 1),
        area_code=b.HOBBY_GRID,
        held_on=b.BEGINNING + timedelta(days=n // 3),
        start_time=time(19),
        minutes=60,
        participants=n + 1,
        logged_by=User.objects.all()[0],
    )


def test_no_cell_of_a_workbook_is_a_formula(client: Client) -> None:
    Grid.objects.filter(area_code=b.GRID).update(name='=HYPERLINK("http://x")')
    cells = [cell for row in workbook(client, "grid-list") for cell in row]
    assert '\'=HYPERLINK("http://x")' in cells


def test_a_workbook_beyond_its_bound_is_refused_with_a_remedy(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jiaozuo_grid.pages.sheets.WORKBOOK_ROWS", 1)
    response = client.get(reverse("grid-list") + "?format=xlsx", follow=True)
    assert response.status_code == 200
    assert "CSV" in response.text.split('class="messages')[1].split("</div>")[0]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_with_every_column_and_order(client: Client, name: str) -> None:
    """L2"""
    url = f"{reverse(name)}?columns=all&sort=-code"
    session(0)
    b.appoint(b.person(b.GRID), Role.GRID_MEMBER, b.HOBBY_GRID)
    b.appoint(b.person(b.GRID), Role.GRID_LEADER, b.GRID)
    assert_query_count(client, url, f"lists/{name}")
    for n in range(2, 30):
        b.grid(f"{b.VILLAGE}{n:03d}")
        b.appoint(b.person(b.GRID), Role.GRID_MEMBER, b.HOBBY_GRID)
        session(n)
    assert_query_count(client, url, f"lists/{name}")


@pytest.mark.parametrize("name", LISTS)
def test_no_list_counts_its_rows(
    client: Client, name: str, django_assert_num_queries: Any, settings: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        get(client, name)
    assert not [q for q in queries if q["sql"].upper().startswith("SELECT COUNT(*)")]
