"""Which areas are organised: the divisions behind the coverage of 体育总会 and of 全民健身组织.

Three-level coverage asks of the city, its counties and its townships whether each has a sports
federation; four-level coverage asks of these and of villages whether each has a fitness
organisation (domain.md, section 0). Each is one condition on ``area_code``, whatever the area.
"""

from __future__ import annotations

from datetime import date

from grids.models import Division
from grids.querysets import DivisionQuerySet
from jiaozuo_grid.area import Ground, Level

FEDERATED_LEVELS = (Level.CITY, Level.COUNTY, Level.TOWNSHIP)
ORGANISED_LEVELS = (*FEDERATED_LEVELS, Level.VILLAGE)


def divisions_at(levels: tuple[int, ...], area: str | Ground, day: date) -> DivisionQuerySet:
    """The divisions in force at or below ``area`` at some levels."""
    found: DivisionQuerySet = Division.objects.within(area).on(day).filter(digits__in=levels)
    return found


def to_be_federated(area: str | Ground, day: date) -> DivisionQuerySet:
    """The divisions that should have a sports federation: city, counties, townships."""
    return divisions_at(FEDERATED_LEVELS, area, day)


def federated(area: str | Ground, day: date) -> DivisionQuerySet:
    """Those that have one; the named gap is ``to_be_federated(…).without_federation_on(day)``."""
    return to_be_federated(area, day).with_federation_on(day)


def to_be_organised(area: str | Ground, day: date) -> DivisionQuerySet:
    """The divisions that should have a fitness organisation: those of all four levels."""
    return divisions_at(ORGANISED_LEVELS, area, day)


def organised(area: str | Ground, day: date) -> DivisionQuerySet:
    """Those that have one; the gap is ``to_be_organised(…).without_fitness_organisation_on``."""
    return to_be_organised(area, day).with_fitness_organisation_on(day)
