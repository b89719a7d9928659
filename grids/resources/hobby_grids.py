"""The spreadsheet of hobby grids."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.actions.hobby_grids import CHANGE_HOBBY_GRID
from grids.models import HobbyGrid
from grids.resources.common import area_name_column, check_not_far_ahead, sport_choices
from grids.resources.ground import check_ground
from grids.resources.simple import FieldSheet, start_column
from grids.tree import home_code
from jiaozuo_grid.area import Level
from jiaozuo_grid.reach import Actor
from jiaozuo_grid.spreadsheets.choices import OneOf
from jiaozuo_grid.spreadsheets.columns import Column
from jiaozuo_grid.spreadsheets.kinds import AreaCode, CellFault, Clock, Kind, Text, Whole
from jiaozuo_grid.spreadsheets.sheet import Row
from jiaozuo_grid.spreadsheets.text import cell_text, plain

_DAYS = "一二三四五六日"


@dataclass(frozen=True)
class Weekdays(Kind):
    """Days of the week: 135, or 周一、三、五. The value is ISO digits in order."""

    def parse(self, cell: Any) -> str:
        text = re.sub(r"[周星期、,，;；]", "", plain(cell_text(cell))).replace("天", "日")
        if text in ("每日", "每"):
            return "1234567"
        digits = {str(_DAYS.index(one) + 1) if one in _DAYS else one for one in text}
        if not digits or digits - set("1234567"):
            raise CellFault(
                "weekdays",
                _("These are not days of the week."),
                _("Write 135 or 周一、周三、周五."),
            )
        return "".join(sorted(digits))

    def hint(self) -> str:
        return _("Digits from 1 (Monday) to 7, such as 135.")


class HobbyGridSheet(FieldSheet):
    key = "hobby-grids"
    title = gettext_lazy("Hobby grids")
    note = gettext_lazy("The code says the grid; 000 in its place is the whole village.")
    right = CHANGE_HOBBY_GRID
    view_right = "view grids.hobbygrid"
    model = HobbyGrid
    verb = "form hobby grid"
    fields = {
        "name": "name",
        "sport": "sport_id",
        "usual_place": "usual_place",
        "usual_days": "usual_days",
        "usual_start": "usual_start",
        "usual_minutes": "usual_minutes",
        "members_count": "members_count",
    }
    business_key = ("area_code",)
    columns = (
        Column(
            "area_code",
            "健身网格代码",
            "Hobby grid code",
            AreaCode((Level.HOBBY_GRID,)),
            required=True,
            aliases=("代码", "地区代码"),
            example="41088200120300101",
            width=22,
        ),
        area_name_column(),
        Column(
            "name",
            "名称",
            "Name",
            Text(50),
            required=True,
            aliases=("健身网格名称", "队伍名称"),
            example="示例广场舞队",
            width=18,
        ),
        Column(
            "sport",
            "运动项目",
            "Sport",
            OneOf(sport_choices),
            required=True,
            aliases=("项目",),
            example="广场舞",
            width=12,
        ),
        Column(
            "usual_place",
            "常用地点",
            "Usual place",
            Text(50),
            aliases=("活动地点",),
            example="文化广场",
            width=18,
        ),
        Column("usual_days", "活动日", "Weekdays", Weekdays(), aliases=("星期",), example="135"),
        Column(
            "usual_start",
            "开始时间",
            "Starts at",
            Clock(),
            aliases=("活动时间",),
            example="19:30",
            width=10,
        ),
        Column(
            "usual_minutes",
            "时长（分钟）",
            "Minutes",
            Whole(1, 24 * 60),
            aliases=("时长", "分钟"),
            example="60",
            width=12,
        ),
        Column(
            "members_count",
            "成员人数",
            "Members",
            Whole(0, 100_000),
            aliases=("人数", "队员人数"),
            example="25",
            width=10,
        ),
        start_column(),
    )

    def check(self, actor: Actor, rows: Sequence[Row], found: dict[int, Any]) -> None:
        check_not_far_ahead(rows, "started_on")
        check_ground(actor, rows, found, CHANGE_HOBBY_GRID, home_code)
