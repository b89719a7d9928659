"""The months of an area, and one of them: as reported, beside what is known today."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from coverage.journal.shown import PART_NAMES
from coverage.models import Snapshot, SnapshotArea
from coverage.reading import AsOf
from coverage.registry import INDICATORS, MEASURES
from coverage.registry.kinds import GROUP_NAMES
from coverage.shown import (
    STATE_NAMES,
    address,
    known_in,
    number,
    share,
    signed,
    state_of,
    target_text,
)
from coverage.snapshots.actions import may_sign
from coverage.snapshots.counting import unpacked, unpacked_ratio
from coverage.snapshots.forms import ReissueForm, SignForm
from coverage.snapshots.freezing import due_on
from coverage.snapshots.reading import Difference, RatioThen, issuer_of, months_of
from coverage.snapshots.views.about import AboutMonth, AboutMonths
from grids.authority import division_names
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today
from jiaozuo_grid.months import month_before


class MonthList(AboutMonths):
    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        running = today().replace(day=1)
        before = month_before(running)
        months = months_of(code)
        waiting = before if not months or months[0].month < before else running
        name = _("Months as reported")
        context = {
            "area": self.area,
            "months": months,
            "waiting": waiting,
            "due": due_on(waiting),
            "issuer": division_names([issuer_of(code)]).get(issuer_of(code), ""),
            "is_issuer": issuer_of(code) == code,
            "crumbs": self.crumbs(then=name),
            "back": reverse("coverage", args=[code]),
        }
        return render(request, "coverage/snapshots/list.html", context)


class MonthPage(AboutMonth):
    def get(self, request: HttpRequest, code: str, month: str) -> HttpResponse:
        snapshot, may = self.snapshot, may_sign(request.user, code)
        is_newest = snapshot == self.editions[0]
        lines = [self._line(difference, may=may) for difference in self.shown.differences]
        context = {
            "area": self.area,
            "month": self.month,
            "snapshot": snapshot,
            "signature": getattr(snapshot, "signature", None),
            "editions": self.editions,
            "is_newest": is_newest,
            "is_changed": self.shown.is_changed,
            "is_late": snapshot.number == 1
            and due_on(self.month) < timezone.localdate(snapshot.frozen_at),
            "issuer": division_names([snapshot.area_code]).get(snapshot.area_code, ""),
            "is_issuer": snapshot.area_code == code,
            "day": self.shown.day,
            "name": self.shown.row.name,
            "groups": [
                (GROUP_NAMES[group], list(found))
                for group, found in groupby(lines, key=lambda line: line["measure"].group)
            ],
            "restated": sum(line["is_restated"] for line in lines),
            "is_moved": any(line["moved"] for line in lines),
            "ratios": [self._ratio(ratio) for ratio in self.shown.ratios],
            "children": self._children(),
            "may_sign": may and not hasattr(snapshot, "signature") and is_newest,
            "may_reissue": may and is_newest,
            "may_remark": may,
            "sign_form": SignForm(auto_id="sign_%s"),
            "reissue_form": ReissueForm(auto_id="reissue_%s"),
            "crumbs": self.crumbs_to(date_format(self.month, "YEAR_MONTH_FORMAT")),
            "today_url": address("coverage", self._asked, code),
            "back": reverse("coverage-snapshots", args=[code]),
        }
        return render(request, "coverage/snapshots/month.html", context)

    @property
    def _asked(self) -> AsOf:
        return AsOf(self.shown.day)

    def _line(self, difference: Difference, *, may: bool) -> dict[str, Any]:
        key = difference.key
        return {
            "measure": MEASURES[key],
            "reported": number(difference.reported.value),
            "reported_value": difference.reported.value,
            "note": known_in(difference.reported),
            "now": number(difference.now.value),
            "now_value": difference.now.value,
            "now_url": address("coverage-rows", self._asked, self.code, key)
            if difference.now.value is not None
            else "",
            "moved": number(difference.moved.value) if difference.moved else "",
            "moved_url": address(
                "coverage-rows", AsOf(self.shown.day, restated=True), self.code, key
            ),
            "difference": signed(difference.amount),
            "is_restated": difference.is_restated,
            "parts": [
                (PART_NAMES[part], signed(amount), rows)
                for part, amount, rows in difference.parts
                if amount or rows
            ],
            "unexplained": signed(difference.unexplained) if difference.unexplained else "",
            "is_redefined": difference.is_redefined,
            "remarks": difference.remarks,
            "bridge": self._bridge(key) if difference.amount else "",
            "may_remark": may and (difference.is_restated or bool(difference.parts)),
        }

    def _bridge(self, key: str) -> str:
        day = f"{self.shown.day:%Y-%m-%d}"
        query = {"from": day, "on": day, "since": self.snapshot.frozen_at.isoformat()}
        return f"{reverse('coverage-bridge', args=[self.code, key])}?{urlencode(query)}"

    def _ratio(self, ratio: RatioThen) -> dict[str, Any]:
        indicator = INDICATORS[ratio.key]
        state = state_of(ratio.reported, indicator.direction)
        return {
            "indicator": indicator,
            "reported": share(ratio.reported.value, indicator.per),
            "target": target_text(indicator, ratio.reported.target)
            if ratio.reported.target is not None
            else "—",
            "state": state,
            "state_name": STATE_NAMES[state],
            "now": share(ratio.now.value if ratio.now else None, indicator.per),
            "is_restated": ratio.now is None or ratio.now.value != ratio.reported.value,
        }

    def _children(self) -> list[dict[str, Any]]:
        """What lies below, with its main figures; of the city also how its counties stand."""
        rows = self.shown.children
        own = self._own_editions(rows)
        return [
            {
                "row": row,
                "url": reverse("coverage-snapshot", args=[row.area_code, f"{self.month:%Y-%m}"]),
                "cells": [
                    (INDICATORS[ratio.key].name, _share(row, ratio.key)) for ratio in self._columns
                ],
                "figures": [
                    (MEASURES[key].name, number(unpacked(row.figures.get(key)).value))
                    for key in ("sessions", "participants")
                ],
                "edition": own.get(row.area_code),
            }
            for row in rows
        ]

    @property
    def _columns(self) -> list[RatioThen]:
        return self.shown.ratios[:6]

    def _own_editions(self, rows: list[SnapshotArea]) -> dict[str, Snapshot]:
        if self.code != self.snapshot.area_code or len(self.code) != Level.CITY:
            return {}
        found = Snapshot.objects.filter(
            month=self.month, area_code__in=[row.area_code for row in rows]
        )
        return {row.area_code: row for row in found.select_related("signature").order_by("number")}


def _share(row: SnapshotArea, key: str) -> str:
    stored = row.ratios.get(key)
    return share(unpacked_ratio(stored).value, INDICATORS[key].per) if stored else "—"
