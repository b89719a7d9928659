"""Sheets whose columns are the fields of one model: areas and organisations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from grids.actions.ground import written
from grids.resources.common import AreaSheet, area_names, parts
from grids.writing import keep_changed, keep_new
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor
from jiaozuo_grid.spreadsheets.columns import Column
from jiaozuo_grid.spreadsheets.kinds import Day
from jiaozuo_grid.spreadsheets.sheet import Change, Row


def start_column() -> Column:
    return Column(
        "started_on",
        "起始日期",
        "In force from",
        Day(),
        aliases=("成立日期", "开始日期", "启用日期"),
        example="2024-01-05",
        width=13,
    )


class FieldSheet(AreaSheet):
    """A lasting area row, found by its area code, of which the columns in ``fields`` may change."""

    model: ClassVar[Any]
    # Column → attribute of the row.
    fields: ClassVar[dict[str, str]]
    verb: ClassVar[str]

    def rows(self, actor: Actor) -> QuerySet[Any]:
        visible: QuerySet[Any] = self.model._default_manager.visible_to(actor).on(today())
        return visible.order_by("area_code", "pk")

    def find(self, actor: Actor, rows: Sequence[Row]) -> dict[int, Any]:
        codes = {row["area_code"] for row in rows if row["area_code"]}
        known: dict[str, Any] = {}
        for part in parts(sorted(codes)):
            editable = self.model._default_manager.editable_by(actor)
            known |= {one.area_code: one for one in editable.filter(area_code__in=part)}
        return {row.number: known[row["area_code"]] for row in rows if row["area_code"] in known}

    def values(self, actor: Actor, stored: Sequence[Any]) -> list[dict[str, Any]]:
        return [
            {
                "area_code": one.area_code,
                "started_on": one.started_on,
                **{key: _filled(getattr(one, name)) for key, name in self.fields.items()},
            }
            for one in stored
        ]

    def disclosed(
        self, actor: Actor, stored: Sequence[Any], values: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        names = area_names(one.area_code for one in stored)
        return [
            {**value, "area_name": names.get(one.area_code, "")}
            for one, value in zip(stored, values, strict=True)
        ]

    def check_changes(self, actor: Actor, changed: Sequence[Change]) -> None:
        check_lasting(changed)

    def made(self, row: Row) -> models.Model:
        """The new row that a row of the file describes."""
        given = {name: row[key] for key, name in self.fields.items() if row[key] not in (None, "")}
        made: models.Model = self.model(
            area_code=row["area_code"], started_on=row["started_on"] or today(), **given
        )
        return made

    def apply(self, actor: Actor, new: Sequence[Row], changed: Sequence[Change]) -> None:
        keep_new(actor, [self.made(row) for row in new], self.verb)
        for one in changed:
            for key, (_before, after) in one.changes.items():
                setattr(one.stored, self.fields[key], after)
        names = [
            self.model._meta.get_field(_plain_name(name)).name for name in self.fields.values()
        ]
        keep_changed(actor, [one.stored for one in changed], names, "edit")


def _filled(value: Any) -> Any:
    return None if value == "" else value


def _plain_name(attribute: str) -> str:
    return attribute.removesuffix("_id")


def check_lasting(changed: Iterable[Change]) -> None:
    """What has ended is not edited, and a beginning is not moved, by a spreadsheet."""
    for one in changed:
        ended: date | None = one.stored.ended_on
        if ended is not None:
            one.row.fault(
                "area_code",
                "ended",
                _("%(name)s ends on %(day)s. Re-open it first.")
                % {"name": one.stored, "day": written(ended)},
                _("Take the row out."),
            )
        if "started_on" in one.changes:
            one.row.fault(
                "started_on",
                "start_differs",
                _("It is in force since %(day)s.") % {"day": written(one.stored.started_on)},
                _("Correct the day, or leave the cell empty."),
            )
