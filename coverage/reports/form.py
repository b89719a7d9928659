"""The bureau's yearly statistical form: a line an area, a column a fact, of one year.

That instructors granted by level are reported every year is known (年社会体育指导员授予情况统计表,
since 2000); the printed form itself is not at hand. Its columns are therefore ours, and those of
which no source says that the bureau's form has them are marked as to be confirmed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.db.models.functions import Substr
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coverage.months import month_end
from coverage.registry import MEASURES, Kind
from coverage.reports.periods import Period
from coverage.series import figures_on
from grids.models import Organisation
from grids.models.organisations import OrganisationKind
from instructors.models import Certificate, InstructorLevel
from jiaozuo_grid.area import Level

if TYPE_CHECKING:
    from coverage.reports.content import Source

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
    codes = [source.area.area_code, *(child.area_code for child in source.children)]
    columns = [
        *_granted(codes, period),
        *_standing(source, IN_FORCE, FORCE),
        *_standing(source, STANDING, AT_THE_END),
        *_organisations(codes, period),
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


def _counted(rows: Any, codes: list[str], by: str) -> dict[tuple[str, Any], int]:
    """How many rows stand at or below each code, by the value of a field; one query."""
    digits = len(codes[0])
    deeper = next(level for level in Level if level > digits)
    found: Counter[tuple[str, Any]] = Counter()
    grouped = rows.within(codes[0]).order_by().annotate(up=Substr("area_code", 1, deeper))
    for up, value, number in grouped.values_list("up", by).annotate(n=Count("pk")):
        for code in {up, codes[0]}:
            found[code, value] += number
    return found


def _granted(codes: list[str], period: Period) -> list[Column]:
    rows = Certificate.objects.filter(granted_on__gte=period.first, granted_on__lte=period.on)
    found = _counted(rows, codes, "instructor_level")
    return [
        Column(
            f"granted_{level.name.lower()}",
            str(GRANTED),
            str(level.label),
            lambda code, level=level: found.get((code, level.value), 0),  # type: ignore[misc]
            sure=True,
        )
        for level in LEVELS
    ]


def _organisations(codes: list[str], period: Period) -> list[Column]:
    found = _counted(Organisation.objects.on(period.on), codes, "kind")
    return [
        Column(
            f"organisations_{kind.value}",
            str(ORGANISATIONS),
            str(kind.label),
            lambda code, kind=kind: found.get((code, kind.value), 0),  # type: ignore[misc]
        )
        for kind in OrganisationKind
    ]


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
    """The year's months added up, each as its page shows it."""
    areas = [(area.area_code, area.name) for area in (source.area, *source.children)]
    days = [min(month_end(month), period.on) for month in period.months]
    keys = [key for key in HELD if key in MEASURES and MEASURES[key].kind is Kind.FLOW]
    found = figures_on(areas, days, measures=["villages"])

    def value(code: str, key: str) -> int | None:
        values = [found[day][code].figures[key].value for day in days]
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
