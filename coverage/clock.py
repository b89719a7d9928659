"""Days go by: of a meeting whose day is over something is expected, though nothing was written.

The tallies hold the meetings of days before ``FoldState.days_until``. Whenever the day is another
one than that, forward or back, the hobby grids that were to meet between the two are marked as
stale and the day is remembered, in one transaction.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from activities.models import Schedule
from coverage.locks import lock_fold_state
from coverage.models import FoldState, StaleMark
from coverage.schedules import Span, meetings_of, with_forerunners
from jiaozuo_grid.lasting import today

AT_ONCE = 2000


def is_behind() -> bool:
    """Whether the tallies' day is another one than today."""
    return not FoldState.objects.filter(pk=1, days_until=today()).exists()


def keep_up_with_the_day() -> None:
    """Mark what has become due since the tallies' day, if that is not today."""
    if is_behind():
        with transaction.atomic():
            _advance(lock_fold_state(), today())


def _advance(state: FoldState, day: date) -> None:
    if state.days_until == day:
        return
    since = state.days_until or date.min.replace(year=2000)
    span = Span(min(since, day), max(since, day))
    scheduled = Schedule.objects.in_force_between(span.first, span.end).order_by()
    codes = sorted(with_forerunners(scheduled.values_list("area_code", flat=True)))
    for start in range(0, len(codes), AT_ONCE):
        due = meetings_of(codes[start : start + AT_ONCE], span)
        StaleMark.objects.bulk_create(
            (
                StaleMark(area_code=code, month=month)
                for code, days in due.items()
                for month in {one.replace(day=1) for one in days}
            ),
            batch_size=1000,
        )
    state.days_until = day
    state.save(update_fields=["days_until"])
