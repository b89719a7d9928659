"""Appointing, replacing and ending: one leader at a time, nobody above themselves."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from grids.actions import appoint, end_appointment, enter_person, replace_leader
from grids.models import Appointment, Background, Grid, Role
from grids.writing import keep
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import OutOfReach, reach_of
from tests import builders
from tests.builders import (
    BEGINNING,
    CITY,
    COUNTY,
    GRID,
    HOBBY_GRID,
    OTHER_GRID,
    OTHER_TOWNSHIP,
    TOWNSHIP,
    VILLAGE,
    person,
    small_city,
    user,
)

pytestmark = pytest.mark.django_db
TODAY = today()


def days(n: int):
    return TODAY + timedelta(days=n)


@pytest.fixture(autouse=True)
def city():
    small_city()


@pytest.fixture
def officer():
    return user(Role.TOWNSHIP_OFFICER, TOWNSHIP)


def test_an_appointment_says_who_appointed_and_the_background(officer):
    post = appoint(officer, person(), Role.GRID_LEADER, GRID, background=Background.STATION_HEAD)
    assert (post.appointed_by, post.background) == (officer, "station_head")
    assert post.started_on == TODAY


def test_an_appointment_gives_authority_from_its_first_day(officer):
    who = user(None, VILLAGE)
    appoint(officer, who.person, Role.GRID_LEADER, GRID, started_on=days(1))
    assert not reach_of(who, TODAY).allows("log", HOBBY_GRID)
    assert reach_of(who, days(1)).allows("log", HOBBY_GRID)


def test_a_grid_has_one_leader_at_a_time(officer):
    appoint(officer, person(), Role.GRID_LEADER, GRID)
    with pytest.raises(ValidationError):
        appoint(officer, person(), Role.GRID_LEADER, GRID)


@pytest.mark.parametrize(
    ("start", "overlaps"), [(-40, True), (-20, True), (-1, True), (0, False), (5, False)]
)
def test_dated_leaderships_do_not_overlap(officer, start, overlaps):
    builders.appoint(person(), Role.GRID_LEADER, GRID, started_on=days(-30), ended_on=TODAY)
    if overlaps:
        with pytest.raises(ValidationError):
            appoint(officer, person(), Role.GRID_LEADER, GRID, started_on=days(start))
    else:
        appoint(officer, person(), Role.GRID_LEADER, GRID, started_on=days(start))


def test_a_leadership_that_never_began_is_in_nobodys_way(officer):
    builders.appoint(person(), Role.GRID_LEADER, GRID, started_on=days(5), ended_on=days(5))
    assert appoint(officer, person(), Role.GRID_LEADER, GRID).pk


def test_a_hobby_grid_may_have_several_members(officer):
    for _n in range(3):
        appoint(officer, person(), Role.GRID_MEMBER, HOBBY_GRID)
    assert Appointment.objects.with_role(Role.GRID_MEMBER).count() == 3


def test_the_same_person_is_not_appointed_twice_to_one_post(officer):
    who = person()
    appoint(officer, who, Role.GRID_MEMBER, HOBBY_GRID)
    with pytest.raises(ValidationError):
        appoint(officer, who, Role.GRID_MEMBER, HOBBY_GRID)


def test_a_person_may_return_after_their_post_ended(officer):
    who = person()
    first = appoint(officer, who, Role.GRID_LEADER, GRID, started_on=days(-30))
    end_appointment(officer, first, days(-10), reason="外出务工")
    appoint(officer, who, Role.GRID_LEADER, GRID)
    assert Appointment.objects.filter(person=who).count() == 2


def test_replacing_ends_the_leader_on_the_day_the_successor_begins(officer):
    first = appoint(officer, person(), Role.GRID_LEADER, GRID, started_on=days(-30))
    second = replace_leader(officer, person(), GRID, started_on=days(3), reason="换届")
    first.refresh_from_db()
    assert first.ended_on == second.started_on == days(3)
    for day in (TODAY, days(2), days(3)):
        assert Appointment.objects.with_role(Role.GRID_LEADER).on(day).count() == 1


def test_a_replacement_that_is_refused_leaves_the_leader_in_place(officer):
    first = appoint(officer, person(), Role.GRID_LEADER, GRID, started_on=days(-30))
    with pytest.raises(OutOfReach):
        replace_leader(officer, person(OTHER_TOWNSHIP), GRID)
    first.refresh_from_db()
    assert first.ended_on is None


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (Role.GRID_LEADER, VILLAGE),
        (Role.GRID_LEADER, HOBBY_GRID),
        (Role.GRID_MEMBER, GRID),
        (Role.GRID_MEMBER, GRID + "77"),
        (Role.GRID_LEADER, VILLAGE + "777"),
    ],
)
def test_a_post_needs_an_area_of_its_level_that_is_there(officer, role, code):
    with pytest.raises(ValidationError):
        appoint(officer, person(), role, code)


def test_a_post_does_not_begin_before_its_area(officer):
    Grid.objects.filter(area_code=GRID).update(started_on=days(-5))
    with pytest.raises(ValidationError):
        appoint(officer, person(), Role.GRID_LEADER, GRID, started_on=days(-6))


def test_a_post_ends_once_not_before_its_start_and_not_years_ahead(officer):
    post = appoint(officer, person(), Role.GRID_LEADER, GRID, started_on=days(-3))
    for day in (days(-4), days(800)):
        with pytest.raises(ValidationError):
            end_appointment(officer, post, day)
    end_appointment(officer, post, TODAY)
    with pytest.raises(ValidationError):
        end_appointment(officer, post, TODAY)


MAY_APPOINT = {
    Role.BUREAU_STAFF: set(Role.values),
    Role.COUNTY_OFFICIAL: {"township_officer", "grid_leader", "grid_member"},
    Role.TOWNSHIP_OFFICER: {"grid_leader", "grid_member"},
    Role.GRID_LEADER: {"grid_member"},
    Role.GRID_MEMBER: set(),
    Role.AUDITOR: set(),
}
WHERE = {
    Role.BUREAU_STAFF: CITY,
    Role.COUNTY_OFFICIAL: COUNTY,
    Role.TOWNSHIP_OFFICER: TOWNSHIP,
    Role.GRID_LEADER: GRID,
    Role.GRID_MEMBER: HOBBY_GRID,
    Role.AUDITOR: CITY,
}


@pytest.mark.parametrize("post", Role.values)
@pytest.mark.parametrize("role", Role.values)
def test_each_role_appoints_only_below_itself(role, post):
    """P8: the table of who appoints whom, at the very area where each post is held."""
    actor = user(role, WHERE[Role(role)])
    # Someone in the narrowest area, whom everyone with any authority over people sees.
    someone = person(HOBBY_GRID)
    if post in MAY_APPOINT[Role(role)]:
        assert appoint(actor, someone, post, WHERE[Role(post)]).pk
    else:
        with pytest.raises(OutOfReach):
            appoint(actor, someone, post, WHERE[Role(post)])


@pytest.mark.parametrize("role", Role.values)
def test_nobody_appoints_themselves(role):
    """P8: not even to a lower post."""
    actor = user(role, WHERE[Role(role)])
    for post in Role.values:
        with pytest.raises(OutOfReach):
            appoint(actor, actor.person, post, WHERE[Role(post)])


def test_nobody_prolongs_or_ends_their_own_post():
    """P8: one's own appointment is changed by nobody but others, by no door."""
    actor = user(Role.BUREAU_STAFF, CITY)
    own = Appointment.objects.get(person=actor.person)
    with pytest.raises(OutOfReach):
        end_appointment(actor, own, TODAY)
    own.ended_on = None
    own.background = Background.OFFICIAL
    with pytest.raises(OutOfReach):
        keep(actor, own, "edit")


def test_the_written_row_is_refused_whatever_door_wrote_it():
    """P3, P8: a county official writes no county official's post, even past the action."""
    actor = user(Role.COUNTY_OFFICIAL, COUNTY)
    post = Appointment(
        person=person(), role=Role.COUNTY_OFFICIAL, area_code=COUNTY, started_on=TODAY
    )
    with pytest.raises(OutOfReach):
        keep(actor, post, "appoint")
    promoted = builders.appoint(person(), Role.TOWNSHIP_OFFICER, TOWNSHIP)
    promoted.role, promoted.area_code = Role.COUNTY_OFFICIAL, COUNTY
    with pytest.raises(OutOfReach):
        keep(actor, promoted, "edit")
    assert Appointment.objects.filter(role=Role.COUNTY_OFFICIAL).count() == 1


def test_a_person_out_of_sight_cannot_be_appointed(officer):
    with pytest.raises(OutOfReach):
        appoint(officer, person(OTHER_TOWNSHIP), Role.GRID_LEADER, GRID)


@pytest.mark.parametrize("dates", [{"ended_on": TODAY}, {"started_on": TODAY + timedelta(days=1)}])
def test_an_ended_or_future_post_gives_no_right_to_appoint(dates):
    actor = user(Role.TOWNSHIP_OFFICER, TOWNSHIP, **dates)
    with pytest.raises(OutOfReach):
        appoint(actor, person(), Role.GRID_LEADER, GRID)


def test_a_leader_appoints_members_only_in_their_own_grid():
    leader = user(Role.GRID_LEADER, GRID)
    who = enter_person(leader, name="李梅", area_code=GRID)
    assert appoint(leader, who, Role.GRID_MEMBER, HOBBY_GRID).pk
    with pytest.raises(OutOfReach):
        appoint(leader, who, Role.GRID_MEMBER, OTHER_GRID + "01")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_of_two_leaders_appointed_at_the_same_time_one_stays(officer):
    people = [person() for _n in range(4)]
    refused: list[Exception] = []

    def run(who):
        try:
            appoint(officer, who, Role.GRID_LEADER, GRID, started_on=BEGINNING)
        except ValidationError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[who]) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 3
    assert Appointment.objects.with_role(Role.GRID_LEADER).count() == 1
