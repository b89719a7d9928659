"""The seam by which a lower floor tells a higher one that a fact changed, without knowing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Fact:
    """Something at an area code is no longer as it was counted.

    ``day`` is the day on which it happened (a session), or None for what stands (a grid, an
    appointment, a population figure). ``about`` names who or what else it concerns, wherever that
    stands, in a word and a key: "person 12" led the session.
    """

    area_code: str
    day: date | None = None
    about: str = ""


Listener = Callable[[list[Fact]], None]
_listeners: list[Listener] = []


def subscribe(listener: Listener) -> None:
    """Call ``listener`` with every announced fact, inside the writer's transaction."""
    if listener not in _listeners:
        _listeners.append(listener)


def announce(facts: Iterable[Fact]) -> None:
    """Tell all listeners; must be called in the transaction of the write itself."""
    batch = list(dict.fromkeys(facts))
    if batch:
        for listener in _listeners:
            listener(batch)


_cause: ContextVar[str] = ContextVar("cause", default="")


@contextmanager
def caused_by(cause: str) -> Iterator[None]:
    """Facts announced inside changed for this reason, not because something happened."""
    token = _cause.set(cause)
    try:
        yield
    finally:
        _cause.reset(token)


def announced_cause() -> str:
    """Why what is announced now changed; empty: because something happened."""
    return _cause.get()
