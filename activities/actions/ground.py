"""What logging asks of every kind of held thing: by which day's posts the actor may write it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from grids.lineage import code_on
from grids.models import HobbyGrid, Succession
from jiaozuo_grid.area import ancestors
from jiaozuo_grid.lasting import today
from jiaozuo_grid.often import Often, slot
from jiaozuo_grid.reach import Actor, Delegated, OutOfReach, reach_of


class SessionConflict(Exception):
    """The same id with another body, or a version that is no longer the newest.

    ``fields`` names what differs; what was stored first stands.
    """

    def __init__(self, fields: list[str]) -> None:
        self.fields = fields
        super().__init__(", ".join(fields))


def day_of_authority(actor: Actor, right: str, area_code: str, held_on: date) -> date:
    """The day whose appointments let the actor do this: today, or the day it was held.

    A record must not be refused because its author left office while it waited on the phone.
    """
    for day in (today(), held_on):
        if reach_of(actor, day).allows(right, area_code):
            return day
    raise OutOfReach


def lost_by_a_move(actor: Actor, area_code: str, held_on: date) -> bool:
    """Whether the actor led here until a change of the map, entered after ``held_on``, took it.

    It was dated back: on the day it was held they were in office, as everybody knew it.
    """
    moves = Succession.objects.standing().filter(
        old_code__in=ancestors(area_code, include_self=True),
        on__lte=held_on,
        reorganisation__done_at__date__gt=held_on,
    )
    days = moves.values_list("on", flat=True)
    return any(reach_of(actor, on - timedelta(days=1)).allows("log", area_code) for on in set(days))


def writer_of(actor: Actor, sent_code: str, area_code: str, held_on: date) -> tuple[Actor, date]:
    """As whom, and by which day's posts, a new record is written.

    ``sent_code`` is the code that was sent, ``area_code`` where it lies on the day.
    """
    try:
        return actor, day_of_authority(actor, "log", area_code, held_on)
    except OutOfReach:
        if not lost_by_a_move(actor, sent_code, held_on):
            raise
        return Delegated(actor), today()


def entry_today(person: int | None) -> int | None:
    """The key of the entry that stands for a person: the one named may have been merged since."""
    if person is None:
        return None
    kept = Person.objects.filter(pk=person, merged_into__isnull=False)
    return kept.values_list("merged_into", flat=True).first() or person


def placed(row: Any, *, followed: bool = False) -> HobbyGrid:
    """Put the row where its hobby grid stood on its day, and lock that hobby grid.

    Whatever is written about a hobby grid's sessions queues at its row. It may have moved while
    the record waited on a phone, or while this writer waited for the row: then it is looked for
    again, and nothing is refused because the map changed. ``followed``: the caller has just
    followed the code to the day.
    """
    while True:
        if not followed:
            row.area_code = code_on(row.area_code, row.held_on)
        found = _LOCKED.first(code=row.area_code)
        if found is None and not followed:
            raise ValidationError({"area_code": _("There is no hobby grid with this code.")})
        if found is not None and (
            found.in_force(row.held_on) or code_on(row.area_code, row.held_on) == row.area_code
        ):
            return found
        followed = False


_LOCKED = Often(
    lambda: (
        HobbyGrid.objects.select_for_update()
        .filter(area_code=slot("code", models.CharField()))
        .order_by()
    )
)


def is_late(held: Any) -> bool:
    """Whether the days are over in which those who log there may correct and withdraw it."""
    return timezone.now() > held.logged_at + timedelta(days=settings.CORRECTION_DAYS)


def day_to_amend(actor: Actor, held: Any) -> date:
    """The day whose appointments let the actor amend it; late, only those of today do."""
    if not is_late(held):
        return day_of_authority(actor, "log", held.area_code, held.held_on)
    if not reach_of(actor).allows("amend late", held.area_code):
        raise OutOfReach(
            _("After %(days)s days only the township officer corrects or withdraws a session.")
            % {"days": settings.CORRECTION_DAYS}
        )
    return today()


def may_amend(actor: Actor, held: Any) -> bool:
    """Whether the actor may correct or withdraw it: for seven days whoever may log there."""
    try:
        day_to_amend(actor, held)
    except OutOfReach:
        return False
    return held.withdrawn_at is None
