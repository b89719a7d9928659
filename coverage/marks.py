"""Announced facts become stale marks, in the writer's transaction; a fold is asked for after it."""

from __future__ import annotations

from django.db import transaction

from coverage.models import StaleMark
from jiaozuo_grid.listeners import Fact, announced_cause
from jiaozuo_grid.periodic import soon


def mark_stale(facts: list[Fact]) -> None:
    """Remember what changed; called inside the transaction of the change."""
    StaleMark.objects.bulk_create(
        [
            StaleMark(
                area_code=fact.area_code,
                month=fact.day.replace(day=1) if fact.day else None,
                day=fact.day,
                cause=announced_cause(),
                about=fact.about,
            )
            for fact in facts
        ],
        batch_size=1000,
    )
    if not _is_asked_for():
        transaction.on_commit(ask_for_a_fold)


def _is_asked_for() -> bool:
    """Whether the transaction asks for a fold already: each time is a trip to the cache.

    A savepoint that is rolled back takes its wish with it, as it takes the marks.
    """
    waiting = transaction.get_connection().run_on_commit
    return any(callback is ask_for_a_fold for _savepoints, callback, *_rest in waiting)


def ask_for_a_fold() -> None:
    soon("fold")
