"""The vocabulary for asking about areas, grids and appointments."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from jiaozuo_grid.area import Level, ancestors, within_q
from jiaozuo_grid.lasting import in_force_q
from jiaozuo_grid.reach import Actor, ScopedLastingQuerySet, ScopedQuerySet, reach_of, right


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
        codes = reach.ground_of(right("view", self.model))
        above = {up for code in codes for up in ancestors(code)}
        return self.filter(within_q(codes) | Q(area_code__in=above))

    def with_federation_on(self, day: date) -> Self:
        """Divisions that have a sports federation (体育总会) of their own in force on ``day``."""
        return self.filter(_organised(day, ["federation"]))

    def without_federation_on(self, day: date) -> Self:
        return self.filter(~_organised(day, ["federation"]))

    def with_fitness_organisation_on(self, day: date) -> Self:
        """Divisions with a 全民健身组织: a federation, or a village fitness organisation.

        A federation stands at cities, counties and townships only, a village fitness organisation
        at villages only (``KIND_LEVELS``), so one condition serves all four levels.
        """
        return self.filter(_organised(day, ["federation", "village"]))

    def without_fitness_organisation_on(self, day: date) -> Self:
        return self.filter(~_organised(day, ["federation", "village"]))


def _organised(day: date, kinds: list[str]) -> Exists:
    organisations: Any = apps.get_model("grids", "Organisation")._default_manager
    return Exists(
        organisations.filter(in_force_q(day), kind__in=kinds, area_code=OuterRef("area_code"))
    )


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


class OrganisationQuerySet(ScopedLastingQuerySet):
    def presided_on(self, day: date) -> Self:
        """Organisations whose president's office is in force on ``day``."""
        return self.filter(_presided(day))

    def without_president_on(self, day: date) -> Self:
        return self.filter(~_presided(day))


def _presided(day: date) -> Exists:
    offices: Any = apps.get_model("grids", "Officer")._default_manager
    return Exists(offices.filter(in_force_q(day), title="president", organisation=OuterRef("pk")))


class OfficerQuerySet(ScopedLastingQuerySet):
    def term_over_by(self, day: date) -> Self:
        """Offices still held whose term ends on ``day`` or before: due for election."""
        return self.filter(term_ends_on__lte=day)


class DuplicatePairQuerySet(ScopedQuerySet):
    def undecided(self) -> Self:
        return self.filter(state="open")


class SuccessionQuerySet(models.QuerySet[Any]):
    def standing(self) -> Self:
        """Successions that were not undone."""
        return self.filter(undone=False)

    def of_hobby_grids(self) -> Self:
        return self.filter(old_code__length=Level.HOBBY_GRID)
