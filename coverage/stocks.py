"""Standing measures: stored spells made what the rows say, running totals carried above them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from coverage.models import Spell, StockTally
from coverage.spells.areas import SPORT
from coverage.tallies import stocks_as_of
from jiaozuo_grid.area import DIVISION_DIGITS

# (measure, leaf code, day) -> [change of the amount, change of the number of spells]
Changes = dict[tuple[str, str, date], list[int]]


def _key(spell: Spell) -> tuple[Any, ...]:
    return (
        spell.measure,
        spell.area_code,
        spell.subject,
        spell.started_on,
        spell.ended_on,
        spell.amount,
    )


def replace(rows: QuerySet[Spell], fresh: list[Spell]) -> Changes:
    """Make some stored spells what was counted anew; returns the difference."""
    stored = {spell.pk: _key(spell) for spell in rows}
    missing = Counter(_key(spell) for spell in fresh) - Counter(stored.values())
    surplus = Counter(stored.values()) - Counter(_key(spell) for spell in fresh)
    gone = []
    for pk, key in stored.items():
        if surplus[key] > 0:
            surplus[key] -= 1
            gone.append((pk, key))
    changes: Changes = defaultdict(lambda: [0, 0])
    new = []
    for spell in fresh:
        if missing[_key(spell)] > 0:
            missing[_key(spell)] -= 1
            new.append(spell)
            _note(changes, _key(spell), 1)
    for _pk, key in gone:
        _note(changes, key, -1)
    if gone:
        Spell.objects.filter(pk__in=[pk for pk, _key_ in gone]).delete()
    Spell.objects.bulk_create(new, batch_size=1000)
    return changes


def _note(changes: Changes, key: tuple[Any, ...], sign: int) -> None:
    measure, code, _subject, start, end, amount = key
    for day, direction in ((start, sign), (end, -sign)):
        if day is not None:
            change = changes[measure, code, day]
            change[0] += direction * amount
            change[1] += direction


def apply(changes: Changes) -> None:
    """Carry the changes of leaves into the running totals of every division above them."""
    series: dict[tuple[str, str], dict[date, list[int]]] = defaultdict(
        lambda: defaultdict(lambda: [0, 0])
    )
    for (measure, leaf, day), (amount, spells) in changes.items():
        for n in DIVISION_DIGITS:
            if n <= len(leaf) and (amount or spells):
                change = series[leaf[:n], measure][day]
                change[0] += amount
                change[1] += spells
    if not series:
        return
    first = min(day for days in series.values() for day in days)
    areas = sorted({area for area, _measure in series})
    measures = sorted({measure for _area, measure in series})
    before = stocks_as_of(areas, first - timedelta(days=1), measures)
    stored: dict[tuple[str, str], list[StockTally]] = defaultdict(list)
    for row in StockTally.objects.filter(
        area_code__in=areas, measure__in=measures, day__gte=first
    ).order_by("day"):
        stored[row.area_code, row.measure].append(row)
    written: list[StockTally] = []
    dropped: list[int] = []
    for (area, measure), days in series.items():
        known = before.get((area, measure), (0, 0))
        _carry(area, measure, known, stored[area, measure], days, written, dropped)
    _store(written, dropped)
    offering = {area for area, measure in series if measure.startswith(SPORT)}
    if offering:
        refresh_sports(offering)


def _carry(
    area: str,
    measure: str,
    before: tuple[int, int],
    rows: list[StockTally],
    days: dict[date, list[int]],
    written: list[StockTally],
    dropped: list[int],
) -> None:
    """One series: the stored totals from the first changed day on, shifted by the changes."""
    by_day = {row.day: row for row in rows}
    old = new = before
    shift = (0, 0)
    for day in sorted(by_day.keys() | days.keys()):
        row = by_day.get(day)
        if row is not None:
            old = (row.total, row.spells)
        change = days.get(day, (0, 0))
        shift = (shift[0] + change[0], shift[1] + change[1])
        value = (old[0] + shift[0], old[1] + shift[1])
        if value == new:
            if row is not None:
                dropped.append(row.pk)
        elif row is None or value != old:
            written.append(_tally(area, measure, day, value))
        new = value


def _tally(area: str, measure: str, day: date, value: tuple[int, int]) -> StockTally:
    return StockTally(area_code=area, measure=measure, day=day, total=value[0], spells=value[1])


def _store(written: list[StockTally], dropped: list[int]) -> None:
    if dropped:
        StockTally.objects.filter(pk__in=dropped).delete()
    StockTally.objects.bulk_create(
        written,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["area_code", "measure", "day"],
        update_fields=["total", "spells"],
    )


# --- how many sports an area offers: those of which it has a hobby grid; counted, not added up


# (sport, day, hobby grids of it from that day on), in order of days
Offers = Iterable[tuple[str, date, int]]


def sports_by_day(offers: Offers) -> list[tuple[date, int]]:
    """The days on which the number of sports with a hobby grid changes, and that number."""
    offered: set[str] = set()
    found: list[tuple[date, int]] = []
    for day, changes in groupby(offers, key=lambda offer: offer[1]):
        for sport, _day, count in changes:
            (offered.add if count > 0 else offered.discard)(sport)
        if len(offered) != (found[-1][1] if found else 0):
            found.append((day, len(offered)))
    return found


def sports_tallies(areas: Iterable[str]) -> dict[tuple[str, date], int]:
    """The tallies of measure ``sports`` that the tallies of each sport give."""
    rows = (
        StockTally.objects.filter(
            area_code__in=list(areas), measure__gte=SPORT, measure__lt=SPORT[:-1] + ";"
        )
        .order_by("area_code", "day", "measure")
        .values_list("area_code", "measure", "day", "total")
    )
    return {
        (area, day): count
        for area, series in groupby(rows, key=lambda row: row[0])
        for day, count in sports_by_day((sport, day, total) for _a, sport, day, total in series)
    }


def divisions_with_sports() -> list[str]:
    """The divisions in which there is or was a hobby grid."""
    rows = StockTally.objects.filter(measure="hobby_grids").order_by()
    return list(rows.values_list("area_code", flat=True).distinct())


def refresh_sports(areas: Iterable[str]) -> None:
    """Make the tallies of ``sports`` of some divisions agree with those of each sport."""
    areas = list(areas)
    fresh = sports_tallies(areas)
    stored = StockTally.objects.filter(area_code__in=areas, measure="sports")
    dropped, same = [], set()
    for row in stored:
        if fresh.get((row.area_code, row.day)) == row.total:
            same.add((row.area_code, row.day))
        elif (row.area_code, row.day) not in fresh:
            dropped.append(row.pk)
    written = [
        _tally(area, "sports", day, (count, count))
        for (area, day), count in fresh.items()
        if (area, day) not in same
    ]
    _store(written, dropped)
