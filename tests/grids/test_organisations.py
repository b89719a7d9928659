"""Organisations and the offices in them: what may be entered, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry
from grids.actions import (
    appoint_officer,
    edit_organisation,
    end_office,
    end_organisation,
    enter_organisation,
    renew_term,
    reopen_organisation,
    replace_officer,
)
from grids.models import KIND_LEVELS, Officer, Organisation, OrganisationKind, Role, Title
from grids.organisations import federated, organised, to_be_federated, to_be_organised
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM, OutOfReach
from tests import builders as b
from tests.builders import BEGINNING, CITY, COUNTY, OTHER_COUNTY, TOWNSHIP, VILLAGE

pytestmark = pytest.mark.django_db
TOMORROW = today() + timedelta(days=1)
LEVELS = (CITY, COUNTY, TOWNSHIP, VILLAGE)


@pytest.fixture(autouse=True)
def city():
    b.small_city()


@pytest.fixture
def official():
    return b.user(Role.COUNTY_OFFICIAL, COUNTY)


def federation(code: str = TOWNSHIP, **fields) -> Organisation:
    return b.organisation(code, "federation", **fields)


# --- entering ---


@pytest.mark.parametrize("code", LEVELS)
@pytest.mark.parametrize("kind", OrganisationKind.values)
def test_each_kind_stands_at_its_levels_only(kind, code):
    sport = b.sport() if kind == "association" else None
    entered = {"name": "某体育组织", "kind": kind, "sport": sport}
    if len(code) in KIND_LEVELS[kind]:
        assert enter_organisation(SYSTEM, code, **entered).area_code == code
        return
    with pytest.raises(ValidationError) as refused:
        enter_organisation(SYSTEM, code, **entered)
    assert "kind" in refused.value.message_dict


def test_an_association_names_its_sport(official):
    with pytest.raises(ValidationError):
        enter_organisation(official, COUNTY, name="沁阳市协会", kind="association")


def test_an_area_has_one_federation_and_a_name_once(official):
    federation()
    with pytest.raises(ValidationError):
        enter_organisation(official, TOWNSHIP, name="另一个总会", kind="federation")
    b.organisation(TOWNSHIP, "club", name="俱乐部")
    with pytest.raises(ValidationError):
        enter_organisation(official, TOWNSHIP, name="俱乐部", kind="club")
    assert Organisation.objects.count() == 2


def test_a_second_federation_may_follow_the_first_and_not_overlap_it(official):
    federation(ended_on=TOMORROW)
    with pytest.raises(ValidationError):
        enter_organisation(official, TOWNSHIP, name="新总会", kind="federation")
    entered = enter_organisation(
        official, TOWNSHIP, name="新总会", kind="federation", started_on=TOMORROW
    )
    assert entered.started_on == TOMORROW


def test_an_organisation_is_entered_in_ones_own_area_and_nothing_is_told_of_others(official):
    federation("4108")
    for code in (CITY, OTHER_COUNTY, "419999"):
        with pytest.raises(OutOfReach):
            enter_organisation(official, code, name="某总会", kind="federation")


@pytest.mark.parametrize(
    "role", [Role.GRID_LEADER, Role.GRID_MEMBER, Role.AUDITOR], ids=lambda role: role.value
)
def test_leaders_members_and_auditors_change_no_organisation(role):
    where = {Role.GRID_LEADER: b.GRID, Role.GRID_MEMBER: b.HOBBY_GRID, Role.AUDITOR: CITY}[role]
    row = b.organisation(VILLAGE)
    actor = b.user(role, where)
    for act in (
        lambda: enter_organisation(actor, VILLAGE, name="某组织", kind="village"),
        lambda: edit_organisation(actor, row, name="改名"),
        lambda: end_organisation(actor, row, today()),
        lambda: reopen_organisation(actor, row),
        lambda: appoint_officer(actor, row, b.person(), "president"),
    ):
        with pytest.raises(OutOfReach):
            act()


def test_editing_leaves_kind_and_area_as_they_are(official):
    row = federation()
    assert edit_organisation(official, row, name="新名", members_count=9).name == "新名"
    with pytest.raises(TypeError):
        edit_organisation(official, row, kind="club")


# --- ending and re-opening ---


def test_its_offices_end_with_it_and_re_opening_leaves_them_ended(official):
    row = federation()
    president = b.officer(row, b.person())
    planned = b.officer(row, b.person(), "officer", started_on=TOMORROW)
    end_organisation(official, row, today(), reason="撤销")
    president.refresh_from_db()
    planned.refresh_from_db()
    assert (president.ended_on, planned.ended_on) == (today(), TOMORROW)
    assert reopen_organisation(official, row).ended_on is None
    president.refresh_from_db()
    assert president.ended_on == today()
    assert AuditEntry.objects.filter(reason="撤销").count() == 3


def test_it_is_not_re_opened_beside_another_federation(official):
    row = federation(ended_on=today())
    federation(name="新总会", started_on=today())
    with pytest.raises(ValidationError):
        reopen_organisation(official, row)


@pytest.mark.parametrize("on", [BEGINNING - timedelta(days=1), today() + timedelta(days=400)])
def test_it_ends_neither_before_it_began_nor_far_ahead(official, on):
    with pytest.raises(ValidationError):
        end_organisation(official, federation(), on)


# --- offices ---


def test_there_is_one_president_and_a_person_holds_an_office_once(official):
    row, who = federation(), b.person()
    appoint_officer(official, row, who, Title.PRESIDENT)
    with pytest.raises(ValidationError):
        appoint_officer(official, row, b.person(), Title.PRESIDENT)
    appoint_officer(official, row, b.person(), Title.OFFICER)
    with pytest.raises(ValidationError):
        appoint_officer(official, row, who, Title.PRESIDENT)
    assert Officer.objects.count() == 2


def test_the_president_is_replaced_on_one_day(official):
    row = federation()
    office = b.officer(row, b.person())
    heir = b.person()
    new = replace_officer(
        official, office, heir, term_ends_on=today() + timedelta(days=1460), reason="换届"
    )
    office.refresh_from_db()
    assert office.ended_on == new.started_on == today()
    assert list(row.officers.on(today())) == [new]
    with pytest.raises(ValidationError):
        replace_officer(official, new, heir)


def test_nobody_out_of_sight_and_nobody_who_left_gets_an_office(official):
    row = federation()
    with pytest.raises(OutOfReach):
        appoint_officer(official, row, b.person(OTHER_COUNTY), Title.OFFICER)
    for gone in (b.person(died_on=today()), b.person(moved_away_on=today())):
        with pytest.raises(ValidationError):
            appoint_officer(official, row, gone, Title.OFFICER)


def test_a_term_does_not_end_before_it_begins_and_is_renewed(official):
    row = federation()
    with pytest.raises(ValidationError):
        appoint_officer(official, row, b.person(), "officer", term_ends_on=date(2020, 1, 1))
    office = appoint_officer(official, row, b.person(), "officer", term_ends_on=today())
    assert list(Officer.objects.term_over_by(today())) == [office]
    renew_term(official, office, TOMORROW)
    assert not Officer.objects.term_over_by(today()).exists()


def test_no_office_in_what_has_ended_or_not_begun(official):
    with pytest.raises(ValidationError):
        appoint_officer(official, federation(ended_on=today()), b.person(), "officer")
    club = b.organisation(COUNTY, "club", started_on=TOMORROW)
    with pytest.raises(ValidationError):
        appoint_officer(official, club, b.person(), "officer")


def test_an_office_ends_once(official):
    office = b.officer(federation(), b.person())
    end_office(official, office, today())
    with pytest.raises(ValidationError):
        end_office(official, office, today())


# --- coverage ---


def test_three_level_coverage_names_its_gaps(django_assert_num_queries):
    federation(COUNTY)
    federation(TOWNSHIP, ended_on=today())
    b.organisation(VILLAGE)
    with django_assert_num_queries(2):
        there = {d.area_code for d in federated(CITY, today())}
        gaps = {d.area_code for d in to_be_federated(CITY, today()).without_federation_on(today())}
    assert there == {COUNTY}
    assert gaps == {CITY, OTHER_COUNTY, TOWNSHIP, b.OTHER_TOWNSHIP}
    yesterday = today() - timedelta(days=1)
    assert {d.area_code for d in federated(CITY, yesterday)} == {COUNTY, TOWNSHIP}


def test_four_level_coverage_asks_villages_for_their_own_organisation():
    federation(COUNTY)
    b.organisation(VILLAGE)
    b.organisation(b.COMMUNITY, "club")
    assert {d.area_code for d in organised(COUNTY, today())} == {COUNTY, VILLAGE}
    gaps = to_be_organised(COUNTY, today()).without_fitness_organisation_on(today())
    assert {d.area_code for d in gaps.villages()} == {b.COMMUNITY, b.OTHER_VILLAGE}


# --- pages ---


@pytest.fixture
def page(client, official):
    client.force_login(official)
    return client


def listed(client, query: str = "") -> list[str]:
    return [row.name for row in client.get(f"/organisations/{query}").context["page"].rows]


def test_the_list_is_scoped_and_narrowed(page):
    led = federation(TOWNSHIP, name="覃怀总会")
    b.officer(led, b.person(), term_ends_on=today())
    b.organisation(COUNTY, "association", name="太极协会", sport=b.sport("taiji", "太极", "taiji"))
    federation(OTHER_COUNTY, name="外县总会")
    federation(COUNTY, name="旧总会", ended_on=today())
    assert listed(page) == ["太极协会", "覃怀总会"]
    assert listed(page, "?state=all") == ["太极协会", "旧总会", "覃怀总会"]
    assert listed(page, "?officers=vacant") == ["太极协会"]
    assert listed(page, "?officers=over") == ["覃怀总会"]
    assert listed(page, "?sport=taiji") == ["太极协会"]
    assert listed(page, "?kind=federation") == ["覃怀总会"]
    assert listed(page, "?q=覃怀") == ["覃怀总会"]
    assert listed(page, "?level=9") == ["覃怀总会"]
    assert listed(page, f"?within={b.OTHER_TOWNSHIP}") == []


def test_terms_that_are_over_are_listed_for_election(page):
    row = federation()
    over = b.officer(row, b.person(), term_ends_on=today())
    soon = b.officer(row, b.person(), "secretary", term_ends_on=today() + timedelta(days=60))
    b.officer(row, b.person(), "officer", term_ends_on=today() + timedelta(days=500))
    found = [
        list(page.get(f"/organisations/terms/{q}").context["page"].rows) for q in ("", "?due=soon")
    ]
    assert found == [[over], [over, soon]]


def test_an_organisation_is_entered_edited_ended_and_re_opened_on_its_pages(page):
    data = {
        "area_code": TOWNSHIP,
        "kind": "federation",
        "name": "覃怀街道体育总会",
        "started_on": today(),
    }
    assert page.get(f"/organisations/new/?at={TOWNSHIP}").status_code == 200
    page.post("/organisations/new/", data)
    row = Organisation.objects.get()
    here = f"/organisations/{row.pk}/"
    assert page.post(here + "edit/", {"name": "新名", "members_count": 30}).status_code == 302
    officer = {"name": "王会长", "title": "president", "started_on": today()}
    assert page.post(here + "officers/new/", officer).status_code == 302
    assert page.get(here).context["has_president"]
    assert len(page.get(here + "end/").context["offices"]) == 1
    page.post(here + "end/", {"on": today()})
    assert page.post(here + "reopen/").status_code == 302
    row.refresh_from_db()
    assert (row.name, row.ended_on, row.members_count) == ("新名", None, 30)
    assert not row.officers.on(today()).exists()


def test_offices_change_hands_on_their_pages(page):
    office = b.officer(federation(), b.person())
    heir = b.person(TOWNSHIP, "接任")
    form = page.get(f"/officers/{office.pk}/replace/")
    assert heir in form.context["found"]
    page.post(f"/officers/{office.pk}/replace/", {"person": heir.pk, "started_on": today()})
    new = Officer.objects.get(person=heir)
    page.post(f"/officers/{new.pk}/term/", {"term_ends_on": TOMORROW})
    page.post(f"/officers/{new.pk}/end/", {"on": TOMORROW, "reason": "病"})
    new.refresh_from_db()
    assert (new.term_ends_on, new.ended_on) == (TOMORROW, TOMORROW)


def test_a_refusal_stands_at_its_field(page):
    federation()
    data = {"area_code": TOWNSHIP, "kind": "federation", "name": "又一个", "started_on": today()}
    answer = page.post("/organisations/new/", data)
    assert answer.status_code == 422
    assert "kind" in answer.context["form"].errors
