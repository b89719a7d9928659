"""The pages: who may use which sheet, the flow from template to undo, one's own imports only."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry
from grids.models import Role
from instructors.models import Instructor
from jiaozuo_grid.spreadsheets import work
from jiaozuo_grid.spreadsheets.model import ImportState, SheetImport, remove_old
from tests import builders as b
from tests import sheets as s
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]


@pytest.fixture
def bureau() -> Any:
    b.small_city()
    return b.user(Role.BUREAU_STAFF)


def _keys(client: Client) -> set[str]:
    offers = client.get("/sheets/").context["offers"]
    return {offer.sheet.key for offer in offers if offer.may_import}


def test_each_sees_the_sheets_that_they_may_use(signed_in: SignedIn, bureau: Any) -> None:
    assert _keys(signed_in(bureau)) == {
        "people",
        "grids",
        "hobby-grids",
        "appointments",
        "organisations",
        "officers",
        "instructors",
        "stations",
    }
    leader = b.user(Role.GRID_LEADER, b.GRID)
    assert _keys(signed_in(leader)) == {"people", "hobby-grids", "appointments"}
    assert _keys(signed_in(b.user(Role.AUDITOR))) == set()


def test_who_has_no_right_to_a_sheet_does_not_find_it(signed_in: SignedIn, bureau: Any) -> None:
    client = signed_in(b.user(Role.GRID_MEMBER, b.HOBBY_GRID))
    assert client.get("/sheets/instructors/").status_code == 404
    assert client.get("/sheets/nothing/").status_code == 404
    assert Client().get("/sheets/instructors/").status_code == 302


def test_who_may_only_read_may_not_upload(signed_in: SignedIn, bureau: Any) -> None:
    client = signed_in(b.user(Role.AUDITOR))
    assert client.get("/sheets/instructors/").status_code == 200
    answer = s.upload(client, "instructors", s.xlsx([s.instructor_row(1)]))
    assert answer.status_code == 403
    assert client.get("/sheets/instructors/template/").status_code == 404


def test_an_import_is_its_owners(signed_in: SignedIn, bureau: Any) -> None:
    s.upload(signed_in(bureau), "instructors", s.xlsx([s.instructor_row(1, 手机号="1")]))
    one = SheetImport.objects.get()
    colleague = signed_in(b.user(Role.BUREAU_STAFF))
    assert colleague.get(one.get_absolute_url()).status_code == 404
    assert colleague.get(f"{one.get_absolute_url()}marked/").status_code == 404
    assert colleague.post(one.get_absolute_url(), {"action": "discard"}).status_code == 404


def test_the_template_has_dropdowns_and_its_example_is_left_out(
    signed_in: SignedIn, bureau: Any
) -> None:
    client = signed_in(bureau)
    data = client.get("/sheets/instructors/template/").content
    book = openpyxl.load_workbook(io.BytesIO(data))
    page = book.worksheets[0]
    lists = [one for one in page.data_validations.dataValidation if one.type == "list"]
    assert len(lists) == 3
    page["A3"] = "真名"
    page["F3"] = b.VILLAGE
    target = io.BytesIO()
    book.save(target)
    plan = s.plan(bureau, "instructors", target.getvalue(), "模板.xlsx")
    assert plan.examples == [2]
    assert ([str(f) for f in plan.faults], [row.number for row in plan.new]) == ([], [3])


@pytest.mark.parametrize(
    "key",
    ["people", "grids", "hobby-grids", "appointments", "organisations", "officers", "stations"],
)
def test_every_template_can_be_read_again(bureau: Any, signed_in: SignedIn, key: str) -> None:
    data = signed_in(bureau).get(f"/sheets/{key}/template/").content
    plan = s.plan(bureau, key, data, "模板.xlsx")
    assert [fault.code for fault in plan.faults] == ["no_rows"]
    assert plan.examples == [2]


def test_the_preview_shows_new_changed_and_unchanged(signed_in: SignedIn, bureau: Any) -> None:
    client = signed_in(bureau)
    s.upload(client, "instructors", s.xlsx([s.instructor_row(1), s.instructor_row(2)]))
    s.agree(client, SheetImport.objects.get())
    rows = [s.instructor_row(1), s.instructor_row(2, 手机号="13911111111"), s.instructor_row(3)]
    page = s.upload(client, "instructors", s.xlsx(rows))
    html = page.content.decode()
    for outcome in ("new", "changed", "unchanged"):
        assert f'data-outcome="{outcome}" data-count="1"' in html
    assert "<del>13900000002</del> → <ins>13911111111</ins>" in html


def test_the_faults_are_paged(signed_in: SignedIn, bureau: Any) -> None:
    client = signed_in(bureau)
    rows = [s.instructor_row(n, 手机号="1") for n in range(1, 121)]
    page = s.upload(client, "instructors", s.xlsx(rows))
    assert page.content.decode().count('data-code="phone"') == 50
    last = client.get(f"{SheetImport.objects.get().get_absolute_url()}?page=3")
    assert last.content.decode().count('data-code="phone"') == 20
    assert 'data-cell="C121"' in last.content.decode()


def test_the_marked_copy_shows_each_bad_cell_and_can_be_uploaded_again(
    signed_in: SignedIn, bureau: Any
) -> None:
    client = signed_in(bureau)
    rows = [s.instructor_row(1), s.instructor_row(2, 手机号="1", 性别="中")]
    s.upload(client, "instructors", s.xlsx(rows))
    one = SheetImport.objects.get()
    data = s.marked(client, one)
    book = openpyxl.load_workbook(io.BytesIO(data))
    page = book.worksheets[0]
    marked = {
        cell.coordinate
        for row in page.iter_rows(max_col=12)
        for cell in row
        if cell.fill.fgColor.rgb == "FFF8C9C4"
    }
    assert marked == {"C3", "E3"}
    assert {c.coordinate for row in page.iter_rows() for c in row if c.comment} == marked
    page["C3"], page["E3"] = "13900000002", "女"
    target = io.BytesIO()
    book.save(target)
    plan = s.plan(bureau, "instructors", target.getvalue(), "名单（已标注）.xlsx")
    assert ([str(f) for f in plan.faults], len(plan.new)) == ([], 2)


@pytest.mark.parametrize("name", ["a:b/c", "'甲'", "[名单]*?", "history", "很长" * 20, ":"])
def test_a_sheet_of_any_name_gets_its_marked_copy(
    signed_in: SignedIn, bureau: Any, name: str
) -> None:
    """Other programs than Excel allow them (pitfall 22: never 500)."""
    client = signed_in(bureau)
    one = _faulty(client, _renamed(s.xlsx([s.instructor_row(1, 性别="中")]), name))
    book = openpyxl.load_workbook(io.BytesIO(s.marked(client, one)))
    assert book.worksheets[0]["E2"].value == "中"


@pytest.mark.parametrize("cell", ["1e999", "-1e999"])
def test_a_number_beyond_all_bounds_gets_its_marked_copy(
    signed_in: SignedIn, bureau: Any, cell: str
) -> None:
    client = signed_in(bureau)
    data = _replaced(s.xlsx([s.instructor_row(1, 发证日期=271828)]), b"271828", cell.encode())
    one = _faulty(client, data)
    book = openpyxl.load_workbook(io.BytesIO(s.marked(client, one)))
    assert "inf" in str(book.worksheets[0]["I2"].value)


def _replaced(data: bytes, before: bytes, after: bytes) -> bytes:
    """The workbook with other bytes in its parts."""
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for entry in source.infolist():
            archive.writestr(entry.filename, source.read(entry).replace(before, after))
    return target.getvalue()


def _renamed(data: bytes, name: str) -> bytes:
    return _replaced(data, 'name="表"'.encode(), f'name="{name}"'.encode())


def _faulty(client: Client, data: bytes) -> SheetImport:
    s.upload(client, "instructors", data)
    one = SheetImport.objects.get()
    assert (one.state, bool(one.marked)) == ("faulty", True)
    return one


def test_the_files_go_when_it_is_decided(
    signed_in: SignedIn, bureau: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client = signed_in(bureau)
    s.upload(client, "instructors", s.xlsx([s.instructor_row(1)]))
    one = SheetImport.objects.get()
    stored = one.upload.storage
    names = [str(one.upload.name), str(one.findings.name)]
    with django_capture_on_commit_callbacks(execute=True):
        s.agree(client, one)
    assert [stored.exists(name) for name in names] == [False, False]


def test_what_nobody_decides_about_is_removed_after_a_week(
    signed_in: SignedIn, bureau: Any
) -> None:
    s.upload(signed_in(bureau), "instructors", s.xlsx([s.instructor_row(1)]))
    one = SheetImport.objects.get()
    SheetImport.objects.update(created_at=timezone.now() - timedelta(days=8))
    remove_old()
    one.refresh_from_db()
    assert (one.state, bool(one.upload)) == ("discarded", False)


def test_an_import_of_last_week_is_not_undone(signed_in: SignedIn, bureau: Any) -> None:
    client = signed_in(bureau)
    s.upload(client, "instructors", s.xlsx([s.instructor_row(1)]))
    one = s.agree(client, SheetImport.objects.get())
    SheetImport.objects.update(done_at=timezone.now() - timedelta(days=8))
    assert s.act(client, one, "undo").state == "done"
    assert Instructor.objects.count() == 1


def test_another_digest_than_the_one_shown_is_not_agreed_to(
    signed_in: SignedIn, bureau: Any
) -> None:
    client = signed_in(bureau)
    s.upload(client, "instructors", s.xlsx([s.instructor_row(1)]))
    one = s.act(client, SheetImport.objects.get(), "confirm", digest="0" * 64)
    assert (one.state, Instructor.objects.count()) == ("ready", 0)


def test_a_right_that_is_lost_meanwhile_stops_the_import(signed_in: SignedIn, bureau: Any) -> None:
    client = signed_in(bureau)
    s.upload(client, "instructors", s.xlsx([s.instructor_row(1)]))
    one = SheetImport.objects.get()
    client.post(one.get_absolute_url(), {"action": "confirm", "digest": one.digest})
    bureau.person.appointments.update(ended_on=timezone.localdate())
    s.work_off()
    one.refresh_from_db()
    assert (one.state, Instructor.objects.count()) == ("importing", 0)


def test_the_trail_says_who_imported_and_exported(signed_in: SignedIn, bureau: Any) -> None:
    client = signed_in(bureau)
    s.upload(client, "instructors", s.xlsx([s.instructor_row(1)]))
    s.agree(client, SheetImport.objects.get())
    client.get("/sheets/instructors/export/?format=csv")
    entries = AuditEntry.objects.filter(verb__in=["import", "export"]).order_by("pk")
    assert [(one.verb, one.actor, one.area_code) for one in entries] == [
        ("import", bureau, b.CITY),
        ("export", bureau, b.CITY),
    ]


def test_an_unknown_format_is_not_there(signed_in: SignedIn, bureau: Any) -> None:
    assert signed_in(bureau).get("/sheets/people/export/?format=pdf").status_code == 404


def test_pages_cost_the_same_with_more_imports(signed_in: SignedIn, bureau: Any) -> None:
    client = signed_in(bureau)
    s.upload(client, "instructors", s.xlsx([s.instructor_row(1, 手机号="1")]))
    one = SheetImport.objects.get()
    assert_query_count(client, "/sheets/", "sheets/index")
    assert_query_count(client, "/sheets/instructors/", "sheets/sheet")
    assert_query_count(client, one.get_absolute_url(), "sheets/import")
    s.upload(client, "instructors", s.xlsx([s.instructor_row(n, 手机号="1") for n in range(1, 9)]))
    assert_query_count(client, "/sheets/", "sheets/index")
    assert_query_count(client, "/sheets/instructors/", "sheets/sheet")


def test_two_steps_at_once_are_not_taken_for_each_other(signed_in: SignedIn, bureau: Any) -> None:
    s.upload(signed_in(bureau), "instructors", s.xlsx([s.instructor_row(1)]))
    one = SheetImport.objects.get()
    work.start(work.COMMIT, one, ImportState.IMPORTING)
    with pytest.raises(ValidationError):
        work.start(work.CHECK, one, ImportState.CHECKING)
    s.work_off()
    one.refresh_from_db()
    assert (one.state, Instructor.objects.count()) == ("done", 1)


def test_a_late_second_confirmation_does_not_spoil_the_undo(
    signed_in: SignedIn, bureau: Any
) -> None:
    """Pitfall 23: it was pressed while the import stood ready, and comes when that is done."""
    client = signed_in(bureau)
    s.upload(client, "instructors", s.xlsx([s.instructor_row(1)]))
    late = SheetImport.objects.get()
    one = s.agree(client, SheetImport.objects.get())
    for step in (
        lambda: work.start(work.COMMIT, late, ImportState.IMPORTING),
        lambda: work.start(work.CHECK, late, ImportState.CHECKING),
        lambda: work.discard(late),
    ):
        with pytest.raises(ValidationError):
            step()
    one.refresh_from_db()
    assert one.state == "done"
    assert s.act(client, one, "undo").state == "undone"
    with pytest.raises(ValidationError):
        work.start(work.UNDO, late, ImportState.UNDOING)


def test_a_confirmation_of_an_older_check_is_refused(signed_in: SignedIn, bureau: Any) -> None:
    client = signed_in(bureau)
    s.upload(client, "instructors", s.xlsx([s.instructor_row(1, 手机号=None)]))
    late = SheetImport.objects.get()
    b.person(b.VILLAGE, "学员1", born_on=date(1980, 1, 1))
    assert s.act(client, SheetImport.objects.get(), "check").state == "ready"
    with pytest.raises(ValidationError):
        work.start(work.COMMIT, late, ImportState.IMPORTING)


def test_an_import_that_was_cancelled_can_be_checked_again(
    signed_in: SignedIn, bureau: Any
) -> None:
    client = signed_in(bureau)
    s.upload(client, "instructors", s.xlsx([s.instructor_row(1)]))
    one = SheetImport.objects.get()
    client.post(one.get_absolute_url(), {"action": "confirm", "digest": one.digest})
    one.refresh_from_db()
    client.post(f"/jobs/{one.job_id}/cancel/")
    assert 'value="check"' in client.get(one.get_absolute_url()).content.decode()
    assert s.act(client, one, "check").state == "ready"
