"""The figures of areas as of several days at once: sparklines, small multiples, what changed.

One statement reads the newest tally not after each day, an index seek for each, so neither the
history behind nor the number of changes within the days makes it slower.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from coverage.models import FlowShift, FlowTally, StockShift, StockTally
from coverage.reading import AreaFigures, AsOf, area_figures
from coverage.registry import INDICATORS, MEASURES
from coverage.tallies import (
    STOCKS,
    Flows,
    flows_of,
    shifted_flows,
    shifted_stocks,
    stocks_on_days,
)
from coverage.targets.reading import targets_of
from jiaozuo_grid.months import month_before, month_end

# A year and the day itself.
POINTS = 13


def month_ends(day: date, count: int = POINTS) -> list[date]:
    """The last days of the months before the day's own, oldest first, and the day itself."""
    days = [day]
    while len(days) < count:
        days.append(month_end(month_before(days[-1])))
    return days[::-1]


def figures_on(
    areas: Sequence[tuple[str, str]],
    days: Sequence[date],
    *,
    restated: bool = False,
    measures: Collection[str] = (),
    stocks_only: bool = False,
    judged: bool = False,
) -> dict[date, dict[str, AreaFigures]]:
    """The figures of divisions (code, name) as of each of the days, by day and code.

    The same as their pages show for the day. ``measures`` says of which standing measures tallies
    are read, ``stocks_only`` leaves flows unread; the figures of others are then not to be used.
    Without ``judged`` no targets are read either.
    """
    codes = [code for code, _name in areas]
    keys = [key for key in STOCKS if not measures or key in measures]
    if not codes or not days:
        return {day: {} for day in days}
    stocks = stocks_on_days(codes, keys, days, StockTally)
    if restated:
        shifts = stocks_on_days(codes, keys, days, StockShift)
        stocks = {day: shifted_stocks(stocks[day], shifts[day]) for day in days}
    flows: Flows = {}
    if not stocks_only:
        flows = _flows(codes, min(days), max(days), restated=restated)
    figures: dict[date, dict[str, AreaFigures]] = {}
    for day in days:
        targets = targets_of(codes, day) if judged else {}
        figures[day] = {
            code: area_figures(code, name, day, stocks[day], flows, targets) for code, name in areas
        }
    return figures


def _flows(codes: Sequence[str], first: date, last: date, *, restated: bool) -> Flows:
    flows = flows_of(codes, first.replace(day=1), last, FlowTally)
    if not restated:
        return flows
    return shifted_flows(flows, flows_of(codes, first.replace(day=1), last, FlowShift))


def needed_for(keys: Iterable[str]) -> set[str]:
    """Measures, those that indicators are made of, and what says in how far each is known."""
    parts = {
        part
        for key in keys
        for part in (
            (INDICATORS[key].numerator, INDICATORS[key].denominator)
            if key in INDICATORS
            else (key,)
        )
    }
    also = {name for part in parts for name in (MEASURES[part].known_of, MEASURES[part].known_by)}
    return (parts | also) - {""}


def year_of(code: str, name: str, asked: AsOf) -> list[tuple[date, AreaFigures]]:
    """An area's figures at the ends of twelve months, and on the day asked for."""
    days = month_ends(asked.day)
    figures = figures_on(
        [(code, name)], days, restated=asked.restated, measures=needed_for(INDICATORS)
    )
    return [(day, figures[day][code]) for day in days]
