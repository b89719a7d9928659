"""Celery entry points of floor 0."""

from celery import shared_task

from jiaozuo_grid import jobs


@shared_task(name="jiaozuo_grid.run_job")
def run_job(job_id: int) -> None:
    jobs.run(job_id)


@shared_task(name="jiaozuo_grid.sweep_jobs")
def sweep_jobs() -> None:
    jobs.sweep()
