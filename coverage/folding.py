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

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from coverage.clock import keep_up_with_the_day
from coverage.dated import fold_dated
from coverage.flows import fold_months
from coverage.journal.recording import Recorder
from coverage.lately import by_age, replace_active, replace_serving
from coverage.locks import lock_fold_state
from coverage.models import Spell, StaleMark
from coverage.schedules import with_forerunners
from coverage.shifts import are_touched, map_state, rebuild_shifts
from coverage.spells import Scope, recounted
from coverage.stocks import Changes, apply, replace
from coverage.touched import leaves_of, mark_what_rules_judge, people_in, standing_leaves
from grids.lineage import AT_ONCE, heirs_of_hobby_grids
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today
from jiaozuo_grid.months import month_before

BATCH = 500

__all__ = ["BATCH", "fold", "fold_batch", "lock_fold_state"]


def fold() -> int:
    """Fold all marks that wait; returns how many there were."""
    keep_up_with_the_day()
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
    journal = Recorder(state, marks)
    heirs = heirs_of_hobby_grids(marked)
    for code in journal.moved:
        journal.moved_too(leaf for up in (code, *heirs.get(code, ())) for leaf in leaves_of(up))
    stood = _fold_what_stands([mark for mark in marks if mark.month is None], heirs, journal)
    happened = [(mark.area_code, mark.month) for mark in marks if mark.month is not None]
    _fold_lately(happened, marks, heirs, stood, journal)
    _fold_happened(happened, marks, state.days_until or today(), journal)
    mark_what_rules_judge(marks)
    keys = [mark.pk for mark in marks]
    for start in range(0, len(keys), 5000):
        StaleMark.objects.filter(pk__in=keys[start : start + 5000]).delete()
    stale = state.shifts_stale or state.map_state != map_state() or are_touched(marked)
    state.shifts_stale = stale
    # Once, when nothing waits: a large change has many batches.
    if stale and len(oldest) < size:
        rebuild_shifts(state)
    state.folded_at = journal.write()
    state.save()
    return len(marks)


def _apply(changes: Changes, journal: Recorder) -> None:
    journal.stocks(changes)
    apply(changes)


def _fold_what_stands(
    marks: list[StaleMark], heirs: dict[str, set[str]], journal: Recorder
) -> set[str]:
    """Recount everything at the codes where something standing changed; returns these codes."""
    codes = {mark.area_code for mark in marks}
    if not codes:
        return set()
    # What happened at a code of the past may keep its successors active.
    codes |= {heir for code in codes for heir in heirs.get(code, ())}
    leaves = sorted(standing_leaves(codes, people_in(marks)))
    for start in range(0, len(leaves), AT_ONCE):
        part = tuple(leaves[start : start + AT_ONCE])
        stored = Spell.objects.filter(area_code__in=part)
        _apply(replace(stored, list(recounted(Scope(codes=part)))), journal)
    return set(leaves)


def _fold_lately(
    happened: list[tuple[str, date]],
    marks: list[StaleMark],
    heirs: dict[str, set[str]],
    stood: set[str],
    journal: Recorder,
) -> None:
    """What sessions change in what was active, and who served, lately."""
    recent = month_before(today())
    touched = [
        (up, month)
        for code, month in happened
        if len(code) == Level.HOBBY_GRID
        for one in (code, *heirs.get(code, ()))
        for up in (one, one[: Level.GRID])
        if up not in stood
    ]
    for since, codes in by_age(touched, recent):
        part = sorted(codes)
        for start in range(0, len(part), AT_ONCE):
            _apply(replace_active(part[start : start + AT_ONCE], since), journal)
    led = [
        (str(person), mark.month)
        for mark in marks
        if mark.month is not None
        for person in people_in([mark])
    ]
    for since, people in by_age(led, recent):
        _apply(replace_serving([int(person) for person in people], since), journal)


def _fold_happened(
    happened: list[tuple[str, date]], marks: list[StaleMark], until: date, journal: Recorder
) -> None:
    """What was held in the months that are marked, and what schedules said of all months."""
    said = {mark.area_code for mark in marks if mark.month is None}
    schedules = with_forerunners(said)
    if schedules:
        _note(fold_months(schedules, until), journal)
    months: dict[date, set[str]] = defaultdict(set)
    for code, month in happened:
        if len(code) == Level.HOBBY_GRID and code not in schedules:
            months[month].add(code)
    for month, codes in months.items():
        _note(fold_months(codes, until, month), journal)
    if happened:
        _note(fold_dated(set(happened)), journal)


def _note(changes: Iterable[tuple[str, date, dict[str, Any]]], journal: Recorder) -> None:
    for code, month, figures in changes:
        journal.flows(code, month, figures)
