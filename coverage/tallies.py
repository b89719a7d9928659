"""Reading tallies: a fixed number of index seeks, whatever the history behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import OuterRef, Subquery

from coverage.models import FlowShift, FlowTally, Spell, StockShift, StockTally
from coverage.spells import SOURCES
from grids.lineage import Lineage
from grids.models import Division
from jiaozuo_grid.area import within_q
from jiaozuo_grid.lasting import in_force_q

# (area code, measure) -> (total, number of spells)
Stocks = dict[tuple[str, str], tuple[int, int]]
# (area code, month) -> figure by name
Flows = dict[tuple[str, date], dict[str, int]]
FLOWS = ("sessions", "participants", "minutes")


def stocks_as_of(
    areas: Iterable[str],
    day: date,
    measures: Sequence[str] = (),
    kept: type[StockTally | StockShift] = StockTally,
) -> Stocks:
    """The standing measures of divisions as of a day (the newest tally not after it)."""
    newest = {
        f"newest_{measure}": Subquery(
            kept._default_manager.filter(
                area_code=OuterRef("area_code"), measure=measure, day__lte=day
            )
            .order_by("-day")
            .values("pk")[:1]
        )
        for measure in measures or SOURCES
    }
    rows = (
        Division.objects.filter(area_code__in=areas)
        .order_by()
        .annotate(**newest)
        .values_list(*newest)
    )
    keys = [key for row in rows for key in row if key is not None]
    return {
        (code, measure): (total, spells)
        for code, measure, total, spells in kept._default_manager.filter(pk__in=keys).values_list(
            "area_code", "measure", "total", "spells"
        )
    }


def stocks_below(area: str, digits: int, day: date, lineage: Lineage | None = None) -> Stocks:
    """The standing measures of the areas of ``digits`` digits below a village, from its spells.

    With a ``lineage`` each spell counts where its area lies on today's map.
    """
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    where = lineage.ground(area).q() if lineage else within_q([area])
    rows = Spell.objects.filter(where, in_force_q(day), area_code__length__gte=digits)
    for code, measure, amount in rows.values_list("area_code", "measure", "amount"):
        child = (lineage.today(code) if lineage else code)[:digits]
        if len(child) == digits:
            figure = found[child, measure]
            figure[0] += amount
            figure[1] += 1
    return {key: (total, spells) for key, (total, spells) in found.items()}


def flows_of(
    areas: Iterable[str],
    first: date,
    last: date,
    kept: type[FlowTally | FlowShift] = FlowTally,
) -> Flows:
    """The monthly tallies of areas, for the months from ``first`` to ``last``."""
    rows = kept._default_manager.filter(area_code__in=areas, month__gte=first, month__lte=last)
    return {
        (code, month): dict(zip(FLOWS, figures, strict=True))
        for code, month, *figures in rows.values_list("area_code", "month", *FLOWS)
    }


def shifted_stocks(stocks: Stocks, shifts: Stocks) -> Stocks:
    """Stocks as reported and their shifts added up: stocks as restated."""
    both = {}
    for key in stocks.keys() | shifts.keys():
        (total, spells), (more, parts) = stocks.get(key, (0, 0)), shifts.get(key, (0, 0))
        both[key] = (total + more, spells + parts)
    return both


def shifted_flows(flows: Flows, shifts: Flows) -> Flows:
    """Flows as reported and their shifts added up: flows as restated."""
    nothing = dict.fromkeys(FLOWS, 0)
    return {
        key: {
            name: flows.get(key, nothing)[name] + shifts.get(key, nothing)[name] for name in FLOWS
        }
        for key in flows.keys() | shifts.keys()
    }
