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


def _commit_elsewhere(history: History) -> None:
    thread = threading.Thread(target=_write_one, args=(history,))
    thread.start()
    thread.join()


def _write_one(history: History) -> None:
    try:
        history.log()
    finally:
        connection.close()


@pytest.fixture
def folds_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fold that a commit asks for runs in a worker, not in the writer as tests usually have it:
    there it would wait for the lock of the very rebuild that waits for the writer.
    """
    monkeypatch.setattr("coverage.marks.ask_for_a_fold", lambda: None)


class Intruder:
    """Commits a session from another connection once a statement with these parts has run."""

    def __init__(self, history: History, *parts: str) -> None:
        self.parts, self.history, self.came = parts, history, False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if not self.came and all(part in sql for part in self.parts):
            self.came = True
            _commit_elsewhere(self.history)
        return result


@pytest.mark.postgresql
@pytest.mark.usefixtures("folds_elsewhere")
@pytest.mark.django_db(transaction=True)
def test_a_session_logged_during_a_rebuild_is_counted_at_every_level() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: nobody writes during a rebuild")
    small_city()
    history = History(3)
    history.log()
    intruder = Intruder(history, '"activities_session"', "GROUP BY")
    with connection.execute_wrapper(intruder):
        rebuild()
    assert intruder.came
    fold()
    assert drift() == []


@pytest.mark.postgresql
@pytest.mark.usefixtures("folds_elsewhere")
@pytest.mark.django_db(transaction=True)
def test_a_session_logged_during_a_recount_is_no_drift() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: nobody writes during a recount")
    small_city()
    history = History(3)
    history.log()
    rebuild()
    intruder = Intruder(history, 'FROM "coverage_spell"')
    with connection.execute_wrapper(intruder):
        assert drift() == []
    assert intruder.came
