"""What the rules are asked with, and what they answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from activities.models import Session

# For each session that was judged, what is doubted about it, or None.
Verdicts = dict[UUID, dict[str, Any] | None]
# The rules' numbers by their names (activities/review/thresholds.py).
Values = Mapping[str, float]


@dataclass(frozen=True)
class Stood:
    """All that the rules know of a session, now or before it was amended."""

    key: UUID
    area_code: str
    held_on: date
    start_time: time
    participants: int
    photo_print: str
    counts: bool


def stood(session: Session) -> Stood:
    return Stood(
        session.pk,
        session.area_code,
        session.held_on,
        session.start_time,
        session.participants,
        session.photo_print,
        session.withdrawn_at is None,
    )


@dataclass(frozen=True)
class Written:
    """A session that was just logged, amended, or given its photo."""

    session: Session
    now: Stood
    # None: it is new.
    before: Stood | None

    @property
    def places(self) -> list[Stood]:
        """Where it stands, and where it stood: it may matter to the sessions around both."""
        return [self.now] if self.before is None else [self.now, self.before]
