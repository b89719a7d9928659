"""What the tests of sessions have in common: a usual session, and ways to send it."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.utils import timezone

from accounts.models import User
from activities.actions import log_session
from activities.models import Session
from jiaozuo_grid.lasting import today
from tests.builders import HOBBY_GRID

API = "/api/v1/activities/"
FORM = f"/m/log/{HOBBY_GRID}/"


def yesterday() -> date:
    return today() - timedelta(days=1)


def usual(**other: Any) -> dict[str, Any]:
    """The arguments of a session that can be believed on any day of the year."""
    values = {
        "id": uuid4(),
        "area_code": HOBBY_GRID,
        "held_on": yesterday(),
        "start_time": time(19, 30),
        "minutes": 60,
        "participants": 20,
        "place": "文化广场",
        "note": "",
    }
    return {**values, **other}


def log(actor: Any, **other: Any) -> Session:
    return log_session(actor, **usual(**other))[0]


def body(**other: Any) -> dict[str, Any]:
    """The same as a phone sends it."""
    values = usual(**other)
    return {name: str(value) for name, value in values.items() if value is not None}


def send(client: Client, values: dict[str, Any], url: str = API) -> Any:
    return client.post(url, values, content_type="application/json")


def age(session: Session, days: float) -> None:
    """Let it be logged that many days ago."""
    logged_at = timezone.now() - timedelta(days=days)
    Session.objects.filter(pk=session.pk).update(logged_at=logged_at)
    session.logged_at = logged_at


def values_of(key: UUID) -> dict[str, Any]:
    row: dict[str, Any] = Session.objects.filter(pk=key).values().get()
    return row


def renewed(user: User) -> User:
    """The same user as the next request sees them: with nothing remembered."""
    return User.objects.get(pk=user.pk)
