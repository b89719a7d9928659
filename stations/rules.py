"""The numbers that judge a station, each with its source; the bureau sets its own."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.rules import Rule, declare

INSTRUCTORS = "station.instructors"
GUIDED_HOURS = "station.guided_hours"
PEOPLE = "station.people"
INSPECTION_DAYS = "station.inspection_days"
REPAIR_DAYS = "station.repair_days"
LIFE_YEARS = "station.life_years"
NEAR_YEARS = "station.near_life_years"
FARTHEST_KM = "station.farthest_km"

_CHENGDU = _("Chengdu's standard for community fitness service stations")
_NOT_PUBLISHED = _("no published figure found: set your own")


def declare_rules() -> None:
    """Called once, when the app is ready."""
    for rule in (
        Rule(
            INSTRUCTORS,
            2,
            _("instructors posted at a station"),
            pgettext_lazy("unit", "people"),
            _CHENGDU,
            0,
            50,
        ),
        Rule(
            GUIDED_HOURS,
            8,
            _("hours with guidance at a station"),
            _("hours a week"),
            _CHENGDU,
            0,
            168,
        ),
        Rule(
            PEOPLE,
            30,
            _("people at a station's usual activity"),
            pgettext_lazy("unit", "people"),
            _CHENGDU,
            0,
        ),
        Rule(
            INSPECTION_DAYS,
            90,
            _("a station is inspected at least every"),
            _("days"),
            _NOT_PUBLISHED,
            1,
        ),
        Rule(REPAIR_DAYS, 15, _("a fault is repaired within"), _("days"), _NOT_PUBLISHED, 1),
        Rule(
            LIFE_YEARS,
            8,
            _("service life of equipment, where its maker names none"),
            _("years"),
            _("usual for outdoor fitness equipment"),
            1,
            50,
        ),
        Rule(
            NEAR_YEARS,
            1,
            _("equipment is near the end of its life from"),
            _("years before"),
            _NOT_PUBLISHED,
            0,
            10,
        ),
        Rule(
            FARTHEST_KM,
            20,
            _("a station lies no farther from its village than"),
            _("km"),
            _("against mistyped coordinates, where no boundary is known"),
            1,
            200,
        ),
    ):
        declare(rule)


def months_after(day: date, months: int) -> date:
    """The day ``months`` later; where that month is too short, the first of the next."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return day.replace(year=years, month=month + 1)
    except ValueError:
        return date(years + (month + 1) // 12, (month + 1) % 12 + 1, 1)


def years_after(day: date, years: int) -> date:
    return months_after(day, 12 * years)
