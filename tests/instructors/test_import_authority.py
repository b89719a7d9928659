"""What an import of instructors must not do that no page would do (pitfalls P3, P8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from grids.models import Role
from instructors.actions import end_instructor, resume_instructor, revoke_certificate
from instructors.models import Certificate, Instructor, Registration
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM
from jiaozuo_grid.spreadsheets.model import SheetImport
from tests import builders as b
from tests import sheets as s
from tests.instructors import books

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]
NUMBER = "豫三00000001"


@pytest.fixture
def county() -> Any:
    b.small_city()
    return b.user(Role.COUNTY_OFFICIAL, b.COUNTY)


def _faults(actor: Any, *rows: Any) -> set[tuple[str, str]]:
    return s.found_faults(s.plan(actor, "instructors", s.xlsx(rows)))


def _known(level: int = 3, **person: Any) -> Instructor:
    """An instructor as ``s.instructor_row(1)`` describes them, but for the years."""
    who = b.person(
        **{
            "name": "学员1",
            "phone": "13900000001",
            "born_on": date(1980, 1, 1),
            "sex": "f",
            **person,
        }
    )
    row = b.instructor(who=who, instructor_level=level, started_on=date(2020, 5, 1))
    row.sports.add(b.sport())
    _paper(row, level, NUMBER)
    return row


def _paper(row: Instructor, level: int, number: str, **fields: Any) -> Certificate:
    return books.certificate(
        row,
        level,
        number=number,
        **{"granted_on": date(2020, 5, 1), "granted_by": "沁阳市体育局", **fields},
    )


def _row(level: str = "三级", **cells: Any) -> list[Any]:
    return s.instructor_row(1, **{"注册年度": None, "技术等级": level, **cells})


@pytest.mark.parametrize(
    ("cells", "cell"),
    [({"发证日期": "2020-06-01"}, "I2"), ({"发证单位": "某协会"}, "J2")],
)
def test_day_and_body_of_a_known_certificate_are_changed_by_who_may_grant_its_level(
    county: Any, cells: dict[str, Any], cell: str
) -> None:
    _known(level=2)
    bureau = b.user(Role.BUREAU_STAFF)
    assert _faults(county, _row("二级", **cells)) == {(cell, "may_not_grant")}
    assert _faults(bureau, _row("二级", **cells)) == set()


def test_the_level_need_not_stand_in_the_row_for_its_right_to_be_asked(county: Any) -> None:
    _known(level=2)
    row = _row("", 发证日期="2020-06-01", 证书编号=None)
    assert _faults(county, row) == {("I2", "may_not_grant")}


def test_nobody_changes_the_day_of_their_own_certificate(county: Any) -> None:
    known = _known()
    type(county).objects.filter(pk=county.pk).update(person=known.person)
    county.refresh_from_db()
    b.appoint(known.person, Role.COUNTY_OFFICIAL, b.COUNTY)
    assert _faults(county, _row(发证日期="2020-06-01")) == {("I2", "self")}


def test_a_corrected_day_keeps_the_order_of_the_levels() -> None:
    b.small_city()
    known = _known(level=2)
    _paper(known, 3, "豫三00000009", granted_on=date(2019, 1, 1))
    bureau = b.user(Role.BUREAU_STAFF)
    assert _faults(bureau, _row("二级", 发证日期="2018-01-01")) == {("I2", "level_order")}


def test_nobody_registers_themselves_by_import(county: Any) -> None:
    known = _known()
    type(county).objects.filter(pk=county.pk).update(person=known.person)
    county.refresh_from_db()
    b.appoint(known.person, Role.COUNTY_OFFICIAL, b.COUNTY)
    year = str(today().year)
    assert _faults(county, _row(注册年度=year)) == {("L2", "self")}


def test_nobody_enters_themselves_as_a_candidate_by_import(county: Any) -> None:
    county.person.phone = "13900000001"
    county.person.save()
    row = s.instructor_row(
        1,
        姓名=county.person.name,
        技术等级=None,
        证书编号=None,
        发证日期=None,
        发证单位=None,
        注册年度=None,
    )
    assert _faults(county, row) == {("A2", "self")}


def test_a_resumed_candidate_is_granted_anew_without_filling_the_gap(
    county: Any, signed_in: SignedIn
) -> None:
    """Pitfall 1: nobody served here while the entry had ended."""
    known = _known()
    revoke_certificate(SYSTEM, known.certificates.get(), date(2024, 1, 1), reason="伪造")
    known.refresh_from_db()
    resumed_on = today() - timedelta(days=30)
    resume_instructor(SYSTEM, known, b.VILLAGE, resumed_on)
    granted_on = today() - timedelta(days=10)
    row = _row(证书编号="豫三00000002", 发证日期=granted_on.isoformat())
    client = signed_in(county)
    s.upload(client, "instructors", s.xlsx([row]))
    assert s.agree(client, SheetImport.objects.get()).state == "done"
    known.refresh_from_db()
    assert (known.instructor_level, known.started_on) == (3, date(2020, 5, 1))
    places = known.places.order_by("started_on").values_list("started_on", "ended_on")
    assert list(places) == [(date(2020, 5, 1), date(2024, 1, 1)), (granted_on, None)]


def test_a_certificate_of_today_does_not_pass_by_the_promotion() -> None:
    """Pitfall P8."""
    b.small_city()
    _known()
    bureau = b.user(Role.BUREAU_STAFF)
    row = _row("二级", 证书编号="豫二00000001", 发证日期=today().isoformat())
    assert _faults(bureau, row) == {("I2", "by_promotion")}
    row = _row("二级", 证书编号="豫二00000001", 发证日期="2024-05-01")
    assert _faults(bureau, row) == set()


NAMESAKES = {
    "another birthday": {"手机号": None, "出生日期": "1985-02-03"},
    "another phone, another day of the grant": {
        "手机号": "13700000000",
        "出生日期": None,
        "发证日期": "2021-09-09",
    },
}


@pytest.mark.parametrize("cells", NAMESAKES.values(), ids=NAMESAKES.keys())
def test_a_namesake_with_a_mistyped_number_is_not_taken_for_the_holder(
    county: Any, cells: dict[str, Any]
) -> None:
    _known()
    assert _faults(county, _row(**cells)) == {("H2", "number_used")}


def test_whose_phone_changed_is_known_by_the_paper(county: Any) -> None:
    known = _known()
    plan = s.plan(county, "instructors", s.xlsx([_row(手机号="13700000000", 出生日期=None)]))
    assert plan.faults == []
    assert [one.stored.person for one in plan.changed] == [known.person]


def test_an_ended_entry_is_still_not_changed(county: Any) -> None:
    known = _known()
    end_instructor(SYSTEM, known, today(), reason="离任")
    assert ("A2", "not_standing") in _faults(county, _row(注册年度=str(today().year)))
    assert not Registration.objects.exists()
