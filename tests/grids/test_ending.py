"""Ending and re-opening: nothing is deleted, and what depends on it ends the same day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry
from grids.actions import (
    appoint,
    end_grid,
    end_hobby_grid,
    ending_below,
    reopen_grid,
    reopen_hobby_grid,
)
from grids.models import Appointment, Grid, HobbyGrid, Role
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import OutOfReach
from tests import builders
from tests.builders import BEGINNING, GRID, HOBBY_GRID, TOWNSHIP, small_city, user

pytestmark = pytest.mark.django_db
YESTERDAY = today() - timedelta(days=1)


@pytest.fixture(autouse=True)
def city():
    small_city()
    builders.appoint(builders.person(), Role.GRID_LEADER, GRID)
    builders.appoint(builders.person(), Role.GRID_MEMBER, HOBBY_GRID)


@pytest.fixture
def officer():
    return user(Role.TOWNSHIP_OFFICER, TOWNSHIP)


def the_grid() -> Grid:
    return Grid.objects.get(area_code=GRID)


def test_the_preview_names_what_will_end():
    ending = ending_below(GRID, today())
    assert [row.area_code for row in ending.hobby_grids] == [HOBBY_GRID]
    assert {post.role for post in ending.appointments} == {"grid_leader", "grid_member"}


def test_ending_a_grid_ends_its_hobby_grids_and_posts_on_that_day(officer):
    end_grid(officer, the_grid(), YESTERDAY, reason="合并")
    assert HobbyGrid.objects.get(area_code=HOBBY_GRID).ended_on == YESTERDAY
    assert set(Appointment.objects.within(GRID).values_list("ended_on", flat=True)) == {YESTERDAY}
    assert AuditEntry.objects.filter(verb="end", reason="合并").count() == 4


def test_an_ended_grid_is_still_there_as_of_an_earlier_day(officer):
    end_grid(officer, the_grid(), today())
    assert Grid.objects.on(YESTERDAY).filter(area_code=GRID).exists()
    assert Appointment.objects.on(YESTERDAY).within(GRID).count() == 2
    assert not Grid.objects.on(today()).filter(area_code=GRID).exists()


def test_a_post_that_has_not_begun_ends_unbegun(officer):
    later = today() + timedelta(days=10)
    post = builders.appoint(builders.person(), Role.GRID_MEMBER, HOBBY_GRID, started_on=later)
    end_grid(officer, the_grid(), today())
    post.refresh_from_db()
    assert post.ended_on == later


def test_a_grid_ends_once_and_not_before_it_began(officer):
    with pytest.raises(ValidationError):
        end_grid(officer, the_grid(), BEGINNING - timedelta(days=1))
    end_grid(officer, the_grid(), today())
    with pytest.raises(ValidationError):
        end_grid(officer, the_grid(), today())


def test_reopening_takes_back_the_end_but_not_of_what_ended_with_it(officer):
    end_grid(officer, the_grid(), YESTERDAY)
    reopen_grid(officer, the_grid())
    assert the_grid().ended_on is None
    assert HobbyGrid.objects.get(area_code=HOBBY_GRID).ended_on == YESTERDAY
    assert not Appointment.objects.within(GRID).on(today()).exists()


def test_a_hobby_grid_is_reopened_only_in_an_open_grid(officer):
    end_grid(officer, the_grid(), today())
    hobby = HobbyGrid.objects.get(area_code=HOBBY_GRID)
    with pytest.raises(ValidationError):
        reopen_hobby_grid(officer, hobby)
    reopen_grid(officer, the_grid())
    reopen_hobby_grid(officer, hobby)
    assert HobbyGrid.objects.get(area_code=HOBBY_GRID).ended_on is None


def test_ending_a_hobby_grid_ends_its_members_posts_only(officer):
    end_hobby_grid(officer, HobbyGrid.objects.get(area_code=HOBBY_GRID), today())
    assert Appointment.objects.get(role=Role.GRID_MEMBER).ended_on == today()
    assert Appointment.objects.get(role=Role.GRID_LEADER).ended_on is None


def test_a_leader_cannot_end_their_grid():
    leader = Appointment.objects.get(role=Role.GRID_LEADER)
    leader.ended_on = YESTERDAY
    leader.save()
    with pytest.raises(OutOfReach):
        end_grid(user(Role.GRID_LEADER, GRID), the_grid(), today())


def test_nobody_ends_their_own_post_by_ending_its_area(officer):
    """P8: an officer who leads a grid cannot end it with their own post."""
    Appointment.objects.filter(role=Role.GRID_LEADER).delete()
    builders.appoint(officer.person, Role.GRID_LEADER, GRID)
    with pytest.raises(ValidationError):
        end_grid(officer, the_grid(), today())
    assert the_grid().ended_on is None
    assert HobbyGrid.objects.get(area_code=HOBBY_GRID).ended_on is None


def test_nobody_is_appointed_in_an_ended_grid(officer):
    end_grid(officer, the_grid(), today())
    with pytest.raises(ValidationError):
        appoint(officer, builders.person(GRID), Role.GRID_LEADER, GRID)
