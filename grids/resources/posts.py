"""What the sheets of posts and of offices stand on: who holds them, and from when to when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jiaozuo_grid.lasting import today
from jiaozuo_grid.spreadsheets.sheet import Change, Row

# The posts of one kind at one place: (person, first day, first day without it).
Held = dict[Hashable, list[tuple[int, date, date | None]]]


def held_from(rows: Iterable[tuple[Hashable, int, date, date | None]]) -> Held:
    """Posts by their kind and place, those that never began left out."""
    held: Held = defaultdict(list)
    for key, person, started_on, ended_on in rows:
        if ended_on is None or ended_on > started_on:
            held[key].append((person, started_on, ended_on))
    return held


def holders(held: Held, key: Hashable, day: date) -> set[int]:
    """Who holds such a post on ``day`` or at any time later, as the pages ask it too."""
    return {person for person, _start, end in held.get(key, ()) if end is None or end > day}


def meant(row: Row, posts: Sequence[Any]) -> Any | None:
    """Which of somebody's posts of one kind, none of them over, a row of the file means.

    One whose end is planned is meant only where the row gives its own beginning, or none: with
    another beginning the row is a further post.
    """
    begins = row["started_on"]
    for one in posts:
        if begins is None or begins == one.started_on:
            return one
    return next((one for one in posts if one.ended_on is None), None)


def check_not_held(row: Row, key: str, people: set[int]) -> None:
    """Nobody holds the same post twice on one day."""
    person = row.met.get("person")
    if person is not None and person.pk in people:
        row.fault(
            key,
            "held_already",
            _("This person holds this post already."),
            _("Correct the day, or take the row out."),
        )


def check_person_known(row: Row) -> None:
    """Who holds a post is entered before; a spreadsheet of posts enters nobody."""
    person = row.met.get("person")
    if row["name"] and person is None and not row.faults:
        row.fault(
            "name",
            "no_person",
            _("Nobody entered fits this name with this phone or identity number."),
            _("Enter the person first, with the spreadsheet of people."),
        )
    gone = person and (person.died_on or person.moved_away_on)
    if person and gone and gone <= today():
        row.fault(
            "name",
            "person_gone",
            _("This person died or moved away."),
            _("Take the row out, or correct the person's entry."),
        )


def check_person_unchanged(changed: Sequence[Change]) -> None:
    """What is known of a person is changed in the spreadsheet of people."""
    for one in changed:
        for key in ("name", "phone", "id_number"):
            if key in one.changes:
                one.row.fault(
                    key,
                    "person_differs",
                    _("This differs from the person's entry."),
                    _("Correct it here, or change the person with the spreadsheet of people."),
                )
