"""The page of a station, its photos and its QR code."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import segno
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from grids.forms.grids import WEEKDAYS
from grids.rules import values_on
from jiaozuo_grid.addresses import public_address
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import Needs
from jiaozuo_grid.reach import reach_of
from stations.models import (
    Equipment,
    Inspection,
    OpeningHours,
    Repair,
    Station,
    StationPhoto,
    StationPost,
    StationRole,
)
from stations.standard import standard_of
from stations.upkeep import ageing_of, inspection_due_on, inspection_overdue
from stations.views.base import AboutStation, crumbs_to, map_context

# The latest; the rest stands in the lists and in the audit trail.
INSPECTIONS_SHOWN = 5
CLOSED_SHOWN = 5
PARTS = ("station", "stationpost", "openinghours", "equipment", "inspection", "repair")


def week_of(hours: list[OpeningHours]) -> list[tuple[Any, list[OpeningHours]]]:
    """Each weekday with its hours, Monday first; empty where nothing is written down."""
    if not hours:
        return []
    return [(name, [row for row in hours if day in row.weekdays]) for day, name in WEEKDAYS]


def hours_of(station: Station) -> list[OpeningHours]:
    rows = OpeningHours.objects.filter(station=station).on(today())
    return list(rows.order_by("opens_at", "guided", "pk"))


class StationView(AboutStation):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        station, day = self.station, today()
        code, reach = station.area_code, reach_of(request.user)
        standing = station.ended_on is None or station.ended_on > day
        context = {
            "station": station,
            "standing": standing,
            "today": day,
            "crumbs": crumbs_to(request, station),
            "sports": list(station.sports.all()),
            "standard": standard_of(station) if standing else None,
            "week": week_of(hours_of(station)),
            "photos": list(StationPhoto.objects.filter(station=station).kept()),
            "may_write": {part: reach.allows(f"change stations.{part}", code) for part in PARTS},
            "may_photo": reach.allows("change stations.stationphoto", code),
            "may_see_people": reach.allows("view accounts.person"),
            **self.people(),
            **self.upkeep(),
            **map_context(code),
        }
        return render(request, "stations/station.html", context)

    def people(self) -> dict[str, Any]:
        posts = StationPost.objects.filter(station=self.station).select_related("person")
        rows = list(posts.order_by("started_on", "pk"))
        lasting = [p for p in rows if p.ended_on is None or p.ended_on > today()]
        return {
            "responsible": [p for p in lasting if p.station_role == StationRole.RESPONSIBLE],
            "instructors": [p for p in lasting if p.station_role == StationRole.INSTRUCTOR],
            "past_posts": [p for p in reversed(rows) if p not in lasting],
        }

    def upkeep(self) -> dict[str, Any]:
        station, day, values = self.station, today(), values_on()
        equipment = list(Equipment.objects.filter(station=station).order_by("ended_on", "pk"))
        for row in equipment:
            row.ageing = ageing_of(row, values, day)
        inspections = Inspection.objects.filter(station=station).select_related(
            "inspected_by__person"
        )
        latest = list(inspections[:INSPECTIONS_SHOWN])
        last = latest[0].inspected_on if latest else None
        repairs = Repair.objects.filter(station=station).select_related("equipment", "holder")
        rows = list(repairs.order_by("due_on", "pk"))
        closed = sorted((r for r in rows if r.done_on), key=lambda r: r.done_on, reverse=True)
        return {
            "equipment": [row for row in equipment if row.in_force(day)],
            "removed": [row for row in equipment if row.ended_on and row.ended_on <= day],
            "inspections": latest,
            "inspection_due_on": inspection_due_on(station, last, values),
            "inspection_overdue": inspection_overdue(station, last, values, day),
            "open_repairs": [row for row in rows if row.is_open],
            "closed_repairs": closed[:CLOSED_SHOWN],
        }


class Photo(Needs):
    """A photo of a station, for those who may see the station."""

    right = "view stations.stationphoto"

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        photo = StationPhoto.objects.visible_to(request.user).kept().filter(pk=pk).first()
        if photo is None:
            raise Http404
        try:
            picture = photo.picture.open("rb")
        except FileNotFoundError:
            raise Http404 from None
        answer = FileResponse(picture, content_type="image/jpeg")
        answer["Cache-Control"] = "private, no-store"
        return answer


def public_url(request: HttpRequest, station: Station) -> str:
    """The address in the QR code: of the configured site, whatever host the request came to."""
    return public_address(request, reverse("station-public", args=[station.token]))


class QrCode(AboutStation):
    """The QR code that leads to the station's public page, as a drawing."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        drawing = BytesIO()
        code = segno.make(public_url(request, self.station), error="m", micro=False)
        code.save(drawing, kind="svg", scale=8, border=4)
        answer = HttpResponse(drawing.getvalue(), content_type="image/svg+xml")
        answer["Cache-Control"] = "private, no-store"
        return answer


class QrPage(AboutStation):
    """A page to print and put up at the station."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        context = {
            "station": self.station,
            "address": public_url(request, self.station),
            "crumbs": crumbs_to(request, self.station, _("QR code")),
        }
        return render(request, "stations/qr.html", context)
