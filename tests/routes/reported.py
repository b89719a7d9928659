"""A month of a county as it was reported, with a township and a village in it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from coverage.models import Snapshot, SnapshotArea
from tests import builders as b

MONTH = "2024-03"


def reported_rows() -> dict[str, Any]:
    snapshot = Snapshot.objects.create(
        area_code=b.COUNTY, month=date(2024, 3, 1), frozen_at=timezone.now()
    )
    areas = [
        SnapshotArea(snapshot=snapshot, area_code=code, name=code, figures={}, ratios={})
        for code in (b.COUNTY, b.TOWNSHIP, b.VILLAGE)
    ]
    SnapshotArea.objects.bulk_create(areas)
    return {"coverage.snapshot": snapshot}
