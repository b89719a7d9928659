"""Official holidays and make-up days, against what was published."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from activities.calendar.holidays import is_announced, is_makeup_day, official_holiday
from tests.activities.calendar.published import MAKEUP, OFF, STRETCHES, every_day


def test_the_days_off_of_two_years_are_the_published_ones() -> None:
    assert {day for day in every_day() if official_holiday(day)} == OFF


def test_the_make_up_days_of_two_years_are_the_published_ones() -> None:
    assert {day for day in every_day() if is_makeup_day(day)} == MAKEUP


@pytest.mark.parametrize(("first", "last", "name"), STRETCHES)
def test_a_holiday_has_its_first_and_last_day_and_its_name(
    first: date, last: date, name: str
) -> None:
    for day in every_day(first, last):
        stretch = official_holiday(day)
        assert stretch is not None
        assert (stretch.first, stretch.last, str(stretch)) == (first, last, name)


def test_an_ordinary_weekend_is_no_holiday() -> None:
    assert official_holiday(date(2026, 11, 28)) is None


def test_a_holiday_is_named_in_the_readers_language() -> None:
    with translation.override("en"):
        assert str(official_holiday(date(2026, 10, 6))) == "National Day"


def test_a_year_without_an_announced_arrangement_has_its_statutory_days_only() -> None:
    assert is_announced(2026)
    assert not is_announced(2099)
    assert official_holiday(date(2099, 10, 1)) is not None
    assert not any(is_makeup_day(day) for day in every_day(date(2099, 1, 1), date(2099, 12, 31)))
