"""The coverage page of an area, and the part of it that is asked for again every few seconds."""

from __future__ import annotations

import hashlib
from datetime import date
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag, urlencode
from django.utils.translation import get_language, gettext_lazy

from coverage.cards import Year, parts
from coverage.compared import chart_data, table_of
from coverage.listed import Listed, listed, with_relations
from coverage.models import FoldState, StaleMark
from coverage.movements import WEEK, is_read_from_tallies
from coverage.reading import Coverage, Figure, coverage_of
from coverage.registry import GAPS, INDICATORS
from coverage.series import figures_on, needed_for
from coverage.shown import address, number, shown_figure
from coverage.snapshots.reading import reported_month
from coverage.targets.reading import targets_state
from coverage.views.area import AboutCoverage
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today
from jiaozuo_grid.months import month_end
from jiaozuo_grid.reach import reach_of, right

CHILDREN = {
    Level.CITY: gettext_lazy("Counties"),
    Level.COUNTY: gettext_lazy("Townships"),
    Level.TOWNSHIP: gettext_lazy("Villages and communities"),
    Level.VILLAGE: gettext_lazy("Grids"),
    Level.GRID: gettext_lazy("Hobby grids"),
}
# A township or village reads names; this many of each gap before "more".
NAMES_SHOWN = 6


class CoverageAnswer(AboutCoverage):
    """What the whole page and its live part have in common."""

    @property
    def names_not_shares(self) -> bool:
        """From the township down, people know each grid: names and counts say more than shares."""
        return len(self.code) >= Level.TOWNSHIP

    def gaps(self, coverage: Coverage) -> list[dict[str, Any]]:
        """What needs doing; in townships and below with the first names of each."""
        names = self.names(coverage) if self.names_not_shares else {}
        return [
            {
                "gap": GAPS[gap.key],
                "number": gap.count,
                "count": number(gap.count),
                "url": address("coverage-gap", self.asked, self.code, gap.key),
                "names": names.get(gap.key, []),
                "more": gap.count > NAMES_SHOWN,
            }
            for gap in coverage.gaps
            if gap.count
        ]

    def names(self, coverage: Coverage) -> dict[str, list[Listed]]:
        """The first rows of each gap; what they are called is read for all gaps at once."""
        ground = self.asked.ground(self.code)
        rows = {
            gap.key: list(with_relations(GAPS[gap.key].rows(ground, self.on))[:NAMES_SHOWN])
            for gap in coverage.gaps
            if gap.count
        }
        lines = iter(
            listed([row for found in rows.values() for row in found], self.code, self.request.user)
        )
        return {key: list(islice(lines, len(found))) for key, found in rows.items()}

    def figures(self, coverage: Coverage | None = None) -> dict[str, Any]:
        coverage = coverage or coverage_of(self.code, self.on, restated=self.asked.restated)
        table = table_of(coverage, self.sort, as_counts=self.names_not_shares, group=self.group)
        return {
            "coverage": coverage,
            "area": self.area,
            "on": self.on,
            "is_today": self.on == today(),
            "restated": self.asked.restated,
            "map_changed": self.map_changed(),
            "month": self.on.replace(day=1),
            "children_title": CHILDREN.get(self.area.level),
            "may_open_area": reach_of(self.request.user).allows(
                right("view", self.area), self.code
            ),
            "gaps": self.gaps(coverage),
            "done": [GAPS[gap.key] for gap in coverage.gaps if gap.count == 0],
            "todo_url": address("coverage-todo", self.asked, self.code),
            "week_before": self.on - WEEK if is_read_from_tallies(self.code) else None,
            "week_url": self.periods_url(),
            "parts": parts(coverage.area, self.asked, self.year(coverage)),
            "names_not_shares": self.names_not_shares,
            "table": table,
            "trend": self.trend(coverage),
            "chart": chart_data(coverage, table, self.outlines()),
        }

    def outlines(self) -> str:
        """Grids have no outlines; villages rarely."""
        if len(self.code) >= Level.VILLAGE:
            return ""
        return reverse("api-outlines", args=[self.code])

    def year(self, coverage: Coverage) -> Year:
        """Where the area's year began: what the way to its targets is measured from."""
        if not is_read_from_tallies(self.code):
            return []
        day = date(self.on.year - 1, 12, 31)
        area = (self.code, coverage.area.name)
        figures = figures_on(
            [area],
            [day],
            restated=self.asked.restated,
            measures=needed_for(INDICATORS),
            stocks_only=True,
        )
        return [(day, figures[day][self.code])]

    def periods_url(self) -> str:
        """The page that holds every figure of the week against that of the week before."""
        before = self.on - WEEK
        query = {"of": self.code, "before": f"{before:%Y-%m-%d}", **self.asked.query()}
        return f"{reverse('compare-periods')}?{urlencode(query)}"

    def etag(self) -> str:
        """Changes whenever the figures or what is said about them may have changed."""
        folded_at = FoldState.objects.values_list("folded_at", flat=True).first()
        parts = (
            folded_at,
            StaleMark.objects.exists(),
            targets_state(self.on.year),
            self.code,
            self.asked,
            today(),
            get_language(),
            self.sort,
            self.group,
        )
        return quote_etag(hashlib.sha256(repr(parts).encode()).hexdigest()[:32])

    @property
    def sort(self) -> str:
        return self.request.GET.get("sort", "name")

    @property
    def group(self) -> str:
        """Of which group of measures the table of the children shows the columns."""
        return self.request.GET.get("group", "")

    def trend(self, coverage: Coverage) -> list[dict[str, Any]]:
        """The months, newest first, each figure with a link to its sessions."""
        return [
            {
                "month": point.month,
                "cells": [
                    shown_figure(
                        self.code,
                        key,
                        Figure(point.values.get(key)),
                        self.asked.at(min(month_end(point.month), self.on)),
                    )
                    for key in ("sessions", "participants")
                ],
            }
            for point in reversed(coverage.trend)
        ]


class CoveragePage(CoverageAnswer):
    """What needs doing, what changed, how things stand, and the detail."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        # Taken before the figures: at worst they are asked for once more.
        version = self.etag()
        figures = self.figures()
        asked = {**self.asked.query(), "sort": self.sort, "group": self.group}
        of = urlencode({"of": code, **self.asked.query()})
        context = {
            **figures,
            "form": self.form,
            "crumbs": self.crumbs(path=figures["coverage"].path),
            "live_version": version,
            "live_url": f"{reverse('coverage-live', args=[code])}?{urlencode(asked)}",
            "past_url": address("coverage-past", self.asked, code),
            "print_url": address("coverage-print", self.asked, code),
            "wall_url": reverse("coverage-wall", args=[code]),
            "reported": reported_month(code, self.on),
            "compare_url": f"{reverse('compare')}?{of}",
            "lines_url": f"{reverse('compare-lines')}?{of}",
        }
        return render(request, "coverage/page.html", context, status=self.status)


class LiveFigures(CoverageAnswer):
    """The page's figures alone, and 304 while nothing was counted since: two small queries."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        if self.status != 200:
            return HttpResponse(status=400)
        etag = self.etag()
        answer = get_conditional_response(request, etag=etag)
        if answer is None:
            answer = render(request, "coverage/_live.html", self.figures())
        answer["ETag"] = etag
        answer["Cache-Control"] = "private, no-cache"
        return answer
