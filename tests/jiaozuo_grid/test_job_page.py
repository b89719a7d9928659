"""The page of a job."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from jiaozuo_grid import jobs
from jiaozuo_grid.jobs import Job, State, start_job
from tests.builders import user
from tests.jiaozuo_grid import works  # noqa: F401  (registers the kinds of work)

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "send", lambda job_id: None)


@pytest.fixture
def owner() -> User:
    return user("bureau_staff")


def part(client: Client, job: Job) -> str:
    return client.get(reverse("job", args=[job.pk]), headers={"hx-request": "true"}).text


def test_the_owner_sees_the_state_of_an_open_job_and_the_page_asks_again(
    owner: User, signed_in: SignedIn
) -> None:
    job = start_job("test add", owner, code="chess")
    page = signed_in(owner).get(reverse("job", args=[job.pk])).text
    assert 'data-job-state="pending"' in page
    assert "hx-trigger" in page
    assert "<noscript>" in page, "without JavaScript too"


def test_the_progress_component_comes_alone_and_stops_asking_at_the_end(
    owner: User, signed_in: SignedIn
) -> None:
    job = start_job("test add", owner, code="chess")
    client = signed_in(owner)
    assert "<html" not in part(client, job)
    jobs.run(job.pk)
    ended = part(client, job)
    assert 'data-job-state="done"' in ended
    assert "hx-trigger" not in ended
    assert "added" in ended


def test_a_failed_job_shows_its_reason_and_the_way_back(owner: User, signed_in: SignedIn) -> None:
    job = start_job("test refuse", owner, code="chess")
    jobs.run(job.pk)
    page = signed_in(owner).get(reverse("job", args=[job.pk])).text
    assert 'data-job-state="failed"' in page
    assert "line 3 is wrong" in page
    assert f'href="{reverse("home")}"' in page


def test_nobody_else_learns_that_a_job_exists(owner: User, signed_in: SignedIn) -> None:
    job = start_job("test add", owner, code="chess")
    other = signed_in(user("bureau_staff"))
    assert other.get(reverse("job", args=[job.pk])).status_code == 404
    assert other.post(reverse("job-cancel", args=[job.pk])).status_code == 404
    assert other.get(reverse("job", args=[job.pk + 1])).status_code == 404
    assert Client().get(reverse("job", args=[job.pk])).status_code == 302


def test_the_owner_cancels_a_waiting_job(owner: User, signed_in: SignedIn) -> None:
    job = start_job("test add", owner, code="chess")
    signed_in(owner).post(reverse("job-cancel", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == State.CANCELLED


def test_a_job_that_failed_and_is_tried_again_says_so(owner: User, signed_in: SignedIn) -> None:
    """J6: no silent waiting."""
    job = start_job("test faulty surroundings", owner)
    jobs.run(job.pk)
    page = signed_in(owner).get(reverse("job", args=[job.pk])).text
    assert "第 1 次尝试未成功" in page
