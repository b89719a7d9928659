"""Where a new row may stand: in an area within reach that is in force."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from grids.actions.ground import written
from grids.resources.common import area_rows, outside
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor, reach_of
from jiaozuo_grid.spreadsheets.sheet import Row


def check_ground(
    actor: Actor,
    rows: Sequence[Row],
    found: dict[int, Any],
    right: str,
    above: Callable[[str], str],
) -> None:
    """New rows at codes of their own stand in the area that ``above`` names for the code."""
    reach = reach_of(actor)
    allowed = [row for row in rows if row["area_code"] and reach.allows(right, row["area_code"])]
    known = area_rows(above(row["area_code"]) for row in allowed)
    there = {row.number for row in allowed}
    for row in rows:
        code = row["area_code"]
        if code is None or row.number in found:
            continue
        if row.number not in there:
            outside(row, "area_code")
            continue
        area = known.get(above(code))
        if area is None:
            row.fault(
                "area_code",
                "no_area",
                _("There is no area with the code %(code)s.") % {"code": above(code)},
                _("Look the code up in the list of grids and divisions."),
            )
        elif area.ended_on is not None:
            row.fault(
                "area_code",
                "area_ended",
                _("%(name)s ends on %(day)s.") % {"name": area.name, "day": written(area.ended_on)},
                _("Enter the code of the area that took its place."),
            )
        elif (row["started_on"] or today()) < area.started_on:
            row.fault(
                "started_on",
                "before_area",
                _("%(name)s begins on %(day)s; choose this day or a later one.")
                % {"name": area.name, "day": written(area.started_on)},
                _("Correct the day."),
            )
