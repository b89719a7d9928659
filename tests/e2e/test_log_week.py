"""A leader's week on a phone: few taps, little typing, nothing that no rule of the job needs."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Any

import pytest

from activities.models import Session
from jiaozuo_grid.lasting import today
from tests.activities.acting import log
from tests.builders import GRID, HOBBY_GRID, hobby_grid, small_city, user
from tests.conftest import PHONE, _session_cookie
from tests.e2e.hand import DAY, Hand

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
MOST_TAPS, MOST_CHARACTERS = 40, 20


@pytest.fixture
def groups() -> list[str]:
    """Two groups that both met before, at hours that are past on any day but today."""
    small_city()
    second = hobby_grid(GRID + "02", usual_start=time(7, 0), usual_place="河边").area_code
    officer = user("township_officer", "410882001")
    for code in (HOBBY_GRID, second):
        log(officer, area_code=code, held_on=today() - timedelta(days=9), participants=25)
    return [HOBBY_GRID, second]


def test_a_week_of_five_sessions_and_one_correction(open_page: Any, groups: list[str]) -> None:
    """U1: at most 40 taps; no photo and no position is asked for."""
    asked_for: list[str] = []
    tab = open_page(user("grid_leader", GRID), phone=True)
    tab.context.on("request", lambda request: asked_for.append(request.url))
    tab.add_init_script(
        "window.positions = 0; if (navigator.geolocation) {"
        " navigator.geolocation.getCurrentPosition = () => { window.positions += 1; };"
        " navigator.geolocation.watchPosition = () => { window.positions += 1; }; }"
    )
    hand = Hand(tab)
    tab.goto("/m/")
    hand.ready()
    hand.fits()

    # Twice as it always is: the card, the button.
    for number, code in enumerate(groups, start=1):
        hand.open(code)
        hand.fits()
        assert not tab.locator("input[type=file]").is_visible(), (
            "the photo does not stand in the way"
        )
        hand.send()
        assert hand.taps == 2 * number
        hand.fits()

    # Three on other days, with more people: the card, the day, a few steps up, the button.
    for number, (code, more) in enumerate([(groups[0], 2), (groups[1], 3), (groups[0], 1)]):
        hand.open(code)
        day = (today() - timedelta(days=2 + number)).isoformat()
        hand.pick('input[name="held_on"]', day, DAY)
        # Another day has its own usual hour.
        usual = "19:30" if code == groups[0] else "07:00"
        assert tab.input_value('[data-view=form] input[name="start_time"]') == usual
        for _ in range(more):
            hand.tap('[data-stepper]:has(input[name="participants"]) [data-by="1"]')
        hand.send()

    # One was miscounted.
    hand.tap("[data-record] summary")
    hand.tap('[data-record] [data-way="correct"]')
    hand.fits()
    hand.write('input[name="participants"]', "32")
    hand.tap("[data-reasons] button")
    hand.send()

    assert hand.taps <= MOST_TAPS
    assert hand.characters <= MOST_CHARACTERS
    assert tab.evaluate("window.positions") == 0
    stored = Session.objects.standing().filter(held_on__gt=today() - timedelta(days=9))
    assert stored.count() == 5
    assert not any(session.photo for session in stored)
    corrected = Session.objects.get(version=2)
    assert (corrected.participants, corrected.revisions.count()) == (32, 1)
    assert {url.split("/")[2] for url in asked_for} == {tab.url.split("/")[2]}, "no other host"


def test_an_impatient_thumb_logs_once(open_page: Any, groups: list[str]) -> None:
    """Pitfall 10: two taps while the answer is slow."""
    tab = open_page(user("grid_leader", GRID), phone=True, path=f"/m/log/{HOBBY_GRID}/")
    sent: list[str] = []

    def slowly(route: Any) -> None:
        if route.request.method == "POST":
            sent.append(route.request.post_data or "")
            tab.wait_for_timeout(300)
        route.continue_()

    tab.route("**/m/log/**", slowly)
    before = Session.objects.count()

    tab.evaluate(
        "() => { const b = document.querySelector('form[data-log] button[type=submit]');"
        " b.click(); b.click(); b.click(); }"
    )
    tab.wait_for_url(re.compile(r"/m/\?logged="))

    assert len(sent) == 1
    assert Session.objects.count() == before + 1


def test_the_phone_makes_the_id_and_keeps_it_until_the_record_is_stored(
    open_page: Any, groups: list[str]
) -> None:
    tab = open_page(user("grid_leader", GRID), phone=True)
    answer = tab.goto(f"/m/log/{HOBBY_GRID}/")
    of_the_server = re.search(r'name="id" value="([^"]+)"', answer.text())
    of_the_phone = tab.input_value('input[name="id"]')
    assert of_the_server
    assert of_the_phone != of_the_server[1]

    tab.fill('input[name="participants"]', "99999")
    tab.click("form[data-log] button[type=submit]")
    tab.wait_for_selector("[data-refused]")

    assert tab.input_value('input[name="id"]') == of_the_phone
    tab.fill('input[name="participants"]', "30")
    tab.click("form[data-log] button[type=submit]")
    tab.wait_for_selector(f'[data-logged="{of_the_phone}"]')


def test_without_scripts_a_session_is_logged_and_corrected(
    browser: Any, live_server: Any, groups: list[str]
) -> None:
    """U2: every task possible without JavaScript."""
    context = browser.new_context(
        base_url=live_server.url, viewport=PHONE, java_script_enabled=False, locale="zh-CN"
    )
    context.add_cookies([_session_cookie(user("grid_leader", GRID), live_server.url)])
    tab = context.new_page()
    tab.goto("/m/")
    tab.click(f'a[href="/m/log/{HOBBY_GRID}/"]')
    assert tab.locator("[data-by]:visible, [data-days]:visible").count() == 0

    tab.click("form[data-log] button[type=submit]")
    tab.wait_for_selector("[data-logged]")
    tab.click("[data-logged] a[href$='/correct/']")
    tab.fill('input[name="participants"]', "31")
    tab.fill('input[name="reason"]', "数错")
    tab.click("form[data-log] button[type=submit]")
    tab.wait_for_url(re.compile(r"/sessions/[0-9a-f-]{36}/$"))

    assert Session.objects.get(version=2).participants == 31
    context.close()


def test_the_second_of_two_leaders_is_shown_the_session_of_the_first(
    open_page: Any, groups: list[str]
) -> None:
    """S9: one offer to join instead of a double."""
    first = log(user("grid_member", HOBBY_GRID), start_time=time(19, 30))
    tab = open_page(user("grid_leader", GRID), phone=True, path=f"/m/log/{HOBBY_GRID}/")
    tab.fill('input[name="held_on"]', first.held_on.isoformat())
    tab.fill('input[name="start_time"]', "19:40")
    tab.click("form[data-log] button[type=submit]")

    tab.wait_for_selector(f'[data-stored="{first.pk}"]')
    tab.click("[data-stored] a.btn-primary")
    tab.wait_for_url(re.compile(r"/m/$"))
    assert Session.objects.filter(held_on=first.held_on).count() == 1
