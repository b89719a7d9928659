"""Whom a user sees, and whose record and account they may change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Person
from grids.models import Appointment, Officer
from jiaozuo_grid.area import within_q
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor, reach_of

VIEW_PERSON = "view accounts.person"


def person_of(actor: Actor) -> int | None:
    """The key of the person who acts; None for the server itself."""
    return getattr(actor, "person_id", None)


def entries_visible_to(actor: Actor) -> QuerySet[Person]:
    """People who live in the actor's areas, or who hold or held a post or office there.

    Among them entries that were merged into another, whose pages lead on to that one.
    """
    reach = reach_of(actor)
    if reach.everywhere:
        return Person.objects.all()
    codes = reach.ground_of(VIEW_PERSON)
    posts = Appointment.objects.filter(within_q(codes))
    offices = Officer.objects.filter(within_q(codes))
    return Person.objects.filter(
        within_q(codes) | Q(pk__in=posts.values("person")) | Q(pk__in=offices.values("person"))
    )


def people_visible_to(actor: Actor) -> QuerySet[Person]:
    """The entries that the actor sees and that stand for a person: what lists and choices hold."""
    people: QuerySet[Person] = entries_visible_to(actor).filter(merged_into__isnull=True)
    return people


def check_present(person: Person, day: date) -> None:
    """Raise ``ValidationError`` for who died or moved away by ``day``, or is another entry."""
    if person.merged_into_id is not None:
        raise ValidationError({"person": _("This entry was merged into another. Choose that one.")})
    for gone_on, text in (
        (person.died_on, _("%(name)s died on %(day)s.")),
        (person.moved_away_on, _("%(name)s moved away on %(day)s. Who is back: say so first.")),
    ):
        if gone_on is not None and gone_on <= day:
            raise ValidationError({"person": text % {"name": person.name, "day": gone_on}})


def lasting_posts(*people: Person) -> QuerySet[Appointment]:
    """People's posts in force and those yet to begin; one that ended unbegun is none."""
    posts = Appointment.objects.filter(person__in=[person.pk for person in people])
    return posts.filter(
        Q(ended_on=None) | (Q(ended_on__gt=today()) & Q(ended_on__gt=F("started_on")))
    )


def answers_for(actor: Actor, person: Person, right: str = "") -> bool:
    """Whether every lasting post of the person is one that the actor may appoint.

    Who may not appoint a person to what they are must not change their record or open their
    account either: that would be a way to borrow their authority. ``right`` must hold at every
    post, too.
    """
    reach = reach_of(actor)
    return all(
        reach.allows(f"appoint {post.role}", post.area_code)
        and (not right or reach.allows(right, post.area_code))
        for post in lasting_posts(person)
    )


def out_of_hand(actor: Actor, people: Sequence[Person]) -> set[int]:
    """The keys of those who hold a post that the actor may not fill: as ``answers_for``, for many.

    In a query for some hundred of them. Oneself is always in one's own hand.
    """
    reach = reach_of(actor)
    if reach.everywhere:
        return set()
    held: set[int] = set()
    for start in range(0, len(people), 500):
        posts = lasting_posts(*people[start : start + 500])
        for key, role, code in posts.values_list("person", "role", "area_code"):
            if not reach.allows(f"appoint {role}", code):
                held.add(key)
    return held - {person_of(actor)}
