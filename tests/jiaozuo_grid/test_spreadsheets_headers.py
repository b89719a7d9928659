"""Finding the header and naming each column: nothing is ignored in silence."""

from __future__ import annotations

from typing import Any

import pytest

from grids.models import Role
from tests import builders as b
from tests import sheets as s

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau() -> Any:
    b.small_city()
    return b.user(Role.BUREAU_STAFF)


def _plan(actor: Any, headers: list[Any], *rows: list[Any]) -> Any:
    return s.plan(actor, "instructors", s.xlsx(rows or [s.instructor_row(1)], headers))


def test_a_misspelt_column_is_named_with_the_likely_one(bureau: Any) -> None:
    plan = _plan(bureau, [*s.HEADERS[:8], "发证曰期", *s.HEADERS[9:]])
    (fault,) = plan.faults
    assert (fault.cell, fault.code) == ("I1", "column_unknown")
    assert "发证日期" in fault.remedy


def test_a_misspelt_required_column_is_not_reported_missing_too(bureau: Any) -> None:
    plan = _plan(bureau, ["姓明", *s.HEADERS[1:]])
    assert [one.code for one in plan.faults if one.code.startswith("column")] == ["column_unknown"]


def test_the_cells_below_a_misspelt_header_are_checked_too(bureau: Any) -> None:
    headers = [*s.HEADERS[:8], "发证曰期", *s.HEADERS[9:]]
    plan = _plan(bureau, headers, s.instructor_row(1, 发证日期="昨天"))
    assert s.found_faults(plan) == {("I1", "column_unknown"), ("I2", "not_date")}


def test_an_unknown_column_is_never_ignored(bureau: Any) -> None:
    plan = _plan(bureau, [*s.HEADERS, "鞋码"], [*s.instructor_row(1), "42"])
    assert [(one.cell, one.code) for one in plan.faults] == [("M1", "column_unknown")]


def test_a_missing_column_is_named(bureau: Any) -> None:
    plan = _plan(bureau, s.HEADERS[1:], s.instructor_row(1)[1:])
    (fault,) = plan.faults
    assert (fault.code, fault.column) == ("column_missing", "姓名")


def test_a_column_that_stands_twice_is_named(bureau: Any) -> None:
    plan = _plan(bureau, [*s.HEADERS, "手机"], [*s.instructor_row(1), "13900000009"])
    assert [(one.cell, one.code) for one in plan.faults] == [("M1", "column_twice")]


def test_running_numbers_are_left_out_and_that_is_said(bureau: Any) -> None:
    plan = _plan(bureau, ["序号", *s.HEADERS], [1, *s.instructor_row(1)])
    assert plan.faults == []
    assert plan.table.header.left_out == ["序号"]


def test_english_headers_and_stars_are_understood(bureau: Any) -> None:
    headers = ["Name *", "ID number", "phone", "Date of birth", "Sex", "area_code*", "Level"]
    headers += ["Certificate number", "Granted on", "Granted by", "Sports", "Registered years"]
    plan = _plan(bureau, headers)
    assert ([str(f) for f in plan.faults], len(plan.new)) == ([], 1)


def test_columns_may_stand_in_any_order(bureau: Any) -> None:
    plan = _plan(bureau, s.HEADERS[::-1], s.instructor_row(1)[::-1])
    assert (plan.faults, len(plan.new)) == ([], 1)


def test_a_file_without_header_says_which_columns_are_expected(bureau: Any) -> None:
    plan = _plan(bureau, ["甲", "乙", "丙"], ["1", "2", "3"])
    (fault,) = plan.faults
    assert fault.code == "no_header"
    assert "姓名" in fault.cause


def test_a_header_without_rows_is_told(bureau: Any) -> None:
    plan = s.plan(bureau, "instructors", s.xlsx([]))
    assert [fault.code for fault in plan.faults] == ["no_rows"]


def test_header_faults_and_cell_faults_are_told_together(bureau: Any) -> None:
    row = [*s.instructor_row(1, 手机号="1"), "42"]
    plan = _plan(bureau, [*s.HEADERS, "鞋码"], row)
    assert s.found_faults(plan) == {("M1", "column_unknown"), ("C2", "phone")}
