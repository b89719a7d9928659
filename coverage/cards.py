"""How things stand: indicators as cards with target and trend, measures as tiles, by group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from coverage.reading import TREND_FLOWS, AreaFigures, AsOf, Figure, Ratio
from coverage.registry import INDICATORS, MEASURES, Indicator, Kind, Measure
from coverage.registry.kinds import GROUP_NAMES, Group
from coverage.shown import (
    STATE_NAMES,
    Shown,
    State,
    share,
    shown_figure,
    state_of,
    target_text,
)
from coverage.sparks import Spark, spark
from coverage.targets.progress import PACE_NAMES, Pace, progress_of

# The figures of an area at the ends of months, oldest first.
Year = list[tuple[date, AreaFigures]]


@dataclass(frozen=True)
class Card:
    """An indicator: where it stands, what it is made of, and a bar of 100 with the target on it."""

    indicator: Indicator
    state: State
    text: str
    numerator: Shown
    denominator: Shown
    bar: float
    target_mark: str
    target_text: str
    spark: Spark | None
    spark_text: str
    # Where the straight line of the year to the target is on the day, and how one stands to it.
    expected_text: str
    pace: Pace

    @property
    def state_name(self) -> str:
        return str(STATE_NAMES[self.state])

    @property
    def pace_name(self) -> str:
        return str(PACE_NAMES[self.pace])

    @property
    def has_line(self) -> bool:
        """Whether there is a way to go, and so a line to hold oneself against."""
        return self.pace in (Pace.AHEAD, Pace.ON_LINE, Pace.BEHIND) and bool(self.expected_text)

    @property
    def has_target(self) -> bool:
        return bool(self.target_text)

    @property
    def numerator_name(self) -> str:
        return str(MEASURES[self.indicator.numerator].name)

    @property
    def denominator_name(self) -> str:
        return str(MEASURES[self.indicator.denominator].name)


@dataclass(frozen=True)
class Tile:
    """A measure and its figure."""

    measure: Measure
    shown: Shown


@dataclass(frozen=True)
class Part:
    """A group of the registry, as far as it means anything at the area."""

    key: str
    name: str
    cards: list[Card]
    tiles: list[Tile]

    @property
    def shows_tiles(self) -> bool:
        """Whether the counts stand open: those of the trend have no indicator that says them."""
        return any(tile.measure.key in TREND_FLOWS for tile in self.tiles)

    @property
    def is_known(self) -> bool:
        """Whether there is any figure: a part that no app fills yet is not spread out."""
        return any(tile.shown.is_known for tile in self.tiles)


def group_of(key: str) -> Group:
    """The group of a measure, or of an indicator: that of what it counts."""
    return MEASURES[INDICATORS[key].numerator if key in INDICATORS else key].group


def _of(area: AreaFigures, key: str, value: int | None, asked: AsOf) -> Shown:
    figure = area.figures.get(key) or Figure(value)
    return shown_figure(area.area_code, key, figure, asked)


def _value(figures: AreaFigures, key: str) -> float | None:
    return figures.ratios[key].value if key in figures.ratios else None


def _is_start(day: date, on: date) -> bool:
    """The line of a year begins at the end of the one before."""
    return day == date(on.year - 1, 12, 31)


def card(area: AreaFigures, key: str, ratio: Ratio, asked: AsOf, year: Year) -> Card:
    indicator = INDICATORS[key]
    # Shares fill the bar at 100 %, what is per so many people at a third above the target.
    is_share = indicator.per == 1 and not indicator.daily
    full = 1.0 if is_share else (ratio.target or ratio.value or 1.0) * 4 / 3
    values = [_value(figures, key) for _day, figures in year]
    # What is counted by the month begins anew each month: there is no way through the year.
    stands = MEASURES[indicator.numerator].kind is Kind.STOCK
    starts = (_value(figures, key) for day, figures in year if _is_start(day, asked.day))
    begun = next(starts, None) if stands else None
    line = progress_of(indicator, begun, ratio.value, ratio.target, asked.day)
    return Card(
        indicator=indicator,
        state=state_of(ratio, indicator.direction),
        text=share(ratio.value, indicator.per),
        numerator=_of(area, indicator.numerator, ratio.numerator, asked),
        denominator=_of(area, indicator.denominator, ratio.denominator, asked),
        bar=round(min((ratio.value or 0.0) / full, 1.0) * 100, 2),
        # A line of width 0.8 that ends where the target is.
        target_mark=f"{max((ratio.target or 0.0) / full * 100 - 0.8, 0):.2f}",
        target_text="" if ratio.target is None else target_text(indicator, ratio.target),
        spark=spark(values),
        spark_text=share(values[0], indicator.per) if values else "",
        expected_text="" if line.expected is None else share(line.expected, indicator.per),
        pace=line.pace,
    )


def parts(area: AreaFigures, asked: AsOf, year: Year) -> list[Part]:
    """Every indicator and every measure of the area, by group, each in the registry's order."""
    found = []
    for group, name in GROUP_NAMES.items():
        cards = [
            card(area, key, area.ratios[key], asked, year)
            for key in INDICATORS
            if key in area.ratios and group_of(key) is group
        ]
        tiles = [
            Tile(measure, shown_figure(area.area_code, key, area.figures[key], asked))
            for key, measure in MEASURES.items()
            if key in area.figures and measure.group is group
        ]
        if cards or tiles:
            found.append(Part(group.value, str(name), cards, tiles))
    return found
