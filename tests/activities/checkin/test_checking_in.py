"""A resident scans and taps: counted once a day, nothing kept that is not said."""

from __future__ import annotations

import time as clock
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache

from accounts.models import AuditEntry
from activities.actions.checkin import forget_check_ins
from activities.checkin import codes, limits
from activities.checkin.reading import checked_in
from activities.models import CheckIn
from activities.tasks import forget_check_ins as nightly
from coverage.models import StaleMark
from jiaozuo_grid.lasting import today
from jiaozuo_grid.periodic import declared
from stations.models import Station
from tests import builders as b
from tests.activities.checkin.acting import check_in, phone, scanned, ticket_in

pytestmark = pytest.mark.django_db
CONSENT = {"consent": "on", "longitude": "112.93871", "latitude": "35.08764"}


@pytest.fixture(autouse=True)
def city() -> None:
    cache.clear()
    b.small_city()


@pytest.fixture
def station() -> Station:
    return b.station()


def test_one_tap_counts_one() -> None:
    client = phone()
    answer = check_in(client)
    assert answer.status_code == 302
    assert "data-checked-in" in client.get(answer["Location"]).content.decode()
    row = CheckIn.objects.get()
    assert (row.area_code, row.held_on, row.person, row.longitude) == (
        b.HOBBY_GRID,
        today(),
        None,
        None,
    )


def test_the_same_phone_counts_once_a_day_and_another_one_too() -> None:
    client = phone()
    for _time in range(3):
        check_in(client)
    check_in(phone())
    assert CheckIn.objects.count() == 2


def test_a_second_tap_of_the_same_page_counts_once() -> None:
    client, path = phone(), scanned()
    ticket = ticket_in(client.get(path))
    for _time in range(2):
        client.post(path, {"ticket": ticket})
    assert CheckIn.objects.count() == 1


def test_the_same_phone_on_another_day_is_another_number() -> None:
    """What is stored of a phone does not lead from one day to the next."""
    from activities.checkin.browsers import hash_of

    here = hash_of("x" * 22)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("activities.checkin.browsers.today", lambda: today() + timedelta(days=1))
        assert hash_of("x" * 22) != here


def test_the_cookie_ends_with_the_day_and_is_no_scripts_business() -> None:
    client = phone()
    client.get(scanned())
    cookie = client.cookies["checkin"]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"]) == ("Lax", "/c/")
    assert 0 < int(cookie["max-age"]) <= 24 * 3600
    check_in(client)
    assert cookie.value not in str(CheckIn.objects.values().get())


# --- the code that changes ---


def test_a_code_is_good_for_this_half_minute_and_the_next() -> None:
    """P6: replayed after it ended, it opens nothing."""
    now = clock.time()
    code = codes.code_of(b.HOBBY_GRID, now)
    assert codes.is_good(code, now)
    assert codes.is_good(code, now + codes.STEP)
    assert not codes.is_good(code, now + 2 * codes.STEP)
    assert not codes.is_good(code, now - codes.STEP)


def test_a_code_of_one_hobby_grid_opens_no_other() -> None:
    code = codes.code_of(b.HOBBY_GRID)
    assert not codes.is_good(code.replace(b.HOBBY_GRID, b.OTHER_HOBBY_GRID))


def test_an_old_code_says_to_scan_again_and_names_nothing() -> None:
    old = codes.code_of(b.HOBBY_GRID, clock.time() - 3 * codes.STEP)
    answer = phone().get(scanned(old))
    assert answer.status_code == 410
    assert "广场舞队" not in answer.content.decode()
    assert ticket_in(answer) == ""


def test_who_reads_first_is_not_hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page was opened with a good code; the tap comes minutes later."""
    client, path = phone(), scanned(codes.code_of(b.HOBBY_GRID))
    ticket = ticket_in(client.get(path))
    monkeypatch.setattr(codes, "is_good", lambda code: False)
    assert client.post(path, {"ticket": ticket}).status_code == 302
    assert CheckIn.objects.count() == 1


def test_a_ticket_is_good_on_its_own_phone_only() -> None:
    """P6: a link or a form that is passed on lets nobody else in."""
    path = scanned()
    ticket = ticket_in(phone().get(path))
    other = phone()
    other.get(path)
    assert other.post(path, {"ticket": ticket}).status_code in (410, 422)
    assert not CheckIn.objects.exists()


def test_an_old_ticket_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    client, path = phone(), scanned()
    ticket = ticket_in(client.get(path))
    monkeypatch.setattr(codes, "TICKET_SECONDS", -1)
    monkeypatch.setattr(codes, "is_good", lambda code: False)
    assert client.post(path, {"ticket": ticket}).status_code == 410
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize(
    "code", ["x", "-", b.HOBBY_GRID, f"{b.HOBBY_GRID}-", f"{b.HOBBY_GRID}-{'A' * 22}", "4" * 40]
)
def test_what_is_no_code_opens_nothing_and_asks_the_database_nothing(
    code: str, django_assert_num_queries: Any
) -> None:
    """P7: guessing costs us nothing, and says nothing of what exists (P4)."""
    client = phone()
    with django_assert_num_queries(0):
        assert client.get(f"/c/{code}/").status_code == 410


def test_ten_thousand_guesses_open_nothing_and_lock_nobody_out() -> None:
    """P7: an office of 200 behind one address still works, whoever guesses there."""
    good = {codes._mac(b.HOBBY_GRID, codes._step(None) - n) for n in range(2)}
    guesses = (f"{b.HOBBY_GRID}-{n:022d}" for n in range(10_000))
    assert not any(codes.is_good(guess) for guess in guesses)
    assert all(len(mac) == 22 for mac in good)
    answers = [phone().get(scanned(f"{b.HOBBY_GRID}-{n:022d}")).status_code for n in range(60)]
    assert answers[: limits.WRONG_CODES] == [410] * limits.WRONG_CODES
    assert set(answers[limits.WRONG_CODES :]) == {429}
    assert check_in(phone()).status_code == 302


def test_two_hundred_of_one_office_check_in() -> None:
    """P7: one address is many people."""
    path = scanned()
    assert {check_in(phone(), path).status_code for _n in range(200)} == {302}
    assert checked_in([b.HOBBY_GRID], today()) == {b.HOBBY_GRID: 200}


def test_a_machine_that_forgets_its_cookie_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """P7, pitfall 21: a forged forwarding header makes no new address."""
    monkeypatch.setattr(limits, "OF_ADDRESS", 3)
    path = scanned()
    answers = [
        check_in(phone(HTTP_X_FORWARDED_FOR=f"198.51.100.{n}"), path).status_code for n in range(6)
    ]
    assert answers == [302, 302, 302, 429, 429, 429]
    assert check_in(phone("203.0.113.8"), path).status_code == 302


def test_a_place_takes_so_many_a_day(settings: Any) -> None:
    settings.PARTICIPANTS_AT_MOST = 2
    path = scanned()
    answers = [check_in(phone(f"203.0.113.{n}"), path).status_code for n in range(3)]
    assert answers == [302, 302, 429]


def test_without_a_cache_people_still_check_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """J3: a Redis that is away keeps nobody out."""

    def away(*_args: Any, **_options: Any) -> Any:
        raise ConnectionError

    monkeypatch.setattr(cache, "add", away)
    assert check_in(phone()).status_code == 302


def test_a_hobby_grid_that_ended_takes_none() -> None:
    path = scanned()
    b.HobbyGrid.objects.filter(area_code=b.HOBBY_GRID).update(ended_on=today())
    assert phone().get(path).status_code == 410


# --- the position ---


def test_a_position_is_kept_only_with_consent_and_coarse() -> None:
    check_in(phone(), **CONSENT)
    check_in(phone(), **{**CONSENT, "consent": ""})
    kept = list(CheckIn.objects.order_by("pk").values_list("longitude", "latitude"))
    assert kept == [(112.94, 35.09), (None, None)]


@pytest.mark.parametrize(
    "sent", [("x", "35"), ("nan", "35"), ("inf", "35"), ("0", "0"), ("112.9", ""), ("1e999", "35")]
)
def test_a_position_that_cannot_be_is_left_out_and_the_check_in_counts(sent: Any) -> None:
    answer = check_in(phone(), consent="on", longitude=sent[0], latitude=sent[1])
    assert answer.status_code == 302
    assert CheckIn.objects.get().longitude is None


def test_a_consent_that_is_taken_back_holds_at_once() -> None:
    """V3."""
    client, path = phone(), scanned()
    check_in(client, path, **CONSENT)
    client.post(path, {"forget": "1"})
    row = CheckIn.objects.get()
    assert (row.longitude, row.latitude) == (None, None)


# --- with an account ---


def test_who_is_signed_in_is_named_or_only_counted_as_they_like() -> None:
    named, counted = b.user("grid_leader", b.GRID), b.user("grid_leader", b.OTHER_GRID)
    for user, sent in ((named, {}), (counted, {"unnamed": "1"})):
        client = phone()
        client.force_login(user)
        check_in(client, **sent)
    assert list(CheckIn.objects.order_by("pk").values_list("person", flat=True)) == [
        named.person_id,
        None,
    ]


def test_a_person_counts_once_a_day_whatever_the_phone() -> None:
    user = b.user("grid_leader", b.GRID)
    for _phone in range(2):
        client = phone()
        client.force_login(user)
        check_in(client)
    assert CheckIn.objects.count() == 1


# --- at a station ---


def test_the_stations_public_page_leads_there(station: Station) -> None:
    path = f"/c/s/{station.token}/"
    assert f'href="{path}"' in phone().get(f"/s/{station.token}/").content.decode()
    assert check_in(phone(), path).status_code == 302
    row = CheckIn.objects.get()
    assert (row.station, row.area_code) == (station, b.VILLAGE)
    assert checked_in([b.VILLAGE, b.HOBBY_GRID], today()) == {}


def test_one_phone_checks_in_at_a_session_and_at_a_station(station: Station) -> None:
    client = phone()
    check_in(client)
    check_in(client, f"/c/s/{station.token}/")
    check_in(client, f"/c/s/{station.token}/")
    assert CheckIn.objects.count() == 2


def test_a_page_that_lay_open_asks_for_another_tap(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, path = phone(), f"/c/s/{station.token}/"
    client.get(path)
    answer = client.post(path, {"ticket": "old"})
    assert (answer.status_code, bool(ticket_in(answer))) == (422, True)
    assert client.post(path, {"ticket": ticket_in(answer)}).status_code == 302


def test_a_closed_or_unknown_station_is_not_there(station: Station) -> None:
    assert phone().get("/c/s/nothing/").status_code == 404
    Station.objects.update(ended_on=today())
    assert phone().get(f"/c/s/{station.token}/").status_code == 404


# --- what is kept, and for how long ---


@pytest.mark.parametrize("kind", ["session", "station"])
def test_the_pages_are_kept_by_no_cache_and_no_search_engine(kind: str, station: Station) -> None:
    answer = phone().get(scanned() if kind == "session" else f"/c/s/{station.token}/")
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"


def test_the_page_says_nothing_of_anybody() -> None:
    """V5."""
    who = b.person(b.GRID, "赵铁柱", phone="13812345678")
    b.appoint(who, "grid_member", b.HOBBY_GRID)
    shown = phone().get(scanned()).content.decode()
    assert "赵铁柱" not in shown


def test_neither_address_nor_phone_nor_position_is_in_the_trail() -> None:
    """V2: the trail is kept for ever, these are not."""
    client = phone("203.0.113.99")
    check_in(client, **CONSENT)
    entry = AuditEntry.objects.get(verb="check in")
    row = CheckIn.objects.get()
    assert (entry.actor, entry.address) == (None, None)
    said = str(entry.after)
    assert row.browser not in said
    assert "112.9" not in said


def test_after_thirty_days_only_the_count_remains() -> None:
    """V3, pitfall 27."""
    check_in(phone(), **CONSENT)
    check_in(phone())
    for days, left in ((30, 2), (31, 0)):
        CheckIn.objects.update(held_on=today() - timedelta(days=days))
        nightly()
        assert CheckIn.objects.exclude(browser="").count() == left
    assert CheckIn.objects.count() == 2
    assert not CheckIn.objects.filter(longitude__isnull=False).exists()
    assert AuditEntry.objects.get(verb="forget").after == {"checkin": 2}
    assert forget_check_ins() == 0


def test_forgetting_stands_in_the_nights_work() -> None:
    assert declared()["forget-check-ins"].work is nightly


def test_a_check_in_is_in_no_figure() -> None:
    """A rule of the land: it is nobody's duty, so nothing is judged by it."""
    before = StaleMark.objects.count()
    check_in(phone())
    assert StaleMark.objects.count() == before
