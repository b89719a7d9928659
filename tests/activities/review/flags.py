"""What the tests of the review list have in common."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from activities.models import FlagState, Session, SessionFlag
from jiaozuo_grid.lasting import today
from tests.activities.acting import log


def log_row(actor: Any, counts: list[int], **other: Any) -> list[Session]:
    """One session a week, the oldest first."""
    weeks = len(counts)
    return [
        log(actor, participants=n, held_on=today() - timedelta(days=1 + 7 * (weeks - at)), **other)
        for at, n in enumerate(counts)
    ]


def open_flags() -> set[tuple[Any, str]]:
    """(session, rule) of the flags that are still to be looked at."""
    rows = SessionFlag.objects.filter(state=FlagState.OPEN)
    return set(rows.values_list("session_id", "rule"))


def states(session: Session) -> dict[str, str]:
    return dict(session.flags.values_list("rule", "state"))
