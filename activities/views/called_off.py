"""Saying without a script that a meeting does not take place, and taking that back."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from activities.actions import SessionConflict, call_off, hold_after_all
from activities.calendar.forms import CallOffForm
from activities.expected import meetings
from activities.models import CalledOff, Session
from activities.plausibility import existing
from grids.models import HobbyGrid
from jiaozuo_grid.area import is_area_code
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import Needs, add_errors
from jiaozuo_grid.reach import OutOfReach, reach_of


class CallOff(Needs):
    """One meeting of a hobby grid does not take place; the address says which."""

    right = "log"

    def prepare(self) -> None:
        code = self.kwargs["code"]
        if not is_area_code(code) or not reach_of(self.request.user).allows("log", code):
            raise Http404
        hobby_grid = HobbyGrid.objects.select_related("sport").filter(area_code=code).first()
        if hobby_grid is None:
            raise Http404
        self.hobby_grid = hobby_grid

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        asked = CallOffForm(request.GET)
        # What the address does not say, or says wrongly, is left out.
        asked.full_clean()
        values = asked.cleaned_data
        day, start = values.get("held_on", today()), values.get("start_time")
        if start is None:
            of_today = meetings([self.hobby_grid], day, day)
            start = of_today[0].start if of_today else self.hobby_grid.usual_start
        initial = {"id": uuid.uuid4(), "held_on": day, "start_time": start}
        return self.page(CallOffForm(initial=initial))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        form = CallOffForm(request.POST)
        if not form.is_valid():
            return self.page(form)
        try:
            call_off(request.user, area_code=code, **form.cleaned_data)
        except (ValidationError, OutOfReach) as error:
            add_errors(form, error)
            return self.page(form, existing(error) if isinstance(error, ValidationError) else None)
        except SessionConflict:
            form.add_error(
                None, _("This record was sent before with other values, and those were kept.")
            )
            return self.page(form)
        messages.success(request, _("Noted: not held. You can take it back on Today."))
        return redirect("phone")

    def page(self, form: forms.Form, stored: Any = None) -> HttpResponse:
        """``stored``: the id of the session that is logged already."""
        found = list(Session.objects.visible_to(self.request.user).filter(pk=stored))
        context = {
            "form": form,
            "hobby_grid": self.hobby_grid,
            "stored": found[0] if found else None,
        }
        status = 422 if form.errors else 200
        return render(self.request, "activities/call_off.html", context, status=status)


class HoldAfterAll(Needs):
    """It took place after all."""

    right = "log"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        row = CalledOff.objects.editable_by(request.user).filter(pk=pk).first()
        if row is None:
            raise Http404
        try:
            hold_after_all(request.user, row)
        except OutOfReach as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Taken back. Log it when it has begun."))
        return redirect("phone")
