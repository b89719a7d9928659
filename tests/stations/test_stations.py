"""Entering, editing, moving, ending and re-opening stations, and their hours."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry
from grids.models import Role
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import OutOfReach
from stations import actions
from stations.actions import Hours
from stations.models import Equipment, OpeningHours, Station, StationPlace, StationPost
from tests import builders as b
from tests.stations.acting import EVENINGS, OPEN, YESTERDAY, full_station, officer, official

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _city() -> None:
    b.small_city()


def enter(actor: Any, code: str = b.VILLAGE, **facts: Any) -> Station:
    return actions.enter_station(actor, code, **{"name": "小游园健身站点", **facts})


def refused(field: str, call: Any, *args: Any, **options: Any) -> str:
    with pytest.raises(ValidationError) as error:
        call(*args, **options)
    return error.value.message_dict[field][0]


def test_a_station_is_entered_with_its_sports_and_its_place() -> None:
    station = enter(official(), sports=[b.sport()], square_metres=300, lighted=True)
    assert list(station.sports.all()) == [b.sport()]
    place = StationPlace.objects.get(station=station)
    assert (place.area_code, place.started_on, place.ended_on) == (b.VILLAGE, today(), None)
    assert AuditEntry.objects.filter(model="stations.station", verb="add").exists()


@pytest.mark.parametrize("actor", [official, officer])
def test_those_who_answer_for_the_area_enter_stations(actor: Any) -> None:
    assert enter(actor()).pk


@pytest.mark.parametrize(
    ("role", "area"),
    [
        (Role.GRID_LEADER, b.GRID),
        (Role.GRID_MEMBER, b.HOBBY_GRID),
        (Role.AUDITOR, b.CITY),
        (Role.TOWNSHIP_OFFICER, b.OTHER_TOWNSHIP),
        (Role.COUNTY_OFFICIAL, b.OTHER_COUNTY),
    ],
)
def test_others_do_not(role: str, area: str) -> None:
    with pytest.raises(OutOfReach):
        enter(b.user(role, area))
    assert not Station.objects.exists()


@pytest.mark.parametrize("code", [b.TOWNSHIP, b.GRID, "410882001299"])
def test_a_station_stands_in_a_village_that_there_is(code: str) -> None:
    assert refused("area_code", enter, official(), code)


def test_a_village_has_one_station_of_a_name() -> None:
    enter(official())
    assert refused("name", enter, official())
    assert enter(official(), b.OTHER_VILLAGE).pk


def test_an_ended_village_takes_no_station() -> None:
    b.Division.objects.filter(area_code=b.VILLAGE).update(ended_on=today())
    assert refused("area_code", enter, official())


@pytest.mark.parametrize(
    ("longitude", "latitude", "words"),
    [(35.09, 112.94, "112.94"), (0.0, 0.0, ""), (112.94, 89.0, ""), (300.0, 35.0, "")],
)
def test_impossible_coordinates_are_refused(longitude: float, latitude: float, words: str) -> None:
    told = refused("longitude", enter, official(), longitude=longitude, latitude=latitude)
    assert words in told


def test_one_coordinate_alone_is_refused() -> None:
    assert refused("latitude", enter, official(), longitude=112.94)


def test_what_is_not_known_stays_empty() -> None:
    station = enter(official())
    assert (station.longitude, station.lighted, station.usual_people) == (None, None, None)


def test_a_station_is_edited_and_the_trail_says_what_changed() -> None:
    actor = official()
    station = enter(actor)
    actions.edit_station(actor, station, name="改名站", lighted=False, sports=[b.sport()])
    station.refresh_from_db()
    assert (station.name, station.lighted) == ("改名站", False)
    edits = AuditEntry.objects.filter(model="stations.station", verb="edit")
    assert {"name", "sports"} <= {key for entry in edits for key in entry.after or {}}


def test_editing_a_name_leaves_an_old_place_alone() -> None:
    """A station whose stored place would be refused today can still be renamed."""
    station = b.station(longitude=100.0, latitude=30.0)
    b.Division.objects.filter(area_code=b.VILLAGE).update(longitude=112.94, latitude=35.09)
    actions.edit_station(official(), station, name="改名站", longitude=100.0, latitude=30.0)


def test_a_station_of_another_county_is_not_edited() -> None:
    station = enter(official())
    with pytest.raises(OutOfReach):
        actions.edit_station(b.user(Role.COUNTY_OFFICIAL, b.OTHER_COUNTY), station, name="别人的")


def test_a_moved_station_takes_its_book_along_and_leaves_its_past() -> None:
    actor = official()
    station = full_station(actor)
    actions.add_equipment(actor, station, name="漫步机")
    actions.move_station(actor, station, b.OTHER_VILLAGE, on=YESTERDAY)
    places = StationPlace.objects.filter(station=station).order_by("started_on")
    assert [(p.area_code, p.ended_on) for p in places] == [
        (b.VILLAGE, YESTERDAY),
        (b.OTHER_VILLAGE, None),
    ]
    for model in (Equipment, OpeningHours, StationPost):
        assert set(model.objects.values_list("area_code", flat=True)) == {b.OTHER_VILLAGE}


def test_a_station_is_not_moved_where_one_may_not_write() -> None:
    station = enter(officer())
    with pytest.raises(OutOfReach):
        actions.move_station(officer(), station, b.OTHER_VILLAGE)


def test_ending_a_station_ends_what_belongs_to_it() -> None:
    actor = official()
    station = full_station(actor)
    actions.add_equipment(actor, station, name="漫步机")
    actions.end_station(actor, station, today(), reason="拆迁")
    for model in (Equipment, OpeningHours, StationPost, StationPlace):
        assert set(model.objects.values_list("ended_on", flat=True)) == {today()}
    with pytest.raises(ValidationError):
        actions.end_station(actor, station, today())


def test_an_end_before_the_start_is_refused() -> None:
    actor = official()
    station = enter(actor)
    assert refused("on", actions.end_station, actor, station, YESTERDAY)


def test_a_reopened_station_has_its_equipment_and_hours_but_no_people() -> None:
    actor = official()
    station = full_station(actor)
    actions.add_equipment(actor, station, name="漫步机")
    actions.end_station(actor, station, today())
    actions.reopen_station(actor, station)
    assert Equipment.objects.on(today()).exists()
    assert OpeningHours.objects.on(today()).count() == 2
    assert not StationPost.objects.on(today()).exists()
    assert StationPlace.objects.get(station=station).ended_on is None


def test_what_was_taken_away_on_the_last_day_does_not_come_back() -> None:
    actor = official()
    station = full_station(actor)
    kept = actions.add_equipment(actor, station, name="漫步机")
    broken = actions.add_equipment(actor, station, name="单杠")
    actions.remove_equipment(actor, broken, today())
    mornings = Hours("67", time(6), time(8))
    actions.set_opening_hours(actor, station, [mornings])
    actions.end_station(actor, station, today())
    actions.reopen_station(actor, station)
    assert list(Equipment.objects.on(today())) == [kept]
    assert [row.weekdays for row in OpeningHours.objects.on(today())] == ["67"]


LATER = today() + timedelta(days=30)


def test_what_is_added_to_a_station_with_a_planned_end_ends_with_it() -> None:
    """Nothing is in force at a station that is not."""
    actor = official()
    station = full_station(actor)
    actions.end_station(actor, station, LATER)
    actions.post_instructor(actor, station, b.person())
    actions.make_responsible(actor, station, b.person(), started_on=today() + timedelta(days=3))
    actions.add_equipment(actor, station, name="漫步机")
    actions.set_opening_hours(actor, station, [Hours("67", time(6), time(8))])
    for model in (Equipment, OpeningHours, StationPost):
        assert not model.objects.on(LATER).exists()
        assert model.objects.on(LATER - timedelta(days=1)).exists()


def test_nobody_is_posted_from_the_end_of_a_station_on() -> None:
    actor = official()
    station = full_station(actor)
    actions.end_station(actor, station, LATER)
    for post in (actions.post_instructor, actions.make_responsible):
        assert refused("started_on", post, actor, station, b.person(), started_on=LATER)


def test_an_end_taken_back_before_it_came_leaves_everything_as_it_was() -> None:
    actor = official()
    station = full_station(actor)
    people = set(StationPost.objects.on(LATER).values_list("person", flat=True))
    assert people
    actions.end_station(actor, station, LATER)
    added = actions.add_equipment(actor, station, name="漫步机")
    actions.reopen_station(actor, station)
    assert set(StationPost.objects.on(LATER).values_list("person", flat=True)) == people
    assert list(Equipment.objects.on(LATER)) == [added]


def test_a_back_dated_move_does_not_write_over_the_place_in_between() -> None:
    """Pitfall 1: where a station stood on a day stays so."""
    actor = official()
    station = full_station(actor)
    actions.move_station(actor, station, b.OTHER_VILLAGE, on=YESTERDAY)
    before = YESTERDAY - timedelta(days=5)
    assert refused("on", actions.move_station, actor, station, b.COMMUNITY, on=before)
    places = StationPlace.objects.filter(station=station)
    assert places.on(YESTERDAY).get().area_code == b.OTHER_VILLAGE
    actions.move_station(actor, station, b.COMMUNITY, on=today())
    assert places.on(YESTERDAY).get().area_code == b.OTHER_VILLAGE
    assert places.on(today()).get().area_code == b.COMMUNITY


def test_an_ended_station_is_left_alone() -> None:
    actor = official()
    station = full_station(actor)
    actions.end_station(actor, station, today())
    for act in (
        lambda: actions.set_opening_hours(actor, station, []),
        lambda: actions.add_equipment(actor, station, name="漫步机"),
        lambda: actions.inspect(actor, station),
        lambda: actions.report_fault(actor, station, "坏了"),
        lambda: actions.post_instructor(actor, station, b.person()),
    ):
        with pytest.raises(ValidationError):
            act()


# --- opening hours ---


def test_hours_are_set_and_what_was_before_stays_as_past() -> None:
    actor = official()
    station = full_station(actor)
    OpeningHours.objects.update(started_on=YESTERDAY)
    later = Hours("67", time(8), time(10), guided=True)
    actions.set_opening_hours(actor, station, [OPEN, later])
    now = OpeningHours.objects.filter(station=station)
    assert {(h.weekdays, h.guided) for h in now.on(today())} == {("1234567", False), ("67", True)}
    assert {h.weekdays for h in now.on(YESTERDAY)} == {"12345", "1234567"}


@pytest.mark.parametrize(
    "hours",
    [
        [Hours("1", time(9), time(8))],
        [Hours("1", time(9), time(9))],
        [Hours("", time(8), time(9))],
        [Hours("18", time(8), time(9))],
        [Hours("12", time(8), time(10)), Hours("23", time(9), time(11))],
        [Hours("12", time(8), time(10), True), Hours("2", time(9, 30), time(11), True)],
    ],
)
def test_hours_that_cannot_be_or_count_twice_are_refused(hours: list[Hours]) -> None:
    actor = official()
    station = enter(actor)
    with pytest.raises(ValidationError):
        actions.set_opening_hours(actor, station, hours)
    assert not OpeningHours.objects.exists()


def test_guided_hours_may_lie_inside_the_open_ones() -> None:
    actor = official()
    station = enter(actor)
    assert len(actions.set_opening_hours(actor, station, [OPEN, EVENINGS])) == 2


def test_saving_the_same_hours_again_writes_nothing() -> None:
    actor = official()
    station = full_station(actor)
    before = AuditEntry.objects.count()
    actions.set_opening_hours(actor, station, [OPEN, EVENINGS])
    assert AuditEntry.objects.count() == before
    assert OpeningHours.objects.count() == 2


def test_hours_of_a_station_to_come_begin_with_it() -> None:
    actor = official()
    soon = today() + timedelta(days=5)
    station = enter(actor, started_on=soon)
    (row,) = actions.set_opening_hours(actor, station, [OPEN])
    assert row.started_on == soon
