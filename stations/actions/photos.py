"""Pictures of a station: never required, cleaned of everything but the picture."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.actions.ground import fresh, require
from grids.writing import keep
from jiaozuo_grid import photos
from jiaozuo_grid.reach import Actor, OutOfReach
from stations.actions.ground import standing
from stations.models import Station, StationPhoto

CHANGE_PHOTO = "change stations.stationphoto"
# More say no more, and the page must open on a phone.
MOST = 12


def add_photo(actor: Actor, station: Station, upload: Any) -> StationPhoto:
    """Add a picture to a station."""
    require(actor, CHANGE_PHOTO, station.area_code)
    # Before the lock, since decoding a large picture takes a while.
    photo = StationPhoto(station=station, picture=photos.cleaned(upload))
    try:
        return _add(actor, station, photo)
    except (ValidationError, OutOfReach):
        # The row is rolled back, a file is not.
        photo.picture.delete(save=False)
        raise


@transaction.atomic
def _add(actor: Actor, station: Station, photo: StationPhoto) -> StationPhoto:
    station = standing(station)
    if StationPhoto.objects.filter(station=station).kept().count() >= MOST:
        raise ValidationError(
            {"photo": _("There are %(n)d photos already. Remove one first.") % {"n": MOST}}
        )
    photo.area_code = station.area_code
    return keep(actor, photo, "add photo")


@transaction.atomic
def remove_photo(actor: Actor, photo: StationPhoto) -> StationPhoto:
    """Remove a picture: the file is gone, the row says that there was one."""
    require(actor, CHANGE_PHOTO, photo.area_code)
    photo = fresh(photo)
    if photo.removed_at is not None:
        return photo
    storage, name = photo.picture.storage, str(photo.picture.name)
    photo.picture, photo.removed_at = "", timezone.now()
    keep(actor, photo, "remove photo")
    transaction.on_commit(lambda: storage.delete(name))
    return photo
