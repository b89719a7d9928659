"""The page of an area: a division, a grid or a hobby grid."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.db.models.functions import Substr
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import AuditEntry
from grids.actions import required_grids
from grids.lineage import code_on
from grids.lists import with_hobby_grid_count, with_leader
from grids.models import (
    ROLE_LEVELS,
    Appointment,
    Division,
    Grid,
    HobbyGrid,
    ResidentCount,
    Role,
)
from grids.people import person_of
from grids.tree import Area, area_at
from grids.views.base import AboutArea, crumbs_to
from grids.views.reorganise import choices_at
from jiaozuo_grid.area import Level, child_digits
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Reach, reach_of, right

# More than a village, grid or township has in practice; the lists have all of them.
MOST_SHOWN = 300
CHANGES_SHOWN = 10


class AreaPage(AboutArea):
    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        reach = reach_of(request.user)
        context = {
            "area": self.area,
            "today": today(),
            "crumbs": crumbs_to(request.user, code),
            "may_edit": reach.allows(right("change", self.area), code),
            "may_see_coverage": reach.allows("view coverage", code),
            "may_reorganise": not self.area.ended_on and choices_at(request.user, code),
            "heir": self.heir(),
            **self.posts(reach),
        }
        if isinstance(self.area, Grid):
            return self.grid(self.area, context)
        if isinstance(self.area, HobbyGrid):
            return self.hobby_grid(self.area, context)
        return self.division(self.area, context)

    def heir(self) -> Area | None:
        """What an area that ended went on as; None while it stands, and where it just ended."""
        code = code_on(self.code, today()) if self.area.ended_on else self.code
        return area_at(code) if code != self.code else None

    def posts(self, reach: Reach) -> dict[str, Any]:
        """Who holds and held the posts here, and which the user may fill."""
        may_fill = [
            role
            for role, levels in ROLE_LEVELS.items()
            if len(self.code) in levels and reach.allows(f"appoint {role}", self.code)
        ]
        posts = Appointment.objects.none()
        if reach.allows("view grids.appointment", self.code):
            posts = Appointment.objects.filter(area_code=self.code).select_related("person")
        rows = list(posts[:MOST_SHOWN])
        own = person_of(self.request.user)
        for post in rows:
            post.may_end = post.role in may_fill and post.person_id != own
        lasting = [post for post in rows if post.ended_on is None or post.ended_on > today()]
        return {
            "posts": lasting,
            "past_posts": [post for post in rows if post not in lasting],
            "leader": next((p for p in lasting if p.role == Role.GRID_LEADER), None),
            "may_fill": [(role, Role(role).label) for role in may_fill],
            "may_see_posts": reach.allows("view grids.appointment", self.code),
            "may_see_people": reach.allows("view accounts.person"),
        }

    def changes(self) -> list[AuditEntry]:
        """The latest changes of this row itself; without the values, which the audit trail has."""
        entries = AuditEntry.objects.filter(
            model=self.area._meta.label_lower, object_id=str(self.area.pk)
        )
        return list(entries.select_related("actor__person")[:CHANGES_SHOWN])

    def division(self, division: Division, context: dict[str, Any]) -> HttpResponse:
        reach = reach_of(self.request.user)
        code = division.area_code
        residents = ResidentCount.objects.filter(area_code=code).on(today()).first()
        context |= {
            "residents": residents,
            "may_record": reach.allows("change grids.residentcount", code),
            "may_establish": reach.allows("change grids.grid", code) and not division.ended_on,
        }
        if len(code) < Level.VILLAGE:
            context["children"] = self.children(code)
            return render(self.request, "grids/division.html", context)
        grids = with_hobby_grid_count(with_leader(Grid.objects.within(code)))
        rows = list(grids[:MOST_SHOWN])
        standing = [grid for grid in rows if grid.ended_on is None]
        required = required_grids(division.is_community, residents)
        context |= {
            "grids": rows,
            "standing": len(standing),
            "required": required,
            "missing": None if required is None else max(0, required - len(standing)),
            "hobby_grids": self.hobby_grids(code + "000"),
            "may_form": reach.allows("change grids.hobbygrid", code) and not division.ended_on,
        }
        return render(self.request, "grids/village.html", context)

    def children(self, code: str) -> list[dict[str, Any]]:
        """The divisions one level down, with their numbers of grids and, for villages, required."""
        digits = child_digits(code) or Level.VILLAGE
        grids = Grid.objects.within(code).on(today()).order_by()
        counted = grids.annotate(child=Substr("area_code", 1, digits)).values_list("child")
        numbers = dict(counted.annotate(count=Count("pk")))
        counts: dict[str, ResidentCount] = {}
        if digits == Level.VILLAGE:
            known = ResidentCount.objects.within(code).on(today())
            counts = {count.area_code: count for count in known}
        return [
            {
                "division": child,
                "grids": numbers.get(child.area_code, 0),
                "residents": counts.get(child.area_code),
                "required": required_grids(child.is_community, counts.get(child.area_code)),
            }
            for child in Division.objects.children_of(code)
        ]

    def hobby_grids(self, prefix: str) -> list[HobbyGrid]:
        rows = HobbyGrid.objects.within(prefix).select_related("sport")
        return list(rows[:MOST_SHOWN])

    def grid(self, grid: Grid, context: dict[str, Any]) -> HttpResponse:
        reach = reach_of(self.request.user)
        context |= {
            "hobby_grids": self.hobby_grids(grid.area_code),
            "may_form": reach.allows("change grids.hobbygrid", self.code) and not grid.ended_on,
            "changes": self.changes(),
        }
        return render(self.request, "grids/grid.html", context)

    def hobby_grid(self, hobby_grid: HobbyGrid, context: dict[str, Any]) -> HttpResponse:
        reach = reach_of(self.request.user)
        context |= {
            "may_log": reach.allows("log", self.code) and hobby_grid.in_force(today()),
            "may_see_sessions": reach.allows("view activities.session", self.code),
            "changes": self.changes(),
        }
        return render(self.request, "grids/hobby_grid.html", context)
