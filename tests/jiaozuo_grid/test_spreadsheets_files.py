"""What is refused before it is read, and what is read in spite of its looks (pitfalls I4)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from grids.models import Role
from jiaozuo_grid.spreadsheets import files
from jiaozuo_grid.spreadsheets.files import clean_name, kind_of
from jiaozuo_grid.spreadsheets.model import SheetImport
from tests import builders as b
from tests import sheets as s

SignedIn = Callable[[Any], Client]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def _workbook() -> bytes:
    return s.xlsx([s.instructor_row(1)])


def _with_part(name: str, data: bytes) -> bytes:
    target = io.BytesIO(_workbook())
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return target.getvalue()


def _far_cell(reference: str) -> bytes:
    """A workbook of a few bytes whose only cell stands far away."""
    row = "".join(c for c in reference if c.isdigit())
    return _with_rows(f'<row r="{row}"><c r="{reference}"><v>1</v></c></row>')


def _with_rows(rows: str, path: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A workbook whose sheet, at ``path``, has these rows besides its own."""
    source, target = zipfile.ZipFile(io.BytesIO(_workbook())), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in source.infolist():
            data, name = source.read(entry), entry.filename
            if name == "xl/worksheets/sheet1.xml":
                data = data.replace(b"</sheetData>", f"{rows}</sheetData>".encode())
                name = path
            archive.writestr(name, data)
    return target.getvalue()


_ODS = """<?xml version="1.0" encoding="UTF-8"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="表">{rows}</table:table></office:spreadsheet></office:body>
</office:document-content>"""


def _ods(*rows: str) -> bytes:
    """An OpenDocument spreadsheet; "{row}" and "{cell}" begin a row and a filled cell."""
    text = "".join(f"{row}</table:table-row>" for row in rows)
    text = text.replace("{row}", "<table:table-row table:number-rows-repeated=")
    text = text.replace(
        "{cell}",
        '<table:table-cell office:value-type="float" office:value="1"'
        " table:number-columns-repeated=",
    )
    text = text.replace("{empty}", "<table:table-cell table:number-columns-repeated=")
    return _zip(
        {
            "mimetype": files.ODS,
            "META-INF/manifest.xml": b"<manifest/>",
            "content.xml": _ODS.replace("{rows}", text).encode(),
        }
    )


def _lying(size: int) -> bytes:
    """A workbook one part of which is said to be far smaller than it is."""
    data = _with_part("xl/sharedStrings2.xml", b"0" * size)
    return data.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))


def _utf16(name: str) -> bytes:
    return OLE + name.encode("utf-16-le")


REFUSED = {
    "macros by name": ("名单.xlsm", _workbook, "macros"),
    "macros inside": ("名单.xlsx", lambda: _with_part("xl/vbaProject.bin", b"x"), "macros"),
    "macro sheets": ("名单.xlsx", lambda: _with_part("xl/macrosheets/sheet1.xml", b"x"), "macros"),
    "macros in xls": ("名单.xls", lambda: _utf16("Workbook_VBA_PROJECT"), "macros"),
    "zip bomb": (
        "名单.xlsx",
        lambda: _with_part("xl/worksheets/sheet9.xml", b"0" * 90_000_000),
        "bomb",
    ),
    "zip bomb that lies about its size": ("名单.xlsx", lambda: _lying(12_345_678), "damaged"),
    "cell in the last row": ("名单.xlsx", lambda: _far_cell("A1048576"), "too_many_rows"),
    "cell in the last column": ("名单.xlsx", lambda: _far_cell("XFD3"), "too_wide"),
    "cell far down and far right": ("名单.xlsx", lambda: _far_cell("CV100000"), "too_wide"),
    "far cell between apostrophes": (
        "名单.xlsx",
        lambda: _with_rows("<row r='3'><c r='XFD3'><v>1</v></c></row>"),
        "too_wide",
    ),
    "far cell in small letters": ("名单.xlsx", lambda: _far_cell("xfd3"), "too_wide"),
    "far cell with a long number": ("名单.xlsx", lambda: _far_cell("A0001048576"), "too_many_rows"),
    "far cell in a sheet of another name": (
        "名单.xlsx",
        lambda: _with_rows("<row r='9999999'><c><v>1</v></c></row>", "xl/sheet.xml"),
        "too_many_rows",
    ),
    "cells that do not say where they are": (
        "名单.xlsx",
        lambda: _with_rows(f"<row>{'<c><v>1</v></c>' * 300}</row>"),
        "too_wide",
    ),
    "rows that do not say where they are": (
        "名单.xlsx",
        lambda: _with_rows("<row><c><v>1</v></c></row>" * 100_100),
        "too_many_rows",
    ),
    "one cell for thousands": (
        "名单.ods",
        lambda: _ods('{row}"1">{cell}"16384"/>'),
        "too_wide",
    ),
    "one row for a million": (
        "名单.ods",
        lambda: _ods('{row}"1048576">{cell}"150"/>'),
        "too_many_rows",
    ),
    "a filled row far down": (
        "名单.ods",
        lambda: _ods('{row}"1000000">{empty}"1"/>', '{row}"1">{cell}"1"/>'),
        "too_many_rows",
    ),
    "a filled cell far to the right": (
        "名单.ods",
        lambda: _ods('{row}"1">{empty}"9000"/>{cell}"1"/>'),
        "too_wide",
    ),
    "more cells than a table has": (
        "名单.ods",
        lambda: _ods('{row}"90000">{cell}"150"/>'),
        "too_wide",
    ),
    "path inside the archive": (
        "名单.xlsx",
        lambda: _with_part("../../etc/passwd", b"x"),
        "damaged",
    ),
    "encrypted": ("名单.xlsx", lambda: _utf16("EncryptedPackage"), "encrypted"),
    "word document": ("名单.xls", lambda: _utf16("WordDocument"), "wrong_type"),
    "other archive": ("名单.xlsx", lambda: _zip({"readme.txt": b"x"}), "wrong_type"),
    "damaged archive": ("名单.xlsx", lambda: _workbook()[:900], "damaged"),
    "picture": ("名单.xlsx", lambda: b"\x89PNG\r\n" + b"x" * 99, "wrong_type"),
    "pdf called csv": ("名单.csv", lambda: b"%PDF-1.7 " + b"x" * 99, "wrong_type"),
    "web page called xls": ("名单.xls", lambda: b"<html><table></table></html>", "wrong_type"),
    "workbook called csv": ("名单.csv", _workbook, "wrong_type"),
    "text called xlsx": ("名单.xlsx", lambda: "姓名,手机号\n甲,1".encode(), "wrong_type"),
    "program": ("名单.csv", lambda: b"MZ\x90\x00" + b"x" * 99, "wrong_type"),
    "picture before an archive": ("图.xlsx", lambda: b"\xff\xd8\xff" + _workbook(), "wrong_type"),
    "empty": ("名单.csv", lambda: b"\xef\xbb\xbf \r\n", "empty"),
    "more than 20 MB": ("名单.csv", lambda: b"a" * (files.MAX_BYTES + 1), "too_large"),
}


def _zip(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


@pytest.mark.parametrize(("name", "data", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_a_file_that_could_do_harm_is_refused_with_a_reason(
    name: str, data: Callable[[], bytes], code: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        kind_of(io.BytesIO(data()), name)
    assert refusal.value.code == code
    assert refusal.value.messages[0]


def test_what_spreadsheet_programs_leave_empty_is_no_reason_to_refuse() -> None:
    """They fill a sheet up to its last row and column with one empty cell."""
    rows = (
        '{row}"1">{cell}"12"/>{empty}"16372"/>',
        '{row}"1048575">{empty}"16384"/>',
    )
    assert kind_of(io.BytesIO(_ods(*rows)), "名单.ods") == "ods"


def test_a_table_whose_cells_do_not_say_where_they_are_is_taken() -> None:
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row>" * 40_000
    assert kind_of(io.BytesIO(_with_rows(rows)), "名单.xlsx") == "xlsx"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.xlsx", "passwd.xlsx"),
        ("C:\\机密\\名单.xlsx", "名单.xlsx"),
        ("a\x00b\u202excod.xlsx", "abxcod.xlsx"),
        ("/", "?"),
    ],
)
def test_a_path_in_the_name_is_dropped(given: str, kept: str) -> None:
    assert clean_name(given) == kept


@pytest.mark.django_db
def test_the_page_says_why_a_file_is_refused(signed_in: SignedIn) -> None:
    client = signed_in(b.user(Role.BUREAU_STAFF))
    file = SimpleUploadedFile("名单.xlsm", _workbook())
    answer = client.post("/sheets/instructors/", {"file": file})
    assert answer.status_code == 422
    assert "宏" in answer.content.decode() or "macros" in answer.content.decode()
    assert not SheetImport.objects.exists()


class _Endless(io.RawIOBase):
    """A form whose file never ends, as a browser sends one of 200 MB; counts what is read."""

    def __init__(self, size: int, boundary: str) -> None:
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n'
            "Content-Type: text/csv\r\n\r\n"
        ).encode()
        self.parts = [head]
        self.left = size
        self.tail = f"\r\n--{boundary}--\r\n".encode()
        self.size = len(head) + size + len(self.tail)

    def read(self, count: int = -1) -> bytes:
        if self.parts:
            return self.parts.pop()
        if self.left:
            piece = b"1," * (min(self.left, count if count > 0 else 65536) // 2)
            self.left -= len(piece)
            return piece
        tail, self.tail = self.tail, b""
        return tail

    def __len__(self) -> int:
        return self.size


@pytest.mark.django_db
def test_a_file_of_200_mb_is_refused_and_kept_nowhere(
    signed_in: SignedIn, settings: Any, tmp_path: Path
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    client = signed_in(b.user(Role.BUREAU_STAFF))
    body = _Endless(200 * 1024 * 1024, "grenze")
    asked: Any = {"wsgi.input": body, "CONTENT_LENGTH": str(len(body))}
    answer = client.generic(
        "POST",
        "/sheets/instructors/",
        b"",
        content_type="multipart/form-data; boundary=grenze",
        **asked,
    )
    assert answer.status_code == 422
    assert "20 MB" in answer.content.decode()
    assert list(tmp_path.iterdir()) == []
    assert not SheetImport.objects.exists()


@pytest.fixture
def bureau(db: Any) -> Any:
    b.small_city()
    return b.user(Role.BUREAU_STAFF)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_the_usual_encodings(bureau: Any, encoding: str, delimiter: str) -> None:
    lines = [s.HEADERS, [str(cell or "") for cell in s.instructor_row(1)]]
    data = "\r\n".join(delimiter.join(line) for line in lines).encode(encoding)
    plan = s.plan(bureau, "instructors", data, "名单.csv")
    assert ([str(f) for f in plan.faults], len(plan.new)) == ([], 1)


@pytest.mark.parametrize("data", [b"\xff\xfe\x0d\x59", b"a,b\x00,c", b"\x81\xff\x81\xff" * 9])
def test_unreadable_text_is_explained(bureau: Any, data: bytes) -> None:
    plan = s.plan(bureau, "instructors", data, "名单.csv")
    assert [fault.code for fault in plan.faults] == ["encoding"]


def test_an_open_quotation_mark_is_explained(bureau: Any) -> None:
    plan = s.plan(bureau, "instructors", '姓名,手机号\n"甲,1'.encode(), "名单.csv")
    assert [fault.code for fault in plan.faults] == ["quotes"]
