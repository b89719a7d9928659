"""Forms of certificates and promotions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grids.forms.fields import day_field
from instructors.models import InstructorLevel


def certificate_fields(*, required: bool = True) -> tuple[forms.Field, ...]:
    """Number, day and granting body of a certificate."""
    return (
        forms.CharField(
            label=_("Certificate number"),
            max_length=40,
            required=required,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        ),
        day_field(_("Granted on"), required=required),
        forms.CharField(
            label=_("Granted by"),
            max_length=60,
            required=False,
            help_text=_("For the first and the national grade: the body that decided."),
        ),
    )


class GrantForm(forms.Form):
    level = forms.TypedChoiceField(label=_("Grade"), choices=InstructorLevel.choices, coerce=int)
    number, granted_on, granted_by = certificate_fields()

    def __init__(self, *args: Any, levels: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["level"]
        field.choices = [(n, InstructorLevel(n).label) for n in levels]


class ApproveForm(forms.Form):
    number, granted_on, granted_by = certificate_fields()


class ApproveManyForm(forms.Form):
    """For the marked rows of a list: their numbers count up from the first."""

    first_number = forms.CharField(
        label=_("Number of the first certificate"),
        max_length=40,
        help_text=_("The others count up from it, in the order of the list above."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    granted_on = day_field(_("Granted on"))
    granted_by = forms.CharField(
        label=_("Granted by"),
        max_length=60,
        required=False,
        help_text=_("For the first and the national grade: the body that decided."),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)
