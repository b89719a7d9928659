"""The demo accounts: one for each role, at places where there is something to see."""

from __future__ import annotations

import secrets
from datetime import date
from random import Random

from django.conf import settings

from accounts.models import Person, User
from demo.city import words
from demo.city.groups import Group
from grids.models import Appointment, Background, Role
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today

PILOT = "410882"
# User name -> role; the order of the buttons.
ACCOUNTS = {
    "bureau": Role.BUREAU_STAFF,
    "county": Role.COUNTY_OFFICIAL,
    "township": Role.TOWNSHIP_OFFICER,
    "leader": Role.GRID_LEADER,
    "member": Role.GRID_MEMBER,
    "auditor": Role.AUDITOR,
}


def password() -> str:
    """The demo accounts' password, made once per installation and kept in ``var/``."""
    path = settings.VAR_DIR / "demo-password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(9))
    return str(path.read_text())


def _busiest(groups: list[Group]) -> Group:
    """A hobby grid of a led grid in the pilot county that is held often and has a member."""
    now = today()
    led = set(
        Appointment.objects.on(now)
        .filter(role=Role.GRID_LEADER)
        .values_list("area_code", flat=True)
    )

    def rank(group: Group) -> tuple[bool, bool, bool, float, str]:
        row = group.row
        return (
            group.runner is not None and row.in_force(now) and group.silent_from is None,
            row.area_code[: Level.GRID] in led,
            row.area_code.startswith(PILOT),
            group.pace,
            row.area_code,
        )

    return max(groups, key=rank)


def make_accounts(groups: list[Group], rng: Random) -> None:
    """Make the accounts; leader and member sit down at a grid that is in use."""
    busy = _busiest(groups).row
    county = busy.area_code[: Level.COUNTY]
    where = {
        "bureau": county[: Level.CITY],
        "county": county,
        "township": busy.area_code[: Level.TOWNSHIP],
        "leader": busy.area_code[: Level.GRID],
        "member": busy.area_code,
        "auditor": county[: Level.CITY],
    }
    secret = password()
    for username, role in ACCOUNTS.items():
        person = _holder(where[username], role, busy.started_on, rng)
        user = User.objects.filter(person=person).first() or User(person=person)
        user.username, user.is_demo = username, True
        user.set_password(secret)
        user.save()


def _holder(area_code: str, role: str, since: date, rng: Random) -> Person:
    """Who holds the post today; somebody new where nobody does."""
    post = (
        Appointment.objects.on(today())
        .filter(area_code=area_code, role=role)
        .order_by("pk")
        .select_related("person")
        .first()
    )
    if post is not None:
        return post.person
    person = Person.objects.create(
        name=words.person_name(rng), phone=words.mobile(rng), area_code=area_code[:15]
    )
    background = Background.OFFICIAL if role == Role.GRID_LEADER else ""
    Appointment.objects.create(
        person=person, role=role, area_code=area_code, background=background, started_on=since
    )
    return person
