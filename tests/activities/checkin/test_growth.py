"""Check-ins are kept for ever as counts: what reads them must not read them all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.actions.checkin import forget_check_ins
from activities.checkin.reading import by_day_and_place
from activities.models import CheckIn
from jiaozuo_grid.lasting import today
from tests.builders import CITY, GRID

pytestmark = pytest.mark.django_db
DAYS, A_DAY, KNOWN = 500, 20, 30


@pytest.fixture
def years() -> None:
    """Some years of check-ins, of which the newest still know their phone."""
    CheckIn.objects.bulk_create(
        CheckIn(
            area_code=f"{GRID}{n + 1:02}",
            held_on=today() - timedelta(days=day),
            browser=f"{day} {n}" if day <= KNOWN + 1 else "",
        )
        for day in range(DAYS)
        for n in range(A_DAY)
    )
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {CheckIn._meta.db_table}")


@pytest.mark.usefixtures("years")
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite guesses from fewer numbers")
def test_the_list_reads_no_more_than_it_shows() -> None:
    rows = by_day_and_place(CheckIn.objects.within(CITY))
    assert "check_in_newest" in rows[:51].explain()


@pytest.mark.usefixtures("years")
def test_forgetting_reads_only_what_is_to_be_forgotten() -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert forget_check_ins() == A_DAY
    found = next(query["sql"] for query in asked if query["sql"].startswith("SELECT"))
    with connection.cursor() as cursor:
        how = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        cursor.execute(f"{how} {found}")
        assert "check_in_to_forget" in str(cursor.fetchall())
