"""Forms around actions."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from jiaozuo_grid.pages.needs import Needs
from jiaozuo_grid.reach import OutOfReach


def add_errors(form: forms.BaseForm, error: ValidationError | OutOfReach) -> None:
    """Show what an action refused at the fields of the form; what has no field stands on top."""
    if isinstance(error, OutOfReach):
        form.add_error(None, str(error))
        return
    by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for field, texts in by_field.items():
        known = field if field in form.fields and field != NON_FIELD_ERRORS else None
        for text in texts:
            form.add_error(known, text)


class FormPage(Needs):
    """A form around one action: show, check, act, say so, go on."""

    template_name: ClassVar[str] = "form.html"
    form_class: ClassVar[type[forms.BaseForm]]

    def form_arguments(self) -> dict[str, Any]:
        return {}

    def act(self, form: Any) -> Any:
        """Do it; raises ``ValidationError`` or ``OutOfReach``, which the form then shows."""
        raise NotImplementedError

    def done(self, result: Any) -> str:
        """What the user reads afterwards."""
        return _("Saved.")

    def next_url(self, result: Any) -> str:
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        return {}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return self.page(self.form_class(**self.form_arguments()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        form = self.form_class(data=request.POST, **self.form_arguments())
        if not form.is_valid():
            return self.page(form)
        try:
            result = self.act(form)
        except (ValidationError, OutOfReach) as error:
            add_errors(form, error)
            return self.page(form)
        return self.finish(result)

    def finish(self, result: Any) -> HttpResponse:
        messages.success(self.request, self.done(result))
        return redirect(self.next_url(result))

    def page(self, form: forms.BaseForm) -> HttpResponse:
        status = 422 if form.is_bound and form.errors else 200
        context = {"form": form, **self.context()}
        return render(self.request, self.template_name, context, status=status)
