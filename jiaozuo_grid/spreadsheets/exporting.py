"""Exports with the columns of the import, so that every export can be imported again."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import IO, Any

import xlsxwriter
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from jiaozuo_grid.reach import Actor
from jiaozuo_grid.spreadsheets.columns import Column
from jiaozuo_grid.spreadsheets.sheet import Sheet
from jiaozuo_grid.spreadsheets.surroundings import record_use
from jiaozuo_grid.spreadsheets.text import guard

FORMATS = ("xlsx", "csv")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheet_export_response(
    actor: Actor, sheet: Sheet, rows: QuerySet[Any], format: str = "xlsx"
) -> HttpResponseBase:
    """A download of ``rows`` (scoped and filtered by the caller) as xlsx or csv.

    Says in the audit trail that it was made. The rows go from the database to the file a few
    thousand at a time.
    """
    record_use(actor, "export", sheet.view_right, f"{sheet.title} ({format})")
    columns, cells = sheet.bound_columns(), exported_cells(actor, sheet, rows)
    name = f"{sheet.key}-{timezone.localdate():%Y%m%d}"
    response: HttpResponseBase
    if format == "csv":
        response = StreamingHttpResponse(
            csv_lines(columns, cells), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    else:
        target = tempfile.TemporaryFile()  # noqa: SIM115  (closed by the response)
        write_xlsx(target, str(sheet.title), columns, cells)
        target.seek(0)
        response = FileResponse(
            target, as_attachment=True, filename=f"{name}.xlsx", content_type=_XLSX
        )
    response["Cache-Control"] = "no-store"
    return response


def exported_cells(actor: Actor, sheet: Sheet, rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """The cells of each row, in the order of the columns."""
    shown = [(column.key, _remembering(column.kind.show)) for column in sheet.bound_columns()]
    for values in sheet.exported(actor, rows):
        yield [show(values.get(key)) for key, show in shown]


def _remembering(show: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same, remembering: most columns hold the same few values again and again."""
    known: dict[Any, Any] = {}

    def remembered(value: Any) -> Any:
        key = (type(value), value)
        if key not in known:
            if len(known) > 5000:
                known.clear()
            known[key] = show(value)
        return known[key]

    return remembered


class _Echo:
    """A file that hands back what is written to it, for csv.writer."""

    def write(self, text: str) -> str:
        return text


def csv_lines(columns: Sequence[Column], rows: Iterable[list[Any]]) -> Iterator[str]:
    """The lines of a CSV file with a header, one row at a time."""
    writer = csv.writer(_Echo())
    # A byte order mark, or Excel reads Chinese as Latin.
    yield "\ufeff"
    yield writer.writerow([guard(column.header) for column in columns])
    for cells in rows:
        yield writer.writerow([guard(str(cell)) for cell in cells])


def write_xlsx(
    target: IO[bytes], title: str, columns: Sequence[Column], rows: Iterable[list[Any]]
) -> None:
    """Write a workbook row by row; only one row is in memory at a time."""
    book = xlsxwriter.Workbook(
        target,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    page = book.add_worksheet(title[:31])
    head = book.add_format({"bold": True, "bg_color": "#E1EDF7", "border": 1})
    text = book.add_format({"num_format": "@"})
    dates = book.add_format({"num_format": "yyyy-mm-dd"})
    page.freeze_panes(1, 0)
    for position, column in enumerate(columns):
        page.set_column(position, position, column.width)
        page.write_string(0, position, guard(column.header), head)
    for number, cells in enumerate(rows, 1):
        for position, cell in enumerate(cells):
            if cell == "" or cell is None:
                continue
            if isinstance(cell, date):
                page.write_datetime(number, position, cell, dates)
            elif isinstance(cell, int | float):
                page.write_number(number, position, cell)
            else:
                page.write_string(number, position, guard(str(cell)), text)
    book.close()
