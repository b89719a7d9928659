"""What an area is to reach in a year, and how it stands to that."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from coverage.shown import address
from coverage.targets.actions import YEARS_AHEAD, may_allocate, may_set
from coverage.targets.listing import elapsed, lines_of
from coverage.targets.progress import PACE_NAMES
from coverage.views.area import AboutCoverage
from jiaozuo_grid.lasting import today


class TargetList(AboutCoverage):
    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        years = range(self.on.year, self.on.year + YEARS_AHEAD + 1)
        asked = request.GET.get("year", "")
        year = next((n for n in years if str(n) == asked), self.on.year)
        # What is over is only looked at.
        is_open = year >= today().year
        context = {
            "area": self.area,
            "on": self.on,
            "is_today": self.on == today(),
            "form": self.form,
            "year": year,
            "years": years,
            "running": year == self.on.year,
            "elapsed": elapsed(self.on),
            "lines": lines_of(code, self.on, year),
            "paces": PACE_NAMES.items(),
            "may_set": is_open and may_set(request.user, code),
            "may_allocate": is_open and may_allocate(request.user, code),
            "crumbs": self.crumbs(then=_("Targets")),
            "back": address("coverage", self.asked, code),
        }
        return render(request, "coverage/targets/list.html", context, status=self.status)
