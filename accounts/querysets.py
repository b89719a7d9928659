"""Asking about the audit trail, which can be read and never rewritten."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db.models import Q

from jiaozuo_grid.area import Level
from jiaozuo_grid.reach import Actor, ScopedQuerySet, reach_of, right


class AppendOnly(Exception):
    """Something tried to change or remove what is only ever added to."""


class PersonQuerySet(ScopedQuerySet):
    """People. An entry that was merged into another is no person of its own any more."""

    def distinct_people(self) -> Self:
        """Entries that stand for a person: not those merged into another."""
        return self.filter(merged_into__isnull=True)

    def living(self, day: date) -> Self:
        """People not known to have died by ``day``."""
        return self.distinct_people().filter(Q(died_on__isnull=True) | Q(died_on__gt=day))

    def living_here(self, day: date) -> Self:
        """Living people not known to have moved away by ``day``."""
        stayed = Q(moved_away_on__isnull=True) | Q(moved_away_on__gt=day)
        return self.living(day).filter(stayed)

    def called(self, words: str) -> Self:
        """People by a part of the name, its pinyin or its initials, or by the whole phone number.

        Parts of phone numbers are not guessed.
        """
        words = words.strip()
        return self.filter(Q(name_key__icontains=words.lower()) | Q(phone=words))


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
