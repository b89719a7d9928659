"""Between which two figures the bridge is asked for."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from coverage.forms import DayForm
from jiaozuo_grid.lasting import today

NOW, THEN = "now", "then"
# Where nothing is asked: what changed in so many days.
USUAL = timedelta(days=30)


class BridgeForm(DayForm):
    """``?from=&on=``: two days. ``known=then`` takes the last figure as it was known that day, too.

    ``since`` is the moment at which the first figure was known, where it is not the end of its day:
    a receipt or a snapshot says so.
    """

    known = forms.ChoiceField(
        label=_("The last figure"),
        required=False,
        choices=[(NOW, _("as known today")), (THEN, _("as known on that day"))],
    )
    since = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limits = {"min": settings.FIGURES_BEGIN, "max": today().isoformat()}
        self.fields["from"] = forms.DateField(
            label=_("From the figure of"),
            required=False,
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **limits}),
        )
        self.fields["on"].label = _("to the figure of")

    def clean_since(self) -> datetime | None:
        text = self.cleaned_data["since"]
        if not text:
            return None
        try:
            moment = parse_datetime(text)
        except ValueError:
            moment = None
        if moment is None or timezone.is_naive(moment):
            raise ValidationError(_("This is not a moment."))
        return moment

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        last: date | None = cleaned.get("on")
        first: date | None = cleaned.get("from")
        if last is None or self.errors:
            return cleaned
        begin = date.fromisoformat(settings.FIGURES_BEGIN)
        if first is None:
            cleaned["from"] = max(begin, last - USUAL)
        elif first > last:
            self.add_error("from", _("The first day must not be after the last one."))
        elif first < begin:
            self.add_error("from", _("Figures begin on %(day)s.") % {"day": settings.FIGURES_BEGIN})
        return cleaned
