"""S1 in the small, S4 under it: a record and its amendments in many hands at once."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

import pytest

from accounts.models import AuditEntry
from activities.models import Session, SessionJoin, SessionRevision, Submission
from tests.activities.outbox.phone import Phone
from tests.activities.test_races import at_once, clients
from tests.builders import GRID, HOBBY_GRID, small_city
from tests.builders import user as new_user

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8


@pytest.fixture
def phone() -> Phone:
    small_city()
    return Phone(new_user("grid_leader", GRID))


def together(phone: Phone, submissions: list[dict[str, Any]]) -> list[Any]:
    """All at the same moment, each from a connection of its own."""
    hands = []
    for client in clients(phone.user, len(submissions)):
        hand = Phone(phone.user)
        hand.client = client
        hands.append(hand)
    return at_once([partial(hand.send, one) for hand, one in zip(hands, submissions, strict=True)])


def test_the_same_record_at_once_is_one_row_and_one_answer(phone: Phone) -> None:
    """S1."""
    answers = together(phone, [phone.log()] * AT_ONCE)

    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: AT_ONCE - 1}
    assert len({answer.content for answer in answers}) == 1
    assert Session.objects.count() == AuditEntry.objects.filter(verb="log").count() == 1


def test_the_same_amendment_at_once_is_applied_once(phone: Phone) -> None:
    sent = phone.log()
    phone.send(sent)

    answers = together(phone, [phone.correct(sent, participants=41)] * AT_ONCE)

    assert {answer.status_code for answer in answers} == {200}
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert SessionRevision.objects.count() == Submission.objects.count() == 1


def test_a_record_and_an_early_amendment_never_miss_each_other(phone: Phone) -> None:
    """S4: neither may look for the other before both are there."""
    for _ in range(6):
        sent = phone.log()
        correction = phone.correct(sent, participants=41)
        withdrawn = phone.withdraw(sent, correction)

        answers = together(phone, [sent, correction, withdrawn, sent, correction, withdrawn])

        assert {answer.status_code for answer in answers} <= {200, 201, 202}
        row = Session.objects.get(pk=sent["id"])
        assert (row.participants, row.version) == (41, 3)
        assert row.withdrawn_at is not None


def test_two_amendments_of_the_same_version_at_once_are_one_and_one_conflict(phone: Phone) -> None:
    """Pitfall 12."""
    sent = phone.log()
    phone.send(sent)
    both = [phone.correct(sent, participants=n) for n in (41, 42)]

    answers = together(phone, both)

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert Session.objects.get().version == 2


def test_a_record_that_is_sent_while_it_is_joined_is_not_there_twice(phone: Phone) -> None:
    """S9: stored or joined, never both."""
    member = Phone(new_user("grid_member", HOBBY_GRID))
    stands = phone.log()
    phone.send(stands)
    second = member.log()
    joining = member.make("session/join", {"instead": second["id"]}, record=stands["id"])

    answers = together(member, [second, joining, second, joining])

    assert {answer.status_code for answer in answers} <= {200, 422}
    assert Session.objects.count() == SessionJoin.objects.count() == 1
