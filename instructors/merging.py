"""Two instructors who are one person become one."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from grids.merging import VERB, Merged, move_rows, pointers_to
from grids.places import settle
from grids.writing import keep_changed, keep_many_to_many
from instructors.models import Attendance, Instructor, InstructorPlace, Registration
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor

# Of these one a year, or one a course, is enough: the second stays with the dropped row.
ENOUGH_ONCE = (Registration, Attendance)


def merge_instructors(actor: Actor, keep: Instructor, drop: Instructor, merged: Merged) -> None:
    """What the dropped instructor has goes to the kept one, who serves since the earlier day.

    The dropped row ends before it began, so that no figure counts the person twice. Raises
    ``ValidationError`` where a promotion of both is under way.
    """
    for pointer in pointers_to(Instructor):
        if pointer.model in (InstructorPlace, Instructor.sports.through):
            continue
        move_rows(actor, pointer, keep, drop, merged, staying=pointer.model in ENOUGH_ONCE)
    _join_sports(actor, keep, drop)
    in_force = drop.in_force(today())
    if in_force and not keep.in_force(today()):
        keep.ended_on = None
    keep.started_on = min(keep.started_on, drop.started_on)
    if in_force:
        levels = [row.instructor_level for row in (keep, drop) if row.instructor_level is not None]
        keep.instructor_level = min(levels, default=None)
    drop.ended_on = drop.started_on
    keep_changed(actor, [keep, drop], ["started_on", "ended_on", "instructor_level"], VERB)
    settle(actor, [keep])
    _leave_places(actor, drop)
    merged.notes.append(_("One instructor stays, with the certificates of both."))


def _leave_places(actor: Actor, drop: Instructor) -> None:
    places = list(drop.places.order_by("pk"))
    for place in places:
        place.ended_on = place.started_on
    keep_changed(actor, places, ["ended_on"], "place")


def _join_sports(actor: Actor, keep: Instructor, drop: Instructor) -> None:
    sports: set[Any] = {sport.pk for row in (keep, drop) for sport in row.sports.all()}
    keep_many_to_many(actor, {keep: sports}, "sports", VERB)
