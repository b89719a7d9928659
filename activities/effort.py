"""Seconds from taps and characters: an estimate by a published model, never a person timed.

The keystroke-level model of S. K. Card, T. P. Moran and A. Newell ("The keystroke-level model for
user performance time with interactive systems", Communications of the ACM 23(7), 1980; "The
Psychology of Human-Computer Interaction", 1983) adds up unit times. It was measured with mouse and
keyboard; for a finger on a screen "point at a target" is taken for a tap, and the model's slowest
typist for each character, so that the estimate is rather too long than too short.
"""

from __future__ import annotations

from dataclasses import dataclass

# Point at a target and press it.
POINT = 1.10
# Make up one's mind before a step.
THINK = 1.35
# A key: "worst typist, unfamiliar with the keyboard" on a phone; "average non-secretary typist" at
# a desk.
KEY_ON_PHONE = 1.20
KEY_AT_DESK = 0.28
# Move the hand to the keyboard.
HOME = 0.40


@dataclass(frozen=True)
class Effort:
    """What something takes: taps and typed characters."""

    taps: int
    characters: int = 0

    @property
    def seconds(self) -> float:
        """On a phone; every tap is thought about, even the second in a row on one button."""
        return self.taps * (THINK + POINT) + self.characters * KEY_ON_PHONE

    def __add__(self, other: Effort) -> Effort:
        return Effort(self.taps + other.taps, self.characters + other.characters)

    def __mul__(self, times: int) -> Effort:
        return Effort(self.taps * times, self.characters * times)


@dataclass(frozen=True)
class Desk:
    """What typing at a desk takes: keys, and rows of paper that are read."""

    keys: int
    rows: int

    @property
    def seconds(self) -> float:
        """The hands go to the keyboard once; each row is read, and then typed."""
        return HOME + self.keys * KEY_AT_DESK + self.rows * THINK
