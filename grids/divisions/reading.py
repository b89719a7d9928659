"""Reading an uploaded list: bytes to text, text to rows that know their line in the file."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

from grids.divisions.problems import Problem, problem

MAX_BYTES = 10 * 1024 * 1024
REQUIRED = ["code", "name"]
FIGURES = ["population", "households", "villager_groups"]
OPTIONAL = ["level", "parent_code", "urban_rural_class", *FIGURES, "longitude", "latitude"]
COLUMNS = [*REQUIRED, *OPTIONAL]

# What the columns are often called; only to say which one is probably meant.
OTHER_NAMES = {
    "代码": "code",
    "区划代码": "code",
    "统计用区划代码": "code",
    "adcode": "code",
    "名称": "name",
    "区划名称": "name",
    "级别": "level",
    "层级": "level",
    "上级代码": "parent_code",
    "parent": "parent_code",
    "城乡分类代码": "urban_rural_class",
    "城乡分类": "urban_rural_class",
    "人口": "population",
    "户数": "households",
    "村民小组": "villager_groups",
    "村民小组数": "villager_groups",
    "groups": "villager_groups",
    "经度": "longitude",
    "lng": "longitude",
    "lon": "longitude",
    "纬度": "latitude",
    "lat": "latitude",
}

# How files begin that are not text (zip and so xlsx, old Office, PDF, gzip).
OTHER_KINDS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b")


@dataclass(frozen=True)
class RawRow:
    """The cells of one row by column; ``line`` is the physical line on which it begins."""

    line: int
    cells: dict[str, str]


@dataclass
class Table:
    columns: list[str] = field(default_factory=list)
    rows: list[RawRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def plain(text: str) -> str:
    """Full-width digits, letters and spaces as the usual ones, without spaces around."""
    return unicodedata.normalize("NFKC", text).replace("\ufeff", "").strip()


def read_table(data: bytes) -> Table:
    """The rows of a file; what cannot be read stands in ``problems``."""
    text = decode(data)
    if isinstance(text, Problem):
        return Table(problems=[text])
    if text.lstrip().startswith(("{", "[", "<")):
        return Table(problems=[problem("markup")])
    records = [(line, cells) for line, cells in _records(text) if cells is None or any(cells)]
    if not records:
        return Table(problems=[problem("empty_file")])
    (header_line, header), *body = records
    if header is None:
        return Table(problems=[problem("quote", header_line)])
    table = Table(columns=_trimmed([plain(name).lower() for name in header]))
    table.problems = _check_header(header_line, table.columns, header)
    if table.problems:
        return table
    for line, cells in body:
        _add_row(table, line, cells)
    if not body:
        table.problems.append(problem("no_rows", header_line))
    return table


def decode(data: bytes) -> str | Problem:
    """The text of a file in UTF-8 (with or without byte order mark) or GB18030."""
    if not data.strip(b"\xef\xbb\xbf\r\n\t ,"):
        return problem("empty_file")
    if len(data) > MAX_BYTES:
        return problem("too_large", megabytes=MAX_BYTES // 1024 // 1024)
    if data.startswith(OTHER_KINDS):
        return problem("spreadsheet")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or _looks_like_utf16(data):
        return problem("utf16")
    if b"\0" in data:
        return problem("binary", _line_of(data, data.index(b"\0")))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _decode_gb18030(data, error)


def _decode_gb18030(data: bytes, error: UnicodeDecodeError) -> str | Problem:
    """Text that is not UTF-8. Damaged UTF-8 mostly decodes as GB18030 too, to other characters."""
    attempt = data.decode("utf-8", "replace")
    damaged = attempt.count("\ufffd")
    wide = sum(char > "\x7f" for char in attempt) - damaged
    if wide > damaged:
        return problem("encoding", _line_of(data, error.start))
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError as gb_error:
        return problem("encoding", _line_of(data, gb_error.start))


def _looks_like_utf16(data: bytes) -> bool:
    """ASCII in UTF-16 has a NUL in every other byte."""
    beginning = data[:200]
    return beginning.count(b"\0") * 3 > len(beginning)


def _line_of(data: bytes, position: int) -> int:
    return len((data[:position] + b".").splitlines())


def _records(text: str) -> Iterator[tuple[int, list[str] | None]]:
    """Each record with the line on which it begins; None where the quotation marks are wrong."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield line, [cell if cell.strip() else "" for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            yield line, None
            if "limit" in str(error):  # an open quotation mark that has swallowed the file
                return


def _trimmed(cells: list[str]) -> list[str]:
    """Without the empty cells that spreadsheet programs add at the end."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _check_header(line: int, columns: list[str], header: list[str]) -> list[Problem]:
    if len(columns) == 1:
        for separator, shown in ((";", ";"), ("\t", "Tab"), ("|", "|"), ("、", "、")):
            if separator in columns[0] or (separator == "\t" and "\t" in header[0]):
                return [problem("separator", line, value=header[0], separator=shown)]
        if "," in columns[0]:  # full-width commas, made plain above
            return [problem("separator", line, value=header[0], separator="，")]
    problems = [_unknown_column(line, columns, n) for n in range(len(columns))]
    twice = {name for name in columns if name and columns.count(name) > 1}
    found = [one for one in problems if one is not None]
    found += [problem("column_twice", line, field=name) for name in sorted(twice)]
    meant = {one.params.get("likely") for one in found}
    return found + [
        problem("column_missing", line, column=name)
        for name in REQUIRED
        if name not in columns and name not in meant
    ]


def _unknown_column(line: int, columns: list[str], position: int) -> Problem | None:
    name = columns[position]
    if name in COLUMNS:
        return None
    if not name:
        return problem("column_unnamed", line, number=position + 1)
    close = get_close_matches(name.replace(" ", "_"), COLUMNS, n=1, cutoff=0.6)
    likely = OTHER_NAMES.get(name) or (close[0] if close else None)
    if likely and likely not in columns:
        return problem("column_misspelt", line, field=name, likely=likely)
    return problem("column_unknown", line, field=name, columns=", ".join(COLUMNS))


def _add_row(table: Table, line: int, cells: list[str] | None) -> None:
    if cells is None:
        table.problems.append(problem("quote", line))
        return
    width = len(table.columns)
    value = ",".join(cells)
    if len(cells) < width:
        short = problem("row_short", line, value=value, cells=len(cells), columns=width)
        table.problems.append(short)
    elif any(cells[width:]):
        count = len(_trimmed(cells))
        table.problems.append(problem("row_long", line, value=value, cells=count, columns=width))
    else:
        table.rows.append(RawRow(line, dict(zip(table.columns, cells, strict=False))))
