"""The forms of a month: signing, another edition, a remark on a difference."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SignForm(forms.Form):
    remark = forms.CharField(label=_("Remark"), max_length=500, required=False)


class ReissueForm(forms.Form):
    reason = forms.CharField(
        label=_("Why another edition is issued"),
        max_length=200,
        help_text=_("It counts the month from what is known now. Earlier editions stay readable."),
    )


class RemarkForm(forms.Form):
    measure = forms.CharField(max_length=50, widget=forms.HiddenInput)
    text = forms.CharField(label=_("Why it differs"), max_length=500)
