"""What higher floors lend to the imports: the trail and undoing, which floor 0 does not know."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from jiaozuo_grid.reach import Actor, reach_of


@dataclass(frozen=True)
class Surroundings:
    """``in_batch`` marks everything written inside as the background work of one import.

    ``undo`` undoes it and returns how many rows that were; ``record`` adds an entry to the trail.
    """

    in_batch: Callable[[UUID], AbstractContextManager[None]]
    undo: Callable[[Actor, UUID], int]
    record: Callable[..., Any]


_lent: list[Surroundings] = []


def provide(surroundings: Surroundings) -> None:
    """Called once, by the app that owns undoing."""
    _lent[:] = [surroundings]


def surroundings() -> Surroundings:
    return _lent[0]


def record_use(actor: Actor, verb: str, right: str, reason: str) -> None:
    """Say in the trail that the actor used a spreadsheet, at the widest area where they may."""
    codes = reach_of(actor).areas_for(right)
    area = min(codes, key=lambda code: (len(code), code)) if codes else ""
    surroundings().record(actor, verb, area_code=area, reason=reason[:200])
