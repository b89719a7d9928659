"""Who is signed in: two questions that stand before every page and every answer.

As Django's own session store and backend, which they are, with both put into SQL once.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone

from accounts.models import User
from jiaozuo_grid.often import Often, slot

_SESSION = Often(
    lambda: Session.objects.filter(
        session_key=slot("key", models.CharField()),
        expire_date__gt=slot("now", models.DateTimeField()),
    ).values_list("session_data")
)
_USER = Often(lambda: User.objects.filter(pk=slot("key", models.BigAutoField())).order_by())


class SessionStore(DatabaseStore):
    """``SESSION_ENGINE`` names this module, and Django this class."""

    def load(self) -> dict[str, Any]:
        row = _SESSION.first(key=self.session_key, now=timezone.now())
        if row is None:
            self._session_key = None
            return {}
        found: dict[str, Any] = self.decode(row[0])
        return found


class Backend(ModelBackend):
    """Signing in by user name and password."""

    def get_user(self, user_id: Any) -> User | None:
        user: User | None = _USER.first(key=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
