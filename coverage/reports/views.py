"""The archive of reports: find one, have one made, look at it, download it."""

from __future__ import annotations

import mimetypes
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from accounts.audit import record
from coverage.models import Report, ReportKind
from coverage.reports.archive import WORK, WRITERS, order
from coverage.reports.form_sheet import own_value
from coverage.reports.forms import FindForm, OrderForm, areas_on_offer
from coverage.reports.words import (
    count_text,
    facts,
    lights,
    state_words,
    target_text,
    value_text,
)
from coverage.views.area import VIEW_COVERAGE
from grids.authority import division_names
from jiaozuo_grid.jobs import OPEN, Job
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import Needs, area_crumbs, slice_of
from jiaozuo_grid.reach import reach_of

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": mimetypes.types_map[".pdf"],
}


class ReportList(Needs):
    """The reports of one's areas, newest first; and the order for another."""

    right = VIEW_COVERAGE

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(None)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = OrderForm(request.POST, areas=areas_on_offer(request.user))
        if not form.is_valid():
            return self.page(form)
        chosen = form.cleaned_data
        try:
            job = order(request.user, chosen["kind"], chosen["area"], form.first)
        except ValidationError as error:
            form.add_error(None, error.messages)
            return self.page(form)
        return redirect(job)

    def page(self, ordered: OrderForm | None) -> HttpResponse:
        request = self.request
        areas = areas_on_offer(request.user)
        find = FindForm(request.GET, areas=areas)
        rows = Report.objects.visible_to(request.user).defer("packed")
        page = slice_of(request, find.narrow(rows).select_related("made_by__person", "snapshot"))
        names = division_names([report.area_code for report in page.rows])
        for report in page.rows:
            report.area_name = names.get(report.area_code, report.area_code)
        usual = {"area": areas[0][0] if areas else "", "kind": ReportKind.MONTHLY}
        usual |= {"period": f"{today():%Y-%m}", **self._asked(areas)}
        context = {
            "find": find,
            "filtered": any(request.GET.get(name) for name in find.fields),
            "order": ordered or OrderForm(initial=usual, areas=areas),
            "may_order": bool(areas),
            "page": page,
            "open_jobs": Job.objects.filter(owner_id=request.user.pk, kind=WORK, state__in=OPEN)[
                :5
            ],
        }
        status = 422 if ordered and ordered.errors else 200
        return render(request, "coverage/reports/list.html", context, status=status)

    def _asked(self, areas: list[tuple[str, str]]) -> dict[str, str]:
        """Who comes from an area's page finds it chosen."""
        area = self.request.GET.get("area", "")
        return {"area": area} if area in dict(areas) else {}


class AboutReport(Needs):
    """A page about a report of one's areas; others are not there."""

    report: Report

    def prepare(self) -> None:
        rows = Report.objects.visible_to(self.request.user)
        related = rows.select_related("made_by__person", "snapshot", "receipt")
        self.report = get_object_or_404(related, pk=self.kwargs["pk"])


class ReportPage(AboutReport):
    """What the report says, as far as it fits a page; the files have it all."""

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        report, content = self.report, self.report.content
        may = reach_of(request.user).allows
        context = {
            "report": report,
            "facts": facts(content),
            "form": _form(content) if report.kind == ReportKind.FORM else None,
            "indicators": _indicators(content) if report.kind != ReportKind.FORM else [],
            "crumbs": area_crumbs(
                [(report.area_code, content["area"]["name"])],
                lambda code: may(VIEW_COVERAGE, code),
                url_name="coverage",
                then=report.title,
            ),
        }
        return render(request, "coverage/reports/report.html", context)


def _indicators(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "key": one["key"],
            "name": one["name"],
            "value": value_text(one, one["value"]),
            "target": target_text(one, one["target"]),
            "state": one["state"],
            "state_name": state_words(one["state"]).removeprefix(lights(one["state"])).strip(),
        }
        for one in content["indicators"]
    ]


def _form(content: dict[str, Any]) -> dict[str, Any]:
    form = content["form"]
    own = [own_value(form, n, total) for n, total in enumerate(form["total"])]
    return {
        "groups": [
            (group, len(list(members)))
            for group, members in groupby(form["columns"], key=lambda column: column["group"])
        ],
        "columns": form["columns"],
        "lines": [
            (line["name"], line["code"], [count_text(value) for value in line["values"]])
            for line in form["lines"]
        ],
        "own": (form["own_name"], [count_text(value) for value in own]),
        "total": [count_text(value) for value in form["total"]],
        "notes": form["notes"],
    }


class ReportFile(AboutReport):
    """One of a report's files, for those who may view the coverage of its area."""

    def get(self, request: HttpRequest, pk: Any, form: str) -> HttpResponseBase:
        stored = getattr(self.report, form, None) if form in WRITERS else None
        if not stored:
            raise Http404
        try:
            file = stored.open("rb")
        except FileNotFoundError:
            raise Http404 from None
        report = self.report
        record(request.user, "download report", area_code=report.area_code, row=report, reason=form)
        name = f"{report.title}.{form}".replace("/", "-")
        answer = FileResponse(file, as_attachment=True, filename=name, content_type=TYPES[form])
        answer["Cache-Control"] = "no-store"
        return answer
