"""P1: every route × role × distance, as the table in tests/routes/table.py says."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.routes.table import ADMIN, API, TABLE, Row
from tests.routes.walk import routes
from tests.routes.world import Actor, World, actors, build

GROUPS = {
    "pages": [pattern for pattern in TABLE if pattern not in API and pattern not in ADMIN],
    "api": list(API),
    "admin": list(ADMIN),
}


def test_every_route_has_its_row() -> None:
    """A route is never open by omission (pitfall 16)."""
    missing, stale = sorted(routes() - set(TABLE)), sorted(set(TABLE) - routes())
    assert not missing, (
        f"New routes without a row in tests/routes/table.py: {missing}. Add for each"
        " Row(right, at=area, there=…, not_there=…), saying who may open it."
    )
    assert not stale, f"Rows of tests/routes/table.py for routes that are no more: {stale}"


def test_what_needs_no_right_has_a_reason() -> None:
    without = [p for p, row in TABLE.items() if not row.rights and not row.reason]
    assert without == []


def address(pattern: str, parts: dict[str, Any]) -> str:
    """The address of a route: its pattern with the named parts filled in."""
    path = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda m: str(parts[m[1]]), pattern)
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(parts[m[1]]), path)
    return "/" + path.replace("^", "").replace("$", "")


def ask(client: Client, row: Row, pattern: str, parts: dict[str, Any]) -> Any:
    """The answer; whatever it wrote is taken back, so that each question finds the same world."""
    with transaction.atomic():
        response = getattr(client, row.method)(address(pattern, parts), row.data)
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    return response


def refused(response: Any, row: Row) -> bool:
    """403, 404, or sent to sign in (the administration sends all who may not use it there)."""
    if row.or_empty and response.status_code == 200:
        return response.json()["results"] == []
    sent = response.headers.get("Location", "")
    return response.status_code in (401, 403, 404) or sent.startswith(
        ("/sign-in/?", "/admin/login")
    )


def complaints(actor: Actor, client: Client, pattern: str, world: World) -> list[str]:
    """Where the answers to one actor differ from the table."""
    row = TABLE[pattern]
    response = ask(client, row, pattern, row.there(world))
    opened = not refused(response, row)
    found = []
    where = f"{actor.name}: {row.method} {pattern or '(home)'} answered {response.status_code}"
    if response.status_code >= 500:
        found.append(where)
    elif opened != row.opens_for(actor):
        found.append(f"{where}, but the table says {'open' if not opened else 'closed'}")
    if not opened and row.not_there is not None:
        nothing = ask(client, row, pattern, row.not_there)
        if nothing.status_code != response.status_code:
            found.append(f"{where}, and {nothing.status_code} where there is nothing (pitfall 18)")
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("group", GROUPS)
def test_each_route_opens_for_whom_the_table_says(group: str) -> None:
    """P1, and P4 for the difference between hidden and absent."""
    world = build()
    found = []
    for actor in actors():
        client = actor.client()
        for pattern in GROUPS[group]:
            found += complaints(actor, client, pattern, world)
            if pattern == "sign-out/" or pattern == "admin/logout/":
                client = actor.client()
    assert found == [], "\n".join(found)
