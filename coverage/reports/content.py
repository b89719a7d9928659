"""Everything that a report says, gathered once: plain values that can be kept and written again.

Where there is a sealed edition of the month, all figures come from it; otherwise from the tallies
as they stand, under the lock of the fold, and the report says that it is not sealed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coverage.cards import group_of
from coverage.models import Snapshot, SnapshotArea
from coverage.models.reports import ReportKind
from coverage.months import figures_of_months, month_end
from coverage.reading import AreaFigures, coverage_of, size_of
from coverage.registry import GAPS, INDICATORS, MEASURES, Kind
from coverage.registry.kinds import GROUP_NAMES
from coverage.reports.form import form_of
from coverage.reports.periods import Period
from coverage.series import figures_on, month_ends
from coverage.shown import state_of
from coverage.snapshots.counting import unpacked, unpacked_ratio
from grids.models import Division
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today

VERSION = 1
TITLES: dict[str, str | Promise] = {
    ReportKind.MONTHLY: gettext_lazy("%(area)s: monthly report on the sports grid, %(period)s"),
    ReportKind.YEARLY: gettext_lazy("%(area)s: yearly report on the sports grid, %(period)s"),
    ReportKind.FORM: gettext_lazy("%(area)s: yearly statistical form of mass sports, %(period)s"),
}


@dataclass(frozen=True)
class Source:
    """The figures of an area and of what lies below it, and since when they stand so."""

    area: AreaFigures
    children: list[AreaFigures]
    stands_at: datetime | None
    snapshot: Snapshot | None = None


def edition_of(area_code: str, period: Period) -> Snapshot | None:
    """The newest edition of the period's last month that holds the area with what lies below it."""
    if not period.is_over or len(area_code) > Level.TOWNSHIP:
        return None
    issuer = area_code[: Level.COUNTY]
    rows = Snapshot.objects.filter(
        area_code=issuer, month=period.on.replace(day=1), areas__area_code=area_code
    )
    return rows.order_by("-number").first()


def sealed(snapshot: Snapshot, area_code: str) -> Source:
    """The figures as they were reported."""
    below = next(level for level in Level if level > len(area_code))
    rows = SnapshotArea.objects.filter(snapshot=snapshot).within(area_code)
    areas = {
        row.area_code: AreaFigures(
            row.area_code,
            row.name,
            {key: unpacked(stored) for key, stored in row.figures.items() if key in MEASURES},
            {key: unpacked_ratio(row.ratios[key]) for key in row.ratios if key in INDICATORS},
        )
        for row in rows.filter(area_code__length__in=[len(area_code), below]).order_by("area_code")
    }
    area = areas.pop(area_code)
    return Source(area, list(areas.values()), snapshot.frozen_at, snapshot)


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
    found = figures_of_months((area.area_code, area.name), days, keys)
    sealed_before = _sealed_months(area.area_code, days) if source.snapshot else {}
    found = {**found, **sealed_before, period.on: area}
    return {
        "days": [f"{day:%Y-%m-%d}" for day in days],
        "measures": {
            key: [
                found[day].figures[key].value if key in found[day].figures else None for day in days
            ]
            for key in keys
        },
    }


def _sealed_months(area_code: str, days: list[Any]) -> dict[Any, AreaFigures]:
    """The earlier months as they were reported, in their newest editions, as far as there are."""
    months = {day.replace(day=1): day for day in days}
    rows = SnapshotArea.objects.filter(
        area_code=area_code,
        snapshot__area_code=area_code[: Level.COUNTY],
        snapshot__month__in=months,
    )
    return {
        months[row.snapshot.month]: AreaFigures(
            row.area_code, row.name, {k: unpacked(v) for k, v in row.figures.items()}, {}
        )
        for row in rows.select_related("snapshot").order_by("snapshot__number")
    }


def _appendix(source: Source, period: Period) -> list[list[Any]]:
    """Villages: [code, name, way down to it, [figures]] for what lies deeper than the children."""
    code = source.area.area_code
    if len(code) >= Level.TOWNSHIP:
        return []
    villages = list(_villages(code, period, sealed=source.snapshot is not None))
    ups = {village.area_code[:n] for village in villages for n in (Level.COUNTY, Level.TOWNSHIP)}
    names = dict(Division.objects.filter(area_code__in=ups).values_list("area_code", "name"))
    return [
        [
            village.area_code,
            village.name,
            " › ".join(
                names.get(village.area_code[:n], "")
                for n in (Level.COUNTY, Level.TOWNSHIP)
                if n > len(code)
            ),
            {key: figure.value for key, figure in village.figures.items()},
        ]
        for village in villages
    ]


def _villages(code: str, period: Period, *, sealed: bool) -> Iterable[AreaFigures]:
    if sealed:
        newest: dict[str, Snapshot] = {}
        for row in Snapshot.objects.within(code).filter(month=period.on.replace(day=1)):
            if row.number > (newest[row.area_code].number if row.area_code in newest else 0):
                newest[row.area_code] = row
        kept = SnapshotArea.objects.filter(snapshot__in=newest.values()).at_level(Level.VILLAGE)
        for area in kept.within(code).order_by("area_code").iterator(500):
            figures = {k: unpacked(v) for k, v in area.figures.items() if k in MEASURES}
            yield AreaFigures(area.area_code, area.name, figures, {})
        return
    villages = Division.objects.within(code).villages().on(period.on).order_by("area_code")
    areas = list(villages.values_list("area_code", "name"))
    for start in range(0, len(areas), 500):
        part = areas[start : start + 500]
        yield from figures_on(part, [period.on])[period.on].values()


def live(area_code: str, period: Period) -> Source:
    """The figures as they stand now; the caller holds the fold's lock."""
    coverage = coverage_of(area_code, min(period.on, today()))
    return Source(coverage.area, coverage.children, coverage.folded_at)
