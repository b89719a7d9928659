"""The books of a city, read whole: what each naive count looks at, and where its rows belong.

Knows nothing of the tallies, spells, querysets and successions that the figures are made of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from typing import Any

from activities.models import Session
from coverage.reading import AsOf
from grids.models import Division, Succession
from jiaozuo_grid.lasting import today

Moves = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Row:
    """A row that counts: where it stands, how much it adds, and what it is, if that counts once."""

    code: str
    amount: int = 1
    what: Any = None


def rows_of(rows: Iterable[Any], amount: str = "") -> list[Row]:
    """A row for each, adding one or one of its fields."""
    return [Row(row.area_code, getattr(row, amount) if amount else 1) for row in rows]


def in_force(row: Any, day: date) -> bool:
    return row.started_on <= day and (row.ended_on is None or day < row.ended_on)


def within_days(row: Any, day: date, days: int) -> bool:
    """Whether the row happened in so many days that end with ``day``."""
    return bool(day - timedelta(days=days) < row.held_on <= day)


def in_month(day: date, month: date) -> bool:
    return (day.year, day.month) == (month.year, month.month)


class Books:
    """Everything that is written down now, with the changes of the map in their order.

    ``moves`` says for each change what became of which code; ``until`` is the day that is not over
    yet. Each table is read once.
    """

    def __init__(self, moves: Moves = (), until: date | None = None) -> None:
        self.moves = moves
        self.until = until or today()
        self.table: Callable[[Any], list[Any]] = cache(lambda model: list(model.objects.all()))
        self.today_code: Callable[[str], str] = cache(self._today_code)

    def standing(self, model: Any, day: date, **equal: Any) -> list[Any]:
        """The rows in force on the day of which some fields have these values."""
        return [
            row
            for row in self.table(model)
            if in_force(row, day) and all(getattr(row, key) == is_ for key, is_ in equal.items())
        ]

    def kept(self, model: Any) -> list[Any]:
        """The rows of what was held that were not withdrawn."""
        return [row for row in self.table(model) if row.withdrawn_at is None]

    def villages(self, day: date) -> dict[str, Any]:
        rows = self.standing(Division, day)
        return {row.area_code: row for row in rows if len(row.area_code) == 12}

    def by(self, model: Any, field: str) -> dict[Any, list[Any]]:
        """The rows of a table by the value of a field."""
        return self._grouped(model, field)

    @cached_property
    def _grouped(self) -> Callable[[Any, str], dict[Any, list[Any]]]:
        def grouped(model: Any, field: str) -> dict[Any, list[Any]]:
            found: dict[Any, list[Any]] = defaultdict(list)
            for row in self.table(model):
                found[getattr(row, field)].append(row)
            return found

        return cache(grouped)

    # --- the map

    def _today_code(self, code: str) -> str:
        for moved in self.moves:
            for digits in (17, 15, 12, 9, 6):
                if len(code) >= digits and code[:digits] in moved:
                    code = moved[code[:digits]]
                    break
        return code

    def followers(self, code: str) -> set[str]:
        """The hobby grid's code and all that followed it."""
        codes = {code}
        for moved in self.moves:
            codes |= {moved[one] for one in codes if one in moved}
        return codes

    def active(self, day: date, digits: int) -> set[str]:
        """Where a session was in the 30 days that end with the day, there or at a forerunner."""
        held = {s.area_code for s in self.kept(Session) if within_days(s, day, 30)}
        return {code[:digits] for one in held for code in self.followers(one)}

    def here(self, rows: Iterable[Row], area: str, asked: AsOf) -> list[Row]:
        """The rows that belong to an area, on the map that is asked for."""
        if asked.restated:
            return [row for row in rows if self.today_code(row.code).startswith(area)]
        return [row for row in rows if row.code.startswith(area)]


def stored_moves() -> list[dict[str, str]]:
    """What became of which code, as the stored successions say; a split whole fell to its
    village."""
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in Succession.objects.filter(undone=False).order_by("on", "pk"):
        found[row.reorganisation_id][row.old_code].append(row.new_code)
    return [
        {old: news[0] if len(news) == 1 else old[:12] for old, news in moved.items()}
        for moved in found.values()
    ]


Count = Callable[[Books, date], Iterable[Row]]
