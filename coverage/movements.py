"""What changed between two days: figures then and now, and where most of the difference arose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from coverage.reading import AreaFigures, AsOf
from coverage.registry import MEASURES, Kind, Measure
from coverage.shown import Shown, address, shown_figure, signed
from jiaozuo_grid.area import Level

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Part:
    """What one child contributed to a difference."""

    name: str
    url: str
    text: str
    difference: int


@dataclass(frozen=True)
class Movement:
    """A measure of an area on two days; ``difference`` None where it was not known on both."""

    measure: Measure
    before: Shown
    after: Shown
    difference: int | None
    share: float
    parts: list[Part]
    explained_url: str

    @property
    def has_moved(self) -> bool:
        """Whether it differs, or children moved against each other, or it became known."""
        return bool(self.difference or self.parts) or self.before.value != self.after.value

    @property
    def text(self) -> str:
        return signed(self.difference)


def bridge_url(area_code: str, key: str, before: AsOf, after: AsOf) -> str:
    """Where the difference is explained, part by part ("" where nothing explains it)."""
    try:
        page = reverse("coverage-bridge", args=[area_code, key])
    except NoReverseMatch:
        return ""
    asked = {"from": f"{before.day:%Y-%m-%d}", **after.query()}
    return f"{page}?{urlencode(asked)}"


def _difference(key: str, before: AreaFigures | None, after: AreaFigures | None) -> int | None:
    if before is None or after is None:
        return None
    was, now = before.figures.get(key), after.figures.get(key)
    if was is None or now is None or was.value is None or now.value is None:
        return None
    return now.value - was.value


def _parts(
    key: str,
    before: dict[str, AreaFigures],
    children: Sequence[AreaFigures],
    days: tuple[AsOf, AsOf],
) -> list[Part]:
    found = []
    for child in children:
        difference = _difference(key, before.get(child.area_code), child)
        if difference:
            url = bridge_url(child.area_code, key, *days) or address(
                "coverage", days[1], child.area_code
            )
            found.append(Part(child.name, url, signed(difference), difference))
    return sorted(found, key=lambda part: -abs(part.difference))


def movements(
    before: dict[str, AreaFigures],
    after: AreaFigures,
    children: Sequence[AreaFigures],
    days: tuple[AsOf, AsOf],
    *,
    flows: bool,
) -> list[Movement]:
    """Every measure of the area on both days, in the registry's order.

    ``before`` holds the figures of the area and its children on the earlier day. A flow is of a
    calendar month: two days within one month have the same, so it is left out without ``flows``.
    """
    found = []
    earlier = before.get(after.area_code)
    for key, measure in MEASURES.items():
        if key not in after.figures or (measure.kind is Kind.FLOW and not flows):
            continue
        if earlier is None or key not in earlier.figures:
            continue
        was, now = earlier.figures[key], after.figures[key]
        difference = _difference(key, earlier, after)
        base = max(abs(was.value or 0), 1)
        found.append(
            Movement(
                measure=measure,
                before=shown_figure(after.area_code, key, was, days[0]),
                after=shown_figure(after.area_code, key, now, days[1]),
                difference=difference,
                share=abs(difference or 0) / base,
                parts=_parts(key, before, children, days),
                explained_url=bridge_url(after.area_code, key, *days),
            )
        )
    return found


def largest(found: Sequence[Movement], count: int) -> list[Movement]:
    """Those that moved most for their size, or in which children moved against each other."""
    moved = [one for one in found if one.has_moved]
    return sorted(moved, key=lambda one: -one.share)[:count]


def is_read_from_tallies(area_code: str) -> bool:
    """Below a village there are no tallies of past days, only spells."""
    return len(area_code) <= Level.VILLAGE
