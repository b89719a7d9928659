"""What coverage keeps beside its tallies: for the pages of the administration."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone

from coverage.models import (
    DatedShift,
    DatedTally,
    DefinitionVersion,
    JournalLine,
    JournalOpening,
    NearStation,
    Receipt,
    Reminder,
    Snapshot,
    SnapshotArea,
    SnapshotRemark,
    SnapshotSignature,
    Target,
)
from jiaozuo_grid.lasting import today
from tests import builders as b


def known_rows(snapshot: Snapshot, user: Any) -> dict[str, Any]:
    now = timezone.now()
    village: dict[str, Any] = {"area_code": b.VILLAGE}
    dated: dict[str, Any] = {"month": b.BEGINNING, "measure": "lectures", "total": 1, **village}
    part: dict[str, Any] = {"snapshot": snapshot, "name": "王小明", **village}
    JournalOpening.objects.filter(measure="villages").delete()
    return {
        "coverage.datedtally": DatedTally.objects.create(own=1, **dated),
        "coverage.datedshift": DatedShift.objects.create(**dated),
        "coverage.nearstation": NearStation.objects.create(
            village_code=b.VILLAGE, station_key=1, station_code=b.VILLAGE, metres=400
        ),
        "coverage.journalline": JournalLine.objects.create(
            recorded_at=now,
            measure="grids",
            started_on=b.BEGINNING,
            amount=1,
            rows=1,
            cause="",
            late=False,
            **village,
        ),
        "coverage.journalopening": JournalOpening.objects.create(measure="villages"),
        "coverage.definitionversion": DefinitionVersion.objects.create(
            key="test", version=1, texts={}
        ),
        "coverage.receipt": Receipt.objects.create(
            code="2222222222", what="grids", title="网格", on=today(), **village
        ),
        "coverage.reminder": Reminder.objects.create(
            gap="silent_grids", row_key="1", to=user.person, sent_by=user, **village
        ),
        "coverage.snapshotarea": SnapshotArea.objects.get(snapshot=snapshot, **village),
        "coverage.snapshotremark": SnapshotRemark.objects.create(
            measure="grids", text="补报", written_by=user, written_at=now, **part
        ),
        "coverage.snapshotsignature": SnapshotSignature.objects.create(
            post="县级主管", signed_by=user, signed_at=now, digest="", **part
        ),
        "coverage.target": Target.objects.create(
            indicator="led_share",
            year=today().year,
            value=Decimal("0.9"),
            reason="文件",
            started_on=today(),
            **village,
        ),
    }
