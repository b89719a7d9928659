"""Receiving what a phone sent: once, whatever is sent twice, too early or in another order."""

from __future__ import annotations

from typing import Any

from activities.outbox import amending, creating, words
from activities.outbox.answers import REFUSALS, Answer, explained, refused
from activities.outbox.body import read
from activities.outbox.kinds import kind_called
from activities.outbox.posted import Posted


def receive(user: Any, posted: Posted) -> Answer:
    """Do what was sent, or say why not; a resend gets the answer of the first time."""
    kind = kind_called(posted.kind)
    if kind is None or (not kind.amends and posted.record != posted.id):
        return refused(posted.id, "kind", words.unknown_kind())
    try:
        body = read(posted.body, kind)
        if kind.amends:
            return amending.receive(user, posted, kind, body)
        return creating.create(user, posted, kind, body)
    except REFUSALS as error:
        return explained(posted.id, error, user)
