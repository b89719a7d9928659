"""Reading tallies: a fixed number of index seeks, whatever the history behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Substr

from coverage.models import FlowTally, Spell, StockTally
from coverage.spells import SOURCES
from grids.models import Division
from jiaozuo_grid.area import within_q
from jiaozuo_grid.lasting import in_force_q

# (area code, measure) -> (total, number of spells)
Stocks = dict[tuple[str, str], tuple[int, int]]


def stocks_as_of(areas: Iterable[str], day: date, measures: Sequence[str] = ()) -> Stocks:
    """The standing measures of divisions as of a day (the newest tally not after it)."""
    newest = {
        f"newest_{measure}": Subquery(
            StockTally.objects.filter(
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
        for code, measure, total, spells in StockTally.objects.filter(pk__in=keys).values_list(
            "area_code", "measure", "total", "spells"
        )
    }


def stocks_below(area: str, digits: int, day: date) -> Stocks:
    """The standing measures of the areas of ``digits`` digits below a village, from its spells."""
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    rows = (
        Spell.objects.filter(within_q([area]), in_force_q(day), area_code__length__gte=digits)
        .annotate(child=Substr("area_code", 1, digits))
        .values_list("child", "measure", "amount")
    )
    for child, measure, amount in rows:
        figure = found[child, measure]
        figure[0] += amount
        figure[1] += 1
    return {key: (total, spells) for key, (total, spells) in found.items()}


def flows_of(areas: Iterable[str], first: date, last: date) -> dict[tuple[str, date], FlowTally]:
    """The monthly tallies of areas, for the months from ``first`` to ``last``."""
    rows = FlowTally.objects.filter(area_code__in=areas, month__gte=first, month__lte=last)
    return {(row.area_code, row.month): row for row in rows}
