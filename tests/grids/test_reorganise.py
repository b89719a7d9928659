"""Changes of the map: what moves, what stays, who is told, and that it can be taken back."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from shapely.geometry import shape

from accounts.models import AuditEntry, Person
from activities.actions import log_session
from activities.models import Session
from coverage.folding import fold
from coverage.reading import coverage_of
from coverage.recount import drift, rebuild
from coverage.registry import MEASURES
from grids.actions import reopen_hobby_grid
from grids.authority import home_of
from grids.lineage import Lineage, code_on
from grids.models import (
    Appointment,
    Division,
    Grid,
    HobbyGrid,
    Officer,
    Organisation,
    Outline,
    Reorganisation,
    ResidentCount,
    Role,
    Succession,
    Title,
)
from grids.places import followers, settle
from grids.reorganise import (
    Part,
    Rehearsed,
    Terms,
    merge_division,
    merge_grid,
    move_hobby_grid,
    renumber_division,
    split_grid,
    undo_reorganisation,
)
from instructors.models import Instructor, InstructorPlace
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM, OutOfReach
from stations.models import Station, StationPlace
from tests.builders import (
    BEGINNING,
    CITY,
    COMMUNITY,
    COUNTY,
    GRID,
    HOBBY_GRID,
    OTHER_GRID,
    OTHER_HOBBY_GRID,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    appoint,
    grid,
    hobby_grid,
    instructor,
    person,
    small_city,
    sport,
    station,
    user,
)
from tests.coverage.living_city import residents, session

DAY = today() - timedelta(days=20)
WHY: dict[str, Any] = {"reason": "焦政文〔2026〕12号"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _city() -> None:
    small_city()


@pytest.fixture
def bureau() -> Any:
    return user(Role.BUREAU_STAFF, CITY)


def merge(bureau: Any, **changes: Any) -> Any:
    return merge_division(bureau, VILLAGE, OTHER_VILLAGE, DAY, **{**WHY, **changes})


def test_grids_of_a_merged_village_go_on_at_new_codes(bureau: Any) -> None:
    merge(bureau)
    old, new = Grid.objects.get(area_code=GRID), Grid.objects.get(area_code=OTHER_VILLAGE + "002")
    assert (old.started_on, old.ended_on) == (BEGINNING, DAY)
    assert (new.started_on, new.ended_on, new.name) == (DAY, None, old.name)
    assert Division.objects.get(area_code=VILLAGE).ended_on == DAY


def test_hobby_grids_and_posts_go_with_their_grids(bureau: Any) -> None:
    leader = appoint(person(), Role.GRID_LEADER, GRID)
    member = appoint(person(), Role.GRID_MEMBER, HOBBY_GRID)
    merge(bureau)
    new = OTHER_VILLAGE + "002"
    assert HobbyGrid.objects.get(area_code=new + "01").started_on == DAY
    for post, code in ((leader, new), (member, new + "01")):
        post.refresh_from_db()
        assert post.ended_on == DAY
        heir = Appointment.objects.get(person=post.person, ended_on=None)
        assert (heir.area_code, heir.role, heir.started_on) == (code, post.role, DAY)


def test_hobby_grid_of_a_whole_village_serves_the_whole_village(bureau: Any) -> None:
    hobby_grid(VILLAGE + "00001", name="全村太极队")
    hobby_grid(OTHER_VILLAGE + "00001")
    merge(bureau)
    assert HobbyGrid.objects.get(name="全村太极队", ended_on=None).area_code == (
        OTHER_VILLAGE + "00002"
    )


def test_merge_of_30_and_40_gives_70(bureau: Any) -> None:
    residents(VILLAGE, population=30, households=10)
    residents(OTHER_VILLAGE, population=40, households=12)
    report = merge(bureau)
    count = ResidentCount.objects.on(DAY).get(area_code=OTHER_VILLAGE)
    assert (count.population, count.households) == (70, 22)
    assert (
        ResidentCount.objects.on(DAY - timedelta(days=1)).get(area_code=OTHER_VILLAGE).population
        == 40
    )
    assert ("人口", 30, 40, 70) in [tuple(figure) for figure in report.figures]


def test_sum_with_an_unknown_figure_is_unknown(bureau: Any) -> None:
    residents(VILLAGE, population=30)
    residents(OTHER_VILLAGE, population=40, households=12)
    report = merge(bureau)
    count = ResidentCount.objects.on(DAY).get(area_code=OTHER_VILLAGE)
    assert (count.population, count.households) == (70, None)
    assert len(report.notes) == 1


def test_station_keeps_its_identity_and_remembers_its_village(bureau: Any) -> None:
    row = station(VILLAGE)
    merge(bureau)
    row.refresh_from_db()
    assert row.area_code == OTHER_VILLAGE
    places = StationPlace.objects.filter(station=row).order_by("started_on")
    assert [(p.area_code, p.started_on, p.ended_on) for p in places] == [
        (VILLAGE, BEGINNING, DAY),
        (OTHER_VILLAGE, DAY, None),
    ]


def test_sessions_before_the_day_stay_and_those_from_it_on_move(bureau: Any) -> None:
    before = session(held_on=DAY - timedelta(days=1))
    after = session(held_on=DAY)
    merge(bureau)
    before.refresh_from_db()
    after.refresh_from_db()
    assert (before.area_code, after.area_code) == (HOBBY_GRID, OTHER_VILLAGE + "00201")


@pytest.mark.parametrize(("days", "code"), [(-1, HOBBY_GRID), (0, OTHER_VILLAGE + "00201")])
def test_record_that_waited_on_a_phone_is_placed_by_its_day(
    bureau: Any, days: int, code: str
) -> None:
    """S7: fifty of fifty arrive, whatever happened to the map while they waited."""
    leader = user(Role.GRID_LEADER, GRID)
    merge(bureau)
    sent: dict[str, Any] = {
        "id": session().id,
        "area_code": HOBBY_GRID,
        "held_on": DAY + timedelta(days=days),
        "start_time": session().start_time,
        "minutes": 60,
        "participants": 9,
    }
    Session.objects.all().delete()
    logged, created = log_session(leader, **sent)
    again, doubled = log_session(leader, **sent)
    assert (logged.area_code, created, again.pk, doubled) == (code, True, logged.pk, False)


def test_session_logged_before_a_merge_and_sent_again_after_it_is_known(bureau: Any) -> None:
    leader = user(Role.GRID_LEADER, GRID)
    body: dict[str, Any] = {
        "id": session().id,
        "area_code": HOBBY_GRID,
        "held_on": DAY + timedelta(days=2),
        "start_time": session().start_time,
        "minutes": 60,
        "participants": 9,
    }
    Session.objects.all().delete()
    log_session(leader, **body)
    merge(bureau)
    again, created = log_session(leader, **body)
    assert (again.area_code, created) == (OTHER_VILLAGE + "00201", False)


def test_leader_still_sees_what_was_logged_at_the_old_code(bureau: Any) -> None:
    leader = user(Role.GRID_LEADER, GRID)
    old = session(held_on=DAY - timedelta(days=3))
    merge(bureau)
    leader = type(leader).objects.get(pk=leader.pk)
    assert list(Session.objects.visible_to(leader)) == [old]


def test_people_of_the_merged_village_live_in_the_other(bureau: Any) -> None:
    resident = person(VILLAGE)
    merge(bureau)
    assert Person.objects.get(pk=resident.pk).area_code == OTHER_VILLAGE


def test_second_village_organisation_ends_with_its_officers(bureau: Any) -> None:
    ours = Organisation.objects.create(
        name="东关村健身会", kind="village", area_code=VILLAGE, started_on=BEGINNING
    )
    Organisation.objects.create(
        name="西关村健身会", kind="village", area_code=OTHER_VILLAGE, started_on=BEGINNING
    )
    Officer.objects.create(
        organisation=ours,
        person=person(name="王会长"),
        title=Title.PRESIDENT,
        area_code=VILLAGE,
        started_on=BEGINNING,
    )
    report = merge(bureau)
    ours.refresh_from_db()
    assert ours.ended_on == DAY
    assert [line for line in report.losing if "王会长" in line]


def test_club_moves_with_its_officers(bureau: Any) -> None:
    club = Organisation.objects.create(
        name="东关乒乓球俱乐部", kind="club", area_code=VILLAGE, started_on=BEGINNING
    )
    club.officers.create(person=person(), area_code=VILLAGE, started_on=BEGINNING)
    merge(bureau)
    heir = Organisation.objects.get(name=club.name, ended_on=None)
    assert heir.area_code == OTHER_VILLAGE
    assert heir.officers.get(ended_on=None).area_code == OTHER_VILLAGE


def square(west: float) -> dict[str, Any]:
    corners = [(west, 35), (west + 1, 35), (west + 1, 36), (west, 36), (west, 35)]
    return {"type": "Polygon", "coordinates": [[list(corner) for corner in corners]]}


def test_outline_of_the_other_village_takes_in_the_merged_one(bureau: Any) -> None:
    Outline.objects.create(area_code=VILLAGE, geometry=square(112))
    Outline.objects.create(area_code=OTHER_VILLAGE, geometry=square(113))
    merge(bureau)
    assert shape(Outline.objects.get(area_code=OTHER_VILLAGE).geometry).area == pytest.approx(2)


def test_outlines_follow_a_new_number(bureau: Any) -> None:
    Outline.objects.create(area_code=VILLAGE, geometry=square(112))
    renumber_division(bureau, VILLAGE, TOWNSHIP + "009", DAY, **WHY)
    assert Outline.objects.get(area_code=TOWNSHIP + "009").geometry == square(112)


def test_village_becomes_a_community(bureau: Any) -> None:
    code = TOWNSHIP + "009"
    residents(VILLAGE, population=900, households=300)
    station(VILLAGE)
    instructor(VILLAGE)
    renumber_division(bureau, VILLAGE, code, DAY, name="东关社区", **WHY)
    new = Division.objects.get(area_code=code)
    assert (new.name, new.is_community, new.started_on) == ("东关社区", True, DAY)
    assert Grid.objects.get(area_code=code + "001").kind == "urban"
    assert ResidentCount.objects.on(DAY).get(area_code=code).households == 300
    assert Station.objects.get().area_code == Instructor.objects.get().area_code == code


def test_township_is_renumbered_with_everything_below(bureau: Any) -> None:
    renumber_division(bureau, TOWNSHIP, COUNTY + "111", DAY, **WHY)
    standing = Division.objects.within(COUNTY + "111").on(DAY)
    assert standing.count() == 3
    assert HobbyGrid.objects.on(DAY).filter(area_code=COUNTY + "11120300101").exists()


def test_grid_merges_into_another_and_keeps_one_leader(bureau: Any) -> None:
    second = grid(VILLAGE + "002", households=30, population=100)
    Grid.objects.filter(area_code=GRID).update(households=40, population=None)
    stays = appoint(person(), Role.GRID_LEADER, GRID)
    loses = appoint(person(name="李二"), Role.GRID_LEADER, second.area_code)
    hobby_grid(second.area_code + "01")
    report = merge_grid(bureau, second.area_code, GRID, DAY, **WHY)
    loses.refresh_from_db()
    stays.refresh_from_db()
    assert (loses.ended_on, stays.ended_on) == (DAY, None)
    assert [line for line in report.losing if "李二" in line]
    merged = Grid.objects.get(area_code=GRID)
    assert (merged.households, merged.population) == (70, None)
    assert HobbyGrid.objects.on(DAY).filter(area_code=GRID + "02").exists()


def split(bureau: Any, **changes: Any) -> Any:
    parts = changes.pop(
        "parts",
        [Part("东片", hobby_grids=(HOBBY_GRID,)), Part("西片", hobby_grids=(GRID + "02",))],
    )
    return split_grid(bureau, GRID, parts, DAY, **{**WHY, **changes})


def test_split_without_building_data_is_an_estimate(bureau: Any) -> None:
    hobby_grid(GRID + "02")
    Grid.objects.filter(area_code=GRID).update(households=401)
    report = split(bureau)
    parts = Grid.objects.within(VILLAGE).on(DAY).order_by("area_code")
    assert [(p.households, p.estimated) for p in parts] == [(201, True), (200, True)]
    assert report.estimated
    assert {s.share for s in Succession.objects.filter(old_code=GRID)} == {0.5}


def test_split_with_households_of_every_part_is_exact(bureau: Any) -> None:
    hobby_grid(GRID + "02")
    Grid.objects.filter(area_code=GRID).update(households=400)
    parts = [
        Part("东片", households=300, hobby_grids=(HOBBY_GRID,)),
        Part("西片", households=100, hobby_grids=(GRID + "02",)),
    ]
    report = split(bureau, parts=parts)
    assert not report.estimated
    shares = Succession.objects.filter(old_code=GRID).order_by("new_code")
    assert [s.share for s in shares] == [0.75, 0.25]


def test_split_must_place_every_hobby_grid_once(bureau: Any) -> None:
    hobby_grid(GRID + "02")
    with pytest.raises(ValidationError):
        split(bureau, parts=[Part("东片", hobby_grids=(HOBBY_GRID,)), Part("西片")])
    assert not Reorganisation.objects.exists()


def test_parts_must_add_up_to_the_grid(bureau: Any) -> None:
    Grid.objects.filter(area_code=GRID).update(households=400)
    parts = [Part("东片", households=300, hobby_grids=(HOBBY_GRID,)), Part("西片", households=50)]
    with pytest.raises(ValidationError) as error:
        split(bureau, parts=parts)
    assert "households" in error.value.message_dict


def test_leader_stays_with_the_chosen_part(bureau: Any) -> None:
    post = appoint(person(), Role.GRID_LEADER, GRID)
    split(bureau, parts=[Part("东片"), Part("西片", hobby_grids=(HOBBY_GRID,))], leader_part=1)
    heir = Appointment.objects.get(person=post.person, ended_on=None)
    assert Grid.objects.get(area_code=heir.area_code).name == "西片"


def test_hobby_grid_moves_with_its_members_to_another_grid(bureau: Any) -> None:
    grid(VILLAGE + "002")
    member = appoint(person(), Role.GRID_MEMBER, HOBBY_GRID)
    move_hobby_grid(bureau, HOBBY_GRID, VILLAGE + "002", DAY, **WHY)
    heir = Appointment.objects.get(person=member.person, ended_on=None)
    assert heir.area_code == VILLAGE + "00201"
    assert code_on(HOBBY_GRID, DAY) == VILLAGE + "00201"
    assert code_on(VILLAGE + "00201", DAY - timedelta(days=1)) == HOBBY_GRID


def test_township_officer_reorganises_grids_and_not_villages() -> None:
    officer = user(Role.TOWNSHIP_OFFICER, TOWNSHIP)
    grid(VILLAGE + "002")
    move_hobby_grid(officer, HOBBY_GRID, VILLAGE + "002", DAY, **WHY)
    with pytest.raises(OutOfReach):
        merge_division(officer, VILLAGE, COMMUNITY, DAY, **WHY)
    with pytest.raises(OutOfReach):
        merge_grid(officer, GRID, OTHER_GRID, DAY, **WHY)


@pytest.mark.parametrize("ahead", [1, -400])
def test_day_must_be_within_the_past_year(bureau: Any, ahead: int) -> None:
    with pytest.raises(ValidationError) as error:
        merge_division(bureau, VILLAGE, OTHER_VILLAGE, today() + timedelta(days=ahead), **WHY)
    assert "on" in error.value.message_dict


def test_reason_is_needed(bureau: Any) -> None:
    with pytest.raises(ValidationError) as error:
        merge(bureau, reason=" ")
    assert "reason" in error.value.message_dict


def test_code_that_was_used_is_not_given_again(bureau: Any) -> None:
    with pytest.raises(ValidationError) as error:
        renumber_division(bureau, VILLAGE, COMMUNITY, DAY, **WHY)
    assert "new_code" in error.value.message_dict


def test_change_cannot_be_dated_before_an_earlier_one(bureau: Any) -> None:
    merge(bureau)
    with pytest.raises(ValidationError):
        merge_division(bureau, OTHER_VILLAGE, COMMUNITY, DAY - timedelta(days=5), **WHY)


def test_rehearsal_tells_everything_and_writes_nothing(bureau: Any) -> None:
    residents(VILLAGE, population=30)
    before = everything()
    with pytest.raises(Rehearsed) as rehearsed:
        merge(bureau, terms=Terms(rehearse=True))
    assert everything() == before
    assert rehearsed.value.report.digest() == merge(bureau).digest()


def test_chain_of_changes_leads_to_today(bureau: Any) -> None:
    merge(bureau)
    merge_division(bureau, OTHER_VILLAGE, COMMUNITY, DAY + timedelta(days=5), **WHY)
    lineage = Lineage.read()
    assert lineage.today(GRID)[:12] == COMMUNITY
    assert lineage.today(VILLAGE + "077") == COMMUNITY
    assert lineage.ground(COMMUNITY).holds(HOBBY_GRID)
    assert not lineage.ground(OTHER_VILLAGE).holds(OTHER_HOBBY_GRID)


def everything() -> dict[str, list[Any]]:
    """What stands in the books, row by row."""
    models: list[Any] = [
        Division,
        Grid,
        HobbyGrid,
        Appointment,
        ResidentCount,
        Organisation,
        Station,
        StationPlace,
        Instructor,
        InstructorPlace,
        Officer,
        Outline,
        Session,
        Person,
        *followers(),
    ]
    rows = {model.__name__: list(model.objects.order_by("pk").values_list()) for model in models}
    return {**rows, "Succession": list(Succession.objects.standing().values_list())}


OPERATIONS: dict[str, Any] = {
    "merge village": lambda actor: merge(actor),
    "become community": lambda actor: renumber_division(
        actor, VILLAGE, TOWNSHIP + "010", DAY, name="东关社区", **WHY
    ),
    "merge grid": lambda actor: merge_grid(actor, GRID, OTHER_GRID, DAY, **WHY),
    "split grid": lambda actor: split_grid(
        actor, GRID, [Part("东片"), Part("西片", hobby_grids=(HOBBY_GRID,))], DAY, **WHY
    ),
    "move hobby grid": lambda actor: move_hobby_grid(actor, HOBBY_GRID, OTHER_GRID, DAY, **WHY),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_undoing_on_the_same_day_restores_everything(bureau: Any, name: str) -> None:
    """G2: undo restores what stood, row by row, and the figures with it."""
    appoint(person(), Role.GRID_LEADER, GRID)
    residents(VILLAGE, population=30)
    residents(OTHER_VILLAGE, population=40)
    station(VILLAGE)
    session(held_on=DAY + timedelta(days=1))
    rebuild()
    before = everything()
    OPERATIONS[name](bureau)
    fold()
    assert everything() != before
    undo_reorganisation(bureau, Reorganisation.objects.get())
    fold()
    assert everything() == before
    assert drift() == []


def test_session_logged_since_goes_back_when_undone(bureau: Any) -> None:
    leader = user(Role.GRID_LEADER, GRID)
    merge(bureau)
    late = session(OTHER_VILLAGE + "00201", held_on=DAY + timedelta(days=2), logged_by=leader)
    undo_reorganisation(bureau, Reorganisation.objects.get())
    late.refresh_from_db()
    assert late.area_code == HOBBY_GRID


def test_undoing_is_refused_when_a_post_was_given_since(bureau: Any) -> None:
    merge(bureau)
    appoint(person(name="新队长"), Role.GRID_MEMBER, OTHER_VILLAGE + "00201", started_on=today())
    before = everything()
    with pytest.raises(ValidationError, match="新队长"):
        undo_reorganisation(bureau, Reorganisation.objects.get())
    assert everything() == before


def test_undoing_is_refused_when_another_village_was_merged_into_it_since(bureau: Any) -> None:
    for code in (VILLAGE, COMMUNITY, OTHER_VILLAGE):
        residents(code, population=30)
    merge(bureau)
    merge_division(bureau, COMMUNITY, OTHER_VILLAGE, DAY + timedelta(days=1), **WHY)
    before = everything()
    with pytest.raises(ValidationError, match="此后已被修改"):
        undo_reorganisation(bureau, Reorganisation.objects.order_by("pk")[0])
    assert everything() == before


def test_undoing_is_refused_when_the_village_to_go_back_to_was_renumbered_since(
    bureau: Any,
) -> None:
    merge_grid(bureau, GRID, OTHER_GRID, DAY, **WHY)
    renumber_division(bureau, VILLAGE, TOWNSHIP + "399", DAY + timedelta(days=1), **WHY)
    before = everything()
    with pytest.raises(ValidationError, match="区划又有变更"):
        undo_reorganisation(bureau, Reorganisation.objects.order_by("pk")[0])
    assert everything() == before


def test_undoing_is_refused_on_a_later_day(bureau: Any) -> None:
    merge(bureau)
    row = Reorganisation.objects.get()
    Reorganisation.objects.update(done_at=row.done_at - timedelta(days=1))
    with pytest.raises(ValidationError):
        undo_reorganisation(bureau, Reorganisation.objects.get())


def test_trail_names_who_did_it(bureau: Any) -> None:
    merge(bureau)
    entries = AuditEntry.objects.filter(verb="reorganise")
    assert entries.count() > 5
    assert set(entries.values_list("actor", flat=True)) == {bureau.pk}


def test_server_itself_may_reorganise() -> None:
    merge_division(SYSTEM, VILLAGE, OTHER_VILLAGE, date.today() - timedelta(days=1), **WHY)
    assert Reorganisation.objects.get().done_by is None


# --- what a reader found, each once a defect ---


def leader_of(code: str, **dates: Any) -> Any:
    return user(Role.GRID_LEADER, code, **dates)


def body(days: int, code: str = HOBBY_GRID) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "area_code": code,
        "held_on": DAY + timedelta(days=days),
        "start_time": time(19, 30),
        "minutes": 60,
        "participants": 9,
    }


def test_office_whose_term_is_over_goes_along(bureau: Any) -> None:
    club = Organisation.objects.create(
        name="东关乒乓球俱乐部", kind="club", area_code=VILLAGE, started_on=BEGINNING
    )
    club.officers.create(
        person=person(),
        area_code=VILLAGE,
        started_on=BEGINNING,
        term_ends_on=DAY - timedelta(days=9),
    )
    merge(bureau)
    assert Officer.objects.get(ended_on=None).area_code == OTHER_VILLAGE


def test_long_name_that_is_taken_gets_another(bureau: Any) -> None:
    for code in (VILLAGE, OTHER_VILLAGE):
        Organisation.objects.create(name="俱" * 60, kind="club", area_code=code)
    merge(bureau)
    names = Organisation.objects.filter(ended_on=None).values_list("name", flat=True)
    assert len(set(names)) == 2


def test_undoing_an_earlier_change_brings_the_restated_figures_back(bureau: Any) -> None:
    residents(VILLAGE, population=30)
    residents(OTHER_VILLAGE, population=40)
    rebuild()
    merge(bureau)
    fold()
    grid(COMMUNITY + "001")
    grid(COMMUNITY + "002")
    hobby_grid(COMMUNITY + "00101")
    move_hobby_grid(bureau, COMMUNITY + "00101", COMMUNITY + "002", DAY, **WHY)
    fold()
    undo_reorganisation(bureau, Reorganisation.objects.order_by("pk")[0])
    assert drift() == []


def test_what_is_given_for_one_part_stays_and_the_rest_is_estimated(bureau: Any) -> None:
    Grid.objects.filter(area_code=GRID).update(households=400)
    split(bureau, parts=[Part("东片", households=300, hobby_grids=(HOBBY_GRID,)), Part("西片")])
    parts = {g.name: (g.households, g.estimated) for g in Grid.objects.on(DAY).within(VILLAGE)}
    assert parts == {"东片": (300, False), "西片": (100, True)}


def test_parts_cannot_have_more_than_the_whole(bureau: Any) -> None:
    Grid.objects.filter(area_code=GRID).update(households=400)
    with pytest.raises(ValidationError):
        split(bureau, parts=[Part("东片", households=500, hobby_grids=(HOBBY_GRID,)), Part("西片")])


def test_what_went_on_elsewhere_is_not_opened_again(bureau: Any) -> None:
    grid(VILLAGE + "002")
    move_hobby_grid(bureau, HOBBY_GRID, VILLAGE + "002", DAY, **WHY)
    with pytest.raises(ValidationError, match=VILLAGE + "00201"):
        reopen_hobby_grid(bureau, HobbyGrid.objects.get(area_code=HOBBY_GRID))


def test_past_is_reached_only_by_who_held_the_heir_after_the_change() -> None:
    former = leader_of(OTHER_GRID, ended_on=DAY - timedelta(days=5))
    merge_grid(SYSTEM, GRID, OTHER_GRID, DAY, **WHY)
    with pytest.raises(OutOfReach):
        log_session(former, **body(-7))


def test_past_of_what_left_before_is_not_reached_through_the_whole(bureau: Any) -> None:
    leader = leader_of(OTHER_GRID)
    grid(COMMUNITY + "001")
    move_hobby_grid(bureau, HOBBY_GRID, COMMUNITY + "001", DAY - timedelta(days=9), **WHY)
    merge_grid(bureau, GRID, OTHER_GRID, DAY, **WHY)
    gone = session(HOBBY_GRID, held_on=DAY - timedelta(days=12))
    assert gone not in Session.objects.visible_to(leader)


def test_officer_of_a_renumbered_township_is_at_home_in_it(bureau: Any) -> None:
    officer = user(Role.TOWNSHIP_OFFICER, TOWNSHIP)
    renumber_division(bureau, TOWNSHIP, COUNTY + "111", DAY, **WHY)
    assert home_of(type(officer).objects.get(pk=officer.pk)) == COUNTY + "111"


def test_record_for_a_code_that_was_undone_is_kept(bureau: Any) -> None:
    leader = leader_of(GRID)
    merge(bureau)
    undo_reorganisation(bureau, Reorganisation.objects.get())
    logged, _created = log_session(leader, **body(1, OTHER_VILLAGE + "00201"))
    assert logged.area_code == HOBBY_GRID


def test_codes_of_an_undone_change_are_not_given_again(bureau: Any) -> None:
    merge(bureau)
    undo_reorganisation(bureau, Reorganisation.objects.get())
    merge(bureau)
    assert Grid.objects.filter(area_code=OTHER_VILLAGE + "003").exists()


def test_leader_who_lost_the_post_by_a_backdated_merge_delivers_what_they_held(
    bureau: Any,
) -> None:
    loser = leader_of(GRID)
    leader_of(OTHER_GRID)
    merge_grid(bureau, GRID, OTHER_GRID, DAY, **WHY)
    logged, created = log_session(type(loser).objects.get(pk=loser.pk), **body(3))
    assert (logged.area_code[:15], created, logged.logged_by) == (OTHER_GRID, True, loser)


def test_two_moves_within_a_month_leave_a_hobby_grid_active(bureau: Any) -> None:
    session(held_on=DAY - timedelta(days=1))
    rebuild()
    grid(VILLAGE + "002")
    move_hobby_grid(bureau, HOBBY_GRID, VILLAGE + "002", DAY, **WHY)
    move_hobby_grid(bureau, VILLAGE + "00201", VILLAGE, DAY + timedelta(days=2), **WHY)
    fold()
    figures = coverage_of(VILLAGE, DAY + timedelta(days=3)).area.figures
    assert figures["active_hobby_grids"].value == 1
    rows = MEASURES["active_hobby_grids"].rows(VILLAGE, DAY + timedelta(days=3))
    assert rows.count() == 1


@pytest.mark.parametrize(("theirs", "population"), [(None, 40), (39, 40)])
def test_village_entered_twice_keeps_its_residents(
    bureau: Any, theirs: int | None, population: int
) -> None:
    if theirs is not None:
        residents(VILLAGE, population=theirs)
    residents(OTHER_VILLAGE, population=40)
    merge(bureau, same_place=True)
    assert ResidentCount.objects.on(DAY).get(area_code=OTHER_VILLAGE).population == population


def test_place_that_was_left_after_the_day_belongs_to_the_heir_until_then(bureau: Any) -> None:
    row = station(VILLAGE)
    row.area_code = COMMUNITY
    row.save()
    settle(SYSTEM, [row], on=DAY + timedelta(days=5))
    merge(bureau)
    places = StationPlace.objects.filter(station=row).order_by("started_on", "pk")
    assert [(p.area_code, p.started_on) for p in places] == [
        (VILLAGE, BEGINNING),
        (OTHER_VILLAGE, DAY),
        (COMMUNITY, DAY + timedelta(days=5)),
    ]


def test_leader_leads_on_where_the_other_grids_leader_has_left(bureau: Any) -> None:
    appoint(person(), Role.GRID_LEADER, OTHER_GRID, ended_on=DAY + timedelta(days=4))
    stays = appoint(person(), Role.GRID_LEADER, GRID)
    merge_grid(bureau, GRID, OTHER_GRID, DAY, **WHY)
    heir = Appointment.objects.get(person=stays.person, ended_on=None)
    assert (heir.area_code, heir.started_on) == (OTHER_GRID, DAY + timedelta(days=4))


def test_nobody_moves_their_own_post() -> None:
    officer = user(Role.TOWNSHIP_OFFICER, TOWNSHIP)
    grid(VILLAGE + "002")
    appoint(officer.person, Role.GRID_LEADER, GRID)
    with pytest.raises(ValidationError):
        merge_grid(officer, GRID, VILLAGE + "002", DAY, **WHY)


def test_estimate_stays_an_estimate_when_grids_merge(bureau: Any) -> None:
    Grid.objects.filter(area_code=GRID).update(population=200, estimated=True)
    grid(VILLAGE + "002", population=100)
    merge_grid(bureau, GRID, VILLAGE + "002", DAY, **WHY)
    merged = Grid.objects.get(area_code=VILLAGE + "002")
    assert (merged.population, merged.estimated) == (300, True)


def test_large_township_folds_on_every_database(bureau: Any) -> None:
    """SQLite takes a thousand conditions at once; a large change has more."""
    Grid.objects.bulk_create(
        Grid(area_code=f"{VILLAGE}{n:03d}", name=str(n), kind="rural", started_on=BEGINNING)
        for n in range(2, 700)
    )
    HobbyGrid.objects.bulk_create(
        HobbyGrid(area_code=f"{VILLAGE}{n:03d}01", name=str(n), sport=sport(), started_on=BEGINNING)
        for n in range(2, 700)
    )
    rebuild()
    renumber_division(bureau, VILLAGE, TOWNSHIP + "240", DAY, **WHY)
    fold()
    assert drift() == []
