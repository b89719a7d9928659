"""The rows behind a figure, and the rows that a gap names: every number leads to one of these."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property

from coverage.listed import listed, name_responsible, with_relations
from coverage.reading import Coverage, coverage_of
from coverage.registry import GAPS, MEASURES, Gap, Measure
from coverage.reminders.shown import may_remind, put_reminders
from coverage.shown import address, known_in, number
from coverage.views.area import AboutCoverage
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import slice_of
from jiaozuo_grid.reach import reach_of


class RowsOf(AboutCoverage):
    """A list under the area's coverage page."""

    template_name = ""

    @cached_property
    def coverage(self) -> Coverage:
        return coverage_of(self.code, self.on, restated=self.asked.restated)

    def page(self, name: str, context: dict[str, Any]) -> HttpResponse:
        shared = {
            "area": self.area,
            "on": self.on,
            "is_today": self.on == today(),
            "restated": self.asked.restated,
            "map_changed": self.map_changed(),
            "form": self.form,
            "coverage": self.coverage,
            "crumbs": self.crumbs(then=name, path=self.coverage.path),
            "back": address("coverage", self.asked, self.code),
        }
        return render(self.request, self.template_name, {**shared, **context}, status=self.status)


class MeasureRows(RowsOf):
    """The rows that a measure counts: as many, or adding up to as much, as its figure says."""

    template_name = "coverage/rows.html"

    def get(self, request: HttpRequest, code: str, measure: str) -> HttpResponse:
        if measure not in MEASURES:
            raise Http404
        return self.rows(MEASURES[measure])

    def rows(self, measure: Measure) -> HttpResponse:
        page = slice_of(
            self.request, with_relations(measure.rows(self.asked.ground(self.code), self.on))
        )
        figure = self.coverage.area.figures.get(measure.key)
        context = {
            "measure": measure,
            "figure": figure,
            "text": number(figure.value if figure else None),
            "note": known_in(figure) if figure else "",
            "page": page,
            "lines": listed(page.rows, self.code, self.request.user, measure.amount),
        }
        return self.page(str(measure.name), context)


class GapRows(RowsOf):
    """The rows that keep an indicator below its target, as a list of things to do."""

    template_name = "coverage/gap.html"

    def get(self, request: HttpRequest, code: str, gap: str) -> HttpResponse:
        if gap not in GAPS:
            raise Http404
        return self.rows(GAPS[gap])

    def rows(self, gap: Gap) -> HttpResponse:
        page = slice_of(
            self.request, with_relations(gap.rows(self.asked.ground(self.code), self.on))
        )
        lines = listed(page.rows, self.code, self.request.user)
        name_responsible(lines, self.request.user, self.on)
        put_reminders(gap.key, page.rows, lines, self.request.user)
        count = next((count.count for count in self.coverage.gaps if count.key == gap.key), None)
        context = {
            "gap": gap,
            "count": count,
            "text": number(count),
            "page": page,
            "lines": lines,
            # One is reminded of what is open today.
            "may_remind": self.on == today() and may_remind(self.request.user, self.code),
            "may_call": reach_of(self.request.user).allows("change accounts.person", self.code),
        }
        return self.page(str(gap.name), context)
