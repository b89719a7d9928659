"""The vocabulary for asking about what was held, and when it is to be."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.db.models import Q

from jiaozuo_grid.months import next_month
from jiaozuo_grid.reach import ScopedLastingQuerySet, ScopedQuerySet


class HeldQuerySet(ScopedQuerySet):
    def standing(self) -> Self:
        """What was not withdrawn: that counts."""
        return self.filter(withdrawn_at__isnull=True)


class SessionQuerySet(HeldQuerySet):
    def held_in(self, month: date) -> Self:
        """Sessions of the calendar month that begins on ``month``."""
        first = month.replace(day=1)
        return self.filter(held_on__gte=first, held_on__lt=next_month(first))

    def recent(self, day: date) -> Self:
        """Sessions of the ``ACTIVE_DAYS`` days that end with ``day``."""
        return self.filter(held_on__gt=day - timedelta(days=settings.ACTIVE_DAYS), held_on__lte=day)


class ScheduleQuerySet(ScopedLastingQuerySet):
    """Schedules: asking *where*, *when* and *who*."""

    def in_force_between(self, first: date, last: date) -> Self:
        """Those in force on any of the days, both included."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=first), started_on__lte=last)


class WaitingQuerySet(ScopedQuerySet):
    def lost(self) -> Self:
        """What its phone no longer has and never sent."""
        return self.filter(lost_at__isnull=False)
