"""L2: what each page and endpoint of coverage costs, for each role and at two sizes of the city."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import URLPattern

from coverage import api_urls, urls
from coverage.models import ReportKind
from coverage.receipts import receipt_for
from coverage.recount import rebuild
from coverage.reports import archive
from coverage.snapshots.freezing import freeze
from coverage.targets.actions import set_target
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM
from tests.builders import (
    CITY,
    COUNTY,
    HOBBY_GRID,
    OTHER_GRID,
    OTHER_HOBBY_GRID,
    TOWNSHIP,
    hobby_grid,
    user,
)
from tests.coverage.living_city import living_city, session
from tests.coverage.test_pages import many_more
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db
LOOKERS = {
    "bureau_staff": CITY,
    "county_official": COUNTY,
    "township_officer": TOWNSHIP,
    "grid_leader": OTHER_GRID,
    "grid_member": HOBBY_GRID,
    "auditor": COUNTY,
}
THIS_MONTH = today().replace(day=1)
LAST_MONTH = (THIS_MONTH - timedelta(days=1)).replace(day=1)
# By the name of the route: what stands for its parameters beside the area's code, and a query.
OF_AN_AREA: dict[str, dict[str, str]] = {
    "coverage": {},
    "coverage-live": {},
    "coverage-past": {},
    "coverage-todo": {},
    "coverage-wall": {},
    "coverage-wall-live": {},
    "coverage-print": {},
    "coverage-rows": {"measure": "sessions"},
    "coverage-gap": {"gap": "silent_hobby_grids"},
    "coverage-bridge": {"measure": "sessions"},
    "coverage-bridge-part": {"measure": "sessions", "part": "new"},
    "coverage-snapshots": {},
    "coverage-snapshot": {"month": f"{LAST_MONTH:%Y-%m}"},
    "coverage-targets": {},
    "coverage-target": {"indicator": "led_share"},
    "coverage-target-withdraw": {"indicator": "led_share"},
    "coverage-target-allocate": {"indicator": "led_share"},
    "api-coverage": {},
    "api-coverage-trend": {"?measure": "sessions"},
    "api-coverage-gaps": {"?indicator": "active_hobby_share"},
    "api-coverage-rows": {"?measure": "sessions"},
    "api-coverage-snapshots": {},
    "api-coverage-snapshot": {"month": f"{LAST_MONTH:%Y-%m}"},
}
OF_NO_AREA: dict[str, dict[str, str]] = {
    "coverage-definitions": {},
    "compare": {"?of": "<area>"},
    "compare-periods": {"?of": "<area>"},
    "compare-lines": {"?of": "<area>"},
    "compare-spread": {"?of": "<area>"},
    "compare-indicators": {"?of": "<area>"},
    "reports": {},
    "report": {},
    "report-file": {"form": "xlsx"},
    "receipt-find": {},
    "receipt": {},
}
# They answer nothing to a GET: what they do is written, and tested where it is.
WRITING = {
    "coverage-snapshot-sign",
    "coverage-snapshot-reissue",
    "coverage-snapshot-remark",
    "receipt-make",
    "gap-remind",
    "gap-call",
    "reminder-answer",
}


def routes() -> dict[str, str]:
    """Every route of coverage by its name."""
    patterns: list[URLPattern] = [*urls.urlpatterns, *api_urls.urlpatterns]
    return {str(one.name): str(one.pattern) for one in patterns}


def addresses(area: str, report: str, receipt: str) -> Iterator[tuple[str, str]]:
    """(name of the route, address) of everything that can be looked at from an area."""
    known = routes()
    for name, values in (OF_AN_AREA | OF_NO_AREA).items():
        code = receipt if name == "receipt" else area
        parts = {"code": code, "pk": report, **values}
        path = known[name]
        for key, value in parts.items():
            for kind in ("str", "uuid"):
                path = path.replace(f"<{kind}:{key}>", value)
        asked = [f"{key[1:]}={v}" for key, v in values.items() if key.startswith("?")]
        query = "&".join(asked).replace("<area>", area)
        root = "/api/v1/" if name.startswith("api-") else "/"
        yield name, f"{root}{path}{'?' if query else ''}{query}"


def grow() -> None:
    """More of everything that pages list."""
    many_more()
    logged_by = user()
    for number in range(11, 17):
        hobby_grid(f"{OTHER_GRID}{number}")
        session(f"{OTHER_GRID}{number}", logged_by=logged_by)
    for day in range(3):
        session(HOBBY_GRID, today() - timedelta(days=day), start_time="08:00", logged_by=logged_by)
    rebuild()


def test_every_route_of_coverage_is_measured() -> None:
    """A new page stands in one of the tables above, so that its cost is pinned."""
    assert routes().keys() == OF_AN_AREA.keys() | OF_NO_AREA.keys() | WRITING


@pytest.mark.parametrize("role", LOOKERS)
def test_every_page_costs_the_same_queries_at_two_sizes(role: str, signed_in: Any) -> None:
    """No query per area, row, month or report; what a role may not see costs the same, too."""
    living_city()
    # Of both sizes is true that something was held lately: the gaps are of the same kinds.
    session(OTHER_HOBBY_GRID)
    rebuild()
    freeze(LAST_MONTH)
    staff = user("bureau_staff", CITY)
    looker = user(role, LOOKERS[role])
    set_target(staff, CITY, "led_share", today().year, Decimal("0.9"), reason="年度目标")
    rebuild()
    # There are none of a grid; one of the county is not theirs to see.
    of = LOOKERS[role] if len(LOOKERS[role]) <= Level.TOWNSHIP else COUNTY
    report = archive.make(SYSTEM, ReportKind.MONTHLY, of, THIS_MONTH)
    receipt = receipt_for(LOOKERS[role], today(), "sessions", staff)
    client = signed_in(looker)
    pages = dict(addresses(LOOKERS[role], str(report.pk), receipt.code))
    answered = {name: client.get(url).status_code for name, url in pages.items()}
    assert set(answered.values()) <= ({200} if role == "bureau_staff" else {200, 403, 404})
    for make_larger in (None, grow):
        if make_larger:
            make_larger()
        for name, url in pages.items():
            assert_query_count(client, url, f"{name}/{role}", status=answered[name])
