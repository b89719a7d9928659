"""One indicator over the areas below: its distribution, its year; or held against another."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from coverage.comparing.spread import lines_of, spread_of
from coverage.movements import is_read_from_tallies
from coverage.reading import AreaFigures
from coverage.registry import INDICATORS
from coverage.series import figures_on, month_ends, needed_for
from coverage.shown import Shown, address, not_here, share, shown_share, target_text
from coverage.sparks import span_of, spark
from coverage.views.compare.about import AboutCompared

SPREAD_ROWS = ("lowest", "lower", "median", "upper", "highest")


class CompareSpread(AboutCompared):
    """The distribution of an indicator over the children, not only its average."""

    page_name = "compare-spread"

    def get(self, request: HttpRequest) -> HttpResponse:
        key = self.chosen_indicator("indicator")
        children = self.coverage.children if self.has_children else []
        lines = lines_of(key, self.coverage.area, children, self.asked)
        known = [line.shown.value for line in lines if line.shown.value is not None]
        spread = spread_of(known)
        per = INDICATORS[key].per
        whole = self.share(self.coverage.area, key)
        context = {
            **self.context(),
            "indicator": INDICATORS[key],
            "choices": self.choices(list(INDICATORS), key),
            "lines": lines,
            "whole": whole,
            "spread": spread,
            "five": {row: share(getattr(spread, row), per) for row in SPREAD_ROWS}
            if spread
            else {},
            "unknown": len(lines) - len(known),
            "chart": {
                "kind": "spread",
                "share": per == 1 and not INDICATORS[key].daily,
                "name": str(INDICATORS[key].name),
                "whole": whole.value,
                "wholeName": self.coverage.area.name,
                "five": [getattr(spread, row) for row in SPREAD_ROWS] if spread else [],
                "points": [
                    {
                        "name": line.name,
                        "url": line.url,
                        "value": line.shown.value,
                        "text": line.shown.text,
                        "low": line.interval.low if line.interval else None,
                        "high": line.interval.high if line.interval else None,
                        "place": line.place_name,
                    }
                    for line in lines
                    if line.shown.value is not None
                ],
            },
        }
        return render(request, "coverage/compare/spread.html", context, status=self.status)

    def share(self, area: AreaFigures, key: str) -> Shown:
        return shown_share(area, key, self.asked) if key in area.ratios else not_here(key)


class CompareIndicators(CompareSpread):
    """Two indicators of the children against each other: a cloud of points, and a table."""

    page_name = "compare-indicators"

    def get(self, request: HttpRequest) -> HttpResponse:
        x = self.chosen_indicator("x")
        y = self.chosen_indicator("y", other=x)
        children = self.coverage.children if self.has_children else []
        lines = [
            {
                "code": child.area_code,
                "name": child.name,
                "url": address("coverage", self.asked, child.area_code),
                "x": self.share(child, x),
                "y": self.share(child, y),
            }
            for child in children
        ]
        context = {
            **self.context(),
            "x": INDICATORS[x],
            "y": INDICATORS[y],
            "x_choices": self.choices(list(INDICATORS), x),
            "y_choices": self.choices(list(INDICATORS), y),
            "lines": lines,
            "whole": {
                "x": self.share(self.coverage.area, x),
                "y": self.share(self.coverage.area, y),
            },
            "chart": {
                "kind": "cloud",
                "axes": [
                    {
                        "name": str(INDICATORS[key].name),
                        "share": INDICATORS[key].per == 1 and not INDICATORS[key].daily,
                    }
                    for key in (x, y)
                ],
                "points": [_point(line) for line in lines],
            },
        }
        return render(request, "coverage/compare/indicators.html", context, status=self.status)


def _point(line: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": line["name"],
        "url": line["url"],
        "value": [line["x"].value, line["y"].value],
        "texts": [line["x"].text, line["y"].text],
    }


class CompareLines(CompareSpread):
    """Small multiples: one indicator of each child within a year, all drawn to one scale."""

    page_name = "compare-lines"

    def get(self, request: HttpRequest) -> HttpResponse:
        key = self.chosen_indicator("indicator")
        indicator = INDICATORS[key]
        # Below the village there are no tallies of earlier days: an empty line would be none of it.
        own = [self.coverage.area] if is_read_from_tallies(self.code) else []
        areas = [*own, *(self.coverage.children if self.has_children else [])]
        days = month_ends(self.on)
        figures = figures_on(
            [(area.area_code, area.name) for area in areas],
            days,
            restated=self.asked.restated,
            measures=needed_for([key]),
        )
        series = {
            area.area_code: [self.value(figures[day][area.area_code], key) for day in days]
            for area in areas
        }
        span = span_of([value for values in series.values() for value in values])
        target = self.coverage.area.ratios[key].target if key in self.coverage.area.ratios else None
        context = {
            **self.context(),
            "indicator": indicator,
            "choices": self.choices(list(INDICATORS), key),
            "days": days,
            "target_text": "" if target is None else target_text(indicator, target),
            "multiples": [
                {
                    "code": area.area_code,
                    "name": area.name,
                    "url": address("coverage", self.asked, area.area_code),
                    "is_whole": area is self.coverage.area,
                    "spark": spark(series[area.area_code], span, target),
                    "shown": self.share(area, key),
                    "texts": [share(value, indicator.per) for value in series[area.area_code]],
                }
                for area in self.sorted(areas, key)
            ],
            "by_value": self.by_value,
        }
        return render(request, "coverage/compare/lines.html", context, status=self.status)

    @property
    def by_value(self) -> bool:
        return self.request.GET.get("sort") == "value"

    def sorted(self, areas: list[AreaFigures], key: str) -> list[AreaFigures]:
        """The whole first; then in the order of the map, or the lowest value first."""
        whole, children = areas[:1], areas[1:]
        if self.by_value:
            values = {child.area_code: self.value(child, key) for child in children}
            children.sort(key=lambda c: (values[c.area_code] is None, values[c.area_code] or 0.0))
        return [*whole, *children]

    @staticmethod
    def value(area: AreaFigures, key: str) -> float | None:
        return area.ratios[key].value if key in area.ratios else None
