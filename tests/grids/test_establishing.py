"""Establishing grids, and the codes that they are given."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import AuditEntry
from grids.actions import (
    edit_grid,
    end_grid,
    establish_grid,
    establish_grids,
    establish_grids_of,
    form_hobby_grid,
    record_residents,
    required_grids,
)
from grids.models import Grid, GridKind, HobbyGrid, ResidentCount, Role
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM, OutOfReach
from tests.builders import (
    BEGINNING,
    COMMUNITY,
    COUNTY,
    GRID,
    OTHER_GRID,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    grid,
    hobby_grid,
    small_city,
    sport,
    user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city():
    small_city()


def officer():
    return user(Role.TOWNSHIP_OFFICER, TOWNSHIP)


def test_a_grid_gets_the_next_free_code_and_a_name_by_its_number():
    made = establish_grid(officer(), VILLAGE)
    assert (made.area_code, made.name) == (VILLAGE + "002", "第2网格")


def test_an_ended_grids_code_is_never_given_again():
    actor = officer()
    end_grid(actor, Grid.objects.get(area_code=GRID), today())
    assert establish_grid(actor, VILLAGE).area_code == VILLAGE + "002"


def test_a_community_has_urban_grids_and_a_village_rural_ones():
    actor = officer()
    assert establish_grid(actor, COMMUNITY).kind == GridKind.URBAN
    assert establish_grid(actor, VILLAGE).kind == GridKind.RURAL


def test_the_thousandth_grid_of_a_village_is_refused():
    Grid.objects.filter(area_code=GRID).delete()
    Grid.objects.bulk_create(
        Grid(area_code=f"{VILLAGE}{n:03d}", name="x", kind="rural", started_on=BEGINNING)
        for n in range(1, 1000)
    )
    with pytest.raises(ValidationError) as refused:
        establish_grid(officer(), VILLAGE)
    assert "area_code" in refused.value.message_dict


def test_the_hundredth_hobby_grid_of_a_grid_is_refused():
    HobbyGrid.objects.all().delete()
    for n in range(1, 100):
        hobby_grid(f"{GRID}{n:02d}")
    with pytest.raises(ValidationError):
        form_hobby_grid(officer(), GRID, sport=sport())


@pytest.mark.parametrize(
    ("households", "grids"), [(0, 0), (1, 1), (400, 1), (401, 2), (1600, 4), (1601, 5)]
)
def test_a_community_needs_one_grid_per_400_households_rounded_up(households, grids):
    assert required_grids(True, ResidentCount(households=households)) == grids


def test_a_village_needs_one_grid_per_villager_group():
    assert required_grids(False, ResidentCount(villager_groups=7, households=9999)) == 7


@pytest.mark.parametrize("community", [True, False])
def test_the_required_number_is_unknown_without_the_figure_it_needs(community):
    assert required_grids(community, None) is None
    assert required_grids(community, ResidentCount(population=5000)) is None


def test_bulk_establishing_tops_up_to_the_required_number():
    actor = officer()
    record_residents(SYSTEM, VILLAGE, BEGINNING, villager_groups=4)
    made = establish_grids(actor, VILLAGE)
    assert [row.area_code[-3:] for row in made] == ["002", "003", "004"]
    assert establish_grids(actor, VILLAGE) == []


def test_bulk_establishing_records_every_grid_in_the_trail():
    record_residents(SYSTEM, COMMUNITY, BEGINNING, households=1300)
    actor = officer()
    made = establish_grids(actor, COMMUNITY)
    entries = AuditEntry.objects.filter(actor=actor, verb="establish grid")
    assert sorted(entries.values_list("object_id", flat=True)) == sorted(str(g.pk) for g in made)


def test_bulk_establishing_without_known_households_says_what_to_record():
    with pytest.raises(ValidationError) as refused:
        establish_grids(officer(), COMMUNITY)
    assert "area_code" in refused.value.message_dict


def test_bulk_over_several_villages_makes_all_or_nothing():
    record_residents(SYSTEM, VILLAGE, BEGINNING, villager_groups=3)
    with pytest.raises(ValidationError):  # the community's households are unknown
        establish_grids_of(officer(), [VILLAGE, COMMUNITY])
    assert Grid.objects.within(VILLAGE).count() == 1


def test_bulk_with_one_foreign_village_writes_nothing():
    """P3: the whole batch is refused when one row is foreign."""
    for village in (VILLAGE, OTHER_VILLAGE):
        record_residents(SYSTEM, village, BEGINNING, villager_groups=3)
    with pytest.raises(OutOfReach):
        establish_grids_of(officer(), [VILLAGE, OTHER_VILLAGE])
    assert Grid.objects.count() == 2


@pytest.mark.parametrize("code", [TOWNSHIP, COUNTY, GRID])
def test_a_grid_is_established_only_in_a_village(code):
    with pytest.raises((ValidationError, OutOfReach)):
        establish_grid(officer(), code)


def test_a_village_that_is_not_there_is_refused():
    with pytest.raises(ValidationError):
        establish_grid(officer(), TOWNSHIP + "299")


def test_no_grid_begins_before_its_village_or_years_ahead():
    actor = officer()
    for day in (date(2000, 1, 1), today() + timedelta(days=800)):
        with pytest.raises(ValidationError) as refused:
            establish_grid(actor, VILLAGE, started_on=day)
        assert "started_on" in refused.value.message_dict


def test_editing_changes_only_what_was_given():
    actor = officer()
    before = Grid.objects.get(area_code=GRID)
    edit_grid(actor, before, households=380)
    after = Grid.objects.get(area_code=GRID)
    assert (after.households, after.name) == (380, before.name)


def test_editing_an_older_reading_does_not_undo_a_later_end():
    actor = officer()
    older = Grid.objects.get(area_code=GRID)
    end_grid(actor, Grid.objects.get(area_code=GRID), today())
    edit_grid(actor, older, name="新名")
    assert Grid.objects.get(area_code=GRID).ended_on == today()


def test_hobby_grids_are_numbered_in_their_grid_and_in_the_village():
    actor = officer()
    in_grid = form_hobby_grid(actor, GRID, sport=sport())
    in_village = form_hobby_grid(actor, VILLAGE, sport=sport())
    assert in_grid.area_code == GRID + "02"
    assert in_village.area_code == VILLAGE + "00001"
    assert in_village.serves_village


def test_a_hobby_grids_days_are_put_in_order():
    made = form_hobby_grid(officer(), GRID, sport=sport(), usual_days="5113")
    assert made.usual_days == "135"


def test_a_hobby_grid_is_not_formed_in_an_ended_grid():
    actor = officer()
    end_grid(actor, Grid.objects.get(area_code=GRID), today())
    with pytest.raises(ValidationError):
        form_hobby_grid(actor, GRID, sport=sport())


def test_a_grid_leader_forms_hobby_grids_only_in_their_own_grid():
    leader = user(Role.GRID_LEADER, GRID)
    assert form_hobby_grid(leader, GRID, sport=sport()).area_code.startswith(GRID)
    for code in (OTHER_GRID, VILLAGE):
        with pytest.raises(OutOfReach):
            form_hobby_grid(leader, code, sport=sport())


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_grids_established_at_the_same_time_get_different_codes():
    actor = officer()
    errors: list[Exception] = []

    def establish():
        try:
            establish_grid(actor, VILLAGE)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=establish) for _n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    codes = Grid.objects.within(VILLAGE).values_list("area_code", flat=True)
    assert errors == []
    assert sorted(code[-3:] for code in codes) == [f"{n:03d}" for n in range(1, 8)]


def test_grids_of_other_villages_do_not_use_up_numbers():
    grid(OTHER_VILLAGE + "009")
    assert establish_grid(officer(), VILLAGE).area_code.endswith("002")
