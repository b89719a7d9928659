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
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page

from activities.actions import SessionConflict, log_session
from activities.calendar.link import calendar_url
from activities.forms import LogForm, usual_values
from activities.models import Session
from activities.outbox.amending import came_otherwise
from activities.phone_api import bundle_of, groups_for_json
from activities.phone_page import Link, page_context
from activities.plausibility import existing
from activities.reading import dress, leaders_of, villages_to_log
from activities.today import today_of
from grids.lineage import code_on
from grids.models import HobbyGrid
from jiaozuo_grid.area import is_area_code
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import Needs, add_errors
from jiaozuo_grid.reach import OutOfReach, reach_of


# Most of the page are words and forms: a fifth of it goes over the line.
@method_decorator(gzip_page, name="dispatch")
class PhoneHome(Needs):
    """Today: what is expected, what is missing, what was written down; the page of the outbox.

    It opens for everybody who is signed in: what waits on the phone of somebody who left office is
    sent all the same.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("q", "").strip().replace("\x00", "")
        village = request.GET.get("village", "")
        village = village if is_area_code(village) else ""
        searched = bool(asked or village)
        found = today_of(request.user, asked, village)
        logged = self._just_logged()
        dress(logged)
        context = {
            **page_context(),
            "bundle": bundle_of(request.user, None if searched else found),
            "found": groups_for_json(found) if searched else None,
            "groups": found.groups,
            "more": found.more,
            "wide": found.wide,
            "first_area": found.areas[0][0] if found.areas else "",
            "expected_today": found.expected_today,
            "missing": [one for one in found.missing if one.meeting.day != found.day],
            "coming": [one for one in found.expected if one.meeting.day > found.day],
            "asked": asked,
            "village": village,
            "searched": searched,
            "villages": villages_to_log(request.user) if found.more or searched else [],
            "week": found.this_week,
            "today": found.day,
            "notes": found.notes,
            "logged": logged[0] if logged else None,
            "again": "again" in request.GET,
            "moved": "moved" in request.GET,
            "links": [
                Link(_("Calendar of the sessions"), calendar_url(request, request.user)),
                Link(_("What we ask of you, and why"), reverse("burden")),
            ],
        }
        return render(request, "activities/home.html", context)

    def _just_logged(self) -> list[Session]:
        """The session that the form led back with, where the user may see it."""
        try:
            key = UUID(self.request.GET.get("logged", ""))
        except ValueError:
            return []
        return list(Session.objects.visible_to(self.request.user).filter(pk=key))


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
        initial = usual_values(self.hobby_grid, request.user)
        day = _day_in(request.GET.get("day", ""))
        if day is not None:
            initial["held_on"] = min(day, today())
        return self.page(self.form(initial=initial))

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
        if created:
            came_otherwise(session.pk)
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
    return _day_in(request.POST.get("held_on", ""))


def _day_in(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
