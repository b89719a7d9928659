"""Correcting and withdrawing a session."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from activities.actions import SessionConflict, correct_session, may_amend, withdraw_session
from activities.forms import CorrectForm, WithdrawForm
from activities.models import Session
from activities.phone_page import CORRECT_REASONS, WITHDRAW_REASONS
from activities.plausibility import existing
from activities.reading import dress, joins_of
from jiaozuo_grid.pages import Needs, add_errors
from jiaozuo_grid.reach import OutOfReach


class Amend(Needs):
    """What correcting and withdrawing have in common."""

    right = "log"
    template_name: ClassVar[str]
    # The usual ones; another can be typed.
    reasons: ClassVar[list[Any]]

    def prepare(self) -> None:
        session = Session.objects.visible_to(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if session is None:
            raise Http404
        # What is sent is let through even when withdrawn meanwhile: the action knows a resend.
        if not may_amend(self.request.user, session) and self.request.method != "POST":
            raise Http404
        dress([session])
        self.session: Any = session

    def form(self, data: Any = None) -> Any:
        raise NotImplementedError

    def more(self) -> dict[str, Any]:
        """What else the page shows."""
        return {}

    def act(self, values: dict[str, Any]) -> str:
        """Do it; returns what the user reads afterwards."""
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
            return self.page(form, existing(error) if isinstance(error, ValidationError) else None)
        except SessionConflict:
            form.add_error(
                None, _("Somebody changed this record meanwhile. Look at it, then correct it anew.")
            )
            return self.page(form, self.session.pk)
        messages.success(request, done)
        return redirect("session", self.session.pk)

    def page(self, form: Any, stored: Any = None) -> HttpResponse:
        """``stored``: the id of the session to look at first."""
        found = list(Session.objects.visible_to(self.request.user).filter(pk=stored))
        context = {
            "form": form,
            "session": self.session,
            "hobby_grid": self.session.hobby_grid,
            "stored": found[0] if found else None,
            "reasons": self.reasons,
            **self.more(),
        }
        return render(self.request, self.template_name, context, status=422 if form.errors else 200)


class Correct(Amend):
    template_name = "activities/correct.html"
    reasons = CORRECT_REASONS

    def form(self, data: Any = None) -> CorrectForm:
        return CorrectForm(data, session=self.session, user=self.request.user)

    def act(self, values: dict[str, Any]) -> str:
        correct_session(self.request.user, self.session, **values)
        return _("Corrected.")


class Withdraw(Amend):
    template_name = "activities/withdraw.html"
    reasons = WITHDRAW_REASONS

    def more(self) -> dict[str, Any]:
        return {"joins": joins_of(self.session)}

    def form(self, data: Any = None) -> WithdrawForm:
        return WithdrawForm(data, initial={"version": self.session.version})

    def act(self, values: dict[str, Any]) -> str:
        withdraw_session(self.request.user, self.session, **values)
        return _("Withdrawn. It counts no more.")
