"""What the tests of stations share: a small city, people in posts, a station with everything."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from accounts.models import Person, User
from grids.models import Role
from jiaozuo_grid.lasting import today
from stations import actions
from stations.actions import Hours
from stations.models import Station
from tests import builders as b

YESTERDAY = today() - timedelta(days=1)
EVENINGS = Hours("12345", time(19), time(21), guided=True)
OPEN = Hours("1234567", time(6), time(22))


def bureau() -> User:
    return b.user(Role.BUREAU_STAFF, b.CITY)


def official() -> User:
    return b.user(Role.COUNTY_OFFICIAL, b.COUNTY)


def officer(township: str = b.TOWNSHIP) -> User:
    return b.user(Role.TOWNSHIP_OFFICER, township)


def somebody(name: str = "", **fields: Any) -> Person:
    return b.person(b.VILLAGE, name, **fields)


def full_station(actor: User, **facts: Any) -> Station:
    """A station that meets the standard, with somebody responsible."""
    station = actions.enter_station(
        actor,
        b.VILLAGE,
        **{
            "name": "文化广场健身站点",
            "usual_people": 40,
            "longitude": 112.94,
            "latitude": 35.09,
            "sports": [b.sport()],
            "started_on": b.BEGINNING,
            **facts,
        },
    )
    actions.make_responsible(actor, station, somebody("王建国", phone="13812345678"))
    for name in ("李秀英", "张红霞"):
        actions.post_instructor(actor, station, somebody(name))
    actions.set_opening_hours(actor, station, [EVENINGS, OPEN])
    return station
