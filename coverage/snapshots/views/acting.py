"""Signing a month, issuing another edition, saying why a figure differs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from coverage.snapshots.actions import add_remark, may_sign, reissue, sign
from coverage.snapshots.forms import ReissueForm, RemarkForm, SignForm
from coverage.snapshots.views.about import AboutMonth
from jiaozuo_grid.reach import OutOfReach


class OnMonth(AboutMonth):
    """One small form of the month's page; what it refuses is said there."""

    http_method_names = ["post"]
    form_class: Any

    def prepare(self) -> None:
        super().prepare()
        # Of a township there is nothing to sign: its county's edition holds it.
        if not may_sign(self.request.user, self.code) or self.snapshot.area_code != self.code:
            raise OutOfReach

    def act(self, data: dict[str, Any]) -> str:
        """Do it; returns what the user reads."""
        raise NotImplementedError

    def post(self, request: HttpRequest, code: str, month: str) -> HttpResponse:
        form = self.form_class(request.POST)
        try:
            if not form.is_valid():
                raise ValidationError([text for texts in form.errors.values() for text in texts])
            messages.success(request, self.act(form.cleaned_data))
        except ValidationError as error:
            for text in error.messages:
                messages.error(request, text)
        return redirect(self.address)


class SignMonth(OnMonth):
    form_class = SignForm

    def act(self, data: dict[str, Any]) -> str:
        sign(self.request.user, self.snapshot, remark=data["remark"])
        return _("The month is signed.")


class ReissueMonth(OnMonth):
    form_class = ReissueForm

    def act(self, data: dict[str, Any]) -> str:
        edition = reissue(self.request.user, self.code, self.snapshot, reason=data["reason"])
        return _("Edition %(n)s is issued. It is not signed yet.") % {"n": edition.number}


class RemarkOnMonth(OnMonth):
    form_class = RemarkForm

    def act(self, data: dict[str, Any]) -> str:
        add_remark(self.request.user, self.snapshot, data["measure"], data["text"])
        return _("The remark is added.")
