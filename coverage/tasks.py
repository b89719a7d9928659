from celery import shared_task

from coverage import folding, recount


@shared_task(name="coverage.fold")
def fold() -> None:
    folding.fold()


@shared_task(name="coverage.recount")
def recount_nightly() -> None:
    recount.drift()
