"""The bureau's yearly statistical form: a line an area, a column a fact, of one year.

That instructors granted by level are reported every year is known (年社会体育指导员授予情况统计表,
since 2000); the printed form itself is not at hand. Its columns are therefore ours, and those of
which no source says that the bureau's form has them are marked as to be confirmed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coverage.registers import granted_key, organisations_key
from coverage.registry import MEASURES, Kind
from coverage.reports.periods import Period
from coverage.reports.source import Source, figures_by_month
from grids.models.organisations import OrganisationKind
from instructors.models import InstructorLevel
from jiaozuo_grid.months import month_end

LEVELS = (
    InstructorLevel.THIRD,
    InstructorLevel.SECOND,
    InstructorLevel.FIRST,
    InstructorLevel.NATIONAL,
)
# Whatever of these the registry has, in this order; flows are the year's twelve months added up.
IN_FORCE = ("instructors_third", "instructors_second", "instructors_first", "instructors_national")
STANDING = ("instructors", "registered_instructors", "stations", "grids", "hobby_grids")
HELD = (
    "sessions",
    "participants",
    "lectures",
    "listeners",
    "events",
    "event_participants",
)
GRANTED: str | Promise = gettext_lazy("Instructors granted in the year")
FORCE: str | Promise = gettext_lazy("Instructors in force at the end, by level")
ORGANISATIONS: str | Promise = gettext_lazy("Organisations at the end, by kind")
AT_THE_END: str | Promise = gettext_lazy("At the end of the year")
IN_THE_YEAR: str | Promise = gettext_lazy("In the year")


@dataclass(frozen=True)
class Column:
    """A fact by area code; ``total`` is of the whole area, so what stands at it is known too."""

    key: str
    group: str
    name: str
    values: Callable[[str], int | None]
    # Whether a source says that the bureau's form asks for it.
    sure: bool = False


def form_of(source: Source, period: Period) -> dict[str, Any]:
    """Columns and lines of the form; the last line but the total is what stands at the area."""
    columns = [
        *_granted(source),
        *_standing(source, IN_FORCE, FORCE),
        *_standing(source, STANDING, AT_THE_END),
        *_organisations(source),
        *_held(source, period),
    ]
    areas = [(child.area_code, child.name) for child in source.children]
    return {
        "columns": [
            {"key": one.key, "group": one.group, "name": one.name, "sure": one.sure}
            for one in columns
        ],
        "lines": [
            {"code": code, "name": name, "values": [one.values(code) for one in columns]}
            for code, name in areas
        ],
        "own_name": _("%(area)s itself") % {"area": source.area.name},
        "total": [one.values(source.area.area_code) for one in columns],
        "notes": notes(),
    }


def notes() -> list[str]:
    return [
        _(
            "Instructors granted in the year: the certificates granted within it, by their level; "
            "who rose two grades counts in both."
        ),
        _(
            "At the end: as of the last day. In the year: the months added up; participants who "
            "come twice count twice."
        ),
        _(
            "Columns marked * are not confirmed by a source: compare them with the bureau's form "
            "of the year before they are handed in."
        ),
    ]


def _granted(source: Source) -> list[Column]:
    return [
        _registered(source, granted_key(level), GRANTED, level.label, sure=True) for level in LEVELS
    ]


def _organisations(source: Source) -> list[Column]:
    return [
        _registered(source, organisations_key(kind), ORGANISATIONS, kind.label)
        for kind in OrganisationKind
    ]


def _registered(
    source: Source, key: str, group: str | Promise, name: str | Promise, *, sure: bool = False
) -> Column:
    """A column of what the registers hold; not known where an edition did not note it."""
    registers = source.registers
    return Column(
        key, str(group), str(name), lambda code: registers.get(code, {}).get(key), sure=sure
    )


def _standing(source: Source, keys: tuple[str, ...], group: str | Promise) -> list[Column]:
    areas = {area.area_code: area for area in (source.area, *source.children)}

    def value(code: str, key: str) -> int | None:
        figure = areas[code].figures.get(key)
        return figure.value if figure else None

    return [
        Column(key, str(group), str(MEASURES[key].name), lambda code, key=key: value(code, key))  # type: ignore[misc]
        for key in keys
        if key in MEASURES
    ]


def _held(source: Source, period: Period) -> list[Column]:
    """The year's months added up, each as its page shows it, or as it was reported."""
    days = [min(month_end(month), period.on) for month in period.months]
    keys = [key for key in HELD if key in MEASURES and MEASURES[key].kind is Kind.FLOW]
    found = figures_by_month(source, [source.area, *source.children], days, keys)

    def value(code: str, key: str) -> int | None:
        figures = [found[day][code].figures.get(key) for day in days]
        values = [figure.value if figure else None for figure in figures]
        return None if None in values else sum(values)  # type: ignore[arg-type]

    return [
        Column(
            key,
            str(IN_THE_YEAR),
            year_name(key),
            lambda code, key=key: value(code, key),  # type: ignore[misc]
        )
        for key in keys
    ]


# The registry names flows by the month; here they are of the year.
YEAR_NAMES: dict[str, str | Promise] = {
    "sessions": gettext_lazy("Sessions"),
    "participants": gettext_lazy("Participants"),
    "lectures": gettext_lazy("Lectures"),
    "listeners": gettext_lazy("Listeners"),
    "events": gettext_lazy("Events"),
    "event_participants": gettext_lazy("Participants of events"),
}


def year_name(key: str) -> str:
    return str(YEAR_NAMES.get(key, MEASURES[key].name))
