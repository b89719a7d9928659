"""The page behind a station's QR code: for everybody, without signing in, and nothing more."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from grids.authority import division_names
from grids.views.lists import place_of
from jiaozuo_grid.area import Level, ancestors
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import add_errors
from stations.actions import report_fault_publicly
from stations.forms import PublicFaultForm
from stations.limits import may_report
from stations.models import Station, StationPost, StationRole
from stations.public_links import links_of
from stations.views.station import hours_of, week_of

REPORTED = "reported"


@method_decorator(never_cache, name="dispatch")
class PublicStation(View):
    """Name, where, who is responsible, who teaches, when, which sports; and report a fault."""

    http_method_names = ["get", "head", "post"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        station = Station.objects.filter(token=kwargs["token"]).first()
        if station is None:
            raise Http404
        self.station: Station = station

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.page(PublicFaultForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        form = PublicFaultForm(request.POST)
        if not form.is_valid():
            return self.page(form, 422)
        # A machine reads the same answer, so that it does not try another way.
        if not form.cleaned_data["website"]:
            if not may_report(self.station.pk, request.META.get("REMOTE_ADDR", "")):
                form.add_error(None, _("Many faults were reported here just now. Try again later."))
                return self.page(form, 429)
            try:
                report_fault_publicly(self.station, form.cleaned_data["description"])
            except ValidationError as error:
                add_errors(form, error)
                return self.page(form, 422)
        return redirect(f"{request.path}?{REPORTED}=1")

    def page(self, form: PublicFaultForm, status: int = 200) -> HttpResponse:
        station, day = self.station, today()
        standing = station.ended_on is None or station.ended_on > day
        context: dict[str, Any] = {
            "station": station,
            "standing": standing,
            "place": self._place(),
            "reported": REPORTED in self.request.GET,
            "form": form,
        }
        if standing:
            posts = StationPost.objects.filter(station=station).on(day).select_related("person")
            rows = list(posts.order_by("started_on", "pk"))
            context |= {
                "responsible": [p for p in rows if p.station_role == StationRole.RESPONSIBLE],
                "instructors": [p for p in rows if p.station_role == StationRole.INSTRUCTOR],
                "sports": list(station.sports.all()),
                "week": week_of(hours_of(station)),
                "links": links_of(station),
            }
        response = render(self.request, "stations/public.html", context, status=status)
        response["X-Robots-Tag"] = "noindex"
        return response

    def _place(self) -> str:
        steps = [
            code
            for code in ancestors(self.station.area_code, include_self=True)
            if len(code) > Level.CITY
        ]
        return place_of(self.station.area_code, division_names(steps))
