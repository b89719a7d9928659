"""A phone that several people use: nothing of one is shown to or sent by another (S7)."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from activities.models import Session, WaitingRecord
from activities.outbox.author import author_key
from grids.merging import merge_people
from tests.activities.acting import yesterday
from tests.builders import COUNTY, HOBBY_GRID, OTHER_GRID, OTHER_HOBBY_GRID, user

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def held() -> Any:
    return Session.objects.standing().filter(held_on=yesterday())


def until(phone: Any, condition: Callable[[], bool]) -> None:
    """What the phone does by itself is waited for."""
    for _time in range(50):
        if condition():
            return
        phone.tab.wait_for_timeout(200)
    assert condition()


def drawn() -> bytes:
    out = BytesIO()
    Image.new("RGB", (400, 300), "teal").save(out, "PNG")
    return out.getvalue()


def test_another_user_sees_only_how_many_wait_and_sends_none(leader: Any, phone_of: Any) -> None:
    phone = phone_of(leader)
    phone.cut()
    phone.enter(33, note="只有我知道")
    other = user("grid_leader", OTHER_GRID)
    phone.sign_in(other)
    phone.cut(False)
    sent: list[str] = []
    phone.tab.context.on(
        "request",
        lambda r: (
            sent.append(json.loads(r.post_data)["author"])
            if r.url.endswith("/api/v1/outbox/")
            else None
        ),
    )
    phone.open()
    phone.tab.wait_for_selector("[data-others]")

    assert "1" in phone.tab.locator("[data-others]").inner_text()
    assert phone.states() == []
    assert "只有我知道" not in phone.tab.content()
    phone.open_form(OTHER_HOBBY_GRID).locator("button[type=submit]").tap()
    phone.wait_for("done")
    assert set(sent) == {author_key(other)}
    assert not Session.objects.filter(participants=33).exists()
    authors = {row["author"] for row in phone.stored("bundles")}
    assert authors == {author_key(other)}

    phone.sign_in(leader)
    phone.open()
    phone.wait_for("done")
    session = Session.objects.get(participants=33)
    assert (session.logged_by_id, session.note) == (leader.pk, "只有我知道")


def test_another_user_of_the_same_group_does_not_send_it_either(leader: Any, phone_of: Any) -> None:
    phone = phone_of(leader)
    phone.cut()
    phone.enter(34)
    phone.sign_in(user("grid_member", HOBBY_GRID))
    phone.cut(False)
    # The page is still open: its next contact finds that somebody else is signed in.
    phone.tab.locator("[data-send-now]").tap()
    phone.tab.wait_for_selector("[data-others]")
    assert phone.states() == []
    assert not held().exists()
    assert phone.stored("records")[0]["state"] == "waiting"


def test_what_waits_in_the_name_of_a_merged_account_goes_in_its_persons(
    leader: Any, phone_of: Any
) -> None:
    twice = user("grid_member", HOBBY_GRID)
    phone = phone_of(twice)
    phone.cut()
    phone.enter(35)
    merge_people(user("county_official", COUNTY), leader.person, twice.person)
    phone.sign_in(leader)
    phone.cut(False)
    phone.open()
    phone.wait_for("done")
    session = Session.objects.get(participants=35)
    assert session.logged_by == leader


def test_the_photo_of_a_merged_account_goes_in_its_persons_name(leader: Any, phone_of: Any) -> None:
    """Its record had gone before; only the photo waits."""
    twice = user("grid_member", HOBBY_GRID)
    phone = phone_of(twice)
    phone.tab.route("**/api/v1/outbox/photos/**", lambda route: route.abort())
    form = phone.open_form()
    form.locator("summary").first.tap()
    picture = {"name": "square.png", "mimeType": "image/png", "buffer": drawn()}
    form.locator('[name="photo"]').set_input_files(picture)
    form.locator("button[type=submit]").tap()
    phone.wait_for("done")
    merge_people(user("county_official", COUNTY), leader.person, twice.person)
    phone.tab.unroute("**/api/v1/outbox/photos/**")
    phone.sign_in(leader)
    phone.open()
    until(phone, lambda: phone.stored("photos") == [])
    assert Session.objects.exclude(photo="").get().logged_by == twice


def test_signing_out_asks_when_something_waits(leader: Any, phone_of: Any) -> None:
    phone = phone_of(leader)
    phone.cut()
    phone.enter(21)
    phone.tab.locator("[data-sign-out] button").tap()
    question = phone.tab.locator("[data-leaving]")
    question.wait_for()
    assert "1" in question.locator("[data-count]").inner_text()
    question.locator('[data-leave="stay"]').tap()
    question.wait_for(state="hidden")

    phone.tab.locator("[data-sign-out] button").tap()
    question.wait_for()
    phone.cut(False)
    question.locator('[data-leave="send"]').tap()
    phone.wait_for("done")
    assert held().get().participants == 21


def test_signing_out_on_another_page_asks_too(leader: Any, phone_of: Any) -> None:
    phone = phone_of(leader)
    phone.tab.route("**/api/v1/outbox/", lambda route: route.abort())
    phone.enter(22)
    phone.tab.goto("/sessions/")
    phone.tab.locator("[data-menu] > summary").first.tap()
    phone.tab.locator("[data-sign-out] button").tap()
    question = phone.tab.locator("[data-leaving]")
    question.wait_for()
    assert "1" in question.locator("[data-count]").inner_text()

    question.locator('[data-leave="keep"]').tap()
    phone.tab.wait_for_url("**/sign-in/**")
    assert len(phone.stored("records")) == 1


def test_signing_out_on_another_page_without_a_network_leaves_that_page(
    leader: Any, phone_of: Any
) -> None:
    phone = phone_of(leader)
    phone.tab.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.tab.goto("/sessions/")
    phone.cut()
    phone.tab.locator("[data-menu] > summary").first.tap()
    phone.tab.locator("[data-sign-out] button").tap()
    phone.tab.wait_for_url("**/m/")
    phone.tab.wait_for_selector("[data-section=nobody]")


def test_signing_out_on_another_page_without_network_and_worker_shows_nobody(
    leader: Any, phone_of: Any
) -> None:
    phone = phone_of(leader, worker=False)
    phone.tab.goto("/sessions/")
    phone.cut()
    phone.tab.locator("[data-menu] > summary").first.tap()
    phone.tab.locator("[data-sign-out] button").tap()
    phone.tab.locator("[data-signed-out]").wait_for()
    assert leader.person.name not in phone.tab.locator("body").inner_text()

    phone.cut(False)
    phone.tab.wait_for_url("**/sign-in/**")


def test_what_a_merged_account_discarded_is_not_lost(leader: Any, phone_of: Any) -> None:
    twice = user("grid_member", HOBBY_GRID)
    phone = phone_of(twice)
    phone.tab.route("**/api/v1/outbox/", lambda route: route.abort())
    phone.enter(35)
    phone.enter(36, hour=20)
    phone.wait_for("waiting", 2)
    until(phone, lambda: WaitingRecord.objects.filter(user=twice).count() == 2)
    phone.cut()
    phone.way("discard")
    phone.way("discard-yes")
    phone.wait_for("waiting", 1)
    merge_people(user("county_official", COUNTY), leader.person, twice.person)
    phone.tab.unroute("**/api/v1/outbox/")
    phone.sign_in(leader)
    phone.cut(False)
    phone.open()
    phone.wait_for("done")
    until(phone, lambda: not WaitingRecord.objects.exists())


def test_kept_on_the_phone_it_goes_when_its_author_returns(leader: Any, phone_of: Any) -> None:
    phone = phone_of(leader, worker=False)
    phone.tab.route("**/api/v1/outbox/", lambda route: route.abort())
    phone.enter(21)
    phone.wait_for("waiting")
    phone.tab.locator("[data-sign-out] button").tap()
    phone.tab.locator('[data-leave="keep"]').tap()
    phone.tab.wait_for_url("**/sign-in/**")
    note = phone.tab.locator("[data-waiting-here]")
    note.wait_for()
    assert "1" in note.inner_text()
    phone.tab.unroute("**/api/v1/outbox/")

    phone.sign_in(leader)
    phone.open()
    phone.wait_for("done")
    assert held().get().logged_by_id == leader.pk


def test_signing_out_without_a_network_hides_everything_and_happens_later(
    leader: Any, phone_of: Any
) -> None:
    phone = phone_of(leader)
    phone.tab.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.cut()
    phone.enter(21)
    phone.tab.locator("[data-sign-out] button").tap()
    phone.tab.locator('[data-leave="keep"]').tap()
    phone.tab.wait_for_selector("[data-section=nobody]")
    for _time in range(2):
        text = phone.tab.locator("body").inner_text()
        assert "广场舞" not in text
        assert leader.person.name not in text
        assert phone.states() == []
        phone.tab.reload()
        phone.ready()

    phone.cut(False)
    phone.tab.goto("/m/")
    phone.tab.wait_for_function(
        "() => fetch('/api/v1/phone/').then(answer => answer.status === 403)"
    )
    assert "广场舞" not in phone.tab.locator("body").inner_text()
    assert not held().exists()
    assert phone.stored("records")[0]["state"] == "waiting"
