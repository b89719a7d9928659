"""The rows that measures count, as of a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, When
from django.db.models.functions import Substr

from activities.models import Session
from coverage.registry.kinds import Rows, Where
from grids.lineage import heirs_of_hobby_grids
from grids.models import Division, Grid, HobbyGrid, ResidentCount, Succession
from grids.querysets import GridQuerySet, HobbyGridQuerySet
from jiaozuo_grid.area import Level


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
