"""Spells of grids and hobby grids in which something was held lately."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet

from activities.models import Session
from coverage.spells.areas import grids, hobby_grids
from coverage.spells.heldmonths import MONTH
from coverage.spells.islands import islands, islands_of_months, islands_since
from coverage.spells.scope import Scope
from coverage.spells.stretches import Stretches, after, both, merged
from grids.models import HobbyGrid
from jiaozuo_grid.area import Level, range_end, within_q


def active(scope: Scope, since: date | None = None) -> dict[str, Stretches]:
    """The days on which there was a standing session within the ``ACTIVE_DAYS`` days before, of
    grids and of hobby grids, by the key of the measure; with ``since`` the days from then on.
    """
    held = _held(scope, since)
    return {
        "active_grids": both(grids(scope), _up(held, Level.GRID, since)),
        "active_hobby_grids": both(hobby_grids(scope), _up(held, Level.HOBBY_GRID, since)),
    }


def active_grids(scope: Scope) -> Stretches:
    return active(scope)["active_grids"]


def active_hobby_grids(scope: Scope) -> Stretches:
    return active(scope)["active_hobby_grids"]


def _held(scope: Scope, since: date | None) -> Stretches:
    """By hobby grid the days that count as active, reading the sessions once."""
    sessions = Session.objects.standing().annotate(owner=F("area_code"))
    found: Stretches = defaultdict(list)
    if scope.area:
        found |= _below(scope.area)
    else:
        found |= _counted(sessions, scope.hobby_grids, since)
    # A hobby grid that moved is as active at its new code as it was at the old one.
    heirs: dict[str, set[str]] = defaultdict(set)
    for old, new in scope.heirs():
        heirs[old].add(new)
    if heirs:
        for code, stretches in _counted(sessions, heirs, since).items():
            for heir in heirs[code]:
                found[heir] = [*found[heir], *stretches]
    return found


def _below(area: str) -> Stretches:
    if settings.ACTIVE_DAYS < MONTH:
        here = Session.objects.standing().filter(within_q([area])).annotate(owner=F("area_code"))
        return islands(here, settings.ACTIVE_DAYS)
    below = "area_code >= %s AND area_code < %s"
    return islands_of_months("area_code", below, [area, range_end(area)], settings.ACTIVE_DAYS)


def _counted(sessions: QuerySet[Any], codes: Collection[str], since: date | None) -> Stretches:
    rows = sessions.filter(area_code__in=codes)
    if since is None:
        return islands(rows, settings.ACTIVE_DAYS)
    owners = HobbyGrid.objects.filter(area_code__in=codes)
    return islands_since(owners, "area_code", rows, settings.ACTIVE_DAYS, since)


def _up(held: Stretches, digits: int, since: date | None) -> Stretches:
    found: Stretches = defaultdict(list)
    for code, stretches in held.items():
        found[code[:digits]] += stretches
    united = {code: merged(stretches) for code, stretches in found.items()}
    if since is None:
        return united
    return {code: after(stretches, since) for code, stretches in united.items()}
