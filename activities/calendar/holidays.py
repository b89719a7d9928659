"""Official holidays and make-up working days (调休) of mainland China.

The library ``holidays`` knows the yearly arrangement of the State Council where it is announced
(in November, for the next year). Of later years it knows the statutory days only: then nothing is
said of make-up days, and a stretch may yet become longer. ``is_announced`` tells which.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import holidays
from django.utils.translation import gettext_lazy as _

# The library's Chinese name of a day begins with one of these.
_NAMES: dict[str, Any] = {
    "元旦": _("New Year"),
    "农历除夕": _("Spring Festival"),
    "春节": _("Spring Festival"),
    "清明节": _("Qingming Festival"),
    "劳动节": _("Labour Day"),
    "端午节": _("Dragon Boat Festival"),
    "中秋节": _("Mid-Autumn Festival"),
    "国庆节": _("National Day"),
}
_SUBSTITUTED = "调休"
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stretch:
    """Days off in a row, both ends included, of which at least one is an official holiday."""

    first: date
    last: date
    names: tuple[Any, ...]

    def __str__(self) -> str:
        return "、".join(map(str, self.names))


@dataclass(frozen=True)
class _Year:
    named: dict[date, str]
    makeup: frozenset[date]


@lru_cache
def _year(number: int) -> _Year:
    # One object a year: the library's grows as it is asked, which threads must not share.
    known = holidays.country_holidays("CN", years=number, language="zh_CN")
    named = {day: name for day, name in known.items() if day.year == number}
    return _Year(named, frozenset(day for day in known.weekend_workdays if day.year == number))


def is_announced(year: int) -> bool:
    """Whether the arrangement of the year is known, and not only its statutory days.

    No year since 2001 went without make-up days.
    """
    return bool(_year(year).makeup)


def is_makeup_day(day: date) -> bool:
    """Whether a Saturday or Sunday is an official working day."""
    return day in _year(day.year).makeup


def _is_holiday(day: date) -> bool:
    return day in _year(day.year).named


def _is_off(day: date) -> bool:
    return _is_holiday(day) or (day.isoweekday() > 5 and not is_makeup_day(day))


@lru_cache(maxsize=4096)
def official_holiday(day: date) -> Stretch | None:
    """The official holiday that ``day`` belongs to, with the weekends and days off beside it."""
    if not _is_off(day):
        return None
    first = last = day
    while _is_off(first - _DAY):
        first -= _DAY
    while _is_off(last + _DAY):
        last += _DAY
    days = [first + n * _DAY for n in range((last - first).days + 1)]
    if not any(map(_is_holiday, days)):
        return None
    return Stretch(first, last, _names_of(days))


def _names_of(days: list[date]) -> tuple[Any, ...]:
    """What the holidays are called, each once; days that were only moved there have no name."""
    names: dict[str, Any] = {}
    for day in days:
        said = _year(day.year).named.get(day, "")
        if said and _SUBSTITUTED not in said:
            known = next((begin for begin in _NAMES if said.startswith(begin)), "")
            name = _NAMES.get(known, said)
            names.setdefault(str(name), name)
    return tuple(names.values())
