"""Having a periodic job run now; on the trail, since it is somebody's decision."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from jiaozuo_grid.periodic import PeriodicJob
from jiaozuo_grid.periodic.asking import ask
from jiaozuo_grid.periodic.models import JobClock
from jiaozuo_grid.periodic.running import clock_of
from jiaozuo_grid.reach import Actor, reach_of

RUN_JOBS = "run jobs"


@transaction.atomic
def run_again(actor: Actor, job: PeriodicJob) -> None:
    """Let the job be due now, whatever failed before; a worker takes it within seconds.

    Raises ``PermissionDenied``, or ``ValidationError`` while it runs.
    """
    reach = reach_of(actor)
    if not reach.allows(RUN_JOBS):
        raise PermissionDenied
    clock = clock_of(job)
    changed = JobClock.objects.filter(pk=clock.pk, started_at=None).update(
        due_at=min(clock.due_at, timezone.now()), not_before=None, failures=0, wanted_by=actor
    )
    if not changed:
        raise ValidationError(_("It is running already."))
    city = min(reach.areas_for(RUN_JOBS), default="")
    record(actor, "run job", area_code=city, row=clock)
    transaction.on_commit(partial(ask, job))
