"""What is in a person's hands: the seam by which apps say what must be handed on when they leave.

Floor 1 knows nothing of posts, stations or repairs; each app registers what it keeps in somebody's
name, and handing over (grids/handover.py) asks all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from accounts.models import Person
from jiaozuo_grid.reach import Actor


@dataclass(frozen=True)
class Holding:
    """One kind of thing that is in somebody's hands.

    ``rows`` are the open ones of a person (area rows with ``visible_to``); ``describe`` says what a
    row is, in words; ``url`` is its page. ``hand_over(actor, row, successor, on)`` moves it, or
    ends it where ``successor`` is None; it raises ``OutOfReach`` or ``ValidationError``.
    ``must_move`` says that it may never be without a holder unless somebody says so knowingly.
    What is ``personal`` passes to nobody and only ends, when the person dies or moves away.
    """

    key: str
    label: str | Promise
    rows: Callable[[Person], QuerySet[Any]]
    describe: Callable[[Any], str]
    url: Callable[[Any], str]
    hand_over: Callable[[Actor, Any, Person | None, date], None]
    must_move: bool = False
    personal: bool = False


_holdings: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    """Called by each app when it is ready."""
    _holdings[holding.key] = holding


def holdings() -> list[Holding]:
    """Every kind of thing that can be in a person's hands."""
    return list(_holdings.values())
