"""A month as it was reported beside what is known of it today, and why they differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.dateparse import parse_date

from coverage.journal.bridge import PART_OF, Part, bridge
from coverage.journal.columns import sums_of
from coverage.journal.known import lines_of
from coverage.models import Cause, Snapshot, SnapshotArea, SnapshotRemark
from coverage.reading import AreaFigures, Figure, Ratio, coverage_of
from coverage.registry import INDICATORS, MEASURES, Kind
from coverage.snapshots.counting import unpacked, unpacked_ratio
from coverage.snapshots.digests import digest_of, digest_of_area
from grids.models import Succession
from jiaozuo_grid.area import Level, child_digits
from jiaozuo_grid.months import month_end


def issuer_of(area_code: str) -> str:
    """The area whose editions hold the area's figures: its county, or the city."""
    return area_code[: Level.COUNTY] if len(area_code) >= Level.COUNTY else area_code


def editions_of(area_code: str, month: date) -> list[Snapshot]:
    """All editions of a month, the newest first."""
    rows = Snapshot.objects.filter(area_code=issuer_of(area_code), month=month)
    return list(rows.select_related("signature").order_by("-number"))


@dataclass(frozen=True)
class Difference:
    """One measure: reported, and today on the map of then; ``parts`` say what it became by."""

    key: str
    reported: Figure
    now: Figure
    # On today's map, where that differs.
    moved: Figure | None
    # (part, its share in the difference, how many rows)
    parts: list[tuple[Part, int, int]]
    remarks: list[SnapshotRemark]
    version_then: int

    @property
    def amount(self) -> int | None:
        if self.now.value is None or self.reported.value is None:
            return None
        return self.now.value - self.reported.value

    @property
    def is_restated(self) -> bool:
        return self.now.value != self.reported.value or self.moved is not None

    @property
    def unexplained(self) -> int:
        """What no line of the journal accounts for: it began later than the month was frozen."""
        return (self.amount or 0) - sum(amount for _part, amount, _rows in self.parts)

    @property
    def is_redefined(self) -> bool:
        return self.key in MEASURES and MEASURES[self.key].version != self.version_then


@dataclass(frozen=True)
class RatioThen:
    """One indicator: reported with the target then in force, and today."""

    key: str
    reported: Ratio
    now: Ratio | None


@dataclass
class Month:
    """An area's part of an edition; each thing is read when it is asked for, once."""

    snapshot: Snapshot
    row: SnapshotArea

    @property
    def day(self) -> date:
        return month_end(self.snapshot.month)

    @cached_property
    def now(self) -> AreaFigures:
        return coverage_of(self.row.area_code, self.day).area

    @cached_property
    def on_todays_map(self) -> AreaFigures | None:
        if not Succession.objects.standing().exists():
            return None
        return coverage_of(self.row.area_code, self.day, restated=True).area

    @cached_property
    def differences(self) -> list[Difference]:
        """Every measure of the edition that is still defined, in the registry's order."""
        parts = self._parts()
        remarks = self._remarks()
        return [
            Difference(
                key=key,
                reported=unpacked(self.row.figures[key]),
                now=self.now.figures.get(key, Figure(None)),
                moved=self._moved(key),
                parts=parts[key],
                remarks=remarks[key],
                version_then=self.snapshot.versions.get(key, 1),
            )
            for key in MEASURES
            if key in self.row.figures
        ]

    @cached_property
    def ratios(self) -> list[RatioThen]:
        return [
            RatioThen(key, unpacked_ratio(self.row.ratios[key]), self.now.ratios.get(key))
            for key in INDICATORS
            if key in self.row.ratios
        ]

    @cached_property
    def children(self) -> list[SnapshotArea]:
        digits = child_digits(self.row.area_code)
        rows = SnapshotArea.objects.filter(snapshot=self.snapshot)
        return list(rows.within(self.row.area_code).at_level(digits or 0).order_by("area_code"))

    @cached_property
    def is_changed(self) -> bool:
        """Whether the row shown, or the edition as a whole, is not what was frozen."""
        if digest_of_area(self.snapshot, self.row) != self.row.digest:
            return True
        rows = SnapshotArea.objects.filter(snapshot=self.snapshot).order_by("area_code")
        digest = digest_of(self.snapshot, rows.values_list("area_code", "digest"))
        signature = getattr(self.snapshot, "signature", None)
        return digest != self.snapshot.digest or (
            signature is not None and signature.digest != digest
        )

    def _moved(self, key: str) -> Figure | None:
        if self.on_todays_map is None:
            return None
        moved = self.on_todays_map.figures.get(key, Figure(None))
        return moved if moved.value != self.now.figures.get(key, Figure(None)).value else None

    def _parts(self) -> dict[str, list[tuple[Part, int, int]]]:
        """What the journal says of the day since the edition was frozen: two queries."""
        found: dict[str, dict[Part, list[int]]] = defaultdict(dict)
        kinds: dict[bool, list[str]] = {True: [], False: []}
        for key in self.row.figures:
            if key in MEASURES:
                kinds[MEASURES[key].kind is Kind.FLOW].append(key)
        for flow, keys in kinds.items():
            for key, cause, amount, rows in self._lines(keys, flow=flow):
                part = found[key].setdefault(PART_OF[Cause(cause)], [0, 0])
                part[0] += amount
                part[1] += abs(rows)
        parts: dict[str, list[tuple[Part, int, int]]] = defaultdict(list)
        for key, sums in found.items():
            parts[key] = [(part, sums[part][0], sums[part][1]) for part in Part if part in sums]
        return parts | {key: self._counted_apart(key) for key in self._distinct()}

    def _distinct(self) -> list[str]:
        """The measures that changed and are no sum of lines: they have a bridge of their own."""
        return [
            key
            for key, then in self.row.figures.items()
            if key in MEASURES
            and MEASURES[key].distinct
            and unpacked(then).value != self.now.figures.get(key, Figure(None)).value
        ]

    def _counted_apart(self, key: str) -> list[tuple[Part, int, int]]:
        frozen_at = self.snapshot.frozen_at
        parts = bridge(self.row.area_code, key, self.day, self.day, then=frozen_at).parts
        return [(part, amount, abs(amount)) for part, amount in parts.items() if amount]

    def _lines(self, keys: Sequence[str], *, flow: bool) -> list[tuple[Any, ...]]:
        lines = lines_of(self.row.area_code, keys, self.day, self.snapshot.frozen_at, flow=flow)
        return list(sums_of(lines, keys, "cause"))

    def _remarks(self) -> dict[str, list[SnapshotRemark]]:
        found: dict[str, list[SnapshotRemark]] = defaultdict(list)
        for remark in SnapshotRemark.objects.filter(snapshot=self.snapshot):
            found[remark.measure].append(remark)
        return found


def month_of(snapshot: Snapshot, area_code: str) -> Month | None:
    """The area's part of an edition; None where the edition does not have it."""
    row = SnapshotArea.objects.filter(snapshot=snapshot, area_code=area_code).first()
    return Month(snapshot, row) if row else None


def edition_shown(area_code: str, month: str, edition: str = "") -> Month | None:
    """The area's part of the edition that an address names; of none named, of the newest that has
    the area. None where there is no such edition, or what stands in the address is no month.
    """
    try:
        day = parse_date(f"{month}-01")
    except ValueError:
        day = None
    if day is None:
        return None
    editions = editions_of(area_code, day)
    if edition:
        editions = [one for one in editions if str(one.number) == edition]
    months = (month_of(one, area_code) for one in editions)
    return next(filter(None, months), None)


def reported_month(area_code: str, on: date) -> Snapshot | None:
    """The newest edition of the day's month that has the area, for the hint on its page."""
    rows = Snapshot.objects.filter(
        area_code=issuer_of(area_code),
        month=on.replace(day=1),
        areas__area_code=area_code[: Level.VILLAGE],
    )
    return rows.select_related("signature").order_by("-number").first()


def months_of(area_code: str) -> list[Snapshot]:
    """The newest edition of every month that has the area, the newest month first."""
    rows = Snapshot.objects.filter(
        area_code=issuer_of(area_code), areas__area_code=area_code
    ).select_related("signature")
    newest: dict[date, Snapshot] = {}
    for row in rows.order_by("-month", "-number"):
        newest.setdefault(row.month, row)
    return list(newest.values())
