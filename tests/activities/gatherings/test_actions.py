"""Writing down lectures and events, and putting them right: once is once (S3, S4)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AuditEntry
from activities.actions import SessionConflict, correct_gathering, withdraw_gathering
from coverage.folding import fold
from coverage.models import FlowTally
from coverage.recount import drift, rebuild
from grids.models import Role
from grids.reorganise import Terms, merge_division
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM, OutOfReach
from tests import builders as b
from tests.activities.acting import log as log_a_session
from tests.activities.acting import renewed, yesterday
from tests.activities.gatherings.acting import KINDS, LOG, MODELS, NAME, held, usual

pytestmark = pytest.mark.django_db
each_kind = pytest.mark.parametrize("kind", KINDS)
RUNS = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def leader() -> Any:
    b.small_city()
    return b.user(Role.GRID_LEADER, b.GRID)


@pytest.fixture
def officer(leader: Any) -> Any:
    return b.user(Role.TOWNSHIP_OFFICER, b.TOWNSHIP)


@each_kind
def test_it_is_stored_with_who_wrote_it_down(leader: Any, kind: str) -> None:
    row = held(kind, leader, note=" 下雨 ")
    row.refresh_from_db()
    assert (row.area_code, row.note, row.logged_by, row.version) == (b.GRID, "下雨", leader, 1)
    entry = AuditEntry.objects.get(object_id=str(row.pk))
    assert (entry.verb, entry.area_code, entry.actor) == ("log gathering", b.GRID, leader)


@each_kind
def test_the_same_id_and_body_again_is_what_is_stored(leader: Any, kind: str) -> None:
    values = usual(kind)
    first, created = LOG[kind](leader, **values)
    again, anew = LOG[kind](leader, **{**values, "place": " 村委会 "})
    assert (created, anew, again.pk) == (True, False, first.pk)
    assert MODELS[kind].objects.count() == 1


@each_kind
@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("minutes", 91),
        ("participants", 41),
        ("place", "学校"),
        ("held_on", yesterday() - timedelta(2)),
    ],
)
def test_another_body_under_the_same_id_is_refused_naming_the_field(
    leader: Any, kind: str, field: str, other: Any
) -> None:
    """S3."""
    values = usual(kind)
    LOG[kind](leader, **values)
    with pytest.raises(SessionConflict) as refused:
        LOG[kind](leader, **{**values, field: other})
    assert refused.value.fields == [field]


@each_kind
def test_its_name_is_a_part_of_the_body_too(leader: Any, kind: str) -> None:
    values = usual(kind)
    LOG[kind](leader, **values)
    with pytest.raises(SessionConflict) as refused:
        LOG[kind](leader, **{**values, NAME[kind]: "别的"})
    assert refused.value.fields == [NAME[kind]]


@each_kind
def test_a_resend_after_a_correction_is_still_a_resend(leader: Any, kind: str) -> None:
    """S4: the first body is compared, not what it says by now."""
    values = usual(kind)
    row, _created = LOG[kind](leader, **values)
    correct_gathering(leader, row, version=1, reason="数错", participants=50)
    again, created = LOG[kind](leader, **values)
    assert (created, again.participants) == (False, 50)
    with pytest.raises(SessionConflict):
        LOG[kind](leader, **{**values, "participants": 50})


@RUNS
@given(order=st.lists(st.integers(0, 3), min_size=1, max_size=12), kind=st.sampled_from(KINDS))
def test_whatever_order_and_however_often_each_is_stored_once(
    leader: Any, order: list[int], kind: str
) -> None:
    """S1, S4."""
    MODELS[kind].objects.all().delete()

    def record(number: int) -> dict[str, Any]:
        return usual(kind, id=UUID(int=number + 1), held_on=yesterday() - timedelta(days=number))

    created = [LOG[kind](leader, **record(number))[1] for number in order]
    assert sum(created) == MODELS[kind].objects.count() == len(set(order))


@each_kind
def test_a_correction_sent_twice_is_one(leader: Any, kind: str) -> None:
    row = held(kind, leader)
    for _time in range(2):
        row = correct_gathering(leader, row, version=1, reason="数错", participants=50)
    assert (row.participants, row.version) == (50, 2)


@each_kind
def test_a_correction_of_an_older_version_is_a_conflict(
    leader: Any, officer: Any, kind: str
) -> None:
    """Pitfall 12: the last write never wins in silence."""
    row = held(kind, leader)
    correct_gathering(officer, row, version=1, reason="数错", participants=50)
    with pytest.raises(SessionConflict) as refused:
        correct_gathering(leader, row, version=1, reason="数错了", participants=60)
    assert refused.value.fields == ["version"]


@each_kind
def test_withdrawn_twice_is_withdrawn_once(leader: Any, kind: str) -> None:
    row = held(kind, leader)
    first = withdraw_gathering(leader, row, version=1, reason="没有举行")
    again = withdraw_gathering(leader, row, version=1, reason="没有举行")
    assert (first.withdrawn_at, first.version) == (again.withdrawn_at, again.version)
    assert not MODELS[kind].objects.standing().exists()
    with pytest.raises(ValidationError):
        correct_gathering(leader, row, version=2, reason="数错", participants=50)


@each_kind
def test_an_amendment_says_why_and_changes_something(leader: Any, kind: str) -> None:
    row = held(kind, leader)
    with pytest.raises(ValidationError):
        correct_gathering(leader, row, version=1, reason=" ", participants=50)
    with pytest.raises(ValidationError):
        correct_gathering(leader, row, version=1, reason="没变", participants=40)
    with pytest.raises(ValidationError):
        withdraw_gathering(leader, row, version=1, reason="")


# --- who may ---


@each_kind
@pytest.mark.parametrize(
    ("role", "area", "may"),
    [
        (Role.GRID_LEADER, b.GRID, True),
        (Role.TOWNSHIP_OFFICER, b.TOWNSHIP, True),
        (Role.GRID_LEADER, b.OTHER_GRID, False),
        (Role.GRID_MEMBER, b.HOBBY_GRID, False),
        (Role.COUNTY_OFFICIAL, b.COUNTY, False),
        (Role.BUREAU_STAFF, b.CITY, False),
        (Role.AUDITOR, b.COUNTY, False),
    ],
)
def test_who_logs_at_the_area_writes_it_down(kind: str, role: str, area: str, may: bool) -> None:
    """P3: at a grid its leader and the township officer, nobody beside, below or above."""
    b.small_city()
    actor = b.user(role, area)
    if may:
        assert held(kind, actor).pk
        return
    with pytest.raises(OutOfReach):
        held(kind, actor)
    assert not MODELS[kind].objects.exists()


@each_kind
def test_a_leader_does_not_write_for_the_whole_village(
    leader: Any, officer: Any, kind: str
) -> None:
    with pytest.raises(OutOfReach):
        held(kind, leader, area_code=b.VILLAGE)
    assert held(kind, officer, area_code=b.VILLAGE).area_code == b.VILLAGE


@each_kind
def test_who_left_office_while_it_waited_is_taken(kind: str) -> None:
    """Pitfall 11."""
    b.small_city()
    gone = b.user(Role.GRID_LEADER, b.GRID, ended_on=today())
    assert held(kind, gone).logged_by == gone
    with pytest.raises(OutOfReach):
        held(kind, gone, held_on=today())


@each_kind
def test_it_is_placed_where_its_village_stood_that_day(kind: str) -> None:
    """Pitfall 11: the map changed while it waited."""
    b.small_city()
    officer = b.user(Role.TOWNSHIP_OFFICER, b.TOWNSHIP)
    merge_division(
        SYSTEM, b.VILLAGE, b.COMMUNITY, yesterday(), reason="批复", terms=Terms(entered_on=today())
    )
    row = held(kind, renewed(officer), area_code=b.VILLAGE)
    before = held(kind, officer, area_code=b.VILLAGE, held_on=yesterday() - timedelta(days=1))
    assert (row.area_code, before.area_code) == (b.COMMUNITY, b.VILLAGE)


# --- what is believed ---


def everywhere() -> Any:
    """Somebody who may log everywhere, so that only belief decides."""
    who = b.user()
    b.appoint(who.person, Role.TOWNSHIP_OFFICER, b.CITY)
    return who


@each_kind
@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("held_on", {"held_on": today() + timedelta(days=1)}),
        ("held_on", {"held_on": today() - timedelta(days=400)}),
        ("participants", {"participants": 0}),
        ("participants", {"participants": 2_001}),
        ("minutes", {"minutes": 1_441}),
        ("area_code", {"area_code": b.HOBBY_GRID}),
        ("area_code", {"area_code": b.CITY}),
        ("area_code", {"area_code": b.GRID[:-1] + "9"}),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(kind: str, field: str, values: Any) -> None:
    b.small_city()
    with pytest.raises(ValidationError) as refused:
        held(kind, everywhere(), **values)
    assert field in refused.value.message_dict


@each_kind
def test_the_same_of_one_day_written_down_twice_is_named(
    leader: Any, officer: Any, kind: str
) -> None:
    """S9: by two people, each on a phone of their own."""
    first = held(kind, leader)
    with pytest.raises(ValidationError) as refused:
        held(kind, officer)
    fault = refused.value.error_dict[NAME[kind]][0]
    assert fault.params is not None
    assert (fault.code, fault.params["session"]) == ("already_logged", str(first.pk))


# --- figures ---


@each_kind
def test_the_figures_of_its_area_stay_those_of_the_sessions(
    leader: Any, officer: Any, kind: str
) -> None:
    """Pitfall 6: a mark at a village or township must not be counted as its sessions."""
    rebuild()
    log_a_session(leader)
    fold()
    before = list(FlowTally.objects.order_by("area_code").values_list("area_code", "sessions"))
    assert before
    for code in (b.GRID, b.VILLAGE, b.TOWNSHIP):
        held(kind, officer, area_code=code)
    fold()
    after = list(FlowTally.objects.order_by("area_code").values_list("area_code", "sessions"))
    assert after == before
    assert drift() == []
