"""All figures of an area and what lies below it, as they were known at a moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q, Sum

from coverage.journal.columns import sums_of
from coverage.journal.known import lines_of
from coverage.models import DatedTally, FlowTally, Spell
from coverage.reading import AreaFigures, area_figures
from coverage.registry import MEASURES, Kind
from coverage.spells.areas import SPORT
from coverage.tallies import FLOWS, Flows, Stocks, flows_of, stocks_as_of, stocks_below
from grids.lineage import Lineage
from grids.models import Sport, Succession
from jiaozuo_grid.area import Ground, Level
from jiaozuo_grid.lasting import in_force_q

# (area code, measure) -> [amount, rows]
Sums = dict[tuple[str, str], list[int]]


def figures_then(
    areas: Iterable[str], on: date, moment: datetime, *, restated: bool = False
) -> dict[str, AreaFigures]:
    """The figures of some areas of a day, from what is known now without what came since."""
    codes = sorted(set(areas))
    lineage = _lineage_at(moment) if restated else None
    if lineage:
        stocks, flows = _counted(codes, on, lineage)
    else:
        stocks, flows = _tallied(codes, on)
    month = on.replace(day=1)
    for flow in (False, True):
        for (code, measure), (amount, rows) in _since(codes, on, moment, lineage, flow).items():
            if flow:
                figures = flows.setdefault((code, month), dict.fromkeys(FLOWS, 0))
                figures[measure] = figures.get(measure, 0) - amount
            else:
                total, spells = stocks.get((code, measure), (0, 0))
                stocks[code, measure] = (total - amount, spells - rows)
    _count_sports(codes, stocks)
    return {code: area_figures(code, code, on, stocks, flows, {}) for code in codes}


def _lineage_at(moment: datetime) -> Lineage:
    """The map as it was known at a moment."""
    standing = Q(undone=False) | Q(reorganisation__undone_at__gt=moment)
    rows = Succession.objects.filter(standing, reorganisation__done_at__lte=moment)
    return Lineage(rows.order_by("on", "pk").values_list("old_code", "new_code"))


def _tallied(codes: list[str], on: date) -> tuple[Stocks, Flows]:
    divisions = [code for code in codes if len(code) <= Level.VILLAGE]
    stocks = stocks_as_of(divisions, on) | stocks_as_of(divisions, on, sport_measures())
    for code in codes:
        if len(code) > Level.VILLAGE:
            stocks |= stocks_below(code, len(code), on)
    month = on.replace(day=1)
    return stocks, flows_of(codes, month, month)


def sport_measures() -> list[str]:
    """The measures of single sports, from which their number is counted."""
    return [f"{SPORT}{key}" for key in Sport.objects.values_list("pk", flat=True)]


def _counted(codes: list[str], on: date, lineage: Lineage) -> tuple[Stocks, Flows]:
    """On another day's map there are no tallies: counted from the leaves. Seldom asked for."""
    stocks: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    flows: dict[tuple[str, date], dict[str, int]] = {}
    month = on.replace(day=1)
    for code in codes:
        where = lineage.ground(code)
        spells = Spell.objects.filter(where.q(), in_force_q(on)).order_by()
        for own, measure, amount in spells.values_list("area_code", "measure", "amount"):
            if lineage.today(own).startswith(code):
                stocks[code, measure][0] += amount
                stocks[code, measure][1] += 1
        flows[code, month] = _counted_flows(code, where, month)
    return {key: (amount, rows) for key, (amount, rows) in stocks.items()}, flows


def _counted_flows(code: str, where: Ground, month: date) -> dict[str, int]:
    leaves = FlowTally.objects.filter(where.q(), month=month, area_code__length=Level.HOBBY_GRID)
    sums = leaves.aggregate(**{name: Sum(name) for name in FLOWS})
    dated = DatedTally.objects.filter(where.q(), month=month).exclude(own=0).order_by()
    return {name: sums[name] or 0 for name in FLOWS} | dict(
        dated.values_list("measure").annotate(n=Sum("own"))
    )


def _since(
    codes: list[str], on: date, moment: datetime, lineage: Lineage | None, flow: bool
) -> Sums:
    """What was recorded since about each area's figures."""
    found: Sums = defaultdict(lambda: [0, 0])
    measures = [key for key, one in MEASURES.items() if (one.kind is Kind.FLOW) is flow]
    if not flow:
        measures += sport_measures()
    tops = [code for code in codes if not any(code != up and code.startswith(up) for up in codes)]
    for top in tops:
        where = lineage.ground(top) if lineage else top
        lines = lines_of(where, measures, on, moment, flow=flow)
        for measure, own, amount, rows in sums_of(lines, measures, "area_code"):
            today = lineage.today(own) if lineage else own
            for code in codes:
                if today.startswith(code):
                    found[code, measure][0] += amount
                    found[code, measure][1] += rows
    return found


def _count_sports(codes: list[str], stocks: Stocks) -> None:
    offered: dict[str, int] = dict.fromkeys(codes, 0)
    for (code, measure), (total, _spells) in stocks.items():
        if measure.startswith(SPORT) and total > 0 and code in offered:
            offered[code] += 1
    for code, count in offered.items():
        stocks[code, "sports"] = (count, count)
