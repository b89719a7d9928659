"""Which target holds for an area: its own, else the nearest one above, else the registry's."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max

from coverage.models import Target
from coverage.registry import INDICATORS
from jiaozuo_grid.area import DIVISION_DIGITS

# (area code, indicator) -> the value to be reached, None where nothing says one
Targets = dict[tuple[str, str], float | None]
# At so many codes at once: a condition that names more is slow to plan.
AT_ONCE = 500


@dataclass(frozen=True)
class Standing:
    """The target that holds for an area, and where it comes from."""

    value: float | None
    # The code of the area that it was set for; "" where it is the registry's default.
    source: str = ""

    @property
    def is_default(self) -> bool:
        return not self.source


def _above(code: str) -> list[str]:
    """The divisions whose targets may hold at ``code``, the nearest first."""
    return [code[:n] for n in reversed(DIVISION_DIGITS) if n <= len(code)]


def own_targets(
    area_codes: Collection[str], on: date, year: int | None = None
) -> dict[tuple[str, str], float]:
    """The targets set for exactly these areas, by (area code, indicator), as of a day."""
    found: dict[tuple[str, str], float] = {}
    codes = sorted(area_codes)
    for start in range(0, len(codes), AT_ONCE):
        rows = (
            Target.objects.filter(
                year=year or on.year, area_code__in=codes[start : start + AT_ONCE]
            )
            .on(on)
            .order_by()
        )
        for code, key, value in rows.values_list("area_code", "indicator", "value"):
            found[code, key] = float(value)
    return found


def standing_targets(
    area_codes: Collection[str], on: date, year: int | None = None
) -> dict[tuple[str, str], Standing]:
    """What holds for each area and indicator as of a day, for the day's own year or another."""
    chains = {code: _above(code) for code in area_codes}
    own = own_targets({up for chain in chains.values() for up in chain}, on, year)
    standing = {}
    for code, chain in chains.items():
        for key, indicator in INDICATORS.items():
            source = next((up for up in chain if (up, key) in own), "")
            value = own[source, key] if source else indicator.target
            standing[code, key] = Standing(value, source)
    return standing


def targets_of(area_codes: Collection[str], on: date) -> Targets:
    """The target of every indicator for each of the areas, as of a day: one query."""
    return {key: found.value for key, found in standing_targets(area_codes, on).items()}


def targets_state(year: int) -> tuple[int | None, int]:
    """Anything else than before, and some target of the year was set, changed or withdrawn."""
    rows = Target.objects.filter(year=year).aggregate(newest=Max("pk"), ended=Count("ended_on"))
    return rows["newest"], rows["ended"]
