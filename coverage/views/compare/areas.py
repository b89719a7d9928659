"""Areas side by side: up to six of one level, every indicator and measure a line."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from coverage.cards import group_of
from coverage.reading import AreaFigures
from coverage.registry import INDICATORS, MEASURES
from coverage.registry.kinds import GROUP_NAMES
from coverage.series import figures_on
from coverage.shown import Shown, not_here, shown_figure, shown_share
from coverage.views.compare.about import AboutCompared
from grids.authority import division_names
from jiaozuo_grid.area import Level, child_digits, is_area_code

MOST = 6


class CompareAreas(AboutCompared):
    """The areas that ``?area=`` names, or the first of the children."""

    def get(self, request: HttpRequest) -> HttpResponse:
        problem = ""
        codes = list(dict.fromkeys(request.GET.getlist("area")))
        for code in codes:
            if not is_area_code(code) or len(code) > Level.VILLAGE or not self.may_open(code):
                raise Http404
        if len({len(code) for code in codes}) > 1:
            problem = _("Choose areas of one level: a county beside counties.")
        elif len(codes) > MOST:
            problem = _("Choose up to %(most)s areas.") % {"most": MOST}
        deeper = child_digits(self.code)
        if request.GET.get("of") and {len(code) for code in codes} != {deeper}:
            # Another area was chosen above: those chosen before are not its children's equals.
            codes = []
        if problem or not codes:
            codes = [child.area_code for child in self.coverage.children[:MOST]]
        chosen = self.figures(codes) if self.has_children or request.GET.getlist("area") else []
        context = {
            **self.context(),
            "problem": problem,
            "most": MOST,
            "choice": self.choice({area.area_code for area in chosen}),
            "chosen": chosen,
            "groups": self.groups(chosen),
            "elsewhere": [
                area.area_code for area in chosen if not area.area_code.startswith(self.code)
            ],
        }
        status = 400 if problem else self.status
        return render(request, "coverage/compare/areas.html", context, status=status)

    def figures(self, codes: list[str]) -> list[AreaFigures]:
        """Those of the children as they were read, others (of the same level) read besides."""
        known = {child.area_code: child for child in self.coverage.children}
        others = [code for code in codes if code not in known]
        if others:
            names = division_names(others)
            if set(others) - set(names):
                raise Http404
            areas = [(code, names[code]) for code in others]
            known |= figures_on(areas, [self.on], restated=self.asked.restated, judged=True)[
                self.on
            ]
        return [known[code] for code in codes]

    def choice(self, chosen: set[str]) -> list[dict[str, Any]]:
        if not self.has_children:
            return []
        return [
            {"code": child.area_code, "name": child.name, "is_chosen": child.area_code in chosen}
            for child in self.coverage.children
        ]

    def groups(self, areas: list[AreaFigures]) -> list[dict[str, Any]]:
        """The lines of the table by group of the registry, the indicators of each first."""
        columns = [*areas, self.coverage.area]
        found = []
        for group, name in GROUP_NAMES.items():
            keys = [key for key in (*INDICATORS, *MEASURES) if group_of(key) is group]
            lines = [
                {
                    "key": key,
                    "what": INDICATORS.get(key) or MEASURES[key],
                    "is_indicator": key in INDICATORS,
                    "cells": [self.cell(area, key) for area in columns],
                }
                for key in keys
                if any(key in area.ratios or key in area.figures for area in areas)
            ]
            if lines:
                found.append({"key": group.value, "name": name, "lines": lines})
        return found

    def cell(self, area: AreaFigures, key: str) -> Shown:
        if key in area.ratios:
            return shown_share(area, key, self.asked)
        if key in area.figures:
            return shown_figure(area.area_code, key, area.figures[key], self.asked)
        return not_here(key)
