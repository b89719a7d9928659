"""The posts that nobody holds: areas without their officer, grids without a leader."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from grids.filters import AreaFilter, ScopedFilterSet
from grids.models import Appointment, Division, Grid, HobbyGrid, Role
from grids.views.lists import above_columns, area_link, place_names, place_of
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
    heading = _("Vacancies")
    template_name = "grids/vacancy_list.html"
    filterset_class = VacancyFilter
    export_name = "vacancies"
    tabular = True
    saved_views = True
    mark = ("code", "area_code")

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
        for row in rows:
            row.place = place_of(row.area_code, names)
            row.above = names

    def columns(self) -> list[Column]:
        role = self.role
        return [
            Column(
                _("Where"),
                lambda area: area.place,
                name="place",
                link=area_link(self.request.user),
            ),
            Column(
                _("Code"),
                lambda area: area.area_code,
                name="code",
                sort=("area_code",),
                css="code",
            ),
            Column(_("Vacant post"), lambda _area: role.label, name="post", shown=self._post),
            Column(_("Name"), lambda area: area.name, name="name", default=False),
            *above_columns(),
        ]

    def _post(self, area: Any) -> Any:
        """The post, and where one may, the way to fill it."""
        role = self.role
        if not reach_of(self.request.user).allows(f"appoint {role.value}", area.area_code):
            return role.label
        return format_html(
            '{} · <a href="{}">{}<span class="visually-hidden">: {}</span></a>',
            role.label,
            reverse("appoint", args=[area.area_code, role.value]),
            _("Appoint"),
            area.name,
        )
