"""The code is the address: area codes, and rows that stand at one.

An area code is the significant part of China's statistical division code (国统字〔2009〕91号),
continued below the village: 4 digits city, 6 county, 9 township, 12 village, 15 grid, 17 hobby
grid. An ancestor is a prefix, so "at or below" is a range on a plain B-tree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

models.CharField.register_lookup(Length)


class Level(models.IntegerChoices):
    """The levels of the tree; the value is the number of digits of a code at that level."""

    CITY = 4, _("city")
    COUNTY = 6, _("county")
    TOWNSHIP = 9, _("township")
    VILLAGE = 12, _("village or community")
    GRID = 15, _("grid")
    HOBBY_GRID = 17, _("hobby grid")


DIGITS = [level.value for level in Level]
DIVISION_DIGITS = [4, 6, 9, 12]

_well_formed = RegexValidator(r"^[0-9]+$", _("An area code has digits only."))


def validate_area_code(code: str) -> None:
    """Raise ``ValidationError`` unless ``code`` has only digits and a length that is a level."""
    _well_formed(code)
    if len(code) not in DIGITS:
        raise ValidationError(
            _("An area code has 4, 6, 9, 12, 15 or 17 digits, not %(n)s."),
            params={"n": len(code)},
        )


def is_area_code(code: str) -> bool:
    """Whether ``code`` is the shape of an area code (it need not exist)."""
    return code.isascii() and code.isdigit() and len(code) in DIGITS


def ancestors(code: str, *, include_self: bool = False) -> list[str]:
    """The codes above ``code``, city first."""
    limit = len(code) if include_self else len(code) - 1
    return [code[:n] for n in DIGITS if n <= limit]


def parent_code(code: str) -> str | None:
    """The code one level up, or None for a city."""
    above = ancestors(code)
    return above[-1] if above else None


def child_digits(code: str) -> int | None:
    """The number of digits of the codes one level below ``code``; None below a hobby grid."""
    deeper = [n for n in DIGITS if n > len(code)]
    return deeper[0] if deeper else None


def covers(area: str, code: str) -> bool:
    """Whether ``code`` lies at or below ``area``."""
    return code.startswith(area)


def range_end(code: str) -> str:
    """The first code after everything at or below ``code``, of the same length."""
    return str(int(code) + 1).zfill(len(code))


def within_q(codes: Iterable[str], field: str = "area_code") -> models.Q:
    """A condition for rows at or below any of ``codes``; no codes, no rows."""
    condition = models.Q(pk__in=[])
    for code in codes:
        condition |= models.Q(**{f"{field}__gte": code, f"{field}__lt": range_end(code)})
    return condition


@dataclass(frozen=True)
class Ground:
    """An area as it was put together over time: its code, and exceptions for some codes.

    ``rules`` are (code, whether it belongs here), shorter codes first; what lies at or below
    several of them is decided by the longest.
    """

    area: str
    rules: tuple[tuple[str, bool], ...] = ()

    def q(self, field: str = "area_code") -> models.Q:
        condition = within_q([self.area] if self.area else [], field)
        for code, inside in self.rules:
            part = within_q([code], field)
            condition = condition | part if inside else condition & ~part
        return condition

    def holds(self, code: str) -> bool:
        """Whether ``code`` belongs here."""
        deciding = [inside for up, inside in self.rules if covers(up, code)]
        return deciding[-1] if deciding else bool(self.area) and covers(self.area, code)


class AreaQuerySet(models.QuerySet[Any]):
    """Asking *where*."""

    def within(self, area: str | Ground) -> Self:
        """Rows at or below an area."""
        if isinstance(area, Ground):
            return self.filter(area.q())
        return self.filter(area_code__gte=area, area_code__lt=range_end(area))

    def within_any(self, codes: Iterable[str]) -> Self:
        """Rows at or below any of ``codes``."""
        return self.filter(within_q(codes))

    def at_level(self, level: int) -> Self:
        """Rows whose code has ``level`` digits."""
        return self.filter(area_code__length=level)


class AreaRow(models.Model):
    """A row that happens at an area code."""

    area_code = models.CharField(
        _("area code"), max_length=17, db_index=True, validators=[validate_area_code]
    )

    class Meta:
        abstract = True

    @property
    def level(self) -> Level:
        return Level(len(self.area_code))
