"""What periodic jobs there are: each app declares its own in its ``tasks.py``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from jiaozuo_grid.periodic.schedules import Schedule

# What a run did, by name; None or all zero: nothing was to be done.
Counts = Mapping[str, int] | None
Text = str | Promise
# Where runs of seconds go (the folding of figures), and where all others go.
QUICK, LONG = "statistics", "long"


@dataclass(frozen=True)
class PeriodicJob:
    """A job that comes round by itself; see the package's docstring."""

    name: str
    title: Text
    about: Text
    work: Callable[[], Counts]
    schedule: Schedule
    waiting: Callable[[], bool] | None = None
    limit: timedelta = timedelta(minutes=50)
    silence: timedelta = timedelta(hours=1)
    queue: str = LONG
    counts: Mapping[str, Text] = field(default_factory=dict)


_declared: dict[str, PeriodicJob] = {}
Work = Callable[[], Counts]


def periodic(
    name: str,
    *,
    title: Text,
    schedule: Schedule,
    about: Text = "",
    waiting: Callable[[], bool] | None = None,
    limit: timedelta = PeriodicJob.limit,
    silence: timedelta = PeriodicJob.silence,
    queue: str = LONG,
    counts: Mapping[str, Text] | None = None,
) -> Callable[[Work], Work]:
    """Declare the function as a periodic job; it stays a plain function."""

    def declare(work: Work) -> Work:
        if name in _declared:
            raise ValueError(f"there is a periodic job {name} already")
        _declared[name] = PeriodicJob(
            name, title, about, work, schedule, waiting, limit, silence, queue, counts or {}
        )
        return work

    return declare


def declared() -> dict[str, PeriodicJob]:
    """All periodic jobs by name, in the order of the floors."""
    _discover()
    return _declared


@cache
def _discover() -> None:
    autodiscover_modules("tasks")
