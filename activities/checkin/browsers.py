"""What tells that the same phone checks in twice on one day: a random cookie that ends with it.

Only a keyed hash of it and the day is stored: the same phone cannot be followed to another day.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from jiaozuo_grid.lasting import today

COOKIE = "checkin"
_PATH = "/c/"
_made = re.compile(r"[A-Za-z0-9_-]{22}")


def cookie_of(request: HttpRequest) -> str:
    """The cookie that the browser sent; "" where it has none of ours."""
    sent = request.COOKIES.get(COOKIE, "")
    return sent if _made.fullmatch(sent) else ""


def new_cookie() -> str:
    return secrets.token_urlsafe(16)


def hash_of(cookie: str) -> str:
    """What is stored of it today."""
    said = f"{cookie} {today().isoformat()}"
    return salted_hmac("activities.checkin.browser", said, algorithm="sha256").hexdigest()[:32]


def give(response: Any, cookie: str) -> None:
    tomorrow = datetime.combine(today() + timedelta(days=1), time())
    midnight = timezone.make_aware(tomorrow)
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=max(1, int((midnight - timezone.now()).total_seconds())),
        path=_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
