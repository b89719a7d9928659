"""The rows that measures count, as of a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import (
    Case,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    When,
)
from django.db.models.functions import Substr

from activities.models import Session
from coverage.dated import dated_of
from coverage.models import FlowTally, NearStation
from coverage.registry.kinds import Rows, Where
from coverage.spells.areas import BAND, WORKING_ROLES
from coverage.spells.people import SERVED_DAYS
from grids.lineage import heirs_of_hobby_grids
from grids.models import (
    Appointment,
    Division,
    Grid,
    GridKind,
    HobbyGrid,
    ResidentCount,
    Sport,
    Succession,
)
from grids.querysets import GridQuerySet, HobbyGridQuerySet
from instructors.models import Certificate, Instructor, InstructorPlace, Registration
from instructors.service import Span, served_q
from jiaozuo_grid.area import Level, within_q
from jiaozuo_grid.months import next_month
from stations.models import Station, StationPlace
from stations.standard import Verdict, with_verdict


def villages(area: Where, on: date) -> QuerySet[Any]:
    return Division.objects.within(area).villages().on(on)


def residents(field: str) -> Rows:
    def rows(area: Where, on: date) -> QuerySet[Any]:
        counts = ResidentCount.objects.within(area).at_level(Level.VILLAGE).on(on)
        return counts.exclude(**{field: None}).filter(of_a_village(on))

    return rows


def of_a_village(on: date) -> Exists:
    villages = Division.objects.on(on).filter(area_code=OuterRef("area_code"))
    return Exists(villages)


def required(area: Where, on: date) -> QuerySet[Any]:
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
        counts.filter(of_a_village(on))
        .annotate(sequence=sequence)
        .annotate(required=required)
        .exclude(required=None)
    )


def is_counted(on: date) -> Exists:
    """Whether the population of the outer row, a village, is known."""
    counts = ResidentCount.objects.on(on).exclude(population=None)
    return Exists(counts.filter(area_code=OuterRef("area_code")))


def has_grids(on: date) -> Exists:
    """Whether a grid in force stands in the village of the outer row."""
    grids = Grid.objects.on(on).annotate(village=Substr("area_code", 1, Level.VILLAGE))
    return Exists(grids.filter(village=OuterRef("area_code")))


def had_session(area: Where, on: date, digits: int) -> Q:
    """Whether a session stands, in the days that count as active, at or below the row.

    A hobby grid that moved is as active at its new codes as it was at the old one. On today's map
    a grid may lie in an area and what it did then outside it: then all sessions are looked at.
    """
    sessions = Session.objects.standing().recent(on)
    # Only a move of these days or later can lie between a session and the day.
    moved = Succession.objects.standing().of_hobby_grids()
    moved = moved.filter(on__gt=on - timedelta(days=settings.ACTIVE_DAYS))
    moved = moved.filter(Exists(sessions.filter(area_code=OuterRef("old_code"))))
    heirs = heirs_of_hobby_grids(moved.values_list("old_code", flat=True))
    inherited = {code[:digits] for codes in heirs.values() for code in codes}
    if isinstance(area, str):
        sessions = sessions.within(area)
    direct = sessions.annotate(up=Substr("area_code", 1, digits)).values("up")
    return Q(area_code__in=direct.order_by()) | Q(area_code__in=inherited)


def grids(area: Where, on: date) -> GridQuerySet:
    return Grid.objects.within(area).on(on)


def hobby_grids(area: Where, on: date) -> HobbyGridQuerySet:
    return HobbyGrid.objects.within(area).on(on)


def sessions(area: Where, on: date) -> QuerySet[Any]:
    return Session.objects.within(area).standing().held_in(on)


def sessions_with_time(area: Where, on: date) -> QuerySet[Any]:
    """The month's sessions with ``participant_minutes``."""
    return sessions(area, on).annotate(
        participant_minutes=ExpressionWrapper(
            F("participants") * F("minutes"), output_field=IntegerField()
        )
    )


def sports(area: Where, on: date) -> QuerySet[Any]:
    """Sports of which the area has a hobby grid."""
    offered = hobby_grids(area, on).filter(sport=OuterRef("pk"))
    return Sport.objects.filter(Exists(offered))


def urban_grids(area: Where, on: date) -> GridQuerySet:
    return grids(area, on).filter(kind=GridKind.URBAN)


def in_band() -> Q:
    return Q(households__range=BAND)


def double_posts(area: Where, on: date) -> QuerySet[Any]:
    """Posts of leaders and members whose holder has another one on the day."""
    working = Appointment.objects.filter(role__in=WORKING_ROLES).on(on)
    others = working.filter(person=OuterRef("person")).exclude(pk=OuterRef("pk"))
    return working.within(area).filter(Exists(others))


def months_of(column: str) -> Rows:
    """The hobby grids' months in which something was counted: each leads to its own calendar."""

    def rows(area: Where, on: date) -> QuerySet[Any]:
        months = FlowTally.objects.filter(month=on.replace(day=1), **{f"{column}__gt": 0})
        return months.filter(_where(area), area_code__length=Level.HOBBY_GRID).order_by("area_code")

    return rows


def in_month(column: str, on: date) -> Exists:
    """Whether something was counted of the outer row, a hobby grid, in the day's month."""
    months = FlowTally.objects.filter(month=on.replace(day=1), **{f"{column}__gt": 0})
    return Exists(months.filter(area_code=OuterRef("area_code")))


def _where(area: Where) -> Q:
    return within_q([area]) if isinstance(area, str) else area.q()


def dated(key: str) -> Rows:
    """The rows of a dated measure in the day's month; none while nobody fills its slot."""

    def rows(area: Where, on: date) -> QuerySet[Any]:
        source = dated_of(key)
        if source is None:
            return FlowTally.objects.none()
        first = on.replace(day=1)
        days = {f"{source.day}__gte": first, f"{source.day}__lt": next_month(first)}
        return source.rows().filter(_where(area), **days)

    return rows


# --- people


def instructors(area: Where, on: date) -> QuerySet[Any]:
    return InstructorPlace.objects.within(area).on(on)


def of_level(level: int) -> Rows:
    """Instructors whose highest certificate in force is of the level."""

    def rows(area: Where, on: date) -> QuerySet[Any]:
        held = Certificate.objects.in_force(on).filter(instructor=OuterRef("instructor"))
        this, higher = held.filter(instructor_level=level), held.filter(instructor_level__lt=level)
        return instructors(area, on).filter(Exists(this), ~Exists(higher))

    return rows


def is_certified(on: date) -> Exists:
    held = Certificate.objects.in_force(on)
    return Exists(held.filter(instructor=OuterRef("instructor")))


def is_registered(on: date) -> Exists:
    rows = Registration.objects.filter(year=on.year, registered_on__lte=on)
    return Exists(rows.filter(instructor=OuterRef("instructor")))


def is_serving(on: date) -> Q:
    """Whether the instructor of the outer row served in the days that end with the day."""
    span = Span(on - timedelta(days=SERVED_DAYS), on)
    return Q(instructor__in=Instructor.objects.filter(served_q(span)).order_by().values("pk"))


# --- places


def stations(area: Where, on: date) -> QuerySet[Any]:
    return StationPlace.objects.within(area).on(on)


def stations_with_area(area: Where, on: date) -> QuerySet[Any]:
    """Stations of which the area is known, with ``square_metres``."""
    known = stations(area, on).exclude(station__square_metres=None)
    return known.annotate(square_metres=F("station__square_metres"))


def meets_standard(on: date) -> Q:
    met = with_verdict(Station.objects.order_by(), Verdict.MET, on)
    return Q(station__in=met.values("pk"))


def is_placed() -> Q:
    """Whether the village's own point is known."""
    return Q(longitude__isnull=False, latitude__isnull=False)


def has_station_within(metres: int, on: date) -> Exists:
    """Whether a station in force lies so near to the village of the outer row."""
    standing = StationPlace.objects.on(on).order_by().values("station")
    near = NearStation.objects.filter(metres__lte=metres, station_key__in=standing)
    return Exists(near.filter(village_code=OuterRef("area_code")))


def placed_households(area: Where, on: date) -> QuerySet[Any]:
    """Known households of villages whose own point is known."""
    placed = Division.objects.on(on).filter(is_placed(), area_code=OuterRef("area_code"))
    return residents("households")(area, on).filter(Exists(placed))


def near_households(metres: int) -> Rows:
    def rows(area: Where, on: date) -> QuerySet[Any]:
        return placed_households(area, on).filter(has_station_within(metres, on))

    return rows
