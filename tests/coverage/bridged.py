"""Bridges over random histories: what was known at each moment, noted by a naive count.

The clock goes on while the city lives, so that lines are recorded on different days, before and
after the days that they are about.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product
from random import Random
from typing import Any
from unittest import mock

from django.utils import timezone

from coverage.folding import fold
from coverage.journal import recording
from coverage.journal.bridge import Bridge, Part, bridge
from coverage.models import FoldState, Receipt
from coverage.reading import AsOf
from coverage.receipts import PAGE, receipt_for
from coverage.receipts.reading import ReceiptReading
from coverage.recount import rebuild
from coverage.registry import MEASURES
from grids.models import Division, Grid, HobbyGrid
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM
from tests.coverage.reorganised import KEYS, ChangingCity

# When the city of the test begins to be counted.
BEFORE = timedelta(days=70)


@dataclass
class Known:
    """What a naive count said at a moment of the journal, by (area, measure, day)."""

    moment: datetime
    figures: dict[tuple[str, str, date], int]


class RememberedCity:
    """A changing city of which it is remembered what was known when."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.now = timezone.now() - BEFORE
        with self._clock():
            self.city = ChangingCity(seed)
            rebuild()
        self.days = sorted({today() - timedelta(days=self.rng.randrange(80)) for _n in range(3)})
        self.days.append(today())
        self.areas = [*self._some(Division, 4), *self._some(Grid, 1), *self._some(HobbyGrid, 1)]
        self.known: list[Known] = []

    def _some(self, model: Any, number: int) -> list[str]:
        codes = list(model.objects.order_by("area_code").values_list("area_code", flat=True))
        return self.rng.sample(codes, min(number, len(codes)))

    @contextmanager
    def _clock(self) -> Iterator[None]:
        """The journal's clock, which goes on by itself a little."""

        def now() -> datetime:
            self.now += timedelta(seconds=1)
            return self.now

        with mock.patch.object(recording, "now", now):
            yield

    def live(self, steps: int) -> None:
        """So many changes, and then some days in which nothing happens; noted is what is known."""
        with self._clock():
            self.city.live(steps)
            fold()
        self.remember()
        self.now += timedelta(seconds=self.rng.randrange(25 * 24 * 3600))
        self.now = min(self.now, timezone.now() - timedelta(hours=1))

    def remember(self) -> None:
        moment = FoldState.objects.get().folded_at
        assert moment is not None
        naive = self.city.naive()
        figures = {
            (area, key, day): naive.amount(key, area, AsOf(day))
            for area, key, day in product(self.areas, KEYS, self.days)
        }
        self.known.append(Known(moment, figures))

    def bridges(self, sample: int) -> Iterator[tuple[Bridge, int, int]]:
        """Bridges between what is remembered, and what the naive count says of their ends."""
        moments = [(a, z) for n, a in enumerate(self.known) for z in self.known[n:]]
        days = [(a, z) for a in self.days for z in self.days if a <= z]
        every = list(product(moments, days, self.areas, KEYS))
        for (then, late), (first, last), area, key in self.rng.sample(every, sample):
            until = None if late is self.known[-1] else late.moment
            found = bridge(area, key, first, last, then=then.moment, until=until)
            yield found, then.figures[area, key, first], late.figures[area, key, last]


def faults(city: RememberedCity, sample: int) -> list[Any]:
    """Bridges of which an end or a sum of parts is off, or whose lists do not add up."""
    found: list[Any] = []
    for one, start, end in city.bridges(sample):
        name = (one.area, one.measure, one.first, one.last, one.then, one.until)
        if (one.start.amount, one.end.amount) != (start, end):
            found.append((name, "ends", one.start.amount, start, one.end.amount, end))
        if sum(one.parts.values()) != end - start:
            found.append((name, "parts", dict(one.parts), end - start))
        found += [(name, part, "list") for part in Part if not listed_add_up(one, part)]
    return found


def listed_add_up(one: Bridge, part: Part) -> bool:
    """Whether what a part lists adds up to it."""
    if one.until is not None or (one.flow and one.first.replace(day=1) != one.last.replace(day=1)):
        # Their new facts are two months, or not yet what is known by now: said on the page.
        return True
    if MEASURES[one.measure].distinct:
        # A sport more is one, however many hobby grids offer it: its list shows what touched it.
        return True
    total = sum(line.change for line in one.lines(part))
    if not one.flow and part in (Part.NEW, Part.REORGANISED):
        total += sum(edge["change"] for edge in one.edges(part))
    return total == one.parts[part]


def unlike_their_papers(seed: int, lives: int, steps: int = 6) -> list[Any]:
    """Receipts of a changing city of which a figure is not had again."""
    city = ChangingCity(seed)
    rebuild()
    papers: list[Receipt] = []
    for _life in range(lives):
        city.live(steps)
        areas = list(Division.objects.filter(ended_on=None).values_list("area_code", flat=True))
        for area in city.rng.sample(sorted(areas), 3):
            day = today() - timedelta(days=city.rng.randrange(60))
            restated = city.rng.random() < 0.5
            papers.append(receipt_for(area, day, PAGE, SYSTEM, restated=restated))
        city.live(steps)
    return [
        (paper.area_code, area, paper.on, paper.restated, one.key, one.stored, one.again)
        for paper in papers
        for area in paper.values
        for one in ReceiptReading(paper, area).figures
        if not one.is_same
    ]
