"""Standing measures: stored spells made what the rows say, running totals carried above them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from coverage.models import Spell, StockTally
from coverage.spells import SPELL, SpellRow
from coverage.spells.areas import SPORT
from coverage.storing import store
from coverage.tallies import stocks_as_of
from jiaozuo_grid.area import DIVISION_DIGITS
from jiaozuo_grid.lasting import today

RECENT = timedelta(days=7)
# The fields of a tally, and their values; of a stored one (total, spells, key).
TALLY = ("area_code", "measure", "day", "total", "spells")
TallyRow = tuple[str, str, date, int, int]
Stored = tuple[int, int, int]
# (measure, leaf code, day) -> [change of the amount, change of the number of spells]
Changes = dict[tuple[str, str, date], list[int]]


def replace(rows: QuerySet[Spell], fresh: Iterable[SpellRow]) -> Changes:
    """Make some stored spells what was counted anew; returns the difference."""
    stored = {pk: tuple(row) for pk, *row in rows.values_list("pk", *SPELL)}
    fresh = list(fresh)
    missing = Counter(fresh)
    missing.subtract(stored.values())
    changes: Changes = defaultdict(lambda: [0, 0])
    gone = []
    for pk, row in stored.items():
        if missing[row] < 0:
            missing[row] += 1
            gone.append(pk)
            _note(changes, row, -1)
    new = []
    for row in fresh:
        if missing[row] > 0:
            missing[row] -= 1
            new.append(row)
            _note(changes, row, 1)
    if gone:
        Spell.objects.filter(pk__in=gone).delete()
    store(Spell, SPELL, new)
    return changes


def _note(changes: Changes, row: tuple[Any, ...], sign: int) -> None:
    measure, code, _subject, start, end, amount = row
    for day, direction in ((start, sign), (end, -sign)):
        if day is not None:
            change = changes[measure, code, day]
            change[0] += direction * amount
            change[1] += direction


def together(several: Iterable[Changes]) -> Changes:
    """Several changes as one."""
    found: Changes = defaultdict(lambda: [0, 0])
    for changes in several:
        for key, (amount, spells) in changes.items():
            change = found[key]
            change[0] += amount
            change[1] += spells
    return found


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
    written: list[TallyRow] = []
    dropped: list[int] = []
    for part in _by_age(series):
        _carry_all(part, written, dropped)
    _store(written, dropped)
    offering = {area for area, measure in series if measure.startswith(SPORT)}
    if offering:
        refresh_sports(offering)


def _by_age(series: dict[tuple[str, str], Any]) -> Iterator[dict[tuple[str, str], Any]]:
    """What changes lately, and what long ago: so that for one late change not all that was stored
    since is read of every series.
    """
    border = today() - RECENT
    parts: dict[bool, dict[tuple[str, str], Any]] = defaultdict(dict)
    for key, days in series.items():
        parts[min(days) >= border][key] = days
    yield from parts.values()


def _carry_all(
    series: dict[tuple[str, str], dict[date, list[int]]],
    written: list[TallyRow],
    dropped: list[int],
) -> None:
    first = min(day for days in series.values() for day in days)
    areas = sorted({area for area, _measure in series})
    measures = sorted({measure for _area, measure in series})
    before = stocks_as_of(areas, first - timedelta(days=1), measures)
    stored: dict[tuple[str, str], dict[date, Stored]] = defaultdict(dict)
    rows = StockTally.objects.filter(area_code__in=areas, measure__in=measures, day__gte=first)
    for area, measure, *row in rows.values_list(*TALLY, "pk"):
        stored[area, measure][row[0]] = tuple(row[1:])
    for (area, measure), days in series.items():
        known = before.get((area, measure), (0, 0))
        fresh = _carry(known, stored[area, measure], days, dropped)
        written += [(area, measure, *row) for row in fresh]


def _carry(
    before: tuple[int, int],
    stored: dict[date, Stored],
    days: dict[date, list[int]],
    dropped: list[int],
) -> Iterator[tuple[date, int, int]]:
    """One series: the stored totals from the first changed day on, shifted by the changes."""
    old = new = before
    more = more_spells = 0
    for day in sorted(stored.keys() | days.keys()):
        row = stored.get(day)
        if row is not None:
            old = row[:2]
        if day in days:
            more += days[day][0]
            more_spells += days[day][1]
        value = (old[0] + more, old[1] + more_spells)
        if value == new:
            if row is not None:
                dropped.append(row[2])
        elif row is None or value != old:
            yield day, *value
        new = value


def _store(written: list[TallyRow], dropped: list[int]) -> None:
    if dropped:
        StockTally.objects.filter(pk__in=dropped).delete()
    store(StockTally, TALLY, written, unique=TALLY[:3])


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
        (area, "sports", day, count, count)
        for (area, day), count in fresh.items()
        if (area, day) not in same
    ]
    _store(written, dropped)
