"""Figures as they were known at a moment: those of today without what was recorded since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet, Sum

from coverage.journal.columns import column_of, kept_as
from coverage.journal.days import end_of
from coverage.models import FlowShift, JournalLine, JournalOpening, StockShift
from coverage.registry import MEASURES, Kind
from coverage.registry.kinds import Where
from coverage.tallies import (
    Stocks,
    flows_of,
    shifted_flows,
    shifted_stocks,
    stocks_as_of,
    stocks_below,
)
from grids.lineage import Lineage
from jiaozuo_grid.area import Level
from jiaozuo_grid.months import month_end


@dataclass(frozen=True)
class Value:
    """A figure, and by how many rows or spells it counts."""

    amount: int = 0
    rows: int = 0

    def __add__(self, other: Value) -> Value:
        return Value(self.amount + other.amount, self.rows + other.rows)

    def __sub__(self, other: Value) -> Value:
        return Value(self.amount - other.amount, self.rows - other.rows)


def opening_of(measure: str) -> datetime | None:
    """From when on what was known of a measure can be told; None: always."""
    return (
        JournalOpening.objects.filter(measure=measure).values_list("opened_at", flat=True).first()
    )


def is_flow(measure: str) -> bool:
    return MEASURES[measure].kind is Kind.FLOW


def in_figure(flow: bool, day: date) -> Q:
    """The lines that concern the figure of a day."""
    if flow:
        return Q(started_on__gte=day.replace(day=1), started_on__lte=month_end(day))
    return Q(started_on__lte=day) & (Q(ended_on__isnull=True) | Q(ended_on__gt=day))


def lines_of(
    where: Where,
    measures: Sequence[str],
    day: date,
    after: datetime,
    until: datetime | None = None,
    *,
    flow: bool,
) -> QuerySet[JournalLine]:
    """What was recorded after a moment (to another) about the figures of a day.

    Only late lines can lie beyond the day (or month) itself, and they are few: the rest of the
    journal, however long, is not looked at.
    """
    beyond = end_of(month_end(day) if flow else day)
    lines = JournalLine.objects.within(where).filter(
        in_figure(flow, day),
        measure__in={kept_as(measure) for measure in measures},
        recorded_at__gt=after,
    )
    lines = lines.filter(Q(late=True) | Q(recorded_at__lt=beyond))
    if after >= beyond:
        lines = lines.filter(late=True)
    return lines if until is None else lines.filter(recorded_at__lte=until)


def sum_of(lines: QuerySet[JournalLine], measure: str) -> Value:
    sums = lines.aggregate(amount=Sum(column_of(measure)), rows=Sum("rows"))
    return Value(sums["amount"] or 0, sums["rows"] or 0)


def value_now(area: str, measure: str, day: date, *, restated: bool = False) -> Value:
    """A figure as it is known now, from the tallies."""
    if is_flow(measure):
        month = day.replace(day=1)
        flows = flows_of([area], month, month)
        if restated and Lineage.read():
            flows = shifted_flows(flows, flows_of([area], month, month, FlowShift))
        flow = flows.get((area, month), {})
        return Value(flow.get(measure, 0), flow.get("sessions", 0))
    stocks = stocks_now(area, [measure], day, restated=restated)
    return Value(*stocks.get((area, measure), (0, 0)))


def stocks_now(area: str, measures: Sequence[str], day: date, *, restated: bool = False) -> Stocks:
    """Standing measures of an area as they are known now."""
    lineage = Lineage.read() if restated else None
    if len(area) > Level.VILLAGE:
        return stocks_below(area, len(area), day, lineage)
    stocks = stocks_as_of([area], day, measures)
    if lineage:
        stocks = shifted_stocks(stocks, stocks_as_of([area], day, measures, StockShift))
    return stocks
