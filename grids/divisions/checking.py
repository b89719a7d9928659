"""Checking the rows of a list as a whole, before anything is written. Knows no database."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TypeVar

from grids.divisions.problems import BadCell, Problem, problem
from grids.divisions.reading import FIGURES, RawRow, plain
from grids.models import Division
from jiaozuo_grid.area import Level, parent_code

T = TypeVar("T")

LEVELS = {
    "city": Level.CITY,
    "county": Level.COUNTY,
    "town": Level.TOWNSHIP,
    "township": Level.TOWNSHIP,
    "village": Level.VILLAGE,
}
URBAN_RURAL_CLASSES = ["111", "112", "121", "122", "123", "210", "220"]
NAME_LIMIT = Division._meta.get_field("name").max_length or 0
# More than the largest city has; the unit was probably ten thousand.
FIGURE_LIMITS = {"population": 50_000_000, "households": 20_000_000, "villager_groups": 30_000}
DEGREES = {"longitude": (73.0, 136.0), "latitude": (3.0, 54.0)}


@dataclass
class DivisionRow:
    """A row that can be used. Empty (None, or no entry in ``figures``) is what the file omits."""

    line: int
    area_code: str
    name: str = ""
    urban_rural_class: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    figures: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Register:
    """What the checks must know of the register: the codes in force, and those that ended."""

    in_force: Collection[str] = ()
    ended: Collection[str] = ()


def official(code: str) -> str:
    """An area code as the 12-digit code of the statistics bureau."""
    return code.ljust(12, "0")


def read_code(text: str) -> str:
    """The area code that a 12-digit statistical code stands for."""
    code = plain(text)
    if not code:
        raise BadCell("code_missing")
    if re.fullmatch(r"[0-9][.,]?[0-9]*e\+?[0-9]+", code, re.IGNORECASE):
        raise BadCell("code_scientific")
    if not (code.isascii() and code.isdigit()):
        raise BadCell("code_letters")
    if len(code) != 12:
        raise BadCell("code_length", digits=len(code))
    if code[2:4] == "00":
        raise BadCell("code_province")
    significant = next(n for n in (4, 6, 9, 12) if not code[n:].strip("0"))
    for start, end in ((4, 6), (6, 9)):
        if end < significant and not code[start:end].strip("0"):
            raise BadCell("code_gap", digits=f"{start + 1}–{end}")
    return code[:significant]


def read_name(text: str) -> str:
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf")
    name = " ".join(visible.split())
    if not name:
        raise BadCell("name_missing")
    if any(c == "\ufffd" or unicodedata.category(c)[0] == "C" for c in name):
        raise BadCell("name_damaged")
    if len(name) > NAME_LIMIT:
        raise BadCell("name_long", characters=len(name), limit=NAME_LIMIT)
    return name


def read_class(text: str) -> str | None:
    value = plain(text)
    if value and value not in URBAN_RURAL_CLASSES:
        raise BadCell("class_unknown", classes=", ".join(URBAN_RURAL_CLASSES))
    return value or None


def read_figure(text: str, column: str) -> int | None:
    value = plain(text)
    if not value:
        return None
    if re.fullmatch(r"-[0-9.]+", value):
        raise BadCell("number_negative")
    if not re.fullmatch(r"[0-9]+(\.0+)?", value):
        raise BadCell("number_letters")
    digits = value.partition(".")[0].lstrip("0") or "0"
    limit = FIGURE_LIMITS[column]
    if len(digits) > len(str(limit)) or int(digits) > limit:
        raise BadCell("number_large", limit=limit)
    return int(digits)


def read_degrees(text: str, column: str) -> float | None:
    value = plain(text)
    if not value:
        return None
    if not re.fullmatch(r"[+-]?[0-9]{1,6}(\.[0-9]{0,20})?", value):
        raise BadCell("coordinate_letters")
    degrees = float(value)
    low, high = DEGREES[column]
    if not low <= degrees <= high:
        raise BadCell("coordinate_range", low=int(low), high=int(high))
    return degrees


class _RowReader:
    """Reads one row; collects a problem for each bad cell instead of stopping at the first."""

    def __init__(self, raw: RawRow) -> None:
        self.raw = raw
        self.problems: list[Problem] = []

    def read(self) -> DivisionRow | None:
        """The row, with a usable code at least; None where even that is missing."""
        code = self._cell("code", read_code)
        name = self._cell("name", read_name) or ""
        kind = self._cell("urban_rural_class", read_class)
        figures = {c: self._cell(c, read_figure, c) for c in FIGURES}
        longitude, latitude = self._coordinates()
        if code is None:
            return None
        self._cell("level", _agree_level, code)
        self._cell("parent_code", _agree_parent, code)
        known = {c: n for c, n in figures.items() if n is not None}
        return DivisionRow(self.raw.line, code, name, kind, longitude, latitude, known)

    def _cell(self, column: str, reader: Callable[..., T], *args: object) -> T | None:
        text = self.raw.cells.get(column)
        if text is None:  # the file has no such column
            return None
        try:
            return reader(text, *args)
        except BadCell as bad:
            self._report(bad.kind, column, **bad.params)
            return None

    def _report(self, kind: str, column: str, **params: object) -> None:
        value = self.raw.cells.get(column, "")
        self.problems.append(problem(kind, self.raw.line, column, value, **params))

    def _coordinates(self) -> tuple[float | None, float | None]:
        before = len(self.problems)
        longitude = self._cell("longitude", read_degrees, "longitude")
        latitude = self._cell("latitude", read_degrees, "latitude")
        if len(self.problems) - before == 2 and self._swapped():
            del self.problems[before:]
            self._report("coordinate_swapped", "longitude")
        elif len(self.problems) == before and (longitude is None) != (latitude is None):
            self._report("coordinate_alone", "longitude" if longitude is None else "latitude")
        return longitude, latitude

    def _swapped(self) -> bool:
        try:
            read_degrees(self.raw.cells["longitude"], "latitude")
            read_degrees(self.raw.cells["latitude"], "longitude")
        except BadCell:
            return False
        return True


def _agree_level(text: str, code: str) -> None:
    value = plain(text).lower()
    if not value:
        return
    if value not in LEVELS:
        raise BadCell("level_unknown")
    if LEVELS[value] != len(code):
        raise BadCell("level_differs", level=Level(len(code)).label)


def _agree_parent(text: str, code: str) -> None:
    value = plain(text)
    above = parent_code(code)
    # Above the city stands the province, which is in no list of ours.
    expected = official(above if above else code[:2])
    if value and value != expected:
        raise BadCell("parent_differs", parent=expected)


def read_rows(raws: list[RawRow]) -> tuple[list[DivisionRow], list[Problem]]:
    """Every row whose code can be read, and everything wrong with single cells."""
    rows: list[DivisionRow] = []
    problems: list[Problem] = []
    for raw in raws:
        reader = _RowReader(raw)
        row = reader.read()
        problems += reader.problems
        if row is not None:
            rows.append(row)
    return rows, problems


def city_of(rows: list[DivisionRow]) -> str:
    """The city that the file is of: that of most rows."""
    return Counter(row.area_code[:4] for row in rows).most_common(1)[0][0]


def check_tree(
    rows: list[DivisionRow], register: Register, reaches: Callable[[str], bool]
) -> list[Problem]:
    """What is wrong with the rows taken together: doubles, orphans, foreign rows.

    Of a row outside the reach nothing is compared with the register, so that the answer does not
    tell what exists there.
    """
    city = city_of(rows)
    first: dict[str, int] = {}
    for row in rows:
        first.setdefault(row.area_code, row.line)
    problems = []
    for row in rows:
        code = row.area_code
        if first[code] != row.line:
            problems.append(_of_code(row, "code_twice", first=first[code]))
        elif code[:4] != city:
            problems.append(_of_code(row, "other_city", city=official(city)))
        elif not reaches(code):
            problems.append(_of_code(row, "out_of_reach"))
        elif (above := parent_code(code)) and above not in first and above not in register.in_force:
            kind = "parent_ended" if above in register.ended else "orphan"
            problems.append(_of_code(row, kind, parent=official(above)))
    return problems


def _of_code(row: DivisionRow, kind: str, **params: object) -> Problem:
    return problem(kind, row.line, "code", official(row.area_code), **params)
