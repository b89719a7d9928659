"""Lists of the administration read one page, count nothing, and cost the same at any size (L2)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from instructors.models import Instructor
from tests import builders as b
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db


def fill(count: int) -> None:
    for n in range(count):
        person = b.person(b.VILLAGE)
        b.appoint(person, "grid_member", b.HOBBY_GRID, appointed_by=b.user())
        Instructor.objects.create(person=person, area_code=b.VILLAGE)
        b.hobby_grid(f"{b.GRID}{n + 30 + Instructor.objects.count()}")


@pytest.mark.parametrize(
    "model", ["grids/appointment", "instructors/instructor", "grids/hobbygrid", "accounts/user"]
)
def test_a_list_costs_the_same_whatever_it_holds(model: str, signed_in: Any) -> None:
    b.small_city()
    client = signed_in(b.user("bureau_staff", b.CITY))
    for size in (1, 12):
        fill(size)
        assert_query_count(client, f"/admin/{model}/", f"admin/{model}")


def test_a_list_is_paged_without_counting(signed_in: Any) -> None:
    b.small_city()
    client = signed_in(b.user("bureau_staff", b.CITY))
    for _n in range(120):
        b.person(b.VILLAGE)
    with CaptureQueriesContext(connection) as queries:
        sizes = [
            len(client.get(f"/admin/accounts/person/?p={n}").context["cl"].result_list)
            for n in (1, 2, 3)
        ]
    assert sizes[:2] == [50, 50]
    assert 0 < sizes[2] < 50
    assert not [q["sql"] for q in queries if "COUNT(" in q["sql"].upper()]


def test_a_page_far_beyond_the_end_is_refused_cheaply(signed_in: Any) -> None:
    client = signed_in(b.user("bureau_staff", b.CITY))
    assert client.get("/admin/accounts/person/?p=99999999999").status_code == 302
