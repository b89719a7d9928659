"""The world's rows of what phones sent and hold."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone

from activities.models import PhotoUpload, Session, SessionJoin, Submission, WaitingRecord
from tests import builders as b


def outbox_rows(session: Session, user: Any) -> dict[str, Any]:
    """One row of each; the user's person is at the grid."""
    return {
        "activities.waitingrecord": WaitingRecord.objects.create(
            id=UUID(int=31),
            area_code=b.GRID,
            user=user,
            phone=UUID(int=32),
            since=timezone.now(),
        ),
        "activities.submission": Submission.objects.create(
            id=UUID(int=33),
            kind="session/correct",
            record=session.pk,
            user=user,
            body={"after": None, "unknown": [], "values": {}},
            state="refused",
        ),
        "activities.photoupload": PhotoUpload.objects.create(
            id=UUID(int=34), record=session.pk, user=user, size=100
        ),
        "activities.sessionjoin": SessionJoin.objects.create(
            id=UUID(int=35), session=session, user=user
        ),
    }
