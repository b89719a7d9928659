"""The spreadsheets of people, grids, hobby grids, appointments and organisations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from django.test import Client

from accounts.models import Person
from grids.models import Appointment, Division, Grid, HobbyGrid, Officer, Organisation, Role
from jiaozuo_grid.spreadsheets.model import SheetImport
from tests import builders as b
from tests import sheets as s

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]
NEW_GRID = b.VILLAGE + "002"

HEADERS = {
    "people": ["姓名", "手机号", "出生日期", "性别", "所在地区代码"],
    "grids": ["网格代码", "网格名称", "户数", "人口", "起始日期"],
    "hobby-grids": [
        "健身网格代码",
        "名称",
        "运动项目",
        "活动日",
        "开始时间",
        "时长（分钟）",
        "成员人数",
    ],
    "appointments": ["姓名", "手机号", "任职", "所在地区代码", "身份", "起始日期"],
    "organisations": ["所在地区代码", "组织名称", "组织类型", "运动项目", "会员人数"],
    "officers": ["所在地区代码", "组织名称", "姓名", "手机号", "职务", "起始日期", "任期届满"],
}


@pytest.fixture
def bureau() -> Any:
    b.small_city()
    return b.user(Role.BUREAU_STAFF)


def _plan(actor: Any, key: str, *rows: Any) -> Any:
    return s.plan(actor, key, s.xlsx(rows, HEADERS[key]))


def _faults(actor: Any, key: str, *rows: Any) -> set[tuple[str, str]]:
    return s.found_faults(_plan(actor, key, *rows))


def _import(client: Client, key: str, *rows: Any) -> SheetImport:
    s.upload(client, key, s.xlsx(rows, HEADERS[key]))
    one = SheetImport.objects.latest("pk")
    assert one.state == "ready", one.read_findings()["faults"]
    return s.agree(client, one)


def _round_trip(client: Client, actor: Any, key: str) -> Any:
    exported = s.exported(client, key)
    plan = s.plan(actor, key, exported)
    assert [str(fault) for fault in plan.faults] == []
    assert (plan.new, plan.changed) == ([], [])
    return plan.unchanged


def test_people_are_entered_changed_and_exported_again(bureau: Any, signed_in: SignedIn) -> None:
    client = signed_in(bureau)
    known = b.person(b.VILLAGE, "李四", phone="13900000002")
    rows = [
        ["张三", "13900000001", "1980-1-5", "男", b.VILLAGE],
        ["李四", "13900000002", "1975/02/03", "女", b.COMMUNITY],
    ]
    assert _import(client, "people", *rows).figures["changed"] == 1
    known.refresh_from_db()
    assert (known.born_on, known.sex, known.area_code) == (date(1975, 2, 3), "f", b.COMMUNITY)
    assert Person.objects.get(name="张三").born_on == date(1980, 1, 5)
    assert _round_trip(client, bureau, "people") == Person.objects.count()


def test_two_entries_that_fit_are_not_guessed_between(bureau: Any) -> None:
    for _n in range(2):
        b.person(b.VILLAGE, "张三", phone="13900000001")
    row = ["张三", "13900000001", None, None, b.VILLAGE]
    assert _faults(bureau, "people", row) == {("A2", "two_people")}


def test_grids_are_established_and_edited(bureau: Any, signed_in: SignedIn) -> None:
    client = signed_in(bureau)
    rows = [[NEW_GRID, "新网格", 380, 900, "2024-2-1"], [b.GRID, "第1网格", 410, None, None]]
    assert _import(client, "grids", *rows).state == "done"
    new = Grid.objects.get(area_code=NEW_GRID)
    assert (new.kind, new.households, new.started_on) == ("rural", 380, date(2024, 2, 1))
    assert Grid.objects.get(area_code=b.GRID).households == 410
    assert _round_trip(client, bureau, "grids") == 3


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (["410882001299001", "甲", 1, 1, None], ("A2", "no_area")),
        (["4108820012", "甲", 1, 1, None], ("A2", "area_level")),
        ([NEW_GRID, "甲", "四百", 1, None], ("C2", "not_whole")),
        ([NEW_GRID, "甲", -1, 1, None], ("C2", "out_of_range")),
        ([NEW_GRID, "甲", 1, 1, "2020-01-01"], ("E2", "before_area")),
        ([NEW_GRID, "甲", 1, 1, "2199-01-01"], ("E2", "far_ahead")),
        ([b.GRID, "甲", 1, 1, "2024-03-01"], ("E2", "start_differs")),
        (["410101001001001", "甲", 1, 1, None], ("A2", "outside")),
    ],
)
def test_faults_of_grids_are_named(bureau: Any, row: list[Any], fault: tuple[str, str]) -> None:
    assert _faults(bureau, "grids", row) == {fault}


def test_a_township_reaches_its_own_grids_only() -> None:
    b.small_city()
    officer = b.user(Role.TOWNSHIP_OFFICER, b.TOWNSHIP)
    rows = [[b.GRID, "改名", 1, 1, None], [b.OTHER_GRID, "改名", 1, 1, None]]
    assert _faults(officer, "grids", *rows) == {("A3", "outside")}


def test_hobby_grids_are_formed_and_exported_again(bureau: Any, signed_in: SignedIn) -> None:
    client = signed_in(bureau)
    code = b.GRID + "02"
    rows = [
        [code, "太极队", "广场舞", "周一、三、五", "19:30", 60, 20],
        [b.VILLAGE + "00001", "全村队", "广场舞", "67", "6:00", None, None],
    ]
    assert _import(client, "hobby-grids", *rows).state == "done"
    new = HobbyGrid.objects.get(area_code=code)
    assert (new.usual_days, new.usual_start, new.members_count) == ("135", time(19, 30), 20)
    assert _round_trip(client, bureau, "hobby-grids") == 4


def test_appointments_are_made_and_exported_again(bureau: Any, signed_in: SignedIn) -> None:
    client = signed_in(bureau)
    who = b.person(b.VILLAGE, "张三", phone="13900000001")
    row = ["张三", "13900000001", "网格长", b.GRID, "体育骨干", "2024-5-1"]
    assert _import(client, "appointments", row).state == "done"
    post = Appointment.objects.get(person=who)
    assert (post.role, post.background, post.appointed_by) == ("grid_leader", "enthusiast", bureau)
    plan = _plan(bureau, "appointments", row)
    assert (plan.faults, plan.unchanged) == ([], 1)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (["无名", "13900000009", "网格长", b.GRID, None, None], ("A2", "no_person")),
        (["张三", "13900000001", "网格长", b.HOBBY_GRID, None, None], ("D2", "role_level")),
        (["张三", "13900000001", "网格长", b.OTHER_GRID, None, None], ("D2", "second_leader")),
        (["张三", "13900000001", "班长", b.GRID, None, None], ("C2", "not_a_choice")),
    ],
)
def test_faults_of_appointments_are_named(
    bureau: Any, row: list[Any], fault: tuple[str, str]
) -> None:
    b.person(b.VILLAGE, "张三", phone="13900000001")
    b.appoint(b.person(), Role.GRID_LEADER, b.OTHER_GRID)
    assert _faults(bureau, "appointments", row) == {fault}


def test_nobody_appoints_above_themselves_by_import() -> None:
    b.small_city()
    b.person(b.TOWNSHIP, "张三", phone="13900000001")
    county = b.user(Role.COUNTY_OFFICIAL, b.COUNTY)
    row = ["张三", "13900000001", "县级主管", b.COUNTY, None, None]
    assert _faults(county, "appointments", row) == {("C2", "outside")}


def test_organisations_and_officers_are_entered(bureau: Any, signed_in: SignedIn) -> None:
    client = signed_in(bureau)
    b.person(b.VILLAGE, "张三", phone="13900000001")
    rows = [
        [b.CITY, "焦作市体育总会", "体育总会", None, 500],
        [b.COUNTY, "沁阳市广场舞协会", "单项协会", "广场舞", 80],
    ]
    assert _import(client, "organisations", *rows).state == "done"
    assert Organisation.objects.count() == 2
    assert _round_trip(client, bureau, "organisations") == 2
    officer = [b.COUNTY, "沁阳市广场舞协会", "张三", "13900000001", "会长", "2024-1-5", "2028-1-5"]
    assert _import(client, "officers", officer).state == "done"
    assert Officer.objects.get().term_ends_on == date(2028, 1, 5)
    assert _round_trip(client, bureau, "officers") == 1


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([[b.COUNTY, "协会", "单项协会", None, 1]], ("D2", "no_sport")),
        ([[b.VILLAGE, "总会", "体育总会", None, 1]], ("C2", "kind_level")),
        ([[b.CITY, "总会", "体育总会", None, 1]], ("C2", "second_federation")),
        ([[b.COUNTY, "甲", "俱乐部", None, "多"]], ("E2", "not_whole")),
    ],
)
def test_faults_of_organisations_are_named(
    bureau: Any, rows: list[Any], fault: tuple[str, str]
) -> None:
    Organisation.objects.create(
        area_code=b.CITY, name="焦作市体育总会", kind="federation", started_on=b.BEGINNING
    )
    assert _faults(bureau, "organisations", *rows) == {fault}


def test_an_import_of_grids_is_undone(bureau: Any, signed_in: SignedIn) -> None:
    client = signed_in(bureau)
    one = _import(client, "grids", [NEW_GRID, "新网格", 1, 1, None], [b.GRID, "改名", 9, 9, None])
    assert s.act(client, one, "undo").state == "undone"
    assert not Grid.objects.filter(area_code=NEW_GRID).exists()
    assert Grid.objects.get(area_code=b.GRID).name == "第1网格"


def test_an_export_of_a_county_can_be_imported_again_by_the_county(signed_in: SignedIn) -> None:
    """Who holds a post here and lives elsewhere, and who lives where a village ended, included."""
    b.small_city()
    county = b.user(Role.COUNTY_OFFICIAL, b.COUNTY)
    commuter = b.person(b.OTHER_COUNTY, "外来", phone="13900000008")
    b.appoint(commuter, Role.GRID_MEMBER, b.HOBBY_GRID)
    b.person(b.OTHER_VILLAGE, "老住户", phone="13900000009")
    Division.objects.filter(area_code=b.OTHER_VILLAGE).update(ended_on=date(2025, 1, 1))
    client = signed_in(county)
    assert _round_trip(client, county, "people") == 3
    assert "139****0008" in s.exported(client, "people", "csv").decode()
