"""The numbers that the rules about instructors need, each with its source and how sure it is."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from grids.rules import Rule, declare

SERVICES = "instructor.services"
COURSES = "instructor.courses"
RENEWAL = "instructor.renewal"
INACTIVE = "instructor.inactive"
SERVED_DAYS = "instructor.served_days"
# The years of registered service that lead to a level.
YEARS = {2: "instructor.years_second", 1: "instructor.years_first", 0: "instructor.years_national"}

_STANDARD = _("Technical grade standard for social sports instructors (2011); confirmed.")
_UNSURE = _("General practice; not confirmed by a document. Set what your province asks for.")


def declare_rules() -> None:
    """Called when the app is ready."""
    years, times = _("years"), _("times")
    for rule in (
        Rule(SERVICES, 30, _("Services in the last year for the third grade"), times, _STANDARD),
        Rule(YEARS[2], 2, _("Registered years for the second grade"), years, _STANDARD, most=50),
        Rule(YEARS[1], 3, _("Registered years for the first grade"), years, _STANDARD, most=50),
        Rule(YEARS[0], 4, _("Registered years for the national grade"), years, _UNSURE, most=50),
        Rule(COURSES, 1, _("Passed courses of the level for a promotion"), times, _STANDARD),
        Rule(
            RENEWAL,
            1,
            _("Registration is due after"),
            years,
            _UNSURE,
            least=1,
            most=10,
        ),
        Rule(
            INACTIVE,
            2,
            _("Inactive without service after"),
            years,
            _UNSURE,
            least=1,
            most=10,
        ),
        Rule(
            SERVED_DAYS,
            90,
            _("Counts as serving: a service in the last"),
            _("days"),
            _("Chosen for this system; change it freely."),
            least=1,
        ),
    ):
        declare(rule)


def years_before(day: date, years: float) -> date:
    """The same day of the month, whole years earlier (28 February for a leap day)."""
    try:
        return day.replace(year=day.year - int(years))
    except ValueError:
        return day.replace(year=day.year - int(years), day=28)
