"""P1: every route × role × distance, as the table in tests/routes/table.py says."""

from __future__ import annotations

import re
from copy import copy, deepcopy
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from jiaozuo_grid.area import covers
from tests.routes.table import ADMIN, API, TABLE, WRITES, Row
from tests.routes.walk import routes, writes_of_the_api
from tests.routes.world import Actor, World, actors, build

PAGES = {pattern: row for pattern, row in TABLE.items() if not {pattern} & {*API, *ADMIN}}
GROUPS = {
    "pages": {f"{row.method} {pattern}": row for pattern, row in PAGES.items()},
    "api": {f"get {pattern}": row for pattern, row in API.items()} | WRITES,
    "admin": {f"{row.method} {pattern}": row for pattern, row in ADMIN.items()},
}


@pytest.mark.parametrize(
    ("there", "listed"),
    [(routes, TABLE), (writes_of_the_api, WRITES)],
    ids=["routes", "writes of the API"],
)
def test_every_route_has_its_row(there: Any, listed: dict[str, Row]) -> None:
    """A route is never open by omission (pitfall 16)."""
    missing, stale = sorted(there() - set(listed)), sorted(set(listed) - there())
    assert not missing, (
        f"Without a row in tests/routes/table.py: {missing}. Add for each"
        " Row(right, at=area, there=…, not_there=…), saying who may open it."
    )
    assert not stale, f"Rows of tests/routes/table.py for what is no more: {stale}"


def test_what_needs_no_right_has_a_reason() -> None:
    rows = {**TABLE, **WRITES}
    assert [pattern for pattern, row in rows.items() if not row.rights and not row.reason] == []


def address(pattern: str, parts: dict[str, Any]) -> str:
    """The address of a route: its pattern with the named parts filled in."""
    path = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda m: str(parts[m[1]]), pattern)
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(parts[m[1]]), path)
    return "/" + path.replace("^", "").replace("$", "")


def ask(client: Client, route: str, row: Row, parts: dict[str, Any]) -> Any:
    """The answer; whatever it wrote is taken back, so that each question finds the same world."""
    method, _space, pattern = route.partition(" ")
    more = {"content_type": "application/json"} if route in WRITES else {}
    cookies = copy(client.cookies)
    with transaction.atomic():
        response = getattr(client, method)(address(pattern, parts), row.data, **more)
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    client.cookies = cookies
    return response


def refused(response: Any) -> bool:
    """Refused, not there, or sent to sign in (the administration sends all who may not use it)."""
    sent = response.headers.get("Location", "")
    return response.status_code in (401, 403, 404) or sent.startswith(
        ("/sign-in/?", "/admin/login")
    )


def complaints(actor: Actor, route: str, row: Row, world: World) -> list[str]:
    """Where the answers to one actor differ from the table."""
    response = ask(actor.client, route, row, row.there(world))
    opened = not refused(response)
    where = f"{actor.name}: {route} answered {response.status_code}"
    if response.status_code >= 500:
        return [where]
    if opened != row.opens_for(actor):
        return [f"{where}, but the table says {'closed' if opened else 'open'}"]
    if opened and row.holding is not None:
        codes = [found["area_code"] for found in response.json()["results"]]
        return [f"{where} with {code}" for code in codes if not row.holding(actor, code)]
    sees = actor.in_force and row.at and covers(actor.area, row.at)
    if not opened and row.not_there is not None and not sees:
        nothing = ask(actor.client, route, row, row.not_there).status_code
        if nothing != response.status_code:
            return [f"{where}, and {nothing} where there is nothing (pitfall 18)"]
    return []


@pytest.fixture
def _short_refusals(settings: Any) -> None:
    """Thousands of refusals are drawn, and how they look is not asked here."""
    templates = deepcopy(settings.TEMPLATES)
    loaders = "django.template.loaders"
    short = {"403.html": "refused", "404.html": "not there"}
    others = [f"{loaders}.filesystem.Loader", f"{loaders}.app_directories.Loader"]
    templates[0]["APP_DIRS"] = False
    templates[0]["OPTIONS"]["loaders"] = [
        (f"{loaders}.cached.Loader", [(f"{loaders}.locmem.Loader", short), *others])
    ]
    settings.TEMPLATES = templates


@pytest.mark.django_db
@pytest.mark.usefixtures("_short_refusals")
@pytest.mark.parametrize("group", GROUPS)
def test_each_route_opens_for_whom_the_table_says(group: str) -> None:
    """P1, and P4: what is hidden answers as what is not there."""
    world = build()
    found = [
        complaint
        for actor in actors()
        for route, row in GROUPS[group].items()
        for complaint in complaints(actor, route, row, world)
    ]
    assert found == [], "\n".join(found)
