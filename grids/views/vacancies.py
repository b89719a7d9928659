"""The posts that nobody holds: areas without their officer, grids without a leader."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from grids.filters import AreaFilter, ScopedFilterSet
from grids.models import Appointment, Division, Grid, HobbyGrid, Role
from grids.views.lists import name_column, place_names, place_of, scope_names
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import in_force_q, today
from jiaozuo_grid.pages import Column, ListPage
from jiaozuo_grid.reach import ScopedLastingQuerySet, reach_of

# The posts that every such area should have.
EXPECTED = (Role.GRID_LEADER, Role.GRID_MEMBER, Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICIAL)


def areas_for_role(role: str) -> Any:
    """The areas, in force today, at which a post of ``role`` is held."""
    if role == Role.GRID_LEADER:
        areas: Any = Grid.objects.all()
    elif role == Role.GRID_MEMBER:
        areas = HobbyGrid.objects.all()
    else:
        digits = Level.COUNTY if role == Role.COUNTY_OFFICIAL else Level.TOWNSHIP
        areas = Division.objects.filter(digits=digits)
    return areas.on(today())


class VacancyFilter(ScopedFilterSet):
    right = "view grids.appointment"

    within = AreaFilter()
    role = django_filters.ChoiceFilter(
        label=_("Post"),
        choices=[(role.value, role.label) for role in EXPECTED],
        empty_label=None,
        method="ignore",
    )

    def ignore(self, rows: Any, _name: str, _value: str) -> Any:
        """The role chose the rows already."""
        return rows


class VacancyList(ListPage):
    right = "view grids.appointment"
    template_name = "grids/vacancy_list.html"
    filterset_class = VacancyFilter
    export_name = "vacancies"

    @property
    def role(self) -> Role:
        asked = self.request.GET.get("role", "")
        return Role(asked) if asked in EXPECTED else Role.GRID_LEADER

    def rows(self) -> QuerySet[Any]:
        areas: ScopedLastingQuerySet = areas_for_role(self.role)
        reach = reach_of(self.request.user)
        posts = Appointment.objects.filter(
            in_force_q(today()), role=self.role, area_code=OuterRef("area_code")
        )
        seen = areas.within_any(reach.areas_for(self.right))
        return seen.filter(~Q(Exists(posts))).order_by("area_code")

    def dress(self, rows: list[Any]) -> None:
        names = place_names([row.area_code for row in rows])
        reach = reach_of(self.request.user)
        for row in rows:
            row.place = place_of(row.area_code, names)
            row.may_appoint = reach.allows(f"appoint {self.role.value}", row.area_code)

    def columns(self) -> list[Column]:
        names = scope_names(self.request.user)
        role = self.role.label
        return [
            Column(_("post"), lambda _area: role),
            Column(_("code"), lambda area: area.area_code),
            name_column(_("county"), names, Level.COUNTY),
            name_column(_("township"), names, Level.TOWNSHIP),
            name_column(_("village or community"), names, Level.VILLAGE),
            Column(_("name"), lambda area: area.name),
        ]

    def context(self) -> dict[str, Any]:
        return {"role": self.role}
