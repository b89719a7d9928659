"""The list of sessions, one session with its history, and its photo."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.actions import is_late, may_amend
from activities.checkin.reading import checked_in
from activities.filters import SessionFilter
from activities.keyset import Cut, cut
from activities.models import Session, SessionFlag
from activities.reading import dress, history, joins_of
from activities.review.words import find_others, seen
from grids.models import Division
from jiaozuo_grid.area import ancestors
from jiaozuo_grid.pages import (
    PAGE_SIZE,
    Column,
    ListPage,
    Needs,
    area_crumbs,
    in_words,
    query_without,
)
from jiaozuo_grid.reach import reach_of


class SessionList(ListPage):
    """The sessions that the user may see, newest first; a cursor goes on, so no other order."""

    right = "view activities.session"
    heading = gettext_lazy("Sessions")
    template_name = "activities/session_list.html"
    filterset_class = SessionFilter
    export_name = "sessions"
    tabular = True
    saved_views = True

    def rows(self) -> QuerySet[Any]:
        rows = Session.objects.visible_to(self.request.user).select_related("led_by")
        return rows.order_by("-held_on", "-start_time", "id")

    def page_of(self, request: HttpRequest, rows: QuerySet[Any]) -> Cut:
        query = query_without(request, "cursor")
        try:
            return cut(rows, request.GET.get("cursor", ""), PAGE_SIZE, query)
        except ValueError:
            return cut(rows, "", PAGE_SIZE, query)

    def dress(self, rows: list[Any]) -> None:
        dress(rows)

    def columns(self) -> list[Column]:
        return [
            Column(
                _("Day"), lambda row: row.held_on, name="day", shown=_day, link=_page, css="nowrap"
            ),
            Column(_("Start"), lambda row: f"{row.start_time:%H:%M}", name="start"),
            Column(_("Village or community"), lambda row: row.village_name, name="village"),
            Column(_("Hobby grid"), _hobby_grid, name="hobby_grid"),
            Column(_("Sport"), _sport, name="sport"),
            Column(_("Participants"), lambda row: row.participants, name="people", number=True),
            Column(_("Minutes"), lambda row: row.minutes, name="minutes", number=True),
            Column(_("Place"), lambda row: row.place, name="place"),
            Column(_("Led by"), lambda row: row.led_by.name if row.led_by else "", name="led_by"),
            Column(_("area code"), lambda row: row.area_code, name="code", default=False),
            Column(_("Note"), lambda row: row.note, name="note", default=False),
            Column(_("withdrawn"), _withdrawn, name="withdrawn", default=False),
        ]


def _day(row: Any) -> Any:
    if row.withdrawn_at is None:
        return in_words(row.held_on)
    tag = '{} <span class="tag tag-ended">{}</span>'
    return format_html(tag, in_words(row.held_on), _("withdrawn"))


def _page(row: Any) -> str:
    return reverse("session", args=[row.pk])


def _hobby_grid(row: Any) -> str:
    return row.hobby_grid.name if row.hobby_grid else row.area_code


def _sport(row: Any) -> str:
    return str(row.hobby_grid.sport) if row.hobby_grid else ""


def _withdrawn(row: Any) -> str:
    return _("yes") if row.withdrawn_at else ""


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
        reach = reach_of(request.user)
        amendable = may_amend(request.user, session)
        context = {
            "session": session,
            "revisions": history(session),
            "joins": joins_of(session),
            "flags": self.flags(session),
            "may_decide": reach.allows("change activities.sessionflag", session.area_code),
            "crumbs": area_crumbs(
                path, lambda code: reach.allows("view grids.division", code), then=str(session)
            ),
            "checked_in": self.checked_in(session),
            "may_amend": amendable,
            "too_late": session.withdrawn_at is None
            and not amendable
            and is_late(session)
            and reach.allows("log", session.area_code),
            "correction_days": settings.CORRECTION_DAYS,
        }
        return render(request, "activities/session.html", context)

    def checked_in(self, session: Session) -> int:
        """How many checked in by QR code that day; it explains a number, and is none itself."""
        if not reach_of(self.request.user).allows("view activities.checkin", session.area_code):
            return 0
        return checked_in([session.area_code], session.held_on).get(session.area_code, 0)

    def flags(self, session: Session) -> list[Any]:
        """What is to be looked at here, for those who look after such questions."""
        if not reach_of(self.request.user).allows("view activities.sessionflag"):
            return []
        rows = SessionFlag.objects.visible_to(self.request.user).filter(session=session)
        found: list[Any] = list(rows.select_related("decided_by__person").order_by("pk"))
        find_others(self.request.user, found)
        for flag in found:
            flag.seen = seen(flag)
        return found


class Photo(Needs):
    """The photo of a session, for those who may see the session."""

    right = "view activities.session"

    def get(self, request: HttpRequest, pk: Any) -> HttpResponseBase:
        session = visible_session(request, pk)
        if not session.photo:
            raise Http404
        try:
            picture = session.photo.open("rb")
        except FileNotFoundError:
            raise Http404 from None
        answer = FileResponse(picture, content_type="image/jpeg")
        answer["Cache-Control"] = "private, no-store"
        return answer


def visible_session(request: HttpRequest, pk: Any) -> Session:
    """The session where the user may see it; ``Http404`` as if there were none otherwise."""
    rows = Session.objects.visible_to(request.user).select_related("led_by", "logged_by__person")
    session: Session | None = rows.filter(pk=pk).first()
    if session is None:
        raise Http404
    return session
