"""Looking around in the demo city without a password."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect

from accounts.models import User

BACKEND = "accounts.sign_ins.Backend"


def sign_in(request: HttpRequest, username: str) -> HttpResponse:
    """Sign in as a demo account; outside demo mode there is nothing here."""
    if not settings.DEMO_MODE:
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    user = get_object_or_404(User, username=username, is_demo=True, is_active=True)
    login(request, user, backend=BACKEND)
    return redirect("home")
