"""The code on the leader's phone: it changes every half minute and is good for a minute at most.

A code is a keyed hash over the hobby grid and the half minute; nothing is stored, and knowing one
says nothing of the next. What it opened goes on by a *ticket*, bound to one browser, so that
nobody is hurried who reads the page first.
"""

from __future__ import annotations

import time
from base64 import urlsafe_b64encode

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from jiaozuo_grid.area import Level, is_area_code

STEP = 30
# This half minute's code and the one before.
STEPS = 2
TICKET_SECONDS = 10 * 60
_SALT = "activities.checkin"


def code_of(area_code: str, now: float | None = None) -> str:
    """The code of a hobby grid in this half minute."""
    return f"{area_code}-{_mac(area_code, _step(now))}"


def seconds_left(now: float | None = None) -> int:
    """How long the code of this half minute is still the newest."""
    return STEP - int((time.time() if now is None else now) % STEP)


def hobby_grid_of(code: str) -> str:
    """The hobby grid that a code speaks of, whether it is good or not; "" where of none."""
    area_code, dash = code[: Level.HOBBY_GRID], code[Level.HOBBY_GRID : Level.HOBBY_GRID + 1]
    right = len(area_code) == Level.HOBBY_GRID and is_area_code(area_code) and dash == "-"
    return area_code if right else ""


def is_good(code: str, now: float | None = None) -> bool:
    """Whether it is the code of this half minute or of the one before."""
    area_code = hobby_grid_of(code)
    sent = code[Level.HOBBY_GRID + 1 :]
    step = _step(now)
    good = [constant_time_compare(sent, _mac(area_code, step - n)) for n in range(STEPS)]
    return bool(area_code) and any(good)


def ticket_for(place: str, browser: str) -> str:
    """What lets ``browser`` check in at ``place`` in the next minutes."""
    return signing.dumps([place, browser], salt=_SALT)


def admits(ticket: str, place: str, browser: str) -> bool:
    try:
        said = signing.loads(ticket, salt=_SALT, max_age=TICKET_SECONDS)
    except signing.BadSignature:
        return False
    return bool(said == [place, browser])


def _step(now: float | None) -> int:
    return int((time.time() if now is None else now) // STEP)


def _mac(area_code: str, step: int) -> str:
    digest = salted_hmac(_SALT, f"{area_code} {step}", algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:16]).decode().rstrip("=")
