"""S7: the world changed while records waited; each arrives, or its author is told why not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from activities.actions import correct_gathering
from activities.models import Lecture, Session
from grids.merging import merge_people
from grids.models import Appointment
from grids.reorganise import Part, merge_grid, split_grid
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM
from tests import builders as b
from tests.activities.acting import renewed
from tests.activities.outbox.phone import Phone

pytestmark = pytest.mark.django_db
SECOND = b.VILLAGE + "002"
NOTE = "焦政文〔2026〕12号"


@pytest.fixture
def phone() -> Phone:
    b.small_city()
    return Phone(b.user("grid_leader", b.GRID))


def waiting(phone: Phone) -> list[dict[str, Any]]:
    """Records of the last ten days, made at the time, five a day."""
    return [
        phone.log(
            held_on=today() - timedelta(days=1 + n // 5),
            start_time=f"{8 + 2 * (n % 5):02}:00",
            led_by=phone.user.person_id,
        )
        for n in range(50)
    ]


def test_fifty_records_arrive_after_the_post_ended(phone: Phone) -> None:
    sent = waiting(phone)
    Appointment.objects.update(ended_on=today())
    answers = [phone.send(one) for one in sent]
    assert {answer.status_code for answer in answers} == {201}
    assert Session.objects.filter(logged_by=phone.user).count() == 50


def test_fifty_records_arrive_after_the_grid_was_merged_into_another(phone: Phone) -> None:
    """Placed by their date, and told; the leader's own name at them is known still."""
    sent = waiting(phone)
    b.grid(SECOND)
    merge_grid(SYSTEM, b.GRID, SECOND, today() - timedelta(days=5), reason=NOTE)

    answers = [phone.send(one) for one in sent]

    assert {answer.status_code for answer in answers} == {201}
    moved = [answer for answer in answers if answer.json()["told"]]
    codes = {answer.json()["told"][0]["code"] for answer in moved}
    assert codes == {"moved"}
    assert len(moved) == Session.objects.within(SECOND).count() == 25
    assert [phone.send(one).json() for one in sent] == [answer.json() for answer in answers]


def test_fifty_records_arrive_after_the_grid_was_split(phone: Phone) -> None:
    sent = waiting(phone)
    parts = [Part("东片"), Part("西片", hobby_grids=(b.HOBBY_GRID,))]
    split_grid(SYSTEM, b.GRID, parts, today() - timedelta(days=5), reason=NOTE)
    assert {phone.send(one).status_code for one in sent} == {201}


def test_a_changed_password_keeps_the_author(phone: Phone) -> None:
    sent = phone.log()
    phone.user.set_password("another-Good-pass-9")
    phone.user.save()
    assert phone.send(sent).status_code == 403
    assert phone.send(sent).json() != {"code": "author"}
    phone.client.force_login(renewed(phone.user))
    assert phone.send(sent).status_code == 201


def test_a_renewed_secret_keeps_the_author(phone: Phone, settings: Any) -> None:
    sent = phone.log()
    settings.SECRET_KEY = "renewed" * 8
    phone.client.force_login(phone.user)
    assert phone.send(sent).status_code == 201


def test_an_account_that_was_closed_sends_nothing(phone: Phone) -> None:
    """P5."""
    sent = phone.log()
    phone.user.is_active = False
    phone.user.save()
    assert phone.send(sent).status_code == 403
    assert not Session.objects.exists()


def test_the_next_user_of_the_phone_sends_and_learns_nothing(phone: Phone) -> None:
    """S7: none shown to the next user of the phone."""
    sent = phone.log()
    other = Phone(b.user("grid_leader", b.OTHER_GRID), phone.client)
    for one in (sent, {**sent, "author": ""}, {**sent, "author": None}):
        answer = other.send(one)
        assert (answer.status_code, answer.json()) == (403, {"code": "author"})
    assert not Session.objects.exists()


@pytest.mark.parametrize("role", ["grid_leader", "township_officer"])
def test_a_leader_whose_entry_was_merged_into_another_is_known_still(role: str) -> None:
    """S7: a record that waited, and resends of one that was stored and of one corrected since."""
    b.small_city()
    phone = Phone(b.user(role, b.GRID if role == "grid_leader" else b.TOWNSHIP))
    keep, drop = b.person(name="王小明"), b.person(name="王小明")
    b.appoint(drop, "grid_member", b.HOBBY_GRID)
    hours = ("06:00", "09:00", "19:30")
    waited, stored, corrected = (phone.log(led_by=drop.pk, start_time=hour) for hour in hours)
    assert {phone.send(one).status_code for one in (stored, corrected)} == {201}
    assert phone.send(phone.correct(corrected, participants=31)).status_code == 200
    merge_people(b.user("county_official", b.COUNTY), keep, drop)

    answers = [phone.send(one) for one in (waited, stored, corrected)]

    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert {answer.json()["record"]["led_by"] for answer in answers} == {keep.pk}


def test_a_speaker_whose_entry_was_merged_into_another_is_known_still(phone: Phone) -> None:
    """S7: a resend of a lecture that was corrected since."""
    keep, drop = b.person(name="王小明"), b.person(name="王小明")
    b.appoint(drop, "grid_member", b.HOBBY_GRID)
    body = {
        "area_code": b.GRID,
        "held_on": str(today() - timedelta(days=1)),
        "start_time": "15:00",
        "minutes": 60,
        "participants": 20,
        "topic": "防跌倒",
        "speaker": drop.pk,
    }
    sent = phone.make("lecture/log", body)
    assert phone.send(sent).status_code == 201
    lecture = Lecture.objects.get()
    correct_gathering(phone.user, lecture, version=1, reason="数错了", participants=25)
    merge_people(b.user("county_official", b.COUNTY), keep, drop)

    answer = phone.send(sent)

    assert answer.status_code == 200
    assert answer.json()["record"]["speaker"] == keep.pk


def test_what_cannot_be_placed_is_explained(phone: Phone) -> None:
    """S7: or are explained."""
    b.HobbyGrid.objects.update(ended_on=today() - timedelta(days=5))
    answer = phone.send(phone.log())
    assert answer.status_code == 422
    assert answer.json()["errors"]["held_on"]


@pytest.mark.parametrize(
    ("role", "area", "status"),
    [
        ("bureau_staff", b.CITY, 422),
        ("county_official", b.COUNTY, 422),
        ("township_officer", b.TOWNSHIP, 201),
        ("grid_leader", b.GRID, 201),
        ("grid_member", b.HOBBY_GRID, 201),
        ("auditor", b.COUNTY, 422),
        ("township_officer", b.OTHER_TOWNSHIP, 422),
        ("grid_leader", b.OTHER_GRID, 422),
        ("grid_member", b.OTHER_HOBBY_GRID, 422),
        (None, b.GRID, 422),
    ],
)
def test_who_may_log_amend_and_join(role: str | None, area: str, status: int) -> None:
    """P1, P3: every kind of submission, role × distance."""
    b.small_city()
    phone = Phone(b.user(role, area))
    owner = Phone(b.user("township_officer", b.TOWNSHIP))
    stands = owner.log(start_time="06:00")
    owner.send(stands)
    own = phone.log()
    joining = {"instead": own["id"]}
    assert phone.send(phone.make("session/join", joining, record=stands["id"])).status_code == (
        200 if status == 201 else 422
    )
    assert phone.send(phone.log()).status_code == status
    amended = phone.correct(stands, participants=21)
    assert phone.send(amended).status_code == (200 if status == 201 else 422)
    withdrawn = phone.withdraw(stands, amended if status == 201 else None)
    assert phone.send(withdrawn).status_code == (200 if status == 201 else 422)
    assert Session.objects.count() == (2 if status == 201 else 1)
