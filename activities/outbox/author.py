"""Whose a record on a phone is, without telling whoever holds the phone who that is."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

_SALT = "activities.outbox.author"


def author_key(user: Any) -> str:
    """The key of a user: 16 hexadecimal digits that only this installation can make.

    By the key that never changes: what waits on phones must still be its author's after
    ``SECRET_KEY`` was renewed.
    """
    return salted_hmac(_SALT, str(user.pk), secret=settings.ID_HASH_KEY).hexdigest()[:16]


def is_author(user: Any, key: Any) -> bool:
    """Whether ``key`` is the user's: there is no way back from a key to a user."""
    said = key if isinstance(key, str) and key.isascii() else ""
    return constant_time_compare(author_key(user), said)
