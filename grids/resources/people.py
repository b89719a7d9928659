"""The spreadsheet of people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from grids.people import VIEW_PERSON, people_visible_to
from grids.resources.common import AreaSheet, area_name_column, check_areas
from grids.resources.persons import (
    CHANGE_PERSON,
    check_answerable,
    check_identities,
    check_same_identity,
    check_twins,
    disclosed,
    entry_column,
    find_people,
    keep_people,
    new_person,
    person_columns,
    person_values,
)
from grids.writing import keep_new
from jiaozuo_grid.reach import Actor
from jiaozuo_grid.spreadsheets.columns import Column
from jiaozuo_grid.spreadsheets.kinds import AreaCode
from jiaozuo_grid.spreadsheets.sheet import Change, Row


class PersonSheet(AreaSheet):
    key = "people"
    title = _("People")
    note = _("Known people are found by identity number, by name and phone, or by name and birth.")
    right = CHANGE_PERSON
    view_right = VIEW_PERSON
    writes = ("accounts.person",)
    columns = (
        *person_columns(),
        Column(
            "area_code",
            "所在地区代码",
            "Area code",
            AreaCode(),
            required=True,
            aliases=("地区代码", "区划代码", "居住地代码"),
            example="410882001203",
            width=18,
        ),
        area_name_column(),
        entry_column(),
    )
    # Namesakes are no twins: who is meant, the marks of a person say (persons.py).
    business_key = ()

    def rows(self, actor: Actor) -> QuerySet[Any]:
        return people_visible_to(actor).order_by("area_code", "pk")

    def find(self, actor: Actor, rows: Sequence[Row]) -> dict[int, Any]:
        return dict(find_people(actor, rows))

    def values(self, actor: Actor, stored: Sequence[Any]) -> list[dict[str, Any]]:
        return [{**person_values(one), "area_code": one.area_code} for one in stored]

    def disclosed(
        self, actor: Actor, stored: Sequence[Any], values: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        return disclosed(actor, stored, values)

    def check_file(self, actor: Actor, rows: Sequence[Row]) -> None:
        check_twins(rows)

    def check(self, actor: Actor, rows: Sequence[Row], found: dict[int, Any]) -> None:
        check_identities(rows)
        check_same_identity(rows, found)
        # Who holds a post here and lives elsewhere is seen, and stays where they live.
        moved = [
            row
            for row in rows
            if row.number not in found or found[row.number].area_code != row["area_code"]
        ]
        check_areas(actor, moved, "area_code", [CHANGE_PERSON])

    def check_changes(self, actor: Actor, changed: Sequence[Change]) -> None:
        check_answerable(actor, [(one.row, one.stored) for one in changed])

    def apply(self, actor: Actor, new: Sequence[Row], changed: Sequence[Change]) -> None:
        keep_new(actor, [new_person(row, row["area_code"]) for row in new], "enter person")
        keep_people(actor, [(one.row, one.stored) for one in changed], area=True)
