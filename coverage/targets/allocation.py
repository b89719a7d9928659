"""Sharing a target out among an area's children so that together they reach the area's own.

Each child weighs as much as its denominator. A child whose denominator is not known (or is 0)
weighs nothing and takes the area's own target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from coverage.registry import Indicator
from coverage.registry.kinds import Direction
from coverage.targets.wording import most_of, rounded, step_of


@dataclass(frozen=True)
class Part:
    """A child: what it weighs, and where it stands now (None: not known)."""

    code: str
    weight: int
    value: float | None


def mean(parts: Sequence[Part], values: dict[str, Decimal]) -> Decimal | None:
    """What the children reach together; None where nothing says how much each of them weighs."""
    whole = sum(part.weight for part in parts)
    if not whole:
        return None
    return sum((values[part.code] * part.weight for part in parts), Decimal(0)) / whole


def short_by(indicator: Indicator, asked: Decimal, reached: Decimal) -> Decimal:
    """How much less is reached than is asked, 0 within half of the finest step."""
    behind = asked - reached if indicator.direction != Direction.LESS else reached - asked
    return behind if behind > step_of(indicator) / 2 else Decimal(0)


def adds_up(indicator: Indicator, asked: Decimal, reached: Decimal) -> bool:
    """Whether both are the same but for rounding each child to the finest step."""
    return abs(asked - reached) <= step_of(indicator) / 2


def same_for_all(parts: Sequence[Part], asked: Decimal) -> dict[str, Decimal]:
    return {part.code: asked for part in parts}


def by_gap(indicator: Indicator, parts: Sequence[Part], asked: Decimal) -> dict[str, Decimal]:
    """Each child behind the area's target makes up the same part of its gap; the others hold.

    The part is just so large that together they reach the area's target. Where that is reached
    already, everyone is asked for the same. Rounding each child moves the whole by half a step at
    most, which is what ``adds_up`` lets pass.
    """
    most = most_of(indicator)
    now = {
        part.code: asked if part.value is None else min(Decimal(part.value), most) for part in parts
    }
    sign = -1 if indicator.direction == Direction.LESS else 1
    missing = sum((sign * (asked - now[part.code]) * part.weight for part in parts), Decimal(0))
    gaps = sum(
        (max(sign * (asked - now[part.code]), Decimal(0)) * part.weight for part in parts),
        Decimal(0),
    )
    if missing <= 0 or not gaps:
        return same_for_all(parts, asked)
    share = missing / gaps
    return {
        code: rounded(indicator, value + share * (asked - value))
        if sign * (asked - value) > 0
        else rounded(indicator, value)
        for code, value in now.items()
    }
