"""Signing in and changing one's password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """One message for every failure: it must not tell whether the account exists."""

    error_messages = {
        "invalid_login": _("The user name or the password is not right."),
        "inactive": _("The user name or the password is not right."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        # What phones do to the first letter of a user name.
        self.fields["username"].widget.attrs.update(autocapitalize="none", spellcheck="false")


class ChangePasswordForm(PasswordChangeForm):
    field_order = ["old_password", "new_password1", "new_password2"]
