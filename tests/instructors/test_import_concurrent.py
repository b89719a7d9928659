"""Several imports at the same moment (pitfalls I2)."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts.models import AuditEntry
from grids.models import Role
from instructors.models import Certificate, Instructor
from jiaozuo_grid.jobs import run, start_job
from jiaozuo_grid.spreadsheets import work
from jiaozuo_grid.spreadsheets.model import ImportState, SheetImport
from jiaozuo_grid.spreadsheets.pages import store
from tests import builders as b
from tests import sheets as s

AT_ONCE = 5


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_five_imports_of_overlapping_rows_end_as_if_one_came_after_the_other() -> None:
    """Each is written whole or not at all; who was too late checks again and loses nothing."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL's concurrency")
    b.small_city()
    bureau = b.user(Role.BUREAU_STAFF)
    waiting = []
    for n in range(AT_ONCE):
        # Each file shares forty of its sixty rows with the next.
        rows = [s.instructor_row(k) for k in range(20 * n, 20 * n + 60)]
        file = SimpleUploadedFile("名单.xlsx", s.xlsx(rows))
        one = store(bureau, s.sheet("instructors"), file)
        run(one.job_id or 0)
        one.refresh_from_db()
        assert one.state == ImportState.READY
        waiting.append(one)
    rounds = 0
    while waiting:
        rounds += 1
        assert rounds <= AT_ONCE
        _all_at_once(waiting)
        for one in waiting:
            one.refresh_from_db()
        late = [one for one in waiting if one.state != ImportState.DONE]
        assert len(late) < len(waiting)
        for one in late:
            assert one.job is not None
            assert one.job.state == "failed"
            run(work.start(work.CHECK, one, ImportState.CHECKING).pk)
            one.refresh_from_db()
            assert one.state == ImportState.READY
        waiting = [one for one in late if one.figures["new"] or one.figures["changed"]]
    numbers = set(Certificate.objects.values_list("number", flat=True))
    assert numbers == {f"豫三{k:08d}" for k in range(20 * (AT_ONCE - 1) + 60)}
    assert Instructor.objects.count() == Certificate.objects.count() == len(numbers)
    entered = Counter(
        AuditEntry.objects.filter(verb="enter instructor").values_list("object_id", flat=True)
    )
    assert set(entered.values()) == {1}


def _all_at_once(imports: list[SheetImport]) -> None:
    jobs = [work.start(work.COMMIT, one, ImportState.IMPORTING) for one in imports]
    barrier = Barrier(len(jobs))

    def commit(pk: int) -> None:
        try:
            barrier.wait()
            run(pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        list(pool.map(commit, [job.pk for job in jobs]))


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_job_that_is_done_twice_imports_once() -> None:
    b.small_city()
    bureau = b.user(Role.BUREAU_STAFF)
    one = store(bureau, s.sheet("instructors"), SimpleUploadedFile("a.xlsx", _file()))
    run(one.job_id or 0)
    one.refresh_from_db()
    job = work.start(work.COMMIT, one, ImportState.IMPORTING)
    run(job.pk)
    run(job.pk)
    one.refresh_from_db()
    with pytest.raises(ValidationError):
        work.start(work.COMMIT, one, ImportState.IMPORTING)
    run(start_job(work.COMMIT, bureau, pk=one.pk).pk)
    one.refresh_from_db()
    assert (one.state, Instructor.objects.count()) == (ImportState.DONE, 1)


def _file() -> bytes:
    return s.xlsx([s.instructor_row(1)])
