"""The count ladder: each figure is its rows, and what is lost stands by name (issue: item 7)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Person
from activities.models import Session
from grids.models import Role
from instructors.ladder import STEPS, figures, keys_of, reasons, shown
from instructors.models import Certificate, InstructorPlace, Registration, Service
from jiaozuo_grid.lasting import today
from tests import builders as b
from tests.instructors import books

pytestmark = pytest.mark.django_db
YEAR = today().year


def counts(area: str = b.CITY, on: date | None = None) -> list[int]:
    return [figure.count for figure in figures(area, on or today())]


def lost(key: str, area: str = b.CITY, on: date | None = None) -> list[tuple[str, str]]:
    step, day = STEPS[key], on or today()
    rows = shown(list(keys_of(area, day, step, lost=True)), day)
    with translation.override("en"):
        return [(row.instructor.person.name, reasons(step, day)(row)) for row in rows]


@pytest.fixture(autouse=True)
def city():
    b.small_city()


def serving(**fields) -> Any:
    who = books.certified(**fields)
    books.registered(who, YEAR)
    books.served(who)
    return who


def test_who_serves_stands_on_every_step():
    serving()
    assert counts() == [1, 1, 1, 1, 1]


def test_two_certificates_are_one_person():
    serving(level=2)
    assert counts() == [2, 1, 1, 1, 1]
    assert [why for _name, why in lost("people")] == ["one of several certificates"]


def test_the_dead_are_named_with_the_day():
    who = serving()
    Person.objects.filter(pk=who.person_id).update(died_on=date(2024, 5, 1), name="老王")
    assert counts() == [1, 0, 0, 0, 0]
    assert lost("people") == [("老王", "died on 2024-05-01")]


def test_who_moved_away_is_named_with_the_day():
    who = serving()
    Person.objects.filter(pk=who.person_id).update(moved_away_on=date(2024, 5, 1), name="老李")
    assert counts() == [1, 1, 0, 0, 0]
    assert lost("here") == [("老李", "moved away on 2024-05-01")]


def test_who_died_later_still_counts_on_an_earlier_day():
    who = books.certified()
    Person.objects.filter(pk=who.person_id).update(died_on=date(2024, 5, 1))
    assert counts(on=date(2024, 4, 30))[:2] == [1, 1]


def test_a_merged_duplicate_is_the_same_person():
    first, second = serving(), serving()
    Person.objects.filter(pk=second.person_id).update(merged_into=first.person, name="重复")
    assert counts() == [2, 1, 1, 1, 1]
    assert lost("people") == [("重复", f"a merged duplicate of {first.person.name}")]


def test_what_a_merged_duplicate_did_counts_for_the_person():
    first, second = books.certified(), books.certified()
    books.registered(second, YEAR)
    books.led(second)
    Person.objects.filter(pk=second.person_id).update(merged_into=first.person)
    assert counts() == [2, 1, 1, 1, 1]


def test_who_is_not_registered_this_year_is_named():
    who = books.certified()
    books.registered(who, YEAR - 1)
    assert counts() == [1, 1, 1, 0, 0]
    assert lost("registered") == [(who.person.name, f"no registration for {YEAR}")]


def test_who_has_not_served_of_late_is_named():
    who = books.certified()
    books.registered(who, YEAR)
    books.served(who, ago=91)
    assert counts() == [1, 1, 1, 1, 0]
    assert lost("served") == [(who.person.name, "no service in the 90 days before")]


def test_a_session_that_was_led_is_service():
    who = books.certified()
    books.registered(who, YEAR)
    books.led(who)
    assert counts() == [1, 1, 1, 1, 1]


def test_a_withdrawn_session_is_no_service():
    who = books.certified()
    books.registered(who, YEAR)
    books.led(who, withdrawn_at="2024-01-01T00:00:00Z")
    assert counts() == [1, 1, 1, 1, 0]


def test_a_revoked_certificate_is_not_counted():
    who = serving()
    who.certificates.update(revoked_on=date(2024, 1, 1))
    assert counts() == [0, 0, 0, 0, 0]
    assert counts(on=date(2023, 12, 31))[0] == 1


def test_an_instructor_counts_where_they_stood_on_the_day():
    who = books.certified(b.VILLAGE)
    InstructorPlace.objects.filter(instructor=who).update(ended_on=date(2024, 6, 1))
    InstructorPlace.objects.create(
        instructor=who, area_code=b.OTHER_VILLAGE, started_on=date(2024, 6, 1)
    )
    assert counts(b.TOWNSHIP, date(2024, 5, 31))[0] == 1
    assert counts(b.TOWNSHIP, date(2024, 6, 1))[0] == 0
    assert counts(b.OTHER_TOWNSHIP, date(2024, 6, 1))[0] == 1


# --- the property

days_ago = st.integers(0, 800)
maybe_day = st.none() | days_ago
people = st.lists(
    st.fixed_dictionaries(
        {
            "village": st.sampled_from([b.VILLAGE, b.COMMUNITY, b.OTHER_VILLAGE]),
            "granted": st.lists(st.tuples(days_ago, maybe_day), min_size=1, max_size=3),
            "died": maybe_day,
            "moved": maybe_day,
            "merged": st.none() | st.integers(0, 7),
            "years": st.sets(st.sampled_from([YEAR, YEAR - 1, YEAR - 2])),
            "served": st.lists(days_ago, max_size=2),
            "led": st.lists(days_ago, max_size=2),
        }
    ),
    max_size=8,
)


def day(ago: int | None) -> Any:
    return None if ago is None else today() - timedelta(days=ago)


def build(plan) -> None:
    instructors: list[Any] = []
    logger = b.user()
    for one in plan:
        who = b.person(one["village"], died_on=day(one["died"]), moved_away_on=day(one["moved"]))
        target = one["merged"]
        if target is not None and target < len(instructors):
            survivor = instructors[target].person
            if survivor.merged_into_id is None:
                who.merged_into = survivor
                who.save()
        begun = day(max(granted for granted, _revoked in one["granted"]))
        row = b.instructor(one["village"], who, started_on=begun)
        instructors.append(row)
        for n, (granted, revoked) in enumerate(one["granted"]):
            end = None if revoked is None or revoked > granted else day(revoked)
            books.certificate(row, 3 - n, granted_on=day(granted), revoked_on=end)
        books.registered(row, *one["years"])
        for ago in one["served"]:
            books.served(row, ago=ago)
        for ago in one["led"]:
            Session.objects.create(
                area_code=b.HOBBY_GRID,
                held_on=day(ago),
                start_time="19:00",
                minutes=60,
                participants=9,
                led_by=who,
                logged_by=logger,
            )


def counted_by_hand(area: str, on: date) -> list[int]:
    """The ladder once more, row by row in Python."""
    certificates = [
        c
        for c in Certificate.objects.select_related("instructor__person__merged_into")
        if c.granted_on <= on
        and (c.revoked_on is None or c.revoked_on > on)
        and c.instructor.area_code.startswith(area)
    ]

    def canonical(who: Person) -> Person:
        return who.merged_into or who

    people = {canonical(c.instructor.person) for c in certificates}
    alive = {p for p in people if p.died_on is None or p.died_on > on}
    here = {p for p in alive if p.moved_away_on is None or p.moved_away_on > on}
    in_books = {
        canonical(r.instructor.person)
        for r in Registration.objects.select_related("instructor__person__merged_into")
        if r.year == on.year and r.registered_on <= on
    }
    window = (on - timedelta(days=90), on)
    active = {
        canonical(s.instructor.person)
        for s in Service.objects.select_related("instructor__person__merged_into")
        if window[0] < s.held_on <= window[1]
    } | {
        canonical(s.led_by)
        for s in Session.objects.select_related("led_by__merged_into")
        if window[0] < s.held_on <= window[1]
    }
    return [
        len(certificates),
        len(alive),
        len(here),
        len(here & in_books),
        len(here & in_books & active),
    ]


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=people, ago=st.integers(0, 500), area=st.sampled_from([b.CITY, b.TOWNSHIP]))
def test_every_figure_is_an_independent_count_and_every_loss_is_named(plan, ago, area):
    Session.objects.all().delete()
    for model in (Service, Registration, Certificate, InstructorPlace):
        model.objects.all().delete()
    build(plan)
    on = today() - timedelta(days=ago)
    found = figures(area, on)
    assert [figure.count for figure in found] == counted_by_hand(area, on)
    for figure in found:
        assert figure.count == len(keys_of(area, on, figure.step))
        assert figure.lost == len(keys_of(area, on, figure.step, lost=True))
        for row in shown(list(keys_of(area, on, figure.step, lost=True)), on):
            assert reasons(figure.step, on)(row)


def test_the_page_links_each_figure_to_its_rows(client):
    serving(level=2)
    client.force_login(b.user(Role.BUREAU_STAFF))
    page = client.get(f"/instructors/ladder/{b.CITY}/").content.decode()
    for key, number in zip(STEPS, [2, 1, 1, 1, 1], strict=True):
        assert f'data-step="{key}" data-count="{number}"' in page
        rows = client.get(f"/instructors/ladder/{b.CITY}/{key}/").content.decode()
        assert rows.count("data-line=") == number
    rows = client.get(f"/instructors/ladder/{b.CITY}/people/lost/").content.decode()
    assert rows.count("data-line=") == 1


def test_an_area_out_of_reach_is_not_there(client):
    client.force_login(b.user(Role.COUNTY_OFFICIAL, b.COUNTY))
    assert client.get(f"/instructors/ladder/{b.CITY}/").status_code == 404
    assert client.get(f"/instructors/ladder/{b.OTHER_COUNTY}/").status_code == 404
    assert client.get(f"/instructors/ladder/{b.COUNTY}/").status_code == 200


def test_the_names_lost_are_exported_with_the_reason(client):
    who = books.certified()
    client.force_login(b.user(Role.BUREAU_STAFF))
    answer = client.get(f"/instructors/ladder/{b.CITY}/registered/lost/?format=csv")
    text = b"".join(answer.streaming_content).decode()
    assert who.person.name in text
    assert str(YEAR) in text


def test_a_candidate_stands_on_no_step():
    books.candidate()
    assert counts() == [0, 0, 0, 0, 0]
