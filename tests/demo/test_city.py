"""What is seeded keeps every rule that the actions keep, and shows what a real city would."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db.models import Count, F, Q
from django.utils import timezone
from shapely.geometry import shape
from shapely.ops import unary_union

from accounts.models import Person, User
from activities.models import (
    CalledOff,
    CheckIn,
    Event,
    FlagState,
    Lecture,
    Schedule,
    Session,
    SessionFlag,
    SessionRevision,
)
from activities.review.crowd import population_of
from coverage.journal.bridge import Part, bridge
from coverage.models import Snapshot
from coverage.reading import coverage_of
from coverage.recount import drift
from coverage.snapshots.freezing import due_on
from grids.authority import ROLE_RIGHTS
from grids.duplicates import find_duplicates
from grids.models import (
    KIND_LEVELS,
    ROLE_LEVELS,
    Appointment,
    Division,
    DuplicatePair,
    Grid,
    HobbyGrid,
    Officer,
    Organisation,
    Outline,
    ResidentCount,
    Role,
)
from grids.organisations import organised, to_be_federated, to_be_organised
from instructors.models import Instructor, InstructorLevel
from jiaozuo_grid.area import Level, covers
from jiaozuo_grid.lasting import LastingRow, today
from jiaozuo_grid.months import month_end
from stations.models import Station
from tests.demo_city import demo_city  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_city")]

ALL: list[Any] = [
    Person,
    Division,
    ResidentCount,
    Grid,
    HobbyGrid,
    Appointment,
    Organisation,
    Officer,
    DuplicatePair,
    Instructor,
    Station,
    Session,
    SessionRevision,
    Schedule,
    CalledOff,
    Lecture,
    Event,
    CheckIn,
]


@pytest.mark.parametrize("model", ALL)
def test_every_row_is_valid(model: Any) -> None:
    """Fields only: what the database guards, it has guarded; uniqueness costs a query a row."""
    for row in model.objects.all():
        row.clean_fields()
        row.clean()


def _inside(row: LastingRow, home: LastingRow) -> bool:
    """Whether a row begins and ends while its home exists."""
    ends = row.ended_on is not None and home.ended_on is not None and row.ended_on <= home.ended_on
    return home.started_on <= row.started_on and (home.ended_on is None or ends)


def _homes(model: Any) -> dict[str, Any]:
    return {row.area_code: row for row in model.objects.all()}


def test_grids_stand_in_villages_that_exist_as_long_as_they_do() -> None:
    villages = _homes(Division)
    assert all(_inside(grid, villages[grid.area_code[:12]]) for grid in Grid.objects.all())


def test_hobby_grids_stand_in_grids_or_villages_that_exist_as_long_as_they_do() -> None:
    homes = _homes(Grid) | _homes(Division)
    for row in HobbyGrid.objects.all():
        code = row.area_code[:12] if row.serves_village else row.area_code[:15]
        assert _inside(row, homes[code])


def test_posts_are_held_at_their_level_while_the_area_exists() -> None:
    homes = _homes(HobbyGrid) | _homes(Grid) | _homes(Division)
    for post in Appointment.objects.all():
        assert len(post.area_code) in ROLE_LEVELS[post.role]
        assert _inside(post, homes[post.area_code])


def test_a_grid_has_one_leader_at_a_time() -> None:
    terms: dict[str, list[Appointment]] = defaultdict(list)
    for post in Appointment.objects.filter(role=Role.GRID_LEADER).order_by("started_on"):
        terms[post.area_code].append(post)
    for posts in terms.values():
        for earlier, later in pairwise(posts):
            assert earlier.ended_on is not None
            assert earlier.ended_on <= later.started_on


def test_nobody_holds_the_same_post_twice_at_once() -> None:
    doubles = (
        Appointment.objects.filter(ended_on=None)
        .values("person", "role", "area_code")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
    )
    assert not doubles.exists()


def test_sessions_are_of_hobby_grids_in_force_on_their_day() -> None:
    hobby_grids = _homes(HobbyGrid)
    for session in Session.objects.all():
        assert hobby_grids[session.area_code].in_force(session.held_on)
        assert session.held_on < today()


def test_sessions_of_one_hobby_grid_never_overlap() -> None:
    sessions = Session.objects.standing().order_by("area_code", "held_on", "start_time")
    for earlier, later in pairwise(sessions):
        assert earlier.area_code != later.area_code or earlier.ends_at <= later.started_at


def test_no_session_has_more_participants_than_people_live_there() -> None:
    days = {(s.area_code, s.held_on): s.participants for s in Session.objects.all()}
    for (code, day), participants in days.items():
        population = population_of(code, day)
        assert population is None or participants <= population


def test_whoever_logged_a_session_might_do_so_on_its_day() -> None:
    posts: dict[int, list[Appointment]] = defaultdict(list)
    for post in Appointment.objects.all():
        posts[post.person_id].append(post)
    for session in Session.objects.select_related("logged_by"):
        assert any(
            "log" in ROLE_RIGHTS[post.role]
            and covers(post.area_code, session.area_code)
            and post.in_force(session.held_on)
            for post in posts[session.logged_by.person_id]
        )


@pytest.mark.parametrize("model", [Lecture, Event])
def test_lectures_and_events_are_of_the_last_year_by_who_was_in_office(model: Any) -> None:
    rows = list(model.objects.select_related("logged_by"))
    assert len(rows) >= 3
    for row in rows:
        assert today() - timedelta(days=365) < row.held_on < today()
        posts = Appointment.objects.filter(person=row.logged_by.person_id).on(row.held_on)
        assert any(
            "log" in ROLE_RIGHTS[post.role] and covers(post.area_code, row.area_code)
            for post in posts
        )


def test_a_few_checked_in_at_the_demo_leaders_sessions() -> None:
    days = set(Session.objects.standing().values_list("area_code", "held_on"))
    came = set(CheckIn.objects.values_list("area_code", "held_on"))
    assert came
    assert came <= days


def test_a_township_officer_finds_something_to_review() -> None:
    rows = SessionFlag.objects.filter(state=FlagState.OPEN)
    officer = User.objects.get(username="township")
    assert rows.visible_to(officer).exists()


def test_what_was_put_right_has_a_revision_of_what_it_said() -> None:
    revisions = list(SessionRevision.objects.select_related("session"))
    assert revisions
    for revision in revisions:
        assert revision.session.version == 2
        assert revision.values["version"] == 1
        assert revision.reason
        assert revision.session.logged_at <= revision.changed_at
    put_right = Q(version__gt=1) | Q(withdrawn_at__isnull=False)
    assert Session.objects.filter(put_right).count() == len(revisions)


def test_the_tallies_are_what_the_rows_say() -> None:
    assert drift() == []


def test_a_month_that_was_reported_is_restated_by_what_came_late() -> None:
    edition = Snapshot.objects.get(signature__isnull=False)
    found = bridge(
        edition.area_code,
        "sessions",
        month_end(edition.month),
        month_end(edition.month),
        then=edition.frozen_at,
    )
    assert found.parts == dict.fromkeys(Part, 0) | {Part.LATE: 3}
    assert timezone.localdate(edition.frozen_at) == due_on(edition.month)
    assert edition.remarks.get().measure == "sessions"


def test_no_phone_number_is_one_that_is_given_out() -> None:
    assert not Person.objects.exclude(phone__startswith="100").exists()
    # Some officials are entered twice, with the same number: what the duplicates' page is for.
    people = Person.objects.exclude(pk__in=DuplicatePair.objects.values("second"))
    assert people.values("phone").distinct().count() == people.count()


# --- believable ---


def test_there_is_something_in_every_kind_of_gap() -> None:
    gaps = {gap.key: gap.count for gap in coverage_of("4108", today()).gaps}
    assert {"grids_without_leader", "hobby_grids_without_member", "silent_hobby_grids"} <= {
        key for key, count in gaps.items() if count
    }


def test_the_trend_fills_its_24_months_and_grows() -> None:
    trend = coverage_of("4108", today()).trend
    sessions = [point.values["sessions"] or 0 for point in trend]
    assert len(sessions) == 24
    assert sum(sessions[12:]) > sum(sessions[:12]) > 0


def test_most_happens_on_evenings_and_the_rest_mostly_in_the_morning() -> None:
    hours = dict(Session.objects.order_by().values_list("start_time__hour").annotate(n=Count("pk")))
    evening, morning = hours.get(19, 0) + hours.get(18, 0), hours.get(6, 0) + hours.get(5, 0)
    assert evening > morning > sum(hours.values()) - evening - morning


def test_urban_grids_stand_in_communities_and_rural_ones_in_villages() -> None:
    villages = _homes(Division)
    for grid in Grid.objects.all():
        community = villages[grid.area_code[:12]].is_community
        assert (grid.kind == "urban") == community


def test_the_lower_the_level_the_more_instructors() -> None:
    count = {
        level: Instructor.objects.filter(instructor_level=level).count()
        for level in InstructorLevel.values
    }
    assert count[3] > count[2] > count[1] >= count[0]


def test_stations_lie_in_their_villages() -> None:
    outlines = {row.area_code: shape(row.geometry) for row in Outline.objects.all()}
    for station in Station.objects.all():
        spot = shape({"type": "Point", "coordinates": [station.longitude, station.latitude]})
        assert outlines[station.area_code].buffer(0.001).covers(spot)


@pytest.mark.parametrize("digits", [Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE])
def test_outlines_of_children_tile_their_parent(digits: int) -> None:
    standing = Division.objects.filter(ended_on=None).values("area_code")
    drawn = Outline.objects.filter(area_code__in=standing)
    outlines = {row.area_code: shape(row.geometry) for row in drawn}
    parents: dict[str, list[Any]] = defaultdict(list)
    up = {6: 4, 9: 6, 12: 9}[digits]
    for code, outline in outlines.items():
        if len(code) == digits:
            parents[code[:up]].append(outline)
    assert parents
    for code, children in parents.items():
        whole = outlines[code].area
        assert unary_union(children).symmetric_difference(outlines[code]).area < whole / 100
        assert sum(child.area for child in children) == pytest.approx(whole, rel=0.01)
    assert not Outline.objects.filter(schematic=False).exists()


# --- the demo accounts ---


def test_there_is_a_demo_account_for_each_role() -> None:
    roles = Appointment.objects.on(today()).filter(person__user__is_demo=True)
    assert set(roles.values_list("role", flat=True)) == set(Role.values)


def test_the_demo_leader_has_a_busy_grid_and_the_demo_member_a_hobby_grid_in_it() -> None:
    def post(username: str) -> Appointment:
        user = User.objects.get(username=username)
        return Appointment.objects.on(today()).filter(person=user.person).earliest("area_code")

    leader, member, officer = post("leader"), post("member"), post("township")
    assert covers(leader.area_code, member.area_code)
    assert covers(officer.area_code, leader.area_code)
    assert covers(post("county").area_code, officer.area_code)
    lately = today() - timedelta(days=30)
    sessions = Session.objects.standing().within(leader.area_code)
    assert sessions.filter(held_on__gte=lately).count() > 5
    assert HobbyGrid.objects.on(today()).within(leader.area_code).count() >= 3


def test_nobody_but_the_demo_accounts_has_a_password() -> None:
    for user in User.objects.all():
        assert user.has_usable_password() == user.is_demo


def test_an_open_end_is_no_day_to_come() -> None:
    """What has ended has ended by now; nothing planned is invented."""
    for model in (Division, ResidentCount, Grid, HobbyGrid, Appointment, Instructor, Station):
        assert not model.objects.filter(ended_on__gt=today()).exists()
        assert not model.objects.filter(started_on__gt=today()).exists()
        assert not model.objects.filter(ended_on__lt=F("started_on")).exists()
        assert model.objects.filter(started_on__gt=date(2000, 1, 1)).exists()


def test_every_county_has_a_federation_and_townships_and_villages_have_gaps() -> None:
    day = today()
    city = Division.objects.get(digits=4).area_code
    missing = to_be_federated(city, day).without_federation_on(day)
    assert missing.exists()
    assert set(missing.values_list("digits", flat=True)) == {9}
    unorganised = to_be_organised(city, day).without_fitness_organisation_on(day)
    assert unorganised.villages().exists()
    assert organised(city, day).villages().exists()


def test_organisations_stand_at_the_level_of_their_kind() -> None:
    for row in Organisation.objects.all():
        assert len(row.area_code) in KIND_LEVELS[row.kind]


def test_some_terms_are_over_and_somebody_is_entered_twice() -> None:
    assert Officer.objects.on(today()).term_over_by(today()).exists()
    assert DuplicatePair.objects.undecided().exists()
    assert find_duplicates() == 0
