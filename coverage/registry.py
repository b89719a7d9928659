"""The one list of measures, indicators and gaps; pages, API, exports and tests iterate over it.

A *measure* is a count of rows, or a sum of one of their fields; ``rows`` yields exactly the rows
that the figure counts. An *indicator* is a ratio of two measures with a target. A *gap* is the
inverse of an indicator: the named rows that keep it below its target.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, When
from django.db.models.functions import Substr
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models import Session
from grids.models import Division, Grid, HobbyGrid, ResidentCount, Succession
from grids.querysets import GridQuerySet, HobbyGridQuerySet
from instructors.models import InstructorPlace
from jiaozuo_grid.area import Ground, Level, within_q
from stations.models import StationPlace

Text = str | Promise
# An area of the map as it was on the day, or as it is today (grids/lineage.py).
Where = str | Ground
Rows = Callable[[Where, date], QuerySet[Any]]


class Kind(StrEnum):
    """A stock stands as of a day; a flow happened in the calendar month of the day."""

    STOCK = "stock"
    FLOW = "flow"


@dataclass(frozen=True)
class Measure:
    """A count of ``rows``, or the sum of their ``amount``."""

    key: str
    name: Text
    unit: Text
    definition: Text
    rows: Rows
    kind: Kind = Kind.STOCK
    amount: str | None = None
    # For measures that are not known everywhere: "known in so many of so many villages".
    partly_known: bool = False
    # The deepest level at which it means anything: a single grid has no number of villages.
    level: int = Level.HOBBY_GRID


@dataclass(frozen=True)
class Indicator:
    """``per`` × numerator ÷ denominator, against a target; ``per`` 1 is shown in per cent."""

    key: str
    name: Text
    definition: Text
    numerator: str
    denominator: str
    target: float | None
    per: int = 1


@dataclass(frozen=True)
class Gap:
    """Named rows that keep an indicator below its target, and what to do about them.

    Its size is ``whole`` − ``part`` where those two measures give it, so it costs no count.
    """

    key: str
    name: Text
    remedy: Text
    rows: Rows
    whole: str
    part: str
    indicator: str


def _villages(area: Where, on: date) -> QuerySet[Any]:
    return Division.objects.within(area).villages().on(on)


def _residents(field: str) -> Rows:
    def rows(area: Where, on: date) -> QuerySet[Any]:
        counts = ResidentCount.objects.within(area).at_level(Level.VILLAGE).on(on)
        return counts.exclude(**{field: None}).filter(_of_a_village(on))

    return rows


def _of_a_village(on: date) -> Exists:
    villages = Division.objects.on(on).filter(area_code=OuterRef("area_code"))
    return Exists(villages)


def _required(area: Where, on: date) -> QuerySet[Any]:
    """Villages' counts with ``required``: households ÷ 400 rounded up, or one a villager group."""
    sequence = Substr("area_code", 10, 3)
    share = settings.HOUSEHOLDS_PER_GRID
    community = Q(sequence__lt="200") | Q(sequence__gte="400", sequence__lt="500")
    required = Case(
        When(community, then=(F("households") + (share - 1)) / share),
        default=F("villager_groups"),
        output_field=IntegerField(),
    )
    counts = ResidentCount.objects.within(area).at_level(Level.VILLAGE).on(on)
    return (
        counts.filter(_of_a_village(on))
        .annotate(sequence=sequence)
        .annotate(required=required)
        .exclude(required=None)
    )


def _is_counted(on: date) -> Exists:
    """Whether the population of the outer row, a village, is known."""
    counts = ResidentCount.objects.on(on).exclude(population=None)
    return Exists(counts.filter(area_code=OuterRef("area_code")))


def _has_grids(on: date) -> Exists:
    """Whether a grid in force stands in the village of the outer row."""
    grids = Grid.objects.on(on).annotate(village=Substr("area_code", 1, Level.VILLAGE))
    return Exists(grids.filter(village=OuterRef("area_code")))


def _had_session(area: Where, on: date, digits: int) -> Q:
    """Whether a session stands, in the days that count as active, at or below the row.

    A hobby grid that moved is as active at its new code as it was at the old one.
    """
    sessions = Session.objects.standing().recent(on)
    direct = sessions.within(area).annotate(up=Substr("area_code", 1, digits)).values("up")
    moved = Succession.objects.filter(
        Exists(sessions.filter(area_code=OuterRef("old_code"))),
        area.q("new_code") if isinstance(area, Ground) else within_q([area], "new_code"),
        old_code__length=Level.HOBBY_GRID,
    )
    inherited = moved.annotate(up=Substr("new_code", 1, digits)).values("up")
    return Q(area_code__in=direct.order_by()) | Q(area_code__in=inherited.order_by())


def _grids(area: Where, on: date) -> GridQuerySet:
    return Grid.objects.within(area).on(on)


def _hobby_grids(area: Where, on: date) -> HobbyGridQuerySet:
    return HobbyGrid.objects.within(area).on(on)


def _sessions(area: Where, on: date) -> QuerySet[Any]:
    return Session.objects.within(area).standing().held_in(on)


_MEASURES = [
    Measure(
        "villages",
        _("Villages and communities"),
        pgettext_lazy("unit", "villages"),
        _("Villages and communities of the official list in force on the day."),
        _villages,
        level=Level.VILLAGE,
    ),
    Measure(
        "population",
        _("Population"),
        pgettext_lazy("unit", "people"),
        _("Residents of the villages and communities whose population is known."),
        _residents("population"),
        amount="population",
        partly_known=True,
        level=Level.VILLAGE,
    ),
    Measure(
        "households",
        _("Households"),
        pgettext_lazy("unit", "households"),
        _("Households of the villages and communities where their number is known."),
        _residents("households"),
        amount="households",
        partly_known=True,
        level=Level.VILLAGE,
    ),
    Measure(
        "required_grids",
        _("Required grids"),
        pgettext_lazy("unit", "grids"),
        _("A community: households ÷ 400, rounded up. A village: one for each villager group."),
        _required,
        amount="required",
        partly_known=True,
        level=Level.VILLAGE,
    ),
    Measure(
        "counted_villages",
        _("Villages with a known population"),
        pgettext_lazy("unit", "villages"),
        _("Villages and communities whose population is recorded."),
        lambda area, on: _villages(area, on).filter(_is_counted(on)),
        level=Level.VILLAGE,
    ),
    Measure(
        "villages_with_grids",
        _("Villages with grids"),
        pgettext_lazy("unit", "villages"),
        _("Villages and communities with at least one grid in force."),
        lambda area, on: _villages(area, on).filter(_has_grids(on)),
        level=Level.VILLAGE,
    ),
    Measure(
        "grids",
        _("Grids"),
        pgettext_lazy("unit", "grids"),
        _("Grid fitness organisations in force on the day."),
        _grids,
        level=Level.GRID,
    ),
    Measure(
        "led_grids",
        _("Grids with a leader"),
        pgettext_lazy("unit", "grids"),
        _("Grids whose leader's appointment is in force on the day."),
        lambda area, on: _grids(area, on).led_on(on),
        level=Level.GRID,
    ),
    Measure(
        "active_grids",
        _("Active grids"),
        pgettext_lazy("unit", "grids"),
        _("Grids in which a session was held in the 30 days that end with the day."),
        lambda area, on: _grids(area, on).filter(_had_session(area, on, Level.GRID)),
        level=Level.GRID,
    ),
    Measure(
        "hobby_grids",
        _("Hobby grids"),
        pgettext_lazy("unit", "hobby grids"),
        _("Hobby grids in force on the day."),
        _hobby_grids,
    ),
    Measure(
        "staffed_hobby_grids",
        _("Hobby grids with a member"),
        pgettext_lazy("unit", "hobby grids"),
        _("Hobby grids to which at least one grid member is appointed on the day."),
        lambda area, on: _hobby_grids(area, on).staffed_on(on),
    ),
    Measure(
        "active_hobby_grids",
        _("Active hobby grids"),
        pgettext_lazy("unit", "hobby grids"),
        _("Hobby grids that held a session in the 30 days that end with the day."),
        lambda area, on: _hobby_grids(area, on).filter(_had_session(area, on, Level.HOBBY_GRID)),
    ),
    Measure(
        "sessions",
        _("Sessions this month"),
        pgettext_lazy("unit", "sessions"),
        _("Sessions held in the calendar month of the day and not withdrawn."),
        _sessions,
        kind=Kind.FLOW,
    ),
    Measure(
        "participants",
        _("Participants this month"),
        pgettext_lazy("unit", "person-times"),
        _("Participants of the month's sessions; who comes twice counts twice."),
        _sessions,
        kind=Kind.FLOW,
        amount="participants",
    ),
    Measure(
        "instructors",
        _("Instructors"),
        pgettext_lazy("unit", "people"),
        _("Social sports instructors in force on the day."),
        lambda area, on: InstructorPlace.objects.within(area).on(on),
        level=Level.GRID,
    ),
    Measure(
        "stations",
        _("Fitness stations"),
        pgettext_lazy("unit", "stations"),
        _("Fitness stations and exercise points in force on the day."),
        lambda area, on: StationPlace.objects.within(area).on(on),
        level=Level.GRID,
    ),
]
MEASURES: dict[str, Measure] = {measure.key: measure for measure in _MEASURES}

_INDICATORS = [
    Indicator(
        "villages_with_grids_share",
        _("Villages covered"),
        _("Share of villages and communities with at least one grid."),
        "villages_with_grids",
        "villages",
        1.0,
    ),
    Indicator(
        "villages_counted_share",
        _("Villages counted"),
        _("Share of villages and communities whose population is known."),
        "counted_villages",
        "villages",
        1.0,
    ),
    Indicator(
        "grid_coverage",
        _("Grid coverage"),
        _("Grids in force per required grid."),
        "grids",
        "required_grids",
        1.0,
    ),
    Indicator(
        "led_share",
        _("Grids led"),
        _("Share of grids with a leader."),
        "led_grids",
        "grids",
        1.0,
    ),
    Indicator(
        "staffed_share",
        _("Hobby grids staffed"),
        _("Share of hobby grids with a member."),
        "staffed_hobby_grids",
        "hobby_grids",
        1.0,
    ),
    Indicator(
        "active_grid_share",
        _("Grids active"),
        _("Share of grids with a session in the last 30 days."),
        "active_grids",
        "grids",
        0.9,
    ),
    Indicator(
        "active_hobby_share",
        _("Hobby grids active"),
        _("Share of hobby grids with a session in the last 30 days."),
        "active_hobby_grids",
        "hobby_grids",
        0.9,
    ),
    Indicator(
        "instructors_per_1000",
        _("Instructors per 1,000 people"),
        _("Henan's target is 3 per 1,000, the national one 2.16."),
        "instructors",
        "population",
        3.0,
        per=1000,
    ),
    Indicator(
        "stations_per_10000",
        _("Stations per 10,000 people"),
        _("The city aims at 5 or more per 10,000."),
        "stations",
        "population",
        5.0,
        per=10_000,
    ),
]
INDICATORS: dict[str, Indicator] = {indicator.key: indicator for indicator in _INDICATORS}

_GAPS = [
    Gap(
        "villages_without_grids",
        _("Villages without a grid"),
        _("Establish the village's grids."),
        lambda area, on: _villages(area, on).filter(~_has_grids(on)),
        "villages",
        "villages_with_grids",
        "villages_with_grids_share",
    ),
    Gap(
        "villages_not_counted",
        _("Villages without resident figures"),
        _("Record population and households: without them there is no rate for the whole area."),
        lambda area, on: _villages(area, on).filter(~_is_counted(on)),
        "villages",
        "counted_villages",
        "villages_counted_share",
    ),
    Gap(
        "grids_without_leader",
        _("Grids without a leader"),
        _("Appoint a grid leader."),
        lambda area, on: _grids(area, on).without_leader_on(on),
        "grids",
        "led_grids",
        "led_share",
    ),
    Gap(
        "hobby_grids_without_member",
        _("Hobby grids without a member"),
        _("Appoint a grid member who runs it."),
        lambda area, on: _hobby_grids(area, on).unstaffed_on(on),
        "hobby_grids",
        "staffed_hobby_grids",
        "staffed_share",
    ),
    Gap(
        "silent_grids",
        _("Grids silent for 30 days"),
        _("Ask the leader what is missing: a place, someone to run it, or only the record."),
        lambda area, on: _grids(area, on).filter(~_had_session(area, on, Level.GRID)),
        "grids",
        "active_grids",
        "active_grid_share",
    ),
    Gap(
        "silent_hobby_grids",
        _("Hobby grids silent for 30 days"),
        _("Ask the member who runs it, or end a hobby grid that no longer meets."),
        lambda area, on: _hobby_grids(area, on).filter(~_had_session(area, on, Level.HOBBY_GRID)),
        "hobby_grids",
        "active_hobby_grids",
        "active_hobby_share",
    ),
]
GAPS: dict[str, Gap] = {gap.key: gap for gap in _GAPS}
