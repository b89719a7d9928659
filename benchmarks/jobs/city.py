"""A small city for the proofs: people who log without pause, and what is owed to every job."""

from __future__ import annotations

import hashlib
import itertools
import threading
import time
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4


def build(steps: int = 300) -> None:
    """The city of the tests, with a history behind it; everything is folded."""
    from coverage.recount import rebuild
    from tests.builders import small_city
    from tests.coverage.histories import History

    small_city()
    history = History(1)
    for _step in range(steps):
        history.step()
    rebuild()
    for _step in range(120):
        history.step()


def owe() -> None:
    """Give each job that the city alone leaves idle something to do."""
    from django.utils import timezone

    from accounts.models import Person
    from activities.models import CheckIn
    from coverage.models import FoldState
    from jiaozuo_grid.jobs import Job
    from jiaozuo_grid.lasting import today
    from jiaozuo_grid.periodic.models import JobRun
    from tests.builders import HOBBY_GRID, VILLAGE, person

    FoldState.objects.update(days_until=today() - timedelta(days=40))
    for number in range(40):
        first = person(VILLAGE, f"重名{number}")
        Person.objects.create(
            name=first.name, born_on=first.born_on, phone=first.phone, area_code=VILLAGE
        )
    long_ago = timezone.now() - timedelta(days=200)
    CheckIn.objects.bulk_create(
        CheckIn(area_code=HOBBY_GRID, held_on=long_ago.date(), browser=f"{n:032}")
        for n in range(300)
    )
    JobRun.objects.bulk_create(
        JobRun(
            name="fold",
            due_at=long_ago,
            started_at=long_ago,
            ended_at=long_ago,
            attempt=1,
            outcome="done",
        )
        for _n in range(3000)
    )
    Job.objects.bulk_create(
        Job(kind="none such", key=f"old {n}", language="en", state="done") for n in range(50)
    )


class Writers:
    """Threads that log sessions as the web does, and know which were acknowledged."""

    def __init__(self, threads: int = 4, pause: float = 0.05) -> None:
        from tests.builders import HOBBY_GRID, OTHER_HOBBY_GRID, user

        self.author = user()
        self.places = (HOBBY_GRID, OTHER_HOBBY_GRID)
        self.pause, self.stopping = pause, threading.Event()
        self.acknowledged: dict[UUID, float] = {}
        self.refused: list[str] = []
        self.longest = 0.0
        self._numbers = itertools.count()
        self.threads = [
            threading.Thread(target=self._write, args=(n,), daemon=True) for n in range(threads)
        ]
        for thread in self.threads:
            thread.start()

    def _write(self, seed: int) -> None:
        from django.db import DatabaseError, InterfaceError, connection

        rng = Random(seed)
        while not self.stopping.is_set():
            key, began = uuid4(), time.monotonic()
            try:
                self._log(key, rng)
            except (DatabaseError, InterfaceError) as error:
                self.refused.append(type(error).__name__)
                time.sleep(0.2)
            else:
                self.acknowledged[key] = time.monotonic()
                self.longest = max(self.longest, time.monotonic() - began)
            finally:
                connection.close()
            time.sleep(self.pause)

    def _log(self, key: UUID, rng: Random) -> None:
        from datetime import time as clock

        from activities.models import Session
        from grids.writing import keep
        from jiaozuo_grid.lasting import today
        from jiaozuo_grid.reach import SYSTEM

        number = next(self._numbers)
        row = Session(
            id=key,
            area_code=rng.choice(self.places),
            held_on=today() - timedelta(days=number // 96 % 300),
            start_time=clock(number // 4 % 24, number % 4 * 15),
            minutes=10,
            participants=rng.randint(1, 90),
            logged_by=self.author,
        )
        keep(SYSTEM, row, "log session")

    def stop(self) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)


def lost(writers: Writers) -> int:
    from activities.models import Session

    keys = list(writers.acknowledged)
    return len(keys) - Session.objects.filter(pk__in=keys).count()


def differences() -> int:
    """Of the tallies to a recount, after folding what waits."""
    from coverage.recount import drift

    return len(drift())


def is_folded() -> bool:
    from django.db import connection

    from coverage.models import StaleMark

    try:
        return not StaleMark.objects.exists()
    finally:
        connection.close()


# Where each job stands is not what it made; the rest of these is worked out by the second.
NOT_MADE = {"jiaozuo_grid.jobclock"}
# These hold the moment of writing, or are drawn by lot.
OF_THE_MOMENT = {
    "coverage.snapshot.digest",
    "coverage.receipt.code",
    "coverage.report.packed",
    "coverage.report.xlsx_digest",
    "coverage.report.pdf_digest",
}


def made() -> dict[str, str]:
    """What stands in the database, by table, whatever its keys and the moments of writing are."""
    from django.apps import apps

    ours = (
        "accounts",
        "grids",
        "instructors",
        "stations",
        "activities",
        "coverage",
        "jiaozuo_grid",
    )
    return {
        model._meta.label_lower: _digest(model)
        for model in apps.get_models()
        if model._meta.app_label in ours and model._meta.label_lower not in NOT_MADE
    }


def _digest(model: Any) -> str:
    from django.db import models

    told = [
        f.attname
        for f in model._meta.concrete_fields
        if not isinstance(f, models.DateTimeField | models.FileField | models.UUIDField)
        and not f.is_relation
        and not f.primary_key
        and f"{model._meta.label_lower}.{f.name}" not in OF_THE_MOMENT
    ]
    rows = model._base_manager.order_by()
    if model._meta.label_lower == "jiaozuo_grid.jobrun":
        # A killed run is on record, an undisturbed one is not: only the old runs are compared.
        rows = rows.filter(counts={}, outcome="done")
    lines = sorted(repr(row) for row in rows.values_list(*told)) if told else [str(rows.count())]
    return f"{len(lines)} {hashlib.sha256(chr(10).join(lines).encode()).hexdigest()[:16]}"
