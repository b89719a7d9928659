"""Who is responsible for a station, and which instructors are posted there."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from grids.actions.ground import check_ahead, check_end, fresh, require, written
from grids.writing import keep
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor
from stations.actions.ground import check_since, check_until, require_person, standing
from stations.models import Station, StationPost, StationRole

CHANGE_POST = "change stations.stationpost"


def _begin(
    actor: Actor, station: Station, person: Person, role: StationRole, day: date
) -> StationPost:
    post = StationPost(
        area_code=station.area_code,
        station=station,
        person=person,
        station_role=role,
        started_on=day,
        # Whose end is planned takes its posts along.
        ended_on=station.ended_on,
    )
    return keep(actor, post, "post")


def _ready(actor: Actor, station: Station, person: Person, day: date) -> Station:
    require(actor, CHANGE_POST, station.area_code)
    station = standing(station)
    require_person(actor, station, person)
    check_ahead(day, "started_on")
    check_since(station, day, "started_on")
    check_until(station, day, "started_on")
    return station


@transaction.atomic
def make_responsible(
    actor: Actor,
    station: Station,
    person: Person,
    *,
    started_on: date | None = None,
    reason: str = "",
) -> StationPost:
    """Make a person responsible for a station from a day on; who was it before ends that day."""
    day = started_on or today()
    station = _ready(actor, station, person, day)
    posts = StationPost.objects.filter(station=station).responsible().lasting_after(day)
    for post in posts.select_related("person").order_by("started_on"):
        if post.started_on > day:
            raise ValidationError(
                {
                    "started_on": _("%(name)s is responsible from %(day)s; choose a later day.")
                    % {"name": post.person.name, "day": written(post.started_on)}
                }
            )
        if post.person_id == person.pk:
            raise ValidationError({"person": _("This person is responsible for it already.")})
        post.ended_on = day
        keep(actor, post, "end", reason=reason)
    return _begin(actor, station, person, StationRole.RESPONSIBLE, day)


@transaction.atomic
def post_instructor(
    actor: Actor, station: Station, person: Person, *, started_on: date | None = None
) -> StationPost:
    """Post a person as an instructor at a station from a day on."""
    day = started_on or today()
    station = _ready(actor, station, person, day)
    posts = StationPost.objects.filter(station=station, person=person).instructors()
    if posts.lasting_after(day).exists():
        raise ValidationError({"person": _("This person is posted here already.")})
    return _begin(actor, station, person, StationRole.INSTRUCTOR, day)


@transaction.atomic
def unpost(actor: Actor, post: StationPost, on: date, *, reason: str = "") -> StationPost:
    """End an instructor's post; ``on`` is the first day without it.

    The person responsible is replaced instead: no station in force is without one again.
    """
    require(actor, CHANGE_POST, post.area_code)
    post = fresh(post)
    check_end(post, on)
    if post.station_role == StationRole.RESPONSIBLE:
        raise ValidationError(
            _("Name who follows: a station is never without a person responsible.")
        )
    post.ended_on = on
    return keep(actor, post, "end", reason=reason)
