"""Celery entry points of floor 0, and its own periodic jobs."""

import logging

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from jiaozuo_grid import jobs
from jiaozuo_grid.periodic import Counts, daily, declared, every, periodic
from jiaozuo_grid.periodic.declaring import QUICK
from jiaozuo_grid.periodic.running import run
from jiaozuo_grid.periodic.tidying import tidy_runs

log = logging.getLogger(__name__)


@shared_task(name="jiaozuo_grid.run_job")
def run_job(job_id: int) -> None:
    jobs.run(job_id)


@shared_task(name="jiaozuo_grid.run_periodic")
def run_periodic(name: str, early: bool = False) -> None:
    job = declared().get(name)
    if job is None:
        log.warning("no periodic job %s: is beat of another version?", name)
        return
    run(job, early=early)


@periodic(
    "sweep",
    title=_("Long work that got stuck"),
    about=_("Sends imports and exports again that no worker took, or whose worker was stopped."),
    schedule=every(seconds=30),
    queue=QUICK,
    counts={"sent": _("sent again")},
)
def sweep() -> Counts:
    return {"sent": jobs.sweep()}


@periodic(
    "tidy-runs",
    title=_("Old runs of jobs"),
    about=_("Forgets runs of these jobs that nobody will ask about any more."),
    schedule=daily(1, 15),
    counts={"forgotten": _("runs forgotten")},
)
def tidy() -> Counts:
    return {"forgotten": tidy_runs()}
