"""The seam by which a lower floor tells a higher one that a fact changed, without knowing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Fact:
    """Something at an area code is no longer as it was counted.

    ``day`` is the day on which it happened (a session), or None for what stands (a grid, an
    appointment, a population figure).
    """

    area_code: str
    day: date | None = None


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
