"""Importing instructors from spreadsheets (pitfalls I1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.identity import identity_of
from accounts.models import AuditEntry, Person
from grids.models import Role
from instructors.models import Certificate, Instructor, InstructorPlace, Registration
from jiaozuo_grid.lasting import today
from jiaozuo_grid.spreadsheets.model import SheetImport
from tests import builders as b
from tests import sheets as s

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]
ID = "110101199003078515"


@pytest.fixture
def bureau() -> Any:
    b.small_city()
    return b.user(Role.BUREAU_STAFF)


def _faults(actor: Any, *rows: Any, headers: Any = s.HEADERS) -> set[tuple[str, str]]:
    return s.found_faults(s.plan(actor, "instructors", s.xlsx(rows, headers)))


CELLS = {
    "missing name": ({"姓名": None}, "A2", "required"),
    "blank name": ({"姓名": "　 "}, "A2", "required"),
    "name too long": ({"姓名": "长" * 51}, "A2", "too_long"),
    "checksum of the identity number": ({"身份证号": "110101199003078514"}, "B2", "identity"),
    "length of the identity number": ({"身份证号": "1101011990030785"}, "B2", "identity"),
    "identity number as a quantity": ({"身份证号": 1.1010119900307e17}, "B2", "digits_lost"),
    "identity number in E notation": ({"身份证号": "1.10101E+17"}, "B2", "digits_lost"),
    "short phone": ({"手机号": "1390000000"}, "C2", "phone"),
    "phone with letters": ({"手机号": "无手机"}, "C2", "phone"),
    "phone of a landline": ({"手机号": "0391-5612345"}, "C2", "phone"),
    "masked phone of a new person": ({"手机号": "139****0001"}, "C2", "masked"),
    "unreadable date": ({"出生日期": "八零年"}, "D2", "not_date"),
    "date of two numbers": ({"出生日期": "1980.01"}, "D2", "not_date"),
    "day that is none": ({"出生日期": "1980-02-30"}, "D2", "no_such_day"),
    "born tomorrow": ({"出生日期": (today() + timedelta(1)).isoformat()}, "D2", "future"),
    "birth against identity": ({"身份证号": ID, "性别": "男"}, "D2", "birth_differs"),
    "sex against identity": ({"身份证号": ID, "出生日期": None}, "E2", "sex_differs"),
    "unknown sex": ({"性别": "中"}, "E2", "not_a_choice"),
    "missing area": ({"所在地区代码": None}, "F2", "required"),
    "area in words": ({"所在地区代码": "东关村"}, "F2", "area_form"),
    "area of eleven digits": ({"所在地区代码": "41088200120"}, "F2", "area_level"),
    "area that is none": ({"所在地区代码": "410882001299"}, "F2", "no_area"),
    "area elsewhere": ({"所在地区代码": "110101001001"}, "F2", "outside"),
    "unknown level": ({"技术等级": "五级"}, "G2", "not_a_choice"),
    "level without number": ({"证书编号": None, "注册年度": None}, "H2", "incomplete"),
    "number without level": ({"技术等级": None}, "G2", "incomplete"),
    "number as a quantity": ({"证书编号": 2.0240001e15}, "H2", "digits_lost"),
    "granted in the future": (
        {"发证日期": (today() + timedelta(3)).isoformat(), "注册年度": None},
        "I2",
        "future",
    ),
    "granted to a child": ({"出生日期": "2005-01-01"}, "I2", "under_age"),
    "first grade by nobody": ({"技术等级": "一级", "发证单位": None}, "J2", "by_whom"),
    "unknown sport": ({"运动项目": "广场舞、飞天"}, "K2", "not_a_choice"),
    "year that is none": ({"注册年度": "24年"}, "L2", "not_year"),
    "year to come": ({"注册年度": str(today().year + 1)}, "L2", "not_year"),
    "registered before the grant": ({"注册年度": "2019"}, "L2", "before_grant"),
}


@pytest.mark.parametrize(("cells", "cell", "code"), CELLS.values(), ids=CELLS.keys())
def test_a_fault_is_found_with_its_cell(bureau: Any, cells: Any, cell: str, code: str) -> None:
    assert _faults(bureau, s.instructor_row(**cells)) == {(cell, code)}


def test_each_fault_says_what_is_there_why_and_what_to_do(bureau: Any) -> None:
    plan = s.plan(bureau, "instructors", s.xlsx([s.instructor_row(手机号="1390000000")]))
    (fault,) = plan.faults
    assert fault.value == "1390000000"
    assert fault.column == "手机号"
    assert fault.cause
    assert fault.remedy


def test_all_faults_are_told_at_once(bureau: Any) -> None:
    row = s.instructor_row(手机号="1", 性别="中", 技术等级="五级")
    assert _faults(bureau, row, s.instructor_row(2, 姓名=None)) == {
        ("C2", "phone"),
        ("E2", "not_a_choice"),
        ("G2", "not_a_choice"),
        ("A3", "required"),
    }


def test_the_second_row_of_a_certificate_number_is_named(bureau: Any) -> None:
    rows = [s.instructor_row(1), s.instructor_row(2, 证书编号="豫三 00000001")]
    assert _faults(bureau, *rows) == {("H3", "twice")}


def test_the_second_row_of_a_person_is_named(bureau: Any) -> None:
    rows = [s.instructor_row(1), s.instructor_row(2, 姓名="学员1", 手机号="13900000001")]
    assert _faults(bureau, *rows) == {("A3", "same_person")}


def test_namesakes_of_different_phone_and_birth_are_two_people(bureau: Any) -> None:
    rows = [s.instructor_row(1), s.instructor_row(2, 姓名="学员1", 出生日期="1985-02-03")]
    plan = s.plan(bureau, "instructors", s.xlsx(rows))
    assert (plan.faults, len(plan.new)) == ([], 2)


def test_a_number_used_by_somebody_else_is_a_fault(bureau: Any) -> None:
    row = b.instructor(who=b.person(name="李四"))
    _certificate(row, "豫三00000001")
    assert _faults(bureau, s.instructor_row(1)) == {("H2", "number_used")}


def test_a_revoked_certificate_is_not_imported_again(bureau: Any) -> None:
    row = b.instructor(who=b.person(name="学员1", phone="13900000001"))
    _certificate(row, "豫三00000001", revoked_on=date(2024, 1, 1))
    assert _faults(bureau, s.instructor_row(1)) == {("H2", "revoked")}


def test_a_level_that_is_skipped_is_a_fault(bureau: Any) -> None:
    row = b.instructor(who=b.person(name="学员1", phone="13900000001"), instructor_level=3)
    _certificate(row, "豫三00000009")
    given = s.instructor_row(
        1, 技术等级="一级", 证书编号="豫一00000001", 发证日期="2024-01-01", 注册年度=None
    )
    assert _faults(bureau, given) == {("G2", "level_skipped")}


def test_what_has_ended_is_not_changed(bureau: Any) -> None:
    who = b.person(name="学员1", phone="13900000001", died_on=date(2024, 1, 1))
    _certificate(b.instructor(who=who, instructor_level=3), "豫三00000001")
    assert _faults(bureau, s.instructor_row(1)) == {("A2", "not_standing")}


def test_a_county_does_not_enter_what_the_city_grants() -> None:
    b.small_city()
    county = b.user(Role.COUNTY_OFFICIAL, b.COUNTY)
    assert _faults(county, s.instructor_row(1, 技术等级="二级")) == {("G2", "may_not_grant")}


def test_rows_outside_the_reach_are_named_and_tell_nothing() -> None:
    b.small_city()
    county = b.user(Role.COUNTY_OFFICIAL, b.OTHER_COUNTY)
    there = s.instructor_row(1)
    nowhere = s.instructor_row(2, 所在地区代码="410882001299")
    plan = s.plan(county, "instructors", s.xlsx([there, nowhere]))
    assert s.found_faults(plan) == {("F2", "outside"), ("F3", "outside")}
    assert len({(fault.cause, fault.remedy) for fault in plan.faults}) == 1


def test_somebody_whom_the_user_does_not_see_is_not_named() -> None:
    b.small_city()
    b.person(b.VILLAGE, "王五", id_hash=identity_of(ID).id_hash)
    county = b.user(Role.COUNTY_OFFICIAL, b.OTHER_COUNTY)
    row = s.instructor_row(1, 身份证号=ID, 出生日期=None, 性别="男", 所在地区代码="410883")
    plan = s.plan(county, "instructors", s.xlsx([row]))
    assert s.found_faults(plan) == {("B2", "outside")}
    assert "王五" not in str(plan.faults)


def test_what_offices_really_have_is_understood(bureau: Any) -> None:
    """Merged titles, stray spaces, full-width digits, dates of many forms, numbers as text."""
    rows: list[list[Any]] = [
        ["二〇二四年社会体育指导员名单"] + [None] * 12,
        [None] * 13,
        ["序号", "基本信息", None, None, None, None, "证书", None, None, None, None, None, None],
        [None, " 姓　名", "手机 号码", "出生日期", "性别（男/女）", "地区代码", "等级", "证书号",
         "发证时间", "发证机关", "项目", "注册年份", None],
        [1, " 张　伟 ", 13912345678.0, "1980年1月5日", " 女", 410882001203.0, "三级",
         "豫３－００１", "2020/5/1", " 沁阳市体育局", "广场舞，广场舞", "2023,2024", None],
        [2, "李娜", "139 1234 5679", "1981.2.3", "女性", "４１０８８２００１２０３", "3级",
         "豫3-002", "20200501", "", "", 2024.0, None],
        [3, "王芳", "+86-13912345670", 29587.0, "女", "410882000000", "三级社会体育指导员",
         "豫3-003", date(2020, 5, 1), "", "square dance", "", None],
        [None] * 13,
        ["", " ", "　", None, "", "", "", "", "", "", "", "", ""],
    ]  # fmt: skip
    plan = s.plan(bureau, "instructors", s.xlsx(rows[1:], rows[0]))
    assert [str(fault) for fault in plan.faults] == []
    first, second, third = plan.new
    assert first.values["name"] == "张 伟"
    assert first["phone"] == "13912345678"
    assert first["born_on"] == date(1980, 1, 5)
    assert first["number"] == "豫3-001"
    assert first["years"] == (2023, 2024)
    assert (second["area_code"], second["born_on"]) == ("410882001203", date(1981, 2, 3))
    assert (third["area_code"], third["phone"]) == ("410882", "13912345670")
    assert third["born_on"] == date(1981, 1, 1)
    assert [row.number for row in plan.new] == [5, 6, 7]


def _certificate(row: Instructor, number: str, **fields: Any) -> Certificate:
    return Certificate.objects.create(
        instructor=row,
        area_code=row.area_code,
        **{
            "number": number,
            "instructor_level": 3,
            "granted_on": date(2020, 5, 1),
            "granted_by": "沁阳市体育局",
            **fields,
        },
    )


def _import(client: Client, data: bytes) -> SheetImport:
    """Upload and agree."""
    s.upload(client, "instructors", data)
    return s.agree(client, SheetImport.objects.latest("pk"))


def test_an_import_enters_person_instructor_certificate_registrations_and_place(
    bureau: Any, signed_in: SignedIn
) -> None:
    row = s.instructor_row(1, 身份证号=ID, 出生日期=None, 性别=None)
    one = _import(signed_in(bureau), s.xlsx([row]))
    assert one.state == "done"
    instructor = Instructor.objects.get()
    person = instructor.person
    assert (person.name, person.phone, person.sex) == ("学员1", "13900000001", "m")
    assert person.id_hash == identity_of(ID).id_hash
    assert person.born_on == date(1990, 3, 7)
    assert person.name_key
    assert (instructor.instructor_level, instructor.started_on) == (3, date(2020, 5, 1))
    assert [sport.name_zh for sport in instructor.sports.all()] == ["广场舞"]
    assert Certificate.objects.get().number == "豫三00000001"
    assert set(Registration.objects.values_list("year", flat=True)) == {2023, 2024}
    place = InstructorPlace.objects.get()
    assert (place.area_code, place.started_on) == (b.VILLAGE, date(2020, 5, 1))
    assert set(AuditEntry.objects.filter(batch=one.batch).values_list("door", flat=True)) == {
        "task"
    }


def test_the_identity_number_stands_nowhere(bureau: Any, signed_in: SignedIn) -> None:
    client = signed_in(bureau)
    row = s.instructor_row(1, 身份证号=ID, 出生日期=None, 性别="女")
    page = s.upload(client, "instructors", s.xlsx([row]))
    assert ID not in page.content.decode()
    _import(client, s.xlsx([s.instructor_row(1, 身份证号=ID, 出生日期=None, 性别="男")]))
    assert Instructor.objects.count() == 1
    assert not AuditEntry.objects.filter(after__icontains=ID).exists()
    assert ID not in s.exported(client, "instructors", "csv").decode()


def test_a_single_fault_lets_nothing_be_written(bureau: Any, signed_in: SignedIn) -> None:
    client = signed_in(bureau)
    people = Person.objects.count()
    s.upload(client, "instructors", s.xlsx([s.instructor_row(1), s.instructor_row(2, 姓名="")]))
    one = SheetImport.objects.get()
    assert one.state == "faulty"
    s.agree(client, one)
    assert (Person.objects.count(), Instructor.objects.count()) == (people, 0)


@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_every_export_can_be_imported_again_and_changes_nothing(
    bureau: Any, signed_in: SignedIn, format: str
) -> None:
    client = signed_in(bureau)
    rows = [s.instructor_row(n) for n in range(1, 31)]
    rows[3] = s.instructor_row(4, 姓名="=危险()", 发证单位="@某局", 技术等级="一级")
    rows[4] = s.instructor_row(5, 姓名="'-甲", 运动项目=None, 注册年度=None, 性别=None)
    assert _import(client, s.xlsx(rows)).state == "done"
    data = s.exported(client, "instructors", format)
    plan = s.plan(bureau, "instructors", data, f"导出.{format}")
    assert [str(fault) for fault in plan.faults] == []
    assert (plan.unchanged, len(plan.changed), len(plan.new)) == (30, 0, 0)


def test_known_instructors_are_changed_and_what_is_empty_stays(
    bureau: Any, signed_in: SignedIn
) -> None:
    client = signed_in(bureau)
    _import(client, s.xlsx([s.instructor_row(1), s.instructor_row(2)]))
    rows = [
        s.instructor_row(1, 手机号="13988888888", 注册年度="2025", 发证单位=None, 运动项目=None),
        s.instructor_row(2, 所在地区代码=b.OTHER_VILLAGE),
    ]
    plan = s.plan(bureau, "instructors", s.xlsx(rows))
    assert [one.changes for one in plan.changed] == [
        {"phone": ("13900000001", "13988888888"), "years": ((2023, 2024), (2023, 2024, 2025))},
        {"area_code": (b.VILLAGE, b.OTHER_VILLAGE)},
    ]
    assert _import(client, s.xlsx(rows)).state == "done"
    first, second = Instructor.objects.order_by("pk")
    assert first.person.phone == "13988888888"
    assert first.sports.count() == 1
    assert set(first.registrations.values_list("year", flat=True)) == {2023, 2024, 2025}
    assert second.area_code == b.OTHER_VILLAGE
    assert second.certificates.get().area_code == b.OTHER_VILLAGE
    assert list(second.places.order_by("started_on").values_list("area_code", "ended_on")) == [
        (b.VILLAGE, today()),
        (b.OTHER_VILLAGE, None),
    ]


def test_a_further_certificate_raises_the_level(bureau: Any, signed_in: SignedIn) -> None:
    client = signed_in(bureau)
    _import(client, s.xlsx([s.instructor_row(1)]))
    row = s.instructor_row(1, 技术等级="二级", 证书编号="豫二00000001", 发证日期="2024-05-01")
    assert _import(client, s.xlsx([row])).state == "done"
    instructor = Instructor.objects.get()
    assert instructor.instructor_level == 2
    assert instructor.certificates.count() == 2
    assert instructor.started_on == date(2020, 5, 1)


def test_a_person_who_is_entered_already_becomes_an_instructor(
    bureau: Any, signed_in: SignedIn
) -> None:
    person = b.person(b.VILLAGE, "学员1", phone="13900000001")
    one = _import(signed_in(bureau), s.xlsx([s.instructor_row(1)]))
    assert one.figures["changed"] == 1
    assert Instructor.objects.get().person == person
    assert Person.objects.filter(name="学员1").count() == 1


def test_a_masked_phone_in_a_known_row_changes_nothing(bureau: Any, signed_in: SignedIn) -> None:
    _import(signed_in(bureau), s.xlsx([s.instructor_row(1)]))
    plan = s.plan(bureau, "instructors", s.xlsx([s.instructor_row(1, 手机号="139****0001")]))
    assert (plan.faults, plan.unchanged) == ([], 1)


def test_phones_are_whole_in_an_export_only_for_who_may_change_the_person(
    bureau: Any, signed_in: SignedIn
) -> None:
    _import(signed_in(bureau), s.xlsx([s.instructor_row(1)]))
    for role, shown in ((Role.BUREAU_STAFF, "13900000001"), (Role.AUDITOR, "139****0001")):
        client = signed_in(b.user(role))
        assert f",{shown}," in s.exported(client, "instructors", "csv").decode()
    assert AuditEntry.objects.filter(verb="export").count() == 2


def test_an_import_is_undone_with_everything_it_wrote(bureau: Any, signed_in: SignedIn) -> None:
    client = signed_in(bureau)
    _import(client, s.xlsx([s.instructor_row(1)]))
    before = (Person.objects.count(), Instructor.objects.count(), Registration.objects.count())
    one = _import(client, s.xlsx([s.instructor_row(1, 手机号="13988888888"), s.instructor_row(2)]))
    s.act(client, one, "undo")
    assert one.state == "undone"
    after = (Person.objects.count(), Instructor.objects.count(), Registration.objects.count())
    assert after == before
    assert Instructor.objects.get().person.phone == "13900000001"


def test_undoing_is_refused_where_somebody_changed_a_row_since(
    bureau: Any, signed_in: SignedIn
) -> None:
    client = signed_in(bureau)
    one = _import(client, s.xlsx([s.instructor_row(1), s.instructor_row(2)]))
    Person.objects.filter(name="学员2").update(phone="13700000000")
    s.act(client, one, "undo")
    assert one.state == "undoing"
    assert "学员2" in client.get(one.get_absolute_url()).content.decode()
    assert Instructor.objects.count() == 2


def test_what_changed_between_check_and_import_is_not_written_over(
    bureau: Any, signed_in: SignedIn
) -> None:
    client = signed_in(bureau)
    _import(client, s.xlsx([s.instructor_row(1)]))
    s.upload(client, "instructors", s.xlsx([s.instructor_row(1, 手机号="13988888888")]))
    one = SheetImport.objects.latest("pk")
    Person.objects.filter(name="学员1").update(phone="13700000000")
    s.agree(client, one)
    assert one.state != "done"
    assert Person.objects.get(name="学员1").phone == "13700000000"
    s.act(client, one, "check")
    assert one.state == "ready"


def test_importing_the_same_file_twice_enters_nobody_twice(
    bureau: Any, signed_in: SignedIn
) -> None:
    client, data = signed_in(bureau), s.xlsx([s.instructor_row(1)])
    _import(client, data)
    s.upload(client, "instructors", data)
    assert SheetImport.objects.latest("pk").figures["unchanged"] == 1
    assert Instructor.objects.count() == 1


def test_who_may_not_change_a_post_holder_does_not_do_it_by_import() -> None:
    b.small_city()
    staff = b.person(b.VILLAGE, "学员1", phone="13900000001")
    b.appoint(staff, Role.BUREAU_STAFF, b.CITY)
    _certificate(b.instructor(who=staff, instructor_level=3), "豫三00000001")
    county = b.user(Role.COUNTY_OFFICIAL, b.COUNTY)
    row = s.instructor_row(1, 手机号="13700000000", 运动项目=None, 注册年度=None)
    assert _faults(county, row) == {("A2", "not_answerable")}


def test_a_candidate_is_a_row_without_certificate(bureau: Any, signed_in: SignedIn) -> None:
    row = s.instructor_row(1, 技术等级=None, 证书编号=None, 发证日期=None, 注册年度=None)
    assert _import(signed_in(bureau), s.xlsx([row])).state == "done"
    assert Instructor.objects.get().instructor_level is None
    assert InstructorPlace.objects.count() == 0
