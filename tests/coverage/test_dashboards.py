"""What changed this week, gaps by who can act, the wall screen and the paper."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from activities.actions import log_session
from coverage.folding import fold
from coverage.models import Receipt
from coverage.reading import coverage_of
from coverage.recount import rebuild
from coverage.registry import GAPS
from grids.writing import keep
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM
from tests.builders import (
    CITY,
    COUNTY,
    GRID,
    HOBBY_GRID,
    OTHER_COUNTY,
    TOWNSHIP,
    VILLAGE,
    user,
)
from tests.coverage.living_city import (
    figure_stated,
    links_shown,
    living_city,
    measures_shown,
    session,
    text_of,
)
from tests.coverage.test_pages import many_more
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db
WALL = f"/coverage/{COUNTY}/wall/"


@pytest.fixture
def city() -> None:
    living_city()
    rebuild()


def part(response: Any, name: str) -> str:
    return text_of(response).split(f'id="{name}"')[1].split("</section>")[0]


def test_what_changed_this_week_is_the_difference_of_two_lists(city: None, signed_in: Any) -> None:
    client = signed_in(user("auditor", CITY))
    for back in (0, 14):
        now = today() - timedelta(days=back)
        week = part(client.get(f"/coverage/{CITY}/past/", {"on": f"{now:%Y-%m-%d}"}), "week")
        moved = re.findall(r'data-movement="(\w+)" data-difference="(-?\d+)"', week)
        assert moved or back
        for key, by in moved:
            days = (now - timedelta(days=7), now)
            urls = [f"/coverage/{CITY}/rows/{key}/?on={day:%Y-%m-%d}" for day in days]
            was, is_now = (figure_stated(client, url) for url in urls)
            assert was is not None
            assert is_now is not None
            assert is_now - was == int(by), (key, back)
            assert all(url in week.replace("&amp;", "&") for url in urls)


def test_a_grid_has_no_week(city: None, signed_in: Any) -> None:
    client = signed_in(user("auditor", CITY))
    for path in ("", "past/"):
        response = client.get(f"/coverage/{GRID}/{path}")
        assert response.status_code == 200
        assert 'id="week"' not in text_of(response)


def test_without_a_script_the_week_is_one_click_away(city: None, signed_in: Any) -> None:
    client = signed_in(user("auditor", CITY))
    week = links_shown(client.get(f"/coverage/{CITY}/"), "/compare/periods/")
    assert week
    assert client.get(week[0]).status_code == 200


def test_what_the_page_asks_for_afterwards_is_answered_once(city: None, signed_in: Any) -> None:
    client = signed_in(user("auditor", CITY))
    version = client.get(f"/coverage/{CITY}/past/")["ETag"]
    same = client.get(f"/coverage/{CITY}/past/", headers={"If-None-Match": version})
    assert same.status_code == 304


@pytest.mark.parametrize("area", [CITY, COUNTY, TOWNSHIP, VILLAGE])
def test_the_gaps_of_those_who_can_act_add_up(city: None, signed_in: Any, area: str) -> None:
    """Each number is the gap's list one click behind; the areas' add up to the whole's."""
    client = signed_in(user("auditor", CITY))
    # The auditor who looks is nobody's officer.
    rebuild()
    sizes: dict[str, dict[str, int]] = {}
    for item in text_of(client.get(f"/coverage/{area}/todo/")).split('data-code="')[1:]:
        found = re.findall(r'data-key="(\w+)" data-count="(\d+)"', item)
        sizes[item.split('"')[0]] = {key: int(count) for key, count in found}
    whole = sizes.pop(area)
    gaps = {gap.key: gap.count for gap in coverage_of(area, today()).gaps if gap.count}
    assert whole == gaps
    for code, counts in sizes.items():
        for key, count in counts.items():
            assert figure_stated(client, f"/coverage/{code}/gaps/{key}/") == count, (code, key)
    # What stands at the area itself is its own: the county's federation, a village's people.
    for key, count in whole.items():
        below = sum(counts.get(key, 0) for counts in sizes.values())
        assert below <= count
        if GAPS[key].whole in ("grids", "hobby_grids"):
            assert below == count, key


def test_the_officer_and_the_leaders_are_named_and_no_whole_number(
    city: None, signed_in: Any
) -> None:
    client = signed_in(user("county_official", COUNTY))
    county = text_of(client.get(f"/coverage/{COUNTY}/todo/"))
    assert "张建国" in county.split(f'data-code="{TOWNSHIP}"')[1]
    township = text_of(client.get(f"/coverage/{TOWNSHIP}/todo/"))
    assert "李秀英" in township.split(f'data-code="{VILLAGE}"')[1]
    assert "13800001234" not in township
    assert "13900005678" not in county


def test_those_who_can_act_stand_in_the_order_of_areas(city: None, signed_in: Any) -> None:
    """Persons are never ranked, whatever the numbers are."""
    many_more()
    rebuild()
    content = text_of(signed_in(user("auditor", CITY)).get(f"/coverage/{TOWNSHIP}/todo/"))
    codes = re.findall(r'data-code="(\d+)"', content)[1:]
    assert len(codes) > 2
    assert codes == sorted(codes)


def test_a_card_holds_itself_against_the_target_that_stands_for_the_area(
    city: None, signed_in: Any
) -> None:
    content = text_of(signed_in(user("auditor", CITY)).get(f"/coverage/{CITY}/"))
    card = content.split('data-indicator="led_share"')[1].split("</li>")[0]
    assert "bar-target" in card
    later = text_of(signed_in(user("auditor", CITY)).get(f"/coverage/{CITY}/past/"))
    assert "<polyline" in later.split('id="spark-led_share"')[1].split("</div>")[0]


def test_the_wall_shows_the_figures_of_the_page(city: None, signed_in: Any) -> None:
    client = signed_in(user("county_official", COUNTY))
    page = measures_shown(client.get(f"/coverage/{COUNTY}/"))
    wall = measures_shown(client.get(WALL))
    assert wall
    assert wall == {key: page[key] for key in wall}


def test_the_wall_names_nobody(city: None, signed_in: Any) -> None:
    looker = user("county_official", COUNTY)
    content = text_of(signed_in(looker).get(WALL))
    assert 'class="wall-time"' in content
    for name in ("李秀英", "王海燕", "张建国", looker.person.name):
        assert name not in content, name


def test_a_new_session_shows_on_the_wall_once_it_is_folded(city: None, signed_in: Any) -> None:
    client = signed_in(user("county_official", COUNTY))
    first = client.get(f"{WALL}live/")
    same = client.get(f"{WALL}live/", headers={"If-None-Match": first["ETag"]})
    assert same.status_code == 304
    log_session(
        user("township_officer", TOWNSHIP),
        id=uuid4(),
        area_code=HOBBY_GRID,
        held_on=today(),
        start_time=time(0),
        minutes=5,
        participants=777,
    )
    fold()
    after = client.get(f"{WALL}live/", headers={"If-None-Match": first["ETag"]})
    assert after.status_code == 200
    was, now = measures_shown(first), measures_shown(after)
    assert (now["participants"] or 0) - (was["participants"] or 0) == 777
    assert "777" in part(after, "wall-latest")


def test_the_wall_is_shut_where_the_page_is(city: None, signed_in: Any) -> None:
    client = signed_in(user("county_official", COUNTY))
    version = client.get(f"{WALL}live/")["ETag"]
    for path in ("past/", "wall/", "wall/live/", "print/", "todo/"):
        foreign = client.get(f"/coverage/{OTHER_COUNTY}/{path}", headers={"If-None-Match": version})
        assert foreign.status_code == 404


def test_the_paper_prints_the_figures_of_its_receipt(city: None, signed_in: Any) -> None:
    client = signed_in(user("county_official", COUNTY))
    page = measures_shown(client.get(f"/coverage/{COUNTY}/"))
    response = client.post(f"/coverage/{COUNTY}/print/", follow=True)
    paper = measures_shown(response)
    # What no app fills yet is one line, not a table of unknowns.
    assert paper == {key: page[key] for key in paper}
    assert {"grids", "sessions", "instructors", "stations"} <= set(paper)
    code = re.search(r"data-receipt>([0-9A-Z]{5}-[0-9A-Z]{5})<", text_of(response))
    assert code is not None
    assert "<svg" in text_of(response).split("paper-receipt")[1].split("</figure>")[0]
    leads = links_shown(response, code[1].replace("-", ""))
    assert leads
    address = leads[0][leads[0].index("/", 8) :]
    assert client.get(address).status_code == 200


def test_looking_at_the_paper_issues_no_receipt(city: None, signed_in: Any) -> None:
    """Browsers fetch pages ahead: what only reads must write nothing."""
    client = signed_in(user("county_official", COUNTY))
    url = f"/coverage/{COUNTY}/print/"
    assert "data-draft" in text_of(client.get(url))
    assert not Receipt.objects.exists()
    printed = client.post(url)["Location"]
    for _again in range(2):
        assert "data-draft" not in text_of(client.get(printed))
    assert client.post(url)["Location"] == printed
    assert Receipt.objects.count() == 1


def test_a_paper_whose_figures_changed_is_a_draft_again(city: None, signed_in: Any) -> None:
    client = signed_in(user("county_official", COUNTY))
    printed = client.post(f"/coverage/{COUNTY}/print/")["Location"]
    keep(SYSTEM, session(participants=7), "log session")
    fold()
    page = text_of(client.get(printed))
    assert "data-outdated" in page
    assert "data-receipt" not in page


def test_the_paper_has_no_navigation_and_says_area_day_and_time(city: None, signed_in: Any) -> None:
    on = today() - timedelta(days=20)
    client = signed_in(user("county_official", COUNTY))
    content = text_of(client.get(f"/coverage/{COUNTY}/print/", {"on": f"{on:%Y-%m-%d}"}))
    assert 'class="topbar"' not in content
    head = content.split('class="paper-head"')[1].split("</header>")[0]
    assert COUNTY in head
    assert str(on.year) in head


def test_boards_cost_the_same_queries_at_two_sizes(city: None, signed_in: Any) -> None:
    """L2: no query per child, per gap or per session."""
    client = signed_in(user("bureau_staff", CITY))
    urls = {
        "coverage/past": f"/coverage/{COUNTY}/past/",
        "coverage/todo": f"/coverage/{COUNTY}/todo/",
        "coverage/todo-township": f"/coverage/{TOWNSHIP}/todo/",
        "coverage/wall": f"/coverage/{COUNTY}/wall/",
        "coverage/wall-live": f"/coverage/{COUNTY}/wall/live/",
        "coverage/print": f"/coverage/{COUNTY}/print/",
    }
    for name, url in urls.items():
        assert_query_count(client, url, name)
    many_more()
    rebuild()
    for name, url in urls.items():
        assert_query_count(client, url, name)
