"""Two entries become one: what pointed to the one points to the other, or it is said why not."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry, Person, User
from activities.models import CheckIn, Lecture, Session
from coverage.models import Reminder
from grids.merging import merge_people, pointers_to, undo_merge
from grids.models import Appointment, DuplicatePair, Officer, PairState, Role
from instructors.models import (
    Attendance,
    Certificate,
    Course,
    Instructor,
    InstructorPlace,
    Promotion,
    Registration,
    Service,
)
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import OutOfReach
from stations.models import Repair, StationPost
from tests import builders as b
from tests.builders import BEGINNING, COUNTY, GRID, HOBBY_GRID, TOWNSHIP, VILLAGE

pytestmark = pytest.mark.django_db
LATER = BEGINNING + timedelta(days=100)

# What becomes of each thing that points to a person. A new foreign key needs its line here, and
# with it a decision (grids/merging.py).
MOVES, DECIDED = "moves to the kept entry", "is decided"
POINTERS = {
    "grids.appointment.person": MOVES,
    "grids.officer.person": MOVES,
    "stations.stationpost.person": MOVES,
    "stations.repair.holder": MOVES,
    "activities.session.led_by": MOVES,
    "activities.lecture.speaker": MOVES,
    "activities.checkin.person": "moves; a second one of the same day and place stays behind",
    "coverage.reminder.to": "moves; of what the kept entry is reminded of too, it stays behind",
    "accounts.person.merged_into": MOVES,
    "accounts.user.person": "moves; of two accounts the dropped entry's is closed",
    "instructors.instructor.person": "moves; of two instructors one stays with everything",
    "grids.duplicatepair.first": DECIDED,
    "grids.duplicatepair.second": DECIDED,
}
OF_AN_INSTRUCTOR = {
    "instructors.certificate.instructor": MOVES,
    "instructors.service.instructor": MOVES,
    "instructors.promotion.instructor": MOVES,
    "instructors.registration.instructor": "moves; a second one of the same year stays behind",
    "instructors.attendance.instructor": "moves; a second one of the same course stays behind",
    "instructors.instructorplace.instructor": "the dropped one's never were in force",
    "instructors.instructor_sports.instructor": "the kept one has the sports of both",
}


def names(model: Any) -> set[str]:
    return {f"{p.model._meta.label_lower}.{p.name}" for p in pointers_to(model)}


def test_everything_that_points_to_a_person_is_decided_on():
    assert names(Person) == set(POINTERS)
    assert names(Instructor) == set(OF_AN_INSTRUCTOR)


@pytest.fixture(autouse=True)
def city():
    b.small_city()


@pytest.fixture
def official():
    return b.user(Role.COUNTY_OFFICIAL, COUNTY)


@pytest.fixture
def keep():
    return b.person(VILLAGE, "王小明", phone="13800000001")


@pytest.fixture
def drop():
    """An entry to which one row of everything points."""
    who = b.person(VILLAGE, "王小明", born_on=date(1980, 5, 17), id_hash="abc", sex="m")
    b.appoint(who, Role.GRID_LEADER, GRID)
    b.officer(b.organisation(VILLAGE), who)
    user = User.objects.create_user("wxm", "a-Good-pass-9", person=who)
    station = b.station()
    StationPost.objects.create(
        area_code=VILLAGE, station=station, person=who, station_role="responsible"
    )
    Repair.objects.create(
        area_code=VILLAGE, station=station, description="灯坏", due_on=today(), holder=who
    )
    Session.objects.create(
        id=uuid4(),
        area_code=HOBBY_GRID,
        held_on=today(),
        start_time=time(6),
        minutes=60,
        participants=20,
        led_by=who,
        logged_by=user,
    )
    Lecture.objects.create(
        area_code=VILLAGE,
        held_on=today(),
        start_time=time(9),
        minutes=60,
        participants=40,
        topic="科学健身",
        speaker=who,
        logged_by=user,
    )
    CheckIn.objects.create(area_code=HOBBY_GRID, held_on=today(), person=who)
    Reminder.objects.create(
        area_code=GRID, gap="silent_grids", row_key=str(who.pk), to=who, sent_by=user
    )
    b.instructor(VILLAGE, who)
    b.person(VILLAGE, "王小明", merged_into=who)
    third = b.person(VILLAGE, "王小明")
    DuplicatePair.objects.create(area_code=VILLAGE, first=who, second=third, why="name_birth")
    DuplicatePair.objects.create(
        area_code=VILLAGE, first=third, second=b.person(), why="name_birth"
    )
    return who


def pointing(who: Person) -> dict[str, list[Any]]:
    """The keys of the rows that point to an entry, by field."""
    found = {}
    for pointer in pointers_to(Person):
        rows = pointer.model._default_manager.filter(**{pointer.name: who}).order_by("pk")
        name = f"{pointer.model._meta.label_lower}.{pointer.name}"
        found[name] = list(rows.values_list("pk", flat=True))
    return found


def everything() -> list[Any]:
    """All rows that a merge could touch, as they are stored."""
    models = {pointer.model for pointer in (*pointers_to(Person), *pointers_to(Instructor))}
    models |= {Person, Instructor}
    return [
        (model._meta.label, list(model._default_manager.order_by("pk").values()))
        for model in sorted(models, key=lambda model: model._meta.label)
    ]


def test_every_row_that_points_to_the_dropped_entry_points_to_the_kept_one(official, keep, drop):
    before = pointing(drop)
    assert all(rows or "second" in name for name, rows in before.items()), "nothing to move"
    merge_people(official, keep, drop, reason="重复")
    after, left = pointing(keep), pointing(drop)
    for name, rows in before.items():
        if POINTERS[name] == DECIDED:
            continue
        assert set(rows) <= set(after[name]), f"{name} was not moved"
        assert left[name] == []
    pair = DuplicatePair.objects.get(first=drop)
    assert (pair.state, pair.decided_by) == (PairState.MERGED, official)
    assert DuplicatePair.objects.undecided().count() == 1


def test_the_kept_entry_takes_what_it_lacks_and_the_dropped_one_says_where_it_went(
    official, keep, drop
):
    merge_people(official, keep, drop)
    keep.refresh_from_db()
    drop.refresh_from_db()
    assert drop.merged_into == keep
    assert (keep.born_on, keep.sex, keep.id_hash) == (date(1980, 5, 17), "m", "abc")
    assert keep.phone == "13800000001"
    assert drop not in Person.objects.distinct_people()


def test_undoing_the_same_day_restores_every_row(official, keep, drop):
    before = everything()
    merge_people(official, keep, drop)
    assert everything() != before
    undo_merge(official, drop)
    assert everything() == before


def test_undoing_restores_two_instructors_and_two_accounts(official, keep, drop):
    User.objects.create_user("other", "a-Good-pass-9", person=keep)
    certified(b.instructor(VILLAGE, keep, started_on=LATER), 2)
    certified(drop.instructor, 3)
    before = everything()
    merge_people(official, keep, drop)
    undo_merge(official, drop)
    assert everything() == before


def test_only_who_merged_undoes_it_and_only_that_day(official, keep, drop):
    merge_people(official, keep, drop)
    with pytest.raises(OutOfReach):
        undo_merge(b.user(Role.COUNTY_OFFICIAL, COUNTY), drop)
    entries = AuditEntry.objects.filter(verb="merge people")
    super(type(entries), entries).update(at=entries[0].at - timedelta(days=2))
    with pytest.raises(ValidationError):
        undo_merge(official, drop)


def test_a_rehearsal_reports_and_writes_nothing(official, keep, drop):
    before = everything()
    merged = merge_people(official, keep, drop, rehearse=True)
    assert sum(merged.moved.values()) == 11
    assert everything() == before


# --- conflicts ---


@pytest.mark.parametrize("earlier", ["keep", "drop"])
def test_the_same_post_held_twice_goes_on_once_from_the_earlier_day(official, keep, earlier):
    drop = b.person(VILLAGE)
    dates = (BEGINNING, LATER) if earlier == "keep" else (LATER, BEGINNING)
    b.appoint(keep, Role.GRID_MEMBER, HOBBY_GRID, started_on=dates[0])
    b.appoint(drop, Role.GRID_MEMBER, HOBBY_GRID, started_on=dates[1])
    organisation = b.organisation(VILLAGE)
    b.officer(organisation, keep, "officer", started_on=dates[0])
    b.officer(organisation, drop, "officer", started_on=dates[1])
    merged = merge_people(official, keep, drop)
    for model in (Appointment, Officer):
        rows = model.objects.filter(person=keep)
        assert rows.count() == 2
        assert rows.on(LATER).get().started_on == BEGINNING
        assert rows.on(today()).count() == 1
    assert len(merged.notes) == 2


def test_both_checked_in_on_one_day_and_each_check_in_stays_one(official, keep, drop):
    """At one place a person checks in once a day: the second stays at the dropped entry."""
    for who, day in ((keep, today()), (drop, today() - timedelta(days=1))):
        CheckIn.objects.create(area_code=HOBBY_GRID, held_on=day, person=who)
    before = everything()
    merge_people(official, keep, drop)
    assert CheckIn.objects.filter(person=keep).count() == 2
    assert CheckIn.objects.get(person=drop).held_on == today()
    undo_merge(official, drop)
    assert everything() == before


def test_of_two_accounts_the_dropped_entrys_is_closed(official, keep, drop):
    kept = User.objects.create_user("kept", "a-Good-pass-9", person=keep)
    merge_people(official, keep, drop)
    kept.refresh_from_db()
    assert kept.is_active
    assert not User.objects.get(person=drop).is_active


def test_two_identities_are_two_people(official, drop):
    other = b.person(VILLAGE, "王小明", id_hash="xyz")
    with pytest.raises(ValidationError):
        merge_people(official, other, drop)


def test_nothing_is_merged_with_itself_or_twice(official, keep, drop):
    with pytest.raises(ValidationError):
        merge_people(official, keep, keep)
    merge_people(official, keep, drop)
    with pytest.raises((ValidationError, OutOfReach)):
        merge_people(official, b.person(VILLAGE), drop)


# --- instructors ---


def certified(instructor: Instructor, level: int) -> Certificate:
    return Certificate.objects.create(
        area_code=VILLAGE,
        instructor=instructor,
        instructor_level=level,
        number=f"C{instructor.pk}-{level}",
        granted_on=instructor.started_on,
    )


@pytest.fixture
def two(keep, drop):
    """Both are instructors: the dropped one longer and lower, with a record of her own."""
    one = b.instructor(VILLAGE, keep, started_on=LATER, instructor_level=2)
    other = drop.instructor
    certified(one, 2)
    certified(other, 3)
    one.sports.set([b.sport()])
    other.sports.set([b.sport("taiji", "太极", "taiji")])
    course = Course.objects.create(
        area_code=COUNTY, name="班", started_on=today(), ended_on=today()
    )
    for row, years in ((one, (2025, 2026)), (other, (2024, 2025))):
        Attendance.objects.create(area_code=VILLAGE, course=course, instructor=row)
        Service.objects.create(
            area_code=VILLAGE, instructor=row, held_on=today(), minutes=60, note="教", evidence="表"
        )
        for year in years:
            Registration.objects.create(area_code=VILLAGE, instructor=row, year=year)
    return one, other


def test_two_instructors_become_one_with_the_certificates_of_both(official, keep, drop, two):
    one, other = two
    merge_people(official, keep, drop)
    one.refresh_from_db()
    assert one.certificates.count() == 2
    assert one.services.count() == 2
    assert set(one.registrations.values_list("year", flat=True)) == {2024, 2025, 2026}
    assert {sport.code for sport in one.sports.all()} == {"square-dance", "taiji"}
    assert (one.started_on, one.instructor_level, one.ended_on) == (BEGINNING, 2, None)
    assert other.registrations.count() == other.attendances.count() == 1


def test_no_figure_counts_the_person_twice_on_any_day(official, keep, drop, two):
    merge_people(official, keep, drop)
    for day in (BEGINNING, LATER, today()):
        assert InstructorPlace.objects.on(day).count() == 1
        assert Instructor.objects.on(day).count() == 1


def test_two_open_promotions_stop_the_merge(official, keep, drop, two):
    for row in two:
        Promotion.objects.create(
            area_code=VILLAGE, instructor=row, to_level=1, nominated_by=official
        )
    before = everything()
    with pytest.raises(ValidationError):
        merge_people(official, keep, drop)
    assert everything() == before


# --- who may ---


def test_both_entries_must_be_ones_own_to_change(keep, drop):
    township = b.user(Role.TOWNSHIP_OFFICER, TOWNSHIP)
    far = b.person(b.OTHER_COUNTY, "王小明")
    for one, other in ((keep, far), (far, keep)):
        with pytest.raises(OutOfReach):
            merge_people(township, one, other)
    leader = b.user(Role.GRID_LEADER, b.OTHER_GRID)
    with pytest.raises(OutOfReach):
        merge_people(leader, keep, drop)


def test_a_merge_is_no_way_to_borrow_a_post(keep):
    """P8: neither one's own entry nor someone higher is merged from below."""
    township = b.user(Role.TOWNSHIP_OFFICER, TOWNSHIP)
    higher = b.person(VILLAGE)
    b.appoint(higher, Role.COUNTY_OFFICIAL, COUNTY)
    for one, other in ((keep, higher), (higher, keep), (township.person, keep)):
        with pytest.raises(OutOfReach):
            merge_people(township, one, other)


# --- the pages ---


@pytest.fixture
def page(client, official):
    client.force_login(official)
    return client


@pytest.fixture
def pair(keep, drop):
    return DuplicatePair.objects.create(
        area_code=VILLAGE, first=keep, second=drop, why="name_phone"
    )


def test_the_pair_is_shown_side_by_side_rehearsed_merged_and_undone(page, keep, drop, pair):
    here = f"/people/duplicates/{pair.pk}/"
    shown = page.get(here)
    assert [person.pk for person in shown.context["people"]] == [keep.pk, drop.pk]
    assert shown.context["people"][1].has
    preview = page.post(here, {"keep": keep.pk})
    assert preview.context["preview"]
    drop.refresh_from_db()
    assert drop.merged_into_id is None
    assert page.post(here, {"keep": keep.pk, "confirm": "1"}).status_code == 302
    led = page.get(f"/people/{drop.pk}/")
    assert led.headers["Location"] == f"/people/{keep.pk}/"
    listed = page.get("/people/?q=王小明").context["page"].rows
    assert drop not in listed
    assert page.get(f"/people/{keep.pk}/").context["undoable_merges"] == [drop]
    assert page.post(f"/people/{drop.pk}/merge/undo/").status_code == 302
    drop.refresh_from_db()
    assert drop.merged_into_id is None


def test_a_refused_merge_says_why(page, keep, drop, pair):
    Person.objects.filter(pk=keep.pk).update(id_hash="other")
    answer = page.post(f"/people/duplicates/{pair.pk}/", {"keep": keep.pk, "confirm": "1"})
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()


@pytest.mark.parametrize("keep_what", ["0", "x", ""])
def test_an_entry_that_is_none_of_the_pair_is_refused(page, pair, keep_what):
    answer = page.post(f"/people/duplicates/{pair.pk}/", {"keep": keep_what, "confirm": "1"})
    assert answer.status_code == 422


def test_a_merged_entry_is_in_no_choice(page, official, keep, drop):
    merge_people(official, keep, drop)
    url = f"/grids/{GRID}/appoint/grid_leader/?q=王小明"
    assert drop not in page.get(url).context["found"]
    autocomplete = {"app_label": "grids", "model_name": "appointment", "field_name": "person"}
    found = page.get("/admin/autocomplete/", {**autocomplete, "term": "王小明"}).json()["results"]
    assert str(drop.pk) not in [row["id"] for row in found]
