"""The demo accounts: who they are, and the installation's password for them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from accounts.models import User
from grids.authority import division_names, posts_of
from grids.models import Grid, HobbyGrid, Role
from jiaozuo_grid.area import Level

# In this order they are offered.
_ROLES = [
    Role.BUREAU_STAFF,
    Role.COUNTY_OFFICIAL,
    Role.TOWNSHIP_OFFICER,
    Role.GRID_LEADER,
    Role.GRID_MEMBER,
    Role.AUDITOR,
]


def _password_file() -> Path:
    return Path(settings.VAR_DIR) / "demo-password"


def demo_password() -> str:
    """The password of this installation's demo accounts; made at random when first asked for."""
    path = _password_file()
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(9))
    return path.read_text().strip()


@dataclass(frozen=True)
class DemoAccount:
    """What a visitor needs to know to choose one."""

    username: str
    name: str
    role: Role
    place: str


def demo_accounts() -> list[DemoAccount]:
    """The demo accounts that may sign in, by role."""
    found = []
    for user in User.objects.filter(is_demo=True, is_active=True).select_related("person"):
        for post in posts_of(user)[:1]:
            role = Role(post.role)
            found.append(DemoAccount(user.username, user.person.name, role, post.area_code))
    names = _place_names([account.place for account in found])
    placed = [
        DemoAccount(one.username, one.name, one.role, names.get(one.place, one.place))
        for one in found
    ]
    return sorted(placed, key=lambda one: (_ROLES.index(one.role), len(one.username)))


def _place_names(codes: list[str]) -> dict[str, str]:
    """The village and grid, for divisions the county and the name."""
    parts = {code[:n] for code in codes for n in (4, 6, 9, 12) if n <= len(code)}
    names = division_names(sorted(parts))
    areas: dict[str, str] = {}
    for model in (Grid, HobbyGrid):
        rows = model.objects.filter(area_code__in=codes)
        areas |= dict(rows.values_list("area_code", "name"))
    return {code: _place_name(code, names, areas) for code in codes}


def _place_name(code: str, names: dict[str, str], areas: dict[str, str]) -> str:
    above = {Level.TOWNSHIP: 6, Level.GRID: 12, Level.HOBBY_GRID: 12}.get(Level(len(code)))
    own = areas.get(code) or names.get(code) or code
    return f"{names.get(code[:above], '')}{own}" if above else own
