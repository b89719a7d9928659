"""One row of each kind in the book of a station."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Person, User
from jiaozuo_grid.lasting import today
from stations.models import (
    Equipment,
    Inspection,
    OpeningHours,
    Repair,
    Station,
    StationPhoto,
    StationPlace,
    StationPost,
)


def station_rows(area_code: str, person: Person, user: User) -> dict[str, Any]:
    """A station with everything, by the names of the models."""
    station = Station.objects.create(name="东关站", area_code=area_code)
    own: dict[str, Any] = {"station": station, "area_code": area_code}
    return {
        "stations.station": station,
        "stations.stationplace": StationPlace.objects.create(**own),
        "stations.stationpost": StationPost.objects.create(
            person=person, station_role="instructor", **own
        ),
        "stations.stationphoto": StationPhoto.objects.create(
            picture=SimpleUploadedFile("photo.jpg", b"not looked at"), **own
        ),
        "stations.openinghours": OpeningHours.objects.create(
            weekdays="135", opens_at=time(19), closes_at=time(21), **own
        ),
        "stations.equipment": Equipment.objects.create(name="漫步机", **own),
        "stations.inspection": Inspection.objects.create(
            inspected_on=today(), in_order=True, inspected_by=user, **own
        ),
        "stations.repair": Repair.objects.create(description="松动", due_on=today(), **own),
    }
