"""Shifts: what reorganisations moved, so that the past can be read on today's map.

The restated figure of an area is its reported one plus its shift. Only what stands at a code that
belongs elsewhere today makes a shift: it is taken from every area above its old code and given to
every area above the new one. Shifts are counted anew as a whole whenever the successions changed
or something at such an old code did: moved rows are few beside all rows, and late ones are rare.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Count, Max

from coverage.models import (
    DatedShift,
    DatedTally,
    FlowShift,
    FlowTally,
    FoldState,
    Spell,
    StockShift,
    StockTally,
)
from coverage.spells.areas import SPORT
from coverage.stocks import sports_by_day
from coverage.tallies import FLOWS
from grids.lineage import Lineage
from grids.models import Succession
from jiaozuo_grid.area import DIVISION_DIGITS, Level, ancestors


def map_state() -> str:
    """The newest succession and how many stand: anything else than before, and the map changed."""
    rows = Succession.objects.standing().aggregate(newest=Max("pk"), count=Count("pk"))
    return f"{rows['newest'] or 0}:{rows['count']}"


def are_touched(codes: Iterable[str]) -> bool:
    """Whether something at ``codes`` belongs elsewhere today."""
    ups = {up for code in codes for up in ancestors(code, include_self=True)}
    return Succession.objects.standing().filter(old_code__in=ups).exists()


def rebuild_shifts(state: FoldState) -> None:
    """Count all shifts anew; the caller holds the fold's lock and saves ``state``."""
    for model in (StockShift, FlowShift, DatedShift):
        model._default_manager.all().delete()
    lineage = Lineage.read()
    if lineage:
        _store(StockShift, stock_shifts(lineage))
        _store(FlowShift, flow_shifts(lineage))
        _store(DatedShift, dated_shifts(lineage))
    state.map_state = map_state()
    state.shifts_stale = False


def _store(model: Any, rows: Iterator[Any]) -> None:
    while part := list(islice(rows, 5000)):
        model.objects.bulk_create(part, batch_size=1000)


def _moved(model: Any, lineage: Lineage, *fields: str) -> Iterator[Any]:
    """The values of all rows at codes that belong elsewhere today."""
    for ground in lineage.moved():
        rows = model.objects.filter(ground.q())
        yield from rows.values_list(*fields).iterator(20_000)


def _gained(old: str, new: str, digits: Iterable[int]) -> Iterator[tuple[str, int]]:
    """The areas that gain (1) or lose (-1) what stood at ``old`` and belongs to ``new`` today."""
    for n in digits:
        before, after = old[:n] if n <= len(old) else "", new[:n] if n <= len(new) else ""
        if before != after:
            if before:
                yield before, -1
            if after:
                yield after, 1


def stock_shifts(lineage: Lineage) -> Iterator[StockShift]:
    """The shifts of standing measures, counted from the spells at codes of the past."""
    series: dict[tuple[str, str], dict[date, list[int]]] = defaultdict(
        lambda: defaultdict(lambda: [0, 0])
    )
    for code, measure, start, end, amount in _moved(
        Spell, lineage, "area_code", "measure", "started_on", "ended_on", "amount"
    ):
        for area, sign in _gained(code, lineage.today(code), DIVISION_DIGITS):
            for day, direction in ((start, sign), (end, -sign)):
                if day is not None:
                    change = series[area, measure][day]
                    change[0] += direction * amount
                    change[1] += direction
    sports: dict[str, dict[str, list[tuple[date, int]]]] = defaultdict(dict)
    for (area, measure), days in sorted(series.items()):
        total = spells_total = 0
        for day in sorted(days):
            amount, count = days[day]
            if amount or count:
                total += amount
                spells_total += count
                yield _shift(area, measure, day, total, spells_total)
                if measure.startswith(SPORT):
                    sports[area].setdefault(measure, []).append((day, total))
    for area, moved in sorted(sports.items()):
        yield from _sports_shifts(area, moved)


def _shift(area: str, measure: str, day: date, total: int, spells: int) -> StockShift:
    return StockShift(area_code=area, measure=measure, day=day, total=total, spells=spells)


def _sports_shifts(area: str, moved: dict[str, list[tuple[date, int]]]) -> Iterator[StockShift]:
    """How many more sports an area offers on today's map: they do not add up, so the number of
    both readings is told and one taken from the other.
    """
    rows = StockTally.objects.filter(
        area_code=area, measure__gte=SPORT, measure__lt=SPORT[:-1] + ";"
    ).order_by("day", "measure")
    reported = [(sport, day, n) for sport, day, n in rows.values_list("measure", "day", "total")]
    series: dict[str, dict[date, list[int | None]]] = defaultdict(dict)
    for sport, day, n in reported:
        series[sport].setdefault(day, [None, None])[0] = n
    for sport, days in moved.items():
        for day, n in days:
            series[sport].setdefault(day, [None, None])[1] = n
    restated: list[tuple[str, date, int]] = []
    for sport, changes in series.items():
        known = [0, 0]
        for day in sorted(changes):
            known = _next(known, changes[day])
            restated.append((sport, day, sum(known)))
    restated.sort(key=lambda offer: (offer[1], offer[0]))
    numbers: dict[date, list[int | None]] = {}
    for side, offers in enumerate((reported, restated)):
        for day, n in sports_by_day(offers):
            numbers.setdefault(day, [None, None])[side] = n
    known, shift = [0, 0], 0
    for day in sorted(numbers):
        known = _next(known, numbers[day])
        if known[1] - known[0] != shift:
            shift = known[1] - known[0]
            yield _shift(area, "sports", day, shift, shift)


def _next(known: list[int], changed: list[int | None]) -> list[int]:
    """Both readings from a day on: the value that changed, or the one before."""
    return [was if now is None else now for was, now in zip(known, changed, strict=True)]


def dated_shifts(lineage: Lineage) -> Iterator[DatedShift]:
    """The shifts of what is held at areas of any level, counted from what stands at old codes."""
    totals: dict[tuple[str, date, str], int] = defaultdict(int)
    for code, month, measure, own in _moved(
        DatedTally, lineage, "area_code", "month", "measure", "own"
    ):
        if own:
            for area, sign in _gained(code, lineage.today(code), Level):
                totals[area, month, measure] += sign * own
    for (area, month, measure), total in sorted(totals.items()):
        if total:
            yield DatedShift(area_code=area, month=month, measure=measure, total=total)


def flow_shifts(lineage: Lineage) -> Iterator[FlowShift]:
    """The shifts of months, counted from the tallies of hobby grids at codes of the past."""
    totals: dict[tuple[str, date], list[int]] = defaultdict(lambda: [0] * len(FLOWS))
    for code, month, *figures in _moved(FlowTally, lineage, "area_code", "month", *FLOWS):
        if len(code) < Level.HOBBY_GRID:
            continue
        for area, sign in _gained(code, lineage.today(code), Level):
            total = totals[area, month]
            for i, figure in enumerate(figures):
                total[i] += sign * figure
    for (area, month), total in sorted(totals.items()):
        if any(total):
            yield FlowShift(area_code=area, month=month, **dict(zip(FLOWS, total, strict=True)))
