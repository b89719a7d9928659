"""I1: a file of 30,000 instructors with 500 planted faults of 20 kinds, on PostgreSQL.

    .venv/bin/python -m benchmarks.proof_import           (--rows 3000 for a short one)

Makes a database of its own (benchmarks/scratch.py). Passes when every planted fault is found with
its row and cell and no other, nothing of the faulty file is written, the corrected file is
imported, exported and found unchanged when imported again, within the times and the memory that
the office was promised.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from benchmarks import scratch

IMPORT_SECONDS, EXPORT_SECONDS, MEGABYTES = 60, 10, 500
FAULTS = 500
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
COUNTIES = [f"4108{n:02d}" for n in (2, 3, 4, 11, 21, 22, 23, 25, 82, 83)]
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文玉兰建国红"


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "REDIS_URL": "", "HTTPS": "0"}
        with scratch.database():
            return _prove(Path(folder), options.rows)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=30_000)
    return parser.parse_args()


def _prove(folder: Path, count: int) -> int:
    actor, other = _world()
    rows = _rows(count)
    faults = _plant(rows, other)
    failed: list[str] = []

    def expect(right: bool, what: str) -> None:
        print(f"{'ok  ' if right else 'FAIL'} {what}", flush=True)
        if not right:
            failed.append(what)

    faulty = folder / "faulty.xlsx"
    _write(faulty, _with(rows, faults))
    one, seconds = _upload(actor, faulty)
    found = {(f["cell"], f["code"]) for f in one.read_findings()["faults"]}
    planted = {(cell, code) for cell, code, _change in faults}
    expect(one.state == "faulty", f"{count:,} rows checked in {seconds:.1f} s: {one.state}")
    expect(
        planted <= found,
        f"{len(planted & found)} of {len(planted)} planted faults of "
        f"{len({(cell[0], code) for cell, code in planted})} kinds found with row and cell",
    )
    expect(not found - planted, f"{len(found - planted)} others: {sorted(found - planted)[:5]}")
    expect(_counts() == (0, 0, 0), "nothing of the faulty file written")
    expect(bool(one.marked), f"marked copy of {one.marked.size / 1e6:.1f} MB")

    good = folder / "good.xlsx"
    _write(good, rows)
    one, seconds = _upload(actor, good)
    expect(one.state == "ready", f"corrected file checked in {seconds:.1f} s: {one.figures}")
    cpu = time.process_time()
    took, error = _commit(one)
    cpu = time.process_time() - cpu
    expect(
        one.state == "done" and not error,
        f"imported in {took:.1f} s, {cpu:.1f} s of it at work in Python {error}",
    )
    expect(seconds + took < IMPORT_SECONDS, f"check and import: {seconds + took:.1f} s")
    expect(_counts() == (count, count, count), f"people, instructors, certificates: {_counts()}")
    _show_memory("import")

    for format in ("xlsx", "csv"):
        path = folder / f"export.{format}"
        took = _export(actor, path, format)
        expect(
            took < EXPORT_SECONDS,
            f"exported as {format} in {took:.1f} s, {path.stat().st_size / 1e6:.1f} MB",
        )
        one, seconds = _upload(actor, path)
        figures = one.figures
        expect(
            figures.get("unchanged") == count and figures["new"] + figures["changed"] == 0,
            f"imported again in {seconds:.1f} s: unchanged {figures.get('unchanged'):,}",
        )
    peak = _show_memory("all")
    expect(peak < MEGABYTES, f"peak memory {peak} MB")
    print("FAILED" if failed else "PASSED")
    return 1 if failed else 0


def _show_memory(what: str) -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"     peak memory after {what}: {peak} MB", flush=True)
    return peak


def _world() -> tuple[Any, Any]:
    """Ten counties with ten villages each, sports, a bureau, and somebody else's certificates."""
    from accounts.models import Person, User
    from grids.models import Appointment, Division, Role, Sport

    codes = ["4108", "4109", "410901"]
    for county in COUNTIES:
        township = f"{county}001"
        codes += [county, township, *(f"{township}{n}" for n in range(201, 211))]
    Division.objects.bulk_create(
        Division(area_code=code, name=f"区划{code}", started_on="2010-01-01") for code in codes
    )
    Sport.objects.bulk_create(
        Sport(code=code, name_zh=zh, name_en=code)
        for code, zh in (("dance", "广场舞"), ("taichi", "太极拳"), ("walk", "健步走"))
    )
    person = Person.objects.create(name="局长", area_code="4108")
    Appointment.objects.create(
        person=person, role=Role.BUREAU_STAFF, area_code="4108", started_on="2020-01-01"
    )
    return User.objects.create_user("bureau", "a-Good-pass-9", person=person), person


def _rows(count: int) -> list[list[Any]]:
    chosen = random.Random(7)
    rows = []
    for n in range(count):
        name = chosen.choice(SURNAMES) + chosen.choice(GIVEN) + chosen.choice(GIVEN)
        born = (
            f"{chosen.randint(1950, 1995)}-{chosen.randint(1, 12):02d}-{chosen.randint(1, 28):02d}"
        )
        sex = chosen.choice("男女")
        code = f"{chosen.choice(COUNTIES)}001{chosen.randint(201, 210)}"
        granted = f"{chosen.randint(2016, 2022)}/{chosen.randint(1, 12)}/{chosen.randint(1, 28)}"
        level = chosen.choice(["三级", "三级", "三级", "二级", "一级"])
        number = f"豫{level[0]}{2020000000 + n}"
        sports = chosen.choice(["广场舞", "太极拳、健步走", "健步走", ""])
        identity = _identity(born, n, sex) if n % 2 else ""
        rows.append(
            [
                name,
                identity,
                f"1{3 + n % 7}{n:09d}",
                born,
                sex,
                code,
                level,
                number,
                granted,
                "焦作市体育局",
                sports,
                "2023、2024",
            ]
        )
    return rows


def _identity(born: str, n: int, sex: str) -> str:
    """A number of its own for each row: the last two digits of the county count the rows."""
    from stdnum.cn import ric

    place, serial = divmod(n, 450)
    number = f"4108{place:02d}{born.replace('-', '')}{serial * 2 + (sex == '男'):03d}"
    return number + str(ric.calc_check_digit(f"{number}0"))


Change = Callable[[list[Any], list[list[Any]]], None]


def _kinds(person: Any) -> list[tuple[str, str, Change]]:
    """(column letter, code, what to do to the row) of each kind of fault."""
    from jiaozuo_grid.lasting import today

    tomorrow = (today() + timedelta(1)).isoformat()

    def put(position: int, value: Any) -> Change:
        def change(row: list[Any], rows: list[list[Any]]) -> None:
            row[position] = value

        return change

    def without_identity(then: Change) -> Change:
        def change(row: list[Any], rows: list[list[Any]]) -> None:
            row[1] = ""
            then(row, rows)

        return change

    def wrong_digit(row: list[Any], rows: list[list[Any]]) -> None:
        last = "0123456789X".index(row[1][-1])
        row[1] = row[1][:-1] + "0123456789X"[(last + 1) % 11]

    def other_sex(row: list[Any], rows: list[list[Any]]) -> None:
        row[4] = "女" if row[4] == "男" else "男"

    def same_number(row: list[Any], rows: list[list[Any]]) -> None:
        row[7] = rows[0][7]

    def same_person(row: list[Any], rows: list[list[Any]]) -> None:
        row[0], row[1], row[2] = rows[0][0], "", rows[0][2]

    return [
        ("A", "required", put(0, "　")),
        ("A", "too_long", put(0, "长" * 60)),
        ("A", "same_person", same_person),
        ("B", "identity", wrong_digit),
        ("B", "digits_lost", put(1, 4.10802198001011e17)),
        ("C", "phone", put(2, "1390000")),
        ("D", "not_date", without_identity(put(3, "八零年五月"))),
        ("D", "no_such_day", without_identity(put(3, "1980-02-30"))),
        ("D", "future", without_identity(put(3, tomorrow))),
        ("D", "birth_differs", put(3, "1949-10-01")),
        ("E", "not_a_choice", put(4, "未知")),
        ("E", "sex_differs", other_sex),
        ("F", "area_form", put(5, "东关村")),
        ("F", "no_area", put(5, "410882001299")),
        ("F", "outside", put(5, "410901")),
        ("G", "incomplete", put(6, "")),
        ("H", "twice", same_number),
        ("I", "under_age", put(8, "1966-01-01")),
        ("J", "too_long", put(9, "某" * 61)),
        ("K", "not_a_choice", put(10, "飞天舞")),
        ("L", "not_year", put(11, "24年")),
    ]


def _plant(rows: list[list[Any]], person: Any) -> list[tuple[str, str, tuple[int, Change]]]:
    """Choose the rows of the faults; every kind in turn, each in a row of its own."""
    kinds = _kinds(person)
    chosen = random.Random(11)
    # The first row is the one that twins repeat; faults of identity need a row that has one.
    free = [n for n in range(1, len(rows)) if rows[n][1] and rows[n][3] < "1990"]
    chosen.shuffle(free)
    planted = []
    for n in range(min(FAULTS, len(free))):
        letter, code, change = kinds[n % len(kinds)]
        at = free[n]
        if code == "under_age":
            rows[at][0] += str(n)
            rows[at][3], rows[at][1] = "1950-03-04", ""
            rows[at][11] = ""
        planted.append((f"{letter}{at + 2}", code, (at, change)))
    return planted


def _with(rows: list[list[Any]], faults: list[Any]) -> list[list[Any]]:
    spoilt = [list(row) for row in rows]
    for _cell, _code, (at, change) in faults:
        change(spoilt[at], rows)
    return spoilt


def _write(path: Path, rows: list[list[Any]]) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    page = book.add_worksheet("名单")
    for number, cells in enumerate([HEADERS, *rows]):
        page.write_row(number, 0, cells)
    book.close()


def _upload(actor: Any, path: Path) -> tuple[Any, float]:
    """Store and check as the page and its worker do; returns the import and the seconds."""
    from django.core.files import File

    from jiaozuo_grid.jobs import run
    from jiaozuo_grid.spreadsheets.pages import store
    from jiaozuo_grid.spreadsheets.sheet import sheet_called

    started = time.monotonic()
    sheet = sheet_called("instructors")
    assert sheet is not None
    with path.open("rb") as opened:
        one: Any = store(actor, sheet, File(opened, name=path.name))
    run(one.job_id)
    one.refresh_from_db()
    if one.job.state != "done":
        print(one.job.error)
    return one, time.monotonic() - started


def _commit(one: Any) -> tuple[float, str]:
    from jiaozuo_grid.jobs import run
    from jiaozuo_grid.spreadsheets import work
    from jiaozuo_grid.spreadsheets.model import ImportState

    started = time.monotonic()
    job = work.start(work.COMMIT, one, ImportState.IMPORTING)
    run(job.pk)
    took = time.monotonic() - started
    one.refresh_from_db()
    job.refresh_from_db()
    return took, job.error


def _export(actor: Any, path: Path, format: str) -> float:
    from jiaozuo_grid.spreadsheets.exporting import sheet_export_response
    from jiaozuo_grid.spreadsheets.sheet import sheet_called

    started = time.monotonic()
    sheet = sheet_called("instructors")
    assert sheet is not None
    response: Any = sheet_export_response(actor, sheet, sheet.rows(actor), format)
    with path.open("wb") as target:
        for piece in response.streaming_content:
            target.write(piece)
    response.close()
    return time.monotonic() - started


def _counts() -> tuple[int, int, int]:
    from accounts.models import Person
    from instructors.models import Certificate, Instructor

    # The bureau's own head is a person too.
    return Person.objects.count() - 1, Instructor.objects.count(), Certificate.objects.count()


if __name__ == "__main__":
    sys.exit(main())
