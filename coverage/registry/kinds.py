"""What a measure, an indicator and a gap are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jiaozuo_grid.area import Ground, Level

Text = str | Promise
# An area of the map as it was on the day, or as it is today (grids/lineage.py).
Where = str | Ground
Rows = Callable[[Where, date], QuerySet[Any]]

# Of people and what happened to them, smaller numbers (but 0) are not shown to the public.
PUBLIC_FROM = 10


class Kind(StrEnum):
    """A stock stands as of a day; a flow happened in the calendar month of the day."""

    STOCK = "stock"
    FLOW = "flow"


class Group(StrEnum):
    """The part of the dictionary in which a measure stands."""

    ORGANISATION = "organisation"
    ACTIVITY = "activity"
    PEOPLE = "people"
    PLACES = "places"
    HEALTH = "health"
    OUTREACH = "outreach"


GROUP_NAMES: dict[Group, Text] = {
    Group.ORGANISATION: _("Organisation"),
    Group.ACTIVITY: _("Activity"),
    Group.PEOPLE: _("People"),
    Group.PLACES: _("Places"),
    Group.HEALTH: _("Health"),
    Group.OUTREACH: _("Outreach"),
}


class Direction(StrEnum):
    """Which way is better; for most counts neither is: a larger area has more of everything."""

    MORE = "more"
    LESS = "less"
    NEITHER = "neither"


DIRECTION_NAMES: dict[Direction, Text] = {
    Direction.MORE: _("more is better"),
    Direction.LESS: _("less is better"),
    Direction.NEITHER: _("neither is better"),
}


@dataclass(frozen=True)
class Version:
    """A definition from a day on. What is counted otherwise gets a new number, never the old."""

    number: int
    since: date
    change: Text


FIRST = Version(1, date(2024, 1, 1), _("First definition."))


class _Versioned:
    versions: tuple[Version, ...]

    @property
    def version(self) -> int:
        return self.versions[-1].number

    def version_on(self, day: date) -> int:
        """The number of the definition that was in use on a day."""
        in_use = [version.number for version in self.versions if version.since <= day]
        return in_use[-1] if in_use else self.versions[0].number


@dataclass(frozen=True)
class Measure(_Versioned):
    """A count of ``rows``, or the sum of their ``amount``."""

    key: str
    name: Text
    unit: Text
    definition: Text
    rows: Rows
    kind: Kind = Kind.STOCK
    amount: str | None = None
    # For measures that are not known everywhere: "known in so many of so many villages".
    partly_known: bool = False
    # The deepest level at which it means anything: a single grid has no number of villages.
    level: int = Level.HOBBY_GRID
    group: Group = Group.ORGANISATION
    # The register whose rows are counted.
    source: Text = ""
    direction: Direction = Direction.NEITHER
    # The smallest number but 0 that the public may see: 1, or ``PUBLIC_FROM`` for people.
    public_from: int = 1
    versions: tuple[Version, ...] = (FIRST,)
    # Where it is partly known: the measure whose number of rows says in how many it is known
    # (its own, if none is named), and the one that says of how many.
    known_by: str = ""
    known_of: str = "villages"
    # Rows of one area are not part of the area above (a sport offered twice is one sport).
    distinct: bool = False
    # A slot: no app fills it yet (jiaozuo_grid/counted.py), so it is not known, with the reason.
    missing: Text = ""

    def small_rule(self) -> Text:
        """The small-number rule in words."""
        if self.public_from > 1:
            return _("1 to 9 are not shown to the public")
        return _("shown as it is")


@dataclass(frozen=True)
class Indicator(_Versioned):
    """``per`` × numerator ÷ denominator, against a target; ``per`` 1 is shown in per cent."""

    key: str
    name: Text
    definition: Text
    numerator: str
    denominator: str
    target: float | None
    per: int = 1
    # Divided also by the days of the month that are gone (the numerator is a flow).
    daily: bool = False
    direction: Direction = Direction.MORE
    # Areas with a smaller denominator are not ranked: one more or less would move them far.
    ranked_from: int = 5
    versions: tuple[Version, ...] = (FIRST,)
    # Other published values to compare with: (value, whose).
    references: tuple[tuple[float, Text], ...] = ()

    def small_rule(self) -> Text:
        """The small-number rule in words."""
        return _("not ranked where the denominator is under %(least)s") % {
            "least": f"{self.ranked_from:,}"
        }

    def may_rank(self, denominator: int | None) -> bool:
        """Whether an area with this denominator may stand in an order of areas."""
        return denominator is not None and denominator >= self.ranked_from


@dataclass(frozen=True)
class Gap:
    """Named rows that keep an indicator below its target, and what to do about them.

    Its size is ``whole`` − ``part`` where those two measures give it, so it costs no count.
    """

    key: str
    name: Text
    remedy: Text
    rows: Rows
    whole: str
    part: str
    indicator: str
