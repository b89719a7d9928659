"""Monthly figures of what is held at areas of any level: counted at its own code, added up above.

A lecture of a township is one of the township, its county and the city, and of no village in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncMonth

from activities.models import Event, Lecture
from coverage.models import DatedTally
from jiaozuo_grid.area import ancestors
from jiaozuo_grid.counted import all_offered, offered
from jiaozuo_grid.months import next_month


@dataclass(frozen=True)
class Dated:
    """Rows that happen on a day (``day`` names the field) and what is added up (None: rows)."""

    rows: Callable[[], QuerySet[Any]]
    day: str = "held_on"
    amount: str | None = None


_DECLARED: dict[str, Dated] = {
    "lectures": Dated(lambda: Lecture.objects.standing()),
    "listeners": Dated(lambda: Lecture.objects.standing(), amount="participants"),
    "events": Dated(lambda: Event.objects.standing()),
    "event_participants": Dated(lambda: Event.objects.standing(), amount="participants"),
}
# (area code, month, measure) -> sum
Sums = dict[tuple[str, date, str], int]


def dated_of(key: str) -> Dated | None:
    """Where the rows of a measure are; None where nobody fills its slot."""
    if key in _DECLARED:
        return _DECLARED[key]
    filling = offered(key)
    return Dated(filling.rows, filling.day, filling.amount) if filling else None


def dated_sources() -> dict[str, Dated]:
    sources = {key: dated_of(key) for key in (*_DECLARED, *all_offered())}
    return {key: source for key, source in sources.items() if source is not None}


def counted(codes: Collection[str] | None = None, months: Collection[date] = ()) -> Sums:
    """What stands at some codes (None: all) in some months (none named: all), by its own code."""
    found: Sums = {}
    for key, source in dated_sources().items():
        rows = source.rows().order_by()
        if codes is not None:
            rows = rows.filter(area_code__in=codes)
        if months:
            rows = rows.filter(
                **{
                    f"{source.day}__gte": min(months),
                    f"{source.day}__lt": next_month(max(months)),
                }
            )
        adding = Sum(source.amount) if source.amount else Count("pk")
        rows = rows.annotate(of_month=TruncMonth(source.day)).values_list("area_code", "of_month")
        for code, month, total in rows.annotate(added=adding):
            if total and (not months or month in months):
                found[code, month, key] = total
    return found


def carried(own: Iterable[tuple[tuple[str, date, str], int]]) -> dict[Any, list[int]]:
    """[total, own] of every area, from what stands at each code itself."""
    found: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for (code, month, key), total in own:
        for area in ancestors(code, include_self=True):
            found[area, month, key][0] += total
        found[code, month, key][1] += total
    return found


def fold_dated(
    marks: Collection[tuple[str, date]],
) -> list[tuple[str, date, dict[str, int]]]:
    """Recount what happened at some codes in some months; returns what changed at each."""
    codes, months = {code for code, _month in marks}, {month for _code, month in marks}
    fresh = counted(codes, months)
    stored = DatedTally.objects.filter(area_code__in=codes, month__in=months).exclude(own=0)
    was = {
        (code, month, key): own
        for code, month, key, own in stored.values_list("area_code", "month", "measure", "own")
    }
    differences = {
        key: fresh.get(key, 0) - was.get(key, 0)
        for key in fresh.keys() | was.keys()
        if fresh.get(key, 0) != was.get(key, 0)
    }
    if differences:
        _apply(carried(differences.items()))
    found: dict[tuple[str, date], dict[str, int]] = defaultdict(dict)
    for (code, month, key), more in differences.items():
        found[code, month][key] = more
    return [(code, month, figures) for (code, month), figures in found.items()]


def _apply(changes: dict[Any, list[int]]) -> None:
    rows = DatedTally.objects.filter(
        area_code__in={area for area, _month, _key in changes},
        month__in={month for _area, month, _key in changes},
    )
    stored = {(row.area_code, row.month, row.measure): row for row in rows}
    written, emptied = [], []
    for key, (total, own) in changes.items():
        area, month, measure = key
        row = stored.get(key)
        new = DatedTally(
            area_code=area,
            month=month,
            measure=measure,
            total=total + (row.total if row else 0),
            own=own + (row.own if row else 0),
        )
        if new.total:
            written.append(new)
        elif row:
            emptied.append(row.pk)
    if emptied:
        DatedTally.objects.filter(pk__in=emptied).delete()
    DatedTally.objects.bulk_create(
        written,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["area_code", "month", "measure"],
        update_fields=["total", "own"],
    )
