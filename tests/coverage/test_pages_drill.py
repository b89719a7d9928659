"""Every number on a coverage page leads to exactly the rows that it counts (pitfalls G4)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from coverage.recount import rebuild
from coverage.registry import GAPS
from jiaozuo_grid.lasting import today
from tests.builders import (
    CITY,
    COMMUNITY,
    COUNTY,
    GRID,
    HOBBY_GRID,
    OTHER_COUNTY,
    OTHER_GRID,
    OTHER_HOBBY_GRID,
    TOWNSHIP,
    VILLAGE,
    hobby_grid,
    user,
)
from tests.coverage.drilled import Drill, added_up
from tests.coverage.histories import History
from tests.coverage.living_city import (
    figure_stated,
    links_shown,
    living_city,
    rows_listed,
    session,
    text_of,
)

pytestmark = pytest.mark.django_db

# Who looks, from where, and at which areas at or below their own.
LOOKERS = [
    ("bureau_staff", CITY, [CITY, COUNTY, OTHER_COUNTY, TOWNSHIP, COMMUNITY]),
    ("auditor", COUNTY, [COUNTY, TOWNSHIP, VILLAGE]),
    ("county_official", COUNTY, [COUNTY, VILLAGE]),
    ("township_officer", TOWNSHIP, [TOWNSHIP, VILLAGE, GRID]),
    ("grid_leader", OTHER_GRID, [OTHER_GRID, OTHER_HOBBY_GRID]),
]


@pytest.fixture
def city() -> None:
    living_city()
    rebuild()


@pytest.fixture
def busy_city() -> None:
    """A city with something in every register."""
    living_city()
    history = History(4)
    for _step in range(60):
        history.step()


@pytest.mark.parametrize(("role", "home", "areas"), LOOKERS, ids=[one[0] for one in LOOKERS])
def test_every_figure_and_gap_lists_as_many_rows_as_it_says(
    busy_city: None, signed_in: Any, role: str, home: str, areas: list[str]
) -> None:
    """G4: measures and gaps × areas × roles × three days, through the links on the page itself.

    Many more areas with ``make proof-drill``.
    """
    drill = Drill(signed_in(user(role, home)))
    # Who looks may be a leader too, and so counts.
    rebuild()
    days = [today() - timedelta(days=days) for days in (0, 20, 75)]
    assert [fault for area in areas for day in days for fault in drill.faults(area, day)] == []
    assert drill.found


def test_each_number_of_the_children_leads_to_the_childs_rows(city: None, signed_in: Any) -> None:
    """G4: the cells of the table, not only the tiles."""
    client = signed_in(user("bureau_staff", CITY))
    page = client.get(f"/coverage/{TOWNSHIP}/")
    links = [url for url in links_shown(page, "/rows/") if f"/coverage/{TOWNSHIP}/" not in url]
    assert len({url.split("/")[2] for url in links}) == 2
    for url in links:
        listed = added_up(rows_listed(client, url), url.split("/")[4])
        assert figure_stated(client, url) == listed, url


def test_each_month_of_the_trend_leads_to_its_sessions(city: None, signed_in: Any) -> None:
    """G4: the 24 months."""
    client = signed_in(user("bureau_staff", CITY))
    content = text_of(client.get(f"/coverage/{CITY}/")).split('id="trend-table"')[1]
    cells = re.findall(
        r'data-key="(\w+)"><a href="([^"]+)"[^>]*>([\d,]+)<', content.split("</table>")[0]
    )
    assert len({url for _key, url, _text in cells}) >= 24
    for key, url, text in cells:
        assert added_up(rows_listed(client, url), key) == int(text.replace(",", "")), url


def test_a_long_list_pages_through_all_rows(city: None, signed_in: Any) -> None:
    for number in range(3, 60):
        hobby_grid(f"{GRID}{number:02d}")
    for number in range(55):
        session(start_time=f"{8 + number % 12:02d}:{number:02d}")
    rebuild()
    client = signed_in(user("bureau_staff", CITY))
    for key in ("hobby_grids", "sessions", "participants"):
        url = f"/coverage/{CITY}/rows/{key}/?on={today():%Y-%m-%d}"
        rows = rows_listed(client, url)
        assert len(rows) > 50
        assert added_up(rows, key) == figure_stated(client, url)


def test_a_gap_says_where_and_who_answers_and_leads_to_the_remedy(
    city: None, signed_in: Any
) -> None:
    client = signed_in(user("county_official", COUNTY))
    content = text_of(client.get(f"/coverage/{COUNTY}/gaps/grids_without_leader/"))
    row = content.split(f'data-row="{VILLAGE}002"')[1].split("</tr>")[0]
    assert "东关村" in row
    assert "张建国" in row
    assert f"/grids/{VILLAGE}002/" in row


def test_the_nearest_leader_answers_for_a_silent_hobby_grid(city: None, signed_in: Any) -> None:
    client = signed_in(user("county_official", COUNTY))
    content = text_of(client.get(f"/coverage/{COUNTY}/gaps/silent_hobby_grids/"))
    row = content.split(f'data-row="{GRID}02"')[1].split("</tr>")[0]
    assert "李秀英" in row


def test_no_list_shows_a_whole_phone_number(city: None, signed_in: Any) -> None:
    for role, home in [("bureau_staff", CITY), ("township_officer", TOWNSHIP), ("auditor", CITY)]:
        client = signed_in(user(role, home))
        for key in GAPS:
            content = text_of(client.get(f"/coverage/{TOWNSHIP}/gaps/{key}/"))
            assert "13800001234" not in content
            assert "13900005678" not in content


def test_unknown_measures_and_gaps_are_not_found(city: None, signed_in: Any) -> None:
    client = signed_in(user("bureau_staff", CITY))
    for path in ("rows/nonsense/", "gaps/nonsense/", "rows/grids_without_leader/", "gaps/grids/"):
        assert client.get(f"/coverage/{CITY}/{path}").status_code == 404


def test_an_odd_page_number_is_harmless(city: None, signed_in: Any) -> None:
    client = signed_in(user("bureau_staff", CITY))
    for page in ("0", "-1", "x", "99999999999999999999", "１", "\x00", "2.5"):
        response = client.get(f"/coverage/{CITY}/rows/grids/", {"page": page})
        assert response.status_code == 200, page


def test_links_of_a_hobby_grid_page_work_too(city: None, signed_in: Any) -> None:
    client = signed_in(user("bureau_staff", CITY))
    page = client.get(f"/coverage/{HOBBY_GRID}/")
    for url in links_shown(page, f"/coverage/{HOBBY_GRID}/"):
        assert client.get(url).status_code == 200
