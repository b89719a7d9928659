"""Everything that a report says, gathered once: plain values that can be kept and written again.

Where there is a sealed edition of the month, all figures come from it; otherwise from the tallies
as they stand, under the lock of the fold, and the report says that it is not sealed.
"""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coverage.cards import group_of
from coverage.models import Snapshot
from coverage.models.reports import ReportKind
from coverage.reading import AreaFigures, size_of
from coverage.registry import GAPS, INDICATORS, MEASURES, Kind
from coverage.registry.kinds import GROUP_NAMES
from coverage.reports.form import form_of
from coverage.reports.periods import Period
from coverage.reports.source import Source, figures_by_month, villages_of
from coverage.series import month_ends
from coverage.shown import state_of
from jiaozuo_grid.area import Level
from jiaozuo_grid.months import month_end

VERSION = 1
TITLES: dict[str, str | Promise] = {
    ReportKind.MONTHLY: gettext_lazy("%(area)s: monthly report on the sports grid, %(period)s"),
    ReportKind.YEARLY: gettext_lazy("%(area)s: yearly report on the sports grid, %(period)s"),
    ReportKind.FORM: gettext_lazy("%(area)s: yearly statistical form of mass sports, %(period)s"),
}


def title_of(kind: str, area_name: str, period: Period) -> str:
    return str(TITLES[kind]) % {"area": area_name, "period": period.name}


def issuer_of(area_code: str, name: str) -> str:
    """Who stands on the title as the office that issues the report."""
    if len(area_code) == Level.CITY:
        return _("%(area)s Sports Bureau") % {"area": name}
    return _("%(area)s, the office in charge of sports") % {"area": name}


def content_of(kind: str, source: Source, period: Period, language: str) -> dict[str, Any]:
    """All that the files of a report say, in the language that is active."""
    area = source.area
    content: dict[str, Any] = {
        "version": VERSION,
        "kind": kind,
        "language": language,
        "area": {"code": area.area_code, "name": area.name},
        "title": title_of(kind, area.name, period),
        "period": {"key": period.key, "name": period.name, "first": f"{period.first:%Y-%m-%d}"},
        "on": f"{period.on:%Y-%m-%d}",
        "issuer": issuer_of(area.area_code, area.name),
        "stands_at": source.stands_at.isoformat() if source.stands_at else "",
        "edition": source.snapshot.number if source.snapshot else 0,
        "signed": _signature(source.snapshot),
    }
    if kind == ReportKind.FORM:
        return {**content, "form": form_of(source, period)}
    return {
        **content,
        "measures": _measures(area),
        "indicators": _indicators(area),
        "children": [_child(child) for child in source.children],
        "gaps": _gaps(source),
        "months": _months(source, period),
        "appendix": _appendix(source, period),
    }


def _signature(snapshot: Snapshot | None) -> dict[str, str]:
    signature = getattr(snapshot, "signature", None) if snapshot else None
    if signature is None:
        return {}
    return {"name": signature.name, "post": signature.post, "at": signature.signed_at.isoformat()}


def _measures(area: AreaFigures) -> list[dict[str, Any]]:
    return [
        {
            "key": key,
            "group": str(GROUP_NAMES[measure.group]),
            "name": str(measure.name),
            "unit": str(measure.unit),
            "definition": str(measure.definition),
            "source": str(measure.source),
            "flow": measure.kind is Kind.FLOW,
            "adds_up": not measure.distinct,
            "value": area.figures[key].value,
            "known": area.figures[key].known,
            "of": area.figures[key].of,
        }
        for key, measure in MEASURES.items()
        if key in area.figures
    ]


def _indicators(area: AreaFigures) -> list[dict[str, Any]]:
    found = []
    for key, indicator in INDICATORS.items():
        if key not in area.ratios:
            continue
        ratio = area.ratios[key]
        found.append(
            {
                "key": key,
                "group": str(GROUP_NAMES[group_of(key)]),
                "name": str(indicator.name),
                "definition": str(indicator.definition),
                "per": indicator.per,
                "share": indicator.per == 1 and not indicator.daily,
                "daily": indicator.daily,
                "less": indicator.direction == "less",
                "numerator": indicator.numerator,
                "denominator": indicator.denominator,
                "value": ratio.value,
                "target": ratio.target,
                "state": str(state_of(ratio, indicator.direction)),
            }
        )
    return found


def _child(area: AreaFigures) -> dict[str, Any]:
    return {
        "code": area.area_code,
        "name": area.name,
        "measures": {key: figure.value for key, figure in area.figures.items()},
        "ratios": {
            key: [ratio.value, ratio.target, str(state_of(ratio, INDICATORS[key].direction))]
            for key, ratio in area.ratios.items()
        },
    }


def _gaps(source: Source) -> list[dict[str, Any]]:
    return [
        {
            "key": key,
            "name": str(gap.name),
            "remedy": str(gap.remedy),
            "count": size_of(gap, source.area),
            "children": [size_of(gap, child) for child in source.children],
        }
        for key, gap in GAPS.items()
        if gap.whole in source.area.figures and gap.part in source.area.figures
    ]


def _months(source: Source, period: Period) -> dict[str, Any]:
    """Every measure month by month: of the year, or of the year that ends with the month.

    The last month is the report's own, so it is taken from where all its figures are from.
    """
    area = source.area
    if period.yearly:
        days = [min(month_end(month), period.on) for month in period.months]
    else:
        days = month_ends(period.on)
    keys = list(area.figures)
    months = figures_by_month(source, [area], days, keys)
    found = {day: months[day][area.area_code].figures for day in days} | {period.on: area.figures}
    return {
        "days": [f"{day:%Y-%m-%d}" for day in days],
        "measures": {
            key: [found[day][key].value if key in found[day] else None for day in days]
            for key in keys
        },
    }


def _appendix(source: Source, period: Period) -> list[list[Any]]:
    """Villages: [code, name, way down to it, [figures]] for what lies deeper than the children."""
    if len(source.area.area_code) >= Level.TOWNSHIP:
        return []
    return [
        [
            village.area_code,
            village.name,
            " › ".join(way),
            {key: figure.value for key, figure in village.figures.items()},
        ]
        for village, way in villages_of(source, period)
    ]
