"""Whatever is done to a list: it is refused and nothing is written, or the tree equals the file."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grids.divisions.importing import import_divisions
from grids.divisions.problems import Refused
from grids.models import Division
from jiaozuo_grid.reach import SYSTEM

pytestmark = pytest.mark.django_db

TREE = [
    ["410800000000", "焦作市"],
    ["410882000000", "沁阳市"],
    ["410883000000", "孟州市"],
    ["410882001000", "覃怀街道"],
    ["410883100000", "化工镇"],
    ["410882001001", "文化社区"],
    ["410882001203", "东关村"],
    ["410883100201", "横山村"],
]
CODES = st.one_of(
    st.sampled_from([code for code, _name in TREE]),
    st.text("0148２ 3.-x", min_size=0, max_size=14),
    st.from_regex(r"4108[0-9]{2}(000|001)[0-9]{3}", fullmatch=True),
)
NAMES = st.text(st.sampled_from("东关村 　,\"'\n\r\t=+\u200b\ufffd１a"), max_size=6)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "gb18030"])


@st.composite
def lists(draw: st.DrawFn) -> bytes:
    """The tree, shuffled, with some cells replaced, rows doubled or dropped, bytes damaged."""
    rows = [list(row) for row in draw(st.permutations(TREE))]
    for _n in range(draw(st.integers(0, 3))):
        position = draw(st.integers(0, len(rows) - 1))
        kind = draw(st.sampled_from(["code", "name", "double", "drop", "longer"]))
        if kind == "code":
            rows[position][0] = draw(CODES)
        elif kind == "name":
            rows[position][1] = draw(NAMES)
        elif kind == "double":
            rows.append(list(rows[position]))
        elif kind == "longer":
            rows[position].append(draw(NAMES))
        elif len(rows) > 1:
            del rows[position]
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([["code", "name"], *rows])
    data = stream.getvalue().encode(draw(ENCODINGS))
    if draw(st.integers(0, 4)) == 0:
        position = draw(st.integers(0, len(data) - 1))
        data = data[:position] + draw(st.binary(max_size=2)) + data[position + 1 :]
    return data


def naive_reading(data: bytes) -> dict[str, str]:
    """The tree in the file as read by the shortest code that could."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    tree = {}
    for row in list(csv.reader(io.StringIO(text, newline="")))[1:]:
        if not any(cell.strip() for cell in row):
            continue
        code = unicodedata.normalize("NFKC", row[0]).strip()
        digits = next(n for n in (4, 6, 9, 12) if set(code[n:]) <= {"0"})
        tree[code[:digits]] = " ".join(row[1].replace("\u200b", "").split())
    return tree


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(data=lists())
def test_a_list_is_refused_or_becomes_the_tree(data: bytes) -> None:
    """G-like: no half of a file is ever written."""
    with transaction.atomic():
        try:
            import_divisions(SYSTEM, data)
        except Refused:
            assert not Division.objects.exists()
        else:
            written = dict(Division.objects.values_list("area_code", "name"))
            assert written == naive_reading(data)
            assert all(code[:n] in written for code in written for n in (4, 6, 9) if n < len(code))
            again = import_divisions(SYSTEM, data)
            assert again.figures["unchanged"] == len(written) == again.row_count
        transaction.set_rollback(True)
