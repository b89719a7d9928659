"""What an app offers to be counted, without knowing the figures: the filling of a declared slot.

Coverage declares measures that an app of a lower floor is to fill (home visits, fitness tests …).
The app says here, when it is ready, which of its rows count; until then the figure is not known.
The rows are area rows that announce ``Fact(area code, day)`` when they change.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True)
class Counted:
    """The rows behind a measure that happen on a day: ``day`` names the field, ``amount`` the one
    that is added up (None: rows are counted)."""

    key: str
    rows: Callable[[], QuerySet[Any]]
    day: str
    amount: str | None = None


_offered: dict[str, Counted] = {}


def offer(counted: Counted) -> None:
    """Called by the app that owns the rows when it is ready."""
    _offered[counted.key] = counted


def offered(key: str) -> Counted | None:
    return _offered.get(key)


def all_offered() -> list[str]:
    """The keys of the slots that are filled."""
    return list(_offered)
