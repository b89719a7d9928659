"""What each form takes, measured on the pages themselves; a form that grows fails (pitfalls U1).

The usual thing is measured, as a person does it who knows the page. Seconds follow from taps and
characters (activities/effort.py); nothing is timed.
"""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest

from activities.burden import WEEK, WEEK_SECONDS
from activities.effort import Effort
from activities.models import CalledOff, Event, Lecture, Schedule, Session, SessionFlag
from grids.models import HobbyGrid
from jiaozuo_grid.lasting import today
from tests.activities.acting import log
from tests.budget import within_budget
from tests.builders import GRID, HOBBY_GRID, TOWNSHIP, hobby_grid, small_city, user
from tests.e2e.hand import CHOICE, HOUR, Hand

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
GROUPS = [f"{GRID}{number:02}" for number in range(1, 7)]
REPEATED, CHANGED, LEFT_OUT = GROUPS[:3], GROUPS[3:5], GROUPS[5]


@pytest.fixture
def hand(open_page: Any) -> Hand:
    """A leader's phone on Today: six groups that meet every day and met nine days ago."""
    small_city()
    HobbyGrid.objects.filter(area_code=HOBBY_GRID).update(usual_start=time(6, 0))
    for number, code in enumerate(GROUPS[1:], start=7):
        hobby_grid(code, usual_start=time(number, 0))
    HobbyGrid.objects.filter(area_code=LEFT_OUT).update(usual_days="1234567")
    officer = user("township_officer", TOWNSHIP)
    for code in GROUPS:
        log(officer, area_code=code, held_on=today() - timedelta(days=9), participants=25)
    tab = open_page(user("grid_leader", GRID), phone=True)
    tab.add_init_script(
        "window.positions = 0; if (navigator.geolocation) {"
        " navigator.geolocation.getCurrentPosition = () => { window.positions += 1; };"
        " navigator.geolocation.watchPosition = () => { window.positions += 1; }; }"
    )
    tab.goto("/m/")
    hand = Hand(tab)
    hand.ready()
    return hand


class Measuring:
    """What is done inside takes this much."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand

    def __enter__(self) -> Measuring:
        self.before = self.hand.effort
        return self

    def __exit__(self, *error: Any) -> None:
        now, before = self.hand.effort, self.before
        self.effort = Effort(now.taps - before.taps, now.characters - before.characters)


def measured(key: str, hand: Hand, act: Any) -> None:
    with Measuring(hand) as measuring:
        act(hand)
    hand.fits()
    within_budget(key, measuring.effort)


def repeat(code: str) -> Any:
    """The card, the button."""

    def act(hand: Hand) -> None:
        hand.open(code)
        assert not hand.tab.locator("input[type=file]").is_visible(), "no photo in the way"
        hand.send()

    return act


def change(code: str) -> Any:
    """The card, one more, the button."""

    def act(hand: Hand) -> None:
        hand.open(code)
        hand.tap('[data-stepper]:has(input[name="participants"]) [data-by="1"]')
        hand.send()

    return act


def call_off(hand: Hand) -> None:
    hand.tap(f'[data-expected^="{LEFT_OUT}|{today()}"] [data-not-held]')
    arrived = hand.arrived()
    hand.tap(f'[data-expected^="{LEFT_OUT}|{today()}"] [data-reason="weather"]')
    hand.wait_for_one_more(arrived)


def unfold(hand: Hand, way: str) -> None:
    """What can be done about the record that was entered last."""
    hand.tap('[data-record][data-kind="session/log"] summary')
    hand.tap(f'[data-record][data-kind="session/log"] [data-way="{way}"]')
    hand.tab.wait_for_selector("form[data-outbox-form]:visible")


def correct(hand: Hand) -> None:
    unfold(hand, "correct")
    hand.write('input[name="participants"]', "32")
    hand.tap("[data-reasons] button")
    hand.send()


def withdraw(hand: Hand) -> None:
    unfold(hand, "withdraw")
    hand.tap("[data-reasons] button")
    hand.send()


def lecture(hand: Hand) -> None:
    hand.tap('[data-open-form="lecture/log"]')
    hand.write('input[name="topic"]', "科学健身")
    hand.write('input[name="participants"]', "40")
    hand.send()


def event(hand: Hand) -> None:
    hand.tap('[data-open-form="event/log"]')
    hand.write('input[name="title"]', "重阳健步走")
    hand.pick('select[name="event_kind"]', "walk", CHOICE)
    hand.write('input[name="participants"]', "200")
    hand.send()


def start_and_end(hand: Hand) -> None:
    hand.tap(f'[data-card="{GROUPS[0]}"] [data-start]')
    hand.tab.wait_for_selector("[data-section=running]:visible")
    hand.tap("[data-end]")
    hand.tab.wait_for_selector("form[data-outbox-form]:visible")
    hand.send()


def test_a_leaders_week(hand: Hand) -> None:
    """U1: five sessions, one correction, one called off, a lecture: 40 taps, three minutes."""
    asked_for: list[str] = []
    hand.tab.context.on("request", lambda request: asked_for.append(request.url))

    for code in REPEATED:
        measured("repeat", hand, repeat(code))
    for code in CHANGED:
        measured("changed", hand, change(code))
    measured("called-off", hand, call_off)
    measured("correct", hand, correct)
    measured("lecture", hand, lecture)

    assert hand.taps <= WEEK.taps
    assert hand.effort.seconds <= WEEK_SECONDS
    assert hand.tab.evaluate("window.positions") == 0, "no position is asked for"
    assert {url.split("/")[2] for url in asked_for} == {hand.tab.url.split("/")[2]}
    sessions = Session.objects.filter(held_on__gt=today() - timedelta(days=9))
    assert sessions.count() == 5
    assert not any(session.photo for session in sessions)
    assert sorted(sessions.values_list("participants", flat=True))[-1] == 32
    assert (CalledOff.objects.count(), Lecture.objects.count()) == (1, 1)


def test_now_and_then(hand: Hand) -> None:
    """What is not of every week has a budget too."""
    measured("running", hand, start_and_end)
    measured("withdraw", hand, withdraw)
    measured("event", hand, event)

    assert Session.objects.exclude(withdrawn_at=None).count() == 1
    assert Event.objects.get().title == "重阳健步走"


def test_a_schedule(hand: Hand) -> None:
    def say_when(hand: Hand) -> None:
        for day in "135":
            hand.tap(f'label:has(input[name="weekdays"][value="{day}"])')
        hand.pick('input[name="start_time"]', "19:30", HOUR)
        hand.tap("main form button[type=submit]")
        hand.tab.wait_for_selector(".message-success")

    hand.tab.goto(f"/schedules/{GROUPS[0]}/new/")
    measured("schedule", hand, say_when)

    assert Schedule.objects.get().weekdays == "135"


def test_a_look_at_a_session(hand: Hand, open_page: Any) -> None:
    """The township officer's one tap."""
    session = Session.objects.first()
    assert session is not None
    SessionFlag.objects.create(session=session, area_code=session.area_code, rule="clock")
    officer = Hand(open_page(user("township_officer", TOWNSHIP), phone=True))
    officer.tab.goto("/sessions/review/")

    def look(hand: Hand) -> None:
        hand.tap('button[form="fine"]')
        hand.tab.wait_for_selector(".message-success")

    measured("review", officer, look)

    assert SessionFlag.objects.get().state == "fine"
