"""Finding the header among titles and merged cells, and saying which column is which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from jiaozuo_grid.spreadsheets.columns import Column
from jiaozuo_grid.spreadsheets.faults import Fault
from jiaozuo_grid.spreadsheets.text import cell_text, plain, tidy

# Columns that offices add and that say nothing: known, and left out knowingly.
LEFT_OUT = ("序号", "编号序号", "no", "no.", "#", "问题", "problems")

# From this likeness on a misspelt header is read as the one that is meant.
SURE = 0.6


@dataclass
class Header:
    """Where each column stands. ``last_row`` is the (0-based) row above the first row of data."""

    last_row: int
    names: list[str]
    places: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    score: int = 0


def folded(text: str) -> str:
    """A header as it is compared: without spaces, stars and remarks in brackets."""
    name = plain(text).lower().replace("_", "").replace("*", "")
    return re.sub(r"[(\[【（].*?[)\]】）]", "", name) or name


def find_header(rows: Sequence[Sequence[Any]], columns: Sequence[Column]) -> Header | None:
    """The row (or two rows, where groups stand above) that names most columns; None: no header."""
    known = {folded(name) for column in columns for name in column.names if name}
    best: tuple[int, int, list[str]] | None = None
    for index, row in enumerate(rows):
        names = [tidy(cell_text(cell)) for cell in row]
        single = _score(names, known)
        if single and (best is None or single > best[0]):
            best = (single, index, names)
        if index + 1 < len(rows):
            both = _joined(names, rows[index + 1], known)
            score = _score(both, known)
            below = _score([tidy(cell_text(cell)) for cell in rows[index + 1]], known)
            if score > max(single, below) and (best is None or score > best[0]):
                best = (score, index + 1, both)
    if best is None or best[0] < min(2, len(columns)):
        return None
    score, last_row, names = best
    return _placed(Header(last_row, _stripped(names), score=score), columns, rows)


def _score(names: Iterable[str], known: set[str]) -> int:
    return len({folded(name) for name in names if name} & known)


def _joined(upper: list[str], below: Sequence[Any], known: set[str]) -> list[str]:
    """Two header rows as one: the lower name, or the upper where the lower is empty or unknown."""
    names = []
    for position in range(max(len(upper), len(below))):
        top = upper[position] if position < len(upper) else ""
        low = tidy(cell_text(below[position])) if position < len(below) else ""
        if folded(low) in known or not top:
            names.append(low)
        else:
            names.append(top + low if folded(top + low) in known else top)
    return names


def _stripped(names: list[str]) -> list[str]:
    while names and not names[-1]:
        names.pop()
    return names


def _placed(header: Header, columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> Header:
    by_name = {folded(name): column for column in columns for name in column.names if name}
    row = header.last_row + 1
    for position, name in enumerate(header.names):
        if not name:
            continue
        column = by_name.get(folded(name))
        if column is None:
            if folded(name) in LEFT_OUT:
                header.left_out.append(name)
            else:
                fault = _unknown(row, position, name, by_name, header)
                header.faults.append(fault)
                if fault.sure:
                    # Read as what is meant, so that its cells are checked too, and no row is
                    # blamed for lacking them.
                    header.places[fault.likely] = position
        elif column.key in header.places:
            header.faults.append(
                Fault(
                    "column_twice",
                    row,
                    position,
                    name,
                    name,
                    _("The column “%(name)s” stands here a second time.") % {"name": name},
                    _("Delete one of the two."),
                )
            )
        else:
            header.places[column.key] = position
    meant = {fault.likely for fault in header.faults}
    for column in columns:
        needed = column.required or column.expected
        if needed and column.key not in header.places and column.key not in meant:
            header.faults.append(
                Fault(
                    "column_missing",
                    row,
                    None,
                    column.header,
                    "",
                    _("The column “%(name)s” is missing.") % {"name": column.header},
                    _("Add it; the template has all columns."),
                )
            )
    return header


def _unknown(
    row: int, position: int, name: str, by_name: dict[str, Column], header: Header
) -> Fault:
    taken = {column.key for column in by_name.values() if column.key in header.places}
    there = {folded(one) for one in header.names}
    free = {
        text: column
        for text, column in by_name.items()
        if column.key not in taken and not {folded(n) for n in column.names} & there
    }
    close = get_close_matches(folded(name), free, n=1, cutoff=0.45)
    likely = free[close[0]] if close else None
    remedy = (
        _("Probably “%(name)s” is meant: correct the header.") % {"name": likely.header}
        if likely
        else _("Delete the column, or give it the name of a column of the template.")
    )
    cause = _("There is no column “%(name)s”.") % {"name": name[:40]}
    fault = Fault("column_unknown", row, position, name, name, cause, remedy)
    if likely:
        fault.likely = likely.key
        fault.sure = SequenceMatcher(None, folded(name), close[0]).ratio() >= SURE
    return fault
