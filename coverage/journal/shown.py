"""The bridge before the eye: its steps as a table and as a waterfall, and its lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coverage.journal.bridge import Bridge, Part
from coverage.journal.known import Value
from coverage.listed import names_of, where
from coverage.models import Cause, JournalLine
from coverage.registry import MEASURES, Measure
from coverage.shown import number, signed
from jiaozuo_grid.area import ancestors

PART_NAMES = {
    Part.NEW: gettext_lazy("New facts"),
    Part.LATE: gettext_lazy("Late reports"),
    Part.CORRECTED: gettext_lazy("Corrections"),
    Part.REORGANISED: gettext_lazy("Changes of the map"),
    Part.REDEFINED: gettext_lazy("Change of definition"),
}
PART_MEANINGS = {
    Part.NEW: gettext_lazy("What began, ended or took place after the first day."),
    Part.LATE: gettext_lazy("It had taken place by the first day and was entered afterwards."),
    Part.CORRECTED: gettext_lazy(
        "It had been counted and was corrected, withdrawn or ended afterwards, for that time too."
    ),
    Part.REORGANISED: gettext_lazy(
        "Villages or grids were merged, split or moved, and belong elsewhere since."
    ),
    Part.REDEFINED: gettext_lazy("The measure is counted by another rule than before."),
}


def text_of(measure: Measure, value: Value) -> str:
    """A figure of the bridge; a sum of nothing known is not known."""
    return number(None if measure.partly_known and not value.rows else value.amount)


@dataclass(frozen=True)
class Step:
    """One bar of the waterfall: a figure, or a part between the two."""

    key: str
    name: str
    amount: int
    text: str
    url: str = ""
    meaning: str = ""

    @property
    def is_figure(self) -> bool:
        return self.key in ("start", "end")


def steps(bridge: Bridge, query: dict[str, str]) -> list[Step]:
    """From the first figure over the parts to the last; each part leads to its lines."""
    measure = MEASURES[bridge.measure]
    found = [_figure("start", bridge, measure, bridge.start, bridge.first)]
    for part, amount in bridge.parts.items():
        if amount or part is Part.NEW or bridge.lines(part).exists():
            args = [bridge.area, bridge.measure, part.value]
            url = f"{reverse('coverage-bridge-part', args=args)}?{urlencode(query)}"
            name, meaning = str(PART_NAMES[part]), str(PART_MEANINGS[part])
            found.append(Step(part.value, name, amount, signed(amount), url, meaning))
    return [*found, _figure("end", bridge, measure, bridge.end, bridge.last)]


def _figure(key: str, bridge: Bridge, measure: Measure, value: Value, day: date) -> Step:
    rows = reverse("coverage-rows", args=[bridge.area, bridge.measure])
    query = {"on": day.isoformat(), **({"map": "today"} if bridge.restated else {})}
    name = f"{day:%Y-%m}" if bridge.flow else f"{day:%Y-%m-%d}"
    return Step(key, name, value.amount, text_of(measure, value), f"{rows}?{urlencode(query)}")


def waterfall(found: Sequence[Step]) -> list[dict[str, Any]]:
    """What the chart draws: each step with the level at which its bar begins and ends."""
    level = 0
    bars = []
    for step in found:
        begin = 0 if step.is_figure else level
        level = step.amount if step.is_figure else level + step.amount
        bars.append(
            {"key": step.key, "name": step.name, "from": begin, "to": level, "text": step.text}
        )
    return bars


@dataclass(frozen=True)
class Line:
    """One change, said in words."""

    name: str
    where: str
    code: str
    days: str
    amount: int
    why: str
    recorded_at: datetime | None = None
    url: str = ""

    @property
    def text(self) -> str:
        return signed(self.amount)


def journal_lines(bridge: Bridge, rows: Iterable[Any]) -> list[Line]:
    rows = list(rows)
    names = _names(row.area_code for row in rows)
    return [
        Line(
            name=names.get(row.area_code, row.area_code),
            where=where(row.area_code, bridge.area, names),
            code=row.area_code,
            days=_days(bridge, row),
            amount=row.change,
            why=str(Cause(row.cause).label),
            recorded_at=row.recorded_at,
            url=_rows_url(bridge, row.area_code, min(max(row.started_on, _begin()), bridge.last)),
        )
        for row in rows
    ]


def edge_lines(bridge: Bridge, rows: Iterable[dict[str, Any]]) -> list[Line]:
    rows = list(rows)
    names = _names(row["area_code"] for row in rows)
    return [
        Line(
            name=names.get(row["area_code"], row["area_code"]),
            where=where(row["area_code"], bridge.area, names),
            code=row["area_code"],
            days=f"{row['day']:%Y-%m-%d}",
            amount=row["change"],
            why=_("begins to count") if row["change"] > 0 else _("no longer counts"),
            url=_rows_url(bridge, row["area_code"], row["day"]),
        )
        for row in rows
    ]


def _begin() -> date:
    return date.fromisoformat(settings.FIGURES_BEGIN)


def _names(codes: Iterable[str]) -> dict[str, str]:
    return names_of({up for code in codes for up in ancestors(code, include_self=True)})


def _days(bridge: Bridge, row: JournalLine) -> str:
    if bridge.flow:
        return f"{row.started_on:%Y-%m-%d}"
    end = f"{row.ended_on:%Y-%m-%d}" if row.ended_on else _("still")
    return _("%(first)s until %(last)s") % {"first": f"{row.started_on:%Y-%m-%d}", "last": end}


def _rows_url(bridge: Bridge, code: str, day: date) -> str:
    """The rows at the line's own code, where the measure means something there."""
    if len(code) > MEASURES[bridge.measure].level:
        return ""
    query = urlencode({"on": day.isoformat()})
    return f"{reverse('coverage-rows', args=[code, bridge.measure])}?{query}"
