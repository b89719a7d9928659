"""A phone as the server sees it: what it sends, and when it thinks it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from accounts.models import User
from activities.outbox.author import author_key
from tests.activities.acting import usual

OUTBOX = "/api/v1/outbox/"
MANIFEST = "/api/v1/outbox/manifest/"


def session_body(**other: Any) -> dict[str, Any]:
    """The body of a session that can be believed, as a phone writes it."""
    values = usual(**other)
    del values["id"]
    values["start_time"] = str(values["start_time"])[:5]
    return {name: str(v) if name == "held_on" else v for name, v in values.items()}


class Phone:
    """A phone in somebody's hands. ``ahead`` is by how much its clock is wrong."""

    def __init__(self, user: User, client: Client | None = None) -> None:
        self.user, self.author, self.phone = user, author_key(user), str(uuid4())
        self.client = client or Client(raise_request_exception=False)
        self.client.force_login(user)
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return timezone.now() + self.ahead

    def make(self, kind: str, body: dict[str, Any], **other: Any) -> dict[str, Any]:
        """A submission, not sent yet."""
        id = str(other.pop("id", uuid4()))
        made = other.pop("made_at", self.now())
        return {
            "id": id,
            "kind": kind,
            "record": id,
            "author": self.author,
            "form": 1,
            "made_at": made.isoformat(),
            "contact_at": None,
            "replaces": None,
            "after": None,
            "body": body,
            **other,
        }

    def log(self, **other: Any) -> dict[str, Any]:
        beside = {name: other.pop(name) for name in _BESIDE & set(other)}
        return self.make("session/log", session_body(**other), **beside)

    def correct(self, record: Any, after: Any = None, **changes: Any) -> dict[str, Any]:
        body = {"reason": "数错了", **changes}
        return self.make("session/correct", body, record=_id(record), after=_id(after or record))

    def withdraw(self, record: Any, after: Any = None, **body: Any) -> dict[str, Any]:
        body = {"reason": "没有举行", **body}
        return self.make("session/withdraw", body, record=_id(record), after=_id(after or record))

    def send(self, submission: dict[str, Any], **other: Any) -> Any:
        sent_at = (self.now()).isoformat()
        return self.post(OUTBOX, {"sent_at": sent_at, **submission, **other})

    def report(self, *waiting: dict[str, Any], **other: Any) -> Any:
        """Say what waits: submissions that were made and not sent."""
        said = [[one["id"], one["made_at"]] for one in waiting]
        told = {"author": self.author, "phone": self.phone, "waiting": said, **other}
        return self.post(MANIFEST, told)

    def post(self, url: str, values: dict[str, Any]) -> Any:
        return self.client.post(url, values, content_type="application/json")


_BESIDE = {"id", "made_at", "sent_at", "contact_at", "replaces", "after", "author", "form"}


def _id(of: Any) -> str:
    return str(of["id"] if isinstance(of, dict) else of)
