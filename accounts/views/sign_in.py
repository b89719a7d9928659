"""Signing in and out, and changing one's password."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import views
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.forms import ChangePasswordForm, SignInForm


class SignIn(views.LoginView):
    """Five wrong passwords lock a user name at an address for five minutes (django-axes)."""

    template_name = "accounts/sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """Where the reader wanted to go: a path of this site, and never this page again.

        No host at all is allowed in it, not even the request's own: that one is the sender's word.
        """
        asked = self.request.POST.get("next", self.request.GET.get("next", ""))
        here = asked.partition("?")[0] == self.request.path
        safe = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
        return asked if safe and not here else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "asked": self.get_redirect_url()}


class SignOut(views.LogoutView):
    """By POST only, so that no foreign page's picture can sign anyone out."""


class ChangePassword(views.PasswordChangeView):
    """A new password signs this user out everywhere but here."""

    template_name = "accounts/change_password.html"
    form_class = ChangePasswordForm
    success_url = reverse_lazy("home")

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        user: Any = self.request.user
        record(user, "change password", area_code=user.person.area_code, row=user)
        messages.success(self.request, _("The password is changed. Other devices are signed out."))
        return answer
