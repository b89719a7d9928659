"""Entering, editing, ending, certificates, registrations, services: what is done and refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts.models import AuditEntry, Person
from grids.models import Role
from instructors import actions
from instructors.actions import Grant
from instructors.models import Certificate, Instructor, InstructorPlace, Registration, Service
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import OutOfReach
from tests import builders as b
from tests.instructors import books

pytestmark = pytest.mark.django_db
THIRD = Grant(3, "JZ2024-001", date(2024, 3, 1), "沁阳市教体局")


@pytest.fixture(autouse=True)
def city():
    b.small_city()
    with translation.override("en"):
        yield


@pytest.fixture
def bureau():
    return b.user(Role.BUREAU_STAFF)


@pytest.fixture
def county():
    return b.user(Role.COUNTY_OFFICIAL, b.COUNTY)


def refused(error: ValidationError) -> str:
    return " ".join(error.messages)


def test_an_instructor_is_entered_with_the_first_certificate(county):
    who = actions.enter_instructor(county, b.person(), b.VILLAGE, sports=[b.sport()], grant=THIRD)
    assert (who.instructor_level, who.started_on) == (3, date(2024, 3, 1))
    assert list(who.sports.values_list("code", flat=True)) == ["square-dance"]
    place = InstructorPlace.objects.get(instructor=who)
    assert (place.area_code, place.started_on) == (b.VILLAGE, date(2024, 3, 1))
    assert AuditEntry.objects.filter(verb="grant certificate", actor=county).count() == 1


def test_a_candidate_stands_in_no_figure_until_the_first_certificate(county):
    who = actions.enter_instructor(county, b.person(), b.VILLAGE)
    assert not InstructorPlace.objects.exists()
    actions.grant_certificate(county, who, THIRD)
    who.refresh_from_db()
    assert (who.instructor_level, who.started_on) == (3, THIRD.granted_on)
    assert InstructorPlace.objects.get().started_on == THIRD.granted_on


def test_a_higher_first_certificate_is_entered_by_who_approves_that_level(bureau, county):
    grant = Grant(1, "HN1", date(2020, 1, 1), "河南省体育局")
    with pytest.raises(OutOfReach):
        actions.enter_instructor(county, b.person(), b.VILLAGE, grant=grant)
    assert not Instructor.objects.exists()
    who = actions.enter_instructor(bureau, b.person(), b.VILLAGE, grant=grant)
    assert who.instructor_level == 1


def test_nobody_enters_themselves(county):
    with pytest.raises(OutOfReach):
        actions.enter_instructor(county, county.person, b.VILLAGE)


def test_a_person_is_entered_once(county):
    who = b.person()
    actions.enter_instructor(county, who, b.VILLAGE)
    with pytest.raises(ValidationError, match="entered as instructor already"):
        actions.enter_instructor(county, who, b.VILLAGE)


@pytest.mark.parametrize(
    ("fact", "message"), [("died_on", "died on"), ("moved_away_on", "moved away on")]
)
def test_who_is_not_here_is_not_entered(county, fact, message):
    with pytest.raises(ValidationError, match=message):
        actions.enter_instructor(
            county, b.person(b.VILLAGE, "", **{fact: date(2024, 1, 1)}), b.VILLAGE
        )


def test_nobody_is_entered_outside_ones_area(county):
    with pytest.raises(OutOfReach):
        actions.enter_instructor(county, b.person(), "410883001201")


# What is wrong with a certificate -> what is said.
WRONG = [
    (Grant(3, "N", today() + timedelta(days=1)), "granted_on", "not come yet"),
    (Grant(3, " ", date(2024, 1, 1)), "number", "Enter the number"),
    (Grant(3, "ｕｓｅｄ 1", date(2024, 1, 1)), "number", "used already"),
    (Grant(1, "N", date(2024, 1, 1)), "granted_by", "body that granted it"),
]


@pytest.mark.parametrize(("grant", "field", "message"), WRONG)
def test_a_wrong_certificate_is_refused_and_nothing_is_written(bureau, grant, field, message):
    books.certificate(b.instructor(), number="USED1")
    before = Instructor.objects.count()
    with pytest.raises(ValidationError) as caught:
        actions.enter_instructor(bureau, b.person(), b.VILLAGE, grant=grant)
    assert message in " ".join(caught.value.message_dict[field])
    assert Instructor.objects.count() == before


def test_the_name_behind_a_used_number_is_told_only_to_who_sees_them():
    far = b.instructor("410883001201", b.person("410883001201", "外县人"))
    books.certificate(far, number="USED1")
    grant = Grant(3, "USED1", date(2024, 1, 1))
    with pytest.raises(ValidationError) as caught:
        actions.enter_instructor(
            b.user(Role.COUNTY_OFFICIAL, b.COUNTY), b.person(), b.VILLAGE, grant=grant
        )
    assert "外县人" not in refused(caught.value)


def test_a_minor_is_no_instructor(county):
    who = b.person(born_on=today() - timedelta(days=17 * 365))
    with pytest.raises(ValidationError, match="full age"):
        actions.enter_instructor(county, who, b.VILLAGE, grant=Grant(3, "N", today()))


# (level held, level granted) -> refusal
STEPS = [
    (3, 1, "No level is skipped"),
    (3, 0, "No level is skipped"),
    (3, 3, "in force"),
    (3, 2, ""),
]


@pytest.mark.parametrize(("held", "granted", "message"), STEPS)
def test_no_level_is_skipped_and_none_given_twice(bureau, held, granted, message):
    who = books.certified(level=held)
    grant = Grant(granted, "N", date(2024, 1, 1), "河南省体育局")
    if message:
        with pytest.raises(ValidationError, match=message):
            actions.grant_certificate(bureau, who, grant)
        return
    actions.grant_certificate(bureau, who, grant)
    who.refresh_from_db()
    assert who.instructor_level == granted


def test_a_grant_of_today_does_not_pass_by_the_promotion(county, bureau):
    """Pitfall P8: the city's own levels are decided by three hands; old papers are recorded."""
    who = actions.enter_instructor(county, b.person(), b.VILLAGE)
    with pytest.raises(ValidationError, match="a promotion leads to this level"):
        actions.grant_certificate(county, who, Grant(3, "N", today()))
    actions.grant_certificate(county, who, Grant(3, "OLD", today() - timedelta(days=1)))
    who.refresh_from_db()
    with pytest.raises(ValidationError, match="a promotion leads to this level"):
        actions.grant_certificate(bureau, who, Grant(2, "N", today()))


def test_what_is_decided_above_or_was_held_before_is_recorded_on_any_day(bureau):
    first = books.certified(level=2)
    actions.grant_certificate(bureau, first, Grant(1, "N1", today(), "河南省体育局"))
    lost = books.certified(level=2)
    second = lost.certificates.get(instructor_level=2)
    actions.revoke_certificate(bureau, second, today(), reason="遗失补发")
    lost.refresh_from_db()
    actions.grant_certificate(bureau, lost, Grant(2, "N2", today()))
    lost.refresh_from_db()
    assert lost.instructor_level == 2


def test_a_candidate_begins_with_the_third_grade(bureau):
    with pytest.raises(ValidationError, match="No level is skipped"):
        actions.grant_certificate(bureau, books.candidate(), Grant(2, "N", date(2024, 1, 1)))


def test_a_higher_level_comes_after_the_lower_one(bureau):
    who = books.certified(granted_on=date(2020, 5, 1))
    with pytest.raises(ValidationError, match="higher levels come after"):
        actions.grant_certificate(bureau, who, Grant(2, "N", date(2019, 1, 1)))


def test_a_lacking_lower_certificate_can_be_recorded_later(bureau):
    who = b.instructor(instructor_level=2, started_on=date(2020, 1, 1))
    books.certificate(who, 2, granted_on=date(2020, 1, 1))
    actions.grant_certificate(bureau, who, Grant(3, "OLD", date(2016, 1, 1)))
    who.refresh_from_db()
    assert (who.instructor_level, who.started_on) == (2, date(2016, 1, 1))


def test_revoking_lowers_the_level(bureau):
    who = books.certified(level=2)
    actions.revoke_certificate(
        bureau, who.certificates.get(instructor_level=2), today(), reason="弄虚作假"
    )
    who.refresh_from_db()
    assert (who.instructor_level, who.ended_on) == (3, None)


def test_revoking_the_last_certificate_ends_the_entry(county):
    who = books.certified()
    actions.revoke_certificate(county, who.certificates.get(), today(), reason="弄虚作假")
    who.refresh_from_db()
    assert (who.instructor_level, who.ended_on) == (None, today())
    assert InstructorPlace.objects.get(instructor=who).ended_on == today()


@pytest.mark.parametrize(
    ("on", "reason", "message"),
    [
        (today() + timedelta(days=1), "错", "not come yet"),
        (date(2000, 1, 1), "错", "before it was granted"),
        (today(), " ", "Say why"),
    ],
)
def test_a_revocation_needs_a_day_and_a_reason(county, on, reason, message):
    who = books.certified()
    with pytest.raises(ValidationError, match=message):
        actions.revoke_certificate(county, who.certificates.get(), on, reason=reason)


def test_the_county_does_not_revoke_what_the_city_granted(county):
    who = books.certified(level=2)
    with pytest.raises(OutOfReach):
        actions.revoke_certificate(
            county, who.certificates.get(instructor_level=2), today(), reason="错"
        )


def test_who_serves_elsewhere_from_a_day_is_found_there_and_was_here(county):
    who = books.certified()
    books.registered(who, 2024)
    day = date(2025, 6, 1)
    actions.edit_instructor(county, who, area_code=b.OTHER_VILLAGE, sports=[], on=day)
    assert InstructorPlace.objects.within(b.VILLAGE).on(day - timedelta(days=1)).exists()
    assert InstructorPlace.objects.within(b.OTHER_VILLAGE).on(day).exists()
    assert not InstructorPlace.objects.within(b.VILLAGE).on(day).exists()
    for model in (Certificate, Registration):
        assert model.objects.get().area_code == b.OTHER_VILLAGE


def test_nobody_is_sent_outside_ones_area(county):
    with pytest.raises(OutOfReach):
        actions.edit_instructor(county, books.certified(), area_code="410883001201", sports=[])


def test_an_entry_ends_with_a_reason_and_not_before_it_began(county):
    who = books.certified(granted_on=date(2024, 1, 1))
    with pytest.raises(ValidationError, match="Say why"):
        actions.end_instructor(county, who, today(), reason="")
    with pytest.raises(ValidationError, match="before the start"):
        actions.end_instructor(county, who, date(2023, 1, 1), reason="退出")
    actions.end_instructor(county, who, today(), reason="退出")
    assert InstructorPlace.objects.get(instructor=who).ended_on == today()


def test_ending_withdraws_what_is_under_way(county):
    who = books.ready(2)
    promotion = actions.nominate(county, who, 2)
    actions.end_instructor(county, who, today(), reason="退出")
    promotion.refresh_from_db()
    assert promotion.state == "withdrawn"


def test_an_entry_taken_up_again_leaves_the_gap(county):
    who = books.certified()
    actions.end_instructor(county, who, date(2024, 1, 1), reason="退出")
    with pytest.raises(ValidationError, match="still in force"):
        actions.resume_instructor(county, who, b.VILLAGE, date(2023, 1, 1))
    actions.resume_instructor(county, who, b.COMMUNITY, date(2025, 1, 1))
    places = InstructorPlace.objects.filter(instructor=who)
    assert not places.on(date(2024, 6, 1)).exists()
    assert places.on(date(2025, 1, 1)).get().area_code == b.COMMUNITY


def test_a_year_is_registered_once(county):
    who = books.certified()
    actions.register_year(county, who, today().year)
    with pytest.raises(ValidationError, match="already"):
        actions.register_year(county, who, today().year)
    assert Registration.objects.get().registered_on == today()


def test_nobody_registers_themselves(county, signed_in):
    """Pitfall P8: by the action, for many, and by the page."""
    own = books.certified(who=county.person)
    year = today().year
    with pytest.raises(OutOfReach, match="registers themselves"):
        actions.register_year(county, own, year)
    other = books.certified()
    outcome = actions.register_many(county, [own, other], year)
    assert [row.instructor for row in outcome.done] == [other]
    assert [row for row, _why in outcome.refused] == [own]
    client = signed_in(county)
    answer = client.post(f"/instructors/{own.pk}/register/", {"year": year, "on": today()})
    assert answer.status_code == 403
    assert "/register/" not in client.get(f"/instructors/{own.pk}/").content.decode()
    assert not own.registrations.exists()


@pytest.mark.parametrize(
    ("year", "message"), [(today().year + 1, "not come yet"), (2010, "first certificate")]
)
def test_a_year_without_the_instructor_is_not_registered(county, year, message):
    with pytest.raises(ValidationError, match=message):
        actions.register_year(county, books.certified(granted_on=date(2015, 1, 1)), year)


def test_many_are_registered_and_the_others_named(county):
    good = [books.certified() for _n in range(3)]
    done, ended, far = books.certified(), books.certified(), books.certified("410883001201")
    books.registered(done, today().year)
    actions.end_instructor(county, ended, date(2024, 1, 1), reason="退出")
    candidate = books.candidate()
    everyone = [*good, done, ended, far, candidate]
    outcome = actions.register_many(county, everyone, today().year)
    assert {row.instructor_id for row in outcome.done} == {row.pk for row in good}
    assert {row.pk for row, _why in outcome.refused} == {done.pk, ended.pk, far.pk, candidate.pk}


def test_registering_many_costs_as_much_as_one(county, django_assert_max_num_queries):
    rows = [books.certified() for _n in range(40)]
    with django_assert_max_num_queries(20):
        actions.register_many(county, rows, today().year)


SERVICE: dict[str, Any] = {"kind": "lecture", "minutes": 60, "note": "讲课", "evidence": "通知"}


def test_a_service_is_entered_with_evidence_by_the_township():
    officer = b.user(Role.TOWNSHIP_OFFICER, b.TOWNSHIP)
    service = actions.enter_service(officer, books.certified(), held_on=today(), **SERVICE)
    assert AuditEntry.objects.get(verb="enter service").object_id == str(service.pk)


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"held_on": today() + timedelta(days=1)}, "not come yet"), ({"evidence": " "}, "blank")],
)
def test_a_service_without_a_day_or_evidence_is_refused(county, changes, message):
    with pytest.raises(ValidationError, match=message):
        actions.enter_service(
            county, books.certified(), **{"held_on": today(), **SERVICE, **changes}
        )
    assert not Service.objects.exists()


def test_nobody_enters_their_own_service(county):
    own = b.instructor(who=county.person)
    with pytest.raises(OutOfReach):
        actions.enter_service(county, own, held_on=today(), **SERVICE)


def test_a_service_taken_back_stays_in_the_books(county):
    service = actions.enter_service(county, books.certified(), held_on=today(), **SERVICE)
    actions.withdraw_service(county, service, reason="重复")
    assert not Service.objects.standing().exists()
    assert Service.objects.exists()


def test_a_service_entered_twice_is_refused(county):
    who = books.certified()
    actions.enter_service(county, who, held_on=today(), **SERVICE)
    with pytest.raises(ValidationError, match="entered already"):
        actions.enter_service(county, who, held_on=today(), **SERVICE)


def test_the_auditor_writes_nothing():
    auditor = b.user(Role.AUDITOR)
    who = books.certified()
    for act in (
        lambda: actions.register_year(auditor, who, today().year),
        lambda: actions.end_instructor(auditor, who, today(), reason="错"),
        lambda: actions.enter_service(auditor, who, held_on=today(), **SERVICE),
        lambda: actions.nominate(auditor, who, 2),
        lambda: actions.enter_instructor(auditor, Person.objects.get(pk=who.person_id), b.VILLAGE),
    ):
        with pytest.raises(OutOfReach):
            act()


def test_a_candidate_who_is_moved_still_stands_at_no_place(county):
    who = books.candidate()
    actions.edit_instructor(county, who, area_code=b.OTHER_VILLAGE, sports=[])
    who.refresh_from_db()
    assert who.area_code == b.OTHER_VILLAGE
    assert not InstructorPlace.objects.filter(instructor=who).exists()


def test_a_new_certificate_after_the_last_was_revoked_begins_a_new_place(bureau):
    who = books.certified(granted_on=date(2020, 1, 1))
    actions.revoke_certificate(bureau, who.certificates.get(), date(2024, 1, 1), reason="错")
    actions.resume_instructor(bureau, who, b.VILLAGE, date(2025, 1, 1))
    actions.grant_certificate(bureau, who, Grant(3, "NEW", date(2025, 6, 1)))
    places = InstructorPlace.objects.filter(instructor=who)
    assert places.on(date(2023, 12, 31)).exists()
    assert not places.on(date(2025, 5, 31)).exists()
    assert places.on(date(2025, 6, 1)).exists()
