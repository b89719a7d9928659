"""A fold that is killed, and a fold among writers that commit late."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from coverage.folding import fold
from coverage.models import StaleMark
from coverage.recount import drift, rebuild
from tests import processes
from tests.builders import small_city
from tests.coverage.histories import History

KILLS = 4
# Folds one mark a transaction, so that there are many points to be killed at.
FOLDER = """
import django; django.setup()
from coverage.folding import fold_batch
print("ready", flush=True)
while fold_batch(1): pass
"""


@pytest.mark.django_db(transaction=True)
def test_a_fold_killed_anywhere_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """J1 in small: SIGKILL at random points of a real process, then an undisturbed fold."""
    small_city()
    rebuild()
    history = History(13)
    for _step in range(120):
        history.step()
    rng = random.Random(1)
    for _kill in range(KILLS):
        folder = processes.start(tmp_path, "-c", FOLDER)
        assert folder.stdout is not None
        folder.stdout.readline()
        time.sleep(rng.uniform(0, 0.15))
        processes.kill(folder)
    fold()
    assert not StaleMark.objects.exists()
    assert drift() == []


WRITERS, SESSIONS = 6, 12


def _write(seed: int, history: History) -> None:
    rng = random.Random(seed)
    try:
        for _session in range(SESSIONS):
            with transaction.atomic():
                history.log()
                time.sleep(rng.uniform(0, 0.02))
    finally:
        connection.close()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_writer_that_commits_late_is_not_missed() -> None:
    """J5 in small: marks become visible out of order while the fold runs all the time."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: commits cannot overtake each other")
    small_city()
    histories = [History(seed) for seed in range(WRITERS)]
    rebuild()
    threads: list[Any] = [
        threading.Thread(target=_write, args=(seed, history))
        for seed, history in enumerate(histories)
    ]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        fold()
    fold()
    assert drift() == []
