"""Spreadsheets that an office imports, and sometimes takes back, in the midst of a history."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from grids.models import Division, Grid, Role
from jiaozuo_grid.jobs import run
from jiaozuo_grid.lasting import today
from jiaozuo_grid.spreadsheets import work
from jiaozuo_grid.spreadsheets.model import ImportState, SheetImport
from jiaozuo_grid.spreadsheets.pages import store
from tests import sheets as s
from tests.builders import CITY, sport, user

STATION = ["村（社区）代码", "站点名称", "经度", "纬度", "面积（㎡）", "日常人数"]
GRID = ["网格代码", "网格名称", "户数"]
Table = tuple[str, Sequence[str], list[list[Any]]]


class Office:
    """Imports what it has gathered by now, through the same doors as the page and its worker."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.staff = user(Role.BUREAU_STAFF, CITY)
        self.done: list[SheetImport] = []
        # A spreadsheet of instructors names it.
        sport()

    def import_a_sheet(self) -> None:
        """A file of new instructors, new stations, or grids old and new; or one is undone."""
        if self.done and self.rng.random() < 0.25:
            self._take_back(self.done.pop())
            return
        key, headers, rows = self.rng.choice((self._instructors, self._stations, self._grids))()
        file = SimpleUploadedFile(f"{key}.xlsx", s.xlsx(rows, headers))
        one = store(self.staff, s.sheet(key), file)
        run(one.job_id or 0)
        one.refresh_from_db()
        if one.state == ImportState.READY:
            run(work.start(work.COMMIT, one, ImportState.IMPORTING).pk)
            one.refresh_from_db()
            assert one.state == ImportState.DONE, one.job and one.job.error
            self.done.append(one)
        one.remove_files()

    def _take_back(self, one: SheetImport) -> None:
        """Refused where somebody changed one of its rows since: then it stays."""
        run(work.start(work.UNDO, one, ImportState.UNDOING).pk)

    def _village(self) -> str:
        villages = Division.objects.villages().on(today()).order_by("area_code")
        return self.rng.choice(list(villages.values_list("area_code", flat=True)))

    def _instructors(self) -> Table:
        rows = [
            s.instructor_row(
                self.rng.randrange(10**8),
                所在地区代码=self._village(),
                技术等级=self.rng.choice(("三级", "二级")),
                发证日期=f"{today().year}-0{self.rng.randrange(1, 10)}-15",
                注册年度=self.rng.choice((None, f"{today().year}")),
            )
            for _n in range(3)
        ]
        return "instructors", s.HEADERS, rows

    def _stations(self) -> Table:
        rows: list[list[Any]] = [
            [
                self._village(),
                f"新站{self.rng.getrandbits(40)}",
                113.0 + self.rng.randrange(6) * 0.0035,
                35.1,
                self.rng.choice((None, 150)),
                self.rng.choice((None, 45)),
            ]
            for _n in range(2)
        ]
        return "stations", STATION, rows

    def _grids(self) -> Table:
        """Those of a village with other numbers of households, and one that is new."""
        village = self._village()
        known = Grid.objects.within(village).on(today()).values_list("area_code", "name")
        new = (f"{village}{self.rng.randrange(400, 900)}", "新网格")
        households = (299, 300, 500, 501)
        rows = [[code, name, self.rng.choice(households)] for code, name in [*known, new]]
        return "grids", GRID, rows
