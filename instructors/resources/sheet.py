"""The spreadsheet of instructors: a row is a person with their highest certificate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from grids.resources.common import (
    AreaSheet,
    area_name_column,
    choices_of,
    sport_choices,
)
from grids.resources.persons import (
    check_twins,
    disclosed,
    entry_column,
    person_columns,
)
from instructors.models import (
    Instructor,
    InstructorLevel,
)
from instructors.resources.checking import CHANGE_INSTRUCTOR, check, check_changes
from instructors.resources.entries import entries_of, values_of
from instructors.resources.finding import find
from instructors.resources.writing import apply
from jiaozuo_grid.reach import Actor
from jiaozuo_grid.spreadsheets.choices import OneOf, SomeOf
from jiaozuo_grid.spreadsheets.columns import Column
from jiaozuo_grid.spreadsheets.kinds import AreaCode, Day, Number, Text, Years
from jiaozuo_grid.spreadsheets.sheet import Change, Row

LEVELS = choices_of(
    InstructorLevel,
    {
        InstructorLevel.THIRD: ("三级", "3级", "三级社会体育指导员"),
        InstructorLevel.SECOND: ("二级", "2级", "二级社会体育指导员"),
        InstructorLevel.FIRST: ("一级", "1级", "一级社会体育指导员"),
        InstructorLevel.NATIONAL: ("国家级", "国家", "国家级社会体育指导员"),
    },
)


class InstructorSheet(AreaSheet):
    key = "instructors"
    title = gettext_lazy("Instructors")
    note = gettext_lazy(
        "One row for each instructor, with the highest certificate; earlier ones are entered on "
        "the instructor's page. A row without a certificate is a candidate."
    )
    right = CHANGE_INSTRUCTOR
    view_right = "view instructors.instructor"
    writes = (
        "accounts.person",
        "instructors.instructor",
        "instructors.instructorplace",
        "instructors.certificate",
        "instructors.registration",
    )
    columns = (
        *person_columns(),
        Column(
            "area_code",
            "所在地区代码",
            "Area code",
            AreaCode(),
            required=True,
            aliases=("地区代码", "区划代码", "所属地区代码", "服务地区代码"),
            example="410882001203",
            width=18,
        ),
        area_name_column(),
        Column(
            "level",
            "技术等级",
            "Level",
            OneOf(LEVELS),
            aliases=("等级", "级别", "指导员等级", "证书等级"),
            example="三级",
            width=10,
        ),
        Column(
            "number",
            "证书编号",
            "Certificate number",
            Number(40),
            expected=True,
            aliases=("证书号", "证书号码", "证号", "编号", "certificate"),
            example="示例三级20240001",
            width=20,
        ),
        Column(
            "granted_on",
            "发证日期",
            "Granted on",
            Day(past=True),
            aliases=("批准日期", "授予日期", "发证时间", "批准时间"),
            example="2024-01-05",
            width=13,
        ),
        Column(
            "granted_by",
            "发证单位",
            "Granted by",
            Text(60),
            aliases=("批准单位", "发证机关", "授予单位", "批准机关"),
            example="沁阳市体育局",
            note=gettext_lazy("Required from the first grade on."),
            width=20,
        ),
        Column(
            "sports",
            "运动项目",
            "Sports",
            SomeOf(sport_choices),
            aliases=("项目", "指导项目", "专项"),
            example="广场舞",
            width=20,
        ),
        Column(
            "years",
            "注册年度",
            "Registered years",
            Years(),
            aliases=("工作注册年度", "注册年份"),
            example="2024",
            width=18,
        ),
        entry_column(),
    )
    business_key = ("number",)

    def rows(self, actor: Actor) -> QuerySet[Any]:
        visible = Instructor.objects.visible_to(actor).select_related("person")
        return visible.order_by("area_code", "pk")

    def entries(self, rows: Sequence[Any]) -> Sequence[Any]:
        return entries_of(rows)

    def find(self, actor: Actor, rows: Sequence[Row]) -> dict[int, Any]:
        """By the certificate's number, or else by the person."""
        return find(actor, rows)

    def values(self, actor: Actor, stored: Sequence[Any]) -> list[dict[str, Any]]:
        return [values_of(entry) for entry in stored]

    def disclosed(
        self, actor: Actor, stored: Sequence[Any], values: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        return disclosed(actor, [entry.person for entry in stored], values)

    def check_file(self, actor: Actor, rows: Sequence[Row]) -> None:
        check_twins(rows)

    def check(self, actor: Actor, rows: Sequence[Row], found: dict[int, Any]) -> None:
        check(actor, rows, found)

    def check_changes(self, actor: Actor, changed: Sequence[Change]) -> None:
        check_changes(actor, changed)

    def apply(self, actor: Actor, new: Sequence[Row], changed: Sequence[Change]) -> None:
        apply(actor, new, changed)

    def leans_on(self, new: Sequence[Row], changed: Sequence[Change]) -> Iterator[Any]:
        for one in changed:
            yield one.stored.person
            if one.stored.instructor is not None:
                yield one.stored.instructor
