"""How many checked in where: for officers, by day and place; never a ranking."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.checkin.reading import by_day_and_place, name_places, places_of_day
from activities.filters import CheckInFilter
from activities.models import CheckIn
from grids.tree import path_to
from jiaozuo_grid.area import is_area_code
from jiaozuo_grid.pages import Column, ListPage, Needs, area_crumbs
from jiaozuo_grid.reach import reach_of


class CheckInList(ListPage):
    """A line for each place and day."""

    right = "view activities.checkin"
    heading = gettext_lazy("Check-ins")
    template_name = "activities/check_in_list.html"
    filterset_class = CheckInFilter
    export_name = "check-ins"
    tabular = True
    saved_views = True

    def rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = by_day_and_place(CheckIn.objects.visible_to(self.request.user))
        return rows

    def dress(self, rows: list[Any]) -> None:
        name_places(rows)

    def columns(self) -> list[Column]:
        return [
            Column(
                _("Day"),
                lambda row: row["held_on"],
                name="day",
                link=lambda row: reverse(
                    "check-in-day", args=[row["area_code"], row["held_on"].isoformat()]
                ),
                css="nowrap",
            ),
            Column(_("Where"), lambda row: row["place"], name="where"),
            Column(_("Checked in"), lambda row: row["n"], name="count", number=True),
            Column(_("area code"), lambda row: row["area_code"], name="code", default=False),
        ]


class CheckInDay(Needs):
    """The check-ins of one place and day: how many, and who, where one may see who."""

    right = "view activities.checkin"

    def get(self, request: HttpRequest, code: str, day: str) -> HttpResponse:
        held_on = _day(day)
        if not is_area_code(code) or held_on is None:
            raise Http404
        places = places_of_day(request.user, code, held_on)
        if not places:
            raise Http404
        reach = reach_of(request.user)
        crumbs = area_crumbs(
            path_to(code),
            lambda area: reach.allows("view grids.division", area),
            then=str(_("Check-ins")),
        )
        context = {"places": places, "day": held_on, "crumbs": crumbs}
        return render(request, "activities/check_in_day.html", context)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
