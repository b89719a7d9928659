"""A spreadsheet's way in a browser: faults, the corrected file, the import, and undoing it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grids.models import Role
from instructors.models import Instructor
from tests import builders as b
from tests import sheets as s

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
# Where pictures go, when somebody wants to look at the pages.
PICTURES = os.environ.get("PICTURES", "")


def _picture(tab: Any, name: str) -> None:
    if PICTURES:
        tab.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)
    wide = tab.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert not wide, f"{name} scrolls sideways"


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_from_faults_to_undo(open_page: Callable[..., Any], tmp_path: Path, phone: bool) -> None:
    b.small_city()
    bureau = b.user(Role.BUREAU_STAFF)
    size = "phone" if phone else "desktop"
    faulty, good = tmp_path / "指导员名单.xlsx", tmp_path / "指导员名单（更正）.xlsx"
    rows = [s.instructor_row(n) for n in range(1, 13)]
    bad = [
        s.instructor_row(1, 手机号="1390000"),
        s.instructor_row(2, 身份证号="110101199003078514", 出生日期=None),
        s.instructor_row(3, 所在地区代码="410882001299"),
        *rows[3:],
    ]
    faulty.write_bytes(s.xlsx(bad, [*s.HEADERS[:8], "发证曰期", *s.HEADERS[9:]]))
    good.write_bytes(s.xlsx(rows))

    tab = open_page(user=bureau, phone=phone, path="/sheets/")
    _picture(tab, f"sheets-{size}")
    tab.get_by_role("link", name="社会体育指导员", exact=False).first.click()
    tab.wait_for_url("**/sheets/instructors/")
    _picture(tab, f"sheet-{size}")
    tab.set_input_files("input[type=file]", str(faulty))
    tab.locator("form[data-upload] button").click()
    tab.wait_for_selector("[data-faults]")
    assert tab.locator("[data-cell=C2][data-code=phone]").count() == 1
    assert tab.locator("[data-code=column_unknown]").count() == 1
    _picture(tab, f"faults-{size}")
    with tab.expect_download() as download:
        tab.locator("a[href$='/marked/']").click()
    assert download.value.suggested_filename.endswith(".xlsx")

    tab.set_input_files("input[type=file]", str(good))
    tab.locator("form[data-upload] button").click()
    tab.wait_for_selector("[data-outcome=new][data-count='12']")
    _picture(tab, f"ready-{size}")
    tab.locator("button[value=confirm]").click()
    tab.wait_for_selector("[data-import-done]")
    _picture(tab, f"done-{size}")
    assert Instructor.objects.count() == 12
    tab.locator("button[value=undo]").click()
    tab.wait_for_selector("[data-import-undone]")
    assert Instructor.objects.count() == 0
