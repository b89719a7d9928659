"""What an app declares about one of its spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.functional import Promise

from jiaozuo_grid.reach import Actor
from jiaozuo_grid.spreadsheets.choices import OneOf
from jiaozuo_grid.spreadsheets.columns import Column
from jiaozuo_grid.spreadsheets.faults import Fault
from jiaozuo_grid.spreadsheets.text import cell_text, tidy


@dataclass(frozen=True)
class Layout:
    """Where the columns of a file stand, and what they are called there."""

    places: dict[str, int]
    headers: dict[str, str]
    # The columns that hold identity numbers, of which reports show only the ends.
    secret: frozenset[str] = frozenset()


@dataclass(slots=True)
class Row:
    """A row of the file: the values of its filled and faultless cells by column."""

    number: int
    cells: list[Any]
    layout: Layout
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    # Columns whose cell held a masked value, which changes nothing.
    masked: tuple[str, ...] = ()
    # What ``find`` read for the row besides the row itself, for ``check`` and ``apply``.
    met: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Any:
        """The value of a column; None where the cell is empty or wrong."""
        return self.values.get(key)

    def cell(self, key: str) -> Any:
        """What stands in the cell of a column; None where there is no such column or cell."""
        position = self.layout.places.get(key)
        return self.cells[position] if position is not None and position < len(self.cells) else None

    def shown(self, key: str) -> str:
        """The text of a cell, as reports show it; "" where it is empty."""
        text = tidy(cell_text(self.cell(key)))
        if key in self.layout.secret and len(text) > 10:
            return f"{text[:6]}{'*' * (len(text) - 10)}{text[-4:]}"
        return text[:80]

    def fault(self, key: str, code: str, cause: str, remedy: str) -> None:
        """Say what is wrong with the cell of a column."""
        self.faults.append(
            Fault(
                code,
                self.number,
                self.layout.places.get(key),
                self.layout.headers.get(key, key),
                self.shown(key),
                cause,
                remedy,
            )
        )


@dataclass
class Change:
    """A stored row that the file would change: ``changes`` is column → (before, after)."""

    row: Row
    stored: Any
    changes: dict[str, tuple[Any, Any]]

    def __getitem__(self, key: str) -> Any:
        """What a column will hold, whether it changes or not; None where nobody said."""
        return self.changes[key][1] if key in self.changes else None


class Sheet:
    """A kind of spreadsheet. Register one instance with ``register`` when the app is ready."""

    key: ClassVar[str]
    title: ClassVar[str | Promise]
    note: ClassVar[str | Promise] = ""
    # The right that an import needs, and the one that an export needs.
    right: ClassVar[str]
    view_right: ClassVar[str]
    columns: ClassVar[tuple[Column, ...]]
    # The models that an import writes in bulk ("accounts.person").
    writes: ClassVar[tuple[str, ...]] = ()
    # The columns by which a row is known again; no two rows of a file may agree in all of them.
    business_key: ClassVar[tuple[str, ...]]

    def bound_columns(self) -> list[Column]:
        """The columns with their choices read once."""
        return [
            replace(column, kind=type(column.kind)(_fixed(column.kind)))
            if isinstance(column.kind, OneOf)
            else column
            for column in self.columns
        ]

    def rows(self, actor: Actor) -> QuerySet[Any]:
        """All rows that the actor may see, in a total order, for an export."""
        raise NotImplementedError

    def check_file(self, actor: Actor, rows: Sequence[Row]) -> None:
        """Add the faults between the rows of the file, such as a person who stands there twice."""

    def find(self, actor: Actor, rows: Sequence[Row]) -> dict[int, Any]:
        """The stored row of each row of the file (by its number), where there is one.

        May add faults, where a row is known and must not be touched. Never tells what lies
        outside the actor's reach.
        """
        raise NotImplementedError

    def values(self, actor: Actor, stored: Sequence[Any]) -> list[dict[str, Any]]:
        """What the sheet holds for stored rows, in their order; a few queries for all of them."""
        raise NotImplementedError

    def check(self, actor: Actor, rows: Sequence[Row], found: dict[int, Any]) -> None:
        """Add the faults that a cell alone does not show. Asked for some hundred rows at a time."""

    def check_changes(self, actor: Actor, changed: Sequence[Change]) -> None:
        """Add the faults of rows that are known, once it is known what would change."""

    def apply(self, actor: Actor, new: Sequence[Row], changed: Sequence[Change]) -> None:
        """Write some of the rows. Called in the transaction of the whole import."""
        raise NotImplementedError

    def finish(self, actor: Actor, new: Sequence[Row], changed: Sequence[Change]) -> None:
        """Asked once, after all rows are written and before they are committed."""

    def entries(self, rows: Sequence[Any]) -> Sequence[Any]:
        """Rows of ``rows()`` as ``find`` gives them."""
        return rows

    def disclosed(
        self, actor: Actor, stored: Sequence[Any], values: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """The values as the actor may have them in an export, with the informative columns."""
        return values

    def exported(self, actor: Actor, rows: QuerySet[Any]) -> Iterator[dict[str, Any]]:
        """The values of the rows of an export, some thousand at a time."""
        part: list[Any] = []
        for row in rows.iterator(chunk_size=2000):
            part.append(row)
            if len(part) == 2000:
                yield from self._exported(actor, part)
                part = []
        if part:
            yield from self._exported(actor, part)

    def _exported(self, actor: Actor, part: Sequence[Any]) -> list[dict[str, Any]]:
        entries = self.entries(part)
        return self.disclosed(actor, entries, self.values(actor, entries))


def _fixed(kind: OneOf) -> Any:
    choices = tuple(kind.choices())
    return lambda: choices


_sheets: dict[str, Sheet] = {}


def register(sheet: Sheet) -> None:
    """Called by the owning app when it is ready."""
    _sheets[sheet.key] = sheet


def sheets() -> list[Sheet]:
    """All sheets, in the order of their registration."""
    return list(_sheets.values())


def sheet_called(key: str) -> Sheet | None:
    return _sheets.get(key)
