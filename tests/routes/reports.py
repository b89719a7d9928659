"""A report of a village, and who may open it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile

from coverage.models import Report, ReportKind
from jiaozuo_grid.lasting import today
from tests import builders as b

REPORT_ID = UUID(int=0xE0E0)
NO_REPORT = UUID(int=0xE0E1)
CONTENT: dict[str, Any] = {
    "area": {"code": b.VILLAGE, "name": "东关村"},
    "period": {"name": ""},
    "on": "",
    "issuer": "",
    "edition": 0,
    "stands_at": "",
    "signed": {},
    "indicators": [],
}


def report_rows() -> dict[str, Any]:
    report = Report(
        pk=REPORT_ID,
        area_code=b.VILLAGE,
        kind=ReportKind.MONTHLY,
        period=today().replace(day=1),
        on=today(),
        language="zh-hans",
        title="月报",
    )
    report.content = CONTENT
    report.xlsx.save("r.xlsx", ContentFile(b"x"), save=False)
    report.pdf.save("r.pdf", ContentFile(b"x"), save=False)
    report.save()
    return {"coverage.report": report}
