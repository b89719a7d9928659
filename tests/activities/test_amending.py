"""Correcting and withdrawing: who until when, what stays, and that twice is once."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import AuditEntry
from activities.actions import correct_session, withdraw_session
from activities.models import Session, SessionRevision
from grids.models import Appointment
from jiaozuo_grid.lasting import today
from tests.activities.acting import age, log, renewed, send, values_of, yesterday
from tests.builders import CITY, COUNTY, GRID, HOBBY_GRID, OTHER_GRID, TOWNSHIP, small_city
from tests.builders import user as new_user

pytestmark = pytest.mark.django_db
KEEP: dict[str, Any] = {"version": 1, "reason": "数错"}


@pytest.fixture
def leader() -> Any:
    small_city()
    return new_user("grid_leader", GRID)


WHO_UNTIL_WHEN = [
    # role, at, days since it was logged, may they
    ("grid_leader", GRID, 0, True),
    ("grid_leader", GRID, 6.9, True),
    ("grid_leader", GRID, 7.1, False),
    ("grid_member", HOBBY_GRID, 6.9, True),
    ("grid_member", HOBBY_GRID, 7.1, False),
    ("township_officer", TOWNSHIP, 0, True),
    ("township_officer", TOWNSHIP, 7.1, True),
    ("township_officer", TOWNSHIP, 700, True),
    ("grid_leader", OTHER_GRID, 0, False),
    ("county_official", COUNTY, 0, False),
    ("bureau_staff", CITY, 0, False),
    ("auditor", CITY, 0, False),
]


@pytest.mark.parametrize("verb", ["correct", "withdraw"])
@pytest.mark.parametrize(("role", "at", "days", "may"), WHO_UNTIL_WHEN)
def test_who_may_amend_until_when(
    leader: Any, signed_in: Any, verb: str, role: str, at: str, days: float, may: bool
) -> None:
    session = log(leader)
    age(session, days)
    actor = leader if (role, at) == ("grid_leader", GRID) else new_user(role, at)
    client, url = signed_in(actor), f"/sessions/{session.pk}/{verb}/"
    form = {"held_on": yesterday(), "start_time": "19:30", "minutes": 60, "participants": 9, **KEEP}

    shown = client.get(url).status_code == 200
    by_form = client.post(url, form).status_code == 302
    by_form_did = values_of(session.pk)["version"] == 2
    Session.objects.filter(pk=session.pk).update(version=1, participants=20, withdrawn_at=None)
    SessionRevision.objects.all().delete()
    change = {"participants": 9} if verb == "correct" else {}
    by_api = send(client, {**KEEP, **change}, f"/api/v1/activities/{session.pk}/{verb}/")
    by_api_did = values_of(session.pk)["version"] == 2

    assert [shown, by_form, by_form_did, by_api.status_code == 200, by_api_did] == [may] * 5
    assert may or by_api.status_code in (403, 404)


def test_a_correction_keeps_what_stood_before(leader: Any) -> None:
    session = log(leader)

    after = correct_session(
        leader, session, version=1, reason=" 数错 ", participants=24, place="小学"
    )

    assert (after.participants, after.place, after.version) == (24, "小学", 2)
    revision = SessionRevision.objects.get()
    assert (revision.version, revision.reason, revision.changed_by) == (1, "数错", leader)
    assert (revision.values["participants"], revision.values["place"]) == (20, "文化广场")
    entry: Any = AuditEntry.objects.get(verb="correct")
    assert (entry.reason, entry.before["participants"], entry.after["participants"]) == (
        "数错",
        20,
        24,
    )


def test_each_step_is_kept(leader: Any, signed_in: Any) -> None:
    session = log(leader)
    session = correct_session(leader, session, version=1, reason="一", participants=21)
    session = correct_session(leader, session, version=2, reason="二", start_time=time(18, 0))
    session = withdraw_session(leader, session, version=3, reason="三")

    steps = SessionRevision.objects.order_by("version")
    assert list(steps.values_list("version", "reason")) == [(1, "一"), (2, "二"), (3, "三")]
    assert [step.values["participants"] for step in steps] == [20, 21, 21]
    page = signed_in(leader).get(f"/sessions/{session.pk}/").content.decode()
    assert [f'data-revision="{n}"' in page for n in (1, 2, 3, 4)] == [True, True, True, False]
    assert "<del>20</del> → <ins>21</ins>" in page
    assert "<del>19:30</del> → <ins>18:00</ins>" in page


def test_a_withdrawn_session_stays_readable_and_counts_no_more(leader: Any) -> None:
    session = withdraw_session(leader, log(leader), version=1, reason="没有举行")

    assert Session.objects.filter(pk=session.pk).exists()
    assert not Session.objects.standing().exists()


@pytest.mark.parametrize("reason", ["", "  ", "长" * 201])
@pytest.mark.parametrize("verb", [correct_session, withdraw_session])
def test_a_reason_is_needed(leader: Any, verb: Any, reason: str) -> None:
    session = log(leader)
    changes = {"participants": 9} if verb is correct_session else {}

    with pytest.raises(ValidationError) as refused:
        verb(leader, session, version=1, reason=reason, **changes)

    assert set(refused.value.error_dict) == {"reason"}
    assert values_of(session.pk)["version"] == 1


def test_a_correction_of_nothing_is_told(leader: Any) -> None:
    with pytest.raises(ValidationError):
        correct_session(leader, log(leader), version=1, reason="没有", participants=20)
    assert not SessionRevision.objects.exists()


STALE = [
    # what happened first, what is then tried with version 1
    ("correct", "correct"),
    ("correct", "withdraw"),
]


@pytest.mark.parametrize(("first", "second"), STALE)
def test_a_stale_version_overwrites_nothing(
    leader: Any, signed_in: Any, first: str, second: str
) -> None:
    """Pitfall 12: the last write never wins in silence."""
    session = log(leader)
    correct_session(leader, session, version=1, reason="一", participants=21)
    before = values_of(session.pk)
    client = signed_in(leader)
    form = {"held_on": yesterday(), "start_time": "19:30", "minutes": 60, "participants": 30}
    late = {"version": 1, "reason": "二"}

    api = send(
        client,
        {**late, **({"participants": 30} if second == "correct" else {})},
        f"/api/v1/activities/{session.pk}/{second}/",
    )
    page = client.post(f"/sessions/{session.pk}/{second}/", {**form, **late})

    assert (api.status_code, api.json()) == (409, {"fields": ["version"]})
    assert page.status_code == 422
    assert 'value="30"' in page.content.decode() or second == "withdraw"
    assert values_of(session.pk) == before


def test_the_same_correction_again_is_the_same(leader: Any) -> None:
    session = log(leader)
    once = correct_session(leader, session, participants=24, **KEEP)

    twice = correct_session(leader, session, participants=24, **KEEP)

    assert (twice.version, twice.participants) == (once.version, 24)
    assert SessionRevision.objects.count() == 1


def test_the_same_correction_again_after_another_came_changes_nothing(leader: Any) -> None:
    """A resend that was on its way while somebody went on correcting."""
    session = log(leader)
    correct_session(leader, session, participants=24, **KEEP)
    correct_session(leader, session, version=2, reason="再数", participants=25)

    stands = correct_session(leader, session, participants=24, **KEEP)

    assert (stands.version, stands.participants) == (3, 25)
    withdraw_session(leader, session, version=3, reason="没有举行")
    assert correct_session(leader, session, participants=24, **KEEP).version == 4


def test_withdrawing_twice_is_once(leader: Any, signed_in: Any) -> None:
    session = log(leader)
    url = f"/api/v1/activities/{session.pk}/withdraw/"
    client = signed_in(leader)

    answers = [send(client, KEEP, url) for _ in range(2)]
    by_form = client.post(f"/sessions/{session.pk}/withdraw/", KEEP)

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert by_form.status_code == 302
    assert SessionRevision.objects.count() == 1


def test_a_withdrawn_session_is_not_corrected(leader: Any) -> None:
    session = withdraw_session(leader, log(leader), version=1, reason="没有举行")

    with pytest.raises(ValidationError):
        correct_session(leader, session, version=2, reason="改", participants=5)


def test_a_correction_of_one_field_keeps_the_others(leader: Any, signed_in: Any) -> None:
    session = log(leader, note="雨天", led_by=leader.person)

    send(signed_in(leader), {**KEEP, "minutes": 45}, f"/api/v1/activities/{session.pk}/correct/")

    stored = values_of(session.pk)
    assert (stored["minutes"], stored["note"], stored["led_by_id"]) == (
        45,
        "雨天",
        leader.person_id,
    )


def test_the_form_keeps_a_leader_who_is_no_choice_any_more(leader: Any, signed_in: Any) -> None:
    stranger = new_user("grid_leader", OTHER_GRID).person
    session = log(leader, led_by=stranger)
    page = signed_in(leader).get(f"/sessions/{session.pk}/correct/").content.decode()

    assert f'<option value="{stranger.pk}" selected>' in page


def test_what_is_late_is_judged_by_todays_posts(leader: Any) -> None:
    """Who was township officer on the session's day, and is a leader now, does not amend late."""
    officer = new_user("township_officer", TOWNSHIP)
    session = log(leader)
    age(session, 8)
    Appointment.objects.filter(person=officer.person).update(ended_on=today())

    with pytest.raises(PermissionDenied):
        withdraw_session(renewed(officer), session, version=1, reason="晚了")


def test_who_left_office_amends_by_action_what_was_held_on_their_day(leader: Any) -> None:
    """Pitfall 11: a correction that waited on the phone is not refused either."""
    session = log(leader)
    Appointment.objects.filter(person=leader.person).update(ended_on=today())

    after = correct_session(renewed(leader), session, version=1, reason="数错", participants=24)

    assert after.participants == 24


def test_the_area_and_the_id_cannot_be_corrected(leader: Any) -> None:
    for field in ("area_code", "id", "logged_by", "withdrawn_at"):
        changes: dict[str, Any] = {**KEEP, field: "x"}
        with pytest.raises(TypeError):
            correct_session(leader, log(leader), **changes)
        Session.objects.all().delete()


def test_a_correction_can_move_a_session_to_another_day_once(leader: Any) -> None:
    session = log(leader)
    earlier = yesterday() - timedelta(days=1)

    correct_session(leader, session, held_on=earlier, **KEEP)
    again = correct_session(leader, session, held_on=earlier, **KEEP)

    assert (again.held_on, again.version) == (earlier, 2)
