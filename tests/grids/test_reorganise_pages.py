"""Changing the map by the pages: preview, confirm, record, undo."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from activities.actions import log_session
from activities.models import Session
from grids.models import Appointment, Division, Grid, HobbyGrid, Reorganisation, Role
from jiaozuo_grid.jobs import Job, State
from jiaozuo_grid.lasting import today
from tests.builders import (
    CITY,
    GRID,
    HOBBY_GRID,
    OTHER_GRID,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    appoint,
    grid,
    hobby_grid,
    person,
    small_city,
    user,
)

DAY = today() - timedelta(days=3)
FORM = {"on": f"{DAY:%Y-%m-%d}", "reason": "焦政文〔2026〕12号"}
MERGE = f"/grids/{VILLAGE}/reorganise/merge-division/"
SPLIT = f"/grids/{GRID}/reorganise/split-grid/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _city() -> None:
    small_city()


@pytest.fixture
def bureau(signed_in: Any) -> Client:
    return signed_in(user(Role.BUREAU_STAFF, CITY))


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: Any) -> None:
    """Jobs run where they are sent, so that a test sees their end."""
    from jiaozuo_grid import jobs

    monkeypatch.setattr(jobs, "send", jobs.run)


def agreed(page: Any) -> str:
    found = re.search(r'name="agreed" value="([0-9a-f]+)"', page.content.decode())
    assert found is not None
    return found[1]


def confirm(client: Client, url: str, data: dict[str, Any]) -> Any:
    preview = client.post(url, data)
    assert preview.status_code == 200
    return client.post(url, {**data, "agreed": agreed(preview)})


def test_preview_shows_what_moves_and_who_loses_and_writes_nothing(bureau: Client) -> None:
    second = grid(VILLAGE + "002", name="第2网格")
    appoint(person(name="李二"), Role.GRID_LEADER, GRID)
    appoint(person(name="王一"), Role.GRID_LEADER, second.area_code)
    page = bureau.post(
        f"/grids/{GRID}/reorganise/merge-grid/", {**FORM, "target": second.area_code}
    )
    text = page.content.decode()
    assert "李二" in text
    assert GRID + "01" in text
    assert not Reorganisation.objects.exists()
    assert Grid.objects.get(area_code=GRID).ended_on is None


def test_confirming_merges_the_villages(
    bureau: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = confirm(bureau, MERGE, {**FORM, "target": OTHER_VILLAGE})
    job = Job.objects.get()
    assert (job.state, answer.url) == (State.DONE, job.get_absolute_url())
    assert Division.objects.get(area_code=VILLAGE).ended_on == DAY
    assert "东关村" in bureau.get("/reorganisations/").content.decode()


def test_what_changed_since_the_preview_is_shown_again(
    bureau: Client, django_capture_on_commit_callbacks: Any
) -> None:
    data = {**FORM, "target": OTHER_VILLAGE}
    preview = bureau.post(MERGE, data)
    hobby_grid(GRID + "02")
    with django_capture_on_commit_callbacks(execute=True):
        bureau.post(MERGE, {**data, "agreed": agreed(preview)})
    job = Job.objects.get()
    assert job.state == State.FAILED
    assert "预览" in job.error or "preview" in job.error
    assert Division.objects.get(area_code=VILLAGE).ended_on is None


def test_splitting_by_the_form(bureau: Client, django_capture_on_commit_callbacks: Any) -> None:
    hobby_grid(GRID + "02")
    data = {
        **FORM,
        "name_0": "东片",
        "name_1": "西片",
        f"part_of_{HOBBY_GRID}": "0",
        f"part_of_{GRID}02": "1",
        "leader_part": "1",
    }
    with django_capture_on_commit_callbacks(execute=True):
        confirm(bureau, SPLIT, data)
    west = Grid.objects.get(name="西片")
    assert HobbyGrid.objects.within(west.area_code).count() == 1


def test_hobby_grid_of_an_unnamed_part_is_refused_at_its_field(bureau: Client) -> None:
    data = {**FORM, "name_0": "东片", "name_1": "西片", f"part_of_{HOBBY_GRID}": "3"}
    page = bureau.post(SPLIT, {**data, "leader_part": "0"})
    assert page.status_code == 422
    assert f"id_part_of_{HOBBY_GRID}_error" in page.content.decode()


def test_estimated_households_carry_the_sign(
    bureau: Client, django_capture_on_commit_callbacks: Any
) -> None:
    Grid.objects.filter(area_code=GRID).update(households=401)
    data = {**FORM, "name_0": "东片", "name_1": "西片", f"part_of_{HOBBY_GRID}": "0"}
    with django_capture_on_commit_callbacks(execute=True):
        confirm(bureau, SPLIT, {**data, "leader_part": "0"})
    text = bureau.get(f"/grids/{VILLAGE}/").content.decode()
    assert re.search(r"≈</abbr> 201", text)
    east = Grid.objects.get(name="东片")
    bureau.post(f"/grids/{east.area_code}/edit/", {"name": "东片", "households": "210"})
    assert not Grid.objects.get(name="东片").estimated


def test_undoing_by_the_page(bureau: Client, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        confirm(bureau, MERGE, {**FORM, "target": OTHER_VILLAGE})
    row = Reorganisation.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        bureau.post(f"/reorganisations/{row.pk}/")
    assert Job.objects.latest("pk").state == State.DONE
    assert Division.objects.get(area_code=VILLAGE).ended_on is None
    assert not HobbyGrid.objects.within(OTHER_VILLAGE + "002").exists()


def test_ended_area_leads_to_what_it_went_on_as(
    bureau: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        confirm(bureau, MERGE, {**FORM, "target": OTHER_VILLAGE})
    assert f'data-heir="{OTHER_VILLAGE}"' in bureau.get(f"/grids/{VILLAGE}/").content.decode()


def test_bookmark_of_the_phone_leads_to_the_new_code(
    signed_in: Any, bureau: Client, django_capture_on_commit_callbacks: Any
) -> None:
    leader = user(Role.GRID_LEADER, GRID)
    with django_capture_on_commit_callbacks(execute=True):
        confirm(bureau, MERGE, {**FORM, "target": OTHER_VILLAGE})
    answer = signed_in(leader).get(f"/m/log/{HOBBY_GRID}/")
    assert answer.url == f"/m/log/{OTHER_VILLAGE}00201/"


def test_record_sent_from_an_old_page_is_kept_and_says_where(
    signed_in: Any, bureau: Client, django_capture_on_commit_callbacks: Any
) -> None:
    leader = user(Role.GRID_LEADER, GRID)
    with django_capture_on_commit_callbacks(execute=True):
        confirm(bureau, MERGE, {**FORM, "target": OTHER_VILLAGE})
    record = {
        "id": str(uuid4()),
        "held_on": f"{DAY:%Y-%m-%d}",
        "start_time": "19:30",
        "minutes": "60",
        "participants": "12",
    }
    page = signed_in(leader).post(f"/m/log/{HOBBY_GRID}/", record, follow=True)
    assert "data-moved" in page.content.decode()
    assert Session.objects.get().area_code == f"{OTHER_VILLAGE}00201"


def test_targets_are_only_those_that_the_user_may_reorganise(signed_in: Any) -> None:
    officer = user(Role.TOWNSHIP_OFFICER, TOWNSHIP)
    grid(VILLAGE + "002")
    page = signed_in(officer).get(f"/grids/{GRID}/reorganise/merge-grid/").content.decode()
    assert VILLAGE + "002" in page
    assert OTHER_GRID not in page


@pytest.mark.parametrize(
    ("role", "area", "status"),
    [
        (Role.BUREAU_STAFF, CITY, 200),
        (Role.TOWNSHIP_OFFICER, TOWNSHIP, 403),
        (Role.TOWNSHIP_OFFICER, OTHER_TOWNSHIP, 404),
        (Role.GRID_LEADER, GRID, 404),
    ],
)
def test_who_may_merge_villages(signed_in: Any, role: str, area: str, status: int) -> None:
    assert signed_in(user(role, area)).get(MERGE).status_code == status


def test_grid_leader_has_no_way_to_change_the_map(signed_in: Any) -> None:
    client = signed_in(user(Role.GRID_LEADER, GRID))
    assert "reorganise" not in client.get(f"/grids/{GRID}/").content.decode()
    assert client.get(f"/grids/{GRID}/reorganise/").status_code == 403


def test_session_logged_at_the_old_code_says_where_it_counts(bureau: Client) -> None:
    """Nothing that waited is refused because the map changed (S7)."""
    from grids.reorganise import merge_division
    from jiaozuo_grid.reach import SYSTEM

    leader = user(Role.GRID_LEADER, GRID)
    merge_division(SYSTEM, VILLAGE, OTHER_VILLAGE, DAY, reason="x")
    logged, _created = log_session(
        leader,
        id=uuid4(),
        area_code=HOBBY_GRID,
        held_on=today() - timedelta(days=1),
        start_time=time(19, 30),
        minutes=60,
        participants=12,
    )
    assert logged.area_code == OTHER_VILLAGE + "00201"
    assert Appointment.objects.filter(area_code=OTHER_VILLAGE + "002").exists()
