"""The vocabulary for asking about areas, grids and appointments."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from jiaozuo_grid.area import Level, ancestors, within_q
from jiaozuo_grid.lasting import in_force_q
from jiaozuo_grid.reach import Actor, ScopedLastingQuerySet, reach_of, right


class LastingAreaQuerySet(ScopedLastingQuerySet):
    """Area rows that last, with no questions of their own."""


class DivisionQuerySet(ScopedLastingQuerySet):
    def children_of(self, code: str) -> Self:
        """The divisions one level below ``code``."""
        deeper = [n for n in (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE) if n > len(code)]
        return self.within(code).filter(digits=deeper[0]) if deeper else self.none()

    def path_to(self, code: str) -> Self:
        """The divisions from the city down to ``code`` itself."""
        return self.filter(area_code__in=ancestors(code, include_self=True)).order_by("digits")

    def villages(self) -> Self:
        return self.filter(digits=Level.VILLAGE)

    def visible_to(self, actor: Actor) -> Self:
        """Divisions at, below and above the actor's areas: everyone may know where they are."""
        reach = reach_of(actor)
        if reach.everywhere:
            return self.all()
        codes = reach.areas_for(right("view", self.model))
        above = {up for code in codes for up in ancestors(code)}
        return self.filter(within_q(codes) | Q(area_code__in=above))


def _appointed(role: str, day: date) -> Exists:
    appointments: Any = apps.get_model("grids", "Appointment")._default_manager
    return Exists(appointments.filter(in_force_q(day), role=role, area_code=OuterRef("area_code")))


class GridQuerySet(ScopedLastingQuerySet):
    def led_on(self, day: date) -> Self:
        """Grids whose leader's appointment is in force on ``day``."""
        return self.filter(_appointed("grid_leader", day))

    def without_leader_on(self, day: date) -> Self:
        return self.filter(~_appointed("grid_leader", day))


class HobbyGridQuerySet(ScopedLastingQuerySet):
    def staffed_on(self, day: date) -> Self:
        """Hobby grids with at least one member appointed on ``day``."""
        return self.filter(_appointed("grid_member", day))

    def unstaffed_on(self, day: date) -> Self:
        return self.filter(~_appointed("grid_member", day))


class AppointmentQuerySet(ScopedLastingQuerySet):
    def editable_by(self, actor: Actor, on: date | None = None) -> Self:
        """Posts that the actor may fill: of a role they may appoint there, and never their own.

        ``grids.writing`` asks this before and after every write, so that by no door can anyone
        appoint above themselves, or themselves.
        """
        mine = super().editable_by(actor, on)
        reach = reach_of(actor, on)
        if reach.everywhere:
            return mine
        may_fill = Q(pk__in=[])
        for name, codes in reach.areas.items():
            verb, _sep, role = name.partition(" ")
            if verb == "appoint":
                may_fill |= Q(role=role) & within_q(codes)
        return mine.filter(may_fill).exclude(person_id=getattr(actor, "person_id", None))

    def with_role(self, role: str) -> Self:
        return self.filter(role=role)
