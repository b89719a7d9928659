"""What the actions on stations stand on: the station locked and in force, a day that can be."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Person
from grids.actions.ground import fresh, written
from grids.people import people_visible_to
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor, OutOfReach
from stations.models import Station, StationPost


def standing(station: Station) -> Station:
    """The station locked, as it is stored; ``ValidationError`` where it has ended."""
    station = fresh(station)
    if station.ended_on is not None and station.ended_on <= today():
        raise ValidationError(
            _("%(name)s ended on %(day)s. Re-open it first.")
            % {"name": station.name, "day": written(station.ended_on)}
        )
    return station


def check_past(day: date, field: str) -> None:
    """Raise ``ValidationError`` for a day still to come."""
    if day > today():
        raise ValidationError({field: _("This day is still to come.")})


def check_since(station: Station, day: date, field: str) -> None:
    """Raise ``ValidationError`` for a day before the station began."""
    if day < station.started_on:
        raise ValidationError(
            {
                field: _("%(name)s begins on %(day)s; choose this day or a later one.")
                % {"name": station.name, "day": written(station.started_on)}
            }
        )


def check_until(station: Station, day: date, field: str) -> None:
    """Raise ``ValidationError`` for a beginning on or after the day when the station ends."""
    if station.ended_on is not None and day >= station.ended_on:
        raise ValidationError(
            {
                field: _("%(name)s ends on %(day)s; choose an earlier day.")
                % {"name": station.name, "day": written(station.ended_on)}
            }
        )


def require_person(actor: Actor, station: Station, person: Person) -> None:
    """Someone alive whom the actor sees, or who holds a post at the station already."""
    posted = StationPost.objects.filter(station=station, person=person).on(today())
    if not people_visible_to(actor).filter(pk=person.pk).exists() and not posted.exists():
        raise OutOfReach
    if person.merged_into_id is not None or (
        person.died_on is not None and person.died_on <= today()
    ):
        raise ValidationError({"person": _("This person can hold nothing any more.")})
