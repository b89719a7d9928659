"""How far the cells of a workbook reach, found out before a reader makes room for them.

A reader makes room for every cell up to the farthest, so a file of a few bytes that names two
cells far apart, or one cell a million times, takes all the memory there is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MAX_ROWS = 100_000
MAX_COLUMNS = 200
MAX_CELLS = 6_000_000
# Rows above the table: a title, a unit, a date.
MORE_ROWS = 50

_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)([0-9]+)["']""")
_UNPLACED = re.compile(rb"<(?:\w+:)?c(?=[\s/>])(?![^>]*\br\s*=)")
_TAG = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])([^>]*)")
# Cells stand only below it, whatever the part of the workbook is called.
_SHEET = b"sheetData"


def too_wide() -> ValidationError:
    return ValidationError(
        _("The sheet has more than %(n)d columns. Delete the empty ones to the right.")
        % {"n": MAX_COLUMNS},
        code="too_wide",
    )


def too_many_rows() -> ValidationError:
    return ValidationError(
        _("The sheet has more than %(n)s rows. Divide it, or delete the empty rows below.")
        % {"n": f"{MAX_ROWS:,}"},
        code="too_many_rows",
    )


@dataclass
class _Extent:
    row: int = 0
    column: int = 0

    def reach(self, row: int, column: int) -> None:
        """Say that there are cells in this row and in this column; raises where that is too far."""
        self.row, self.column = max(self.row, row), max(self.column, column)
        if self.row > MAX_ROWS + MORE_ROWS:
            raise too_many_rows()
        if self.column > MAX_COLUMNS or self.row * self.column > MAX_CELLS:
            raise too_wide()


@dataclass
class SheetExtent:
    """The cells of one part of an xlsx workbook, which is taken in piece by piece."""

    extent: _Extent = field(default_factory=_Extent)
    is_sheet: bool = False
    _rest: bytes = b""
    _row: int = 0
    _column: int = 0

    def take(self, piece: bytes) -> None:
        data = self._rest + piece
        # A tag that is cut off waits for its other half; no honest one is that long.
        cut = data.rfind(b"<")
        if cut <= 0 or len(data) - cut > 65_536:
            cut = len(data)
        self._rest = data[cut:]
        self.is_sheet = self.is_sheet or _SHEET in data
        if self.is_sheet:
            self._look(data[:cut])

    def close(self) -> None:
        if self.is_sheet:
            self._look(self._rest)

    def _look(self, xml: bytes) -> None:
        places = _PLACE.findall(xml)
        if places:
            last_row = max(_number(row) for _letters, row in places)
            last_column = max(_index(letters) for letters in {letters for letters, _row in places})
            self.extent.reach(last_row, last_column)
        if _UNPLACED.search(xml):
            self._count(xml)
        elif places:
            self._row = _number(places[-1][1])

    def _count(self, xml: bytes) -> None:
        """Cells that do not say where they stand follow the one before them."""
        for name, attributes in _TAG.findall(xml):
            placed = _PLACE.search(attributes)
            if name == b"row":
                self._row = _number(placed[2]) if placed else self._row + 1
                self._column = 0
            else:
                self._column = _index(placed[1]) if placed else self._column + 1
                self.extent.reach(max(self._row, 1), self._column)


def _number(digits: bytes) -> int:
    return int(digits.lstrip(b"0")[:12] or b"0")


def _index(letters: bytes) -> int:
    index = 0
    for letter in letters.upper()[:5]:
        index = index * 26 + letter - 64
    return index


class TableExtent:
    """The cells of an ods document: each may stand for many, and so may each row."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.extent = _Extent()
        self._rows = self._columns = self._repeat = self._seen = 0
        # The columns up to the last filled cell, and the cell that is being read.
        self._filled = 0
        self._cell: list[int] = []

    def take(self, piece: bytes) -> None:
        self.parser.Parse(piece, False)

    def close(self) -> None:
        self.parser.Parse(b"", True)

    def _refuse_doctype(self, *_declared: Any) -> None:
        raise expat.ExpatError("no spreadsheet program writes one")

    def _start(self, name: str, attributes: dict[str, Any]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "table":
            self.extent, self._rows = _Extent(), 0
        elif kind == "table-row":
            self._repeat = _times(attributes, "number-rows-repeated")
            self._columns = self._filled = 0
        elif kind in ("table-cell", "covered-table-cell"):
            self._seen += 1
            if self._seen > MAX_CELLS:
                raise too_wide()
            self._columns += _times(attributes, "number-columns-repeated")
            self._cell.append(self._columns)
            if any(key.endswith((":value-type", ":formula")) for key in attributes):
                self._fill()
        elif self._cell:
            self._fill()

    def _fill(self) -> None:
        self._filled = max(self._filled, self._cell[-1])
        self.extent.reach(self._rows + 1, self._filled)

    def _end(self, name: str) -> None:
        kind = name.rpartition(":")[2]
        if kind in ("table-cell", "covered-table-cell"):
            self._cell.pop()
        elif kind == "table-row":
            self._rows += self._repeat
            if self._filled:
                self.extent.reach(self._rows, self._filled)


def _times(attributes: dict[str, Any], name: str) -> int:
    for key, value in attributes.items():
        if key.endswith(name) and value.isascii() and value.isdigit():
            return max(1, int(value[:12]))
    return 1
