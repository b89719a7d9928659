"""Whom a user sees, and whose record and account they may change."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.models import Person
from grids.models import Appointment
from jiaozuo_grid.area import within_q
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor, reach_of

VIEW_PERSON = "view accounts.person"


def person_of(actor: Actor) -> int | None:
    """The key of the person who acts; None for the server itself."""
    return getattr(actor, "person_id", None)


def people_visible_to(actor: Actor) -> QuerySet[Person]:
    """People who live in the actor's areas, or who hold or held a post there."""
    reach = reach_of(actor)
    if reach.everywhere:
        return Person.objects.all()
    codes = reach.areas_for(VIEW_PERSON)
    posts = Appointment.objects.filter(within_q(codes))
    return Person.objects.filter(within_q(codes) | Q(pk__in=posts.values("person")))


def lasting_posts(person: Person) -> QuerySet[Appointment]:
    """The person's posts in force and those yet to begin."""
    posts = Appointment.objects.filter(person=person)
    return posts.filter(Q(ended_on=None) | Q(ended_on__gt=today()))


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
