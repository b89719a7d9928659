"""What a phone sends is written once, and answered as docs/phone.md says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry
from activities.models import FlagRule, Session, SessionFlag, Submission
from jiaozuo_grid.lasting import today
from tests import builders as b
from tests.activities.acting import log, usual, values_of
from tests.activities.outbox.phone import OUTBOX, Phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone() -> Phone:
    b.small_city()
    return Phone(b.user("grid_leader", b.GRID))


def test_a_record_is_written_down(phone: Phone) -> None:
    sent = phone.log(participants=31)

    answer = phone.send(sent)

    assert answer.status_code == 201
    assert answer.json()["state"] == "done"
    assert answer.json()["id"] == sent["id"]
    assert answer.json()["record"]["participants"] == 31
    assert answer.json()["told"] == []
    assert values_of(sent["id"])["logged_by_id"] == phone.user.pk


def test_the_same_id_with_the_same_body_gets_the_same_answer(phone: Phone) -> None:
    """S1: a resend after a lost answer."""
    sent = phone.log()
    first = phone.send(sent)

    again = phone.send(sent)

    assert again.status_code == 200
    assert again.json() == first.json()
    assert Session.objects.count() == AuditEntry.objects.filter(verb="log").count() == 1


def test_the_same_id_with_another_body_is_a_conflict_naming_the_fields(phone: Phone) -> None:
    """S3: the first is kept."""
    sent = phone.log(participants=20)
    phone.send(sent)

    answer = phone.send({**sent, "body": {**sent["body"], "participants": 21, "place": "别处"}})

    assert answer.status_code == 409
    said = answer.json()
    assert (said["state"], said["code"]) == ("refused", "conflict")
    assert said["fields"] == ["participants", "place"]
    assert values_of(sent["id"])["participants"] == 20


def test_what_was_refused_is_corrected_under_the_same_id(phone: Phone) -> None:
    sent = phone.log(participants=0)
    refused = phone.send(sent)
    assert refused.status_code == 422
    assert list(refused.json()["errors"]) == ["participants"]
    assert refused.json()["text"]

    answer = phone.send({**sent, "body": {**sent["body"], "participants": 12}})

    assert answer.status_code == 201
    assert values_of(sent["id"])["participants"] == 12


def test_errors_are_in_the_language_of_the_user(phone: Phone) -> None:
    sent = phone.log(held_on=today() + timedelta(days=3))
    chinese = phone.send(sent).json()["errors"]["held_on"]
    phone.client.cookies["django_language"] = "en"
    english = phone.send(sent).json()["errors"]["held_on"]
    assert chinese != english
    assert english == ["This is in the future. Log a session when it has begun."]


def test_unknown_fields_are_left_out_and_told(phone: Phone) -> None:
    """S7: a newer form met an older server."""
    sent = phone.log()
    sent["body"]["mood"] = "good"

    answer = phone.send(sent)

    assert answer.status_code == 201
    assert [told["code"] for told in answer.json()["told"]] == ["left_out"]
    assert "mood" in answer.json()["told"][0]["text"]
    assert phone.send(sent).json() == answer.json()


def test_missing_fields_get_their_defaults(phone: Phone) -> None:
    """S7: an older form, which knew neither place nor note nor leader."""
    sent = phone.log()
    for name in ("place", "note", "led_by"):
        sent["body"].pop(name, None)
    del sent["form"], sent["replaces"], sent["after"], sent["contact_at"], sent["made_at"]

    assert phone.send(sent).status_code == 201

    stored = values_of(sent["id"])
    assert (stored["place"], stored["note"], stored["led_by_id"]) == ("", "", None)


def test_an_empty_field_may_be_null(phone: Phone) -> None:
    sent = phone.log()
    sent["body"] |= {"place": None, "note": None, "led_by": None}
    assert phone.send(sent).status_code == 201


def test_an_unknown_kind_is_explained(phone: Phone) -> None:
    answer = phone.send(phone.make("moon/landing", {}))
    assert (answer.status_code, answer.json()["code"]) == (422, "kind")


@pytest.mark.parametrize(
    "odd",
    [
        {"id": "not-an-id"},
        {"record": "4108"},
        {"body": [1, 2]},
        {"body": {"participants": {"deep": [1]}}},
        {"body": {"place": "a\0b"}},
        {"body": {"place": "\ud800"}},
        {"body": {"minutes": 2**70}},
        {"made_at": "9999-12-31T23:59:59Z"},
        {"made_at": "+020000-01-01T00:00:00Z"},
        {"made_at": "0001-01-01T00:00:00Z", "sent_at": "9999-12-31T23:59:59Z"},
        {"after": "nothing"},
        {"id": "\ud800"},
        {"id": ["many"]},
    ],
)
def test_odd_values_never_break_the_server(phone: Phone, odd: dict[str, Any]) -> None:
    """A1: refused with reasons or taken, but never an error of the server."""
    for kind in ("session/log", "session/correct"):
        sent = phone.log()
        body = odd.get("body", {})
        merged = {**sent["body"], **body} if isinstance(body, dict) else body
        answer = phone.send({**sent, "kind": kind, **odd, "body": merged})
        assert answer.status_code in (201, 202, 422)


@pytest.mark.parametrize("author", ["\ud800", "作者", ["many"], None])
def test_an_odd_author_is_nobody(phone: Phone, author: Any) -> None:
    """A1."""
    answer = phone.send({**phone.log(), "author": author})
    assert (answer.status_code, answer.json()) == (403, {"code": "author"})


def test_another_person_who_is_signed_in_sends_nothing_for_the_author(phone: Phone) -> None:
    """S7: it keeps waiting for its author."""
    sent = phone.log()
    other = Phone(b.user("grid_leader", b.OTHER_GRID))

    answer = other.send(sent)

    assert answer.status_code == 403
    assert answer.json() == {"code": "author"}
    assert not Session.objects.exists()
    assert phone.send(sent).status_code == 201


def test_nobody_signed_in_is_asked_to_sign_in(phone: Phone) -> None:
    answer = Client().post(OUTBOX, phone.log(), content_type="application/json")
    assert answer.status_code == 403
    assert "code" not in answer.json()


def test_a_foreign_area_is_refused_and_tells_nothing(phone: Phone) -> None:
    """P4: the same as for a code at which nothing stands."""
    there = phone.send(phone.log(area_code=b.OTHER_HOBBY_GRID))
    nowhere = phone.send(phone.log(area_code="41088300120300101"))
    assert there.status_code == nowhere.status_code == 422
    assert there.json()["code"] == nowhere.json()["code"] == "out_of_reach"
    assert there.json()["text"] == nowhere.json()["text"]


def test_the_id_of_a_foreign_record_is_taken_and_nothing_more(phone: Phone) -> None:
    """P4."""
    foreign = log(b.user("grid_leader", b.OTHER_GRID), area_code=b.OTHER_HOBBY_GRID)
    answer = phone.send(phone.log(id=foreign.pk))
    assert answer.status_code == 409
    assert answer.json()["fields"] == ["id"]


@pytest.mark.parametrize("role", ["grid_leader", "grid_member", "township_officer"])
def test_an_appointment_that_ended_while_it_waited_is_no_obstacle(role: str) -> None:
    """S7, and pitfall 11: accepted by the authority of the day."""
    b.small_city()
    areas = {"grid_leader": b.GRID, "grid_member": b.HOBBY_GRID, "township_officer": b.TOWNSHIP}
    phone = Phone(b.user(role, areas[role], ended_on=today()))
    assert phone.send(phone.log(held_on=today() - timedelta(days=1))).status_code == 201
    # Of a day on which the post was no more, it is not.
    assert phone.send(phone.log(held_on=today(), start_time=_early())).status_code == 422


def _early() -> Any:
    return timezone.localtime().replace(hour=0, minute=0).time()


def test_the_record_of_another_who_logged_the_same_is_shown(phone: Phone) -> None:
    """S9: what stands is shown to those who may see it."""
    stored = log(phone.user, participants=33)
    member = Phone(b.user("grid_member", b.HOBBY_GRID))

    answer = member.send(member.log(participants=30))

    assert answer.status_code == 422
    assert answer.json()["code"] == "already_logged"
    assert answer.json()["existing"] == {
        "id": str(stored.pk),
        "held_on": stored.held_on.isoformat(),
        "start": "19:30",
        "minutes": 60,
        "participants": 33,
        "place": "文化广场",
        "logged_by": phone.user.person.name,
    }


def test_who_may_not_see_the_other_record_is_not_shown_it(phone: Phone) -> None:
    log(phone.user)
    left = Phone(b.user("grid_member", b.HOBBY_GRID, ended_on=today()))
    answer = left.send(left.log())
    assert answer.json()["code"] == "already_logged"
    assert "existing" not in answer.json()


def test_a_phone_whose_clock_is_wrong_is_put_right_and_told(phone: Phone) -> None:
    """S5: the day of making by the server's clock; the officer's list names it."""
    phone.ahead = timedelta(days=-365)
    shown = timezone.localdate(phone.now())

    sent = phone.log(held_on=shown - timedelta(days=1))
    answer = phone.send(sent)

    assert answer.status_code == 201
    assert values_of(sent["id"])["held_on"] == today() - timedelta(days=1)
    assert [told["code"] for told in answer.json()["told"]] == ["day"]
    flag = SessionFlag.objects.get()
    assert (str(flag.session_id), flag.rule) == (sent["id"], FlagRule.CLOCK)
    assert flag.details["sent"] == str(shown - timedelta(days=1))
    assert phone.send(sent).json() == answer.json()
    assert SessionFlag.objects.count() == 1


@pytest.mark.parametrize("hours", [-365 * 24, -40 * 24, -24, -13, -3, 3, 13, 24])
def test_whatever_the_phones_clock_says_the_day_is_right(phone: Phone, hours: int) -> None:
    """S5: −1 year … +1 day; 0 rows in a future month."""
    phone.ahead = timedelta(hours=hours)
    sent = phone.log(
        held_on=timezone.localdate(phone.now()) - timedelta(days=1),
        contact_at=(timezone.now() - timedelta(hours=2)).isoformat(),
    )

    assert phone.send(sent).status_code == 201

    assert values_of(sent["id"])["held_on"] == today() - timedelta(days=1)


def test_near_midnight_nothing_is_written_into_the_next_day(phone: Phone, monkeypatch: Any) -> None:
    """S5: not even by a clock that is only a few minutes ahead."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0) + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: midnight - timedelta(minutes=3))
    sent = phone.log(held_on=midnight.date(), start_time="00:01")
    assert list(phone.send(sent).json()["errors"]) == ["held_on"]


def test_a_resend_after_the_phones_clock_was_set_is_no_conflict(phone: Phone) -> None:
    """S5 with S2: the answer was lost, then somebody set the clock."""
    phone.ahead = timedelta(days=-30)
    sent = phone.log(held_on=timezone.localdate(phone.now()) - timedelta(days=1))
    first = phone.send(sent)
    phone.ahead = timedelta(0)

    again = phone.send({**sent, "made_at": phone.now().isoformat()})

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()


def test_nothing_is_noted_of_a_clock_that_is_right(phone: Phone) -> None:
    phone.ahead = timedelta(minutes=2)
    phone.send(phone.log())
    assert not SessionFlag.objects.filter(rule=FlagRule.CLOCK).exists()
    assert not Submission.objects.exists()


def test_a_new_record_must_be_its_own(phone: Phone) -> None:
    assert phone.send({**phone.log(), "record": str(uuid4())}).status_code == 422


def test_a_led_by_who_is_not_to_be_known_is_refused(phone: Phone) -> None:
    """P4: as if they did not exist."""
    foreign = b.person(b.OTHER_VILLAGE)
    told = phone.send(phone.log(led_by=foreign.pk)).json()["errors"]["led_by"]
    unknown = phone.send(phone.log(led_by=foreign.pk + 999)).json()["errors"]["led_by"]
    assert [text.replace(str(foreign.pk), "") for text in told] == [
        text.replace(str(foreign.pk + 999), "") for text in unknown
    ]


def test_usual_is_what_the_phone_sends() -> None:
    """The builder of these tests sends all that the kind knows."""
    from activities.outbox.kinds import kind_called

    kind = kind_called("session/log")
    assert kind is not None
    assert set(usual()) - {"id"} <= kind.known
