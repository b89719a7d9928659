"""Where the figures of a report are from: a sealed edition, or the tallies as they stand.

All that a sealed report says follows from what was known when its edition was frozen: from that
edition, from those that were frozen before it, and for months that were not, from the journal. So
it is the same whenever it is gathered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from coverage.journal.then import figures_then
from coverage.models import Snapshot, SnapshotArea
from coverage.reading import AreaFigures, coverage_of
from coverage.registers import Registers, empty, registers_of
from coverage.registry import INDICATORS, MEASURES
from coverage.reports.periods import Period
from coverage.series import figures_on, needed_for
from coverage.snapshots.counting import unpacked, unpacked_ratio
from coverage.snapshots.reading import issuer_of
from grids.models import Division
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today


@dataclass(frozen=True)
class Source:
    """The figures of an area and of what lies below it, and since when they stand so."""

    area: AreaFigures
    children: list[AreaFigures]
    stands_at: datetime | None
    snapshot: Snapshot | None = None
    registers: Registers = field(default_factory=dict)


def edition_of(area_code: str, period: Period) -> Snapshot | None:
    """The newest edition of the period's last month that holds the area with what lies below it."""
    if not period.is_over or len(area_code) > Level.TOWNSHIP:
        return None
    rows = Snapshot.objects.filter(
        area_code=issuer_of(area_code),
        month=period.on.replace(day=1),
        areas__area_code=area_code,
    )
    return rows.order_by("-number").first()


def sealed(snapshot: Snapshot, area_code: str) -> Source:
    """The figures as they were reported."""
    below = next(level for level in Level if level > len(area_code))
    kept = SnapshotArea.objects.filter(snapshot=snapshot).within(area_code)
    kept = kept.filter(area_code__length__in=[len(area_code), below])
    rows = list(kept.order_by("area_code"))
    areas = {row.area_code: _figures(row) for row in rows}
    area = areas.pop(area_code)
    registers = {row.area_code: row.registers for row in rows}
    return Source(area, list(areas.values()), snapshot.frozen_at, snapshot, registers)


def live(area_code: str, period: Period) -> Source:
    """The figures as they stand now; the caller holds the fold's lock."""
    on = min(period.on, today())
    coverage = coverage_of(area_code, on)
    found = registers_of(area_code, on)
    areas = (coverage.area, *coverage.children)
    registers = {area.area_code: found.get(area.area_code, empty()) for area in areas}
    return Source(coverage.area, coverage.children, coverage.folded_at, registers=registers)


def _figures(row: SnapshotArea) -> AreaFigures:
    return AreaFigures(
        row.area_code,
        row.name,
        {key: unpacked(stored) for key, stored in row.figures.items() if key in MEASURES},
        {key: unpacked_ratio(row.ratios[key]) for key in row.ratios if key in INDICATORS},
    )


def figures_by_month(
    source: Source, areas: Sequence[AreaFigures], days: Sequence[date], keys: Collection[str]
) -> dict[date, dict[str, AreaFigures]]:
    """The figures of some areas of a source at the ends of months, by day and code; only those of
    ``keys`` are to be used."""
    named = [(area.area_code, area.name) for area in areas]
    if source.snapshot is None:
        return figures_on(named, days, measures=needed_for(keys))
    found: dict[date, dict[str, AreaFigures]] = {day: {} for day in days}
    months = {day.replace(day=1): day for day in days}
    for row in _reported(source.snapshot, [code for code, _name in named], months):
        found[months[row.snapshot.month]][row.area_code] = _figures(row)
    for day, known in found.items():
        if missing := [code for code, _name in named if code not in known]:
            known |= figures_then(missing, day, source.snapshot.frozen_at)
    return found


def _reported(
    snapshot: Snapshot, codes: Sequence[str], months: Collection[date]
) -> Iterable[SnapshotArea]:
    """The areas in the editions that were frozen by then, the newest edition last."""
    rows = SnapshotArea.objects.filter(
        area_code__in=codes,
        snapshot__area_code=snapshot.area_code,
        snapshot__month__in=months,
        snapshot__frozen_at__lte=snapshot.frozen_at,
    )
    return rows.select_related("snapshot").order_by("snapshot__number")


def villages_of(source: Source, period: Period) -> Iterator[tuple[AreaFigures, list[str]]]:
    """The villages at or below the area, each with the names of what lies between the two."""
    if source.snapshot:
        yield from _villages_reported(source, source.snapshot)
    else:
        yield from _villages_now(source, period)


def _villages_reported(
    source: Source, snapshot: Snapshot
) -> Iterator[tuple[AreaFigures, list[str]]]:
    code = source.area.area_code
    newest: dict[str, Snapshot] = {}
    by_then = Snapshot.objects.within(code).filter(frozen_at__lte=snapshot.frozen_at)
    for edition in by_then.filter(month=snapshot.month).order_by("number"):
        newest[edition.area_code] = edition
    kept = SnapshotArea.objects.filter(snapshot__in=newest.values()).within(code)
    townships = kept.at_level(Level.TOWNSHIP).values_list("area_code", "name")
    names = dict(townships) | {child.area_code: child.name for child in source.children}
    for row in kept.at_level(Level.VILLAGE).order_by("area_code").iterator(500):
        yield _figures(row), _way(row.area_code, code, names)


def _villages_now(source: Source, period: Period) -> Iterator[tuple[AreaFigures, list[str]]]:
    code = source.area.area_code
    divisions = Division.objects.within(code)
    names = dict(
        divisions.filter(digits__in=[Level.COUNTY, Level.TOWNSHIP]).values_list("area_code", "name")
    )
    villages = divisions.villages().on(period.on).order_by("area_code")
    areas = list(villages.values_list("area_code", "name"))
    for start in range(0, len(areas), 500):
        part = areas[start : start + 500]
        for village in figures_on(part, [period.on])[period.on].values():
            yield village, _way(village.area_code, code, names)


def _way(village: str, area_code: str, names: dict[str, str]) -> list[str]:
    ups = [n for n in (Level.COUNTY, Level.TOWNSHIP) if n > len(area_code)]
    return [names.get(village[:n], "") for n in ups]
