"""Chance that comes out the same every time."""

from __future__ import annotations

from random import Random


def dice(seed: int, *what: str) -> Random:
    """Chance of its own for each thing, so that one thing's does not depend on another's."""
    return Random(":".join((str(seed), *what)))  # noqa: S311  (an invented city, no secret)
