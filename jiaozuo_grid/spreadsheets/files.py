"""What a file is before anything in it is believed: kind, size, macros, encryption, bombs."""

from __future__ import annotations

import re
import zipfile
import zlib
from copy import copy
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO
from xml.parsers.expat import ExpatError

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jiaozuo_grid.spreadsheets.extents import SheetExtent, TableExtent

MAX_BYTES = 20 * 1024 * 1024
# A sheet of 100,000 rows unpacks to about 100 MB; more, or far denser, is meant to do harm.
MAX_UNPACKED = 400 * 1024 * 1024
MAX_RATIO = 200
RATIO_COUNTS_FROM = 20 * 1024 * 1024

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODS = b"application/vnd.oasis.opendocument.spreadsheet"
# How files begin that are no spreadsheets, and what they are.
_OTHERS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"{\\rtf", "RTF"),
)
_MARKUP = re.compile(rb"^(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml|table|svg|script)", re.I)
_EXTENSIONS = {"xlsx": "xlsx", "xls": "xls", "ods": "ods", "csv": "csv", "txt": "csv"}


def clean_name(name: str) -> str:
    """The last part of a file's name, whatever path or control character it came with."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    return re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "", last)[-100:] or "?"


def kind_of(file: IO[bytes], name: str) -> str:
    """Which of xlsx, xls, ods and csv it is; raises ``ValidationError`` for what is refused.

    The name must say the same as the content does.
    """
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension in ("xlsm", "xltm", "xlsb", "xlam"):
        raise _macros()
    kind = _kind_by_content(file)
    file.seek(0)
    if extension and _EXTENSIONS.get(extension) != kind:
        raise ValidationError(
            _("The file is called .%(name)s, but its content is %(kind)s. Save it as xlsx or csv.")
            % {"name": extension[:10], "kind": kind},
            code="wrong_type",
        )
    return kind


def _kind_by_content(file: IO[bytes]) -> str:
    file.seek(0, 2)
    size = file.tell()
    if size > MAX_BYTES:
        raise too_large()
    file.seek(0)
    beginning = file.read(2048)
    if not beginning.strip(b"\xef\xbb\xbf\r\n\t ,;"):
        raise ValidationError(_("The file is empty."), code="empty")
    if beginning.startswith(ZIP):
        return _look_into_zip(file, size)
    if beginning.startswith(OLE):
        file.seek(0)
        return _look_into_ole(file.read())
    for magic, what in _OTHERS:
        if beginning.startswith(magic):
            raise _wrong_type(what)
    if _MARKUP.match(beginning) or beginning.lstrip()[:1] in (b"{", b"["):
        raise _wrong_type("HTML, XML, JSON")
    return "csv"


def too_large() -> ValidationError:
    return ValidationError(
        _("The file is larger than %(n)d MB. Remove pictures and unused sheets, or divide it.")
        % {"n": MAX_BYTES // 1024 // 1024},
        code="too_large",
    )


def _wrong_type(what: str) -> ValidationError:
    return ValidationError(
        _("This is no spreadsheet but %(what)s. Save the table as xlsx or csv.") % {"what": what},
        code="wrong_type",
    )


def _macros() -> ValidationError:
    return ValidationError(
        _("The file holds macros (programs). Save it as an ordinary xlsx workbook."),
        code="macros",
    )


def _encrypted() -> ValidationError:
    return ValidationError(
        _("The file is protected by a password. Remove the password and save it again."),
        code="encrypted",
    )


def _bomb() -> ValidationError:
    return ValidationError(
        _("The file unpacks to far more than a table needs. Copy the cells into a new workbook."),
        code="bomb",
    )


def _damaged() -> ValidationError:
    return ValidationError(
        _("The file is damaged and cannot be opened. Open it and save it anew."), code="damaged"
    )


def _look_into_zip(file: IO[bytes], size: int) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_entries(entries, size)
            _check_contents(archive, entries)
            names = {entry.filename.lower() for entry in entries}
            if any("vbaproject" in name or "macrosheets/" in name for name in names):
                raise _macros()
            if "xl/workbook.bin" in names:
                raise _wrong_type("xlsb")
            if "xl/workbook.xml" in names:
                if b"macroenabled" in _beginning(archive, "[Content_Types].xml").lower():
                    raise _macros()
                return "xlsx"
            if _beginning(archive, "mimetype").startswith(ODS):
                if any(name.startswith(("basic/", "scripts/")) for name in names):
                    raise _macros()
                if b"encryption-data" in _beginning(archive, "META-INF/manifest.xml"):
                    raise _encrypted()
                return "ods"
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        OSError,
        EOFError,
        RuntimeError,
        ExpatError,
    ):
        raise _damaged() from None
    raise _wrong_type("ZIP")


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > 2000 or unpacked > MAX_UNPACKED:
        raise _bomb()
    if unpacked > RATIO_COUNTS_FROM and unpacked > size * MAX_RATIO:
        raise _bomb()
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise _encrypted()
        parts = entry.filename.replace("\\", "/").split("/")
        if ".." in parts or entry.filename.startswith(("/", "\\")):
            raise _damaged()


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as part:
            return part.read(200_000)
    except KeyError:
        return b""


def _check_contents(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Measure what really comes out, since the sizes in the directory may be lies.

    Also refuse a sheet whose cells reach too far (extents.py).
    """
    unpacked = 0
    for entry in entries:
        whole = copy(entry)
        # Read to the true end, not to the one that is announced.
        whole.file_size = MAX_UNPACKED + 1
        length, extent = 0, _extent_of(entry.filename.lower())
        with archive.open(whole) as part:
            while piece := part.read(1 << 20):
                length += len(piece)
                if unpacked + length > MAX_UNPACKED:
                    raise _bomb()
                if extent:
                    extent.take(piece)
        if length != entry.file_size:
            raise _damaged()
        if extent:
            extent.close()
        unpacked += length


def _extent_of(name: str) -> SheetExtent | TableExtent | None:
    """What measures a part of a workbook. A sheet of an xlsx may have any name."""
    if name == "content.xml":
        return TableExtent()
    return SheetExtent() if name.endswith(".xml") or name.startswith("xl/") else None


def _look_into_ole(data: bytes) -> str:
    """The old Office format: names of its parts stand in it in UTF-16."""

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise _encrypted()
    if holds("_VBA_PROJECT"):
        raise _macros()
    if holds("Workbook") or holds("Book"):
        return "xls"
    raise _wrong_type("Word, PowerPoint, MSI")
