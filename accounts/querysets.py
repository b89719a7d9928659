"""Asking about the audit trail, which can be read and never rewritten."""

from __future__ import annotations

from typing import Any, Self

from django.db.models import Q

from jiaozuo_grid.area import Level
from jiaozuo_grid.reach import Actor, ScopedQuerySet, reach_of, right


class AppendOnly(Exception):
    """Something tried to change or remove what is only ever added to."""


class AuditQuerySet(ScopedQuerySet):
    """The trail. A sign-in under an unknown name happened at no area: whole cities see those."""

    def visible_to(self, actor: Actor) -> Self:
        seen = super().visible_to(actor)
        codes = reach_of(actor).areas_for(right("view", self.model))
        if not any(len(code) == Level.CITY for code in codes):
            return seen
        return self.filter(Q(pk__in=seen.values("pk")) | Q(area_code=""))

    def update(self, **changes: Any) -> int:
        raise AppendOnly("Entries of the audit trail are never changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnly("Entries of the audit trail are never removed.")
