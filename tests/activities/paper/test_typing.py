"""What is typed into a sheet is read as people type it."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError

from activities.paper.forms import read_day, read_time

DAYS = [date(2026, 11, 16) + timedelta(days=n) for n in range(7)]


@pytest.mark.parametrize(
    ("typed", "hour"),
    [
        ("1930", time(19, 30)),
        ("730", time(7, 30)),
        ("0730", time(7, 30)),
        ("19:30", time(19, 30)),
        ("19：30", time(19, 30)),
        ("19.30", time(19, 30)),
        (" 7 ", time(7, 0)),
        ("000", time(0, 0)),
        ("１９３０", time(19, 30)),
    ],
)
def test_an_hour(typed: str, hour: time) -> None:
    assert read_time(typed) == hour


@pytest.mark.parametrize("typed", ["", "2430", "1960", "19:3", "abc", "19301", "-1", "²³"])
def test_no_hour(typed: str) -> None:
    with pytest.raises(ValidationError):
        read_time(typed)


@pytest.mark.parametrize(
    ("typed", "at"),
    [("1", 0), ("7", 6), ("３", 2), ("周三", 2), ("星期日", 6), ("天", 6), ("2026-11-18", 2)],
)
def test_a_day(typed: str, at: int) -> None:
    assert read_day(typed, DAYS) == DAYS[at]


@pytest.mark.parametrize("typed", ["", "0", "8", "12", "2026-11-23", "明天", "²"])
def test_no_day_of_this_week(typed: str) -> None:
    with pytest.raises(ValidationError):
        read_day(typed, DAYS)
