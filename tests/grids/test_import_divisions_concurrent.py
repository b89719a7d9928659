"""Several imports at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.models import AuditEntry
from grids.divisions.importing import import_divisions
from grids.models import Division
from jiaozuo_grid.reach import SYSTEM


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_imports_at_the_same_moment_do_it_once() -> None:
    """I2: five overlapping imports end as if one had come after the other."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL's concurrency")
    rows = [f"410882001{n:03},村{n}" for n in range(1, 200)]
    head = ["code,name", "410800000000,焦作市", "410882000000,沁阳市", "410882001000,覃怀街道"]
    data = "\n".join([*head, *rows]).encode()

    def load(_n: int) -> int:
        try:
            return import_divisions(SYSTEM, data).figures["added"]
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        added = sorted(pool.map(load, range(5)))
    assert added == [0, 0, 0, 0, 202]
    assert Division.objects.count() == AuditEntry.objects.count() == 202
