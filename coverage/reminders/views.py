"""Reminding from a gap's list, calling who answers for a row, and answering from Today."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.audit import record
from accounts.models import Person
from coverage.listed import posts_answering
from coverage.registry import GAPS, Gap
from coverage.reminders.actions import answer, remind
from coverage.reminders.shown import may_remind, told
from coverage.reminders.work import KIND
from coverage.views.area import AboutCoverage
from grids.people import answers_for, person_of
from jiaozuo_grid.area import is_area_code
from jiaozuo_grid.jobs import start_job
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import Needs
from jiaozuo_grid.reach import reach_of

# So many rows are reminded of while the page waits; more are a job.
AT_ONCE = 50


class AboutGap(AboutCoverage):
    """Something done on the list of a gap, of today."""

    gap: Gap

    def prepare(self) -> None:
        super().prepare()
        if self.kwargs["gap"] not in GAPS:
            raise Http404
        self.gap = GAPS[self.kwargs["gap"]]

    @property
    def list_url(self) -> str:
        return reverse("coverage-gap", args=[self.code, self.gap.key])


class RemindOfGap(AboutGap):
    """One row (``row``), or all of the list."""

    def is_key(self, text: str) -> bool:
        """Whether it may be the key of a row of this gap: not one of another kind of rows."""
        try:
            self.gap.rows(self.code, today()).model._meta.pk.to_python(text)
        except ValidationError:
            return False
        return True

    def post(self, request: HttpRequest, code: str, gap: str) -> HttpResponse:
        if not may_remind(request.user, code):
            raise PermissionDenied
        row = request.POST.get("row", "")[:40]
        if row:
            if not self.is_key(row):
                raise Http404
            messages.success(request, told(remind(request.user, gap, code, [row])))
            return redirect(self.list_url)
        if len(self.gap.rows(code, today()).values_list("pk", flat=True)[: AT_ONCE + 1]) > AT_ONCE:
            key = f"{KIND}:{request.user.pk}:{gap}:{code}"
            return redirect(start_job(KIND, request.user, key=key, gap=gap, area=code))
        messages.success(request, told(remind(request.user, gap, code)))
        return redirect(self.list_url)


class CallAboutGap(AboutGap):
    """The number of whoever answers for a row, for those who may appoint them; it is recorded that
    it was read.
    """

    def post(self, request: HttpRequest, code: str, gap: str) -> HttpResponse:
        key = request.POST.get("row", "")[:40]
        try:
            row: Any = self.gap.rows(code, today()).filter(pk=key).first()
        except (ValueError, ValidationError):
            row = None
        post = posts_answering([row.area_code], today()).get(row.area_code) if row else None
        if post is None:
            raise Http404
        if not may_call(request.user, post.person):
            raise PermissionDenied
        person = post.person
        record(request.user, "read phone", area_code=person.area_code, row=person)
        context = {
            "person": person,
            "role": post.get_role_display(),
            "row": row,
            "gap": self.gap,
            "area": self.area,
            "crumbs": self.crumbs(then=str(self.gap.name)),
            "back": self.list_url,
        }
        answered = render(request, "coverage/call.html", context)
        answered["Cache-Control"] = "private, no-store"
        return answered


def may_call(actor: Any, person: Person) -> bool:
    """As on the person's own page: their record is the actor's to keep."""
    if not reach_of(actor).allows("change accounts.person", person.area_code):
        return False
    return person.pk == person_of(actor) or answers_for(actor, person)


class AnswerReminder(Needs):
    """One tap on Today; answers JSON to the page's script and leads back otherwise."""

    def post(self, request: HttpRequest, gap: str, sender: str) -> HttpResponse:
        if gap not in GAPS or not is_area_code(sender):
            raise Http404
        as_json = "application/json" in request.headers.get("Accept", "")
        try:
            rows = answer(
                request.user,
                gap,
                sender,
                request.POST.get("answer", ""),
                request.POST.get("note", ""),
            )
        except ValidationError as error:
            if as_json:
                return JsonResponse({"state": "refused", "text": error.messages[0]}, status=422)
            messages.error(request, error.messages[0])
            return redirect("phone")
        if not rows:
            raise Http404
        if as_json:
            return JsonResponse({"state": "done", "answered": rows[0].said})
        return redirect("phone")
