"""Calendar months."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jiaozuo_grid.months import month_before, month_end, months_between, next_month

DAYS = [date(2023, 12, 31) + timedelta(days=n) for n in range(800)]


def test_a_month_ends_on_the_day_before_the_next_begins() -> None:
    for day in DAYS:
        end = month_end(day)
        assert (end.year, end.month) == (day.year, day.month)
        assert end + timedelta(days=1) == next_month(day)
        assert next_month(day).day == 1


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 1)),
        (date(2026, 1, 5), 1, date(2025, 12, 1)),
        (date(2026, 5, 5), 0, date(2026, 5, 1)),
        (date(2026, 5, 5), 30, date(2023, 11, 1)),
    ],
)
def test_months_before(day: date, months: int, before: date) -> None:
    assert month_before(day, months) == before


def test_months_between_are_both_included() -> None:
    asked = date(2025, 11, 30), date(2026, 2, 1)
    assert months_between(*asked) == [
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]
    assert months_between(asked[1], asked[0]) == []
