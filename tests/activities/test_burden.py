"""The burden budget: every form is declared with its reasons, within its budget, and published."""

from __future__ import annotations

import json
from dataclasses import astuple
from typing import Any

import pytest
from django.core.checks import run_checks

from activities.burden import ASKED, FORBIDDEN, MEASURED, WEEK, WEEK_SECONDS, tasks, week_of_role
from activities.calendar.forms import ScheduleForm
from activities.effort import Desk, Effort
from activities.outbox.kinds import phone_forms
from activities.paper.forms import PaperRow
from activities.paper.sheet import Sheet, week_of
from activities.views.review import RemarkForm
from grids.models import Division, Role
from jiaozuo_grid.lasting import today
from tests.builders import CITY, GRID, TOWNSHIP, VILLAGE, small_city
from tests.builders import user as new_user
from tests.query_counts import assert_query_count

# Not typed by anybody: made on the phone, or taken from the schedule.
HIDDEN = {"id", "version"}


def asked_of(form: Any) -> dict[str, bool]:
    """The fields that somebody sees, and whether the form can do without them."""
    visible = [field for field in form.visible_fields() if field.name not in HIDDEN]
    return {field.name: field.field.required for field in visible}


def declared(key: str) -> dict[str, bool]:
    found = [task for task in tasks() if task.form == key]
    assert found, f"{key} is a form without a budget: declare it in activities/burden.py"
    return {field.name: field.needed for field in found[0].fields}


def test_every_form_of_the_phone_is_declared_with_each_of_its_fields() -> None:
    """A field more, or one that becomes required, needs a reason first."""
    for entry in phone_forms():
        assert declared(entry.key) == asked_of(entry.form), entry.key


@pytest.mark.django_db
def test_the_other_forms_are_declared_too() -> None:
    small_city()
    sheet = Sheet(Division.objects.get(area_code=VILLAGE), week_of(today()))
    # A row of the sheet requires nothing: an empty one is skipped. A used one needs the number.
    row = asked_of(PaperRow(sheet=sheet)) | {"participants": True}

    assert declared("paper") == row
    assert declared("review") == asked_of(RemarkForm())
    assert declared("schedule") == asked_of(ScheduleForm())


def test_a_photo_is_never_needed() -> None:
    """Pitfall 15, and the national rule."""
    fields = [field for task in tasks() for field in task.fields]

    assert not [field for field in fields if field.needed and field.name in ("photo", "position")]


@pytest.mark.parametrize("task", tasks(), ids=lambda task: task.key)
def test_what_was_measured_is_within_the_budget(task: Any) -> None:
    assert type(task.measured) is type(task.most)
    pairs = zip(astuple(task.measured), astuple(task.most), strict=True)
    assert all(took <= most for took, most in pairs)


def test_nothing_is_measured_that_nobody_asks_for() -> None:
    assert set(json.loads(MEASURED.read_text())) == {task.key for task in tasks()}


@pytest.mark.parametrize("role", [Role.GRID_LEADER, Role.GRID_MEMBER])
def test_a_week_is_forty_taps_and_three_minutes_at_most(role: str) -> None:
    """U1"""
    week = week_of_role(role)

    assert week.taps <= WEEK.taps
    assert week.seconds <= WEEK_SECONDS
    assert sum(task.a_week for task in ASKED[role]) == 8


def test_the_usual_session_takes_two_taps_and_a_changed_number_three() -> None:
    by_key = {task.key: task for task in tasks()}

    assert by_key["repeat"].measured == Effort(taps=2)
    assert by_key["changed"].measured == Effort(taps=3)


def test_seconds_are_the_models() -> None:
    assert Effort(taps=2, characters=3).seconds == pytest.approx(2 * (1.35 + 1.10) + 3 * 1.20)
    assert Desk(keys=10, rows=2).seconds == pytest.approx(0.40 + 10 * 0.28 + 2 * 1.35)


@pytest.mark.parametrize("name", FORBIDDEN)
def test_a_setting_that_breaches_the_rules_cannot_be_turned_on(settings: Any, name: str) -> None:
    setattr(settings, name, True)

    assert [error.id for error in run_checks() if error.id == "activities.E001"]


@pytest.mark.parametrize("name", FORBIDDEN)
def test_nor_from_the_environment(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "1")

    assert [error.id for error in run_checks() if error.id == "activities.E001"]


def test_as_it_is_the_project_starts() -> None:
    assert not [error for error in run_checks() if error.id == "activities.E001"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "area"),
    [
        (Role.GRID_LEADER, GRID),
        (Role.TOWNSHIP_OFFICER, TOWNSHIP),
        (Role.BUREAU_STAFF, CITY),
        (None, CITY),
    ],
)
def test_the_page_is_the_same_for_everybody(signed_in: Any, role: str | None, area: str) -> None:
    small_city()
    client = signed_in(new_user(role, area))

    page = client.get("/burden/").content.decode()

    assert page.count("data-task=") == len(tasks())
    assert ("您的角色" in page) == (role in ASKED)
    for said in ("指尖上的形式主义", "整治形式主义为基层减负若干规定", "不给任何人排名"):
        assert said in page


@pytest.mark.django_db
def test_the_readers_own_role_comes_first(signed_in: Any) -> None:
    small_city()
    client = signed_in(new_user("township_officer", TOWNSHIP))

    page = client.get("/burden/").content.decode()

    assert page.index('data-task="review"') < page.index('data-task="repeat"')


@pytest.mark.django_db
def test_every_page_leads_there(signed_in: Any) -> None:
    small_city()
    client = signed_in(new_user("grid_leader", GRID))

    assert 'href="/burden/"' in client.get("/m/").content.decode()
    assert 'href="/burden/"' in client.get("/sessions/").content.decode()


@pytest.mark.django_db
def test_the_page_costs_next_to_nothing(signed_in: Any) -> None:
    small_city()
    client = signed_in(new_user("grid_leader", GRID))

    assert_query_count(client, "/burden/", "burden")
    for _n in range(3):
        new_user("grid_member", GRID + "01")
    assert_query_count(client, "/burden/", "burden")
