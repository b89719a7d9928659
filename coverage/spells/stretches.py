"""Stretches of days, and what can be said of several: their union, common part, difference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from math import ceil
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from grids.models import Division

# From a day (included) to a day (excluded; None: still), with an amount.
Stretch = tuple[date, date | None, int]
# What a stretch belongs to: an area code, or one with the subject at it.
Key = str | tuple[str, int]
Stretches = dict[Any, list[Stretch]]


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The union of stretches of amount 1: overlapping and touching ones become one."""
    union: list[Stretch] = []
    for start, end, _amount in sorted(stretches, key=lambda s: s[0]):
        if end is not None and end <= start:
            continue
        if union and (union[-1][1] is None or start <= union[-1][1]):
            last = union[-1]
            if last[1] is not None and (end is None or end > last[1]):
                union[-1] = (last[0], end, 1)
        else:
            union.append((start, end, 1))
    return union


def common(these: Iterable[Stretch], those: list[Stretch]) -> list[Stretch]:
    """The parts of ``these`` (with their amounts) that lie inside one of ``those``."""
    parts: list[Stretch] = []
    for start, end, amount in these:
        for begin, stop, _one in those:
            first = max(start, begin)
            last = min((day for day in (end, stop) if day is not None), default=None)
            if last is None or first < last:
                parts.append((first, last, amount))
    return parts


def without(these: Iterable[Stretch], those: Iterable[Stretch]) -> list[Stretch]:
    """The parts of ``these`` that lie outside all of ``those``."""
    holes = merged(those)
    parts: list[Stretch] = []
    for start, end, amount in these:
        begin: date | None = start
        for first, last, _one in holes:
            if begin is None or (end is not None and first >= end):
                break
            if last is not None and last <= begin:
                continue
            if begin < first:
                parts.append((begin, first, amount))
            begin = last
        if begin is not None and (end is None or begin < end):
            parts.append((begin, end, amount))
    return parts


def after(stretches: Iterable[Stretch], day: date) -> list[Stretch]:
    """The parts of stretches from a day on."""
    return common(stretches, [(day, None, 1)])


def before(stretches: Iterable[Stretch], day: date) -> list[Stretch]:
    """The parts of stretches before a day."""
    return common(stretches, [(date.min, day, 1)])


def lasting(rows: QuerySet[Any], amount: str = "") -> Stretches:
    """The stretches of lasting rows by their codes, each with its ``amount``, or 1."""
    found: Stretches = defaultdict(list)
    fields = ["area_code", "started_on", "ended_on", *([amount] if amount else [])]
    for code, start, end, *rest in rows.values_list(*fields):
        if end is None or start < end:
            found[code].append((start, end, rest[0] if rest else 1))
    return found


def both(these: Stretches, those: Stretches) -> Stretches:
    """At each code the parts of ``these`` on days of ``those``."""
    return {
        code: common(stretches, merged(those[code]))
        for code, stretches in these.items()
        if code in those
    }


def lacking(these: Stretches, those: Stretches) -> Stretches:
    """At each code the parts of ``these`` on days without ``those``."""
    return {code: without(stretches, those.get(code, ())) for code, stretches in these.items()}


def required(code: str, households: int | None, villager_groups: int | None) -> int | None:
    """The grids that a village should have: a community by households, a village by groups."""
    if Division(area_code=code).is_community:
        return None if households is None else ceil(households / settings.HOUSEHOLDS_PER_GRID)
    return villager_groups
