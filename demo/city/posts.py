"""Who holds a post, from when to when: filled, handed over, left vacant, never filled."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from accounts.models import Person
from demo.city.book import Book
from grids.models import Appointment

HANDED_OVER = 0.07


class Term(NamedTuple):
    """A time in office; ``end`` is the first day without it, None: still in office."""

    start: date
    end: date | None


def terms(rng: Random, start: date, end: date | None, today: date, held: float) -> list[Term]:
    """The terms in which a post is held that exists from ``start`` to ``end``.

    ``held`` is the share of such posts that are held today. One holder at a time.
    """
    last = end or today
    long_enough = (last - start).days > 150
    if rng.random() > held:
        if rng.random() < 0.5 or not long_enough:
            return []
        return [Term(start, last - timedelta(days=rng.randint(5, 120)))]
    if rng.random() < HANDED_OVER and long_enough:
        handover = last - timedelta(days=rng.randint(40, (last - start).days - 60))
        gap = timedelta(days=rng.choice((0, 0, 0, 7, 20, 35)))
        return [Term(start, handover), Term(handover + gap, end)]
    return [Term(start, end)]


def appoint(
    book: Book, person: Person, role: str, area_code: str, term: Term, background: str = ""
) -> Appointment:
    return book.add(
        Appointment(
            person=person,
            role=role,
            area_code=area_code,
            started_on=term.start,
            ended_on=term.end,
            background=background,
        )
    )
