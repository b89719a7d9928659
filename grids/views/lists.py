"""The lists of grids, appointments, vacancies."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.actions.many import end_appointments, end_grids
from grids.authority import division_names
from grids.filters import AppointmentFilter, GridFilter
from grids.forms import EndAppointmentsForm, EndForm
from grids.lists import with_hobby_grid_count, with_leader
from grids.models import Appointment, Division, Grid, GridKind, HobbyGrid
from grids.people import VIEW_PERSON
from grids.tree import model_at
from jiaozuo_grid.area import DIVISION_DIGITS, Level, ancestors
from jiaozuo_grid.pages import BulkAction, Column, ListPage
from jiaozuo_grid.reach import Actor, reach_of, right


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


def day_column(header: Any, name: str, **options: Any) -> Column:
    """A column of a day that the row itself holds."""
    return Column(
        header, lambda row: getattr(row, name), name=name, sort=(name,), css="nowrap", **options
    )


def above_columns(**options: Any) -> list[Column]:
    """County, township and village, from ``row.above`` (``name_above``); to be chosen."""
    levels = (
        ("county", _("county"), Level.COUNTY),
        ("township", _("township"), Level.TOWNSHIP),
        ("village", _("village or community"), Level.VILLAGE),
    )
    return [
        Column(header, _above(digits), name=name, default=False, **options)
        for name, header, digits in levels
    ]


def _above(digits: int) -> Any:
    return lambda row: row.above.get(row.area_code[:digits], "")


def area_link(actor: Actor) -> Any:
    """Leads to the area of a row, where the reader may open it."""
    reach = reach_of(actor)

    def link(row: Any) -> str:
        opens = reach.allows(right("view", model_at(row.area_code)), row.area_code)
        return reverse("area", args=[row.area_code]) if opens else ""

    return link


class GridList(ListPage):
    right = "view grids.grid"
    heading = _("Grids")
    template_name = "grids/grid_list.html"
    sheet_key = "grids"
    filterset_class = GridFilter
    export_name = "grids"
    tabular = True
    saved_views = True
    mark = ("code", "area_code")
    bulk_actions = (
        BulkAction("end", _("End the grids"), "change grids.grid", end_grids, EndForm, danger=True),
    )

    def rows(self) -> QuerySet[Any]:
        grids = Grid.objects.visible_to(self.request.user).order_by("area_code")
        return with_hobby_grid_count(with_leader(grids))

    def dress(self, rows: list[Any]) -> None:
        names = division_names(list({up for row in rows for up in ancestors(row.area_code)}))
        for row in rows:
            row.place = place_of(row.area_code, names, levels=2)
            row.above = names

    def columns(self) -> list[Column]:
        return [
            Column(
                _("Name"),
                lambda grid: grid.name,
                name="name",
                shown=_with_end,
                link=area_link(self.request.user),
                sort=("name",),
            ),
            Column(_("Where"), lambda grid: grid.place, name="place"),
            Column(
                _("Code"),
                lambda grid: grid.area_code,
                name="code",
                sort=("area_code",),
                css="code",
            ),
            Column(_("Kind"), _kind, name="kind"),
            Column(_("Grid leader"), lambda grid: grid.leader_name, name="leader", shown=_leader),
            Column(
                _("Hobby grids"),
                lambda grid: grid.hobby_grid_count,
                name="hobby_grids",
                number=True,
            ),
            Column(
                _("Households"),
                lambda grid: grid.households,
                name="households",
                sort=("households",),
                number=True,
            ),
            *above_columns(),
            Column(
                _("Population"),
                lambda grid: grid.population,
                name="population",
                sort=("population",),
                number=True,
                default=False,
            ),
            day_column(_("In force from"), "started_on", default=False),
            day_column(_("Ended on"), "ended_on", default=False),
        ]


def _with_end(row: Any) -> Any:
    if row.ended_on is None:
        return row.name
    return format_html('{} <span class="tag tag-ended">{}</span>', row.name, _("ended"))


def _kind(grid: Any) -> str:
    return str(_("urban") if grid.kind == GridKind.URBAN else _("rural"))


def _leader(grid: Any) -> Any:
    if grid.leader_name or grid.ended_on is not None:
        return grid.leader_name or ""
    return format_html('<span class="tag tag-warn">{}</span>', _("vacant"))


class AppointmentList(ListPage):
    right = "view grids.appointment"
    heading = _("Appointments")
    template_name = "grids/appointment_list.html"
    sheet_key = "appointments"
    filterset_class = AppointmentFilter
    export_name = "appointments"
    tabular = True
    saved_views = True
    mark = ("post", "pk")
    bulk_actions = (
        BulkAction(
            "end",
            _("End the appointments"),
            "change grids.appointment",
            end_appointments,
            EndAppointmentsForm,
            danger=True,
        ),
    )

    def rows(self) -> QuerySet[Any]:
        posts = Appointment.objects.visible_to(self.request.user).select_related("person")
        return posts.order_by("area_code", "-started_on", "pk")

    def dress(self, rows: list[Any]) -> None:
        names = place_names([row.area_code for row in rows])
        for row in rows:
            row.place = place_of(row.area_code, names)
            row.above = names

    def columns(self) -> list[Column]:
        sees_people = reach_of(self.request.user).allows(VIEW_PERSON)
        return [
            Column(
                pgettext_lazy("person", "Name"),
                lambda post: post.person.name,
                name="name",
                link=_person_link if sees_people else None,
                sort=("person__name",),
            ),
            Column(_("Post"), lambda post: post.get_role_display(), name="post", sort=("role",)),
            Column(
                _("Where"),
                lambda post: post.place,
                name="place",
                link=area_link(self.request.user),
            ),
            Column(_("Background"), lambda post: post.get_background_display(), name="background"),
            day_column(_("In force from"), "started_on"),
            day_column(_("Ended on"), "ended_on"),
            Column(
                _("Code"),
                lambda post: post.area_code,
                name="code",
                sort=("area_code",),
                css="code",
                default=False,
            ),
            *above_columns(),
            Column(
                _("Mobile number"),
                lambda post: post.person.masked_phone,
                name="phone",
                default=False,
            ),
        ]


def _person_link(post: Any) -> str:
    return reverse("person", args=[post.person_id])
