"""Very many sessions of one day: logged by one person, or of one hobby grid.

Only the session that makes it very many is named; those after it add nothing to the question.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.db import models

from activities.models import Session
from activities.review.thresholds import DAY_OF_GROUP, DAY_OF_USER
from activities.review.verdicts import Values, Verdicts, Written
from jiaozuo_grid.often import Often, slot

# What a day is counted by: the field, the number that is very many, the name in the details.
COUNTED = (("logged_by_id", DAY_OF_USER, "by_user"), ("area_code", DAY_OF_GROUP, "by_group"))
# A field, its value, and the day.
Day = tuple[str, Any, date]


def judge(written: Written, values: Values) -> Verdicts:
    """Two short queries of an index for each day; more only where a day nears very many."""
    reached: dict[Day, dict[UUID, Session]] = {}
    judged = {written.session.pk: written.session}
    for field, number, _name in COUNTED:
        for place in written.places:
            value = place.area_code if field == "area_code" else written.session.logged_by_id
            day = (field, value, place.held_on)
            if day not in reached:
                reached[day] = _near(day, int(values[number]))
                judged |= reached[day]
    return {key: _seen(session, values, reached) for key, session in judged.items()}


def _near(day: Day, number: int) -> dict[UUID, Session]:
    """The day's session that makes it ``number``, with those that did before one came or went."""
    field, value, held_on = day
    ranked = _those(field, number).all(value=value, day=held_on)
    for rank, session in enumerate(ranked, start=number - 1):
        session.rank = rank
    return {session.pk: session for session in ranked}


@cache
def _those(field: str, number: int) -> Often:
    value = slot("value", models.CharField() if field == "area_code" else models.BigIntegerField())
    day = slot("day", models.DateField())
    return Often(
        lambda: (
            Session.objects.standing()
            .filter(**{field: value, "held_on": day})
            .order_by("logged_at", "pk")[number - 2 : number + 1]
        )
    )


def _seen(
    session: Session, values: Values, reached: dict[Day, dict[UUID, Session]]
) -> dict[str, Any] | None:
    found = {}
    for field, key, name in COUNTED:
        number = int(values[key])
        day = (field, getattr(session, field), session.held_on)
        if day not in reached:
            reached[day] = _near(day, number)
        ranked: Any = reached[day].get(session.pk)
        if ranked is not None and ranked.rank == number:
            found[name] = number
    return found or None
