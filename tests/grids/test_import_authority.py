"""What an import of posts and organisations must not do that no page would do (pitfalls P3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Person
from grids.models import Division, Grid, HobbyGrid, Organisation, Role
from instructors.models import Instructor
from jiaozuo_grid.lasting import today
from jiaozuo_grid.spreadsheets import work
from jiaozuo_grid.spreadsheets.model import SheetImport
from stations.models import Station
from tests import builders as b
from tests import sheets as s

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]

POSTS = ["姓名", "手机号", "任职", "所在地区代码", "起始日期"]
ORGANISATIONS = ["所在地区代码", "组织名称", "组织类型", "运动项目"]
OFFICERS = ["所在地区代码", "组织名称", "姓名", "手机号", "职务", "起始日期"]
SOON, LATER = today() + timedelta(days=30), today() + timedelta(days=60)
# A post that ended, and one whose end is planned: (its end, a beginning of another before that).
OVERLAPS = {
    "an end that is past": (today() - timedelta(days=30), today() - timedelta(days=60)),
    "an end that is planned": (LATER, SOON),
}


@pytest.fixture
def bureau() -> Any:
    b.small_city()
    return b.user(Role.BUREAU_STAFF)


def _faults(actor: Any, key: str, headers: list[str], *rows: Any) -> set[tuple[str, str]]:
    return s.found_faults(s.plan(actor, key, s.xlsx(rows, headers)))


@pytest.mark.parametrize(("ended_on", "begins"), OVERLAPS.values(), ids=OVERLAPS.keys())
def test_a_leader_is_not_entered_into_the_time_of_another(
    bureau: Any, ended_on: Any, begins: Any
) -> None:
    b.appoint(b.person(), Role.GRID_LEADER, b.GRID, ended_on=ended_on)
    b.person(name="张三", phone="13900000001")
    row = ["张三", "13900000001", "网格长", b.GRID]
    faults = _faults(bureau, "appointments", POSTS, [*row, begins.isoformat()])
    assert faults == {("D2", "second_leader")}
    assert _faults(bureau, "appointments", POSTS, [*row, ended_on.isoformat()]) == set()


@pytest.mark.parametrize(("ended_on", "begins"), OVERLAPS.values(), ids=OVERLAPS.keys())
def test_a_post_is_not_entered_into_its_own_time(bureau: Any, ended_on: Any, begins: Any) -> None:
    who = b.person(name="张三", phone="13900000001")
    b.appoint(who, Role.GRID_MEMBER, b.HOBBY_GRID, ended_on=ended_on)
    row = ["张三", "13900000001", "网格员", b.HOBBY_GRID]
    faults = _faults(bureau, "appointments", POSTS, [*row, begins.isoformat()])
    assert faults == {("C2", "held_already")}
    assert _faults(bureau, "appointments", POSTS, [*row, ended_on.isoformat()]) == set()


@pytest.mark.parametrize(("ended_on", "begins"), OVERLAPS.values(), ids=OVERLAPS.keys())
@pytest.mark.parametrize(
    ("title", "fault"), [("president", "second_president"), ("officer", "held_already")]
)
def test_an_office_is_not_entered_into_the_time_of_another(
    bureau: Any, ended_on: Any, begins: Any, title: str, fault: str
) -> None:
    organisation = b.organisation(b.COUNTY, name="沁阳市体育总会")
    who = b.person(name="张三", phone="13900000001")
    holder = b.person() if title == "president" else who
    b.officer(organisation, holder, title, ended_on=ended_on)
    called = {"president": "会长", "officer": "理事"}[title]
    row = [b.COUNTY, "沁阳市体育总会", "张三", "13900000001", called]
    assert _faults(bureau, "officers", OFFICERS, [*row, begins.isoformat()]) == {("E2", fault)}
    assert _faults(bureau, "officers", OFFICERS, [*row, ended_on.isoformat()]) == set()


def test_no_office_is_entered_in_an_organisation_that_is_about_to_end(bureau: Any) -> None:
    b.organisation(b.COUNTY, name="沁阳市体育总会", ended_on=LATER)
    b.person(name="张三", phone="13900000001")
    row = [b.COUNTY, "沁阳市体育总会", "张三", "13900000001", "会长", today().isoformat()]
    assert _faults(bureau, "officers", OFFICERS, row) == {("B2", "ended")}


def test_what_has_a_planned_end_is_exported_and_imported_again(
    bureau: Any, signed_in: SignedIn
) -> None:
    """Pitfall 24: never an export that cannot be imported."""
    who = b.person(name="张三", phone="13900000001")
    b.appoint(who, Role.GRID_LEADER, b.GRID, ended_on=LATER)
    b.officer(b.organisation(b.COUNTY, ended_on=LATER), who, ended_on=SOON)
    client = signed_in(bureau)
    for key in ("appointments", "organisations", "officers"):
        plan = s.plan(bureau, key, s.exported(client, key))
        assert ([str(fault) for fault in plan.faults], plan.new, plan.changed) == ([], [], [])


def test_ones_own_post_is_not_changed_by_import(bureau: Any) -> None:
    headers = [*POSTS, "身份", "人员编号"]
    row = [bureau.person.name, None, "市体育局", b.CITY, None, "体育骨干", bureau.person.pk]
    assert _faults(bureau, "appointments", headers, row) == {("A2", "self")}


def test_the_kind_of_an_organisation_stays(bureau: Any) -> None:
    """Figures rest on the kind: another kind is another organisation."""
    Organisation.objects.create(
        area_code=b.COUNTY, name="阳光俱乐部", kind="club", started_on=b.BEGINNING
    )
    row = [b.COUNTY, "阳光俱乐部", "体育总会", None]
    assert _faults(bureau, "organisations", ORGANISATIONS, row) == {("C2", "kind_differs")}


def test_a_federation_is_not_entered_beside_one_whose_end_is_planned(bureau: Any) -> None:
    b.organisation(b.COUNTY, name="旧总会", ended_on=LATER)
    row = [b.COUNTY, "新总会", "体育总会", None]
    assert _faults(bureau, "organisations", ORGANISATIONS, row) == {("C2", "second_federation")}


def test_an_export_masks_the_phones_that_a_page_would_not_show(signed_in: SignedIn) -> None:
    """Pitfall 18: who may not appoint a person to what they are does not read their number."""
    b.small_city()
    county = b.user(Role.COUNTY_OFFICIAL, b.COUNTY)
    b.person(b.VILLAGE, "住户", phone="13900000001")
    staff = b.person(b.VILLAGE, "局里", phone="13900000002")
    b.appoint(staff, Role.BUREAU_STAFF, b.CITY)
    once = b.person(b.VILLAGE, "离任", phone="13900000003")
    b.appoint(once, Role.BUREAU_STAFF, b.CITY, ended_on=today())
    exported = s.exported(signed_in(county), "people", "csv").decode()
    assert "13900000001" in exported
    assert "13900000002" not in exported
    assert "139****0002" in exported
    assert "13900000003" in exported


def test_an_export_asks_for_posts_once_for_many_people(
    signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    """Pitfall 8: no query for each person."""
    b.small_city()
    client = signed_in(b.user(Role.COUNTY_OFFICIAL, b.COUNTY))
    for _n in range(40):
        b.appoint(b.person(b.VILLAGE), Role.GRID_MEMBER, b.HOBBY_GRID)
    with django_assert_max_num_queries(20):
        s.exported(client, "people", "csv")


def _end_area(code: str) -> None:
    model: Any = {12: Division, 15: Grid, 17: HobbyGrid}[len(code)]
    model.objects.filter(area_code=code).update(ended_on=today())


def _merge_person() -> None:
    Person.objects.filter(name="张三").update(merged_into=b.person())


def _end_organisation() -> None:
    Organisation.objects.update(ended_on=today())


POST = ["张三", "13900000001", "网格员", b.HOBBY_GRID]
OFFICE = [b.COUNTY, "总会", "张三", "13900000001", "理事"]
MEANWHILE: dict[str, tuple[str, list[str], list[Any], Callable[[], Any]]] = {
    "hobby grid of a post": ("appointments", POSTS, POST, lambda: _end_area(b.HOBBY_GRID)),
    "grid above the post": ("appointments", POSTS, POST, lambda: _end_area(b.GRID)),
    "village of a post": ("appointments", POSTS, POST, lambda: _end_area(b.VILLAGE)),
    "person of a post": ("appointments", POSTS, POST, _merge_person),
    "person of an office": ("officers", OFFICERS, OFFICE, _merge_person),
    "organisation of an office": ("officers", OFFICERS, OFFICE, _end_organisation),
    "organisation that is changed": (
        "organisations",
        [*ORGANISATIONS, "会员人数"],
        [b.COUNTY, "总会", "体育总会", None, 500],
        _end_organisation,
    ),
    "person who is changed": (
        "people",
        ["姓名", "手机号", "出生日期", "所在地区代码"],
        ["张三", "13900000001", "1980-01-01", b.VILLAGE],
        _merge_person,
    ),
    "person who becomes an instructor": (
        "instructors",
        s.HEADERS,
        s.instructor_row(1, 姓名="张三", 手机号="13900000001"),
        _merge_person,
    ),
    "instructor who is changed": (
        "instructors",
        ["姓名", "手机号", "所在地区代码", "证书编号", "运动项目"],
        ["李四", "13900000002", b.VILLAGE, None, "广场舞"],
        lambda: Instructor.objects.update(ended_on=today()) and None,
    ),
    "station that is changed": (
        "stations",
        ["所在地区代码", "站点名称", "地址"],
        [b.VILLAGE, "文化广场站", "文化路1号"],
        lambda: Station.objects.update(ended_on=today()) and None,
    ),
}


@pytest.mark.parametrize(
    ("key", "headers", "row", "happens"), MEANWHILE.values(), ids=MEANWHILE.keys()
)
def test_what_ends_or_is_merged_while_an_import_writes_stops_it(
    bureau: Any,
    signed_in: SignedIn,
    monkeypatch: Any,
    key: str,
    headers: list[str],
    row: list[Any],
    happens: Callable[[], None],
) -> None:
    """Pitfall I2: between the last look and the commit; nothing is written then."""
    b.person(name="张三", phone="13900000001")
    b.organisation(b.COUNTY, name="总会")
    b.station()
    b.instructor(who=b.person(name="李四", phone="13900000002"))
    client = signed_in(bureau)
    s.upload(client, key, s.xlsx([row], headers))
    one = SheetImport.objects.get()
    assert one.state == "ready", one.read_findings()["faults"]
    written = work.write

    def write(*given: Any) -> None:
        happens()
        written(*given)

    monkeypatch.setattr(work, "write", write)
    assert s.agree(client, one).state == "importing"
    assert one.job is not None
    assert (one.job.state, "written" in one.job.error or "写入" in one.job.error) == (
        "failed",
        True,
    )
    monkeypatch.undo()
    assert s.agree(client, one).state == "done"
