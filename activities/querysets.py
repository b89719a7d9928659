"""The vocabulary for asking about sessions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from django.conf import settings

from jiaozuo_grid.reach import ScopedQuerySet


class SessionQuerySet(ScopedQuerySet):
    def standing(self) -> Self:
        """Sessions that were not withdrawn: the ones that count."""
        return self.filter(withdrawn_at__isnull=True)

    def held_in(self, month: date) -> Self:
        """Sessions of the calendar month that begins on ``month``."""
        end = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
        return self.filter(held_on__gte=month.replace(day=1), held_on__lt=end)

    def recent(self, day: date) -> Self:
        """Sessions of the ``ACTIVE_DAYS`` days that end with ``day``."""
        return self.filter(held_on__gt=day - timedelta(days=settings.ACTIVE_DAYS), held_on__lte=day)
