"""Forms of people and their accounts."""

from __future__ import annotations

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PersonForm(forms.Form):
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


class AccountForm(forms.Form):
    username = forms.CharField(
        label=_("User name"),
        max_length=50,
        validators=[UnicodeUsernameValidator()],
        help_text=_("Letters and digits; the mobile number is usual."),
    )
