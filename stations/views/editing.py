"""Forms that enter, edit, move, end and re-open a station, and set its hours."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from grids.forms import EndForm
from grids.models import Division
from grids.tree import path_to
from grids.views.base import AreaForm
from jiaozuo_grid.area import Level, is_area_code, within_q
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import Crumb, FormPage, Needs
from jiaozuo_grid.reach import reach_of
from stations import actions
from stations.actions import Hours
from stations.forms import HoursForm, MoveForm, StationForm
from stations.models import OpeningHours, Station
from stations.views.base import StationFormPage, StationPage, crumbs_to, map_context

CHANGE = "change stations.station"
VILLAGES_FOUND = 30


class _ChooseVillage(Needs):
    """Down the areas that the user may write in, to a village; or to it by a part of its name."""

    right = CHANGE

    def village_url(self, code: str) -> str:
        raise NotImplementedError

    def heading(self) -> str:
        raise NotImplementedError

    def crumbs(self) -> list[Crumb]:
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        reach = reach_of(request.user)
        roots = reach.areas_for(CHANGE)
        there = Division.objects.filter(within_q(roots)).on(today()).filter(ended_on=None)
        within = request.GET.get("within", "")
        if not is_area_code(within) or not reach.allows(CHANGE, within):
            within = roots[0] if len(roots) == 1 else ""
        if len(within) == Level.VILLAGE:
            return redirect(self.village_url(within))
        words = request.GET.get("q", "").strip().replace("\x00", "")
        if words:
            found = there.villages().filter(name__icontains=words)[:VILLAGES_FOUND]
        elif within:
            found = there.children_of(within)
        else:
            found = there.filter(area_code__in=roots)
        path = path_to(within) if within else []
        context = {
            "q": words,
            "found": [(row, self._url(row.area_code)) for row in found],
            "path": [
                (name, f"?within={code}") for code, name in path if reach.allows(CHANGE, code)
            ],
            "heading": self.heading(),
            "crumbs": self.crumbs(),
        }
        return render(request, "stations/choose_village.html", context)

    def _url(self, code: str) -> str:
        return self.village_url(code) if len(code) == Level.VILLAGE else f"?within={code}"


class ChooseVillage(_ChooseVillage):
    def village_url(self, code: str) -> str:
        return reverse("station-new", args=[code])

    def heading(self) -> str:
        return _("Enter a station")

    def crumbs(self) -> list[Crumb]:
        return [Crumb(_("Stations"), reverse("station-list")), Crumb(self.heading())]


class ChooseNewVillage(_ChooseVillage):
    def prepare(self) -> None:
        self.station = _editable(self.request, self.kwargs["pk"])

    def village_url(self, code: str) -> str:
        return reverse("station-move-to", args=[self.station.pk, code])

    def heading(self) -> str:
        return _("Move to another village")

    def crumbs(self) -> list[Crumb]:
        return crumbs_to(self.request, self.station, self.heading())


def _editable(request: HttpRequest, pk: int) -> Station:
    station: Station | None = Station.objects.visible_to(request.user).filter(pk=pk).first()
    if station is None:
        raise Http404
    if not reach_of(request.user).allows(CHANGE, station.area_code):
        raise PermissionDenied
    return station


class EnterStation(AreaForm):
    area_right = CHANGE
    levels = (Level.VILLAGE,)
    form_class = StationForm
    template_name = "stations/edit.html"

    def heading(self) -> Any:
        return _("Enter a station")

    def act(self, form: StationForm) -> Station:
        return actions.enter_station(self.request.user, self.code, **form.cleaned_data)

    def done(self, result: Station) -> str:
        return _("%(name)s is entered. Say next who is responsible for it.") % {"name": result.name}

    def next_url(self, result: Station) -> str:
        return reverse("station", args=[result.pk])

    def context(self) -> dict[str, Any]:
        back = f"{reverse('station-list')}?within={self.code}"
        centre = (getattr(self.area, "longitude", None), getattr(self.area, "latitude", None))
        return {**super().context(), "back": back, "centre": centre, **map_context(self.code)}


class EditStation(StationFormPage):
    station_right = CHANGE
    form_class = StationForm
    template_name = "stations/edit.html"
    FIELDS = ("name", "kind", "address", "longitude", "latitude", "square_metres", "usual_people")

    def heading(self) -> Any:
        return _("Edit")

    def form_arguments(self) -> dict[str, Any]:
        initial = {field: getattr(self.station, field) for field in self.FIELDS}
        initial["lighted"] = {True: "yes", False: "no"}.get(self.station.lighted, "")  # type: ignore[arg-type]
        initial["sports"] = [sport.pk for sport in self.station.sports.all()]
        return {"new": False, "initial": initial}

    def act(self, form: StationForm) -> Station:
        return actions.edit_station(self.request.user, self.station, **form.cleaned_data)

    def context(self) -> dict[str, Any]:
        return {**super().context(), **map_context(self.station.area_code)}


class MoveStation(StationFormPage):
    station_right = CHANGE
    form_class = MoveForm
    template_name = "stations/move.html"

    def prepare(self) -> None:
        super().prepare()
        code = self.kwargs["code"]
        reach = reach_of(self.request.user)
        if not is_area_code(code) or len(code) != Level.VILLAGE or not reach.allows(CHANGE, code):
            raise Http404
        village = Division.objects.filter(area_code=code).first()
        if village is None:
            raise Http404
        self.village = village

    def heading(self) -> Any:
        return _("Move to another village")

    def act(self, form: MoveForm) -> Station:
        return actions.move_station(
            self.request.user, self.station, self.village.area_code, on=form.cleaned_data["on"]
        )

    def done(self, result: Station) -> str:
        return _("%(station)s belongs to %(village)s.") % {
            "station": result.name,
            "village": self.village.name,
        }

    def context(self) -> dict[str, Any]:
        return {**super().context(), "village": self.village}


class EndStation(StationFormPage):
    station_right = CHANGE
    form_class = EndForm
    template_name = "stations/end.html"

    def heading(self) -> Any:
        return _("End the station")

    def act(self, form: EndForm) -> Station:
        data = form.cleaned_data
        return actions.end_station(
            self.request.user, self.station, data["on"], reason=data["reason"]
        )

    def done(self, result: Station) -> str:
        return _("%(name)s ends on %(day)s.") % {"name": result.name, "day": result.ended_on}


class ReopenStation(StationFormPage):
    station_right = CHANGE
    form_class = Form
    template_name = "stations/reopen.html"

    def heading(self) -> Any:
        return _("Re-open the station")

    def act(self, form: Form) -> Station:
        return actions.reopen_station(self.request.user, self.station)

    def done(self, result: Station) -> str:
        return _("%(name)s is open again.") % {"name": result.name}


class SetHours(StationPage, FormPage):
    right = "view stations.openinghours"
    station_right = "change stations.openinghours"
    form_class = HoursForm
    template_name = "stations/hours.html"

    def form_arguments(self) -> dict[str, Any]:
        rows = OpeningHours.objects.filter(station=self.station).lasting_after(today())
        return {
            "lines": [
                Hours(row.weekdays, row.opens_at, row.closes_at, row.guided)
                for row in rows.order_by("opens_at", "pk")
            ]
        }

    def act(self, form: HoursForm) -> Any:
        return actions.set_opening_hours(self.request.user, self.station, form.hours)

    def next_url(self, result: Any) -> str:
        return reverse("station", args=[self.station.pk])

    def context(self) -> dict[str, Any]:
        heading = _("Opening hours")
        return {
            "station": self.station,
            "heading": heading,
            "crumbs": crumbs_to(self.request, self.station, heading),
            "back": self.next_url(None),
        }
