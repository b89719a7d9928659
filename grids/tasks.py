from celery import shared_task

from grids import duplicates


@shared_task(name="grids.find_duplicates")
def find_duplicates() -> None:
    duplicates.find_duplicates()
