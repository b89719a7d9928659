"""What every page of comparison knows: whose areas are compared, and as of which day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coverage.cards import group_of
from coverage.reading import Coverage, Ratio, coverage_of
from coverage.registry import INDICATORS, MEASURES
from coverage.registry.kinds import GROUP_NAMES, Indicator, Measure
from coverage.shown import State, address, state_of
from coverage.views.area import VIEW_COVERAGE, AboutCoverage
from grids.authority import home_of
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today

PAGES = {
    "compare": pgettext_lazy("way to compare", "Areas"),
    "compare-periods": pgettext_lazy("way to compare", "Periods"),
    "compare-lines": pgettext_lazy("way to compare", "Over a year"),
    "compare-spread": pgettext_lazy("way to compare", "Distribution"),
    "compare-indicators": pgettext_lazy("way to compare", "Two indicators"),
}


def _is_short(key: str, ratio: Ratio) -> bool:
    return state_of(ratio, INDICATORS[key].direction) is State.SHORT


class AboutCompared(AboutCoverage):
    """``?of=`` names the area whose children are compared; left out, it is the reader's own."""

    right = VIEW_COVERAGE
    page_name = "compare"

    def prepare(self) -> None:
        home = home_of(self.request.user) or ""
        self.kwargs["code"] = self.request.GET.get("of") or home
        super().prepare()

    @cached_property
    def coverage(self) -> Coverage:
        return coverage_of(self.code, self.on, restated=self.asked.restated)

    @property
    def has_children(self) -> bool:
        """Grids are known by name; what is compared has tallies."""
        return len(self.code) < Level.VILLAGE and bool(self.coverage.children)

    def query(self, **more: str) -> str:
        return urlencode({"of": self.code, **self.asked.query(), **more})

    def chosen_indicator(self, name: str, other: str = "") -> str:
        """The indicator that a parameter names; else the first below target, or known at all."""
        key = self.request.GET.get(name, "")
        if key in INDICATORS:
            return key
        ratios = self.coverage.area.ratios
        short = [key for key, ratio in ratios.items() if key != other and _is_short(key, ratio)]
        if short:
            return short[0]
        areas = [self.coverage.area, *self.coverage.children]
        known = [
            key
            for key in INDICATORS
            if key != other
            and any(a.ratios[key].value is not None for a in areas if key in a.ratios)
        ]
        return next(iter([*known, *INDICATORS]))

    def choices(self, keys: list[str], chosen: str) -> list[dict[str, Any]]:
        """Indicators or measures as the options of a select, by group."""
        names: dict[str, Measure | Indicator] = {**MEASURES, **INDICATORS}
        found = []
        for group, name in GROUP_NAMES.items():
            options = [
                {"key": key, "name": names[key].name, "is_chosen": key == chosen}
                for key in keys
                if group_of(key) is group
            ]
            if options:
                found.append({"name": name, "options": options})
        return found

    def around(self) -> list[dict[str, Any]]:
        """The areas that may be looked at instead: above, as far as the reach goes, and below."""
        path = [step for step in self.coverage.path if self.may_open(step[0])]
        below = [
            (child.area_code, child.name)
            for child in self.coverage.children
            if len(child.area_code) < Level.VILLAGE
        ]
        return [
            {"code": code, "name": name, "is_chosen": code == self.code, "depth": len(code)}
            for code, name in [*path, *below]
        ]

    def context(self) -> dict[str, Any]:
        of = self.query()
        return {
            "area": self.area,
            "on": self.on,
            "is_today": self.on == today(),
            "restated": self.asked.restated,
            "map_changed": self.map_changed(),
            "form": self.form,
            "coverage": self.coverage,
            "around": self.around(),
            "pages": [
                {"name": name, "url": f"{reverse(page)}?{of}", "is_here": page == self.page_name}
                for page, name in PAGES.items()
            ],
            "page_title": PAGES[self.page_name],
            "has_children": self.has_children,
            "crumbs": self.crumbs(then=str(_("Compare")), path=self.coverage.path),
            "back": address("coverage", self.asked, self.code),
        }

    def other_day(self, name: str, default: date) -> tuple[date, bool]:
        """A second day of the address, and whether it could be used."""
        text = self.request.GET.get(name, "")
        if not text:
            return default, True
        try:
            day = parse_date(text)
        except ValueError:
            day = None
        form = type(self.form)({"on": text})
        if day is None or not form.is_valid():
            return default, False
        return day, True
