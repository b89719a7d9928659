"""Amendments: kept until their turn, applied once, never over what somebody else wrote."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from activities.actions import correct_session
from activities.models import Session, SessionRevision, Submission
from activities.outbox import amending, tidying
from tests import builders as b
from tests.activities.acting import FORM, age, body, log, send
from tests.activities.outbox.phone import Phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone() -> Phone:
    b.small_city()
    return Phone(b.user("grid_leader", b.GRID))


def settled(phone: Phone, *submissions: dict[str, Any]) -> dict[str, Any]:
    """What the manifest says became of these, by id."""
    answer = phone.report(kept=[one["id"] for one in submissions])
    return {one["id"]: one for one in answer.json()["settled"]}


def test_a_correction_is_applied_once(phone: Phone) -> None:
    sent = phone.log()
    phone.send(sent)
    correction = phone.correct(sent, participants=41)

    first, again = phone.send(correction), phone.send(correction)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert first.json()["record"]["participants"] == 41
    revision = SessionRevision.objects.get()
    assert (str(revision.submission), revision.reason) == (correction["id"], "数错了")


def test_a_correction_before_its_record_is_kept_and_applied_when_it_comes(phone: Phone) -> None:
    """S4."""
    sent = phone.log()
    correction = phone.correct(sent, participants=41)
    early = phone.send(correction)
    assert (early.status_code, early.json()["state"]) == (202, "kept")
    assert settled(phone, correction) == {}

    assert phone.send(sent).json()["record"]["participants"] == 41

    assert settled(phone, correction)[correction["id"]]["state"] == "done"
    assert Session.objects.get().version == 2


def test_the_same_id_with_another_amendment_is_a_conflict(phone: Phone) -> None:
    """S3."""
    sent = phone.log()
    correction = phone.correct(sent, participants=41)
    for arrive in (lambda: None, lambda: phone.send(sent)):
        arrive()
        phone.send(correction)
        answer = phone.send({**correction, "body": {"reason": "数错了", "participants": 42}})
        assert (answer.status_code, answer.json()["fields"]) == (409, ["participants"])
    assert Session.objects.get().participants == 41


def test_somebody_elses_amendment_meanwhile_is_never_overwritten(phone: Phone) -> None:
    """Pitfall 12: a conflict that the author is told of."""
    sent = phone.log()
    phone.send(sent)
    officer = b.user("township_officer", b.TOWNSHIP)
    correct_session(officer, Session.objects.get(), version=1, reason="核实", participants=50)

    for amendment in (phone.correct(sent, participants=41), phone.withdraw(sent)):
        answer = phone.send(amendment)
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")

    row = Session.objects.get()
    assert (row.participants, row.withdrawn_at) == (50, None)


def test_who_saw_the_newest_version_may_amend_it(phone: Phone) -> None:
    session = log(phone.user)
    officer = b.user("township_officer", b.TOWNSHIP)
    correct_session(officer, session, version=1, reason="核实", participants=50)
    seen = phone.correct(session.pk, participants=41) | {"after": None}

    seen["body"]["version"] = 2

    assert phone.send(seen).status_code == 200
    assert Session.objects.get().participants == 41


def test_a_version_that_none_can_be_neither_breaks_nor_holds_up_its_record(phone: Phone) -> None:
    """A1: kept, it would be asked of the database whenever the record comes."""
    record = phone.log()
    odd = {**phone.correct(record, participants=31), "after": None}
    odd["body"]["version"] = 2**70

    assert phone.send(odd).status_code == 202
    assert phone.send(record).status_code == 201
    again = phone.send({**odd, "id": str(uuid4())})

    assert (again.status_code, again.json()["fields"]) == (409, ["version"])
    assert Session.objects.get().participants == 20


def test_what_follows_a_refused_amendment_is_refused_too(phone: Phone) -> None:
    sent = phone.log()
    bad = phone.correct(sent, participants=0)
    after_it = phone.correct(sent, bad, participants=41)
    for one in (after_it, bad, sent):
        phone.send(one)

    outcome = settled(phone, bad, after_it)

    assert outcome[bad["id"]]["answer"]["errors"]["participants"]
    refusal = outcome[after_it["id"]]["answer"]
    assert (refusal["state"], refusal["code"]) == ("refused", "predecessor")
    assert refusal["text"]
    assert Session.objects.get().version == 1


def test_a_refused_amendment_is_mended_under_the_same_id(phone: Phone) -> None:
    sent = phone.log()
    phone.send(sent)
    bad = phone.correct(sent, participants=0)
    assert phone.send(bad).status_code == 422

    mended = phone.send({**bad, "body": {"reason": "数错了", "participants": 41}})

    assert mended.status_code == 200
    assert Session.objects.get().participants == 41


def test_a_correction_that_changes_nothing_is_done_and_can_be_followed(phone: Phone) -> None:
    sent = phone.log(participants=20)
    nothing = phone.correct(sent, participants=20)
    then = phone.correct(sent, nothing, participants=41)

    statuses = [phone.send(one).status_code for one in (sent, nothing, then)]

    assert statuses == [201, 200, 200]
    assert Session.objects.get().version == 2


def test_a_record_that_came_by_the_ordinary_form_takes_what_was_kept(phone: Phone) -> None:
    sent = phone.log()
    correction = phone.correct(sent, participants=41)
    phone.send(correction)
    values = {name: value for name, value in body(id=sent["id"]).items() if name != "area_code"}

    assert phone.client.post(FORM, values).status_code == 302

    assert Session.objects.get().participants == 41
    assert settled(phone, correction)[correction["id"]]["state"] == "done"


def test_a_record_that_came_by_the_api_takes_what_was_kept(phone: Phone) -> None:
    sent = phone.log()
    phone.send(phone.withdraw(sent))
    send(phone.client, body(id=sent["id"]))
    assert Session.objects.get().withdrawn_at is not None


def test_a_foreign_session_is_not_amended(phone: Phone) -> None:
    foreign = log(b.user("grid_leader", b.OTHER_GRID), area_code=b.OTHER_HOBBY_GRID)
    answer = phone.send(phone.withdraw(foreign.pk))
    assert (answer.status_code, answer.json()["code"]) == (422, "out_of_reach")
    assert Session.objects.get().withdrawn_at is None


def test_the_id_of_somebody_elses_submission_is_taken_and_nothing_more(phone: Phone) -> None:
    sent = phone.log()
    correction = phone.correct(sent, participants=41)
    phone.send(correction)
    other = Phone(b.user("grid_member", b.HOBBY_GRID))
    answer = other.send({**correction, "author": other.author})
    assert (answer.status_code, answer.json()["fields"]) == (409, ["id"])
    assert settled(other, correction)[correction["id"]]["state"] == "unknown"


def test_an_early_amendment_is_applied_by_its_own_authors_authority(phone: Phone) -> None:
    """P3: whoever brings the record, an amendment of a stranger stays a stranger's."""
    stranger = Phone(b.user("grid_leader", b.OTHER_GRID))
    sent = phone.log()
    foreign = stranger.withdraw(sent)
    stranger.send(foreign)

    phone.send(sent)

    assert Session.objects.get().withdrawn_at is None
    assert settled(stranger, foreign)[foreign["id"]]["answer"]["code"] == "out_of_reach"


def test_after_seven_days_a_leader_is_told_who_may_amend(phone: Phone) -> None:
    session = log(phone.user)
    age(session, 8)
    answer = phone.send(phone.withdraw(session.pk))
    assert answer.status_code == 422
    assert "7" in answer.json()["text"]


def test_too_many_kept_are_asked_to_come_later(phone: Phone, monkeypatch: Any) -> None:
    monkeypatch.setattr(amending, "MOST_KEPT", 2)
    statuses = [phone.send(phone.withdraw(uuid4())).status_code for _ in range(3)]
    assert statuses == [202, 202, 429]
    assert Submission.objects.count() == 2


def test_an_amendment_that_was_never_heard_of_is_asked_for_again(phone: Phone) -> None:
    """J8: after a restored backup the server does not have what it once kept."""
    correction = phone.correct(uuid4(), participants=41)
    assert settled(phone, correction)[correction["id"]] == {
        "id": correction["id"],
        "state": "unknown",
        "answer": {},
    }


def test_what_was_kept_for_half_a_year_is_given_up(phone: Phone) -> None:
    correction = phone.correct(uuid4(), participants=41)
    phone.send(correction)
    Submission.objects.update(received_at=timezone.now() - timedelta(days=181))

    tidying.tidy()

    assert settled(phone, correction)[correction["id"]]["answer"]["code"] == "never_came"
