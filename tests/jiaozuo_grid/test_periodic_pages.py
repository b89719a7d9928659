"""The page of the periodic jobs, running one again, and what an alarm may ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, User
from accounts.running_again import run_again
from grids.models import Role
from jiaozuo_grid.periodic import asking, declared
from jiaozuo_grid.periodic.models import JobClock, JobRun, Outcome, Reason
from jiaozuo_grid.periodic.reading import any_overdue, standings
from jiaozuo_grid.periodic.running import clock_of, make_clocks
from tests import builders as b
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db
FOLD = "fold"


@pytest.fixture
def clocks() -> None:
    """All jobs were asked and are in order."""
    for job in declared().values():
        clock_of(job)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    sent: list[str] = []
    monkeypatch.setattr("accounts.running_again.ask", lambda job: sent.append(job.name))
    return sent


def staff(role: str = Role.BUREAU_STAFF) -> User:
    return b.user(role, b.CITY)


def a_run(outcome: str = Outcome.DONE, **fields: Any) -> JobRun:
    now = timezone.now()
    given = {"name": FOLD, "due_at": now, "started_at": now, "ended_at": now, "attempt": 1}
    return JobRun.objects.create(**{**given, "outcome": outcome, **fields})


def row_of(page: str, name: str) -> str:
    start = page.index(f'data-job="{name}"')
    return page[start : page.index("</tr>", start)]


@pytest.mark.usefixtures("clocks")
def test_the_page_shows_every_declared_job_with_its_next_run(
    signed_in: Callable[[User], Client],
) -> None:
    page = signed_in(staff()).get("/jobs/").content.decode()
    for name, job in declared().items():
        row = row_of(page, name)
        assert str(job.title) in row
        assert str(job.schedule) in row


@pytest.mark.usefixtures("clocks")
def test_a_failure_is_on_the_page_with_its_reason_at_once(
    signed_in: Callable[[User], Client],
) -> None:
    """J6."""
    a_run(Outcome.FAILED, reason=Reason.FILES, detail="No space left on device")
    JobClock.objects.filter(name=FOLD).update(failures=1)
    row = row_of(signed_in(staff()).get("/jobs/").content.decode(), FOLD)
    assert 'data-state="retrying"' in row
    assert "No space left on device" in row


@pytest.mark.usefixtures("clocks")
def test_what_was_given_up_and_what_is_late_stand_first() -> None:
    JobClock.objects.filter(name="recount").update(given_up_at=timezone.now())
    JobClock.objects.filter(name="tidy-runs").update(due_at=timezone.now() - timedelta(days=1))
    first, second = [(s.job.name, s.state) for s in standings()[:2]]
    assert (first, second) == (("recount", "given_up"), ("tidy-runs", "late"))


@pytest.mark.usefixtures("clocks")
def test_the_cost_of_the_pages_does_not_grow_with_the_runs(
    signed_in: Callable[[User], Client],
) -> None:
    client = signed_in(staff())
    for many in (1, 40):
        JobRun.objects.bulk_create(
            JobRun(
                name=name,
                due_at=timezone.now(),
                started_at=timezone.now(),
                ended_at=timezone.now(),
                attempt=1,
                outcome=Outcome.DONE,
                counts={"marks": 1},
            )
            for name in declared()
            for _n in range(many)
        )
        assert_query_count(client, "/jobs/", "jobs/list")
        assert_query_count(client, f"/jobs/of/{FOLD}/", "jobs/one")
    assert all(len(standing.runs) == 20 for standing in standings())


@pytest.mark.usefixtures("clocks")
def test_running_again_forgets_the_failures_and_is_on_the_trail(
    asked: list[str],
    signed_in: Callable[[User], Client],
    django_capture_on_commit_callbacks: Any,
) -> None:
    user = staff()
    JobClock.objects.filter(name="recount").update(
        failures=4, not_before=timezone.now() + timedelta(minutes=4)
    )
    with django_capture_on_commit_callbacks(execute=True):
        answer = signed_in(user).post("/jobs/of/recount/run/", follow=True)
    assert answer.status_code == 200
    clock = JobClock.objects.get(name="recount")
    assert clock.due_at <= timezone.now()
    assert (clock.failures, clock.not_before, clock.wanted_by) == (0, None, user)
    assert asked == ["recount"]
    assert AuditEntry.objects.get(verb="run job").label == "recount"


@pytest.mark.usefixtures("clocks")
def test_a_job_that_runs_is_not_asked_to_run_again(
    asked: list[str], signed_in: Callable[[User], Client]
) -> None:
    JobClock.objects.filter(name="recount").update(started_at=timezone.now())
    answer = signed_in(staff()).post("/jobs/of/recount/run/", follow=True)
    assert "该任务正在运行" in answer.content.decode()
    assert not AuditEntry.objects.filter(verb="run job").exists()


@pytest.mark.usefixtures("clocks")
def test_an_auditor_reads_and_runs_nothing(
    asked: list[str], signed_in: Callable[[User], Client]
) -> None:
    auditor = staff(Role.AUDITOR)
    page = signed_in(auditor).get("/jobs/")
    assert page.status_code == 200
    assert "/run/" not in page.content.decode()
    with pytest.raises(PermissionDenied):
        run_again(auditor, declared()["recount"])


def test_the_alarm_is_quiet_while_every_job_is_in_order(clocks: None) -> None:
    answer = Client().get("/health/jobs/", headers={"host": "10.0.0.9:8000"})
    assert (answer.status_code, answer.text) == (200, "jobs: ok\n")


@pytest.mark.parametrize(
    "trouble",
    [
        {"given_up_at": timezone.now()},
        {"due_at": timezone.now() - timedelta(days=1)},
    ],
)
def test_the_alarm_tells_of_a_job_in_trouble_and_not_of_which(
    clocks: None, trouble: dict[str, Any]
) -> None:
    JobClock.objects.filter(name=FOLD).update(**trouble)
    answer = Client().get("/health/jobs/")
    assert (answer.status_code, answer.text) == (503, "jobs: overdue\n")


def test_the_alarm_tells_when_no_job_was_ever_asked() -> None:
    assert Client().get("/health/jobs/").status_code == 503


def test_the_alarm_tells_of_a_job_that_no_worker_ever_takes() -> None:
    """Its queue has no worker: beat has made its clock all the same."""
    make_clocks()
    assert not any_overdue()
    silence = declared()["recount"].silence
    JobClock.objects.filter(name="recount").update(due_at=timezone.now() - 2 * silence)
    assert Client().get("/health/jobs/").status_code == 503


def test_the_alarm_tells_when_nobody_can_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> bool:
        raise OperationalError("no route")

    monkeypatch.setattr("jiaozuo_grid.health.any_overdue", away)
    answer = Client().get("/health/jobs/")
    assert (answer.status_code, answer.text) == (503, "jobs: unknown\n")


def test_a_job_that_is_declared_no_longer_raises_no_alarm(clocks: None) -> None:
    JobClock.objects.create(name="of-last-year", due_at=timezone.now() - timedelta(days=300))
    assert "of-last-year" not in {standing.job.name for standing in standings()}
    assert Client().get("/health/jobs/").status_code == 200


@pytest.mark.parametrize("away", ["cache", "broker"])
def test_a_broker_or_cache_that_is_away_fails_no_write_and_is_let_alone_for_a_while(
    monkeypatch: pytest.MonkeyPatch, away: str
) -> None:
    """J3: each try would wait for the silent Redis, and the writer with it."""
    from jiaozuo_grid.tasks import run_periodic

    tries: list[str] = []

    def silent(*args: Any, **kwargs: Any) -> None:
        tries.append(away)
        raise ConnectionError("no redis")

    monkeypatch.setattr(asking, "_let_alone_until", 0.0)
    if away == "broker":
        monkeypatch.setattr(run_periodic, "apply_async", silent)
    else:
        monkeypatch.setattr(asking.cache, "add", silent)
    asking.soon(FOLD)
    asking.soon(FOLD)
    assert tries == [away]


def test_beat_asks_every_job_often_and_its_questions_expire() -> None:
    for name, entry in asking.questions().items():
        assert entry["args"] == (name,)
        assert entry["schedule"] <= asking.LOOK
        assert entry["options"]["expires"] <= asking.LOOK.total_seconds()
