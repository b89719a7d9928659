"""Writing the journal, in the transaction of the fold that found the changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Sum
from django.utils import timezone

from activities.models import Session
from coverage.journal.columns import OF_SESSIONS, SESSIONS, told
from coverage.models import Cause, FoldState, JournalLine, StaleMark
from coverage.storing import store
from jiaozuo_grid.lasting import today
from jiaozuo_grid.months import month_end

# (measure, leaf code, day) -> change of the amount, of the number of spells from that day on
Edges = Mapping[tuple[str, str, date], Collection[int]]
LINE = (
    "recorded_at",
    "measure",
    "area_code",
    "started_on",
    "ended_on",
    "amount",
    "participants",
    "participant_minutes",
    "rows",
    "cause",
    "late",
)
# What nobody can ask for has no lines.
UNASKED = ("minutes",)
# A figure of a day is asked for as it was known on that day or later, so what is said of days to
# come needs no line: when it is asked for, it was known already. That is most of it: each session
# makes a hobby grid active for another day a month from now. A week more, for a clock that was
# ahead when somebody printed a paper.
AHEAD = timedelta(days=7)


def now() -> datetime:
    return timezone.now()


def next_moment(state: FoldState) -> datetime:
    """The moment of this fold: after the one before, even where the clock was set back, so that
    "known then" stays what it was.
    """
    moment = now()
    if state.folded_at is None:
        return moment
    return max(moment, state.folded_at + timedelta(microseconds=1))


class Recorder:
    """Collects what one fold changes at the leaves, and writes it down as lines."""

    def __init__(self, state: FoldState, marks: Iterable[StaleMark]) -> None:
        self.moment = next_moment(state)
        self._since = state.folded_at
        self._today = timezone.localdate(self.moment)
        self._ahead = max(self._today, today()) + AHEAD
        self._lines: list[tuple[Any, ...]] = []
        self._moved: set[str] = set()
        self._days: dict[tuple[str, date], set[date]] = defaultdict(set)
        self._several: dict[tuple[str, date], dict[str, int]] = {}
        for mark in marks:
            if mark.cause == Cause.REORGANISED:
                self._moved.add(mark.area_code)
            if mark.month is not None and mark.day is not None:
                self._days[mark.area_code, mark.month].add(mark.day)

    def moved_too(self, codes: Iterable[str]) -> None:
        """What changed at these codes changed because of a reorganisation as well."""
        self._moved.update(codes)

    @property
    def moved(self) -> frozenset[str]:
        """The marked codes that a reorganisation changed."""
        return frozenset(self._moved)

    def stocks(self, edges: Edges) -> None:
        """Changes of standing measures, as stretches of days on which the figure differs."""
        series: dict[tuple[str, str], list[tuple[date, int, int]]] = defaultdict(list)
        for (measure, code, day), (amount, rows) in edges.items():
            if amount or rows:
                series[measure, code].append((day, amount, rows))
        for (measure, code), days in series.items():
            amount = rows = 0
            days.sort()
            ends = [day for day, _amount, _rows in days[1:]]
            for (day, more, spells), end in zip(days, [*ends, None], strict=True):
                amount, rows = amount + more, rows + spells
                if (amount or rows) and day <= self._ahead:
                    self._add(code, day, end, {measure: amount}, rows)

    def flows(self, code: str, month: date, changes: Mapping[str, int]) -> None:
        """Changes of what happened at a leaf in a month."""
        changes = {name: amount for name, amount in changes.items() if name not in UNASKED}
        if not any(changes.values()):
            return
        # Where nothing is said of a day (a schedule changed, a meeting became due): the last one
        # of the month that has come.
        days = self._days.get((code, month)) or {min(self._today, month_end(month))}
        if len(days) == 1:
            self._add_flows(code, next(iter(days)), changes)
        else:
            self._several.setdefault((code, month), {}).update(changes)

    def write(self) -> datetime:
        """Store the lines; returns their moment."""
        if self._several:
            self._tell_days_apart()
        store(JournalLine, LINE, self._lines)
        return self.moment

    def _tell_days_apart(self) -> None:
        """Several days of a leaf were marked at once: what was logged since the last fold says how
        much of the change is of which day; the rest, a correction, is put to the earliest.
        """
        days = {day for key in self._several for day in self._days[key]}
        fresh = Session.objects.standing().filter(
            area_code__in={code for code, _month in self._several}, held_on__in=days
        )
        if self._since is not None:
            fresh = fresh.filter(logged_at__gt=self._since)
        counted = (
            fresh.order_by()
            .values_list("area_code", "held_on")
            .annotate(
                n=Count("pk"),
                people=Sum("participants"),
                both=Sum(F("participants") * F("minutes")),
            )
        )
        for code, day, *figures in counted.order_by("area_code", "held_on"):
            rest = self._several.get((code, day.replace(day=1)))
            if rest is None or not rest.keys() >= OF_SESSIONS.keys():
                continue
            added = dict(zip(OF_SESSIONS, figures, strict=True))
            self._add_flows(code, day, added)
            for measure, amount in added.items():
                rest[measure] -= amount
        for (code, month), rest in self._several.items():
            if any(rest.values()):
                self._add_flows(code, min(self._days[code, month]), rest)

    def _add_flows(self, code: str, day: date, changes: Mapping[str, int]) -> None:
        of_sessions = {name: changes[name] for name in OF_SESSIONS if name in changes}
        if any(of_sessions.values()):
            self._add(code, day, None, of_sessions, of_sessions[SESSIONS])
        for measure, amount in changes.items():
            if amount and measure not in of_sessions:
                self._add(code, day, None, {measure: amount}, amount)

    def _add(
        self, code: str, start: date, end: date | None, changes: Mapping[str, int], rows: int
    ) -> None:
        cause = Cause.ADDED if rows > 0 else Cause.CORRECTED
        if code in self._moved:
            cause = Cause.REORGANISED
        measure, *amounts = told(changes)
        late = start < self._today
        line = (self.moment, measure, code, start, end, *amounts, rows, cause.value, late)
        self._lines.append(line)
