"""The page without a network, with a worker and without one; two tabs; newer versions."""

from __future__ import annotations

import json
import time
from collections import Counter
from typing import Any

import pytest

from activities import version
from activities.models import Session
from activities.views.checkin import LeadersCode
from jiaozuo_grid.lasting import today
from tests.activities.acting import yesterday
from tests.builders import HOBBY_GRID
from tests.e2e.phone.conftest import WITHOUT_WORKER, Phone

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def held() -> Any:
    return Session.objects.standing().filter(held_on=yesterday())


def wait_for_worker(phone: Phone) -> None:
    phone.tab.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.tab.wait_for_function("() => navigator.serviceWorker.controller !== null")


def test_the_page_opens_again_without_a_network(leader: Any, phone_of: Any) -> None:
    """L3, S6: after the first visit the groups, the form and what waits are there offline."""
    phone = phone_of(leader)
    wait_for_worker(phone)
    phone.cut()
    phone.enter(24)
    phone.tab.reload()
    phone.ready()
    assert phone.tab.get_attribute("[data-net]", "data-net") == "offline"
    phone.wait_for("waiting")
    assert phone.tab.locator(f'[data-card="{HOBBY_GRID}"]').is_visible()
    phone.enter(25, hour=9)
    phone.wait_for("waiting", 2)

    phone.tab.goto("about:blank")
    phone.open()
    phone.wait_for("waiting", 2)
    phone.cut(False)
    phone.tab.locator("[data-send-now]").tap()
    phone.wait_for("done", 2)
    assert sorted(held().values_list("participants", flat=True)) == [24, 25]


def test_another_page_is_waited_for_however_slow_it_is(
    leader: Any, phone_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the shell does not stand for is never answered by it while there is a network."""
    phone = phone_of(leader)
    wait_for_worker(phone)
    answer = LeadersCode.get

    def slowly(*given: Any, **named: Any) -> Any:
        # Longer than the worker's patience for Today.
        time.sleep(5)
        return answer(*given, **named)

    monkeypatch.setattr(LeadersCode, "get", slowly)
    phone.tab.goto(f"/m/qr/{HOBBY_GRID}/")
    assert phone.tab.locator("main svg, main img").count() > 0
    assert phone.tab.locator("[data-phone]").count() == 0


def test_the_address_of_a_form_opens_it_without_a_network(leader: Any, phone_of: Any) -> None:
    phone = phone_of(leader)
    wait_for_worker(phone)
    phone.cut()
    phone.open(f"/m/log/{HOBBY_GRID}/")
    assert phone.tab.locator("form[data-outbox-form]").is_visible()


def test_the_worker_keeps_nothing_of_anybody(leader: Any, phone_of: Any) -> None:
    """S7: what is kept for offline use is the same for whoever uses the phone."""
    phone = phone_of(leader)
    wait_for_worker(phone)
    phone.tab.reload()
    phone.ready()
    kept = phone.tab.evaluate(
        """async () => {
          const found = {};
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) {
              const path = new URL(request.url).pathname;
              found[path] = await (await cache.match(request)).text();
            }
          }
          return found;
        }"""
    )
    assert "/m/shell/" in kept
    assert all(path == "/m/shell/" or path.startswith("/static/") for path in kept)
    assert leader.person.name not in kept["/m/shell/"]
    assert HOBBY_GRID not in kept["/m/shell/"]
    assert "csrfmiddlewaretoken" not in kept["/m/shell/"]


def test_everything_works_without_a_worker(leader: Any, phone_of: Any) -> None:
    """WeChat on iOS has none."""
    phone = phone_of(leader, worker=False)
    assert phone.tab.evaluate("navigator.serviceWorker === undefined")
    phone.cut()
    for hour in (8, 12, 16):
        phone.enter(20 + hour, hour=hour)
    phone.wait_for("waiting", 3)
    phone.cut(False)
    phone.wait_for("done", 3)
    assert held().count() == 3


def test_what_waited_when_the_page_was_closed_goes_when_it_is_opened(
    leader: Any, open_page: Any, phone_of: Any
) -> None:
    """S6: a tab that is killed loses nothing."""
    phone = phone_of(leader, worker=False)
    phone.cut()
    phone.enter(28)
    context = phone.tab.context
    phone.tab.close()
    context.set_offline(False)
    tab = context.new_page()
    tab.add_init_script(WITHOUT_WORKER)
    Phone(tab).open().wait_for("done")
    assert held().get().participants == 28


def test_two_tabs_never_send_the_same_twice(leader: Any, phone_of: Any) -> None:
    """S6: one lease, whoever holds it sends."""
    phone = phone_of(leader)
    other = Phone(phone.tab.context.new_page()).open()
    posts: Counter[str] = Counter()

    def count(request: Any) -> None:
        if request.url.endswith("/api/v1/outbox/") and request.method == "POST":
            posts[json.loads(request.post_data)["id"]] += 1

    phone.tab.context.on("request", count)
    phone.cut()
    for hour in range(6, 12):
        phone.enter(20, hour=hour)
    other.wait_for("waiting", 6)
    phone.cut(False)
    for one in (phone, other):
        one.tab.evaluate("document.querySelector('[data-send-now]').click()")
    phone.wait_for("done", 6)
    other.wait_for("done", 6)
    assert held().count() == 6
    assert sorted(posts.values()) == [1] * 6


def test_a_slow_answer_is_no_second_record(leader: Any, phone_of: Any) -> None:
    """Pitfall 10: a thumb that taps three times, a server that takes its time."""
    phone = phone_of(leader, worker=False)
    held_up: list[Any] = []
    phone.tab.route("**/api/v1/outbox/", lambda route: held_up.append(route))
    form = phone.open_form()
    form.locator('[name="held_on"]').fill(yesterday().isoformat())
    form.locator('[name="start_time"]').fill("19:00")
    form.evaluate(
        "f => { const b = f.querySelector('button[type=submit]');"
        " b.click(); b.click(); b.click(); }"
    )
    phone.wait_for("sending")
    phone.tab.locator("[data-send-now]").tap()
    held_up[0].continue_()
    phone.wait_for("done")
    assert len(held_up) == 1
    assert held().count() == 1


def test_a_record_of_an_older_page_arrives_and_the_page_says_that_there_is_a_newer(
    leader: Any, phone_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S7: the server was updated while the record waited."""
    phone = phone_of(leader, worker=False)
    phone.cut()
    phone.enter(29)
    monkeypatch.setattr("activities.phone_api.app_version", lambda: "newer")
    assert version.app_version() != "newer"
    phone.cut(False)
    phone.wait_for("done")
    phone.tab.wait_for_selector("[data-reload]")
    assert held().get().participants == 29


def test_a_new_worker_takes_over(leader: Any, phone_of: Any, monkeypatch: Any) -> None:
    phone = phone_of(leader)
    wait_for_worker(phone)
    monkeypatch.setattr("activities.views.shell.app_version", lambda: "newer")
    phone.tab.evaluate("navigator.serviceWorker.ready.then(found => found.update())")
    phone.tab.wait_for_function("() => caches.keys().then(names => names.join() === 'phone-newer')")
    phone.cut()
    phone.tab.reload()
    phone.ready()
    assert phone.tab.locator(f'[data-card="{HOBBY_GRID}"]').is_visible()


def test_who_left_office_still_gets_rid_of_what_waits(leader: Any, phone_of: Any) -> None:
    """S7, pitfall 11: accepted with the authority of the day it was held."""
    from grids.models import Appointment

    phone = phone_of(leader, worker=False)
    phone.cut()
    phone.enter(23)
    Appointment.objects.filter(person=leader.person).update(ended_on=today())
    phone.tab.context.set_offline(False)
    phone.open()
    phone.wait_for("done")
    assert held().get().participants == 23


def test_signed_out_meanwhile_it_waits_for_the_next_sign_in(leader: Any, phone_of: Any) -> None:
    """S7: a password that was changed ends the session, not the record."""
    phone = phone_of(leader, worker=False)
    context = phone.tab.context
    phone.cut()
    phone.enter(26)
    context.clear_cookies()
    phone.cut(False)
    phone.tab.locator("[data-send-now]").tap()
    phone.tab.wait_for_selector("[data-section=nobody]")
    assert phone.stored("records")[0]["state"] == "waiting"
    assert "广场舞" not in phone.tab.locator("[data-view=today]").inner_text()

    phone.sign_in(leader)
    phone.open()
    phone.wait_for("done")
    assert held().get().participants == 26


def test_the_worker_sends_when_the_network_returns(leader: Any, phone_of: Any) -> None:
    """Background sync: nobody has the page open."""
    phone = phone_of(leader)
    wait_for_worker(phone)
    phone.cut()
    phone.enter(27)
    phone.wait_for("waiting")
    context = phone.tab.context
    # The page's own contacts come to nothing from now on; the worker's do not pass through here.
    phone.tab.goto("about:blank")
    context.set_offline(False)
    tab = context.new_page()
    tab.route("**/api/v1/outbox/**", lambda route: route.abort())
    tab.goto("/m/shell/")
    devtools = context.new_cdp_session(tab)
    found: list[Any] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated", lambda e: found.extend(e["registrations"])
    )
    devtools.send("ServiceWorker.enable")
    tab.wait_for_timeout(300)
    event = {
        "origin": tab.evaluate("location.origin"),
        "registrationId": found[0]["registrationId"],
        "tag": "outbox",
        "lastChance": False,
    }
    # As the browser does, again after a pause: what was tried a moment ago waits for its own.
    for _time in range(10):
        devtools.send("ServiceWorker.dispatchSyncEvent", event)
        tab.wait_for_timeout(1500)
        if "done" in Phone(tab).states():
            break
    Phone(tab).wait_for("done")
    assert held().get().participants == 27


@pytest.mark.parametrize("hours", [-24 * 365, -7, 5, 24], ids=str)
def test_a_phone_whose_clock_is_wrong_logs_the_right_day(
    leader: Any, phone_of: Any, hours: int
) -> None:
    """S5: the phone's clock is set wrong after the last contact, and stays so."""
    phone = phone_of(leader, worker=False)
    phone.cut()
    phone.tab.evaluate(
        "by => { const now = Date.now.bind(Date); Date.now = () => now() + by * 3600 * 1000; }",
        hours,
    )
    before = Session.objects.count()
    form = phone.open_form()
    form.locator('[name="start_time"]').fill("00:00")
    form.locator('[name="minutes"]').fill("1")
    form.locator('[data-ago="0"]').tap()
    form.locator('[name="start_time"]').fill("00:00")
    form.locator("button[type=submit]").tap()
    phone.wait_for("waiting")
    phone.cut(False)
    phone.wait_for("done")
    assert Session.objects.count() == before + 1
    assert Session.objects.order_by("-logged_at")[0].held_on == today()
