"""Promotions: nominate, verify, approve; who may do which step where; every refusal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.models import AuditEntry, Person
from grids.models import Role
from instructors import actions
from instructors.actions import Grant
from instructors.models import (
    Attendance,
    Certificate,
    Course,
    InstructorPlace,
    Promotion,
    Registration,
    Service,
)
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import OutOfReach
from tests import builders as b
from tests.instructors import books

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city():
    b.small_city()
    with translation.override("en"):
        yield


def township():
    return b.user(Role.TOWNSHIP_OFFICER, b.TOWNSHIP)


def county():
    return b.user(Role.COUNTY_OFFICIAL, b.COUNTY)


def bureau():
    return b.user(Role.BUREAU_STAFF)


def grant(level: int, number: str = "N1", **fields) -> Grant:
    return Grant(level, number, **{"granted_on": today(), "granted_by": "河南省体育局", **fields})


def verified(level: int = 3) -> Promotion:
    promotion = actions.nominate(township(), books.ready(level), level)
    return actions.verify(county(), promotion)


@pytest.mark.parametrize(
    ("level", "approver"), [(3, county), (3, bureau), (2, bureau), (1, bureau), (0, bureau)]
)
def test_three_hands_lead_to_the_next_level(level, approver):
    promotion = verified(level)
    actions.approve(approver(), promotion, grant(level))
    promotion.refresh_from_db()
    assert promotion.state == "approved"
    assert promotion.certificate is not None
    assert promotion.certificate.instructor_level == level
    assert promotion.instructor.instructor_level == level
    verbs = ["nominate", "verify promotion", "approve promotion"]
    assert AuditEntry.objects.filter(verb__in=verbs).count() == 3


def test_a_candidate_becomes_an_instructor_by_the_promotion():
    promotion = verified(3)
    InstructorPlace.objects.all().delete()
    actions.approve(county(), promotion, grant(3))
    place = InstructorPlace.objects.get(instructor=promotion.instructor)
    assert place.started_on == today()


SINCE_FALSE = {
    "a course not passed after all": (2, "passed 0 of"),
    "services withdrawn": (3, "services in the last year"),
    "a registration taken back": (2, "registered"),
}


@pytest.mark.parametrize(("level", "message"), SINCE_FALSE.values(), ids=SINCE_FALSE.keys())
def test_the_conditions_are_judged_again_at_the_approval(level, message):
    """Nothing is granted on what was taken back since the nomination."""
    promotion = verified(level)
    if message.startswith("passed"):
        Attendance.objects.update(passed=False)
    elif level == 3:
        Service.objects.update(withdrawn_on=today())
    else:
        Registration.objects.all().delete()
    with pytest.raises(ValidationError, match=message):
        actions.approve(bureau(), promotion, grant(level))
    promotion.refresh_from_db()
    assert promotion.state == "verified"


def test_an_office_that_takes_its_time_harms_nobody():
    """The services of the year before the nomination count, however late it is decided."""
    promotion = verified(3)
    Service.objects.update(held_on=today() - timedelta(days=200))
    nominated_at = timezone.now() - timedelta(days=190)
    Promotion.objects.update(nominated_at=nominated_at)
    Attendance.objects.update(passed=True)
    Course.objects.update(
        started_on=today() - timedelta(days=300), ended_on=today() - timedelta(days=299)
    )
    assert actions.approve(county(), promotion, grant(3)).state == "approved"


def test_many_are_judged_again_at_the_cost_of_one():
    costs = set()
    for size in (1, 6):
        actor = county()
        rows = {verified(): grant(3, f"F{size}{n}") for n in range(size)}
        Attendance.objects.update(passed=False)
        with CaptureQueriesContext(connection) as asked:
            outcome = actions.approve_many(actor, rows)
        assert len(outcome.refused) == size
        costs.add(len(asked))
    assert len(costs) == 1


# Who may take which step for which level, in their own area.
ALLOWED = {
    ("township", "nominate"): {3, 2, 1, 0},
    ("township", "verify"): set(),
    ("township", "approve"): set(),
    ("county", "nominate"): {3, 2, 1, 0},
    ("county", "verify"): {3, 2, 1, 0},
    ("county", "approve"): {3},
    ("bureau", "nominate"): {3, 2, 1, 0},
    ("bureau", "verify"): {3, 2, 1, 0},
    ("bureau", "approve"): {3, 2, 1, 0},
    ("leader", "nominate"): set(),
    ("auditor", "approve"): set(),
}
WHO = {
    "township": township,
    "county": county,
    "bureau": bureau,
    "leader": lambda: b.user(Role.GRID_LEADER, b.GRID),
    "auditor": lambda: b.user(Role.AUDITOR),
}


def take(step: str, actor, level: int) -> None:
    if step == "nominate":
        actions.nominate(actor, books.ready(level), level)
    elif step == "verify":
        actions.verify(actor, actions.nominate(township(), books.ready(level), level))
    else:
        actions.approve(actor, verified(level), grant(level))


@pytest.mark.parametrize("level", [3, 2, 1, 0])
@pytest.mark.parametrize(("who", "step"), ALLOWED)
def test_who_may_take_which_step(who, step, level):
    actor = WHO[who]()
    if level in ALLOWED[who, step]:
        take(step, actor, level)
        return
    with pytest.raises(OutOfReach):
        take(step, actor, level)


@pytest.mark.parametrize("step", ["nominate", "verify", "approve"])
def test_no_step_is_taken_in_another_county(step):
    with pytest.raises(OutOfReach):
        take(step, b.user(Role.COUNTY_OFFICIAL, b.OTHER_COUNTY), 3)


@pytest.mark.parametrize(("held", "to"), [(3, 1), (3, 0), (2, 0), (3, 3), (1, 2)])
def test_no_level_is_skipped(held, to):
    who = books.ready(held - 1)
    with pytest.raises(ValidationError, match="No level is skipped"):
        actions.nominate(bureau(), who, to)


def test_the_highest_grade_has_no_next():
    with pytest.raises(ValidationError, match="highest grade"):
        actions.nominate(bureau(), books.certified(level=0), 0)


def test_who_lacks_a_condition_is_told_which():
    who = books.certified()
    books.registered(who, today().year)
    books.trained(who, 2)
    with pytest.raises(ValidationError, match="registered 1 of 2 years"):
        actions.nominate(bureau(), who, 2)


@pytest.mark.parametrize("step", ["nominate", "verify", "approve", "refuse"])
def test_nobody_decides_about_themselves(step):
    who, actor = books.ready(2), bureau()
    if step == "nominate":
        actor.person = who.person
        actor.save()
        b.appoint(who.person, Role.BUREAU_STAFF, b.CITY)
        with pytest.raises(OutOfReach, match="their own grade"):
            actions.nominate(actor, who, 2)
        return
    promotion = actions.nominate(township(), who, 2)
    if step == "approve":
        promotion = actions.verify(county(), promotion)
    actor.person = who.person
    actor.save()
    b.appoint(who.person, Role.BUREAU_STAFF, b.CITY)
    with pytest.raises(OutOfReach, match="their own grade"):
        {
            "verify": lambda: actions.verify(actor, promotion),
            "approve": lambda: actions.approve(actor, promotion, grant(2)),
            "refuse": lambda: actions.refuse(actor, promotion, reason="错"),
        }[step]()


def test_who_nominated_does_not_verify():
    actor = county()
    promotion = actions.nominate(actor, books.ready(3), 3)
    with pytest.raises(OutOfReach, match="nominated this promotion yourself"):
        actions.verify(actor, promotion)


def test_who_verified_does_not_approve():
    actor = county()
    promotion = actions.verify(actor, actions.nominate(township(), books.ready(3), 3))
    with pytest.raises(OutOfReach, match="verified this promotion yourself"):
        actions.approve(actor, promotion, grant(3))


def test_who_nominated_does_not_approve():
    actor = county()
    promotion = actions.verify(county(), actions.nominate(actor, books.ready(3), 3))
    with pytest.raises(OutOfReach, match="nominated this promotion yourself"):
        actions.approve(actor, promotion, grant(3))


def test_one_promotion_at_a_time():
    who = books.ready(2)
    actions.nominate(township(), who, 2)
    with pytest.raises(ValidationError, match="under way already"):
        actions.nominate(county(), who, 2)


def test_no_step_is_left_out():
    promotion = actions.nominate(township(), books.ready(3), 3)
    with pytest.raises(ValidationError, match="not open"):
        actions.approve(county(), promotion, grant(3))


def test_no_step_is_taken_twice():
    promotion = verified(3)
    with pytest.raises(ValidationError, match="not open"):
        actions.verify(county(), promotion)


WRONG = [
    ({"number": "USED"}, "used already"),
    ({"granted_on": today() + timedelta(days=1)}, "not come yet"),
    ({"granted_on": today() - timedelta(days=2)}, "before the nomination"),
    ({"granted_by": " "}, "body that granted it"),
]


@pytest.mark.parametrize(("fields", "message"), WRONG)
def test_a_wrong_certificate_leaves_the_promotion_open(fields, message):
    books.certificate(b.instructor(), number="USED")
    promotion = verified(1)
    with pytest.raises(ValidationError, match=message):
        actions.approve(bureau(), promotion, grant(1, **fields))
    promotion.refresh_from_db()
    assert promotion.state == "verified"


def test_a_certificate_of_another_level_is_refused():
    with pytest.raises(ValidationError, match="No level is skipped"):
        actions.approve(bureau(), verified(2), grant(1))


def test_refusing_needs_a_reason_and_ends_it():
    promotion = actions.nominate(township(), books.ready(3), 3)
    with pytest.raises(ValidationError, match="Say why"):
        actions.refuse(county(), promotion, reason="")
    actions.refuse(county(), promotion, reason="材料不全")
    promotion.refresh_from_db()
    assert (promotion.state, promotion.reason) == ("refused", "材料不全")
    # And it may be tried again.
    actions.nominate(township(), promotion.instructor, 3)


def test_once_verified_only_who_could_approve_refuses():
    promotion = verified(2)
    with pytest.raises(OutOfReach):
        actions.refuse(county(), promotion, reason="错")
    actions.refuse(bureau(), promotion, reason="错")


def test_a_nomination_is_withdrawn():
    promotion = actions.nominate(township(), books.ready(3), 3)
    actions.withdraw(township(), promotion, reason="报错人")
    promotion.refresh_from_db()
    assert promotion.state == "withdrawn"


def test_who_died_meanwhile_is_not_promoted():
    promotion = verified(3)
    Person.objects.filter(pk=promotion.instructor.person_id).update(died_on=today())
    with pytest.raises(ValidationError, match="died on"):
        actions.approve(county(), promotion, grant(3))


def the_class(level: int = 3, size: int = 4) -> tuple[Course, list]:
    course = Course.objects.create(
        area_code=b.COUNTY,
        name="三级班",
        instructor_level=level,
        started_on=today() - timedelta(days=9),
        ended_on=today() - timedelta(days=5),
    )
    people = []
    for _n in range(size):
        who = books.candidate()
        books.served(who, 30)
        Attendance.objects.create(
            course=course, instructor=who, area_code=who.area_code, passed=True
        )
        people.append(who)
    return course, people


def test_a_whole_class_goes_the_way_together():
    course, people = the_class()
    outcome = actions.nominate_many(township(), people, 3, course=course)
    assert len(outcome.done) == 4
    outcome = actions.verify_many(county(), outcome.done)
    grants = {row: grant(3, f"N{row.pk}") for row in outcome.done}
    outcome = actions.approve_many(county(), grants)
    assert len(outcome.done) == 4
    assert Certificate.objects.count() == 4


def test_who_cannot_go_along_is_named_and_the_others_go_on():
    course, people = the_class()
    lacking = books.candidate()
    outcome = actions.nominate_many(township(), [*people, lacking], 3, course=course)
    assert len(outcome.done) == 4
    ((row, why),) = outcome.refused
    assert row.pk == lacking.pk
    assert "0 of 30 services" in why


def test_a_number_given_twice_in_a_class_is_refused_once():
    course, people = the_class(size=2)
    done = actions.nominate_many(township(), people, 3, course=course).done
    done = actions.verify_many(county(), done).done
    outcome = actions.approve_many(county(), {row: grant(3, "SAME") for row in done})
    assert len(outcome.done) == 1
    assert "twice" in outcome.refused[0][1]


def test_nominating_a_class_costs_as_much_as_one(django_assert_max_num_queries):
    course, people = the_class(size=20)
    actor = township()
    with django_assert_max_num_queries(30):
        actions.nominate_many(actor, people, 3, course=course)


def test_a_course_takes_those_whom_it_is_for():
    course, people = the_class(size=1)
    fit, second, far = books.candidate(), books.certified(), books.candidate("410883001201")
    outcome = actions.enrol(county(), course, [fit, people[0], second, far])
    assert [row.instructor_id for row in outcome.done] == [fit.pk]
    assert len(outcome.refused) == 3


def test_results_are_recorded_when_the_course_is_over():
    course, _people = the_class(size=2)
    keys = list(course.attendances.values_list("pk", flat=True))
    actions.record_results(county(), course, {keys[0]: False, keys[1]: True})
    assert set(course.attendances.values_list("passed", flat=True)) == {False, True}
    Course.objects.update(ended_on=today() + timedelta(days=3))
    course.refresh_from_db()
    with pytest.raises(ValidationError, match="when the course is over"):
        actions.record_results(county(), course, {keys[0]: True})


def test_a_course_ends_after_it_began():
    with pytest.raises(ValidationError, match="before the start"):
        actions.open_course(
            county(),
            b.COUNTY,
            name="班",
            started_on=today(),
            ended_on=today() - timedelta(days=1),
        )
