"""The figures of a month for an edition, read from the same tallies as every page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from coverage.models import Snapshot, SnapshotArea
from coverage.reading import AreaFigures, Figure, Ratio, coverage_of
from coverage.registers import empty, registers_of
from coverage.registry import INDICATORS, MEASURES
from coverage.snapshots.digests import digest_of_area
from jiaozuo_grid.area import Level, child_digits
from jiaozuo_grid.months import month_end


def areas_of(area_code: str, month: date) -> Iterator[AreaFigures]:
    """The city with its counties; a county with everything below it down to the villages."""
    coverage = coverage_of(area_code, month_end(month))
    yield coverage.area
    yield from coverage.children
    if len(area_code) == Level.COUNTY:
        for township in coverage.children:
            yield from coverage_of(township.area_code, month_end(month)).children


def packed(figure: Figure) -> Any:
    """A number alone, or with what is known of how many."""
    if figure.known is None or figure.known == figure.of:
        return figure.value
    return [figure.value, figure.known, figure.of]


def unpacked(stored: Any) -> Figure:
    return Figure(*stored) if isinstance(stored, list) else Figure(stored)


def unpacked_ratio(stored: list[Any]) -> Ratio:
    return Ratio(*stored)


def row_of(snapshot: Snapshot, area: AreaFigures, registers: dict[str, int]) -> SnapshotArea:
    row = SnapshotArea(
        snapshot=snapshot,
        area_code=area.area_code,
        name=area.name,
        figures={key: packed(figure) for key, figure in area.figures.items()},
        ratios={
            key: [ratio.numerator, ratio.denominator, ratio.value, ratio.target]
            for key, ratio in area.ratios.items()
        },
        registers=registers,
    )
    row.digest = digest_of_area(snapshot, row)
    return row


def rows_of(snapshot: Snapshot) -> list[SnapshotArea]:
    """All areas of an edition, counted now and not stored yet."""
    registers = registers_of(snapshot.area_code, month_end(snapshot.month))
    asked = (len(snapshot.area_code), child_digits(snapshot.area_code))
    return [
        row_of(
            snapshot,
            area,
            registers.get(area.area_code, empty()) if len(area.area_code) in asked else {},
        )
        for area in areas_of(snapshot.area_code, snapshot.month)
    ]


def versions_on(day: date) -> dict[str, int]:
    return {
        key: definition.version_on(day)
        for registry in (MEASURES, INDICATORS)
        for key, definition in registry.items()
    }
