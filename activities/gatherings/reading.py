"""Where lectures and events can be held, who speaks, and what pages say of them besides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import AuditEntry, Person
from accounts.trail import Change, lines
from accounts.words import field_in_words
from activities.actions.gatherings import CORRECT, WITHDRAW
from activities.today import areas_to_log_at
from grids.models import Appointment
from grids.people import VIEW_PERSON, entries_visible_to, people_visible_to
from grids.views.lists import place_names, place_of
from instructors.models import Instructor
from jiaozuo_grid.area import Level, within_q
from jiaozuo_grid.lasting import in_force_q, today
from jiaozuo_grid.reach import reach_of

# More are not offered in one choice; anybody else can be written down by name.
MOST_SPEAKERS = 60


def places_to_gather(user: Any, also: str = "") -> list[tuple[str, str]]:
    """(code, name) of where the user may write down lectures and events, ``also`` among them."""
    found = areas_to_log_at(reach_of(user), today())
    if also and also not in dict(found):
        # One of very many, or one that has ended: what was held there may still be on its way.
        found.append((also, place_of(also, place_names([also]), levels=1) or also))
    return found


def may_speak(user: Any, day: date | None = None) -> QuerySet[Person]:
    """Whom the user may name as speaker: whom they see today, or saw on the day it was held.

    Entries that were merged since are among them: what names one may have waited on a phone.
    """
    seen = entries_visible_to(user) | Person.objects.filter(pk=user.person_id)
    if day is None or day >= today():
        return seen
    codes = reach_of(user, day).ground_of(VIEW_PERSON)
    posts = Appointment.objects.filter(within_q(codes)).values("person")
    return seen | Person.objects.filter(within_q(codes) | Q(pk__in=posts))


def speakers_for(user: Any, code: str, also: Any = None) -> list[Person]:
    """Who is likely to speak: the user, instructors of the village, holders of posts there."""
    near = within_q([code[: Level.VILLAGE]])
    lasting = in_force_q(today())
    teaches = Instructor.objects.filter(near, lasting).values("person")
    holds = Appointment.objects.filter(near, lasting).values("person")
    likely = people_visible_to(user).filter(Q(pk__in=teaches) | Q(pk__in=holds))
    own = Person.objects.filter(pk__in=[user.person_id, also or user.person_id])
    return [
        *own.order_by("pk"),
        *likely.exclude(pk__in=own.values("pk")).order_by("name_key", "pk")[:MOST_SPEAKERS],
    ]


def dress_gatherings(rows: Iterable[Any]) -> None:
    """Give each its ``place_name``: where its area is, in words; two queries for all."""
    found = list(rows)
    names = place_names(sorted({row.area_code for row in found}))
    for row in found:
        row.place_name = place_of(row.area_code, names)


def speaker_of(lecture: Any) -> str:
    """Who spoke: of the register, a guest, or both."""
    names = [lecture.speaker.name if lecture.speaker else "", lecture.guest]
    return "、".join(name for name in names if name)


@dataclass(frozen=True)
class Amendment:
    """A correction or withdrawal, in words."""

    entry: AuditEntry
    actor: str
    withdrew: bool
    changes: list[Change]


def amendments_of(row: Any, reader: Any) -> list[Amendment]:
    """What was corrected or withdrawn, oldest first."""
    entries = AuditEntry.objects.filter(
        model=row._meta.label_lower, object_id=str(row.pk), verb__in=[CORRECT, WITHDRAW]
    )
    # The number of the version says nothing to a reader.
    number = field_in_words(row._meta.get_field("version"), "version")
    return [
        Amendment(
            entry=line.entry,
            actor=line.actor,
            withdrew=line.entry.verb == WITHDRAW,
            changes=[change for change in line.changes if change.name != number],
        )
        for line in lines(entries.select_related("actor__person").order_by("pk"), reader)
    ]
