"""Checking in at a session or a station, and forgetting what was only needed for a while."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.audit import coming_from, record
from accounts.models import Door, Person
from activities.models import CheckIn
from grids.models import HobbyGrid
from grids.writing import keep
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM
from stations.models import Station

# About a kilometre: enough to say from which part of town people come, too little to find a home.
DECIMALS = 2


def check_in(
    place: HobbyGrid | Station,
    *,
    browser: str,
    person: Person | None = None,
    longitude: float | None = None,
    latitude: float | None = None,
) -> tuple[CheckIn, bool]:
    """Somebody is here today; returns the check-in and whether it is new.

    ``browser`` is the keyed hash of the phone's cookie, ``person`` who wants to be named. One a day
    and phone, and one a day and person. Neither the address nor the sign-in is kept.
    """
    if not place.in_force(today()):
        raise ValidationError(_("This is closed today."))
    row = CheckIn(
        area_code=place.area_code,
        station=place if isinstance(place, Station) else None,
        held_on=today(),
        browser=browser,
        person=person,
        longitude=_coarse(longitude),
        latitude=_coarse(latitude),
    )
    stored = checked_in_before(place, browser, person)
    if stored is not None:
        return stored, False
    try:
        with coming_from(Door.PAGE):
            return keep(SYSTEM, row, "check in"), True
    except (IntegrityError, ValidationError):
        # A second tap of the same phone was quicker.
        stored = checked_in_before(place, browser, person)
        if stored is None:
            raise
        return stored, False


def checked_in_before(
    place: HobbyGrid | Station, browser: str, person: Person | None
) -> CheckIn | None:
    """Today's check-in of this phone or person at the place."""
    same = Q(pk__in=[])
    if browser:
        same |= Q(browser=browser)
    if person is not None:
        same |= Q(person=person)
    here: Any = (
        Q(station=place)
        if isinstance(place, Station)
        else Q(station__isnull=True, area_code=place.area_code)
    )
    return CheckIn.objects.filter(here, same, held_on=today()).first()


def forget_position(row: CheckIn) -> None:
    """The consent is taken back: the position goes at once."""
    CheckIn.objects.filter(pk=row.pk).update(longitude=None, latitude=None)


@transaction.atomic
def forget_check_ins() -> int:
    """Empty positions and phones of check-ins older than the days they are kept; the count stays.

    Written past ``keep``: its entries would say again what is to be forgotten.
    """
    last = today() - timedelta(days=settings.CHECK_INS_KNOWN_DAYS)
    old = CheckIn.objects.filter(held_on__lt=last).filter(
        ~Q(browser="") | Q(longitude__isnull=False) | Q(latitude__isnull=False)
    )
    codes = list(old.order_by().values_list("area_code", flat=True))
    old.update(browser="", longitude=None, latitude=None)
    for city, count in Counter(code[: Level.CITY] for code in codes).items():
        record(SYSTEM, "forget", area_code=city, after={"checkin": count})
    return len(codes)


def _coarse(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, DECIMALS)
