"""Reports: each number is that of the page, the files the same each time, for who may have them."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pypdfium2
import pytest
from django.db.models.signals import post_init
from django.test import Client

from coverage.models import Report, ReportKind, Snapshot
from coverage.reading import coverage_of
from coverage.recount import rebuild
from coverage.registry import INDICATORS, MEASURES
from coverage.reports import archive
from coverage.reports.periods import period_of
from coverage.shown import floored
from coverage.snapshots.actions import sign
from coverage.snapshots.freezing import freeze
from grids.models import Division, Role
from instructors.models import Certificate, InstructorLevel
from jiaozuo_grid.lasting import today
from jiaozuo_grid.months import month_end
from jiaozuo_grid.reach import SYSTEM, OutOfReach
from tests.builders import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    OTHER_TOWNSHIP,
    TOWNSHIP,
    VILLAGE,
    grid,
    instructor,
    user,
)
from tests.coverage.living_city import living_city, session
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db
THIS_MONTH = today().replace(day=1)
LAST_MONTH = (THIS_MONTH - timedelta(days=1)).replace(day=1)


@pytest.fixture(autouse=True)
def _city() -> None:
    living_city()
    rebuild()


def made(kind: str = ReportKind.MONTHLY, code: str = COUNTY, first: date = THIS_MONTH) -> Report:
    return archive.make(SYSTEM, kind, code, first)


def book_of(report: Report, **options: Any) -> Any:
    with report.xlsx.open("rb") as file:
        return openpyxl.load_workbook(BytesIO(file.read()), **options)


def text_of(report: Report) -> str:
    with report.pdf.open("rb") as file:
        paper = pypdfium2.PdfDocument(file.read())
    return "\n".join(page.get_textpage().get_text_range() for page in paper)


def column(page: Any, key: int, value: int) -> dict[Any, Any]:
    return {row[key]: row[value] for row in page.iter_rows(values_only=True) if row[key]}


def test_each_number_of_the_workbook_is_the_measures_own() -> None:
    report = made()
    figures = coverage_of(COUNTY, today()).area.figures
    written = column(book_of(report)["统计数据"], 5, 2)
    assert {key: written[key] for key in figures} == {
        key: "无数据" if figure.value is None else figure.value for key, figure in figures.items()
    }


def test_ratios_and_totals_are_formulas_with_the_values_of_the_page() -> None:
    report = made()
    formulas, values = book_of(report)["报告"], book_of(report, data_only=True)["报告"]
    area = coverage_of(COUNTY, today()).area
    names = {str(indicator.name): key for key, indicator in INDICATORS.items()}
    seen = 0
    for cells, results in zip(
        formulas.iter_rows(values_only=True), values.iter_rows(values_only=True), strict=True
    ):
        key = names.get(cells[0] or "")
        if key is None:
            continue
        seen += 1
        ratio = area.ratios[key]
        if ratio.value is None:
            assert cells[3] == "无数据"
        elif not INDICATORS[key].daily:
            assert str(cells[3]).startswith("=")
            shown = floored(ratio.value, INDICATORS[key].per)
            assert results[3] == pytest.approx(shown)
        assert str(cells[5]).startswith("=IF(")
    assert seen == len(area.ratios)
    below = book_of(report)["分区情况"]
    totals = next(row for row in below.iter_rows(values_only=True) if row[0] == "各区合计")
    assert sum(str(cell).startswith("=SUM(") for cell in totals) > 10


def test_the_workbook_has_native_charts_that_read_its_cells() -> None:
    report = made()
    charts = {page.title: len(page._charts) for page in book_of(report)}
    assert charts["逐月数据"] >= 4
    assert charts["分区情况"] == 1
    with report.xlsx.open("rb") as file, ZipFile(file) as parts:
        drawn = [parts.read(name).decode() for name in parts.namelist() if "charts/chart" in name]
    assert all("<c:f>" in chart for chart in drawn)


def test_pages_of_the_workbook_are_set_up_for_a4() -> None:
    for page in book_of(made()):
        assert (page.page_setup.paperSize, page.sheet_properties.pageSetUpPr.fitToPage) == (9, True)
        assert "&P" in page.oddFooter.center.text


def test_names_are_no_live_formulas() -> None:
    Division.objects.filter(area_code=TOWNSHIP).update(name="=HYPERLINK(1)")
    rebuild()
    cells = [c.value for page in book_of(made()) for row in page.iter_rows() for c in row]
    assert "=HYPERLINK(1)" not in cells
    assert "'=HYPERLINK(1)" in cells


def test_the_pdf_says_it_in_chinese_with_its_fonts_embedded() -> None:
    report = made()
    text = text_of(report)
    area = coverage_of(COUNTY, today()).area
    for wanted in (report.title, "无数据", "指标", "第 1 页", str(MEASURES["grids"].name)):
        assert wanted.replace(" ", "") in text.replace(" ", ""), wanted
    assert f"{area.figures['participants'].value:,}" in text
    with report.pdf.open("rb") as file:
        content = file.read()
    assert content.count(b"/FontFile3") == 2


def test_a_report_without_an_edition_says_that_it_is_not_sealed() -> None:
    report = made()
    assert not report.is_sealed
    assert "未封存" in text_of(report)


def test_the_same_edition_gives_the_same_report_to_the_last_byte() -> None:
    """Whatever happened to the figures since, and whoever asks."""
    freeze(LAST_MONTH)
    report = made(first=LAST_MONTH)
    assert report.is_sealed
    assert "已封存" in text_of(report)
    session(held_on=LAST_MONTH)
    grid(VILLAGE + "009")
    rebuild()
    assert archive.make(user(Role.COUNTY_OFFICIAL, COUNTY), "monthly", COUNTY, LAST_MONTH) == report
    for form in archive.WRITERS:
        with getattr(report, form).open("rb") as file:
            stored = file.read()
        again = BytesIO()
        assert archive.written(report, form, again) == hashlib.sha256(stored).hexdigest()
        assert again.getvalue() == stored
        assert getattr(report, f"{form}_digest") == hashlib.sha256(stored).hexdigest()


def test_unsealed_figures_that_changed_make_another_report() -> None:
    first = made()
    assert made() == first
    grid(VILLAGE + "009")
    rebuild()
    assert made() != first


def test_a_report_carries_a_receipt_with_its_figures() -> None:
    report = made()
    assert report.receipt is not None
    assert (
        report.receipt.values[COUNTY]["grids"]
        == coverage_of(COUNTY, today()).area.figures["grids"].value
    )
    code = report.content["receipt"]["code"]
    assert code in text_of(report)


def test_a_year_adds_up_its_months() -> None:
    report = made(ReportKind.YEARLY)
    months = period_of(ReportKind.YEARLY, THIS_MONTH).months
    page = book_of(report, data_only=True)["逐月数据"]
    heads = [cell.value for cell in page[3]]
    place = heads.index(str(MEASURES["sessions"].name))
    total = sum(
        coverage_of(COUNTY, min(month_end(m), today())).area.figures["sessions"].value or 0
        for m in months
    )
    year = next(row for row in page.iter_rows(values_only=True) if row[0] == "全年")
    assert year[place] == total


def test_the_form_counts_what_was_granted_in_the_year_and_adds_up(signed_in: Any) -> None:
    teacher = instructor(VILLAGE)
    for number, (day, level) in enumerate(
        [(today(), InstructorLevel.SECOND), (today() - timedelta(days=400), InstructorLevel.THIRD)]
    ):
        Certificate.objects.create(
            area_code=VILLAGE,
            instructor=teacher,
            instructor_level=level,
            number=f"N{number}",
            granted_on=day,
        )
    rebuild()
    report = made(ReportKind.FORM, CITY)
    form = report.content["form"]
    keys = [one["key"] for one in form["columns"]]
    county = next(line for line in form["lines"] if line["code"] == COUNTY)
    granted = Certificate.objects.filter(
        granted_on__year=today().year, instructor_level=InstructorLevel.SECOND
    ).within(COUNTY)
    assert county["values"][keys.index("granted_second")] == granted.count() >= 1
    area = coverage_of(CITY, today()).area.figures
    assert form["total"][keys.index("grids")] == area["grids"].value
    page = signed_in(user(Role.BUREAU_STAFF, CITY)).get(report.get_absolute_url()).content.decode()
    assert f'data-line="{COUNTY}"' in page
    assert "*" in page


def test_reports_of_the_city_and_its_counties_are_made_once_a_month_is_frozen() -> None:
    freeze(LAST_MONTH)
    kinds = 3 if LAST_MONTH.month == 12 else 1
    counties = Division.objects.children_of(CITY).count()
    assert archive.make_due() == kinds * (1 + counties)
    assert archive.make_due() == 0


def test_once_an_edition_is_signed_its_report_is_made_again_and_says_so() -> None:
    freeze(LAST_MONTH)
    archive.make_due()
    edition = Snapshot.objects.get(area_code=COUNTY, month=LAST_MONTH)
    sign(user(Role.COUNTY_OFFICIAL, COUNTY), edition)

    kinds = 3 if LAST_MONTH.month == 12 else 1
    assert archive.make_due() == kinds
    assert archive.make_due() == 0
    reports = Report.objects.filter(snapshot=edition, kind=ReportKind.MONTHLY).order_by("signed")
    assert [bool(report.content["signed"]) for report in reports] == [False, True]


def test_editions_that_have_their_reports_are_not_read_again(
    django_assert_num_queries: Any,
) -> None:
    """Years of them, every night."""
    freeze(LAST_MONTH)
    archive.make_due()
    read: list[Any] = []

    def note(instance: Any, **kwargs: Any) -> None:
        read.append(instance)

    post_init.connect(note, sender=Snapshot)
    try:
        with django_assert_num_queries(len(ReportKind)):
            assert archive.make_due() == 0
    finally:
        post_init.disconnect(note, sender=Snapshot)
    assert read == []


def test_one_orders_a_report_and_finds_it_in_the_archive(
    signed_in: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client = signed_in(user(Role.COUNTY_OFFICIAL, COUNTY))
    rebuild()
    asked = {"area": COUNTY, "kind": "monthly", "period": f"{THIS_MONTH:%Y-%m}"}
    with django_capture_on_commit_callbacks(execute=True):
        job = client.post("/reports/", asked)
    page = client.get(job.headers["Location"]).content.decode()
    report = Report.objects.get()
    assert report.get_absolute_url() in page
    for query, found in (("", True), (f"?area={COUNTY}", True), (f"?area={TOWNSHIP}", False)):
        listed = client.get(f"/reports/{query}").content.decode()
        assert (f'data-report="{report.pk}"' in listed) is found, query


def test_what_cannot_be_ordered_is_said_at_the_field(signed_in: Any) -> None:
    client = signed_in(user(Role.COUNTY_OFFICIAL, COUNTY))
    wrong = [
        {"area": COUNTY, "kind": "yearly", "period": f"{THIS_MONTH:%Y-%m}"},
        {"area": TOWNSHIP, "kind": "form", "period": f"{THIS_MONTH:%Y}"},
        {"area": OTHER_COUNTY, "kind": "monthly", "period": f"{THIS_MONTH:%Y-%m}"},
    ]
    for asked in wrong:
        answer = client.post("/reports/", asked)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
    with pytest.raises(OutOfReach):
        archive.order(user(Role.COUNTY_OFFICIAL, COUNTY), "monthly", OTHER_COUNTY, THIS_MONTH)


def test_files_are_for_who_may_view_the_area(signed_in: Any) -> None:
    report = made()
    url = f"{report.get_absolute_url()}pdf/"
    inside = signed_in(user(Role.AUDITOR, COUNTY)).get(url)
    assert b"".join(inside.streaming_content).startswith(b"%PDF")
    for outside in (
        signed_in(user(Role.AUDITOR, OTHER_COUNTY)),
        signed_in(user(Role.TOWNSHIP_OFFICER, OTHER_TOWNSHIP)),
    ):
        assert outside.get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_queries_do_not_grow_with_what_is_listed(signed_in: Any) -> None:
    client = signed_in(user(Role.BUREAU_STAFF, CITY))
    report = made()
    assert_query_count(client, "/reports/", "reports/list")
    for number in range(20):
        Report.objects.create(
            area_code=COUNTY,
            kind="monthly",
            period=date(2024, 1, 1),
            on=date(2024, 1, 31),
            language="zh-hans",
            title=f"{number}",
            packed=report.packed,
            made_by=report.made_by,
        )
    assert_query_count(client, "/reports/", "reports/list")
    assert_query_count(client, report.get_absolute_url(), "reports/page")


def test_the_english_report_is_in_english(signed_in: Any) -> None:
    from django.utils import translation

    with translation.override("en"):
        report = made()
    assert "Not sealed" in text_of(report)
