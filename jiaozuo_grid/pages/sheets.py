"""A list as a file: CSV as it is read, or a workbook, in constant memory, without live formulas."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from jiaozuo_grid.pages.columns import Column, in_words

# A workbook is finished before its first byte leaves; beyond this, CSV streams.
WORKBOOK_ROWS = 100_000
_CELL_LENGTH = 32_767
# What spreadsheet programs take for a formula, in half and full width.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet program runs: a text that looks like a formula gets a quote."""
    text = in_words(value)
    return f"'{text}" if text.lstrip(" \n\v\f\u00a0\u3000").startswith(_FORMULA) else text


class _Echo:
    """A file that hands back what is written to it, for csv.writer."""

    def write(self, text: str) -> str:
        return text


def csv_lines(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[str]:
    """The lines of a CSV file with a header, one row at a time."""
    writer = csv.writer(_Echo())
    # A byte order mark, or Excel reads Chinese as Latin.
    yield "\ufeff"
    yield writer.writerow([harmless(column.header) for column in columns])
    for row in rows:
        yield writer.writerow([harmless(column.value(row)) for column in columns])


def csv_response(name: str, columns: Sequence[Column], rows: Iterable[Any]) -> HttpResponseBase:
    """Stream ``rows`` as a CSV download called ``name`` and today's date."""
    response = StreamingHttpResponse(
        csv_lines(columns, rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{_file_name(name)}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def workbook_response(
    name: str, columns: Sequence[Column], rows: Iterable[Any]
) -> HttpResponseBase:
    """``rows`` as an xlsx download. Raises ``ValidationError`` for more than ``WORKBOOK_ROWS``."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    try:
        write_workbook(file, columns, rows)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    response = FileResponse(
        file,
        as_attachment=True,
        filename=f"{_file_name(name)}.xlsx",
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    response["Cache-Control"] = "no-store"
    return response


def check_fits(rows: QuerySet[Any]) -> None:
    """Raise ``ValidationError`` where a workbook could not hold ``rows``, before it is begun."""
    if rows[WORKBOOK_ROWS : WORKBOOK_ROWS + 1].exists():
        raise _too_many()


def write_workbook(file: IO[bytes], columns: Sequence[Column], rows: Iterable[Any]) -> None:
    """Write a workbook row by row; what was written is no longer held in memory."""
    with tempfile.TemporaryDirectory() as folder:
        book = Workbook(file, {"constant_memory": True, "tmpdir": folder})
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, max(0, len(columns) - 1), 16)
        for x, column in enumerate(columns):
            sheet.write_string(0, x, harmless(column.header), bold)
        try:
            for y, row in enumerate(rows, start=1):
                if y > WORKBOOK_ROWS:
                    raise _too_many()
                for x, column in enumerate(columns):
                    _write_cell(sheet, y, x, column.value(row), day, moment)
        finally:
            book.close()


def _too_many() -> ValidationError:
    return ValidationError(
        _("More than %(most)s rows do not fit into a workbook. Narrow the filters, or export CSV.")
        % {"most": WORKBOOK_ROWS}
    )


def _write_cell(sheet: Any, y: int, x: int, value: Any, day: Any, moment: Any) -> None:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        sheet.write_number(y, x, value)
    elif isinstance(value, datetime):
        local = timezone.make_naive(value) if timezone.is_aware(value) else value
        sheet.write_datetime(y, x, local, moment)
    elif isinstance(value, date):
        sheet.write_datetime(y, x, value, day)
    elif text := harmless(value):
        sheet.write_string(y, x, text[:_CELL_LENGTH])


def _file_name(name: str) -> str:
    return f"{name}-{timezone.localdate():%Y%m%d}"
