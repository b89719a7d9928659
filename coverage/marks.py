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
    transaction.on_commit(ask_for_a_fold)


def ask_for_a_fold() -> None:
    soon("fold")
