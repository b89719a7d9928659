"""Whatever stands in an address or a filter, no page and no API answers 5xx."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from coverage.recount import rebuild
from tests.builders import CITY, TOWNSHIP, user
from tests.coverage.living_city import living_city

CODES = ["abc", "４１０８", "4108\x00", "9" * 20, "-1", "41088", "410882001203001999", "'", "4108 "]
ROUTES = [
    "/coverage/{}/",
    "/coverage/{}/live/",
    "/coverage/4108/rows/{}/",
    "/coverage/4108/gaps/{}/",
    "/grids/{}/",
    "/m/log/{}/",
    "/api/v1/coverage/{}/",
    "/api/v1/coverage/{}/trend/",
    "/api/v1/coverage/{}/gaps/",
    "/api/v1/coverage/{}/rows/",
    "/api/v1/outlines/{}/",
    "/api/v1/activities/{}/",
    "/api/v1/grids/{}/",
]
VALUES = ["\x00", "9" * 30, "2026-13-45", "0000-00-00", "-1", "1e9", "é" * 300, "[]"]
FILTERS = {
    "/grids/": ["within", "kind", "page", "name"],
    "/sessions/": ["within", "from_day", "to_day", "sport", "state", "page"],
    "/appointments/": ["within", "role", "on", "page"],
    "/people/": ["page", "name", "within"],
    "/coverage/4108/": ["on", "sort"],
    "/m/": ["q", "within", "logged"],
    "/api/v1/coverage/4108/": ["on", "map"],
    "/api/v1/coverage/4108/trend/?measure=grids": ["measure", "from", "to", "map"],
    "/api/v1/coverage/4108/gaps/": ["indicator", "on", "after", "page_size"],
    "/api/v1/coverage/4108/rows/?measure=sessions": ["measure", "on", "after", "page_size"],
    "/api/v1/activities/": ["within", "on_or_after", "before", "cursor", "page_size"],
    "/api/v1/grids/": ["within", "on", "cursor", "page_size"],
}


@pytest.fixture
def clients(db: None, signed_in: Callable[..., Any]) -> list[Any]:
    living_city()
    rebuild()
    found = [
        signed_in(user("bureau_staff", CITY)),
        signed_in(user("township_officer", TOWNSHIP)),
    ]
    for client in found:
        client.raise_request_exception = False
    return found


def test_a_code_that_is_none_is_refused_and_breaks_nothing(clients: list[Any]) -> None:
    for route in ROUTES:
        for code in CODES:
            address = route.format(quote(code))
            for client in clients:
                assert client.get(address).status_code in (302, 403, 404), address


def test_a_filter_that_is_nonsense_breaks_nothing(clients: list[Any]) -> None:
    for path, names in FILTERS.items():
        for name in names:
            for value in VALUES:
                for client in clients:
                    answer = client.get(path, {name: value})
                    assert answer.status_code < 500, (path, name, value)
