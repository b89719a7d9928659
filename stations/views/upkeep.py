"""Forms of equipment, inspections, repairs and photos."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Person
from grids.forms import EndForm
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import Crumb
from jiaozuo_grid.reach import reach_of
from stations import actions
from stations.forms import (
    AcceptForm,
    EquipmentForm,
    FaultForm,
    FinishForm,
    InspectionForm,
    PhotoForm,
    RejectForm,
)
from stations.models import Equipment, Inspection, Repair, StationPhoto, StationPost
from stations.views.base import AboutRow, StationFormPage, crumbs_to


class AddEquipment(StationFormPage):
    right = "view stations.equipment"
    station_right = "change stations.equipment"
    form_class = EquipmentForm

    def heading(self) -> Any:
        return _("Add equipment")

    def act(self, form: EquipmentForm) -> Equipment:
        return actions.add_equipment(self.request.user, self.station, **form.cleaned_data)


class _AboutEquipment(AboutRow):
    right = "view stations.equipment"
    station_right = "change stations.equipment"

    def rows(self) -> Any:
        return Equipment.objects.visible_to(self.request.user)


class EditEquipment(_AboutEquipment):
    form_class = EquipmentForm

    def heading(self) -> Any:
        return _("Edit")

    def form_arguments(self) -> dict[str, Any]:
        fields = ("name", "quantity", "installed_on", "life_years")
        return {"initial": {field: getattr(self.row, field) for field in fields}}

    def act(self, form: EquipmentForm) -> Equipment:
        return actions.edit_equipment(self.request.user, self.row, **form.cleaned_data)


class RemoveEquipment(_AboutEquipment):
    form_class = EndForm
    template_name = "stations/remove_equipment.html"

    def heading(self) -> Any:
        return _("Take equipment away")

    def act(self, form: EndForm) -> Equipment:
        data = form.cleaned_data
        return actions.remove_equipment(
            self.request.user, self.row, data["on"], reason=data["reason"]
        )

    def context(self) -> dict[str, Any]:
        return {**super().context(), "equipment": self.row}


class Inspect(StationFormPage):
    """Everything in order is one tap."""

    right = "view stations.inspection"
    station_right = "change stations.inspection"
    form_class = InspectionForm
    template_name = "stations/inspect.html"

    def heading(self) -> Any:
        return _("Inspect")

    def form_arguments(self) -> dict[str, Any]:
        rows = Equipment.objects.filter(station=self.station).on(today())
        return {"equipment": list(rows.order_by("pk"))}

    def act(self, form: InspectionForm) -> Inspection:
        return actions.inspect(
            self.request.user,
            self.station,
            faults=form.faults,
            note=form.cleaned_data["note"],
            inspected_on=form.cleaned_data["inspected_on"],
        )

    def done(self, result: Inspection) -> str:
        if result.in_order:
            return _("Inspected: everything in order.")
        return _("Inspected: the faults stand in the work list.")

    def context(self) -> dict[str, Any]:
        repairs = Repair.objects.filter(station=self.station).open(today())
        return {**super().context(), "open_repairs": list(repairs.select_related("equipment"))}


class ReportFault(StationFormPage):
    right = "view stations.repair"
    station_right = "change stations.repair"
    form_class = FaultForm

    def heading(self) -> Any:
        return _("Report a fault")

    def form_arguments(self) -> dict[str, Any]:
        return {"equipment": Equipment.objects.filter(station=self.station).on(today())}

    def act(self, form: FaultForm) -> Repair:
        data = form.cleaned_data
        return actions.report_fault(
            self.request.user, self.station, data["description"], equipment=data["equipment"]
        )

    def done(self, result: Repair) -> str:
        return _("The fault is to be repaired by %(day)s.") % {"day": result.due_on}


class _AboutRepair(AboutRow):
    right = "view stations.repair"

    def rows(self) -> Any:
        rows = Repair.objects.visible_to(self.request.user)
        return rows.select_related("equipment", "holder", "reported_by__person")

    def next_url(self, result: Any) -> str:
        return reverse("repair", args=[self.row.pk])

    def heading(self) -> Any:
        return self.row.description

    def context(self) -> dict[str, Any]:
        back = self.next_url(None)
        crumbs = crumbs_to(self.request, self.station, self.row.description)
        if self.heading() != self.row.description:
            crumbs = [*crumbs[:-1], Crumb(self.row.description, back), Crumb(self.heading())]
        return {
            "station": self.station,
            "repair": self.row,
            "today": today(),
            "heading": self.heading(),
            "crumbs": crumbs,
            "back": back,
        }


class RepairPage(_AboutRepair):
    """A fault, until when it is to be repaired, and what may be done with it."""

    http_method_names = ["get", "head"]

    def prepare(self) -> None:
        # Who sees the repair may read it; no right at the whole village is needed.
        self.station = self.found()

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        reach = reach_of(request.user)
        may_change = reach.allows("change stations.repair", self.row.area_code)
        context = {**self.context(), "may_change": may_change}
        return render(request, "stations/repair.html", context)


class _ChangeRepair(_AboutRepair):
    station_right = "change stations.repair"
    template_name = "stations/change_repair.html"


class AcceptRepair(_ChangeRepair):
    form_class = AcceptForm

    def heading(self) -> Any:
        return _("It is being repaired")

    def form_arguments(self) -> dict[str, Any]:
        posts = StationPost.objects.filter(station=self.station).on(today())
        near = [*posts.values_list("person", flat=True), self.request.user.person_id]  # type: ignore[union-attr]
        holders = Person.objects.filter(pk__in=near).order_by("pk")
        return {"holders": holders, "initial": {"due_on": max(self.row.due_on, today())}}

    def act(self, form: AcceptForm) -> Repair:
        return actions.accept_repair(self.request.user, self.row, **form.cleaned_data)


class FinishRepair(_ChangeRepair):
    form_class = FinishForm

    def heading(self) -> Any:
        return _("It is repaired")

    def act(self, form: FinishForm) -> Repair:
        return actions.finish_repair(self.request.user, self.row, **form.cleaned_data)


class RejectRepair(_ChangeRepair):
    form_class = RejectForm

    def heading(self) -> Any:
        return _("Nothing to repair")

    def act(self, form: RejectForm) -> Repair:
        return actions.reject_repair(self.request.user, self.row, **form.cleaned_data)


class AddPhoto(StationFormPage):
    right = "view stations.stationphoto"
    station_right = "change stations.stationphoto"
    form_class = PhotoForm
    template_name = "stations/photo.html"

    def heading(self) -> Any:
        return _("Add a photo")

    def form_arguments(self) -> dict[str, Any]:
        return {"files": self.request.FILES} if self.request.method == "POST" else {}

    def act(self, form: PhotoForm) -> StationPhoto:
        return actions.add_photo(self.request.user, self.station, form.cleaned_data["photo"])


class RemovePhoto(AboutRow):
    """Asked by a button of the station's page."""

    right = "view stations.stationphoto"
    station_right = "change stations.stationphoto"
    form_class = Form
    http_method_names = ["post"]

    def rows(self) -> Any:
        return StationPhoto.objects.visible_to(self.request.user).kept()

    def heading(self) -> Any:
        return _("Photo")

    def act(self, form: Form) -> StationPhoto:
        return actions.remove_photo(self.request.user, self.row)

    def done(self, result: StationPhoto) -> str:
        return _("The photo is removed.")
