"""Every kind of broken file is refused with the right line and reason, and nothing is written."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from grids.divisions.importing import import_divisions
from grids.divisions.problems import Refused
from grids.divisions.reading import MAX_BYTES
from grids.divisions.wording import WORDS
from grids.models import Division
from jiaozuo_grid.reach import SYSTEM
from tests import builders

pytestmark = pytest.mark.django_db

GOOD = """code,name
410800000000,焦作市
410882000000,沁阳市
410882001000,覃怀街道
410882001203,东关村
"""
WIDE = """code,name,level,parent_code,urban_rural_class,households,longitude,latitude
410800000000,焦作市,city,410000000000,,,,
410882000000,沁阳市,county,410800000000,,,,
410882001000,覃怀街道,town,410882000000,,,,
"""


def xlsx() -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return stream.getvalue()


def good(*lines: str) -> bytes:
    return (GOOD + "\n".join(lines)).encode()


def wide(*lines: str) -> bytes:
    return (WIDE + "\n".join(lines)).encode()


# id: (file, [(kind, line, column)])
BROKEN: dict[str, tuple[bytes, list[tuple[str, int | None, str]]]] = {
    "empty": (b"", [("empty_file", None, "")]),
    "byte order mark only": (b"\xef\xbb\xbf\r\n", [("empty_file", None, "")]),
    "header only": (b"code,name\n", [("no_rows", 1, "")]),
    "xlsx": (xlsx(), [("spreadsheet", None, "")]),
    "old excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, [("spreadsheet", None, "")]),
    "utf-16": (GOOD.encode("utf-16"), [("utf16", None, "")]),
    "utf-16 without mark": (GOOD.encode("utf-16-le"), [("utf16", None, "")]),
    "json": (b' {"code": "410800000000"}', [("markup", None, "")]),
    "web page": (b"<html><table>", [("markup", None, "")]),
    "NUL": (good("410882001204,南\0关村"), [("binary", 6, "")]),
    "damaged utf-8": (
        good("410882001204,南关村").replace("关村\n".encode(), b"\xe5\x85\n"),
        [("encoding", 5, "")],
    ),
    "damaged gb18030": (
        (GOOD + "410882001204,南关村\n").encode("gb18030") + b"410882001205,\xff\xff",
        [("encoding", 7, "")],
    ),
    "too large": (GOOD.encode() + b"\n" * MAX_BYTES, [("too_large", None, "")]),
    "semicolons": (GOOD.replace(",", ";").encode(), [("separator", 1, "")]),
    "tabs": (GOOD.replace(",", "\t").encode(), [("separator", 1, "")]),
    "full-width commas": (GOOD.replace(",", "，").encode(), [("separator", 1, "")]),
    "column missing": (b"code\n410800000000\n", [("column_missing", 1, "")]),
    "column misspelt": (
        GOOD.replace("name", "nmae").encode(),
        [("column_misspelt", 1, "nmae")],
    ),
    "column in Chinese": (
        GOOD.replace("code", "区划代码").encode(),
        [("column_misspelt", 1, "区划代码")],
    ),
    "column unknown": (
        b"code,name,colour\n410800000000,\xe7\x84\xa6,red\n",
        [("column_unknown", 1, "colour")],
    ),
    "column twice": (b"code,name,name\n410800000000,a,b\n", [("column_twice", 1, "name")]),
    "column without a name": (b"code,,name\n410800000000,a,b\n", [("column_unnamed", 1, "")]),
    "row too short": (good("410882001204"), [("row_short", 6, "")]),
    "row too long": (good("410882001204,南关,村"), [("row_long", 6, "")]),
    "quotation mark left open": (
        good('410882001204,"南关村', "410882001205,西关村"),
        [("quote", 6, "")],
    ),
    "line after a line break in quotes": (
        good('410882001204,"南关', '村"', "41088200120,西关村"),
        [("code_length", 8, "code")],
    ),
    "code missing": (good(",南关村"), [("code_missing", 6, "code")]),
    "code too short": (good("41088200120,南关村"), [("code_length", 6, "code")]),
    "code too long": (good("4108820012040,南关村"), [("code_length", 6, "code")]),
    "code with letters": (good("41088200l204,南关村"), [("code_letters", 6, "code")]),
    "code rounded by a spreadsheet": (good("4.10882E+11,南关村"), [("code_scientific", 6, "code")]),
    "province": (good("410000000000,河南省"), [("code_province", 6, "code")]),
    "gap in the code": (good("410800001000,街道"), [("code_gap", 6, "code")]),
    "gap at the township": (good("410882000204,南关村"), [("code_gap", 6, "code")]),
    "code twice": (good("410882001203,西关村"), [("code_twice", 6, "code")]),
    "same row twice": (good("410882001203,东关村"), [("code_twice", 6, "code")]),
    "orphan village": (good("410882002204,南关村"), [("orphan", 6, "code")]),
    "orphan township": (good("410883001000,大定街道"), [("orphan", 6, "code")]),
    "another city": (good("410500000000,安阳市"), [("other_city", 6, "code")]),
    "name missing": (good("410882001204,　 "), [("name_missing", 6, "name")]),
    "name too long": (good("410882001204," + "村" * 101), [("name_long", 6, "name")]),
    "name damaged": (good("410882001204,南\ufffd村"), [("name_damaged", 6, "name")]),
    "control character": (good("410882001204,南\x07村"), [("name_damaged", 6, "name")]),
    "level unknown": (wide("410882001204,南关村,hamlet,,,,,"), [("level_unknown", 5, "level")]),
    "level against the code": (
        wide("410882001204,南关村,town,,,,,"),
        [("level_differs", 5, "level")],
    ),
    "parent against the code": (
        wide("410882001204,南关村,,410882002000,,,,"),
        [("parent_differs", 5, "parent_code")],
    ),
    "class unknown": (
        wide("410882001204,南关村,,,221,,,"),
        [("class_unknown", 5, "urban_rural_class")],
    ),
    "negative figure": (
        wide("410882001204,南关村,,,,-5,,"),
        [("number_negative", 5, "households")],
    ),
    "figure in words": (
        wide("410882001204,南关村,,,,三百户,,"),
        [("number_letters", 5, "households")],
    ),
    "figure with a fraction": (
        wide("410882001204,南关村,,,,3.5,,"),
        [("number_letters", 5, "households")],
    ),
    "figure beyond all measure": (
        wide("410882001204,南关村,,,,99999999999999999999,,"),
        [("number_large", 5, "households")],
    ),
    "longitude out of range": (
        wide("410882001204,南关村,,,,,213.2,35.2"),
        [("coordinate_range", 5, "longitude")],
    ),
    "latitude not a number": (
        wide("410882001204,南关村,,,,,113.2,nan"),
        [("coordinate_letters", 5, "latitude")],
    ),
    "coordinates swapped": (
        wide("410882001204,南关村,,,,,35.2,113.2"),
        [("coordinate_swapped", 5, "longitude")],
    ),
    "one coordinate only": (
        wide("410882001204,南关村,,,,,113.2,"),
        [("coordinate_alone", 5, "latitude")],
    ),
    "everything at once": (
        wide("41088200120x,,,,9,-1,1,1", "410882009204,村,county,,,,,"),
        [
            ("code_letters", 5, "code"),
            ("name_missing", 5, "name"),
            ("class_unknown", 5, "urban_rural_class"),
            ("number_negative", 5, "households"),
            ("coordinate_range", 5, "longitude"),
            ("coordinate_range", 5, "latitude"),
            ("orphan", 6, "code"),
            ("level_differs", 6, "level"),
        ],
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_the_line_and_the_reason(name: str) -> None:
    """I1: every fault with row, column and cause; nothing written."""
    data, expected = BROKEN[name]
    with pytest.raises(Refused) as refused:
        import_divisions(SYSTEM, data)
    found = refused.value.problems
    assert [(one.kind, one.line, one.field) for one in found] == expected
    assert all(one.reason and one.remedy for one in found)
    assert not Division.objects.exists()


def test_a_child_of_an_ended_division_is_refused() -> None:
    builders.division("4108")
    builders.division("410882", ended_on="2025-01-01")
    with pytest.raises(Refused) as refused:
        import_divisions(SYSTEM, "code,name\n410882001000,覃怀街道".encode())
    assert [(one.kind, one.line) for one in refused.value.problems] == [("parent_ended", 2)]


def test_the_children_of_a_row_with_a_bad_name_are_not_blamed() -> None:
    with pytest.raises(Refused) as refused:
        import_divisions(SYSTEM, GOOD.replace("沁阳市", "").encode())
    assert [(one.kind, one.line) for one in refused.value.problems] == [("name_missing", 3)]


def test_every_problem_has_words_for_each_of_its_parameters() -> None:
    """Each kind is reachable by name, with a reason and a remedy."""
    assert all(str(reason) and str(remedy) for reason, remedy in WORDS.values())
