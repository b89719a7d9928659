"""Writing the journal, in the transaction of the fold that found the changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Sum
from django.utils import timezone

from activities.models import Session
from coverage.models import Cause, FoldState, JournalLine, StaleMark
from jiaozuo_grid.months import month_end

# (measure, leaf code, day) -> change of the amount, of the number of spells from that day on
Edges = Mapping[tuple[str, str, date], Collection[int]]
# What happens to these is added up from sessions; how many more sessions says how many rows more.
OF_SESSIONS = ("sessions", "participants", "minutes", "participant_minutes")


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
        self._lines: list[JournalLine] = []
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
                if amount or rows:
                    self._add(measure, code, day, end, amount, rows)

    def flows(self, code: str, month: date, changes: Mapping[str, int]) -> None:
        """Changes of what happened at a leaf in a month."""
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
        JournalLine.objects.bulk_create(self._lines, batch_size=1000)
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
                time=Sum("minutes"),
                both=Sum(F("participants") * F("minutes")),
            )
        )
        for code, day, *figures in counted.order_by("area_code", "held_on"):
            rest = self._several.get((code, day.replace(day=1)))
            if rest is None or not rest.keys() >= set(OF_SESSIONS):
                continue
            added = dict(zip(OF_SESSIONS, figures, strict=True))
            self._add_flows(code, day, added)
            for measure, amount in added.items():
                rest[measure] -= amount
        for (code, month), rest in self._several.items():
            if any(rest.values()):
                self._add_flows(code, min(self._days[code, month]), rest)

    def _add_flows(self, code: str, day: date, changes: Mapping[str, int]) -> None:
        for measure, amount in changes.items():
            counts = "sessions" if measure in OF_SESSIONS else measure
            rows = changes.get(counts, amount)
            if amount or rows:
                self._add(measure, code, day, None, amount, rows)

    def _add(
        self, measure: str, code: str, start: date, end: date | None, amount: int, rows: int
    ) -> None:
        cause = Cause.ADDED if rows > 0 else Cause.CORRECTED
        self._lines.append(
            JournalLine(
                recorded_at=self.moment,
                measure=measure,
                area_code=code,
                started_on=start,
                ended_on=end,
                amount=amount,
                rows=rows,
                cause=Cause.REORGANISED if code in self._moved else cause,
                late=start < self._today,
            )
        )
