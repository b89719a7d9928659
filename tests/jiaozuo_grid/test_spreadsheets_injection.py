"""No cell and no header of what we write is run by a spreadsheet program (pitfalls I5)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Person
from grids.models import Role
from jiaozuo_grid.spreadsheets.columns import Column
from jiaozuo_grid.spreadsheets.exporting import csv_lines, write_xlsx
from jiaozuo_grid.spreadsheets.model import SheetImport
from jiaozuo_grid.spreadsheets.templates import template
from jiaozuo_grid.spreadsheets.text import FORMULA, guard, is_live, unguard
from tests import builders as b
from tests import sheets as s

SignedIn = Callable[[Any], Client]
LIVE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1",
    "＋1",
    "－1",
    "＠A1",
    " =1",
    "　=1",
    '=HYPERLINK("http://x","y")',
    "=cmd|'/c calc'!A1",
    "'=1",
    "''=1",
]


def _reopened(data: bytes) -> list[Any]:
    """Every cell of every sheet, as another library reads it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [cell for page in book for row in page.iter_rows() for cell in row]


def _is_live(cell: Any) -> bool:
    return cell.data_type == "f" or (isinstance(cell.value, str) and is_live(cell.value))


@pytest.mark.parametrize("text", LIVE)
def test_a_guarded_text_is_not_live_and_comes_back_as_it_was(text: str) -> None:
    assert not is_live(guard(text))
    assert unguard(guard(text)) == text


@given(st.text(alphabet=[*FORMULA, "'", " ", "　", "a", "甲", "1"], max_size=8))
def test_guarding_can_always_be_taken_back(text: str) -> None:
    assert not is_live(guard(text))
    assert unguard(guard(text)) == text


def test_nothing_in_an_xlsx_export_is_live_headers_included() -> None:
    columns = [Column(f"c{n}", text, text) for n, text in enumerate(LIVE)]
    target = io.BytesIO()
    write_xlsx(target, "表", columns, [LIVE, LIVE[::-1]])
    cells = _reopened(target.getvalue())
    assert len(cells) == 3 * len(LIVE)
    assert [cell.value for cell in cells if _is_live(cell)] == []


def test_nothing_in_a_csv_export_is_live_headers_included() -> None:
    columns = [Column(f"c{n}", text, text) for n, text in enumerate(LIVE)]
    text = "".join(csv_lines(columns, [LIVE]))
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert len(rows) == 2
    assert [cell for row in rows for cell in row if is_live(cell)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["people", "instructors", "stations", "grids", "appointments"])
def test_templates_hold_nothing_live(key: str) -> None:
    b.sport("x", "=恶意()", "@bad")
    sheet = s.sheet(key)
    cells = _reopened(template(sheet))
    assert cells
    assert [cell.value for cell in cells if _is_live(cell)] == []


@pytest.mark.django_db
def test_the_marked_copy_holds_nothing_live(signed_in: SignedIn) -> None:
    b.small_city()
    client = signed_in(b.user(Role.BUREAU_STAFF))
    rows = [s.instructor_row(n, 姓名=text, 手机号="1") for n, text in enumerate(LIVE, 1)]
    headers = [*s.HEADERS[:-1], "=HYPERLINK(1)"]
    s.upload(client, "instructors", s.xlsx(rows, headers))
    one = SheetImport.objects.get()
    data = s.marked(client, one)
    cells = _reopened(data)
    assert [cell.value for cell in cells if _is_live(cell)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_what_others_entered_cannot_run_in_my_export(signed_in: SignedIn, format: str) -> None:
    b.small_city()
    for text in LIVE:
        b.person(b.VILLAGE, text[:50])
    client = signed_in(b.user(Role.BUREAU_STAFF))
    data = s.exported(client, "people", format)
    if format == "xlsx":
        live = [cell.value for cell in _reopened(data) if _is_live(cell)]
    else:
        text = data.decode("utf-8-sig")
        live = [c for row in csv.reader(io.StringIO(text, newline="")) for c in row if is_live(c)]
    assert live == []
    assert Person.objects.count() > len(LIVE)


def test_the_name_of_a_column_is_guarded_too() -> None:
    column = replace(Column("a", "甲", "a"), zh="=甲")
    assert next(iter(list(csv_lines([column], []))[1:])) == "'=甲\r\n"
