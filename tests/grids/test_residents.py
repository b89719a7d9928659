"""Resident counts: each day keeps the figures that were known on it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from grids.actions import record_residents
from grids.models import ResidentCount, Role
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM, OutOfReach
from tests.builders import GRID, TOWNSHIP, VILLAGE, small_city, user

pytestmark = pytest.mark.django_db
JAN, JUNE = date(2024, 1, 1), date(2024, 6, 1)


@pytest.fixture(autouse=True)
def city():
    small_city()


def known(day: date) -> int | None:
    count = ResidentCount.objects.on(day).get(area_code=VILLAGE)
    return count.population


def test_a_new_count_ends_the_one_before():
    record_residents(SYSTEM, VILLAGE, JAN, population=1000)
    record_residents(SYSTEM, VILLAGE, JUNE, population=1100)
    assert (known(JUNE - timedelta(days=1)), known(JUNE)) == (1000, 1100)


def test_a_late_count_fits_between_the_others():
    record_residents(SYSTEM, VILLAGE, JAN, population=1000)
    record_residents(SYSTEM, VILLAGE, JUNE, population=1100)
    record_residents(SYSTEM, VILLAGE, date(2024, 3, 1), population=1050)
    assert (known(JAN), known(date(2024, 4, 1)), known(today())) == (1000, 1050, 1100)


def test_a_count_before_the_first_lasts_until_the_first():
    record_residents(SYSTEM, VILLAGE, JUNE, population=1100)
    record_residents(SYSTEM, VILLAGE, JAN, population=1000)
    assert (known(JAN), known(JUNE)) == (1000, 1100)


def test_a_second_count_of_the_same_day_replaces_the_values():
    first = record_residents(SYSTEM, VILLAGE, JAN, population=1000)
    again = record_residents(SYSTEM, VILLAGE, JAN, population=1001)
    assert again.pk == first.pk
    assert known(JAN) == 1001


def test_unchanged_figures_write_nothing():
    first = record_residents(SYSTEM, VILLAGE, JAN, population=1000)
    assert record_residents(SYSTEM, VILLAGE, JUNE, population=1000).pk == first.pk
    assert ResidentCount.objects.count() == 1


def test_a_figure_not_given_is_carried_over_unless_all_are_given():
    record_residents(SYSTEM, VILLAGE, JAN, population=1000, households=300)
    assert record_residents(SYSTEM, VILLAGE, JUNE, population=1100).households == 300
    complete = record_residents(SYSTEM, VILLAGE, today(), population=1100, complete=True)
    assert complete.households is None


def test_no_count_of_the_future_or_below_a_village():
    with pytest.raises(ValidationError):
        record_residents(SYSTEM, VILLAGE, today() + timedelta(days=1), population=1)
    with pytest.raises(ValidationError):
        record_residents(SYSTEM, GRID, JAN, population=1)


def test_only_offices_record_residents():
    record_residents(user(Role.TOWNSHIP_OFFICER, TOWNSHIP), VILLAGE, JAN, population=1)
    with pytest.raises(OutOfReach):
        record_residents(user(Role.GRID_LEADER, GRID), VILLAGE, JAN, population=2)
