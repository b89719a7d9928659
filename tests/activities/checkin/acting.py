"""A resident's phone, and what it opens."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from activities.checkin.codes import code_of
from tests.builders import HOBBY_GRID

ADDRESS = "203.0.113.7"


def phone(address: str = ADDRESS, **headers: Any) -> Client:
    """A browser of its own: with cookies, without an account."""
    return Client(REMOTE_ADDR=address, **headers)


def scanned(code: str = "") -> str:
    """The address in the code on the leader's phone."""
    return f"/c/{code or code_of(HOBBY_GRID)}/"


def ticket_in(page: Any) -> str:
    found = re.search(r'name="ticket" value="([^"]*)"', page.content.decode())
    return found[1] if found else ""


def check_in(client: Client, path: str = "", **sent: Any) -> Any:
    """Open the page and tap."""
    path = path or scanned()
    ticket = ticket_in(client.get(path))
    return client.post(path, {"ticket": ticket, **sent})
