"""Kinds of work for the tests, and a Celery application that knows them (for a real worker)."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiaozuo_grid.settings")
django.setup()

from django.core.exceptions import ValidationError  # noqa: E402
from django.db import OperationalError  # noqa: E402

from accounts.audit import record  # noqa: E402
from grids.models import Sport  # noqa: E402
from jiaozuo_grid.celery import app  # noqa: E402
from jiaozuo_grid.jobs import Job, works_as  # noqa: E402

__all__ = ["app"]


def _add_sport(job: Job) -> None:
    Sport.objects.create(code=job.params["code"], name_zh=job.params["code"])


@works_as("test add", label="adding")
def add(job: Job) -> dict[str, Any]:
    job.report(1, 4)
    _add_sport(job)
    record(job.owner, "add", area_code="4108")
    return {"added": 1}


@works_as("test refuse")
def refuse(job: Job) -> dict[str, Any]:
    _add_sport(job)
    raise ValidationError("line 3 is wrong")


@works_as("test crash")
def crash(job: Job) -> dict[str, Any]:
    raise KeyError("secret detail")


@works_as("test faulty surroundings")
def faulty(job: Job) -> dict[str, Any]:
    raise OperationalError("database is away")


@works_as("test stall")
def stall(job: Job) -> dict[str, Any]:
    """The first attempt writes and then waits to be killed; the next one gets through."""
    _add_sport(job)
    if job.attempt == 1:
        Path(job.params["reached"]).touch()
        time.sleep(600)
    return {"attempt": job.attempt}
