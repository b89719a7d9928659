"""Spells of grids and hobby grids in which something was held lately."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from django.conf import settings
from django.db.models import F

from activities.models import Session
from coverage.spells.areas import grids, hobby_grids
from coverage.spells.islands import islands
from coverage.spells.scope import Scope
from coverage.spells.stretches import Stretches, after, both, merged
from jiaozuo_grid.area import Level


def _of_hobby_grids(scope: Scope, digits: int, since: date | None) -> Stretches:
    """By hobby grid below the scope's codes of a level, the days that count as active."""
    sessions = Session.objects.standing()
    if since is not None:
        sessions = sessions.filter(held_on__gt=since - timedelta(days=settings.ACTIVE_DAYS))
    found: Stretches = defaultdict(list)
    for code, stretches in _counted(scope.below(sessions, digits)).items():
        found[code] += stretches
    # A hobby grid that moved is as active at its new code as it was at the old one.
    heirs: dict[str, set[str]] = defaultdict(set)
    for old, new in scope.heirs(digits):
        heirs[old].add(new)
    if heirs:
        for code, stretches in _counted(sessions.filter(area_code__in=heirs)).items():
            for heir in heirs[code]:
                found[heir] += stretches
    return found


def _counted(sessions: object) -> Stretches:
    rows = sessions.order_by().annotate(owner=F("area_code"), day=F("held_on"))  # type: ignore[attr-defined]
    return islands(rows, settings.ACTIVE_DAYS)


def _up(held: Stretches, digits: int, since: date | None) -> Stretches:
    found: Stretches = defaultdict(list)
    for code, stretches in held.items():
        found[code[:digits]] += stretches
    united = {code: merged(stretches) for code, stretches in found.items()}
    if since is None:
        return united
    return {code: after(stretches, since) for code, stretches in united.items()}


def active_grids(scope: Scope, since: date | None = None) -> Stretches:
    """The days on which there was a standing session within the ``ACTIVE_DAYS`` days before.

    With ``since`` the days from then on.
    """
    held = _of_hobby_grids(scope, Level.GRID, since)
    return both(grids(scope), _up(held, Level.GRID, since))


def active_hobby_grids(scope: Scope, since: date | None = None) -> Stretches:
    held = _of_hobby_grids(scope, Level.HOBBY_GRID, since)
    return both(hobby_grids(scope), _up(held, Level.HOBBY_GRID, since))


def active(scope: Scope) -> dict[str, Stretches]:
    """Both, reading the sessions of an area once."""
    if not scope.area:
        return {
            "active_grids": active_grids(scope),
            "active_hobby_grids": active_hobby_grids(scope),
        }
    held = _of_hobby_grids(scope, Level.HOBBY_GRID, None)
    return {
        "active_grids": both(grids(scope), _up(held, Level.GRID, None)),
        "active_hobby_grids": both(hobby_grids(scope), _up(held, Level.HOBBY_GRID, None)),
    }
