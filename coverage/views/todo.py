"""What needs doing, by who can act."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from coverage.reading import coverage_of
from coverage.shown import address
from coverage.todo import todo_of
from coverage.views.area import AboutCoverage
from jiaozuo_grid.lasting import today


class TodoPage(AboutCoverage):
    """The gaps of an area in the order of the areas below, each with who answers for it."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        coverage = coverage_of(code, self.on, restated=self.asked.restated)
        context = {
            "area": self.area,
            "on": self.on,
            "is_today": self.on == today(),
            "restated": self.asked.restated,
            "map_changed": self.map_changed(),
            "form": self.form,
            "coverage": coverage,
            "todo": todo_of(coverage, request.user),
            "crumbs": self.crumbs(then=_("Who can act"), path=coverage.path),
            "back": address("coverage", self.asked, code),
        }
        return render(request, "coverage/todo.html", context, status=self.status)
