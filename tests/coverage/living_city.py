"""A small city in which every measure has something to count, and a reader for coverage pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

from activities.models import Session
from grids.models import ResidentCount
from jiaozuo_grid.lasting import today
from tests import builders
from tests.builders import (
    BEGINNING,
    CITY,
    COMMUNITY,
    GRID,
    HOBBY_GRID,
    OTHER_HOBBY_GRID,
    TOWNSHIP,
    VILLAGE,
    appoint,
    instructor,
    person,
    station,
    user,
)


def session(area_code: str = HOBBY_GRID, held_on: date | None = None, **fields: Any) -> Session:
    return Session.objects.create(
        area_code=area_code,
        held_on=held_on or today(),
        **{
            "start_time": time(19, 30),
            "minutes": 60,
            "participants": 20,
            "logged_by": fields.pop("logged_by", None) or user(),
            **fields,
        },
    )


def residents(area_code: str, **fields: Any) -> ResidentCount:
    return ResidentCount.objects.create(
        area_code=area_code, **{"started_on": BEGINNING, "source": "村委会", **fields}
    )


def living_city() -> None:
    """Of three villages one has no known households; of two grids one is led and active."""
    builders.small_city()
    residents(VILLAGE, population=1200, households=300, villager_groups=2)
    residents(COMMUNITY, population=2600, households=1000)
    builders.grid(VILLAGE + "002")
    builders.hobby_grid(GRID + "02")
    builders.hobby_grid(VILLAGE + "00001")
    leader = person(GRID, "李秀英", phone="13800001234")
    appoint(leader, "grid_leader", GRID)
    appoint(person(GRID, "王海燕"), "grid_member", HOBBY_GRID)
    appoint(person(TOWNSHIP, "张建国", phone="13900005678"), "township_officer", TOWNSHIP)
    logged_by = user("bureau_staff", CITY)
    for days in (0, 1, 3, 29, 30, 40, 70, 200):
        session(held_on=today() - timedelta(days=days), participants=15 + days, logged_by=logged_by)
    session(OTHER_HOBBY_GRID, today() - timedelta(days=45), logged_by=logged_by)
    session(VILLAGE + "00001", today() - timedelta(days=2), logged_by=logged_by)
    session(participants=99, withdrawn_at="2026-01-01T00:00:00+08:00", logged_by=logged_by)
    for code in (VILLAGE, VILLAGE, COMMUNITY):
        instructor(code)
    instructor(VILLAGE, ended_on=today() - timedelta(days=10))
    station(VILLAGE)
    station(COMMUNITY, "社区站", started_on=today() - timedelta(days=20))


def text_of(response: Any) -> str:
    return str(response.content.decode())


def measures_shown(response: Any) -> dict[str, int | None]:
    """The figures on the tiles of a coverage page by measure; None where it says "no data"."""
    tiles = re.findall(r'data-measure="(\w+)"(?: data-value="(\d+)")?', text_of(response))
    return {key: int(value) if value else None for key, value in tiles}


def links_shown(response: Any, part: str) -> list[str]:
    """The addresses on the page that contain ``part``, each once."""
    found = re.findall(r'href="([^"]*)"', text_of(response))
    return list(dict.fromkeys(url.replace("&amp;", "&") for url in found if part in url))


def pages_of(client: Any, url: str) -> Iterator[str]:
    """The pages of a list, one after the other."""
    query = url
    while query:
        response = client.get(query)
        assert response.status_code == 200, query
        text = text_of(response)
        yield text
        after = re.search(r'rel="next" href="([^"]*)"', text)
        query = url.split("?")[0] + after[1].replace("&amp;", "&") if after else ""


def rows_on(page: str) -> list[tuple[str, int | None]]:
    """(code, amount) of every row on a page of a list."""
    found = re.findall(r'data-row="(\d+)"(?: data-amount="(\d+)")?', page)
    return [(code, int(amount) if amount else None) for code, amount in found]


def figure_on(page: str) -> int | None:
    """The figure at the head of a page of a list."""
    found = re.search(r'data-figure="(\d*)"', page)
    assert found is not None
    return int(found[1]) if found[1] else None


def rows_listed(client: Any, url: str) -> list[tuple[str, int | None]]:
    """(code, amount) of every row of a list, page by page."""
    return [row for page in pages_of(client, url) for row in rows_on(page)]


def figure_stated(client: Any, url: str) -> int | None:
    """The figure at the head of a list."""
    return figure_on(text_of(client.get(url)))
