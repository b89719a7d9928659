"""Where a user lands: on the figures of their area, or on the phone page, by what they may do."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jiaozuo_grid.area import Level
from jiaozuo_grid.reach import Reach, reach_of


@login_required
def home(request: HttpRequest) -> HttpResponse:
    reach = reach_of(request.user)
    division = widest_division(reach)
    if division is not None:
        return redirect("coverage", division)
    if reach.allows("log"):
        return redirect("phone")
    return render(request, "accounts/no_post.html")


def widest_division(reach: Reach) -> str | None:
    """The largest division whose figures the user sees; None for those of a grid."""
    codes = [c for c in reach.areas_for("view coverage") if len(c) <= Level.VILLAGE]
    return min(codes, key=lambda code: (len(code), code), default=None)
