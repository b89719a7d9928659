"""What the coverage page shows of other days: the lines on its cards, and what changed this week.

Asked for after the page, by itself, so that the page stays as quick as it is: of each other day all
figures are read. Without JavaScript the page links to where the same stands.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response

from coverage.cards import Card, Year, parts
from coverage.movements import WEEK, is_read_from_tallies, largest, movements
from coverage.reading import Coverage, coverage_of
from coverage.series import figures_on, year_of
from coverage.views.page import CoverageAnswer
from jiaozuo_grid.area import Level

# What moved most within a week; all of it is one click away.
MOVEMENTS_SHOWN = 6


class PastFigures(CoverageAnswer):
    """304 while nothing was counted since, like the page's live part."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        if self.status != 200:
            return HttpResponse(status=400)
        etag = self.etag()
        answer = get_conditional_response(request, etag=etag)
        if answer is None:
            answer = render(request, "coverage/_past.html", self.past())
        answer["ETag"] = etag
        answer["Cache-Control"] = "private, no-cache"
        return answer

    def past(self) -> dict[str, Any]:
        if not is_read_from_tallies(self.code):
            return {}
        coverage = coverage_of(self.code, self.on, restated=self.asked.restated)
        return {
            "on": self.on,
            "week_before": self.on - WEEK,
            "week_url": self.periods_url(),
            "is_read": True,
            "movements": self.movements(coverage),
            "cards": self.cards(coverage),
        }

    def cards(self, coverage: Coverage) -> list[Card]:
        return [
            card
            for part in parts(coverage.area, self.asked, self.year(coverage))
            for card in part.cards
        ]

    def year(self, coverage: Coverage) -> Year:
        return year_of(self.code, coverage.area.name, self.asked)

    def movements(self, coverage: Coverage) -> list[Any]:
        """What stands otherwise than seven days before, and where; flows are of whole months."""
        before = self.asked.at(self.on - WEEK)
        # A village's grids have spells, no tallies: there the village itself is enough.
        children = coverage.children if len(self.code) < Level.VILLAGE else []
        areas = [(area.area_code, area.name) for area in (coverage.area, *children)]
        restated = self.asked.restated
        earlier = figures_on(areas, [before.day], restated=restated, stocks_only=True)[before.day]
        found = movements(earlier, coverage.area, children, (before, self.asked), flows=False)
        return largest(found, MOVEMENTS_SHOWN)
