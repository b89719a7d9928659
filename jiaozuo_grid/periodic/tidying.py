"""The record of runs stays small, however often figures are folded."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from jiaozuo_grid.periodic.models import JobClock, JobRun, Outcome

KEEP = timedelta(days=90)
# Of runs that ended well, as many of each job: on a busy day figures are folded every second.
KEEP_GOOD = 1000


def tidy_runs() -> int:
    """Delete runs older than ``KEEP``, and good ones behind the newest ``KEEP_GOOD`` of a job."""
    forgotten = JobRun.objects.filter(ended_at__lt=timezone.now() - KEEP).delete()[0]
    for name in JobClock.objects.values_list("name", flat=True):
        good = JobRun.objects.filter(name=name, outcome=Outcome.DONE).order_by("-id")
        oldest = good.values_list("id", flat=True)[KEEP_GOOD - 1 : KEEP_GOOD].first()
        if oldest is not None:
            forgotten += good.filter(id__lt=oldest).delete()[0]
    return forgotten
