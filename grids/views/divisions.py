"""Importing the list of divisions: choose a file, look at what it would do, agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.divisions import uploads
from grids.divisions.planning import RIGHT, Outcome, Plan, plan_import
from grids.divisions.reading import OPTIONAL
from grids.divisions.work import KIND
from grids.forms.divisions import AgreeForm, DivisionFileForm
from grids.models import Division, ResidentCount
from jiaozuo_grid.area import Level
from jiaozuo_grid.jobs import start_job
from jiaozuo_grid.pages import Column, Crumb, Needs, csv_response
from jiaozuo_grid.reach import reach_of

SESSION_KEY = "division_import"
# A page can show so many; the rest of the problems stand in the download.
PROBLEMS_SHOWN = 500
OUTCOMES_SHOWN = 200

HEADINGS = {
    "added": gettext_lazy("Added"),
    "reopened": gettext_lazy("Re-opened"),
    "renamed": gettext_lazy("Renamed"),
    "changed": gettext_lazy("Changed"),
    "absent": gettext_lazy("Absent from the file"),
    "unchanged": gettext_lazy("Unchanged"),
}


@dataclass(frozen=True)
class Group:
    """The divisions of one outcome, as many as a page shows."""

    kind: str
    heading: Any
    count: int
    shown: list[tuple[Outcome, list[tuple[str, Any, Any]]]]

    @property
    def more(self) -> int:
        return self.count - len(self.shown)


def _labelled_changes(outcome: Outcome) -> list[tuple[str, Any, Any]]:
    """(label, before, after) of every field that changes."""
    labels = {
        f.name: f.verbose_name
        for model in (ResidentCount, Division)
        for f in model._meta.concrete_fields
    }
    return [(str(labels[name]), was, now) for name, (was, now) in outcome.changes.items()]


def _groups(plan: Plan) -> list[Group]:
    groups = []
    for kind, heading in HEADINGS.items():
        outcomes = plan.of(kind)
        shown = [] if kind == "unchanged" else outcomes[:OUTCOMES_SHOWN]
        rows = [(one, _labelled_changes(one)) for one in shown]
        groups.append(Group(kind, heading, len(outcomes), rows))
    return groups


class ImportPage(Needs):
    """Choose a file."""

    right = RIGHT

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(DivisionFileForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = DivisionFileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(form)
        _forget_upload(request)
        file, on = form.cleaned_data["file"], form.cleaned_data["on"]
        request.session[SESSION_KEY] = {
            "upload": uploads.store(file.read()),
            "name": file.name[-100:],
            "on": on.isoformat() if on else "",
        }
        return redirect("division-import-preview")

    def _page(self, form: DivisionFileForm) -> HttpResponse:
        context = {"form": form, "optional_columns": OPTIONAL, "step": 1}
        status = 422 if form.errors else 200
        return render(self.request, "grids/division_import.html", context, status=status)


class UploadPage(Needs):
    """A page about the uploaded file; without one it leads back to choosing."""

    right = RIGHT
    upload: dict[str, str]
    data: bytes

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if reach_of(request.user).allows(RIGHT) and not self._found():
            messages.info(request, _("Choose the file first."))
            return redirect("division-import")
        return super().dispatch(request, *args, **kwargs)

    def _found(self) -> bool:
        self.upload = self.request.session.get(SESSION_KEY) or {}
        data = uploads.read(self.upload["upload"]) if self.upload else None
        self.data = data or b""
        return data is not None

    def plan(self) -> Plan:
        on = self.upload["on"]
        return plan_import(self.request.user, self.data, date.fromisoformat(on) if on else None)


class PreviewPage(UploadPage):
    """Look at what the file would do; agree to it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        plan = self.plan()
        problems = plan.problems
        context = {
            "name": self.upload["name"],
            "plan": plan,
            "groups": _groups(plan),
            "levels": [(Level(digits).label, count) for digits, count in plan.levels.items()],
            "absent": plan.figures["absent"],
            "problems": problems[:PROBLEMS_SHOWN],
            "problem_count": len(problems),
            "form": DivisionFileForm(),
            "step": 2,
            "crumbs": [
                Crumb(_("Import divisions"), reverse("division-import")),
                Crumb(_("Preview")),
            ],
        }
        return render(request, "grids/division_import_preview.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AgreeForm(request.POST)
        if not form.is_valid():
            return redirect("division-import-preview")
        agreed = form.cleaned_data
        try:
            job = start_job(
                KIND,
                request.user,
                key=KIND,
                upload=ContentFile(self.data, name="divisions.csv"),
                on=agreed["on"].isoformat(),
                digest=agreed["digest"],
                end_absent=agreed["end_absent"],
                source=self.upload["name"],
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("division-import-preview")
        _forget_upload(request)
        return redirect(job)


class ProblemsDownload(UploadPage):
    """Every problem of the file as CSV, to work through beside the list."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        columns = [
            Column(_("Line"), lambda one: one.line),
            Column(_("Column"), lambda one: one.field),
            Column(_("Value"), lambda one: one.value),
            Column(_("Reason"), lambda one: one.reason),
            Column(_("What to do"), lambda one: one.remedy),
        ]
        plan = self.plan()
        return csv_response("problems", columns, [*plan.problems, *plan.kept])


class Discard(UploadPage):
    """Drop the uploaded file."""

    def post(self, request: HttpRequest) -> HttpResponse:
        _forget_upload(request)
        return redirect("division-import")


def _forget_upload(request: HttpRequest) -> None:
    upload = request.session.pop(SESSION_KEY, None)
    if upload:
        uploads.remove(upload["upload"])
