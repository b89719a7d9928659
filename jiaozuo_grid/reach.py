"""Asking *who*: the one question behind every page, API answer, admin view and task.

Floor 0 knows no roles. It knows that an actor has a *reach*: for each right ("view grids.grid",
"change grids.grid", …) the area codes at or below which the right holds. ``grids.authority``
computes it from appointments and registers itself here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _

from jiaozuo_grid.area import AreaQuerySet, covers
from jiaozuo_grid.lasting import in_force_q


class OutOfReach(PermissionDenied):
    """The actor's appointments do not reach the area of what was to be written."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or _("This is outside the area you are responsible for."))


# A User of accounts/ (which floor 0 must not import) or SYSTEM.
Actor = Any


class System:
    """The actor of commands run on the server and of scheduled tasks; reaches everything."""

    is_authenticated = True
    pk = None

    def __str__(self) -> str:
        return "system"


class Delegated(System):
    """The system acting for a user who was allowed the whole: its parts are not asked one by one.

    Merging two villages moves rows of many kinds, some of which its author may not write singly.
    The trail names the user. Whoever makes one has asked for the right to the whole before.
    """

    def __init__(self, user: Actor) -> None:
        self.user = None if isinstance(user, System) else user

    def __str__(self) -> str:
        return str(self.user or "system")


SYSTEM = System()


@dataclass(frozen=True)
class Reach:
    """For each right, the area codes at or below which it holds.

    ``past`` has the codes at which that area, or what became part of it, stood before: rights hold
    there too, but nothing is at home there any more.
    """

    areas: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    past: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    everywhere: bool = False

    def areas_for(self, right: str) -> tuple[str, ...]:
        """The areas of today."""
        return self.areas.get(right, ())

    def ground_of(self, right: str) -> tuple[str, ...]:
        """The areas of today and of the past: where rows are looked for."""
        return (*self.areas.get(right, ()), *self.past.get(right, ()))

    def allows(self, right: str, area_code: str | None = None) -> bool:
        """Whether the right holds at ``area_code`` (None: anywhere at all)."""
        if self.everywhere:
            return True
        codes = self.ground_of(right)
        return bool(codes) if area_code is None else any(covers(c, area_code) for c in codes)


NOWHERE = Reach()
EVERYWHERE = Reach(everywhere=True)

_provider: Callable[[Actor, date | None], Reach] | None = None


def provide_reach(provider: Callable[[Actor, date | None], Reach]) -> None:
    """Register the function that computes a user's reach (called once, by grids/apps.py)."""
    global _provider
    _provider = provider


def reach_of(actor: Actor, on: date | None = None) -> Reach:
    """The actor's reach today, or as it was on a day."""
    if isinstance(actor, System):
        return EVERYWHERE
    if _provider is None or not getattr(actor, "is_authenticated", False):
        return NOWHERE
    return _provider(actor, on)


def right(verb: str, model: type[models.Model] | models.Model) -> str:
    """The name of a right: ``right("view", Grid) == "view grids.grid"``."""
    return f"{verb} {model._meta.label_lower}"


class ScopedQuerySet(AreaQuerySet):
    """Area rows that know who may see and change them."""

    def reached(self, actor: Actor, verb: str, on: date | None = None) -> Self:
        reach = reach_of(actor, on)
        if reach.everywhere:
            return self.all()
        return self.within_any(reach.ground_of(right(verb, self.model)))

    def visible_to(self, actor: Actor) -> Self:
        """Rows that the actor's appointments let them see."""
        return self.reached(actor, "view")

    def editable_by(self, actor: Actor, on: date | None = None) -> Self:
        """Rows that the actor's appointments let them change."""
        return self.reached(actor, "change", on)


class ScopedLastingQuerySet(ScopedQuerySet):
    """Area rows that last: asking *when* too."""

    def on(self, day: date) -> Self:
        """Rows in force on ``day``."""
        return self.filter(in_force_q(day))
