"""The vocabulary for asking about instructors."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Self

from django.db.models import Exists, OuterRef, Q

from jiaozuo_grid.lasting import in_force_q
from jiaozuo_grid.reach import ScopedLastingQuerySet, ScopedQuerySet


def tidy_number(number: str) -> str:
    """A certificate number as it is stored and compared: half-width, upper case, no spaces."""
    return "".join(unicodedata.normalize("NFKC", number).split()).upper()


class InstructorQuerySet(ScopedLastingQuerySet):
    """Instructors, at the area where they serve today."""

    def standing(self, day: date) -> Self:
        """Those in force on ``day`` who are not known to have died or moved away by then."""
        return self.filter(
            in_force_q(day),
            Q(person__died_on__isnull=True) | Q(person__died_on__gt=day),
            Q(person__moved_away_on__isnull=True) | Q(person__moved_away_on__gt=day),
            person__merged_into__isnull=True,
        )

    def registered_in(self, year: int) -> Self:
        """Those with a registration (工作注册) for the year."""
        return self.filter(self._registrations(year))

    def not_registered_in(self, year: int) -> Self:
        return self.filter(~self._registrations(year))

    def _registrations(self, year: int) -> Exists:
        from instructors.models import Registration

        return Exists(Registration.objects.filter(instructor=OuterRef("pk"), year=year))

    def found(self, words: str) -> Self:
        """By a part of the name, pinyin or initials; the whole phone or certificate number."""
        from instructors.models import Certificate

        words = words.strip()
        numbered = Certificate.objects.filter(number__in=[words, tidy_number(words)])
        return self.filter(
            Q(person__name_key__icontains=words.lower())
            | Q(person__phone=words)
            | Q(pk__in=numbered.values("instructor"))
        )


class CertificateQuerySet(ScopedQuerySet):
    """Certificates (技术等级证书)."""

    def in_force(self, day: date) -> Self:
        """Granted by ``day`` and not revoked by then."""
        revoked = Q(revoked_on__isnull=True) | Q(revoked_on__gt=day)
        return self.filter(revoked, granted_on__lte=day)


class ServiceQuerySet(ScopedQuerySet):
    """Services entered with their evidence."""

    def standing(self) -> Self:
        """Those that were not withdrawn: the ones that count."""
        return self.filter(withdrawn_on__isnull=True)


class PromotionQuerySet(ScopedQuerySet):
    """Promotions to the next level."""

    def open(self) -> Self:
        """Under way: nominated or verified."""
        return self.filter(state__in=("nominated", "verified"))
