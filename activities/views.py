"""The pages of sessions: the phone's start and forms, the list, one session, its photo."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from activities.actions import (
    SessionConflict,
    correct_session,
    log_session,
    may_amend,
    withdraw_session,
)
from activities.filters import SessionFilter
from activities.forms import CorrectForm, LogForm, WithdrawForm, usual_values
from activities.models import Session
from activities.reading import dress, hobby_grids_to_log, logged_this_week
from grids.models import Division, HobbyGrid
from jiaozuo_grid.area import ancestors
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import Column, ListPage, Needs, add_errors, area_crumbs
from jiaozuo_grid.reach import OutOfReach, reach_of

# Somebody with more hobby grids than this (a township officer) searches for the one they want.
CARDS = 30
WEEK = 20


class PhoneHome(Needs):
    """My hobby grids, the ones that meet today first, and what was logged this week."""

    right = "log"

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("q", "").strip()
        rows = hobby_grids_to_log(request.user)
        if asked:
            villages = Division.objects.visible_to(request.user).filter(name__icontains=asked)
            codes = villages.values_list("area_code", flat=True)[:20]
            below = Q()
            for code in codes:
                below |= Q(area_code__startswith=code)
            rows = rows.filter(
                below | Q(name__icontains=asked) if codes else Q(name__icontains=asked)
            )
        found = list(rows[: CARDS + 1])
        weekday = str(today().isoweekday())
        for row in found:
            row.meets_today = weekday in row.usual_days
            row.done_today = row.last_held_on == today()
        found[:CARDS] = sorted(
            found[:CARDS], key=lambda row: (not row.meets_today, row.done_today, row.area_code)
        )
        week = list(logged_this_week(request.user)[: WEEK + 1])
        dress(week)
        context = {
            "hobby_grids": found[:CARDS],
            "more": len(found) > CARDS,
            "asked": asked,
            "week": week[:WEEK],
            "more_week": len(week) > WEEK,
            "today": today(),
        }
        return render(request, "activities/home.html", context)


class Log(Needs):
    """Log a session of one hobby grid."""

    right = "log"

    def prepare(self) -> None:
        code = self.kwargs["code"]
        hobby_grid = HobbyGrid.objects.select_related("sport").filter(area_code=code).first()
        if hobby_grid is None or not reach_of(self.request.user).allows("log", code):
            raise Http404
        self.hobby_grid = hobby_grid

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return self.page(
            LogForm(
                hobby_grid=self.hobby_grid,
                user=request.user,
                initial=usual_values(self.hobby_grid, request.user),
            )
        )

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        form = LogForm(request.POST, request.FILES, hobby_grid=self.hobby_grid, user=request.user)
        if not form.is_valid():
            return self.page(form)
        try:
            session, created = log_session(
                request.user, area_code=self.hobby_grid.area_code, **form.cleaned_data
            )
        except (ValidationError, OutOfReach) as error:
            add_errors(form, error)
            return self.page(form)
        except SessionConflict:
            form.add_error(
                None, _("This record was sent before with other values. Open it to correct it.")
            )
            return self.page(form)
        messages.success(
            request,
            _("Logged: %(name)s, %(n)s participants.")
            % {"name": self.hobby_grid.name, "n": session.participants}
            if created
            else _("This was logged already; nothing was doubled."),
        )
        return redirect("phone")

    def page(self, form: LogForm) -> HttpResponse:
        context = {"form": form, "hobby_grid": self.hobby_grid}
        return render(
            self.request, "activities/log.html", context, status=422 if form.errors else 200
        )


class Amend(Needs):
    """What correcting and withdrawing have in common."""

    right = "log"
    form_class: Any

    def prepare(self) -> None:
        session = Session.objects.visible_to(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if session is None or not may_amend(self.request.user, session):
            raise Http404
        dress([session])
        self.session: Any = session

    def form(self, data: Any = None) -> Any:
        raise NotImplementedError

    def act(self, values: dict[str, Any]) -> str:
        raise NotImplementedError

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        return self.page(self.form())

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form)
        try:
            done = self.act(form.cleaned_data)
        except (ValidationError, OutOfReach) as error:
            add_errors(form, error)
            return self.page(form)
        except SessionConflict:
            form.add_error(
                None, _("Somebody else changed this record meanwhile. Open it again to see it.")
            )
            return self.page(form)
        messages.success(request, done)
        return redirect("session", self.session.pk)

    def page(self, form: Any) -> HttpResponse:
        context = {"form": form, "session": self.session, "hobby_grid": self.session.hobby_grid}
        return render(self.request, self.template_name, context, status=422 if form.errors else 200)

    template_name = ""


class Correct(Amend):
    template_name = "activities/correct.html"

    def form(self, data: Any = None) -> CorrectForm:
        initial = {
            name: getattr(self.session, name)
            for name in ("held_on", "start_time", "minutes", "participants", "place", "led_by")
        }
        initial |= {"note": self.session.note, "version": self.session.version}
        return CorrectForm(
            data, hobby_grid=self.session.hobby_grid, user=self.request.user, initial=initial
        )

    def act(self, values: dict[str, Any]) -> str:
        correct_session(self.request.user, self.session, **values)
        return _("Corrected.")


class Withdraw(Amend):
    template_name = "activities/withdraw.html"

    def form(self, data: Any = None) -> WithdrawForm:
        return WithdrawForm(data, initial={"version": self.session.version})

    def act(self, values: dict[str, Any]) -> str:
        withdraw_session(self.request.user, self.session, **values)
        return _("Withdrawn. It counts no more.")


class SessionList(ListPage):
    """The sessions that the user may see, newest first."""

    right = "view activities.session"
    template_name = "activities/session_list.html"
    filterset_class = SessionFilter
    export_name = "sessions"

    def rows(self) -> QuerySet[Any]:
        return Session.objects.visible_to(self.request.user).select_related("led_by")

    def dress(self, rows: list[Any]) -> None:
        dress(rows)

    def columns(self) -> list[Column]:
        return [
            Column(_("area code"), lambda row: row.area_code),
            Column(_("Day"), lambda row: row.held_on),
            Column(_("Start"), lambda row: f"{row.start_time:%H:%M}"),
            Column(_("Minutes"), lambda row: row.minutes),
            Column(_("Participants"), lambda row: row.participants),
            Column(_("Place"), lambda row: row.place),
            Column(_("Led by"), lambda row: row.led_by.name if row.led_by else ""),
            Column(_("withdrawn"), lambda row: row.withdrawn_at or ""),
        ]


class SessionPage(Needs):
    """One session, what it said before, and what may be done with it."""

    right = "view activities.session"

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        session: Any = visible_session(request, pk)
        dress([session])
        codes = ancestors(session.area_code, include_self=True)
        path = list(Division.objects.path_to(session.area_code).values_list("area_code", "name"))
        if session.hobby_grid is not None:
            path.append((codes[-1], session.hobby_grid.name))
        context = {
            "session": session,
            "revisions": session.revisions.select_related("changed_by__person"),
            "crumbs": area_crumbs(
                path,
                lambda code: reach_of(request.user).allows("view grids.division", code),
                then=str(session),
            ),
            "may_amend": may_amend(request.user, session),
        }
        return render(request, "activities/session.html", context)


class Photo(Needs):
    """The photo of a session, for those who may see the session."""

    right = "view activities.session"

    def get(self, request: HttpRequest, pk: Any) -> HttpResponseBase:
        session = visible_session(request, pk)
        if not session.photo:
            raise Http404
        answer = FileResponse(session.photo.open("rb"), content_type="image/jpeg")
        answer["Cache-Control"] = "private, max-age=3600"
        return answer


def visible_session(request: HttpRequest, pk: Any) -> Session:
    """The session where the user may see it; ``Http404`` as if there were none otherwise."""
    rows = Session.objects.visible_to(request.user).select_related("led_by", "logged_by__person")
    session: Session | None = rows.filter(pk=pk).first()
    if session is None:
        raise Http404
    return session
