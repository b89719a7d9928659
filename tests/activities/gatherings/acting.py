"""A usual lecture and a usual event, and ways to send them."""

from __future__ import annotations

from datetime import time
from typing import Any
from uuid import uuid4

from activities.actions import log_event, log_lecture
from activities.models import Event, Lecture
from tests.activities.acting import yesterday
from tests.builders import GRID

KINDS = ("lecture", "event")
LOG: dict[str, Any] = {"lecture": log_lecture, "event": log_event}
MODELS: dict[str, Any] = {"lecture": Lecture, "event": Event}
NAME = {"lecture": "topic", "event": "title"}


def usual(kind: str, **other: Any) -> dict[str, Any]:
    """The arguments of one that can be believed on any day of the year."""
    values: dict[str, Any] = {
        "id": uuid4(),
        "area_code": GRID,
        "held_on": yesterday(),
        "start_time": time(9, 30),
        "minutes": 90,
        "participants": 40,
        "place": "村委会",
        "note": "",
    }
    if kind == "lecture":
        values |= {"topic": "科学健身", "guest": "王教授"}
    else:
        values |= {"title": "健步走", "event_kind": "walk"}
    return {**values, **other}


def held(kind: str, actor: Any, **other: Any) -> Any:
    return LOG[kind](actor, **usual(kind, **other))[0]


def form_of(kind: str, **other: Any) -> dict[str, Any]:
    """What the page posts."""
    values = usual(kind, **other)
    return {name: str(value) for name, value in values.items() if value is not None}


def submission(kind: str, **other: Any) -> dict[str, Any]:
    """The body as the outbox sends it."""
    values = usual(kind, **other)
    values.pop("id")
    return {name: str(value) for name, value in values.items() if value is not None}
