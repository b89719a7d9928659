"""Forms of people and their accounts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.identity import identity_of
from accounts.models import Sex
from grids.forms.fields import day_field
from jiaozuo_grid.lasting import today


class PersonForm(forms.Form):
    """A person's record; ``anew`` is asked only where somebody like this is entered already."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=50)
    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    area_code = forms.CharField(
        label=_("Code of the area where they live"),
        max_length=17,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    id_number = forms.CharField(
        label=_("Identity number"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "Tells date of birth and sex, and whether the person is entered already. "
            "The number itself is not stored."
        ),
    )
    born_on = day_field(_("Date of birth"), initial=None, required=False)
    sex = forms.ChoiceField(
        label=_("Sex"), choices=[("", _("not known")), *Sex.choices], required=False
    )
    anew = forms.BooleanField(
        label=_("None of these: it is somebody else"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, identified: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["born_on"].widget.attrs["max"] = today().isoformat()
        if identified:
            self.fields["id_number"].help_text = _(
                "Entered already. Give it again only to correct it; it is not shown."
            )

    def clean_born_on(self) -> date | None:
        day: date | None = self.cleaned_data["born_on"]
        if day is not None and day > today():
            raise ValidationError(_("This day has not come yet."))
        return day

    def clean_id_number(self) -> str:
        number: str = self.cleaned_data["id_number"]
        if number.strip():
            identity_of(number)
        return number

    def ask_whether_anew(self) -> None:
        self.fields["anew"].widget = forms.CheckboxInput()


class AccountForm(forms.Form):
    username = forms.CharField(
        label=_("User name"),
        max_length=50,
        validators=[UnicodeUsernameValidator()],
        help_text=_("Letters and digits; the mobile number is usual."),
    )
