"""What is read of check-ins: how many came where, and who of those that one may see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count

from activities.models import CheckIn
from grids.people import people_visible_to
from grids.views.lists import place_names, place_of
from stations.models import Station


def checked_in(codes: Collection[str], day: date) -> dict[str, int]:
    """How many checked in at these hobby grids that day; those where nobody did are left out.

    It is offered beside the number that a leader writes down, never put in its place.
    """
    rows = CheckIn.objects.filter(area_code__in=codes, held_on=day, station__isnull=True)
    counted = rows.order_by().values("area_code").annotate(n=Count("pk"))
    return dict(counted.values_list("area_code", "n"))


def by_day_and_place(rows: Any) -> Any:
    """One row for each place and day: ``held_on``, ``area_code``, ``station_id``, ``n``."""
    grouped = rows.order_by().values("held_on", "area_code", "station_id")
    return grouped.annotate(n=Count("pk")).order_by("-held_on", "area_code", "station_id")


def name_places(rows: list[dict[str, Any]]) -> None:
    """Give each row its ``place``, in words; a few queries for all."""
    names = place_names(sorted({row["area_code"] for row in rows}))
    keys = {row["station_id"] for row in rows if row["station_id"]}
    stations = dict(Station.objects.filter(pk__in=keys).values_list("pk", "name")) if keys else {}
    for row in rows:
        where = place_of(row["area_code"], names)
        row["place"] = " ".join(part for part in (where, stations.get(row["station_id"])) if part)


@dataclass
class Place:
    """A place of one day: how many checked in, and the names of those that the reader may see."""

    name: str
    count: int
    named: int = 0
    people: list[str] = field(default_factory=list)


def places_of_day(user: Any, area_code: str, day: date) -> list[Place]:
    """What the user may see of the check-ins at one code on a day; [] where there are none."""
    rows = CheckIn.objects.visible_to(user).filter(area_code=area_code, held_on=day)
    counted = list(by_day_and_place(rows))
    name_places(counted)
    places = {row["station_id"]: Place(row["place"], row["n"]) for row in counted}
    signed = rows.filter(person__isnull=False).order_by("person__name_key", "pk")
    seen = set(people_visible_to(user).filter(checkin__in=signed).values_list("pk", flat=True))
    for station, key, name in signed.values_list("station_id", "person_id", "person__name"):
        places[station].named += 1
        if key in seen:
            places[station].people.append(name)
    return list(places.values())
