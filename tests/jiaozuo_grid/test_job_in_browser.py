"""The progress of a job in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from jiaozuo_grid import jobs
from jiaozuo_grid.jobs import start_job
from tests.builders import CITY, division, user
from tests.jiaozuo_grid import works  # noqa: F401  (registers the kinds of work)


@pytest.mark.e2e
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("phone", [True, False])
def test_the_page_follows_the_job_to_its_end_by_itself(
    open_page: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, phone: bool
) -> None:
    monkeypatch.setattr(jobs, "send", lambda job_id: None)
    division(CITY, "焦作市")
    owner = user("bureau_staff")
    job = start_job("test add", owner, code="chess")
    page = open_page(owner, phone=phone, path=reverse("job", args=[job.pk]))
    page.wait_for_selector('[data-job-state="pending"] progress')
    jobs.run(job.pk)
    page.wait_for_selector('[data-job-state="done"]')
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"]
