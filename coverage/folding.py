"""Folding: from stale marks to tallies, exactly once.

Why nothing is lost or doubled. A change and its mark are committed together, so whoever can read
the mark can read the change. The fold reads marks first and counts afterwards (READ COMMITTED, or
SQLite's single writer), so the count holds at least what the marks announce; a change that commits
in between is counted early and its mark, which the fold has not read, only repeats a count whose
difference is nothing. Marks are deleted by the ids that were read, never by area or up to an id,
so a mark of a transaction that commits late stays for the next fold. Counting, applying and
deleting are one transaction under the lock of the single FoldState row: a fold killed anywhere has
done nothing, and two folds never overlap.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from activities.models import Session
from coverage.models import FlowTally, FoldState, Spell, StaleMark, StockTally
from coverage.shifts import are_touched, map_state, rebuild_shifts
from coverage.spells import Scope, recounted
from coverage.tallies import stocks_as_of
from grids.lineage import AT_ONCE, heirs_of_hobby_grids
from jiaozuo_grid.area import DIVISION_DIGITS, Level, ancestors

BATCH = 500
# (measure, leaf code, day) -> [change of the amount, change of the number of spells]
Changes = dict[tuple[str, str, date], list[int]]


def lock_fold_state() -> FoldState:
    """The single row that whoever writes tallies must hold until the transaction ends."""
    FoldState.objects.get_or_create(pk=1)
    return FoldState.objects.select_for_update().get(pk=1)


def fold() -> int:
    """Fold all marks that wait; returns how many there were."""
    folded = 0
    while count := fold_batch():
        folded += count
    return folded


@transaction.atomic
def fold_batch(size: int = BATCH) -> int:
    """Fold one batch of marks in one transaction; returns how many."""
    if not StaleMark.objects.exists():
        return 0
    state = lock_fold_state()
    # The oldest marks say which areas are next; of those all marks are read, since an area is
    # counted whole: a large change marks the same hobby grid hundreds of times.
    oldest = list(StaleMark.objects.order_by("pk").values_list("area_code", flat=True)[:size])
    marked = set(oldest)
    marks = list(StaleMark.objects.filter(area_code__in=marked))
    # What happened at a code of the past may keep its successors active.
    heirs = {code for codes in heirs_of_hobby_grids(marked).values() for code in codes}
    leaves = sorted({leaf for code in (*marked, *heirs) for leaf in _leaves(code)})
    for start in range(0, len(leaves), AT_ONCE):
        _apply(_replace_spells(Scope(codes=tuple(leaves[start : start + AT_ONCE]))))
    months: dict[date, set[str]] = defaultdict(set)
    for mark in marks:
        if mark.month is not None:
            months[mark.month].add(mark.area_code)
    for month, hobby_grids in months.items():
        _fold_month(month, hobby_grids)
    keys = [mark.pk for mark in marks]
    for start in range(0, len(keys), 5000):
        StaleMark.objects.filter(pk__in=keys[start : start + 5000]).delete()
    stale = state.shifts_stale or state.map_state != map_state() or are_touched(marked)
    state.shifts_stale = stale
    # Once, when nothing waits: a large change has many batches.
    if stale and len(oldest) < size:
        rebuild_shifts(state)
    state.folded_at = timezone.now()
    state.save()
    return len(marks)


def _leaves(code: str) -> list[str]:
    """The codes whose spells may have changed: a session matters to its grid and village too."""
    return [code[:n] for n in (Level.VILLAGE, Level.GRID) if n < len(code)] + [code]


def _key(spell: Spell) -> tuple[Any, ...]:
    return (spell.measure, spell.area_code, spell.started_on, spell.ended_on, spell.amount)


def _replace_spells(scope: Scope) -> Changes:
    """Make the stored spells of the scope's codes what the rows say; returns the difference."""
    stored = {spell.pk: _key(spell) for spell in Spell.objects.filter(area_code__in=scope.codes)}
    fresh = list(recounted(scope))
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
    Spell.objects.filter(pk__in=[pk for pk, _key_ in gone]).delete()
    Spell.objects.bulk_create(new, batch_size=1000)
    return changes


def _note(changes: Changes, key: tuple[Any, ...], sign: int) -> None:
    measure, code, start, end, amount = key
    for day, direction in ((start, sign), (end, -sign)):
        if day is not None:
            change = changes[measure, code, day]
            change[0] += direction * amount
            change[1] += direction


def _apply(changes: Changes) -> None:
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
    before = stocks_as_of(areas, first - timedelta(days=1))
    stored: dict[tuple[str, str], list[StockTally]] = defaultdict(list)
    for row in StockTally.objects.filter(
        area_code__in=areas, measure__in={measure for _area, measure in series}, day__gte=first
    ).order_by("day"):
        stored[row.area_code, row.measure].append(row)
    written: list[StockTally] = []
    dropped: list[int] = []
    for (area, measure), days in series.items():
        known = before.get((area, measure), (0, 0))
        _carry(area, measure, known, stored[area, measure], days, written, dropped)
    StockTally.objects.filter(pk__in=dropped).delete()
    StockTally.objects.bulk_create(
        written,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["area_code", "measure", "day"],
        update_fields=["total", "spells"],
    )


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
            written.append(
                StockTally(
                    area_code=area, measure=measure, day=day, total=value[0], spells=value[1]
                )
            )
        new = value


def _fold_month(month: date, hobby_grids: Iterable[str]) -> None:
    """Recount the month of some hobby grids and carry the difference to everything above them."""
    codes = sorted(hobby_grids)
    fresh = {
        row["area_code"]: (row["n"], row["people"], row["time"])
        for row in Session.objects.standing()
        .held_in(month)
        .filter(area_code__in=codes)
        .order_by()
        .values("area_code")
        .annotate(n=Count("pk"), people=Sum("participants"), time=Sum("minutes"))
    }
    areas = {area for code in codes for area in ancestors(code, include_self=True)}
    stored = {
        row.area_code: row for row in FlowTally.objects.filter(month=month, area_code__in=areas)
    }
    changes: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for code in codes:
        row = stored.get(code)
        was = (row.sessions, row.participants, row.minutes) if row else (0, 0, 0)
        now = fresh.get(code, (0, 0, 0))
        for area in ancestors(code, include_self=True):
            change = changes[area]
            for i in range(3):
                change[i] += now[i] - was[i]
    written, emptied = [], []
    for area, (sessions, participants, minutes) in changes.items():
        if not (sessions or participants or minutes):
            continue
        row = stored.get(area) or FlowTally(
            area_code=area, month=month, sessions=0, participants=0, minutes=0
        )
        row.sessions += sessions
        row.participants += participants
        row.minutes += minutes
        if row.sessions:
            written.append(row)
        elif row.pk:
            emptied.append(row.pk)
    FlowTally.objects.filter(pk__in=emptied).delete()
    FlowTally.objects.bulk_create(
        [
            FlowTally(
                area_code=row.area_code,
                month=month,
                sessions=row.sessions,
                participants=row.participants,
                minutes=row.minutes,
            )
            for row in written
        ],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["area_code", "month"],
        update_fields=["sessions", "participants", "minutes"],
    )
