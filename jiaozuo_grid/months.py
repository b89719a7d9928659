"""Calendar months; a month is named by its first day."""

from __future__ import annotations

from datetime import date, timedelta


def month_end(day: date) -> date:
    """The last day of the day's month."""
    return next_month(day) - timedelta(days=1)


def next_month(day: date) -> date:
    """The month after the day's own."""
    return month_before(day, -1)


def month_before(day: date, months: int = 1) -> date:
    """The month so many months before the day's own."""
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def months_between(first: date, last: date) -> list[date]:
    """The months from that of one day to that of another, both included; none the other way."""
    count = (last.year - first.year) * 12 + last.month - first.month
    return [month_before(first, -n) for n in range(count + 1)]
