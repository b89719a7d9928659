"""The lists of grids, appointments, vacancies."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.authority import division_names
from grids.filters import AppointmentFilter, GridFilter
from grids.lists import with_hobby_grid_count, with_leader
from grids.models import Appointment, Division, Grid, HobbyGrid
from jiaozuo_grid.area import DIVISION_DIGITS, Level, ancestors
from jiaozuo_grid.pages import Column, ListPage
from jiaozuo_grid.reach import Actor


def place_names(codes: list[str]) -> dict[str, str]:
    """The names of everything at or above ``codes``, in at most three queries."""
    wanted = {up for code in codes for up in ancestors(code, include_self=True)}
    names = division_names([code for code in wanted if len(code) in DIVISION_DIGITS])
    for level, model in ((Level.GRID, Grid), (Level.HOBBY_GRID, HobbyGrid)):
        below_villages = [code for code in wanted if len(code) == level]
        there = model.objects.filter(area_code__in=below_villages)
        names |= dict(there.values_list("area_code", "name"))
    return names


def place_of(code: str, names: dict[str, str], *, levels: int = 3) -> str:
    """Where ``code`` is, in words: "覃怀街道 东关村 第1网格"."""
    steps = [names.get(step, "") for step in ancestors(code, include_self=True)]
    return " ".join([step for step in steps if step][-levels:])


def scope_names(actor: Actor) -> dict[str, str]:
    """The names of all divisions that the actor sees, for exports."""
    return dict(Division.objects.visible_to(actor).values_list("area_code", "name"))


def name_column(header: Any, names: dict[str, str], digits: int) -> Column:
    return Column(header, lambda row: names.get(row.area_code[:digits], ""))


class GridList(ListPage):
    right = "view grids.grid"
    template_name = "grids/grid_list.html"
    filterset_class = GridFilter
    export_name = "grids"

    def rows(self) -> QuerySet[Any]:
        grids = Grid.objects.visible_to(self.request.user).order_by("area_code")
        return with_hobby_grid_count(with_leader(grids))

    def dress(self, rows: list[Any]) -> None:
        names = division_names(list({up for row in rows for up in ancestors(row.area_code)}))
        for row in rows:
            row.place = place_of(row.area_code, names, levels=2)

    def columns(self) -> list[Column]:
        names = scope_names(self.request.user)
        return [
            Column(_("code"), lambda grid: grid.area_code),
            name_column(_("county"), names, Level.COUNTY),
            name_column(_("township"), names, Level.TOWNSHIP),
            name_column(_("village or community"), names, Level.VILLAGE),
            Column(_("name"), lambda grid: grid.name),
            Column(_("kind"), lambda grid: grid.get_kind_display()),
            Column(_("households"), lambda grid: grid.households),
            Column(_("population"), lambda grid: grid.population),
            Column(_("grid leader"), lambda grid: grid.leader_name),
            Column(_("hobby grids"), lambda grid: grid.hobby_grid_count),
            Column(_("in force from"), lambda grid: grid.started_on),
            Column(_("ended on"), lambda grid: grid.ended_on),
        ]


class AppointmentList(ListPage):
    right = "view grids.appointment"
    template_name = "grids/appointment_list.html"
    filterset_class = AppointmentFilter
    export_name = "appointments"

    def rows(self) -> QuerySet[Any]:
        posts = Appointment.objects.visible_to(self.request.user).select_related("person")
        return posts.order_by("area_code", "-started_on", "pk")

    def dress(self, rows: list[Any]) -> None:
        names = place_names([row.area_code for row in rows])
        for row in rows:
            row.place = place_of(row.area_code, names)

    def columns(self) -> list[Column]:
        names = scope_names(self.request.user)
        return [
            Column(_("code"), lambda post: post.area_code),
            name_column(_("county"), names, Level.COUNTY),
            name_column(_("township"), names, Level.TOWNSHIP),
            name_column(_("village or community"), names, Level.VILLAGE),
            Column(_("post"), lambda post: post.get_role_display()),
            Column(pgettext_lazy("person", "Name"), lambda post: post.person.name),
            Column(_("mobile number"), lambda post: post.person.masked_phone),
            Column(_("background"), lambda post: post.get_background_display()),
            Column(_("in force from"), lambda post: post.started_on),
            Column(_("ended on"), lambda post: post.ended_on),
        ]
