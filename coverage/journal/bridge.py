"""The bridge: why a figure is another one, in parts that add up to the difference.

From the figure of ``first`` as it was known ``then`` to that of ``last`` as it is known now (or was
``until``). What was recorded in between about the first day is late reports, corrections,
reorganisations and changes of the definition; what happened after the first day is new.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db.models import BooleanField, F, Q, QuerySet, Sum
from django.db.models import ExpressionWrapper as Expression

from coverage.journal.columns import column_of, telling
from coverage.journal.days import end_of
from coverage.journal.known import (
    Value,
    is_flow,
    lines_of,
    opening_of,
    stocks_now,
    sum_of,
    value_now,
)
from coverage.models import Cause, JournalLine, Spell
from coverage.reading import AsOf
from coverage.registry import MEASURES
from coverage.registry.kinds import Where
from coverage.spells.areas import SPORT
from grids.models import Sport, Succession
from jiaozuo_grid.area import within_q


class Part(StrEnum):
    """Why a figure changed, in the order in which pages show it."""

    NEW = "new"
    LATE = "late"
    CORRECTED = "corrected"
    REORGANISED = "reorganised"
    REDEFINED = "redefined"


PART_OF = {
    Cause.ADDED: Part.LATE,
    Cause.CORRECTED: Part.CORRECTED,
    Cause.RECOUNTED: Part.CORRECTED,
    Cause.REORGANISED: Part.REORGANISED,
    Cause.REDEFINED: Part.REDEFINED,
}
# The order in which they are applied to a figure that is no sum.
IN_ORDER = (Part.REDEFINED, Part.REORGANISED, Part.CORRECTED, Part.LATE)
# What happened after the first day is new, whether it added or took away.
_FACTS = [cause for cause, part in PART_OF.items() if part in (Part.LATE, Part.CORRECTED)]


@dataclass(frozen=True)
class Bridge:
    """From one figure of an area to another; each thing is read when it is asked for, once."""

    area: str
    measure: str
    first: date
    last: date
    # When the first figure was known: the end of its day, where nothing else is said.
    then: datetime
    # Until when of the last figure; None: now.
    until: datetime | None = None
    restated: bool = False

    @cached_property
    def flow(self) -> bool:
        return is_flow(self.measure)

    @cached_property
    def where(self) -> Where:
        return AsOf(self.last, self.restated).ground(self.area)

    @cached_property
    def start(self) -> Value:
        """The figure of the first day as it was known then."""
        return self._now_first - sum_of(self._lines(self.first, self.then), self.measure)

    @cached_property
    def end(self) -> Value:
        """The figure of the last day as it is known in the end."""
        return self._in_the_end(self.last)

    @property
    def difference(self) -> int:
        return self.end.amount - self.start.amount

    @cached_property
    def parts(self) -> dict[Part, int]:
        """The difference in its parts."""
        parts = dict.fromkeys(Part, 0)
        happened = self.end.amount - self._in_the_end(self.first).amount
        moved = 0 if self.flow else self._moved()
        parts[Part.REORGANISED] += moved
        parts[Part.NEW] += happened - moved
        sums = (
            self._recorded.order_by()
            .annotate(after=Expression(Q(started_on__gt=self.first), BooleanField()))
            .values_list("cause", "after")
            .annotate(n=Sum(column_of(self.measure)))
        )
        for cause, after, amount in sums:
            new = after and cause in _FACTS
            parts[Part.NEW if new else PART_OF[Cause(cause)]] += amount
        return parts

    def lines(self, part: Part) -> QuerySet[Any, Any]:
        """What was recorded between the two figures about the first, and belongs to a part, with
        the ``change`` of each line.
        """
        of_facts = Q(cause__in=_FACTS, started_on__gt=self.first)
        if part is Part.NEW:
            chosen = of_facts
        else:
            causes = [cause for cause, own in PART_OF.items() if own is part]
            chosen = Q(cause__in=causes) & ~of_facts
        return self._listed(self._recorded.filter(chosen))

    def edges(self, part: Part) -> QuerySet[Any, Any]:
        """What began and ended after the first day (a standing measure), as it is known now:
        ``area_code``, ``day`` and ``change`` of each.
        """
        rows = Spell.objects.filter(self._here(), measure__in=self.measures)
        sides = []
        for field, change in (("started_on", F("amount")), ("ended_on", -F("amount"))):
            inside = {f"{field}__gt": self.first, f"{field}__lte": self.last}
            moved = self._at_successions(field)
            edges = rows.filter(**inside)
            edges = edges.filter(moved) if part is Part.REORGANISED else edges.exclude(moved)
            sides.append(
                edges.order_by()
                .annotate(day=F(field), change=change)
                .values("pk", "area_code", "day", "change")
            )
        return sides[0].union(sides[1], all=True).order_by("day", "area_code", "change", "pk")

    def unknown_then(self) -> QuerySet[Any, Any]:
        """What is known of the last day by now and was not in the end: no part of the bridge."""
        if self.until is None:
            return JournalLine.objects.none()
        return self._listed(self._lines(self.last, self.until))

    def _listed(self, lines: QuerySet[JournalLine]) -> QuerySet[Any, Any]:
        told = lines.filter(telling(self.measure)).annotate(change=F(column_of(self.measure)))
        return told.order_by("recorded_at", "pk")

    @cached_property
    def _now_first(self) -> Value:
        return value_now(self.area, self.measure, self.first, restated=self.restated)

    @property
    def _recorded(self) -> QuerySet[JournalLine]:
        return self._lines(self.first, self.then, self.until)

    @property
    def measures(self) -> list[str]:
        """The measures of whose lines and spells the figure is made."""
        return [self.measure]

    def _lines(
        self, day: date, after: datetime, until: datetime | None = None
    ) -> QuerySet[JournalLine]:
        return lines_of(self.where, self.measures, day, after, until, flow=self.flow)

    def _in_the_end(self, day: date) -> Value:
        if day == self.first:
            value = self._now_first
        else:
            value = value_now(self.area, self.measure, day, restated=self.restated)
        return (
            value
            if self.until is None
            else value - sum_of(self._lines(day, self.until), self.measure)
        )

    def _here(self) -> Q:
        return within_q([self.where]) if isinstance(self.where, str) else self.where.q()

    @cached_property
    def _successions(self) -> dict[date, set[str]]:
        """The codes at which something began or ended because the map changed, by day."""
        rows = Succession.objects.standing().filter(on__gt=self.first, on__lte=self.last)
        if self.until is not None:
            rows = rows.filter(reorganisation__done_at__lte=self.until)
        found: dict[date, set[str]] = defaultdict(set)
        for old, new, on in rows.values_list("old_code", "new_code", "on"):
            found[on] |= {old, new}
        return found

    def _at_successions(self, field: str) -> Q:
        condition = Q(pk__in=[])
        for on, codes in self._successions.items():
            condition |= Q(**{field: on}, area_code__in=codes)
        return condition

    def _moved(self) -> int:
        """What the first day's figure lost and gained by reorganisations until the last."""
        if not self._successions:
            return 0
        return sum(self._moved_by_measure().values())

    def _moved_by_measure(self) -> Counter[str]:
        rows = Spell.objects.filter(self._here(), measure__in=self.measures).order_by()
        moved: Counter[str] = Counter()
        for field, sign in (("started_on", 1), ("ended_on", -1)):
            edges = rows.filter(self._at_successions(field)).values_list("measure")
            for measure, amount in edges.annotate(n=Sum("amount")):
                moved[measure] += sign * amount
        return moved


@dataclass(frozen=True)
class SportsBridge(Bridge):
    """The number of sports is no sum: a sport offered by two hobby grids is one.

    So it is followed sport by sport, each part applied to what the parts before it left: what
    became known of the first day (new definitions, the map, corrections, late reports), then what
    moved until the last day, then what happened.
    """

    @cached_property
    def measures(self) -> list[str]:
        return [
            f"{SPORT}{key}" for key in Sport.objects.order_by("pk").values_list("pk", flat=True)
        ]

    @cached_property
    def start(self) -> Value:
        return _size(self._offered(self.first, self.then))

    @cached_property
    def end(self) -> Value:
        return _size(self._offered(self.last, self.until))

    @cached_property
    def parts(self) -> dict[Part, int]:
        offered = self._offered(self.first, self.then)
        recorded = self._recorded_by_part()
        steps = [(part, recorded[part]) for part in IN_ORDER]
        if self._successions:
            steps.append((Part.REORGANISED, self._moved_by_measure()))
        parts = dict.fromkeys(Part, 0)
        for part, changes in steps:
            before = _size(offered).amount
            offered.update(changes)
            parts[part] += _size(offered).amount - before
        parts[Part.NEW] = self.end.amount - _size(offered).amount
        return parts

    def _recorded_by_part(self) -> dict[Part, Counter[str]]:
        found: dict[Part, Counter[str]] = {part: Counter() for part in Part}
        sums = self._recorded.order_by().values_list("cause", "measure").annotate(n=Sum("amount"))
        for cause, measure, amount in sums:
            found[PART_OF[Cause(cause)]][measure] += amount
        return found

    def _offered(self, day: date, known: datetime | None) -> Counter[str]:
        """By sport how many hobby grids there were on a day, as known at a moment."""
        stocks = stocks_now(self.area, self.measures, day, restated=self.restated)
        # Below a village all that stands there is read, not only the sports.
        sports = set(self.measures)
        counts = Counter(
            {key: total for (_area, key), (total, _n) in stocks.items() if key in sports}
        )
        if known is not None:
            lines = self._lines(day, known).order_by().values_list("measure")
            for measure, amount in lines.annotate(n=Sum("amount")):
                counts[measure] -= amount
        return counts


def _size(offered: Counter[str]) -> Value:
    """How many sports there are of which there is a hobby grid."""
    number = sum(count > 0 for count in offered.values())
    return Value(number, number)


def bridge(
    area: str,
    measure: str,
    first: date,
    last: date,
    *,
    then: datetime | None = None,
    until: datetime | None = None,
    restated: bool = False,
) -> Bridge:
    """The bridge between two figures, begun where the journal begins if that is later."""
    known = then or end_of(first)
    opened = opening_of(measure)
    begun = max(known, opened) if opened else known
    kind = SportsBridge if MEASURES[measure].distinct else Bridge
    return kind(area, measure, first, last, begun, until, restated)
