"""Period against period: every figure of an area on two days, and where the difference arose."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from coverage.cards import group_of
from coverage.forms import DayForm
from coverage.movements import WEEK, Movement, is_read_from_tallies, movements
from coverage.reading import AreaFigures
from coverage.registry import INDICATORS, MEASURES, Kind
from coverage.registry.kinds import GROUP_NAMES, Group
from coverage.series import figures_on
from coverage.shown import Shown, not_here, shown_share
from coverage.views.compare.about import AboutCompared
from jiaozuo_grid.area import Level
from jiaozuo_grid.months import month_before, month_end


class ComparePeriods(AboutCompared):
    """``?before=`` and ``?on=``; without the first, a week before the second."""

    page_name = "compare-periods"

    def get(self, request: HttpRequest) -> HttpResponse:
        before, is_usable = self.other_day("before", self.on - WEEK)
        context = {
            **self.context(),
            "before": before,
            "problem": "" if is_usable else _("That day cannot be used."),
            "spans": self.spans(before),
            "groups": self.groups(before) if is_read_from_tallies(self.code) else [],
            "same_month": before.replace(day=1) == self.on.replace(day=1),
        }
        status = self.status if is_usable else 400
        return render(request, "coverage/compare/periods.html", context, status=status)

    def spans(self, before: date) -> list[dict[str, Any]]:
        """The spans that are asked for most, as links."""
        month = month_end(month_before(self.on))
        days = {
            _("a week"): self.on - WEEK,
            _("since the end of last month"): month,
            _("a year"): self.on - timedelta(days=365),
        }
        page = reverse(self.page_name)
        return [
            {
                "name": name,
                "url": f"{page}?{self.query(before=f'{day:%Y-%m-%d}')}",
                "is_here": day == before,
            }
            for name, day in days.items()
            if DayForm({"on": f"{day:%Y-%m-%d}"}).is_valid()
        ]

    def groups(self, before: date) -> list[dict[str, Any]]:
        after = self.coverage.area
        children = self.coverage.children if len(self.code) < Level.VILLAGE else []
        areas = [(area.area_code, area.name) for area in (after, *children)]
        earlier = figures_on(areas, [before], restated=self.asked.restated, judged=True)[before]
        days = (self.asked.at(before), self.asked)
        flows = before.replace(day=1) != self.on.replace(day=1)
        moved = movements(earlier, after, children, days, flows=flows)
        return [
            {
                "name": name,
                "indicators": [
                    self.indicator(key, earlier[self.code], after, before)
                    for key in INDICATORS
                    if key in after.ratios
                    and group_of(key) is group
                    and (flows or MEASURES[INDICATORS[key].numerator].kind is not Kind.FLOW)
                ],
                "movements": [one for one in moved if _is_of(one, group) and one.has_moved],
                "still": [one for one in moved if _is_of(one, group) and not one.has_moved],
            }
            for group, name in GROUP_NAMES.items()
            if any(_is_of(one, group) for one in moved)
        ]

    def indicator(
        self, key: str, earlier: AreaFigures, after: AreaFigures, before: date
    ) -> dict[str, Any]:
        was = self.share(earlier, key, before)
        now = self.share(after, key, self.on)
        return {
            "indicator": INDICATORS[key],
            "before": was,
            "after": now,
            "text": _points(key, was.value, now.value),
        }

    def share(self, area: AreaFigures, key: str, day: date) -> Shown:
        return shown_share(area, key, self.asked.at(day)) if key in area.ratios else not_here(key)


def _is_of(one: Movement, group: Group) -> bool:
    return one.measure.group is group


def _points(key: str, was: float | None, now: float | None) -> str:
    """A difference of shares in points of per cent; of others as it is."""
    if was is None or now is None:
        return ""
    indicator = INDICATORS[key]
    difference = round((now - was) * (100 if indicator.per == 1 and not indicator.daily else 1), 2)
    sign = "+" if difference > 0 else "−" if difference < 0 else "±"
    size = f"{abs(difference):,.2f}"
    if indicator.per == 1 and not indicator.daily:
        return _("%(sign)s%(size)s points") % {"sign": sign, "size": size}
    return sign + size
