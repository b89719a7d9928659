"""What the pages about one station have in common."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse

from grids.tree import path_to
from grids.views.base import may_open
from jiaozuo_grid.area import Level, ancestors
from jiaozuo_grid.pages import Crumb, FormPage, Needs, area_crumbs
from jiaozuo_grid.reach import reach_of
from stations.models import Station


def visible_station(request: HttpRequest, pk: int) -> Station:
    """The station, or ``Http404``, the same whether it is out of reach or not there."""
    station: Station | None = Station.objects.visible_to(request.user).filter(pk=pk).first()
    if station is None:
        raise Http404
    return station


def crumbs_to(request: HttpRequest, station: Station, *then: str) -> list[Crumb]:
    """The way down to a station, and from there to what is done with it."""
    path = path_to(station.area_code)
    crumbs = area_crumbs(path, lambda code: may_open(request.user, code), then=station.name)
    if not then:
        return crumbs
    own = Crumb(station.name, reverse("station", args=[station.pk]))
    return [*crumbs[:-1], own, *(Crumb(name) for name in then)]


def outline_urls(code: str) -> str:
    """Where a map finds its ground: the outlines around an area and inside it."""
    steps = [step for step in ancestors(code, include_self=True) if len(step) < Level.VILLAGE]
    return " ".join(reverse("api-outlines", args=[step]) for step in steps[-2:])


def map_context(code: str) -> dict[str, Any]:
    return {"outline_urls": outline_urls(code), "tiles_url": settings.MAP_TILES_URL}


class AboutStation(Needs):
    """A page about the station in its address."""

    right = "view stations.station"
    station: Station

    def prepare(self) -> None:
        self.station = self.found()

    def found(self) -> Station:
        return visible_station(self.request, self.kwargs["pk"])


class StationPage(AboutStation):
    """A page for those who hold ``station_right`` at the station."""

    station_right = ""

    def prepare(self) -> None:
        super().prepare()
        if not reach_of(self.request.user).allows(self.station_right, self.station.area_code):
            raise PermissionDenied


class StationFormPage(StationPage, FormPage):
    """A form about a station."""

    def heading(self) -> Any:
        raise NotImplementedError

    def next_url(self, result: Any) -> str:
        return reverse("station", args=[self.station.pk])

    def context(self) -> dict[str, Any]:
        heading = self.heading()
        return {
            "station": self.station,
            "heading": heading,
            "crumbs": crumbs_to(self.request, self.station, str(heading)),
            "back": reverse("station", args=[self.station.pk]),
        }


class AboutRow(StationFormPage):
    """A form about a row of a station's book; the row stands in the address."""

    row: Any

    def rows(self) -> Any:
        """The rows that there may be; those the user does not see are not there."""
        raise NotImplementedError

    def found(self) -> Station:
        self.row = self.rows().select_related("station").filter(pk=self.kwargs["pk"]).first()
        if self.row is None:
            raise Http404
        station: Station = self.row.station
        return station
