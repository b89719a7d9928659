"""What waits on phones is known by id and age, and what is lost is noticed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEntry, User
from activities.models import Session, WaitingRecord
from activities.outbox.author import author_key
from grids.merging import merge_people
from jiaozuo_grid.lasting import today
from tests import builders as b
from tests.activities.acting import FORM, body, log
from tests.activities.outbox.phone import MANIFEST, Phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone() -> Phone:
    b.small_city()
    return Phone(b.user("grid_leader", b.GRID))


def waiting(**other: object) -> list[str]:
    rows = WaitingRecord.objects.filter(**other).order_by("since", "pk")
    return [str(key) for key in rows.values_list("pk", flat=True)]


def test_what_waits_is_noted_with_its_age_and_never_its_content(phone: Phone) -> None:
    sent = phone.log(made_at=timezone.now() - timedelta(days=3))

    answer = phone.report(sent)

    assert answer.status_code == 200
    assert {"now", "version"} <= set(answer.json())
    row = WaitingRecord.objects.get()
    assert (str(row.pk), str(row.phone), row.user) == (sent["id"], phone.phone, phone.user)
    assert row.area_code == b.GRID
    assert timezone.now() - row.since > timedelta(days=2)


def test_said_again_it_is_noted_once(phone: Phone) -> None:
    sent = phone.log()
    phone.report(sent)
    WaitingRecord.objects.update(seen_at=timezone.now() - timedelta(days=1))
    phone.report(sent)
    assert timezone.now() - WaitingRecord.objects.get().seen_at < timedelta(hours=1)


def test_a_clock_that_runs_ahead_does_not_wait_since_tomorrow(phone: Phone) -> None:
    phone.report(phone.log(made_at=timezone.now() + timedelta(days=2)))
    assert WaitingRecord.objects.get().since <= timezone.now()


@pytest.mark.parametrize("since", [None, "", "+020000-01-01T00:00:00Z", "yesterday"])
def test_an_age_that_cannot_be_read_holds_nothing_up(phone: Phone, since: str | None) -> None:
    answer = phone.report(waiting=[[str(uuid4()), since]])
    assert answer.status_code == 200
    assert WaitingRecord.objects.count() == 1


def test_it_goes_when_the_record_arrives(phone: Phone) -> None:
    sent = phone.log()
    phone.report(sent)
    phone.send(sent)
    assert waiting() == []


def test_it_goes_when_the_record_arrives_by_the_ordinary_form(phone: Phone) -> None:
    sent = phone.log()
    phone.report(sent)
    values = {name: value for name, value in body(id=sent["id"]).items() if name != "area_code"}
    phone.client.post(FORM, values)
    assert waiting() == []


def test_the_phone_is_told_what_arrived(phone: Phone) -> None:
    """S2: the answer was lost after the commit."""
    sent, correction = phone.log(), phone.log(start_time=today_at(6))
    amended = phone.correct(sent, participants=9)
    for one in (sent, amended):
        phone.send(one)
    answer = phone.report(sent, correction, amended)
    assert set(answer.json()["arrived"]) == {sent["id"], amended["id"]}
    assert waiting() == [correction["id"]]


def today_at(hour: int) -> object:
    return timezone.localtime().replace(hour=hour, minute=0).time()


def test_what_a_phone_reports_no_more_and_never_sent_is_lost(phone: Phone) -> None:
    """Pitfall 14: storage that was emptied is noticed."""
    gone, stays = phone.log(), phone.log()
    phone.report(gone, stays)

    lost = phone.report(stays).json()["lost"]

    assert [one["id"] for one in lost] == [gone["id"]]
    assert waiting(lost_at__isnull=False) == [gone["id"]]


def test_what_turns_up_again_is_lost_no_more(phone: Phone) -> None:
    sent = phone.log()
    phone.report(sent)
    phone.report()
    assert phone.report(sent).json()["lost"] == []
    assert waiting(lost_at__isnull=True) == [sent["id"]]


def test_another_phone_of_the_same_person_loses_nothing(phone: Phone) -> None:
    other = Phone(phone.user)
    here, there = phone.log(), other.log()
    phone.report(here)
    other.report(there)
    assert phone.report(here).json()["lost"] == []
    assert len(waiting(lost_at__isnull=True)) == 2


def test_a_phone_that_is_silent_for_a_week_while_another_is_used_has_lost_it(phone: Phone) -> None:
    """A browser whose storage was emptied comes back as another phone."""
    sent = phone.log()
    phone.report(sent)
    WaitingRecord.objects.update(seen_at=timezone.now() - timedelta(days=8))
    assert [one["id"] for one in Phone(phone.user).report().json()["lost"]] == [sent["id"]]


def test_what_is_entered_again_closes_the_loss(phone: Phone) -> None:
    sent = phone.log()
    early = phone.correct(sent, participants=9)
    phone.report(sent)
    phone.send(early)
    phone.report()

    assert phone.send(phone.log(replaces=sent["id"])).status_code == 201

    assert waiting() == []
    settled = phone.report(kept=[early["id"]]).json()["settled"]
    assert settled[0]["answer"]["code"] == "replaced"


def test_a_refused_record_closes_no_loss(phone: Phone) -> None:
    sent = phone.log()
    phone.report(sent)
    assert phone.send(phone.log(replaces=sent["id"], participants=0)).status_code == 422
    assert waiting() == [sent["id"]]


def test_what_is_discarded_on_purpose_is_looked_for_no_more(phone: Phone) -> None:
    sent = phone.log()
    early = phone.correct(sent, participants=9)
    follows = phone.correct(sent, early, participants=10)
    phone.report(sent)
    for one in (early, follows):
        phone.send(one)

    answer = phone.report(discarded=[sent["id"]], kept=[early["id"], follows["id"]])

    assert answer.json()["lost"] == []
    assert waiting() == []
    assert {one["answer"]["code"] for one in answer.json()["settled"]} == {"discarded"}
    assert AuditEntry.objects.filter(verb="discard", actor=phone.user).count() == 1


def test_ids_of_others_are_neither_taken_nor_told(phone: Phone) -> None:
    """P4: nothing of another person, whatever ids are named."""
    other = Phone(b.user("grid_leader", b.OTHER_GRID))
    theirs, arrived = other.log(), log(other.user, area_code=b.OTHER_HOBBY_GRID)
    early = other.correct(theirs, participants=9)
    other.report(theirs)
    other.send(early)

    named = [[theirs["id"], None], [str(arrived.pk), None]]
    answer = phone.report(waiting=named, kept=[early["id"]], discarded=[theirs["id"]]).json()
    assert phone.report(waiting=named[1:]).json()["lost"] == []
    assert phone.send(phone.log(replaces=theirs["id"])).status_code == 201

    assert answer["arrived"] == answer["lost"] == []
    assert answer["settled"] == [{"id": early["id"], "state": "unknown", "answer": {}}]
    assert waiting(user=other.user) == [theirs["id"]]
    assert other.report(theirs, kept=[early["id"]]).json()["settled"] == []


def test_only_the_author_is_heard(phone: Phone) -> None:
    other = Phone(b.user("grid_leader", b.OTHER_GRID))
    answer = other.report(phone.log(), author=phone.author)
    assert (answer.status_code, answer.json()) == (403, {"code": "author"})
    assert waiting() == []


def test_nobody_signed_in_is_heard() -> None:
    answer = Client().post(MANIFEST, {"author": "x"}, content_type="application/json")
    assert answer.status_code == 403


def test_who_left_office_stands_where_the_last_post_was(phone: Phone) -> None:
    """S7: so that the officer there sees it."""
    left = Phone(b.user("grid_leader", b.OTHER_GRID, ended_on=today()))
    left.report(left.log())
    assert WaitingRecord.objects.get().area_code == b.OTHER_GRID


def test_a_post_that_has_not_begun_is_not_where_the_last_one_was() -> None:
    b.small_city()
    left = Phone(b.user("grid_leader", b.OTHER_GRID, ended_on=today()))
    soon = {"started_on": today() + timedelta(days=9), "ended_on": today() + timedelta(days=99)}
    b.appoint(left.user.person, "grid_leader", b.GRID, **soon)
    left.report(left.log())
    assert WaitingRecord.objects.get().area_code == b.OTHER_GRID


def test_many_at_once_hold_nothing_up_and_lose_nothing(phone: Phone) -> None:
    many = [[str(UUID(int=n)), timezone.now().isoformat()] for n in range(1, 1203)]
    phone.report(waiting=many)
    assert phone.report(waiting=many).json()["lost"] == []
    assert WaitingRecord.objects.count() == 1000


def merged_into(user: User) -> Phone:
    """The phone of an account of the same person, whose entry was merged and account closed."""
    other = Phone(b.user("grid_member", b.HOBBY_GRID))
    other.report(other.log())
    merge_people(b.user("county_official", b.COUNTY), user.person, other.user.person)
    return other


def test_what_waits_for_a_merged_account_is_its_persons(phone: Phone) -> None:
    other = merged_into(phone.user)
    stranger = Phone(b.user("grid_leader", b.OTHER_GRID))

    answer = phone.report(others=[other.author, stranger.author, "?"])

    assert answer.json()["yours"] == [other.author]
    assert WaitingRecord.objects.get().user == phone.user


def test_nobody_elses_account_is_theirs(phone: Phone) -> None:
    other = merged_into(phone.user)
    stranger = Phone(b.user("grid_leader", b.OTHER_GRID))

    answer = stranger.report(others=[other.author, phone.author])

    assert answer.json()["yours"] == []
    assert WaitingRecord.objects.get().user == other.user


def test_what_was_just_taken_over_is_not_lost(phone: Phone) -> None:
    """The phone names it with its next contact, when it has taken it over too."""
    other = merged_into(phone.user)
    WaitingRecord.objects.update(phone=phone.phone)

    answer = phone.report(others=[other.author])

    assert answer.json()["lost"] == []
    assert WaitingRecord.objects.get().lost_at is None


def test_what_merged_accounts_left_is_taken_over_after_several_merges(phone: Phone) -> None:
    """Merging leaves no chain: who was merged before is merged into the one that stays."""
    second = b.user("grid_member", b.HOBBY_GRID)
    first = merged_into(second)
    merge_people(b.user("county_official", b.COUNTY), phone.user.person, second.person)

    answer = phone.report(others=[first.author, author_key(second)])

    assert set(answer.json()["yours"]) == {first.author, author_key(second)}
    assert WaitingRecord.objects.get().user == phone.user


def test_a_correction_that_a_merged_account_sent_too_early_is_theirs(phone: Phone) -> None:
    """It waits for its record at the server, and the phone asks what became of it."""
    other = Phone(b.user("grid_member", b.HOBBY_GRID))
    record = other.log()
    early = other.correct(record, participants=9)
    other.send(early)
    merge_people(b.user("county_official", b.COUNTY), phone.user.person, other.user.person)

    phone.report(others=[other.author])
    phone.send({**record, "author": phone.author})
    answer = phone.report(kept=[early["id"]])

    assert answer.json()["settled"][0]["state"] == "done"
    assert Session.objects.get(pk=record["id"]).participants == 9


def test_what_a_merged_account_sent_before_is_known_when_it_comes_again(phone: Phone) -> None:
    """The answer was lost, the entries were merged, and the phone sends it in the other's name."""
    other = Phone(b.user("grid_member", b.HOBBY_GRID))
    record = other.log()
    correction = other.correct(record, participants=9)
    for one in (record, correction):
        other.send(one)
    merge_people(b.user("county_official", b.COUNTY), phone.user.person, other.user.person)
    phone.report(others=[other.author])

    answers = [phone.send({**one, "author": phone.author}) for one in (record, correction)]

    assert [answer.status_code for answer in answers] == [200, 200]
    stored = Session.objects.get()
    assert (stored.version, stored.participants, stored.logged_by) == (2, 9, other.user)


def test_a_contact_with_nothing_to_say_takes_no_lock(phone: Phone) -> None:
    """Thousands of phones ask at once, most of them for nothing; some are shared."""
    stranger = Phone(b.user("grid_leader", b.OTHER_GRID))
    with CaptureQueriesContext(connection) as asked:
        phone.report(others=[stranger.author])
    assert [q["sql"] for q in asked if not q["sql"].startswith("SELECT")] == []
