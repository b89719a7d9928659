"""The import as a background job."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.audit import coming_from
from accounts.models import Door
from grids.divisions.importing import import_divisions
from grids.divisions.planning import Plan
from jiaozuo_grid.jobs import Job, works_as

KIND = "import_divisions"


def result_of(plan: Plan, *, ended: bool) -> dict[str, Any]:
    """What an import did, as a job keeps it."""
    return {
        "figures": plan.figures,
        "levels": {str(level): count for level, count in plan.levels.items()},
        "rows": plan.row_count,
        "ended": ended,
        "on": plan.on.isoformat(),
    }


@works_as(
    KIND,
    label=_("Import divisions"),
    back="division-import",
    result_template="grids/_division_import_result.html",
)
def work(job: Job) -> dict[str, Any]:
    """Import the uploaded list as the job's owner, with the rights that they have by now."""
    with job.upload.open("rb") as upload:
        data = upload.read()
    params = job.params
    with coming_from(Door.TASK):
        plan = import_divisions(
            job.owner,
            data,
            on=date.fromisoformat(params["on"]),
            end_absent=params["end_absent"],
            expected=params["digest"],
            source=params["source"],
            progress=job.report,
        )
    return result_of(plan, ended=params["end_absent"])
