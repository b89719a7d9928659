"""Recounting everything from the rows: after a bulk load, and every night to find drift."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from activities.models import Session
from coverage.folding import fold, lock_fold_state
from coverage.models import FlowShift, FlowTally, Spell, StaleMark, StockShift, StockTally
from coverage.shifts import flow_shifts, rebuild_shifts, stock_shifts
from coverage.spells import Scope, recounted
from grids.lineage import Lineage
from grids.models import Division
from jiaozuo_grid.area import DIVISION_DIGITS, Level, ancestors

log = logging.getLogger(__name__)

# Adds up the changes of each day at one level of divisions, then runs the totals.
_STOCKS = """
WITH edges AS (
    SELECT substr(area_code, 1, {n}) AS area, measure, started_on AS day,
           amount AS amount, 1 AS spells
      FROM coverage_spell WHERE length(area_code) >= {n}
    UNION ALL
    SELECT substr(area_code, 1, {n}), measure, ended_on, -amount, -1
      FROM coverage_spell WHERE length(area_code) >= {n} AND ended_on IS NOT NULL
), days AS (
    SELECT area, measure, day, SUM(amount) AS amount, SUM(spells) AS spells
      FROM edges GROUP BY area, measure, day
    HAVING SUM(amount) <> 0 OR SUM(spells) <> 0
)
{insert}
SELECT area, measure, day,
       SUM(amount) OVER (PARTITION BY area, measure ORDER BY day) AS total,
       SUM(spells) OVER (PARTITION BY area, measure ORDER BY day) AS spells
  FROM days
"""
_INSERT = "INSERT INTO coverage_stocktally (area_code, measure, day, total, spells)"


def _scopes() -> list[Scope]:
    """The whole city in parts that fit into memory: county by county, and what stands above."""
    divisions = Division.objects.order_by("area_code")
    cities = list(divisions.filter(digits=Level.CITY).values_list("area_code", flat=True))
    counties = divisions.filter(digits=Level.COUNTY).values_list("area_code", flat=True)
    return [Scope(codes=tuple(cities)), *(Scope(area=code) for code in counties)]


def _all_spells() -> Iterator[Spell]:
    for scope in _scopes():
        yield from recounted(scope)


def _flows() -> Iterator[FlowTally]:
    """The months of every area, its hobby grids counted once.

    The levels above are added up from those counts: were each level read by a statement of its
    own, a session committed between two of them would be in one and never in the other.
    """
    totals: dict[tuple[str, date], list[int]] = defaultdict(lambda: [0, 0, 0])
    rows = (
        Session.objects.standing()
        .order_by()
        .annotate(month=TruncMonth("held_on"))
        .values("area_code", "month")
        .annotate(n=Count("pk"), people=Sum("participants"), time=Sum("minutes"))
    )
    for row in rows.iterator(10_000):
        for area in ancestors(row["area_code"], include_self=True):
            total = totals[area, row["month"]]
            total[0] += row["n"]
            total[1] += row["people"]
            total[2] += row["time"]
    for (area, month), (sessions, participants, minutes) in totals.items():
        yield FlowTally(
            area_code=area,
            month=month,
            sessions=sessions,
            participants=participants,
            minutes=minutes,
        )


def _store(model: Any, rows: Iterator[Any], size: int = 5000) -> None:
    while batch := list(islice(rows, size)):
        model.objects.bulk_create(batch, batch_size=1000)


@transaction.atomic
def rebuild() -> None:
    """Throw all tallies away and count them anew from the rows."""
    state = lock_fold_state()
    StaleMark.objects.all().delete()
    for model in (Spell, StockTally, FlowTally):
        model.objects.all().delete()
    _store(Spell, _all_spells())
    with connection.cursor() as cursor:
        for n in DIVISION_DIGITS:
            cursor.execute(_STOCKS.format(n=n, insert=_INSERT))
    _store(FlowTally, _flows())
    rebuild_shifts(state)
    state.folded_at = timezone.now()
    state.save()


def _stock_rows() -> set[tuple[Any, ...]]:
    found: set[tuple[Any, ...]] = set()
    with connection.cursor() as cursor:
        for n in DIVISION_DIGITS:
            cursor.execute(_STOCKS.format(n=n, insert=""))
            found.update((a, m, str(d), int(t), int(s)) for a, m, d, t, s in cursor.fetchall())
    return found


def drift() -> list[dict[str, Any]]:
    """Where the stored tallies differ from a count of the rows; empty is right.

    Folds what waits first, then holds the fold's lock. People go on writing meanwhile, so an area
    of which a mark waits in the end is not judged: its mark tells of what the tallies lack.
    """
    fold()
    with transaction.atomic():
        state = lock_fold_state()
        found = [
            *_compare("spell", _spells_stored(), _spells_fresh()),
            *_compare("stock", _stocks_stored(), _stock_rows()),
            *_compare("flow", _flows_stored(), _flows_fresh()),
            *_compare("stock shift", *_stock_shifts()),
            *_compare("flow shift", *_flow_shifts()),
        ]
        waiting = _touched_by_marks()
        found = [difference for difference in found if difference["area_code"] not in waiting]
        state.recounted_at = timezone.now()
        state.drift = found[:100]
        state.save(update_fields=["recounted_at", "drift"])
    if found:
        log.error("%s tallies differ from their rows; run manage.py rebuild_tallies", len(found))
    return found


def _touched_by_marks() -> set[str]:
    """The areas whose figures a waiting mark may change: its code, today's code, all above."""
    marked = set(StaleMark.objects.values_list("area_code", flat=True))
    lineage = Lineage.read()
    codes = marked | {lineage.today(code) for code in marked}
    return {area for code in codes for area in ancestors(code, include_self=True)}


def _spells_stored() -> set[tuple[Any, ...]]:
    rows = Spell.objects.values_list("area_code", "measure", "started_on", "ended_on", "amount")
    return {(code, *map(str, rest)) for code, *rest in rows.iterator(20_000)}


def _spells_fresh() -> set[tuple[Any, ...]]:
    return {
        (s.area_code, *map(str, (s.measure, s.started_on, s.ended_on, s.amount)))
        for s in _all_spells()
    }


def _stocks_stored() -> set[tuple[Any, ...]]:
    rows = StockTally.objects.values_list("area_code", "measure", "day", "total", "spells")
    return {(a, m, str(d), t, s) for a, m, d, t, s in rows.iterator(20_000)}


def _flow_key(row: FlowTally | FlowShift) -> tuple[Any, ...]:
    return (row.area_code, str(row.month), row.sessions, row.participants, row.minutes)


def _flows_stored() -> set[tuple[Any, ...]]:
    return {_flow_key(row) for row in FlowTally.objects.iterator(20_000)}


def _flows_fresh() -> set[tuple[Any, ...]]:
    return {_flow_key(row) for row in _flows()}


def _stock_shifts() -> tuple[set[tuple[Any, ...]], set[tuple[Any, ...]]]:
    """The shifts of standing measures: stored, and counted anew."""

    def key(row: StockShift) -> tuple[Any, ...]:
        return (row.area_code, row.measure, str(row.day), row.total, row.spells)

    fresh = {key(row) for row in stock_shifts(Lineage.read())}
    return {key(row) for row in StockShift.objects.iterator(20_000)}, fresh


def _flow_shifts() -> tuple[set[tuple[Any, ...]], set[tuple[Any, ...]]]:
    """The shifts of months: stored, and counted anew."""
    fresh = {_flow_key(row) for row in flow_shifts(Lineage.read())}
    return {_flow_key(row) for row in FlowShift.objects.iterator(20_000)}, fresh


def _compare(
    table: str, stored: set[tuple[Any, ...]], fresh: set[tuple[Any, ...]]
) -> list[dict[str, Any]]:
    """The rows, each beginning with its area code, that only one of the two counts has."""
    return [
        {"table": table, "area_code": row[0], side: list(row[1:])}
        for side, rows in (("stored", stored - fresh), ("recounted", fresh - stored))
        for row in sorted(rows, key=str)
    ]
