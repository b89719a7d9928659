"""The months of hobby grids: counted at the leaves, carried to everything above."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import Count, F, Sum
from django.db.models.functions import TruncMonth

from activities.models import Session
from coverage.models import FlowTally
from coverage.schedules import Span, kept_schedules
from coverage.storing import store
from coverage.tallies import FLOWS
from jiaozuo_grid.area import ancestors
from jiaozuo_grid.months import next_month

FIELDS = ("area_code", "month", *FLOWS)
NOTHING = (0,) * len(FLOWS)
# Before everything that anybody wrote down.
EVER = date(2000, 1, 1)
# (area code, month) -> the figures of FLOWS
Months = dict[tuple[str, date], tuple[int, ...]]


def counted(codes: Collection[str], until: date, month: date | None = None) -> Months:
    """What hobby grids did, and were to do before ``until``: of one month, or of all."""
    rows = Session.objects.standing().filter(area_code__in=codes).order_by()
    span = Span(EVER, until)
    if month is not None:
        rows = rows.held_in(month)
        span = Span(month, min(next_month(month), until))
    held = {
        (code, first): tuple(figures)
        for code, first, *figures in rows.annotate(month=TruncMonth("held_on"))
        .values_list("area_code", "month")
        .annotate(
            n=Count("pk"),
            people=Sum("participants"),
            time=Sum("minutes"),
            people_time=Sum(F("participants") * F("minutes")),
        )
    }
    kept = kept_schedules(codes, span) if span.first < span.end else {}
    return {
        key: held.get(key, (0, 0, 0, 0)) + (kept[key].values if key in kept else (0,) * 5)
        for key in held.keys() | kept.keys()
    }


def fold_months(
    codes: Collection[str], until: date, month: date | None = None
) -> list[tuple[str, date, dict[str, int]]]:
    """Recount hobby grids, in one month or all, and carry the difference to all above them.

    Returns what changed at the hobby grids themselves.
    """
    fresh = counted(codes, until, month)
    stored = FlowTally.objects.filter(area_code__in=codes)
    if month is not None:
        stored = stored.filter(month=month)
    was = {(code, first): figures for code, first, *figures in stored.values_list(*FIELDS)}
    changes: dict[tuple[str, date], list[int]] = defaultdict(lambda: [0] * len(FLOWS))
    found = []
    for code, first in fresh.keys() | was.keys():
        now, then = fresh.get((code, first), NOTHING), was.get((code, first), NOTHING)
        more = [new - old for new, old in zip(now, then, strict=True)]
        if any(more):
            found.append((code, first, dict(zip(FLOWS, more, strict=True))))
            for area in ancestors(code, include_self=True):
                change = changes[area, first]
                for i, one in enumerate(more):
                    change[i] += one
    apply(changes)
    return found


def apply(changes: dict[tuple[str, date], list[int]]) -> None:
    """Add changes to the stored months; a month in which nothing is left has no row."""
    if not changes:
        return
    areas = {area for area, _month in changes}
    months = {month for _area, month in changes}
    stored = {
        (code, month): (pk, figures)
        for pk, code, month, *figures in FlowTally.objects.filter(
            area_code__in=areas, month__in=months
        ).values_list("pk", *FIELDS)
    }
    written, emptied = [], []
    for (area, month), change in changes.items():
        pk, figures = stored.get((area, month), (None, NOTHING))
        new = [old + more for old, more in zip(figures, change, strict=True)]
        if any(new):
            written.append((area, month, *new))
        elif pk is not None:
            emptied.append(pk)
    if emptied:
        FlowTally.objects.filter(pk__in=emptied).delete()
    store(FlowTally, FIELDS, written, unique=FIELDS[:2])
