"""Reading a file: its rows as they stand there, each cell still as it was typed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

import python_calamine
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jiaozuo_grid.spreadsheets.columns import Column
from jiaozuo_grid.spreadsheets.extents import (
    MAX_COLUMNS,
    MAX_ROWS,
    too_many_rows,
    too_wide,
)
from jiaozuo_grid.spreadsheets.files import kind_of
from jiaozuo_grid.spreadsheets.headers import Header, find_header
from jiaozuo_grid.spreadsheets.text import cell_text

Cells = list[Any]
# Rows that a title, a unit and a date may take before the header.
HEAD_ROWS = 20


@dataclass
class Table:
    """The rows of one sheet, from the first; ``header`` says where the columns are."""

    records: list[Cells]
    header: Header
    sheet_name: str = ""
    other_sheets: list[str] = field(default_factory=list)

    def body(self) -> Iterator[tuple[int, Cells]]:
        """(row number as spreadsheet programs show it, cells) of filled rows below the header."""
        for index in range(self.header.last_row + 1, len(self.records)):
            cells = self.records[index]
            if any(cell is not None and cell_text(cell).strip() for cell in cells):
                yield index + 1, cells


def read_table(file: IO[bytes], name: str, columns: Iterable[Column]) -> Table:
    """The table in a file; raises ``ValidationError`` for what is refused or has no header."""
    kind = kind_of(file, name)
    known = list(columns)
    sheets = _csv_sheets(file) if kind == "csv" else _workbook_sheets(file)
    best: Table | None = None
    names: list[str] = []
    for sheet_name, records in sheets:
        names.append(sheet_name)
        header = find_header(records[:HEAD_ROWS], known)
        if header is not None and (best is None or header.score > best.header.score):
            best = Table(records, header, sheet_name)
    if best is None:
        raise ValidationError(
            _("No header row was found. Expected columns: %(names)s. Use the template.")
            % {"names": "、".join(c.header for c in known if c.required)},
            code="no_header",
        )
    best.other_sheets = [one for one in names if one != best.sheet_name]
    return best


def _workbook_sheets(file: IO[bytes]) -> Iterator[tuple[str, list[Cells]]]:
    try:
        workbook = python_calamine.load_workbook(file)
        shown = [
            meta.name
            for meta in workbook.sheets_metadata
            if meta.visible == python_calamine.SheetVisibleEnum.Visible
            and meta.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        for name in shown:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.start is None or sheet.end is None:
                continue
            if sheet.end[0] > MAX_ROWS + HEAD_ROWS:
                raise too_many_rows()
            if sheet.end[1] >= MAX_COLUMNS:
                raise too_wide()
            rows = sheet.to_python(skip_empty_area=False)
            yield name, _trimmed(rows)
    except (python_calamine.CalamineError, OSError) as error:
        if "password" in str(error).lower():
            raise ValidationError(
                _("The file is protected by a password. Remove the password and save it again."),
                code="encrypted",
            ) from None
        raise ValidationError(
            _("The file is damaged and cannot be opened. Open it and save it anew."),
            code="damaged",
        ) from None


def _trimmed(rows: list[Cells]) -> list[Cells]:
    """The rows without the empty ones at the end."""
    while rows and not any(cell not in ("", None) for cell in rows[-1]):
        rows.pop()
    return rows


def _csv_sheets(file: IO[bytes]) -> Iterator[tuple[str, list[Cells]]]:
    text = _decoded(file.read())
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;，", key=first.count)
    records: list[Cells] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            if len(records) > MAX_ROWS + HEAD_ROWS:
                raise too_many_rows()
            if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
                raise too_wide()
            records.append(list(cells))
    except csv.Error:
        raise ValidationError(
            _("The quotation marks in row %(n)d are wrong: each that opens must close.")
            % {"n": len(records) + 1},
            code="quotes",
        ) from None
    yield "", _trimmed(records)


def _decoded(data: bytes) -> str:
    """Text in UTF-8 (with or without byte order mark) or GB18030."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        raise ValidationError(
            _("The file is in UTF-16 or no text. Save it as “CSV UTF-8” or as xlsx."),
            code="encoding",
        )
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValidationError(
        _("The characters of the file cannot be read. Save it as “CSV UTF-8” or as xlsx."),
        code="encoding",
    )
