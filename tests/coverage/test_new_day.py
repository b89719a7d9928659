"""What goes stale by the passing of days alone is found without anybody writing anything."""

from __future__ import annotations

from datetime import timedelta

import pytest

from coverage.folding import fold
from coverage.models import FoldState
from jiaozuo_grid.lasting import today
from jiaozuo_grid.periodic import declared
from jiaozuo_grid.periodic.running import run
from tests.builders import small_city
from tests.jiaozuo_grid.periodic_works import is_due

pytestmark = pytest.mark.django_db


def test_a_new_day_is_noticed_while_nobody_writes() -> None:
    small_city()
    fold()
    FoldState.objects.update(days_until=today() - timedelta(days=1))
    job = declared()["day"]
    run(job)
    is_due("day")
    run(job)
    assert FoldState.objects.get().days_until == today()
