"""The spreadsheet of grids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from grids.actions.grids import CHANGE_GRID
from grids.models import Division, Grid, GridKind
from grids.resources.common import (
    area_name_column,
    check_not_far_ahead,
)
from grids.resources.ground import check_ground
from grids.resources.simple import FieldSheet, start_column
from jiaozuo_grid.area import Level
from jiaozuo_grid.reach import Actor
from jiaozuo_grid.spreadsheets.columns import Column
from jiaozuo_grid.spreadsheets.kinds import AreaCode, Text, Whole
from jiaozuo_grid.spreadsheets.sheet import Row


class GridSheet(FieldSheet):
    key = "grids"
    title = _("Grids")
    note = _("A new grid gets the code that stands in the row; a code is never used twice.")
    right = CHANGE_GRID
    view_right = "view grids.grid"
    model = Grid
    verb = "establish grid"
    fields = {"name": "name", "households": "households", "population": "population"}
    business_key = ("area_code",)
    columns = (
        Column(
            "area_code",
            "网格代码",
            "Grid code",
            AreaCode((Level.GRID,)),
            required=True,
            aliases=("代码", "地区代码"),
            example="410882001203001",
            width=20,
        ),
        area_name_column(),
        Column(
            "name",
            "网格名称",
            "Grid name",
            Text(50),
            required=True,
            aliases=("名称",),
            example="第1网格",
            width=18,
        ),
        Column(
            "households",
            "户数",
            "Households",
            Whole(0, 100_000),
            aliases=("住户数",),
            example="400",
            width=10,
        ),
        Column(
            "population",
            "人口",
            "Population",
            Whole(0, 1_000_000),
            aliases=("人口数", "人数"),
            example="1100",
            width=10,
        ),
        start_column(),
    )

    def check(self, actor: Actor, rows: Sequence[Row], found: dict[int, Any]) -> None:
        for row in rows:
            # In the code of a hobby grid 000 says that it serves the whole village.
            if str(row["area_code"] or "").endswith("000") and row.number not in found:
                row.fault(
                    "area_code",
                    "no_number",
                    str(_("No grid has the number 000.")),
                    str(_("Number the grids of a village from 001.")),
                )
        check_not_far_ahead(rows, "started_on")
        check_ground(actor, rows, found, CHANGE_GRID, lambda code: code[: Level.VILLAGE])

    def made(self, row: Row) -> models.Model:
        grid: Any = super().made(row)
        village = Division(area_code=grid.area_code[: Level.VILLAGE])
        grid.kind = GridKind.URBAN if village.is_community else GridKind.RURAL
        made: models.Model = grid
        return made
