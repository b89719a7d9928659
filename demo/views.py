"""Signing in to the demo city with one tap; only there."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.models import User
from demo.accounts import ACCOUNTS


@require_POST
def sign_in(request: HttpRequest, username: str) -> HttpResponse:
    """Sign in as one of the demo accounts; 404 outside demo mode."""
    if not settings.DEMO_MODE or username not in ACCOUNTS:
        raise Http404
    user = get_object_or_404(User, username=username, is_demo=True, is_active=True)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("home")
