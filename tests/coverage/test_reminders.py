"""Reminders: onto Today of whoever answers, at most once a week, gone when it is done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from coverage.models import Reminder
from coverage.recount import rebuild
from coverage.reminders.actions import answer, remind
from coverage.reminders.standing import close_settled
from coverage.reminders.today import notes_of
from grids.models import Appointment, HobbyGrid
from jiaozuo_grid.jobs import Job
from jiaozuo_grid.jobs import run as run_job
from jiaozuo_grid.lasting import today
from jiaozuo_grid.notes import notes_for
from jiaozuo_grid.reach import OutOfReach
from tests import builders as b
from tests.coverage.living_city import text_of

pytestmark = pytest.mark.django_db
GAP = "hobby_grids_without_member"


@pytest.fixture
def leader() -> Any:
    """A grid leader of whose hobby grids none has a member."""
    b.small_city()
    b.hobby_grid(b.GRID + "02")
    rebuild()
    return b.user("grid_leader", b.GRID)


@pytest.fixture
def official(leader: Any) -> Any:
    return b.user("county_official", b.COUNTY)


def staff(code: str) -> None:
    b.appoint(b.person(), "grid_member", code)


def test_it_stands_on_the_leaders_today_in_one_line(
    client: Any, leader: Any, official: Any
) -> None:
    remind(official, GAP, b.COUNTY)
    (note,) = notes_for(leader)
    assert "2" in note.text
    client.force_login(leader)
    page = text_of(client.get(reverse("phone")))
    assert page.count('data-note="') == 1
    assert note.text in page
    assert text_of(client.get(note.url)).count("data-row=") == 2
    assert client.get("/api/v1/phone/").json()["notes"][0]["text"] == note.text


def test_only_who_was_reminded_sees_and_answers_it(client: Any, leader: Any, official: Any) -> None:
    remind(official, GAP, b.COUNTY)
    other = b.user("grid_leader", b.OTHER_GRID)
    member = b.user("grid_member", b.HOBBY_GRID)
    for nobody in (other, member):
        assert notes_of(nobody) == []
        client.force_login(nobody)
        url = reverse("reminder-answer", args=[GAP, b.COUNTY])
        assert client.post(url, {"answer": "arranged"}).status_code == 404
    assert not Reminder.objects.exclude(answer="").exists()


def test_reminders_of_a_post_that_was_left_hide_no_other(
    leader: Any, official: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there are of what somebody else answers for by now."""
    monkeypatch.setattr("coverage.reminders.today.MOST", 2)
    b.hobby_grid(b.OTHER_GRID + "02")
    b.appoint(leader.person, "grid_leader", b.OTHER_GRID)
    remind(official, GAP, b.GRID)
    Reminder.objects.update(sent_at=timezone.now() - timedelta(days=3))
    remind(official, GAP, b.OTHER_GRID)
    left = Appointment.objects.filter(person=leader.person, area_code=b.GRID)
    left.update(ended_on=today())
    (note,) = notes_of(leader)
    assert " 2 " in note.text


def test_nobody_is_asked_again_within_the_week(leader: Any, official: Any) -> None:
    assert remind(official, GAP, b.COUNTY).sent == 2
    again = remind(b.user("township_officer", b.TOWNSHIP), GAP, b.VILLAGE)
    assert (again.sent, again.already) == (0, 2)
    assert again.earlier is not None
    assert again.earlier.sent_by == official


def test_after_a_week_the_same_one_is_renewed(leader: Any, official: Any) -> None:
    remind(official, GAP, b.COUNTY)
    answer(leader, GAP, b.COUNTY, "people")
    Reminder.objects.update(sent_at=timezone.now() - timedelta(days=8))
    assert remind(official, GAP, b.COUNTY).sent == 2
    assert Reminder.objects.filter(answer="").count() == Reminder.objects.count() == 2


def test_a_week_is_not_shortened_by_a_gap_that_closed_and_opened(
    leader: Any, official: Any
) -> None:
    remind(official, GAP, b.COUNTY)
    Reminder.objects.update(closed_at=timezone.now())
    assert remind(official, GAP, b.COUNTY).sent == 0


def test_it_is_gone_at_once_when_the_fact_changed_and_closed_by_the_job(
    leader: Any, official: Any
) -> None:
    remind(official, GAP, b.COUNTY)
    staff(b.HOBBY_GRID)
    assert "广场舞队02" in notes_of(leader)[0].text
    assert " 1 " in notes_of(leader)[0].text
    staff(b.GRID + "02")
    assert notes_of(leader) == []
    assert close_settled() == 2
    assert not Reminder.objects.open().exists()
    assert close_settled() == 0


def test_the_answer_of_one_tap_stands_on_the_gaps_list(
    client: Any, leader: Any, official: Any
) -> None:
    remind(official, GAP, b.COUNTY)
    client.force_login(leader)
    reply = client.post(
        reverse("reminder-answer", args=[GAP, b.COUNTY]),
        {"answer": "help"},
        headers={"Accept": "application/json"},
    )
    assert reply.json()["state"] == "done"
    client.force_login(official)
    assert (
        text_of(client.get(reverse("coverage-gap", args=[b.COUNTY, GAP]))).count("data-said") == 2
    )


def test_who_may_not_remind_there_cannot(client: Any, leader: Any) -> None:
    for role, area in (
        ("county_official", b.OTHER_COUNTY),
        ("grid_leader", b.OTHER_GRID),
        ("auditor", b.COUNTY),
    ):
        nobody = b.user(role, area)
        with pytest.raises(OutOfReach):
            remind(nobody, GAP, b.GRID)
        client.force_login(nobody)
        reply = client.post(reverse("gap-remind", args=[b.GRID, GAP]))
        assert reply.status_code in (403, 404)
    assert not Reminder.objects.exists()


def test_a_key_of_other_rows_is_not_there(client: Any, official: Any) -> None:
    client.force_login(official)
    address = reverse("gap-remind", args=[b.COUNTY, GAP])
    assert client.post(address, {"row": "nonsense"}).status_code == 404


def test_who_left_the_post_is_reminded_of_nothing_any_more(leader: Any, official: Any) -> None:
    remind(official, GAP, b.COUNTY)
    assert len(notes_of(leader)) == 1
    Appointment.objects.filter(person=leader.person).update(ended_on=today())
    assert notes_of(leader) == []


def test_one_is_not_reminded_by_oneself(leader: Any) -> None:
    HobbyGrid.objects.filter(area_code__startswith=b.OTHER_GRID).delete()
    alone = b.user("township_officer", b.TOWNSHIP)
    sent = remind(alone, "areas_without_fitness_organisation", b.TOWNSHIP)
    assert sent.sent == 0
    assert sent.nobody > 0


def test_a_long_list_is_a_job(client: Any, leader: Any, official: Any) -> None:
    for n in range(3, 55):
        b.hobby_grid(f"{b.GRID}{n:02d}")
    client.force_login(official)
    reply = client.post(reverse("gap-remind", args=[b.COUNTY, GAP]))
    job = Job.objects.get()
    assert reply.headers["Location"] == job.get_absolute_url()
    run_job(job.pk)
    job.refresh_from_db()
    assert job.result is not None
    assert job.result["sent"] == Reminder.objects.count() == 54
    assert "54" in text_of(client.get(job.get_absolute_url()))


def test_reading_a_number_is_recorded_and_only_for_those_who_keep_the_record(
    client: Any, leader: Any, official: Any
) -> None:
    leader.person.phone = "13812345678"
    leader.person.save()
    row = HobbyGrid.objects.get(area_code=b.HOBBY_GRID)
    url = reverse("gap-call", args=[b.COUNTY, GAP])
    client.force_login(b.user("auditor", b.COUNTY))
    assert client.post(url, {"row": row.pk}).status_code == 403
    assert not AuditEntry.objects.filter(verb="read phone").exists()
    client.force_login(official)
    assert "13812345678" in text_of(client.post(url, {"row": row.pk}))
    assert AuditEntry.objects.filter(verb="read phone", actor=official).count() == 1
    assert client.post(url, {"row": "nonsense"}).status_code == 404
