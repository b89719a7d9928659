"""An area's figures at the ends of months, whatever its level, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import Q

from coverage.models import FlowShift, Spell
from coverage.reading import AreaFigures, area_figures
from coverage.series import figures_on, needed_for
from coverage.spells.areas import SPORT
from coverage.tallies import Flows, Stocks, flows_of, shifted_flows
from grids.lineage import Lineage
from jiaozuo_grid.area import Level, within_q


def figures_of_months(
    area: tuple[str, str], days: Sequence[date], keys: Collection[str], *, restated: bool = False
) -> dict[date, AreaFigures]:
    """The figures of an area (code, name) as of several days; only those of ``keys`` are to be
    used. Below the village there are no tallies: standing measures are counted from spells."""
    code, name = area
    if len(code) <= Level.VILLAGE:
        found = figures_on([area], days, restated=restated, measures=needed_for(keys))
        return {day: found[day][code] for day in days}
    lineage = Lineage.read() if restated else None
    stocks = _stocks_from_spells(code, days, keys, lineage)
    flows = _flows(code, days, shifted=bool(lineage))
    return {day: area_figures(code, name, day, stocks[day], flows, {}) for day in days}


def _flows(code: str, days: Sequence[date], *, shifted: bool) -> Flows:
    first, last = min(days).replace(day=1), max(days)
    flows = flows_of([code], first, last)
    return shifted_flows(flows, flows_of([code], first, last, FlowShift)) if shifted else flows


def _stocks_from_spells(
    code: str, days: Sequence[date], keys: Collection[str], lineage: Lineage | None
) -> dict[date, Stocks]:
    where = lineage.ground(code).q() if lineage else within_q([code])
    # Each sport of an area has spells of its own; it counts once.
    wanted = Q(measure__in=keys) | (Q(measure__startswith=SPORT) if "sports" in keys else Q())
    rows = Spell.objects.filter(where, wanted, started_on__lte=max(days))
    spells = list(rows.values_list("measure", "started_on", "ended_on", "amount"))
    found: dict[date, Stocks] = {}
    for day in days:
        stocks: Stocks = {}
        for measure, start, end, amount in spells:
            if start <= day and (end is None or day < end):
                total, count = stocks.get((code, measure), (0, 0))
                stocks[code, measure] = (total + amount, count + 1)
        offered = sum(measure.startswith(SPORT) for _code, measure in stocks)
        found[day] = {**stocks, (code, "sports"): (offered, offered)}
    return found
