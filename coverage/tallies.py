"""Reading tallies: a fixed number of index seeks, whatever the history behind them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from json import dumps

from django.db import connection
from django.db.models import Q

from coverage.models import (
    DatedShift,
    DatedTally,
    FlowShift,
    FlowTally,
    Spell,
    StockShift,
    StockTally,
)
from coverage.spells import SOURCES
from coverage.spells.areas import SPORT
from grids.lineage import Lineage
from jiaozuo_grid.area import within_q
from jiaozuo_grid.lasting import in_force_q

# (area code, measure) -> (total, number of spells)
Stocks = dict[tuple[str, str], tuple[int, int]]
# (area code, month) -> figure by name
Flows = dict[tuple[str, date], dict[str, int]]
# The standing measures that are read: those made of spells, and the number of sports.
STOCKS = (*SOURCES, "sports")
# The columns of FlowTally.
FLOWS = (
    "sessions",
    "participants",
    "minutes",
    "participant_minutes",
    "expected_meetings",
    "kept_meetings",
    "called_off_meetings",
    "scheduled_hobby_grids",
    "recorded_hobby_grids",
)
# The newest tally not after a day, of every area and measure: one index seek for each pair, however
# long its history. The lists are JSON, so that the statement is the same for any number of them.
_AS_OF = {
    "postgresql": """
SELECT areas.code, measures.key, newest.total, newest.spells
FROM json_array_elements_text(%s) AS areas(code)
CROSS JOIN json_array_elements_text(%s) AS measures(key)
CROSS JOIN LATERAL (
    SELECT total, spells FROM {table}
    WHERE area_code = areas.code AND measure = measures.key AND day <= %s
    ORDER BY day DESC LIMIT 1
) AS newest
""",
    "sqlite": """
SELECT tally.area_code, tally.measure, tally.total, tally.spells
FROM json_each(%s) AS areas CROSS JOIN json_each(%s) AS measures
JOIN {table} AS tally ON tally.id = (
    SELECT id FROM {table}
    WHERE area_code = areas.value AND measure = measures.value AND day <= %s
    ORDER BY day DESC LIMIT 1
)
""",
}

# The newest tally not after each of some days. PostgreSQL knows how long an array is, and believes
# of other lists that they are long: three of them would make it compile the statement, in 150 ms.
_ON_DAYS = {
    "postgresql": """
SELECT areas.code, measures.key, days.day, newest.total, newest.spells
FROM unnest(%s::text[]) AS areas(code)
CROSS JOIN unnest(%s::text[]) AS measures(key)
CROSS JOIN unnest(%s::text[]) AS days(day)
CROSS JOIN LATERAL (
    SELECT total, spells FROM {table}
    WHERE area_code = areas.code AND measure = measures.key AND {table}.day <= days.day::date
    ORDER BY {table}.day DESC LIMIT 1
) AS newest
""",
    "sqlite": """
SELECT tally.area_code, tally.measure, days.value, tally.total, tally.spells
FROM json_each(%s) AS areas CROSS JOIN json_each(%s) AS measures CROSS JOIN json_each(%s) AS days
JOIN {table} AS tally ON tally.id = (
    SELECT id FROM {table}
    WHERE area_code = areas.value AND measure = measures.value AND day <= days.value
    ORDER BY day DESC LIMIT 1
)
""",
}


def stocks_as_of(
    areas: Iterable[str],
    day: date,
    measures: Sequence[str] = (),
    kept: type[StockTally | StockShift] = StockTally,
) -> Stocks:
    """The standing measures of divisions as of a day (the newest tally not after it)."""
    asked = [dumps(sorted(areas)), dumps(sorted(measures or STOCKS))]
    statement = _AS_OF[connection.vendor].format(table=kept._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*asked, connection.ops.adapt_datefield_value(day)])
        return {
            (code, measure): (total, spells) for code, measure, total, spells in cursor.fetchall()
        }


def stocks_on_days(
    codes: Sequence[str],
    measures: Collection[str],
    days: Sequence[date],
    kept: type[StockTally | StockShift],
) -> dict[date, Stocks]:
    """The standing measures of divisions as of each of some days, in one statement."""
    found: dict[date, Stocks] = {day: {} for day in days}
    statement = _ON_DAYS[connection.vendor].format(table=kept._meta.db_table)
    lists = [list(codes), sorted(measures), [day.isoformat() for day in days]]
    asked = lists if connection.vendor == "postgresql" else [dumps(one) for one in lists]
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        for code, measure, day, total, spells in cursor.fetchall():
            found[date.fromisoformat(day)][code, measure] = (total, spells)
    return found


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
    offered = Counter(child for child, measure in found if measure.startswith(SPORT))
    return {key: (total, spells) for key, (total, spells) in found.items()} | {
        (child, "sports"): (count, count) for child, count in offered.items()
    }


def flows_of(
    areas: Iterable[str],
    first: date,
    last: date,
    kept: type[FlowTally | FlowShift] = FlowTally,
) -> Flows:
    """The monthly figures of areas, for the months from ``first`` to ``last``; two queries."""
    return _flows_where(Q(area_code__in=list(areas), month__gte=first, month__lte=last), kept)


def flows_of_page(
    area: str,
    first: date,
    children: Sequence[str],
    day: date,
    kept: type[FlowTally | FlowShift] = FlowTally,
) -> Flows:
    """The monthly figures of an area from ``first`` on, and of the day's month of its children;
    two queries.
    """
    of_day = Q(area_code__in=children, month=day.replace(day=1))
    return _flows_where(Q(area_code=area, month__gte=first, month__lte=day) | of_day, kept)


def _flows_where(asked: Q, kept: type[FlowTally | FlowShift]) -> Flows:
    rows = kept._default_manager.filter(asked)
    found = {
        (code, month): dict(zip(FLOWS, figures, strict=True))
        for code, month, *figures in rows.values_list("area_code", "month", *FLOWS)
    }
    dated = DatedTally if kept is FlowTally else DatedShift
    sums = dated._default_manager.filter(asked)
    for code, month, measure, total in sums.values_list("area_code", "month", "measure", "total"):
        found.setdefault((code, month), dict.fromkeys(FLOWS, 0))[measure] = total
    return found


def shifted_stocks(stocks: Stocks, shifts: Stocks) -> Stocks:
    """Stocks as reported and their shifts added up: stocks as restated."""
    both = {}
    for key in stocks.keys() | shifts.keys():
        (total, spells), (more, parts) = stocks.get(key, (0, 0)), shifts.get(key, (0, 0))
        both[key] = (total + more, spells + parts)
    return both


def shifted_flows(flows: Flows, shifts: Flows) -> Flows:
    """Flows as reported and their shifts added up: flows as restated."""
    both: Flows = {}
    for key in flows.keys() | shifts.keys():
        reported, shift = flows.get(key, {}), shifts.get(key, {})
        both[key] = {
            name: reported.get(name, 0) + shift.get(name, 0)
            for name in reported.keys() | shift.keys()
        }
    return both
