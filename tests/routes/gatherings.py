"""A lecture, an event and a check-in, for the world of the routes."""

from __future__ import annotations

from datetime import time
from typing import Any
from uuid import UUID

from activities.models import CheckIn, Event, EventKind, Lecture
from jiaozuo_grid.lasting import today

GATHERING_ID = UUID("00000000-0000-4000-8000-0000000000a1")
NO_GATHERING = UUID(int=GATHERING_ID.int + 1)


def gathering_rows(area_code: str, user: Any) -> dict[str, Any]:
    held: dict[str, Any] = {
        "id": GATHERING_ID,
        "area_code": area_code,
        "held_on": today(),
        "start_time": time(0),
        "minutes": 90,
        "participants": 40,
        "logged_by": user,
    }
    return {
        "activities.lecture": Lecture.objects.create(topic="科学健身", **held),
        "activities.event": Event.objects.create(title="健步走", event_kind=EventKind.WALK, **held),
        "activities.checkin": CheckIn.objects.create(
            area_code=area_code + "01", held_on=today(), person=user.person
        ),
    }
