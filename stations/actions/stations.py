"""Entering, editing, moving, ending and re-opening stations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import together
from accounts.models import AuditEntry
from grids.actions.ground import (
    area_in_force,
    changed,
    check_ahead,
    check_end,
    fresh,
    lock_division,
    require,
)
from grids.models import Sport
from grids.places import settle
from grids.writing import keep, keep_changed, keep_many_to_many
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor
from stations.actions.ground import check_until, standing
from stations.coordinates import Datum, check_inside, check_plausible, to_wgs84
from stations.models import (
    Equipment,
    Inspection,
    OpeningHours,
    Repair,
    Station,
    StationPhoto,
    StationPost,
)

CHANGE_STATION = "change stations.station"
EDITABLE = {
    "name",
    "kind",
    "address",
    "longitude",
    "latitude",
    "square_metres",
    "lighted",
    "usual_people",
}
# Equipment and hours come back with a station that is re-opened; people are posted anew.
_PARTS: tuple[Any, ...] = (OpeningHours, Equipment)
# What the trail calls the end of a station, of what belongs to it, and of hours replaced.
_ENDING = ("end", "set opening hours")
_FOLLOWING: tuple[Any, ...] = (*_PARTS, StationPost, StationPhoto, Inspection, Repair)


def _placed(station: Station, longitude: float | None, latitude: float | None, datum: str) -> None:
    """Put the station where it is; raises ``ValidationError`` where it cannot be."""
    if longitude is None or latitude is None:
        if longitude is not latitude:
            missing = "longitude" if longitude is None else "latitude"
            raise ValidationError({missing: _("Give both longitude and latitude, or neither.")})
        station.longitude = station.latitude = None
        return
    check_plausible(longitude, latitude)
    station.longitude, station.latitude = to_wgs84(longitude, latitude, datum)
    check_inside(station.area_code, station.longitude, station.latitude)


def _check_village(area_code: str, day: date) -> None:
    if len(area_code) != Level.VILLAGE:
        raise ValidationError({"area_code": _("A station stands in a village or community.")})
    lock_division(area_code)
    area_in_force(area_code, day)


def _check_name_free(station: Station) -> None:
    """Raise ``ValidationError`` for a second station of the same name in the village."""
    same = Station.objects.filter(area_code=station.area_code, name=station.name, ended_on=None)
    if same.exclude(pk=station.pk).exists():
        raise ValidationError({"name": _("This village has a station of this name already.")})


@transaction.atomic
def enter_station(
    actor: Actor,
    area_code: str,
    *,
    name: str,
    longitude: float | None = None,
    latitude: float | None = None,
    datum: str = Datum.WGS84,
    sports: Iterable[Sport] = (),
    started_on: date | None = None,
    **facts: Any,
) -> Station:
    """Enter a station of a village (12 digits) into the book, from a day on."""
    require(actor, CHANGE_STATION, area_code)
    day = started_on or today()
    check_ahead(day, "started_on")
    _check_village(area_code, day)
    station = changed(Station(area_code=area_code, started_on=day), facts, EDITABLE)
    station.name = name.strip()
    _check_name_free(station)
    _placed(station, longitude, latitude, datum)
    keep(actor, station, "add")
    keep_many_to_many(actor, {station: [sport.pk for sport in sports]}, "sports")
    settle(actor, [station])
    return station


@transaction.atomic
def edit_station(
    actor: Actor,
    station: Station,
    *,
    datum: str = Datum.WGS84,
    sports: Iterable[Sport] | None = None,
    **changes: Any,
) -> Station:
    """Change what is known of a station; ``datum`` says whose coordinates are given."""
    require(actor, CHANGE_STATION, station.area_code)
    station = fresh(station)
    before = (station.longitude, station.latitude)
    changed(station, changes, EDITABLE)
    station.name = station.name.strip()
    if "name" in changes and station.ended_on is None:
        _check_name_free(station)
    # What is stored already is WGS-84, and was believed when it was entered.
    if (station.longitude, station.latitude) != before:
        _placed(station, station.longitude, station.latitude, datum)
    keep(actor, station, "edit")
    if sports is not None:
        keep_many_to_many(actor, {station: [sport.pk for sport in sports]}, "sports")
    return station


@transaction.atomic
def move_station(
    actor: Actor, station: Station, area_code: str, *, on: date | None = None
) -> Station:
    """Put a station into another village, from a day on; what belongs to it goes along."""
    require(actor, CHANGE_STATION, station.area_code)
    require(actor, CHANGE_STATION, area_code)
    day = on or today()
    check_ahead(day, "on")
    _check_village(area_code, day)
    station = standing(station)
    if day < station.started_on:
        raise ValidationError({"on": _("The station began later than this.")})
    check_until(station, day, "on")
    last = station.places.order_by("-started_on", "-pk").first()
    if last is not None and day < last.started_on:
        raise ValidationError({"on": _("The station came to the present place after this day.")})
    station.area_code = area_code
    _check_name_free(station)
    keep(actor, station, "move station")
    settle(actor, [station], on=day)
    for model in _FOLLOWING:
        rows = list(model.objects.filter(station=station).exclude(area_code=area_code))
        for row in rows:
            row.area_code = area_code
        keep_changed(actor, rows, ["area_code"], "move station")
    return station


@transaction.atomic
def end_station(actor: Actor, station: Station, on: date, *, reason: str = "") -> Station:
    """End a station, and with it its posts, equipment and opening hours, on the same day."""
    require(actor, CHANGE_STATION, station.area_code)
    station = fresh(station)
    check_end(station, on)
    # One batch, by which re-opening knows what ended with the station.
    with together():
        for model in (*_PARTS, StationPost):
            rows = list(model.objects.filter(station=station).lasting_after(on))
            for row in rows:
                row.ended_on = max(on, row.started_on)
            keep_changed(actor, rows, ["ended_on"], "end", reason=reason)
        station.ended_on = on
        keep(actor, station, "end", reason=reason)
        settle(actor, [station])
    return station


@transaction.atomic
def reopen_station(actor: Actor, station: Station) -> Station:
    """Take back the end of a station; equipment and hours that ended with it are there again.

    Whose end had not come yet keeps its people, too.
    """
    require(actor, CHANGE_STATION, station.area_code)
    lock_division(station.area_code)
    station = fresh(station)
    if station.ended_on is None:
        return station
    area_in_force(station.area_code, station.started_on)
    _check_name_free(station)
    ahead = station.ended_on > today()
    for model in (*_PARTS, StationPost) if ahead else _PARTS:
        rows = _ended_with(station, model)
        for row in rows:
            row.ended_on = None
        keep_changed(actor, rows, ["ended_on"], "re-open")
    station.ended_on = None
    keep(actor, station, "re-open")
    settle(actor, [station])
    return station


def _ended_with(station: Station, model: Any) -> list[Any]:
    """What ended because the station did; not what somebody took away on that day."""
    rows = list(model.objects.filter(station=station, ended_on=station.ended_on))
    ended = _ends(station).get(str(station.pk))
    batches = _ends(*rows)
    return [row for row in rows if batches.get(str(row.pk), ended) == ended]


def _ends(*rows: Any) -> dict[str, Any]:
    """The batch of the entry that ended each of some rows last, by key, where there is one."""
    if not rows:
        return {}
    entries = AuditEntry.objects.filter(
        model=rows[0]._meta.label_lower,
        object_id__in=[str(row.pk) for row in rows],
        verb__in=_ENDING,
        before__isnull=False,
    )
    return dict(entries.order_by("pk").values_list("object_id", "batch"))
