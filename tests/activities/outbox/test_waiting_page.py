"""The officer's list of what waits on phones."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, User
from activities.models import WaitingRecord
from tests import builders as b
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db
PAGE = "/phones/waiting/"


@pytest.fixture
def officer(signed_in: Any) -> Client:
    b.small_city()
    return signed_in(b.user("township_officer", b.TOWNSHIP))


def waits(user: User, days: int = 1, area_code: str = b.GRID, **other: Any) -> WaitingRecord:
    since = timezone.now() - timedelta(days=days)
    return WaitingRecord.objects.create(
        id=uuid4(), user=user, phone=uuid4(), area_code=area_code, since=since, **other
    )


def rows(answer: Any) -> list[Any]:
    return list(answer.context["page"].rows)


def test_a_person_stands_there_once_with_how_many_wait_since_when(officer: Client) -> None:
    leader = b.user("grid_leader", b.GRID)
    waits(leader, 1)
    oldest = waits(leader, 3)
    waits(leader, 2, lost_at=timezone.now())

    answer = officer.get(PAGE)

    assert rows(answer) == [oldest]
    text = answer.content.decode()
    assert leader.person.name in text
    assert "网格长" in text
    assert "3 条中有 1 条丢失" in text
    assert str(oldest.pk) not in text.split("<table")[0]


def test_foreign_areas_are_not_there(officer: Client) -> None:
    waits(b.user("grid_leader", b.OTHER_GRID), area_code=b.OTHER_GRID)
    assert rows(officer.get(PAGE)) == []


def test_lost_ones_can_be_asked_for(officer: Client) -> None:
    lost = waits(b.user("grid_leader", b.GRID), lost_at=timezone.now())
    still = waits(b.user("grid_member", b.HOBBY_GRID))
    assert rows(officer.get(PAGE, {"state": "lost"})) == [lost]
    assert rows(officer.get(PAGE, {"state": "phone"})) == [still]


def test_nothing_waiting_is_said_kindly(officer: Client) -> None:
    assert "没有待传的记录" in officer.get(PAGE).content.decode()


def dismiss(client: Client, *marked: WaitingRecord, reason: str = "已按纸质补录") -> Any:
    values = {"bulk": "dismiss", "rows": ",".join(str(row.pk) for row in marked)}
    return client.post(PAGE, {**values, "with-reason": reason})


def test_the_officer_dismisses_all_of_a_person_with_a_reason(officer: Client) -> None:
    leader, other = b.user("grid_leader", b.GRID), b.user("grid_member", b.HOBBY_GRID)
    first = waits(leader, 3)
    waits(leader, 1)
    stays = waits(other)

    assert dismiss(officer, first).status_code == 302

    assert list(WaitingRecord.objects.all()) == [stays]
    entries = AuditEntry.objects.filter(verb="dismiss")
    assert [entry.reason for entry in entries] == ["已按纸质补录"] * 2


def test_a_reason_is_needed(officer: Client) -> None:
    row = waits(b.user("grid_leader", b.GRID))
    assert dismiss(officer, row, reason=" ").status_code == 422
    assert WaitingRecord.objects.exists()


def test_who_may_only_look_does_not_dismiss(officer: Client, signed_in: Any) -> None:
    """P3: a leader sees those of the grid, the officer decides."""
    leader = b.user("grid_leader", b.GRID)
    row = waits(leader)
    assert rows(signed_in(leader).get(PAGE)) == [row]
    assert dismiss(signed_in(leader), row).status_code == 403
    far = signed_in(b.user("township_officer", b.OTHER_TOWNSHIP))
    dismiss(far, row)
    assert WaitingRecord.objects.exists()


def test_queries_do_not_grow_with_the_list(officer: Client) -> None:
    """L2."""
    for number in range(2):
        waits(b.user("grid_leader", f"{b.VILLAGE}{number + 10:03}"))
    assert_query_count(officer, PAGE, "phones/waiting")
    for number in range(20):
        user = b.user("grid_leader", f"{b.COMMUNITY}{number + 10:03}")
        waits(user, area_code=b.COMMUNITY)
        waits(user, lost_at=timezone.now())
    assert_query_count(officer, PAGE, "phones/waiting")
