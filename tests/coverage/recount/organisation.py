"""Villages, residents, grids, posts and organisations, counted naively."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from math import ceil
from typing import Any

from grids.models import Appointment, Division, Grid, HobbyGrid, Organisation, ResidentCount
from tests.coverage.recount.books import Books, Count, Row, rows_of

LEADER, MEMBER = "grid_leader", "grid_member"


def counts_of_villages(books: Books, day: date, field: str) -> list[Any]:
    villages = books.villages(day)
    return [
        row
        for row in books.standing(ResidentCount, day)
        if row.area_code in villages and getattr(row, field) is not None
    ]


def required(books: Books, day: date) -> Iterable[Row]:
    """Of a community one for 400 households begun, of a village one for each villager group."""
    villages = books.villages(day)
    for row in books.standing(ResidentCount, day):
        if row.area_code in villages:
            urban = row.area_code[9] in "014"
            known = row.households if urban else row.villager_groups
            if known is not None:
                yield Row(row.area_code, ceil(known / 400) if urban else known)


def counted_villages(books: Books, day: date) -> Iterable[Row]:
    known = {row.area_code for row in counts_of_villages(books, day, "population")}
    return [Row(code) for code in known]


def villages_with_grids(books: Books, day: date) -> Iterable[Row]:
    having = {grid.area_code[:12] for grid in books.standing(Grid, day)}
    return [Row(code) for code in books.villages(day) if code in having]


def banded(books: Books, day: date) -> Iterable[Row]:
    grids = books.standing(Grid, day, kind="urban")
    return rows_of(g for g in grids if g.households is not None and 300 <= g.households <= 500)


def posted(model: Any, role: str, there: bool) -> Count:
    """The grids or hobby grids with somebody (or nobody) in the post."""

    def count(books: Books, day: date) -> Iterable[Row]:
        held = {post.area_code for post in books.standing(Appointment, day, role=role)}
        rows = books.standing(model, day)
        return rows_of(row for row in rows if (row.area_code in held) is there)

    return count


def double_posts(books: Books, day: date) -> Iterable[Row]:
    posts = [p for p in books.standing(Appointment, day) if p.role in (LEADER, MEMBER)]
    held: dict[int, int] = defaultdict(int)
    for post in posts:
        held[post.person_id] += 1
    return rows_of(post for post in posts if held[post.person_id] > 1)


def sports(books: Books, day: date) -> Iterable[Row]:
    groups = books.standing(HobbyGrid, day)
    return [Row(group.area_code, what=group.sport_id) for group in groups]


def divisions(*levels: int) -> Count:
    def count(books: Books, day: date) -> Iterable[Row]:
        return rows_of(d for d in books.standing(Division, day) if len(d.area_code) in levels)

    return count


def with_organisation(*levels: int) -> Count:
    """Villages with a fitness organisation of their own; other divisions with a federation."""

    def count(books: Books, day: date) -> Iterable[Row]:
        found = {(o.area_code, o.kind) for o in books.standing(Organisation, day)}
        for row in divisions(*levels)(books, day):
            kinds = ("federation", "village") if len(levels) == 4 else ("federation",)
            if any((row.code, kind) in found for kind in kinds):
                yield row

    return count


ORGANISATION: dict[str, Count] = {
    "villages": lambda books, day: [Row(code) for code in books.villages(day)],
    "population": lambda books, day: rows_of(
        counts_of_villages(books, day, "population"), "population"
    ),
    "households": lambda books, day: rows_of(
        counts_of_villages(books, day, "households"), "households"
    ),
    "required_grids": required,
    "counted_villages": counted_villages,
    "villages_with_grids": villages_with_grids,
    "grids": lambda books, day: rows_of(books.standing(Grid, day)),
    "led_grids": posted(Grid, LEADER, there=True),
    "urban_grids": lambda books, day: rows_of(books.standing(Grid, day, kind="urban")),
    "banded_grids": banded,
    "hobby_grids": lambda books, day: rows_of(books.standing(HobbyGrid, day)),
    "staffed_hobby_grids": posted(HobbyGrid, MEMBER, there=True),
    "sports": sports,
    "to_be_federated": divisions(4, 6, 9),
    "federated": with_organisation(4, 6, 9),
    "to_be_organised": divisions(4, 6, 9, 12),
    "organised": with_organisation(4, 6, 9, 12),
    "vacant_leader_posts": posted(Grid, LEADER, there=False),
    "vacant_member_posts": posted(HobbyGrid, MEMBER, there=False),
    "double_posts": double_posts,
}
