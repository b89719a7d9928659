"""The copy of an uploaded file in which each bad cell is red and says why."""

from __future__ import annotations

import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from math import isfinite
from typing import Any

import xlsxwriter
from django.core.files import File
from django.utils.translation import gettext as _

from jiaozuo_grid.spreadsheets.faults import Fault
from jiaozuo_grid.spreadsheets.planning import Plan
from jiaozuo_grid.spreadsheets.reading import Table
from jiaozuo_grid.spreadsheets.text import cell_text, guard

# Comments are drawings, which make a file slow to open; the last column says the same.
COMMENTS = 3000
# A workbook counts its days from here; an earlier one is written as text.
FIRST_YEAR = 1900
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


@contextmanager
def marked_copy(plan: Plan, table: Table) -> Iterator[File[bytes]]:
    """The workbook, open for reading; gone afterwards."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as target:
        _write(plan, table, target.name)
        yield File(target)


def _write(plan: Plan, table: Table, path: str) -> None:
    by_row: dict[int, list[Fault]] = defaultdict(list)
    for fault in plan.faults:
        by_row[fault.row or 1].append(fault)
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(_sheet_name(table.sheet_name))
    bad = book.add_format({"bg_color": "#F8C9C4", "font_color": "#7A1208", "border": 1})
    head = book.add_format({"bold": True, "bg_color": "#EEF2F6"})
    dates = book.add_format({"num_format": "yyyy-mm-dd"})
    width = max(len(table.header.names), 1)
    sheet.freeze_panes(table.header.last_row + 1, 0)
    sheet.set_column(0, width - 1, 16)
    sheet.set_column(width, width, 60)
    comments = 0
    for index, cells in enumerate(table.records):
        faults = by_row.get(index + 1, [])
        marked = {fault.position: fault for fault in faults if fault.position is not None}
        heading = index == table.header.last_row
        for position in range(max(len(cells), *(p + 1 for p in marked), 0)):
            cell = cells[position] if position < len(cells) else None
            style = bad if position in marked else head if heading else None
            _put(sheet, index, position, cell, style, dates)
            if position in marked and comments < COMMENTS:
                fault = marked[position]
                sheet.write_comment(
                    index, position, f"{fault.cause} {fault.remedy}".strip(), {"x_scale": 2}
                )
                comments += 1
        if heading:
            sheet.write_string(index, width, _("Problems"), head)
        elif faults:
            text = "\n".join(f"{f.cell} {f.cause} {f.remedy}".strip() for f in faults)
            sheet.write_string(index, width, guard(text), bad)
        if heading and faults:
            text = "; ".join(f"{f.cause} {f.remedy}".strip() for f in faults)
            sheet.write_string(index, width + 1, guard(text), bad)
    book.close()


def _sheet_name(name: str) -> str:
    """A name that Excel takes; other programs allow more characters and longer names."""
    name = _NOT_IN_NAMES.sub(" ", name).strip(" '")[:31].strip(" '")
    # Excel keeps this one for itself.
    return _("Table") if not name or name.lower() == "history" else name


def _put(sheet: Any, row: int, column: int, cell: Any, style: Any, dates: Any) -> None:
    if isinstance(cell, bool) or cell is None or cell == "":
        sheet.write_blank(row, column, None, style)
    elif isinstance(cell, int | float) and isfinite(cell):
        sheet.write_number(row, column, cell, style)
    elif isinstance(cell, datetime | date) and cell.year >= FIRST_YEAR:
        sheet.write_datetime(row, column, cell, style or dates)
    elif isinstance(cell, time):
        sheet.write_string(row, column, f"{cell:%H:%M}", style)
    else:
        sheet.write_string(row, column, guard(cell_text(cell)), style)
