"""The figures of areas as the books say."""

from __future__ import annotations

from datetime import date
from typing import Any

from coverage.reading import AsOf, Figure
from coverage.registry import MEASURES
from jiaozuo_grid.counted import offered
from tests.coverage.recount.activity import ACTIVITY
from tests.coverage.recount.books import Books, Count, Row
from tests.coverage.recount.organisation import ORGANISATION
from tests.coverage.recount.people import PEOPLE
from tests.coverage.recount.places import PLACES

COUNTS: dict[str, Count] = {**ORGANISATION, **ACTIVITY, **PEOPLE, **PLACES}


class NaiveFigures:
    """The figures of any area as the books say, on days and maps that are asked for."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self._rows: dict[tuple[str, date], list[Row]] = {}

    def rows(self, key: str, area: str, asked: AsOf) -> list[Row]:
        if (key, asked.day) not in self._rows:
            self._rows[key, asked.day] = list(COUNTS[key](self.books, asked.day))
        return self.books.here(self._rows[key, asked.day], area, asked)

    def amount(self, key: str, area: str, asked: AsOf) -> int:
        rows = self.rows(key, area, asked)
        if MEASURES[key].distinct:
            return len({row.what for row in rows})
        return sum(row.amount for row in rows)

    def figure(self, key: str, area: str, asked: AsOf) -> Figure:
        """As a page states it: None where nobody knows, and of how many villages it is known."""
        measure = MEASURES[key]
        if measure.missing and offered(key) is None:
            return Figure(None)
        amount = self.amount(key, area, asked)
        if not measure.partly_known:
            return Figure(amount)
        known = len(self.rows(measure.known_by or key, area, asked))
        of = self.amount(measure.known_of, area, asked)
        nothing_to_know = measure.known_of == "stations" and of == 0
        return Figure(amount if known or nothing_to_know else None, known, of)

    def differences(self, area: str, asked: AsOf, figures: dict[str, Figure]) -> list[Any]:
        """Where stated figures of an area are not these: (area, asked, key, stated, counted)."""
        counted = {key: self.figure(key, area, asked) for key in figures}
        return [
            (area, asked, key, stated, counted[key])
            for key, stated in figures.items()
            if stated != counted[key]
        ]
