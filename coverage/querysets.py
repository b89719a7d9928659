"""Asking for what coverage keeps."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db.models import Q

from jiaozuo_grid.area import within_q
from jiaozuo_grid.reach import Actor, ScopedQuerySet, reach_of, right


class ReminderQuerySet(ScopedQuerySet):
    """Reminders: seen by those who send them in the area, and by whom they are sent to."""

    def reached(self, actor: Actor, verb: str, on: date | None = None) -> Self:
        reach = reach_of(actor)
        if reach.everywhere:
            return self.all()
        where = within_q(reach.ground_of(right(verb, self.model)))
        return self.filter(where | Q(to=getattr(actor, "person_id", None) or 0))

    def open(self) -> Self:
        """Those whose row was in the gap when it was last looked at."""
        return self.filter(closed_at__isnull=True)
