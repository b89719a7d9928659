"""How a station is kept: when it is to be inspected next, how old its equipment is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from stations.models import Equipment, Station
from stations.rules import INSPECTION_DAYS, LIFE_YEARS, NEAR_YEARS, months_after, years_after


class Age(models.TextChoices):
    """How far a piece of equipment is through its service life."""

    GOOD = "good", _("in its service life")
    NEAR = "near", _("near the end of its life")
    PAST = "past", _("past its life")
    UNKNOWN = "unknown", _("age not known")


@dataclass(frozen=True)
class Ageing:
    """A piece of equipment's life; ``ends_on`` is the first day past it (None: not known)."""

    state: Age
    life_years: int
    ends_on: date | None = None
    days: int = 0
    days_of_life: int = 1

    @property
    def years(self) -> str:
        return f"{self.days / 365.25:.1f}"

    @property
    def years_left(self) -> str:
        return f"{(self.days_of_life - self.days) / 365.25:.1f}"


def ageing_of(equipment: Equipment, values: dict[str, float], day: date) -> Ageing:
    """How old equipment is on ``day``; ``values`` are the rules of that day."""
    life = equipment.life_years or round(values[LIFE_YEARS])
    if equipment.installed_on is None:
        return Ageing(Age.UNKNOWN, life)
    ends_on = years_after(equipment.installed_on, life)
    state = Age.GOOD
    if ends_on <= day:
        state = Age.PAST
    elif ends_on <= months_after(day, round(values[NEAR_YEARS] * 12)):
        state = Age.NEAR
    whole = (ends_on - equipment.installed_on).days
    return Ageing(state, life, ends_on, (day - equipment.installed_on).days, whole)


def inspection_due_on(
    station: Station, last_inspected_on: date | None, values: dict[str, float]
) -> date:
    """The last day on which the next inspection is in time."""
    since = max(last_inspected_on or station.started_on, station.started_on)
    return since + timedelta(days=int(values[INSPECTION_DAYS]))


def inspection_overdue(
    station: Station, last_inspected_on: date | None, values: dict[str, float], day: date
) -> bool:
    due_on = inspection_due_on(station, last_inspected_on, values)
    return station.in_force(day) and due_on < day
