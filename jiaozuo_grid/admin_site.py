"""The administration: Django's admin in unfold's dress, opened by the reach and by nothing else."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import LogoutView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from unfold.sites import UnfoldAdminSite

# Views of the stock site that know nothing of areas: a jump to any object by content type and
# key, and a search that keeps its answers for five minutes.
WITHOUT_SCOPE = {"view_on_site", "search"}


class GridAdminSite(UnfoldAdminSite):
    """Signing in, out and the password are the site's own, so lockout and language hold here."""

    enable_nav_sidebar = True

    def get_urls(self) -> list[Any]:
        urls: list[Any] = super().get_urls()
        return [url for url in urls if getattr(url, "name", None) not in WITHOUT_SCOPE]

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", ""))

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        return LogoutView.as_view()(request)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("change-password")

    def password_change_done(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("home")
