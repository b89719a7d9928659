"""An area's targets of a year as its page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from coverage.reading import coverage_of
from coverage.registry import INDICATORS, MEASURES, Indicator, Kind
from coverage.shown import share
from coverage.targets.progress import Pace, Progress, part_of_year, progress_of
from coverage.targets.reading import Standing, standing_targets
from coverage.targets.wording import written
from grids.authority import division_names


@dataclass(frozen=True)
class Line:
    """One indicator: what is asked, who asks it, where the area began, is and should be."""

    indicator: Indicator
    standing: Standing
    # "" where it is the area's own or the registry's default
    source_name: str
    is_own: bool
    value: float | None
    progress: Progress

    @property
    def target_text(self) -> str:
        return written(self.indicator, self.standing.value)

    @property
    def value_text(self) -> str:
        return share(self.value, self.indicator.per)

    @property
    def start_text(self) -> str:
        return share(self.progress.start, self.indicator.per)

    @property
    def expected_text(self) -> str:
        return share(self.progress.expected, self.indicator.per)

    @property
    def has_line(self) -> bool:
        return self.progress.expected is not None and self.value is not None

    def _at(self, value: float | None) -> str:
        """Where a value lies between the worst and the best of what the line has to show."""
        known = [self.progress.start, self.progress.expected, self.standing.value, self.value]
        ends = [number for number in known if number is not None]
        low, high = min(ends), max(ends)
        if value is None or high == low:
            return "50.00"
        return f"{2 + 96 * (value - low) / (high - low):.2f}"

    @property
    def marks(self) -> dict[str, str]:
        """The positions of start, value, line and target on a bar of 100."""
        progress = self.progress
        points = {
            "start": progress.start,
            "value": self.value,
            "expected": progress.expected,
            "target": self.standing.value,
        }
        return {name: self._at(value) for name, value in points.items()}


def year_start(on: date) -> date:
    """The day whose figures the line begins with: the last one of the year before."""
    return date(on.year - 1, 12, 31)


def lines_of(area_code: str, on: date, year: int) -> list[Line]:
    """Every indicator that means something at the area. Progress only for the day's own year."""
    ratios = coverage_of(area_code, on).area.ratios
    running = year == on.year
    before = coverage_of(area_code, year_start(on)).area.ratios if running else {}
    standing = standing_targets([area_code], on, year)
    sources = {found.source for found in standing.values()} - {"", area_code}
    names = division_names(sorted(sources)) if sources else {}
    lines = []
    for key, ratio in ratios.items():
        indicator, found = INDICATORS[key], standing[area_code, key]
        # What happens in a month has no way to go through the year (as on the cards).
        stands = MEASURES[indicator.numerator].kind is Kind.STOCK
        start = before[key].value if stands and key in before else None
        progress = (
            progress_of(indicator, start, ratio.value, found.value, on)
            if running
            else Progress(Pace.UNTARGETED if found.value is None else Pace.UNKNOWN, None, None)
        )
        lines.append(
            Line(
                indicator=indicator,
                standing=found,
                source_name=names.get(found.source, ""),
                is_own=found.source == area_code,
                value=ratio.value,
                progress=progress,
            )
        )
    return lines


def elapsed(on: date) -> str:
    return f"{part_of_year(on) * 100:.0f}%"
