"""Reminding about everything on a long list, as a job."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.audit import coming_from
from accounts.models import Door
from coverage.reminders.actions import remind
from jiaozuo_grid.jobs import Job, works_as

KIND = "remind"


@works_as(KIND, label=_("Remind all"), result_template="coverage/_reminded.html")
def work(job: Job) -> dict[str, Any]:
    """Remind as the job's owner, with the rights that they have by now."""
    with coming_from(Door.TASK):
        sent = remind(job.owner, job.params["gap"], job.params["area"])
    return {
        "sent": sent.sent,
        "people": len(sent.people),
        "already": sent.already,
        "nobody": sent.nobody,
        "gap": job.params["gap"],
        "area": job.params["area"],
    }
