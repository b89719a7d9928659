"""The secret address of a person's calendar feed.

Nothing is stored: the address is signed with the user's password hash, so it dies when the
password is changed, and opens nothing while the user may not sign in. What it shows is asked of
the reach each time, so the end of a post takes effect at once.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User

_SALT = "activities.calendar.link"


def _signature(user: User) -> str:
    said = f"{user.pk}:{user.password}"
    return salted_hmac(_SALT, said, algorithm="sha256").hexdigest()[:40]


def token_of(user: User) -> str:
    return f"{user.pk}-{_signature(user)}"


def user_of(token: str) -> User | None:
    """Whose feed it is; None for a wrong or expired address."""
    key, _sep, signature = token.partition("-")
    # Longer than any key of ours: the database would refuse it.
    if not (key.isascii() and key.isdigit() and len(key) < 18):
        return None
    user = User.objects.filter(pk=int(key), is_active=True).first()
    if user is None or not constant_time_compare(_signature(user), signature):
        return None
    return user


def calendar_url(request: HttpRequest, user: Any) -> str:
    """The address to enter in a calendar app; never built from a request's host in production."""
    path = reverse("calendar-feed", args=[token_of(user)])
    return settings.PUBLIC_URL + path if settings.PUBLIC_URL else request.build_absolute_uri(path)
