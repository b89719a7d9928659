"""The wall screen of an area: 1920 × 1080, read from across a room, nobody at the keyboard."""

from __future__ import annotations

from datetime import timedelta
from itertools import zip_longest
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from activities.models import Session
from coverage.cards import Card, Part, Tile, parts
from coverage.compared import chart_data, table_of
from coverage.listed import names_of, where
from coverage.reading import TREND_FLOWS, AsOf, Coverage, coverage_of
from coverage.views.page import CoverageAnswer
from grids.models import HobbyGrid
from jiaozuo_grid.area import ancestors
from jiaozuo_grid.lasting import today

# Two rows of four: more cannot be read from across a room.
FIGURES = 8
LATEST = 6
# What was held longer ago is no news.
LATEST_DAYS = timedelta(days=3)


class WallAnswer(CoverageAnswer):
    """Always today; the same figures as the page, fewer of them."""

    def wall(self) -> dict[str, Any]:
        coverage = coverage_of(self.code, self.on)
        table = table_of(coverage, "name", as_counts=False)
        groups = parts(coverage.area, self.asked, [])
        return {
            "area": self.area,
            "on": self.on,
            "coverage": coverage,
            "month": self.on.replace(day=1),
            "flows": self.flows(groups),
            "cards": self.cards(groups)[: FIGURES - len(TREND_FLOWS)],
            "latest": self.latest(coverage),
            "chart": chart_data(coverage, table, self.outlines()),
        }

    @staticmethod
    def flows(groups: list[Part]) -> list[Tile]:
        """What the trend draws: what happened this month."""
        return [tile for part in groups for tile in part.tiles if tile.measure.key in TREND_FLOWS]

    @staticmethod
    def cards(groups: list[Part]) -> list[Card]:
        """Indicators with a target of which something is known, in turn from each group."""
        columns = [
            [card for card in part.cards if card.has_target and card.state != "unknown"]
            for part in groups
        ]
        return [card for row in zip_longest(*columns) for card in row if card is not None]

    def latest(self, coverage: Coverage) -> list[dict[str, Any]]:
        """What was held last, where and with how many; nobody's name."""
        rows = Session.objects.within(self.code).standing()
        rows = rows.filter(held_on__gt=self.on - LATEST_DAYS, held_on__lte=self.on)
        found = list(rows.order_by("-held_on", "-start_time", "id")[:LATEST])
        codes = {row.area_code for row in found}
        names = names_of({step for code in codes for step in ancestors(code)})
        groups = HobbyGrid.objects.filter(area_code__in=codes).select_related("sport")
        sports = {group.area_code: str(group.sport) for group in groups}
        return [
            {
                "day": row.held_on,
                "is_today": row.held_on == self.on,
                "time": row.start_time,
                "where": where(row.area_code[:15], self.code, names)
                or names.get(row.area_code[:12], row.area_code),
                "sport": sports.get(row.area_code, _("session")),
                "participants": row.participants,
            }
            for row in found
        ]

    def prepare(self) -> None:
        super().prepare()
        self.on = today()
        self.asked = AsOf(self.on)


class WallScreen(WallAnswer):
    """The page: what it shows goes on by itself."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        version = self.etag()
        context = {
            **self.wall(),
            "live_version": version,
            "live_url": reverse("coverage-wall-live", args=[code]),
            "zone": settings.TIME_ZONE,
            "is_light": request.GET.get("look") == "light",
            "back": reverse("coverage", args=[code]),
        }
        return render(request, "coverage/wall.html", context)


class WallFigures(WallAnswer):
    """What the screen asks for every few seconds: 304 while nothing was counted since."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        etag = self.etag()
        answer = get_conditional_response(request, etag=etag)
        if answer is None:
            answer = render(request, "coverage/_wall.html", self.wall())
        answer["ETag"] = etag
        answer["Cache-Control"] = "private, no-cache"
        return answer
