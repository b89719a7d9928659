"""What we ask of you, and why: the page of the burden budget, for everybody who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from activities.burden import ASKED, FORBIDDEN, WEEK, WEEK_SECONDS, Task, week_of_role
from activities.effort import Effort
from grids.authority import posts_of
from grids.models import Role
from jiaozuo_grid.pages import Needs


@dataclass(frozen=True)
class OfRole:
    """What one role, or several with the same tasks, is asked for."""

    roles: list[str]
    tasks: tuple[Task, ...]
    week: Effort
    mine: bool

    @property
    def weekly(self) -> list[Task]:
        return [task for task in self.tasks if task.a_week]

    @property
    def rare(self) -> list[Task]:
        return [task for task in self.tasks if not task.a_week]


class Burden(Needs):
    """The same for everybody; the reader's own role comes first. One query besides the menu's."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        held = {post.role for post in posts_of(user)}
        context = {
            "of_roles": _of_roles(held),
            "unasked": [Role(role).label for role in Role.values if role not in ASKED],
            "week": WEEK,
            "week_seconds": WEEK_SECONDS,
            "forbidden": list(FORBIDDEN.values()),
        }
        return render(request, "activities/burden.html", context)


def _of_roles(held: set[Any]) -> list[OfRole]:
    by_tasks: dict[tuple[Task, ...], list[str]] = {}
    for role, tasks in ASKED.items():
        by_tasks.setdefault(tasks, []).append(role)
    found = [
        OfRole(
            [str(Role(role).label) for role in roles],
            tasks,
            week_of_role(roles[0]),
            bool(held.intersection(roles)),
        )
        for tasks, roles in by_tasks.items()
    ]
    return sorted(found, key=lambda one: not one.mine)
