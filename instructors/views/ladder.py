"""The count ladder of an area, and the rows behind each figure and each loss."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from grids.views.base import crumbs_to, visible_area
from grids.views.lists import place_names, place_of
from instructors import ladder
from instructors.ladder import STEPS, Step
from instructors.models import Instructor
from instructors.views.base import VIEW_INSTRUCTOR
from jiaozuo_grid.area import child_digits
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import Column, Crumb, Needs, csv_response, slice_of
from jiaozuo_grid.reach import reach_of

CHUNK = 1000


class _OfArea(Needs):
    right = VIEW_INSTRUCTOR

    def prepare(self) -> None:
        self.code: str = self.kwargs["code"]
        if not reach_of(self.request.user).allows(VIEW_INSTRUCTOR, self.code):
            raise Http404
        self.area = visible_area(self.request.user, self.code)
        self.on = self._day()

    def _day(self) -> date:
        """The day that is asked for; today where it is nonsense or yet to come."""
        try:
            asked = parse_date(self.request.GET.get("on", ""))
        except ValueError:
            asked = None
        return asked if asked is not None and date(1994, 1, 1) <= asked <= today() else today()

    @property
    def query(self) -> str:
        return "" if self.on == today() else f"?on={self.on.isoformat()}"


class LadderPage(_OfArea):
    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        figures = ladder.figures(code, self.on)
        most = max([figure.count for figure in figures] + [1])
        context = {
            "area": self.area,
            "on": self.on,
            "today": today(),
            "query": self.query,
            "steps": [(figure, round(100 * figure.count / most)) for figure in figures],
            "crumbs": crumbs_to(request.user, code, then=_("Count ladder")),
            "below": bool(child_digits(code)),
        }
        return render(request, "instructors/ladder.html", context)


class LadderRows(_OfArea):
    """The rows of a step, or (``lost``) those between it and the step above; also as CSV."""

    lost = False

    def prepare(self) -> None:
        super().prepare()
        step = STEPS.get(self.kwargs["step"])
        if step is None or (self.lost and step.lost is None):
            raise Http404
        self.step: Step = step

    def get(self, request: HttpRequest, code: str, step: str) -> HttpResponseBase:
        keys = ladder.keys_of(code, self.on, self.step, lost=self.lost)
        if request.GET.get("format") == "csv":
            return csv_response(f"ladder-{step}", self.columns(), self.all_rows(keys))
        page = slice_of(request, keys)
        rows = ladder.shown(page.rows, self.on)
        self.dress(rows)
        context = {
            "area": self.area,
            "on": self.on,
            "step": self.step,
            "lost": self.lost,
            "page": page,
            "rows": rows,
            "query": self.query,
            "crumbs": self.crumbs(),
            "title": self.title(),
        }
        return render(request, "instructors/ladder_rows.html", context)

    def all_rows(self, keys: Any) -> Iterator[Any]:
        """Every row of the export, a part of them in memory at a time."""
        wanted = list(keys)
        for start in range(0, len(wanted), CHUNK):
            yield from ladder.shown(wanted[start : start + CHUNK], self.on)

    def crumbs(self) -> list[Crumb]:
        above = crumbs_to(self.request.user, self.code, then=_("Count ladder"))
        ladder_page = Crumb(above[-1].name, reverse("ladder", args=[self.code]) + self.query)
        return [*above[:-1], ladder_page, Crumb(self.title())]

    def title(self) -> str:
        name = self.step.title(self.on)
        return _("Not among “%(step)s”") % {"step": name} if self.lost else name

    def dress(self, rows: list[Any]) -> None:
        names = place_names([row.line_place for row in rows])
        visible = Instructor.objects.visible_to(self.request.user)
        seen = set(
            visible.filter(pk__in=[row.instructor_id for row in rows]).values_list("pk", flat=True)
        )
        why = ladder.reasons(self.step, self.on) if self.lost else None
        for row in rows:
            row.place = place_of(row.line_place, names)
            row.opens = row.instructor_id in seen
            row.why = why(row) if why else ""

    def columns(self) -> list[Column]:
        columns = [
            Column(_("Name"), lambda row: row.instructor.person.name),
            Column(_("Grade"), lambda row: row.get_instructor_level_display()),
            Column(_("Certificate number"), lambda row: row.number),
            Column(_("Granted on"), lambda row: row.granted_on),
            Column(_("Code"), lambda row: row.line_place),
        ]
        if self.lost:
            columns.append(Column(_("Why"), ladder.reasons(self.step, self.on)))
        return columns
