"""The figures of an area and its children, read from tallies in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Exists

from coverage.dated import dated_of
from coverage.models import FlowShift, FoldState, StaleMark, StockShift, StockTally
from coverage.registry import GAPS, INDICATORS, MEASURES, Gap, Indicator, Kind, Measure
from coverage.tallies import (
    Flows,
    Stocks,
    flows_of_page,
    shifted_flows,
    shifted_stocks,
    stocks_as_of,
    stocks_below,
    stocks_on_days,
)
from coverage.targets.reading import Targets, targets_of
from grids.lineage import Lineage
from grids.models import Division, Grid, HobbyGrid
from jiaozuo_grid.area import Ground, Level, within_q
from jiaozuo_grid.lasting import today
from jiaozuo_grid.months import month_before, month_end, months_between

TREND_MONTHS = 24
TREND_STOCKS = ("grids", "led_grids")
TREND_FLOWS = ("sessions", "participants")


@dataclass(frozen=True)
class AsOf:
    """What figures are asked for: a day, and on which map the rows of the past are counted."""

    day: date
    restated: bool = False

    def query(self) -> dict[str, str]:
        """The parameters of an address."""
        return {"on": f"{self.day:%Y-%m-%d}", **({"map": "today"} if self.restated else {})}

    def at(self, day: date) -> AsOf:
        """The same reading of another day."""
        return replace(self, day=day)

    def ground(self, area_code: str) -> str | Ground:
        """Where the rows of an area are to be looked for."""
        lineage = Lineage.read() if self.restated else None
        return lineage.ground(area_code) if lineage else area_code


@dataclass(frozen=True)
class Figure:
    """A measure's value; None is 无数据. ``known`` of ``of`` villages for what is partly known."""

    value: int | None
    known: int | None = None
    of: int | None = None


@dataclass(frozen=True)
class Ratio:
    """An indicator's value, already multiplied by its ``per``; None where it cannot be had.

    Over areas of which some are unknown it is None too: a ratio of a whole numerator to a part of
    the denominator would flatter.
    """

    numerator: int | None
    denominator: int | None
    value: float | None
    target: float | None


@dataclass(frozen=True)
class AreaFigures:
    """All measures and indicators of one area."""

    area_code: str
    name: str
    figures: dict[str, Figure]
    ratios: dict[str, Ratio]


@dataclass(frozen=True)
class TrendPoint:
    """A month of the trend: flows of the month, stocks at its end (or as of the day asked for)."""

    month: date
    values: dict[str, int | None]


@dataclass(frozen=True)
class GapCount:
    """How many named rows a gap has; None where one of its measures is unknown."""

    key: str
    count: int | None


@dataclass(frozen=True)
class Coverage:
    """What a dashboard shows of an area as of a day."""

    area: AreaFigures
    children: list[AreaFigures]
    path: list[tuple[str, str]]
    trend: list[TrendPoint]
    gaps: list[GapCount]
    on: date
    restated: bool
    folded_at: datetime | None
    # Whether changes wait that the figures do not hold yet.
    waiting: bool

    @property
    def asked(self) -> AsOf:
        return AsOf(self.on, self.restated)


def days_gone(on: date) -> int:
    """The days of the month of ``on`` that are gone by now, today among them."""
    first = on.replace(day=1)
    return (min(month_end(on), today()) - first).days + 1


def _ratio(
    indicator: Indicator, figures: dict[str, Figure], target: float | None, on: date
) -> Ratio:
    top, bottom = figures[indicator.numerator], figures[indicator.denominator]
    complete = all(part.known is None or part.known == part.of for part in (top, bottom))
    value = None
    if complete and top.value is not None and bottom.value:
        value = indicator.per * top.value / bottom.value
        if indicator.daily:
            value = value / days_gone(on) if days_gone(on) > 0 else None
    return Ratio(top.value, bottom.value, value, target)


def _figure(code: str, measure: Measure, stocks: Stocks, flow: dict[str, int]) -> Figure:
    """A measure of an area; not known where nobody fills its slot, or none of its parts is."""
    if measure.missing and dated_of(measure.key) is None:
        return Figure(None)
    if measure.kind is Kind.FLOW:
        return Figure(flow.get(measure.key, 0))
    total, _spells = stocks.get((code, measure.key), (0, 0))
    if not measure.partly_known:
        return Figure(total)
    known = stocks.get((code, measure.known_by or measure.key), (0, 0))[1]
    of = stocks.get((code, measure.known_of), (0, 0))[0]
    # An area without stations has none of their square metres, and that is known.
    nothing = measure.known_of != "villages" and not of
    return Figure(total if known or nothing else None, known, of)


def area_figures(
    code: str, name: str, on: date, stocks: Stocks, flows: Flows, targets: Targets
) -> AreaFigures:
    flow = flows.get((code, on.replace(day=1)), {})
    figures = {
        key: _figure(code, measure, stocks, flow)
        for key, measure in MEASURES.items()
        if len(code) <= measure.level
    }
    ratios = {
        key: _ratio(indicator, figures, targets.get((code, key)), on)
        for key, indicator in INDICATORS.items()
        if indicator.numerator in figures and indicator.denominator in figures
    }
    return AreaFigures(code, name, figures, ratios)


def _children(code: str, on: date) -> list[tuple[str, str]]:
    """The code and name of what lies one level below and was in force on the day."""
    if len(code) < Level.VILLAGE:
        rows = Division.objects.children_of(code).on(on)
        return list(rows.values_list("area_code", "name"))
    if len(code) == Level.VILLAGE:
        # Village-wide hobby grids stand beside the grids, at …000NN.
        grids = Grid.objects.within(code).on(on).values_list("area_code", "name")
        wide = HobbyGrid.objects.within(f"{code}000").on(on).values_list("area_code", "name")
        return [*grids, *wide]
    if len(code) == Level.GRID:
        return list(HobbyGrid.objects.within(code).on(on).values_list("area_code", "name"))
    return []


def _months_until(day: date) -> list[date]:
    """The first days of the ``TREND_MONTHS`` months that end with the day's own."""
    return months_between(month_before(day, TREND_MONTHS - 1), day)


def _stock_series(
    code: str, days: list[date], kept: type[StockTally | StockShift]
) -> dict[tuple[str, date], int]:
    """The trend's stocks of one area as of several days; areas below a village have none."""
    if len(code) > Level.VILLAGE:
        return {}
    stocks = stocks_on_days([code], TREND_STOCKS, days, kept)
    return {
        (measure, day): stocks[day].get((code, measure), (0, 0))[0]
        for measure in TREND_STOCKS
        for day in days
    }


def _trend(code: str, on: date, flows: Flows, *, restated: bool) -> list[TrendPoint]:
    months = _months_until(on)
    days = [min(month_end(month), on) for month in months]
    stocks = _stock_series(code, days, StockTally)
    if restated:
        shifts = _stock_series(code, days, StockShift)
        stocks = {key: total + shifts[key] for key, total in stocks.items()}
    points = []
    for month, day in zip(months, days, strict=True):
        flow = flows.get((code, month))
        values: dict[str, int | None] = {key: flow[key] if flow else 0 for key in TREND_FLOWS}
        values |= {key: stocks.get((key, day)) for key in TREND_STOCKS}
        points.append(TrendPoint(month, values))
    return points


def size_of(gap: Gap, area: AreaFigures) -> int | None:
    """How many rows a gap has at an area; None where it means nothing or is not known."""
    whole, part = area.figures.get(gap.whole), area.figures.get(gap.part)
    if whole is None or part is None or whole.value is None or part.value is None:
        return None
    return whole.value - part.value


def _gaps(area: AreaFigures) -> list[GapCount]:
    return [
        GapCount(key, size_of(gap, area))
        for key, gap in GAPS.items()
        if gap.whole in area.figures and gap.part in area.figures
    ]


def _path(code: str) -> list[tuple[str, str]]:
    path = list(Division.objects.path_to(code).values_list("area_code", "name"))
    for model, digits in ((Grid, Level.GRID), (HobbyGrid, Level.HOBBY_GRID)):
        if len(code) >= digits:
            path += model.objects.filter(area_code=code[:digits]).values_list("area_code", "name")
    return path


def freshness(area_code: str) -> tuple[datetime | None, bool]:
    """When figures were last brought up to date, and whether changes of the area still wait."""
    marks = StaleMark.objects.filter(within_q([area_code]))
    state = FoldState.objects.filter(pk=1).annotate(waiting=Exists(marks))
    row = state.values_list("folded_at", "waiting").first()
    return row or (None, marks.exists())


def coverage_of(area_code: str, on: date, *, restated: bool = False) -> Coverage:
    """The figures of an area as of ``on``; ``Http404`` is the caller's, for areas unknown to it.

    As reported, rows count where their area lay when they happened. ``restated`` counts the same
    rows where their area lies on today's map.
    """
    lineage = Lineage.read() if restated else None
    path = _path(area_code)
    children = _children(area_code, today() if restated else on)
    if lineage:
        # What ended without a successor belongs to the area still, on the days when it stood.
        known = {code for code, _name in children}
        before = _children(area_code, on)
        gone = [c for c in before if c[0] not in known and lineage.today(c[0]) == c[0]]
        children = sorted([*children, *gone])
    codes = [area_code, *(code for code, _name in children)]
    stocks = _stocks(area_code, codes, on, lineage)
    flows = _flows(area_code, codes[1:], on, shifted=bool(lineage))
    targets = targets_of(codes, on)
    names = dict(path)
    area = area_figures(area_code, names.get(area_code, area_code), on, stocks, flows, targets)
    folded_at, waiting = freshness(area_code)
    return Coverage(
        area=area,
        children=[area_figures(code, name, on, stocks, flows, targets) for code, name in children],
        path=path,
        trend=_trend(area_code, on, flows, restated=bool(lineage)),
        gaps=_gaps(area),
        on=on,
        restated=restated,
        folded_at=folded_at,
        waiting=waiting,
    )


def _stocks(area: str, codes: list[str], on: date, lineage: Lineage | None) -> Stocks:
    """The standing measures of an area and its children, from tallies or, below it, from spells."""
    stocks: Stocks = {}
    if len(area) <= Level.VILLAGE:
        kept = codes if len(area) < Level.VILLAGE else [area]
        stocks = stocks_as_of(kept, on)
        if lineage:
            stocks = shifted_stocks(stocks, stocks_as_of(kept, on, kept=StockShift))
    if len(area) >= Level.VILLAGE:
        digits = Level.GRID if len(area) == Level.VILLAGE else len(area)
        stocks |= stocks_below(area, digits, on, lineage)
    if len(area) in (Level.VILLAGE, Level.GRID):
        stocks |= stocks_below(area, Level.HOBBY_GRID, on, lineage)
    return stocks


def _flows(area: str, children: list[str], on: date, *, shifted: bool) -> Flows:
    """The months of the trend for an area, the day's own month for its children."""
    first = _months_until(on)[0]
    flows = flows_of_page(area, first, children, on)
    if not shifted:
        return flows
    return shifted_flows(flows, flows_of_page(area, first, children, on, FlowShift))
