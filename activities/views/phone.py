"""The phone's pages: my hobby grids and this week, and the form that logs a session."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from activities.actions import SessionConflict, log_session
from activities.forms import LogForm, usual_values
from activities.models import Session
from activities.plausibility import existing
from activities.reading import (
    dress,
    find_hobby_grids,
    leaders_of,
    logged_this_week,
    name_villages,
    villages_to_log,
)
from grids.lineage import code_on
from grids.models import HobbyGrid
from jiaozuo_grid.area import Level, is_area_code
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import Needs, add_errors
from jiaozuo_grid.reach import OutOfReach, reach_of

# Somebody with more hobby grids than this (a township officer) searches for the one they want.
CARDS = 30
WEEK = 20


class PhoneHome(Needs):
    """My hobby grids, the ones that meet today first, and what was logged this week."""

    right = "log"

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("q", "").strip().replace("\x00", "")
        village = request.GET.get("village", "")
        village = village if is_area_code(village) else ""
        cards = list(find_hobby_grids(request.user, asked, village)[: CARDS + 1])
        week = list(logged_this_week(request.user)[: WEEK + 1])
        logged = self._just_logged()
        dress([*week, *logged])
        # Whoever looks after more than a village must know which one a card speaks of.
        wide = any(len(code) < Level.VILLAGE for code in reach_of(request.user).areas_for("log"))
        if wide:
            name_villages(cards)
        searched = bool(asked or village)
        many = len(cards) > CARDS
        context = {
            "hobby_grids": _most_urgent_first(cards[:CARDS]),
            "more": many,
            "wide": wide,
            "asked": asked,
            "village": village,
            "searched": searched,
            "villages": villages_to_log(request.user) if many or searched else [],
            "week": week[:WEEK],
            "more_week": len(week) > WEEK,
            "today": today(),
            "logged": logged[0] if logged else None,
            "again": "again" in request.GET,
            "moved": "moved" in request.GET,
        }
        return render(request, "activities/home.html", context)

    def _just_logged(self) -> list[Session]:
        """The session that the form led back with, where the user may see it."""
        try:
            key = UUID(self.request.GET.get("logged", ""))
        except ValueError:
            return []
        return list(Session.objects.visible_to(self.request.user).filter(pk=key))


def _most_urgent_first(hobby_grids: list[Any]) -> list[Any]:
    weekday = str(today().isoweekday())
    for row in hobby_grids:
        row.meets_today = weekday in row.usual_days
        row.done_today = row.last_held_on == today()
    return sorted(hobby_grids, key=lambda row: (not row.meets_today, row.done_today, row.area_code))


class Log(Needs):
    """Log a session of one hobby grid."""

    def prepare(self) -> None:
        code = self.kwargs["code"]
        if not is_area_code(code):
            raise Http404
        hobby_grid = HobbyGrid.objects.select_related("sport").filter(area_code=code).first()
        if hobby_grid is None or not self._may_log(code):
            raise Http404
        self.hobby_grid = hobby_grid

    def _may_log(self, code: str) -> bool:
        """Today, or on the day of what was filled in before the user left office."""
        day = _day_sent(self.request)
        return reach_of(self.request.user).allows("log", code) or (
            day is not None and reach_of(self.request.user, day).allows("log", code)
        )

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        if self.hobby_grid.ended_on is not None:
            # A bookmark of before the hobby grid moved leads to where it is now.
            heir = code_on(code, today())
            if heir != code:
                return redirect("log-session", code=heir)
        return self.page(self.form(initial=usual_values(self.hobby_grid, request.user)))

    def form(self, *data: Any, **options: Any) -> LogForm:
        leaders = leaders_of(self.hobby_grid.area_code, self.request.user)
        return LogForm(*data, leaders=leaders, **options)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form)
        try:
            session, created = log_session(request.user, area_code=code, **form.cleaned_data)
        except (ValidationError, OutOfReach) as error:
            add_errors(form, error)
            return self.page(form, existing(error) if isinstance(error, ValidationError) else None)
        except SessionConflict as conflict:
            form.add_error(
                None, _("This record was sent before with other values, and those were kept.")
            )
            stored = form.cleaned_data["id"] if conflict.fields != ["id"] else None
            return self.page(form, stored)
        return self.logged(session, created)

    def logged(self, session: Session, created: bool) -> HttpResponse:
        if not reach_of(self.request.user).allows("log"):
            # They hold no post any more: there is no page of theirs to lead back to.
            dress([session])
            moved = session.area_code != self.kwargs["code"]
            context = {"logged": session, "again": not created, "moved": moved, "left_office": True}
            return render(self.request, "activities/logged.html", context)
        told: dict[str, Any] = {"logged": session.pk, **({} if created else {"again": 1})}
        if session.area_code != self.kwargs["code"]:
            told["moved"] = 1
        return redirect(f"{reverse('phone')}?{urlencode(told)}")

    def page(self, form: LogForm, stored: Any = None) -> HttpResponse:
        """``stored``: the id of the session that is logged already."""
        found = list(Session.objects.visible_to(self.request.user).filter(pk=stored))
        context = {
            "form": form,
            "hobby_grid": self.hobby_grid,
            "stored": found[0] if found else None,
            "photo_lost": bool(form.errors and self.request.FILES),
        }
        return render(
            self.request, "activities/log.html", context, status=422 if form.errors else 200
        )


def _day_sent(request: HttpRequest) -> date | None:
    try:
        return parse_date(request.POST.get("held_on", ""))
    except ValueError:
        return None
