"""S9: two people log the same session; one record stands, and participants count once."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Sum

from accounts.models import AuditEntry
from activities.actions import withdraw_session
from activities.models import Session, SessionJoin
from grids.merging import merge_people
from tests import builders as b
from tests.activities.acting import log
from tests.activities.outbox.phone import Phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader() -> Phone:
    b.small_city()
    return Phone(b.user("grid_leader", b.GRID))


@pytest.fixture
def member(leader: Phone) -> Phone:
    return Phone(b.user("grid_member", b.HOBBY_GRID))


def join(phone: Phone, stands: Any, instead: dict[str, Any], **other: Any) -> dict[str, Any]:
    values = {"instead": instead["id"], "participants": instead["body"]["participants"], **other}
    return phone.make("session/join", values, record=str(stands))


def counted() -> int:
    total: int = Session.objects.standing().aggregate(n=Sum("participants"))["n"]
    return total


def test_the_second_is_offered_to_join_and_counts_once(leader: Phone, member: Phone) -> None:
    """S9: 0 silent doubles."""
    first, second = leader.log(participants=30), member.log(participants=28)
    leader.send(first)
    refused = member.send(second).json()

    answer = member.send(join(member, refused["existing"]["id"], second))

    assert answer.status_code == 200
    assert answer.json()["record"]["id"] == first["id"]
    assert Session.objects.count() == 1
    assert counted() == 30
    joined = SessionJoin.objects.get()
    assert (str(joined.pk), joined.participants, joined.user) == (second["id"], 28, member.user)
    assert AuditEntry.objects.filter(verb="join", object_id=first["id"]).count() == 1


def test_joining_twice_is_once(leader: Phone, member: Phone) -> None:
    stands, second = log(leader.user), member.log()
    joining = join(member, stands.pk, second)
    assert member.send(joining).json() == member.send(joining).json()
    # Another tap, so another id.
    assert member.send(join(member, stands.pk, second)).status_code == 200
    assert SessionJoin.objects.count() == 1


def test_a_resend_of_the_joined_record_is_done_with_the_one_that_stands(
    leader: Phone, member: Phone
) -> None:
    stands, second = log(leader.user), member.log()
    member.send(join(member, stands.pk, second))

    answer = member.send(second)

    assert answer.status_code == 200
    assert answer.json()["record"]["id"] == str(stands.pk)
    assert [told["code"] for told in answer.json()["told"]] == ["joined"]
    assert Session.objects.count() == 1


def test_the_joined_record_is_somebody_elses_id_for_others(leader: Phone, member: Phone) -> None:
    stands, second = log(leader.user), member.log()
    member.send(join(member, stands.pk, second))
    other = Phone(b.user("grid_member", b.HOBBY_GRID))
    assert other.send(other.log(id=second["id"])).json()["fields"] == ["id"]


def test_what_is_stored_is_not_joined_elsewhere(leader: Phone, member: Phone) -> None:
    """Else it would count and be joined at once."""
    stands = log(leader.user)
    own = member.log(start_time=stands.start_time.replace(hour=6))
    member.send(own)
    answer = member.send(join(member, stands.pk, own))
    assert (answer.status_code, answer.json()["fields"]) == (409, ["instead"])


def test_a_withdrawn_session_stands_for_nothing(leader: Phone, member: Phone) -> None:
    stands, second = log(leader.user), member.log()
    withdraw_session(leader.user, stands, version=1, reason="重复")
    assert member.send(join(member, stands.pk, second)).status_code == 422
    assert member.send(second).status_code == 201


def test_amendments_of_the_joined_record_are_refused_and_say_why(
    leader: Phone, member: Phone
) -> None:
    stands, second = log(leader.user), member.log()
    early, late = member.correct(second, participants=9), member.withdraw(second)
    member.send(early)

    member.send(join(member, stands.pk, second))

    settled = member.report(kept=[early["id"]]).json()["settled"]
    assert settled[0]["answer"]["code"] == "joined"
    assert member.send(late).json()["code"] == "joined"
    assert Session.objects.get().participants == 20


def test_a_foreign_session_is_not_joined(leader: Phone) -> None:
    foreign = log(b.user("grid_leader", b.OTHER_GRID), area_code=b.OTHER_HOBBY_GRID)
    answer = leader.send(join(leader, foreign.pk, leader.log()))
    assert (answer.status_code, answer.json()["code"]) == (422, "out_of_reach")
    assert not SessionJoin.objects.exists()


def test_a_join_needs_the_id_of_the_record(leader: Phone) -> None:
    stands = log(leader.user)
    answer = leader.send(leader.make("session/join", {}, record=str(stands.pk)))
    assert list(answer.json()["errors"]) == ["instead"]
    assert leader.send(leader.make("session/join", {"instead": str(uuid4())})).status_code == 202


def test_who_withdraws_is_told_that_the_record_stands_for_two(
    leader: Phone, member: Phone, signed_in: Any
) -> None:
    """Pitfall 12: nobody's joined record goes in silence."""
    stands, second = log(leader.user), member.log(participants=28)
    member.send(join(member, stands.pk, second))
    client = signed_in(leader.user)

    for page in ("", "withdraw/"):
        text = client.get(f"/sessions/{stands.pk}/{page}").content.decode()
        assert f'data-join="{second["id"]}"' in text
        assert "28" in text.split("data-join=")[1].split("</p>")[0]


def test_what_was_joined_is_known_after_the_account_was_closed_by_a_merge(
    leader: Phone, member: Phone
) -> None:
    stands = log(leader.user, participants=30)
    second = member.log(participants=28)
    joining = join(member, stands.pk, second)
    assert member.send(joining).status_code == 200
    merge_people(b.user("county_official", b.COUNTY), leader.user.person, member.user.person)

    for one in (joining, second):
        assert leader.send({**one, "author": leader.author}).status_code == 200
