"""Small builders that several apps' tests share: areas, people, posts."""

from __future__ import annotations

from datetime import date, time
from itertools import count
from typing import Any

from accounts.identity import name_key
from accounts.models import Person, User
from grids.models import (
    Appointment,
    Division,
    Grid,
    GridKind,
    HobbyGrid,
    Officer,
    Organisation,
    Sport,
)
from grids.places import settle
from instructors.models import Instructor
from jiaozuo_grid.reach import SYSTEM
from stations.models import Station

CITY, COUNTY, OTHER_COUNTY = "4108", "410882", "410883"
TOWNSHIP, OTHER_TOWNSHIP = "410882001", "410882002"
VILLAGE, COMMUNITY, OTHER_VILLAGE = "410882001203", "410882001001", "410882002203"
GRID, OTHER_GRID = VILLAGE + "001", OTHER_VILLAGE + "001"
HOBBY_GRID, OTHER_HOBBY_GRID = GRID + "01", OTHER_GRID + "01"
BEGINNING = date(2024, 1, 1)

_numbers = count(1)


def person(area_code: str = VILLAGE, name: str = "", **fields: Any) -> Person:
    name = name or f"居民{next(_numbers)}"
    fields = {"name_key": name_key(name), **fields}
    return Person.objects.create(name=name, area_code=area_code, **fields)


def user(role: str | None = None, area_code: str = CITY, **dates: Any) -> User:
    """A user whose person holds ``role`` at ``area_code`` (no role: no appointment)."""
    who = person(area_code)
    if role is not None:
        appoint(who, role, area_code, **dates)
    return User.objects.create_user(f"user{next(_numbers)}", "a-Good-pass-9", person=who)


def appoint(who: Person, role: str, area_code: str, **dates: Any) -> Appointment:
    return Appointment.objects.create(
        person=who, role=role, area_code=area_code, **{"started_on": BEGINNING, **dates}
    )


def division(area_code: str, name: str = "", **fields: Any) -> Division:
    return Division.objects.create(
        area_code=area_code, name=name or f"区划{area_code}", **{"started_on": BEGINNING, **fields}
    )


def sport(code: str = "square-dance", zh: str = "广场舞", en: str = "square dance") -> Sport:
    return Sport.objects.get_or_create(code=code, defaults={"name_zh": zh, "name_en": en})[0]


def grid(area_code: str = GRID, **fields: Any) -> Grid:
    return Grid.objects.create(
        area_code=area_code,
        **{
            "name": f"第{int(area_code[12:])}网格",
            "kind": GridKind.RURAL,
            "started_on": BEGINNING,
            **fields,
        },
    )


def hobby_grid(area_code: str = HOBBY_GRID, **fields: Any) -> HobbyGrid:
    return HobbyGrid.objects.create(
        area_code=area_code,
        **{
            "name": f"广场舞队{area_code[-2:]}",
            "sport": fields.pop("sport", None) or sport(),
            "usual_place": "文化广场",
            "usual_start": time(19, 30),
            "usual_minutes": 60,
            "members_count": 25,
            "started_on": BEGINNING,
            **fields,
        },
    )


def station(area_code: str = VILLAGE, name: str = "文化广场站", **fields: Any) -> Station:
    """A station with its place."""
    row = Station.objects.create(
        area_code=area_code, name=name, **{"started_on": BEGINNING, **fields}
    )
    settle(SYSTEM, [row])
    return row


def instructor(area_code: str = VILLAGE, who: Person | None = None, **fields: Any) -> Instructor:
    """An instructor with their place."""
    row = Instructor.objects.create(
        area_code=area_code,
        person=who or person(area_code),
        **{"started_on": BEGINNING, "instructor_level": 3, **fields},
    )
    settle(SYSTEM, [row])
    return row


def organisation(area_code: str = VILLAGE, kind: str = "", **fields: Any) -> Organisation:
    """A federation, or at a village a village fitness organisation."""
    kind = kind or ("village" if len(area_code) == 12 else "federation")
    return Organisation.objects.create(
        area_code=area_code,
        **{"name": f"体育组织{area_code}", "kind": kind, "started_on": BEGINNING, **fields},
    )


def officer(of: Organisation, who: Person, title: str = "president", **dates: Any) -> Officer:
    return Officer.objects.create(
        area_code=of.area_code,
        organisation=of,
        person=who,
        title=title,
        **{"started_on": BEGINNING, **dates},
    )


def small_city() -> None:
    """One city, two counties, two townships, three villages, two grids with a hobby grid each."""
    for code, name in [
        (CITY, "焦作市"),
        (COUNTY, "沁阳市"),
        (OTHER_COUNTY, "孟州市"),
        (TOWNSHIP, "覃怀街道"),
        (OTHER_TOWNSHIP, "怀庆街道"),
        (VILLAGE, "东关村"),
        (COMMUNITY, "文化社区"),
        (OTHER_VILLAGE, "西关村"),
    ]:
        division(code, name)
    for code in (GRID, OTHER_GRID):
        grid(code)
    for code in (HOBBY_GRID, OTHER_HOBBY_GRID):
        hobby_grid(code)
