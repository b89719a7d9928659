"""People, their records and their accounts."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import AuditEntry, Person, User
from grids.actions import (
    edit_person,
    enter_person,
    open_account,
    renew_password,
    set_account_active,
)
from grids.models import Role
from jiaozuo_grid.reach import OutOfReach
from tests import builders
from tests.builders import (
    CITY,
    COUNTY,
    GRID,
    HOBBY_GRID,
    OTHER_TOWNSHIP,
    TOWNSHIP,
    VILLAGE,
    person,
    small_city,
    user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city():
    small_city()


@pytest.fixture
def officer(client):
    who = user(Role.TOWNSHIP_OFFICER, TOWNSHIP)
    client.force_login(who)
    return who


@pytest.fixture
def leader_person():
    who = person(VILLAGE, "李网格", phone="13800000009")
    builders.appoint(who, Role.GRID_LEADER, GRID)
    return who


def page(who: Person, name: str = "person") -> str:
    return reverse(name, args=[who.pk])


def test_a_person_page_shows_the_posts_past_and_present(client, officer, leader_person):
    builders.appoint(leader_person, Role.GRID_MEMBER, HOBBY_GRID, ended_on=builders.BEGINNING)
    posts = client.get(page(leader_person)).context["posts"]
    assert {post.role for post in posts} == {"grid_leader", "grid_member"}


def test_posts_outside_the_viewers_areas_are_not_shown(client, officer, leader_person):
    builders.appoint(leader_person, Role.TOWNSHIP_OFFICER, OTHER_TOWNSHIP)
    posts = client.get(page(leader_person)).context["posts"]
    assert {post.role for post in posts} == {"grid_leader"}


def test_the_whole_number_is_shown_on_request_and_the_reading_recorded(
    client, officer, leader_person
):
    assert b"13800000009" not in client.get(page(leader_person)).content
    assert client.post(page(leader_person)).context["phone"] == "13800000009"
    assert AuditEntry.objects.filter(verb="read phone", actor=officer).count() == 1


def test_an_auditor_reads_no_whole_number(client, leader_person):
    client.force_login(user(Role.AUDITOR, CITY))
    assert client.post(page(leader_person)).status_code == 403


def test_a_person_is_edited(client, officer, leader_person):
    data = {"name": "李改名", "phone": "13800000010", "area_code": GRID}
    assert client.post(page(leader_person, "person-edit"), data).status_code == 302
    leader_person.refresh_from_db()
    assert (leader_person.name, leader_person.area_code) == ("李改名", GRID)


def test_a_person_is_not_moved_out_of_or_into_scope(client, officer, leader_person):
    """P3: by form."""
    data = {"name": "李网格", "phone": "", "area_code": OTHER_TOWNSHIP}
    assert client.post(page(leader_person, "person-edit"), data).status_code == 422
    foreign = person(OTHER_TOWNSHIP)
    data["area_code"] = TOWNSHIP
    assert client.post(page(foreign, "person-edit"), data).status_code == 404
    leader_person.refresh_from_db()
    foreign.refresh_from_db()
    assert (leader_person.area_code, foreign.area_code) == (VILLAGE, OTHER_TOWNSHIP)


def test_the_record_of_someone_higher_is_not_changed_from_below(client, officer):
    """P8: an official who lives in the township is not the township officer's to edit."""
    official = person(VILLAGE)
    builders.appoint(official, Role.COUNTY_OFFICIAL, COUNTY)
    with pytest.raises(OutOfReach):
        edit_person(officer, official, phone="13800000011")
    assert client.get(page(official, "person-edit")).status_code == 403


def test_the_same_name_and_number_is_the_same_person(officer):
    first = enter_person(officer, name="王一", phone="13800000012", area_code=GRID)
    again = enter_person(officer, name="王一 ", phone="13800000012", area_code=VILLAGE)
    other = enter_person(officer, name="王一", phone="13800000013", area_code=VILLAGE)
    assert again == first
    assert other != first


def test_a_namesake_out_of_sight_is_not_recognised(officer):
    far = person(OTHER_TOWNSHIP, "王一", phone="13800000012")
    assert enter_person(officer, name="王一", phone="13800000012", area_code=GRID) != far


def test_an_opened_account_signs_in_with_the_password_shown_once(client, officer, leader_person):
    response = client.post(page(leader_person, "account-new"), {"username": "li-wangge"})
    password = response.context["password"]
    account = User.objects.get(person=leader_person)
    assert account.check_password(password)
    assert "no-store" in response["Cache-Control"]
    assert password not in str(list(AuditEntry.objects.values()))
    assert password.encode() not in client.get(page(leader_person)).content


def test_no_account_without_a_post(officer):
    with pytest.raises(ValidationError):
        open_account(officer, person(VILLAGE), "nobody")


def test_no_second_account_and_no_taken_user_name(officer, leader_person):
    open_account(officer, leader_person, "one")
    with pytest.raises(ValidationError):
        open_account(officer, leader_person, "two")
    other = person(VILLAGE)
    builders.appoint(other, Role.GRID_MEMBER, HOBBY_GRID)
    with pytest.raises(ValidationError) as refused:
        open_account(officer, other, "one")
    assert "username" in refused.value.message_dict


@pytest.mark.parametrize(
    "action",
    [
        lambda actor, account: open_account(actor, account.person, "x"),
        renew_password,
        lambda actor, account: set_account_active(actor, account, False),
    ],
)
def test_nobody_takes_the_account_of_someone_they_cannot_appoint(officer, action):
    """P8: a new password for someone higher would be a way to borrow their authority."""
    official = person(VILLAGE)
    builders.appoint(official, Role.COUNTY_OFFICIAL, COUNTY)
    builders.appoint(official, Role.GRID_LEADER, GRID)
    account = User.objects.create_user("official", "pass", person=official)
    with pytest.raises(OutOfReach):
        action(officer, account)


@pytest.mark.parametrize("role", [Role.GRID_LEADER, Role.GRID_MEMBER, Role.AUDITOR])
def test_leaders_members_and_auditors_open_no_accounts(client, role):
    member = person(GRID)
    builders.appoint(member, Role.GRID_MEMBER, HOBBY_GRID)
    where = {Role.GRID_LEADER: GRID, Role.GRID_MEMBER: HOBBY_GRID, Role.AUDITOR: CITY}[role]
    client.force_login(user(role, where))
    response = client.post(page(member, "account-new"), {"username": "x"})
    assert response.status_code in (403, 404)
    assert not User.objects.filter(person=member).exists()


def test_a_closed_account_is_out_at_once_and_opens_again(client, officer, leader_person):
    """P5: the next request is refused."""
    account, _password = open_account(officer, leader_person, "li")
    other = type(client)()
    other.force_login(account)
    url = reverse("area", args=[GRID])
    assert other.get(url).status_code == 200
    client.post(page(leader_person, "account-active"), {"active": "0"})
    assert other.get(url).status_code == 302
    client.post(page(leader_person, "account-active"), {"active": "1"})
    account.refresh_from_db()
    assert account.is_active


def test_a_new_password_signs_out_the_old_sessions(client, officer, leader_person):
    """P5: password reset ends every session."""
    account, password = open_account(officer, leader_person, "li")
    other = type(client)()
    other.force_login(account)
    response = client.post(page(leader_person, "account-renew"))
    account.refresh_from_db()
    assert account.check_password(response.context["password"])
    assert not account.check_password(password)
    assert other.get(reverse("area", args=[GRID])).status_code == 302
