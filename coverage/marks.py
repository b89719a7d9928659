"""Announced facts become stale marks, in the writer's transaction; a fold is asked for after it."""

from __future__ import annotations

import logging

from django.core.cache import cache
from django.db import transaction

from coverage.models import StaleMark
from jiaozuo_grid.listeners import Fact

log = logging.getLogger(__name__)


def mark_stale(facts: list[Fact]) -> None:
    """Remember what changed; called inside the transaction of the change."""
    StaleMark.objects.bulk_create(
        [
            StaleMark(
                area_code=fact.area_code,
                month=fact.day.replace(day=1) if fact.day else None,
            )
            for fact in facts
        ],
        batch_size=1000,
    )
    transaction.on_commit(ask_for_a_fold)


def ask_for_a_fold() -> None:
    """Tell a worker, at most once a second; the beat folds whatever was not told."""
    from coverage.tasks import fold

    try:
        if cache.add("coverage-fold-asked", True, timeout=1):
            fold.apply_async(expires=60)
    except Exception:  # broker and cache raise their own; a write must not fail for either
        log.warning("the fold could not be asked for; the beat will", exc_info=True)
