"""Making files for the tests of spreadsheets, and checking them as the pages do."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from jiaozuo_grid.jobs import Job, run
from jiaozuo_grid.spreadsheets.model import SheetImport
from jiaozuo_grid.spreadsheets.planning import Plan, plan_file
from jiaozuo_grid.spreadsheets.sheet import Sheet, sheet_called

HEADERS = [
    "姓名",
    "身份证号",
    "手机号",
    "出生日期",
    "性别",
    "所在地区代码",
    "技术等级",
    "证书编号",
    "发证日期",
    "发证单位",
    "运动项目",
    "注册年度",
]


def xlsx(rows: Iterable[Sequence[Any]], headers: Sequence[Any] = HEADERS) -> bytes:
    """A workbook with a header and rows; numbers stay numbers."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "in_memory": True})
    page = book.add_worksheet("表")
    dates = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, cells in enumerate([headers, *rows]):
        for position, cell in enumerate(cells):
            if hasattr(cell, "year"):
                page.write_datetime(number, position, cell, dates)
            elif isinstance(cell, str):
                page.write_string(number, position, cell)
            elif cell is not None:
                page.write_number(number, position, cell)
    book.close()
    return target.getvalue()


def instructor_row(number: int = 1, **cells: Any) -> list[Any]:
    """A faultless row of a new instructor; ``cells`` replaces some by their header."""
    values = {
        "姓名": f"学员{number}",
        "身份证号": None,
        "手机号": f"139{number:08d}",
        "出生日期": "1980-01-01",
        "性别": "女",
        "所在地区代码": "410882001203",
        "技术等级": "三级",
        "证书编号": f"豫三{number:08d}",
        "发证日期": "2020-05-01",
        "发证单位": "沁阳市体育局",
        "运动项目": "广场舞",
        "注册年度": "2023、2024",
        **cells,
    }
    return [values[header] for header in HEADERS]


def sheet(key: str) -> Sheet:
    found = sheet_called(key)
    assert found is not None
    return found


def plan(actor: Any, key: str, data: bytes, name: str = "名单.xlsx") -> Plan:
    return plan_file(actor, sheet(key), io.BytesIO(data), name)


def found_faults(made: Plan) -> set[tuple[str, str]]:
    """(cell, code) of every fault."""
    return {(fault.cell, fault.code) for fault in made.faults}


def work_off() -> None:
    """Do the waiting jobs, as the worker would."""
    for pk in Job.objects.filter(state="pending").values_list("pk", flat=True):
        run(pk)


def upload(client: Any, key: str, data: bytes, name: str = "名单.xlsx") -> Any:
    """Upload through the page; returns the page of the import."""
    file = SimpleUploadedFile(name, data)
    answer = client.post(f"/sheets/{key}/", {"file": file})
    work_off()
    return client.get(answer.url) if answer.status_code == 302 else answer


def exported(client: Any, key: str, format: str = "xlsx") -> bytes:
    """What the page exports."""
    return b"".join(client.get(f"/sheets/{key}/export/?format={format}").streaming_content)


def marked(client: Any, one: SheetImport) -> bytes:
    """The marked copy, as the page gives it."""
    return b"".join(client.get(f"{one.get_absolute_url()}marked/").streaming_content)


def agree(client: Any, one: SheetImport) -> SheetImport:
    """Confirm an import that was checked, and have it done."""
    return act(client, one, "confirm", digest=one.digest)


def act(client: Any, one: SheetImport, action: str, **data: Any) -> SheetImport:
    client.post(one.get_absolute_url(), {"action": action, **data})
    work_off()
    one.refresh_from_db()
    return one
