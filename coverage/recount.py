"""Recounting everything from the rows: after a bulk load, and every night to find drift."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from coverage.allmonths import months_counted, store_months
from coverage.dated import carried, counted
from coverage.folding import fold
from coverage.journal.rebuilding import across_rebuild
from coverage.locks import lock_fold_state
from coverage.models import (
    DatedShift,
    DatedTally,
    FlowShift,
    FlowTally,
    FoldState,
    NearStation,
    Spell,
    StaleMark,
    StockShift,
    StockTally,
)
from coverage.near import all_near
from coverage.shifts import dated_shifts, flow_shifts, rebuild_shifts, stock_shifts
from coverage.spells import SPELL, Scope, SpellRow, recounted
from coverage.spells.areas import SPORT
from coverage.spells.heldmonths import sessions_summed
from coverage.stocks import divisions_with_sports, refresh_sports, sports_by_day
from coverage.storing import store
from coverage.tallies import FLOWS
from coverage.touched import codes_affected
from grids.lineage import Lineage
from grids.models import Division
from jiaozuo_grid.area import DIVISION_DIGITS, Level, ancestors
from jiaozuo_grid.lasting import today

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


def _all_spells() -> Iterator[SpellRow]:
    for scope in _scopes():
        yield from recounted(scope)


def _store(model: Any, rows: Iterator[Any], size: int = 5000) -> None:
    while batch := list(islice(rows, size)):
        model.objects.bulk_create(batch, batch_size=1000)


@transaction.atomic
def rebuild() -> None:
    """Throw all tallies away and count them anew from the rows."""
    state = lock_fold_state()
    with across_rebuild(state):
        # Before anything is counted: a mark made since tells of what a count may lack.
        StaleMark.objects.all().delete()
        with sessions_summed():
            _count_anew(state)
    state.save()


def _count_anew(state: FoldState) -> None:
    state.days_until = today()
    models: list[Any] = [Spell, StockTally, FlowTally, DatedTally, NearStation]
    for model in models:
        model._default_manager.all().delete()
    _store(NearStation, all_near())
    spells = _all_spells()
    while part := list(islice(spells, 20_000)):
        store(Spell, SPELL, part)
    with connection.cursor() as cursor:
        for n in DIVISION_DIGITS:
            cursor.execute(_STOCKS.format(n=n, insert=_INSERT))
    refresh_sports(divisions_with_sports())
    store_months(state.days_until)
    _store(DatedTally, _dated())
    rebuild_shifts(state)


def _stock_rows() -> set[tuple[Any, ...]]:
    found: set[tuple[Any, ...]] = set()
    with connection.cursor() as cursor:
        for n in DIVISION_DIGITS:
            cursor.execute(_STOCKS.format(n=n, insert=""))
            found.update((a, m, str(d), int(t), int(s)) for a, m, d, t, s in cursor.fetchall())
    series: dict[str, list[tuple[str, date, int]]] = defaultdict(list)
    for area, measure, day, total, _spells in sorted(found, key=lambda row: (row[2], row[1])):
        if measure.startswith(SPORT):
            series[area].append((measure, date.fromisoformat(day), total))
    for area, offers in series.items():
        found.update((area, "sports", str(day), n, n) for day, n in sports_by_day(offers))
    return found


def _dated() -> Iterator[DatedTally]:
    """What is held at areas of any level, and its sums above."""
    for (area, month, measure), (total, own) in carried(counted().items()).items():
        yield DatedTally(area_code=area, month=month, measure=measure, total=total, own=own)


def drift() -> list[dict[str, Any]]:
    """Where the stored tallies differ from a count of the rows; empty is right.

    Folds what waits first, then holds the fold's lock. People go on writing meanwhile, so an area
    of which a mark waits in the end is not judged: its mark tells of what the tallies lack.
    """
    fold()
    with transaction.atomic():
        state = lock_fold_state()
        with sessions_summed():
            found = [
                *_compare("spell", _spells_stored(), _spells_fresh()),
                *_compare("flow", _flows_stored(), _flows_fresh(state.days_until or today())),
            ]
        found += [
            *_compare("stock", _stocks_stored(), _stock_rows()),
            *_compare("dated", *_dated_rows()),
            *_compare("near station", *_near_rows()),
            *_compare("stock shift", *_stock_shifts()),
            *_compare("flow shift", *_flow_shifts()),
            *_compare("dated shift", *_dated_shifts()),
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
    marked = codes_affected(list(StaleMark.objects.all()))
    lineage = Lineage.read()
    codes = marked | {lineage.today(code) for code in marked}
    return {area for code in codes for area in ancestors(code, include_self=True)}


def _spells_stored() -> set[tuple[Any, ...]]:
    rows = Spell.objects.values_list(
        "area_code", "measure", "subject", "started_on", "ended_on", "amount"
    )
    return {(code, *map(str, rest)) for code, *rest in rows.iterator(20_000)}


def _spells_fresh() -> set[tuple[Any, ...]]:
    return {(code, measure, *map(str, rest)) for measure, code, *rest in _all_spells()}


def _stocks_stored() -> set[tuple[Any, ...]]:
    rows = StockTally.objects.values_list("area_code", "measure", "day", "total", "spells")
    return {(a, m, str(d), t, s) for a, m, d, t, s in rows.iterator(20_000)}


def _flow_key(row: FlowTally | FlowShift) -> tuple[Any, ...]:
    return (row.area_code, str(row.month), *(getattr(row, name) for name in FLOWS))


def _flows_stored() -> set[tuple[Any, ...]]:
    return {_flow_key(row) for row in FlowTally.objects.iterator(20_000)}


def _flows_fresh(until: date) -> set[tuple[Any, ...]]:
    return {(area, str(month), *figures) for area, month, *figures in months_counted(until)}


def _dated_rows() -> tuple[set[tuple[Any, ...]], set[tuple[Any, ...]]]:
    """What is held at areas of any level: stored, and counted anew."""

    def key(row: DatedTally) -> tuple[Any, ...]:
        return (row.area_code, str(row.month), row.measure, row.total, row.own)

    return {key(row) for row in DatedTally.objects.all()}, {key(row) for row in _dated()}


def _near_rows() -> tuple[set[tuple[Any, ...]], set[tuple[Any, ...]]]:
    """Stations near villages: stored, and found anew."""

    def key(row: NearStation) -> tuple[Any, ...]:
        return (row.village_code, row.station_key, row.station_code, row.metres)

    return {key(row) for row in NearStation.objects.all()}, {key(row) for row in all_near()}


def _dated_shifts() -> tuple[set[tuple[Any, ...]], set[tuple[Any, ...]]]:
    """The shifts of what is held at areas of any level: stored, and counted anew."""

    def key(row: DatedShift) -> tuple[Any, ...]:
        return (row.area_code, str(row.month), row.measure, row.total)

    fresh = {key(row) for row in dated_shifts(Lineage.read())}
    return {key(row) for row in DatedShift.objects.all()}, fresh


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
