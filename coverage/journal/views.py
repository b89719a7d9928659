"""The pages of the bridge: why a figure is another one than before, and the lines of each part."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, TypeGuard

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from coverage.journal.bridge import Bridge, Part, bridge
from coverage.journal.days import end_of
from coverage.journal.forms import THEN, USUAL, BridgeForm
from coverage.journal.known import Value, opening_of
from coverage.journal.shown import (
    PART_MEANINGS,
    PART_NAMES,
    edge_lines,
    journal_lines,
    steps,
    waterfall,
)
from coverage.reading import AsOf
from coverage.registry import INDICATORS, MEASURES, Indicator
from coverage.shown import address, share, signed
from coverage.views.area import AboutCoverage
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import slice_of


class AboutBridge(AboutCoverage):
    """A page about the way from one figure to another, of the area in its address."""

    first: date
    known: str = ""
    since: datetime | None = None

    def prepare(self) -> None:
        super().prepare()
        key = self.kwargs["measure"]
        self.indicator: Indicator | None = INDICATORS.get(key)
        if self.indicator is None and key not in MEASURES:
            raise Http404
        self.form = BridgeForm(self.request.GET)
        valid = self.form.is_valid()
        self.on = self.form.cleaned_data["on"] if valid else today()
        self.first = self.form.cleaned_data["from"] if valid else self.on - USUAL
        self.known = self.form.cleaned_data["known"] if valid else ""
        self.since = self.form.cleaned_data["since"] if valid else None
        self.asked = AsOf(self.on, self.request.GET.get("map") == "today")

    @property
    def key(self) -> str:
        return str(self.kwargs["measure"])

    @property
    def name(self) -> str:
        return str((self.indicator or MEASURES[self.key]).name)

    @property
    def measures(self) -> list[str]:
        if self.indicator is None:
            return [self.key]
        return list(dict.fromkeys((self.indicator.numerator, self.indicator.denominator)))

    def query(self) -> dict[str, str]:
        """What was asked for, as the parameters of an address."""
        query = {"from": self.first.isoformat(), **self.asked.query()}
        if self.known == THEN:
            query["known"] = THEN
        if self.since is not None:
            query["since"] = self.since.isoformat()
        return query

    def bridge(self, measure: str) -> Bridge:
        return bridge(
            self.code,
            measure,
            self.first,
            self.on,
            # What is asked is how the day's figure was known on the day or later.
            then=self.since and max(self.since, end_of(self.first - timedelta(days=1))),
            until=end_of(self.on) if self.known == THEN else None,
            restated=self.asked.restated,
        )

    def shared(self, then: str) -> dict[str, Any]:
        return {
            "area": self.area,
            "name": self.name,
            "key": self.key,
            "first": self.first,
            "last": self.on,
            "known": self.known,
            "restated": self.asked.restated,
            "map_changed": self.map_changed(),
            "form": self.form,
            "crumbs": self.crumbs(then=then),
        }


class BridgePage(AboutBridge):
    """Two figures, and why the later one is another."""

    def get(self, request: HttpRequest, code: str, measure: str) -> HttpResponse:
        bridges = [self.bridge(key) for key in self.measures]
        shown = [self.shown(one) for one in bridges]
        context = {
            **self.shared(f"{self.name}"),
            "bridges": shown,
            "ratios": _ratios(self.indicator, bridges) if _is_plain(self.indicator) else None,
            "opened_at": self.opened_at,
            "chart": {one["key"]: waterfall(one["steps"]) for one in shown},
            "back": address("coverage", self.asked, self.code),
            "rows": ""
            if self.indicator
            else address("coverage-rows", self.asked, self.code, self.key),
        }
        return render(request, "coverage/bridge.html", context, status=self.status)

    def shown(self, one: Bridge) -> dict[str, Any]:
        measure = MEASURES[one.measure]
        return {
            "key": one.measure,
            "measure": measure,
            "steps": steps(one, self.query()),
            "difference": signed(one.difference),
            "amount": one.difference,
        }

    @cached_property
    def opened_at(self) -> datetime | None:
        """When the journal began, where that was after the first figure: then nothing is known of
        what was known before.
        """
        begun = [moment for key in self.measures if (moment := opening_of(key))]
        known = self.since or end_of(self.first)
        return max(begun) if begun and max(begun) > known else None


def _is_plain(indicator: Indicator | None) -> TypeGuard[Indicator]:
    """Whether it is one measure by the other, and no more: not where days come into it, or where
    a part is known in some villages only.
    """
    if indicator is None or indicator.daily:
        return False
    parts = (MEASURES[indicator.numerator], MEASURES[indicator.denominator])
    return not any(part.known_by for part in parts)


def _ratios(indicator: Indicator, bridges: list[Bridge]) -> dict[str, str]:
    """The indicator itself at both ends."""

    def ratio(values: list[Value]) -> str:
        top, bottom = values[0].amount, values[-1].amount
        return share(indicator.per * top / bottom if bottom else None, indicator.per)

    return {
        "start": ratio([one.start for one in bridges]),
        "end": ratio([one.end for one in bridges]),
    }


class BridgePartPage(AboutBridge):
    """What one part of a bridge is made of, line by line."""

    def prepare(self) -> None:
        super().prepare()
        if self.indicator is not None or self.kwargs["part"] not in list(Part):
            raise Http404

    def get(self, request: HttpRequest, code: str, measure: str, part: str) -> HttpResponse:
        one, chosen = self.bridge(measure), Part(part)
        lines = slice_of(request, one.lines(chosen))
        of_edges = chosen in (Part.NEW, Part.REORGANISED) and not one.flow
        edges = slice_of(request, one.edges(chosen)) if of_edges else None
        other_month = (
            one.flow
            and chosen is Part.NEW
            and (self.first.year, self.first.month) != (self.on.year, self.on.month)
        )
        context = {
            **self.shared(f"{self.name} · {PART_NAMES[chosen]}"),
            "part": chosen,
            "part_name": PART_NAMES[chosen],
            "meaning": PART_MEANINGS[chosen],
            "amount": one.parts[chosen],
            "text": signed(one.parts[chosen]),
            "unit": MEASURES[measure].unit,
            "lines": journal_lines(one, lines.rows),
            "edges": edge_lines(one, edges.rows) if edges else [],
            "unknown_then": journal_lines(one, one.unknown_then()[:50])
            if chosen is Part.NEW
            else [],
            "months": [
                address("coverage-rows", self.asked.at(day), self.code, measure)
                for day in (self.first, self.on)
            ]
            if other_month
            else [],
            "page": edges if edges is not None and edges.has_next else lines,
            "back": address_of_bridge(self),
        }
        return render(request, "coverage/bridge_part.html", context, status=self.status)


def address_of_bridge(page: AboutBridge) -> str:
    return f"{reverse('coverage-bridge', args=[page.code, page.key])}?{urlencode(page.query())}"
