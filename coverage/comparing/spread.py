"""How an indicator is spread over areas: median and quartiles, and who stands apart from the whole.

An order is said only where it is more than noise: each area has the ranks that its interval allows,
and one whose interval holds the value of the whole is "not clearly different".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coverage.comparing.intervals import Interval, Place, interval_of, places, ranks
from coverage.reading import AreaFigures, AsOf
from coverage.registry import INDICATORS, Indicator
from coverage.registry.kinds import Direction
from coverage.shown import Shown, address, not_here, share, shown_share

PLACE_NAMES = {
    Place.ABOVE: gettext_lazy("above the whole"),
    Place.BELOW: gettext_lazy("below the whole"),
    Place.ALIKE: gettext_lazy("not clearly different from the whole"),
    Place.UNRANKED: gettext_lazy("too small to judge"),
    Place.UNKNOWN: gettext_lazy("no data"),
}


@dataclass(frozen=True)
class Spread:
    """The five numbers of a distribution of known values."""

    count: int
    lowest: float
    lower: float
    median: float
    upper: float
    highest: float


@dataclass(frozen=True)
class Line:
    """An area: its value, how far chance may move it, and what that allows to say."""

    code: str
    name: str
    url: str
    shown: Shown
    interval: Interval | None
    interval_text: str
    place: Place
    rank_text: str

    @property
    def place_name(self) -> str:
        return str(PLACE_NAMES[self.place])


def spread_of(values: Sequence[float]) -> Spread | None:
    """Median and quartiles, those at the ends included; None without values."""
    known = sorted(values)
    if not known:
        return None
    if len(known) == 1:
        return Spread(1, *known * 5)
    lower, median, upper = quantiles(known, n=4, method="inclusive")
    return Spread(len(known), known[0], lower, median, upper, known[-1])


def _rank_text(rank: tuple[int, int] | None, of: int) -> str:
    if rank is None:
        return ""
    if rank[0] == rank[1]:
        return _("%(rank)s of %(of)s") % {"rank": rank[0], "of": of}
    return _("%(first)s–%(last)s of %(of)s") % {"first": rank[0], "last": rank[1], "of": of}


def _interval_text(interval: Interval | None, indicator: Indicator) -> str:
    if interval is None:
        return ""
    return f"{share(interval.low, indicator.per)} – {share(interval.high, indicator.per)}"


def lines_of(key: str, whole: AreaFigures, areas: Sequence[AreaFigures], asked: AsOf) -> list[Line]:
    """The areas by value, the lowest first; what is not known comes last."""
    indicator = INDICATORS[key]
    ratios = {area.area_code: area.ratios[key] for area in areas if key in area.ratios}
    intervals = {
        code: found
        for code, ratio in ratios.items()
        if (found := interval_of(ratio, indicator, asked.day)) is not None
    }
    values = {area.area_code: _value(area, key) for area in areas}
    all_value = _value(whole, key)
    found_places = places(values, intervals, all_value)
    found_ranks = ranks(intervals, more_is_better=indicator.direction is not Direction.LESS)
    lines = [
        Line(
            code=area.area_code,
            name=area.name,
            url=address("coverage", asked, area.area_code),
            shown=shown_share(area, key, asked) if key in area.ratios else not_here(key),
            interval=intervals.get(area.area_code),
            interval_text=_interval_text(intervals.get(area.area_code), indicator),
            place=found_places[area.area_code],
            rank_text=_rank_text(found_ranks.get(area.area_code), len(intervals)),
        )
        for area in areas
    ]
    return sorted(lines, key=lambda line: (line.shown.value is None, line.shown.value or 0.0))


def _value(area: AreaFigures, key: str) -> float | None:
    return area.ratios[key].value if key in area.ratios else None
