"""The same number of participants session after session.

Of a row of equal numbers only one session is named, the one at which the row became long enough:
a year of equal numbers is one question for the officer, not fifty.
"""

from __future__ import annotations

from functools import cache
from uuid import UUID

from django.db import models
from django.db.models import Q

from activities.models import Session
from activities.review.thresholds import SAME_COUNT, SAME_COUNT_ABOVE
from activities.review.verdicts import Stood, Values, Verdicts, Written
from jiaozuo_grid.often import Often, slot

Counted = tuple[UUID, int]


def judge(written: Written, values: Values) -> Verdicts:
    """Two queries for each place; both read a few rows of the hobby grid's index."""
    times, above = int(values[SAME_COUNT]), values[SAME_COUNT_ABOVE]
    found: Verdicts = {written.session.pk: None}
    moments = {(at.area_code, at.held_on, at.start_time): at for at in written.places}
    for place in moments.values():
        earlier, later = _around(place, times)
        row = [*earlier, *later]
        for at in range(len(earlier), len(row)):
            key, count = row[at]
            named = count > above and _completes(row, at, times)
            found[key] = {"count": count, "times": times} if named else None
    return found


def _completes(row: list[Counted], at: int, times: int) -> bool:
    """Whether a row of equal numbers is exactly ``times`` long at this session."""
    first, count = at - times + 1, row[at][1]
    if first < 0 or any(other != count for _key, other in row[first:at]):
        return False
    return first == 0 or row[first - 1][1] != count


def _around(place: Stood, times: int) -> tuple[list[Counted], list[Counted]]:
    """The ``times`` sessions before a place, and those from it on whose answer it may change."""
    at = {
        "code": place.area_code,
        "day": place.held_on,
        "start": place.start_time,
        "key": place.key,
    }
    return _earlier(times).all(**at)[::-1], _later(times).all(**at)


_CODE, _DAY = slot("code", models.CharField()), slot("day", models.DateField())
_START, _KEY = slot("start", models.TimeField()), slot("key", models.UUIDField())


@cache
def _earlier(times: int) -> Often:
    before = Q(held_on__lte=_DAY) & (
        Q(held_on__lt=_DAY) | Q(start_time__lt=_START) | Q(start_time=_START, pk__lt=_KEY)
    )
    return Often(
        lambda: (
            Session.objects.standing()
            .filter(before, area_code=_CODE)
            .order_by("-held_on", "-start_time", "-pk")
            .values_list("pk", "participants")[:times]
        )
    )


@cache
def _later(times: int) -> Often:
    since = Q(held_on__gte=_DAY) & (
        Q(held_on__gt=_DAY) | Q(start_time__gt=_START) | Q(start_time=_START, pk__gte=_KEY)
    )
    return Often(
        lambda: (
            Session.objects.standing()
            .filter(since, area_code=_CODE)
            .order_by("held_on", "start_time", "pk")
            .values_list("pk", "participants")[: times + 1]
        )
    )
