"""Handing over: all or nothing, by each one's right, and never without a holder unknowingly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.holdings import holdings
from accounts.models import AuditEntry, Person
from grids.actions.leaving import Leaving, record_leaving
from grids.forms.handover import THING
from grids.handover import Refused, hand_over, items_of
from grids.models import Appointment, Grid, HobbyGrid, Officer, Organisation, Role
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import OutOfReach
from stations.models import StationPost, StationRole
from tests import builders as b
from tests.builders import CITY, COUNTY, GRID, HOBBY_GRID, TOWNSHIP, VILLAGE

pytestmark = pytest.mark.django_db
LATER = today() + timedelta(days=9)


@pytest.fixture(autouse=True)
def city():
    b.small_city()


@pytest.fixture
def officer():
    return b.user(Role.TOWNSHIP_OFFICER, TOWNSHIP)


@pytest.fixture
def leaver():
    """Leads the grid, serves in its hobby grid, presides the village's organisation."""
    who = b.person(VILLAGE, "李全能")
    b.appoint(who, Role.GRID_LEADER, GRID)
    b.appoint(who, Role.GRID_MEMBER, HOBBY_GRID)
    b.officer(b.organisation(VILLAGE), who)
    return who


def keys(actor, who: Person) -> dict[str, str]:
    """The keys of what is in the hand, by kind."""
    return {item.holding.key: item.key for item in items_of(actor, who)}


def test_everything_open_in_the_hand_is_listed(officer, leaver):
    b.appoint(leaver, Role.GRID_MEMBER, HOBBY_GRID, ended_on=b.BEGINNING)
    post = StationPost.objects.create(
        area_code=VILLAGE,
        station=b.station(),
        person=leaver,
        station_role=StationRole.RESPONSIBLE,
        started_on=b.BEGINNING,
    )
    found = items_of(officer, leaver)
    assert {item.holding.key for item in found} >= {"grids.leader", "grids.post", "grids.office"}
    assert post in [item.row for item in found]
    assert len(found) == 4
    assert all(item.may_move for item in found)


def test_everything_moves_in_one_step(officer, leaver):
    heir = b.person(VILLAGE)
    plan = dict.fromkeys(keys(officer, leaver).values(), heir)
    hand_over(officer, leaver, plan, today(), reason="调离")
    assert items_of(officer, leaver) == []
    assert {item.holding.key for item in items_of(officer, heir)} == set(keys(officer, heir))
    assert Appointment.objects.on(today()).filter(person=heir).count() == 2
    assert Officer.objects.on(today()).get().person == heir
    assert AuditEntry.objects.get(verb="hand over").reason == "调离"


def test_each_thing_may_go_to_someone_else_end_or_stay(officer, leaver):
    key = keys(officer, leaver)
    one, two = b.person(VILLAGE), b.person(VILLAGE)
    hand_over(officer, leaver, {key["grids.leader"]: one, key["grids.post"]: two}, today())
    assert Appointment.objects.on(today()).get(role=Role.GRID_LEADER).person == one
    assert Appointment.objects.on(today()).get(role=Role.GRID_MEMBER).person == two
    assert Officer.objects.on(today()).get().person == leaver
    hand_over(officer, leaver, {key["grids.office"]: None}, today())
    assert not Officer.objects.on(today()).exists()


def test_who_holds_it_beside_them_simply_keeps_it(officer, leaver):
    beside = b.person(VILLAGE)
    b.appoint(beside, Role.GRID_MEMBER, HOBBY_GRID)
    hand_over(officer, leaver, {keys(officer, leaver)["grids.post"]: beside}, today())
    post = Appointment.objects.on(today()).get(role=Role.GRID_MEMBER)
    assert (post.person, post.started_on) == (beside, b.BEGINNING)


@pytest.mark.parametrize("on", [today(), today() - timedelta(days=5)], ids=["today", "last week"])
def test_nothing_is_vacant_until_the_successors_own_post_begins(officer, leaver, on):
    """Whoever follows later anyway takes over at once, and goes on in the post lined up."""
    heir = b.person(VILLAGE)
    Appointment.objects.filter(person=leaver).update(ended_on=LATER)
    Officer.objects.filter(person=leaver).update(ended_on=LATER)
    b.appoint(heir, Role.GRID_LEADER, GRID, started_on=LATER)
    b.appoint(heir, Role.GRID_MEMBER, HOBBY_GRID, started_on=LATER)
    b.officer(Organisation.objects.get(), heir, started_on=LATER)
    hand_over(officer, leaver, dict.fromkeys(keys(officer, leaver).values(), heir), on)
    for day in (on, LATER - timedelta(days=1), LATER, LATER + timedelta(days=1)):
        leader = Appointment.objects.on(day).get(role=Role.GRID_LEADER)
        member = Appointment.objects.on(day).get(role=Role.GRID_MEMBER)
        assert {leader.person, member.person, Officer.objects.on(day).get().person} == {heir}


def test_the_time_between_is_nobodys_twice(officer, leaver):
    heir, other = b.person(VILLAGE), b.person(VILLAGE, "代理人")
    Appointment.objects.filter(person=leaver).update(ended_on=today() + timedelta(days=3))
    b.appoint(other, Role.GRID_LEADER, GRID, started_on=today() + timedelta(days=3), ended_on=LATER)
    b.appoint(heir, Role.GRID_LEADER, GRID, started_on=LATER)
    plan = {keys(officer, leaver)["grids.leader"]: heir}
    with pytest.raises(Refused, match="代理人"):
        hand_over(officer, leaver, plan, today())


def test_a_rehearsal_tells_the_same_and_writes_nothing(officer, leaver):
    plan = {key: b.person(VILLAGE) for key in keys(officer, leaver).values()}
    before = AuditEntry.objects.count()
    outcomes = hand_over(officer, leaver, plan, today(), rehearse=True)
    assert {outcome.item.key: outcome.successor for outcome in outcomes} == plan
    assert AuditEntry.objects.count() == before
    assert not Appointment.objects.exclude(ended_on=None).exists()


def test_one_thing_that_cannot_move_stops_all_and_every_reason_is_told(officer, leaver):
    key = keys(officer, leaver)
    dead, far = b.person(VILLAGE, died_on=today()), b.person(b.OTHER_COUNTY)
    plan = {key["grids.leader"]: dead, key["grids.post"]: far, key["grids.office"]: None}
    with pytest.raises(Refused) as refused:
        hand_over(officer, leaver, plan, today())
    assert set(refused.value.by_item) == {key["grids.leader"], key["grids.post"]}
    assert not Appointment.objects.exclude(ended_on=None).exists()
    assert Officer.objects.get().ended_on is None


def test_nobody_hands_a_post_to_themselves(officer, leaver):
    with pytest.raises(Refused):
        hand_over(officer, leaver, {keys(officer, leaver)["grids.leader"]: officer.person}, today())


def test_what_is_not_ones_own_to_move_says_whom_to_ask_and_stops_nothing_else(leaver):
    b.appoint(b.person(COUNTY), Role.COUNTY_OFFICIAL, COUNTY)
    auditor = b.user(Role.AUDITOR, CITY)
    asks = {item.holding.key: item.ask for item in items_of(auditor, leaver)}
    assert "沁阳市" in asks["grids.leader"]
    b.appoint(leaver, Role.TOWNSHIP_OFFICER, TOWNSHIP)
    township = b.user(Role.TOWNSHIP_OFFICER, TOWNSHIP)
    mine = {item.holding.key: item for item in items_of(township, leaver) if item.may_move}
    theirs = [item for item in items_of(township, leaver) if not item.may_move]
    assert [item.row.role for item in theirs] == [Role.TOWNSHIP_OFFICER]
    heir = b.person(VILLAGE)
    hand_over(township, leaver, {mine["grids.leader"].key: heir}, today())
    with pytest.raises(Refused):
        hand_over(township, leaver, {theirs[0].key: heir}, today())


def test_what_one_does_not_see_is_not_listed(leaver):
    b.appoint(leaver, Role.GRID_MEMBER, b.OTHER_HOBBY_GRID)
    leader = b.user(Role.GRID_LEADER, b.OTHER_GRID)
    assert [item.row.area_code for item in items_of(leader, leaver)] == [b.OTHER_HOBBY_GRID]


def test_what_moved_in_the_meantime_is_not_moved_again(officer, leaver):
    key = keys(officer, leaver)["grids.office"]
    hand_over(officer, leaver, {key: None}, today())
    with pytest.raises(Refused):
        hand_over(officer, leaver, {key: b.person(VILLAGE)}, today())


# --- the page ---


def url(who: Person, query: str = "") -> str:
    return f"/people/{who.pk}/handover/{query}"


def test_ending_a_post_leads_to_handing_over_when_more_is_open_there(client, officer, leaver):
    client.force_login(officer)
    post = Appointment.objects.get(person=leaver, role=Role.GRID_LEADER)
    answer = client.get(f"/appointments/{post.pk}/end/")
    assert answer.headers["Location"] == url(leaver, f"?from={post.pk}")
    alone = b.appoint(b.person(VILLAGE), Role.GRID_MEMBER, HOBBY_GRID)
    assert client.get(f"/appointments/{alone.pk}/end/").status_code == 200


def test_the_post_that_was_to_end_must_be_decided(client, officer, leaver):
    client.force_login(officer)
    post = Appointment.objects.get(person=leaver, role=Role.GRID_LEADER)
    answer = client.post(url(leaver, f"?from={post.pk}"), {"on": today()})
    assert list(answer.context["form"].errors) == [f"{THING}grids.leader:{post.pk}"]


def test_it_is_shown_first_and_done_when_confirmed(client, officer, leaver):
    client.force_login(officer)
    heir = b.person(VILLAGE, "赵接任")
    data = {"on": today(), "all_to": heir.pk}
    shown = client.post(url(leaver), data)
    assert {o.successor for o in shown.context["outcomes"]} == {heir}
    assert not Appointment.objects.filter(person=heir).exists()
    assert client.post(url(leaver), {**data, "confirm": "1"}).status_code == 302
    assert Appointment.objects.on(today()).filter(person=heir).count() == 2


def test_a_refusal_stands_at_the_thing_itself(client, officer, leaver):
    client.force_login(officer)
    key = keys(officer, leaver)["grids.leader"]
    heir = b.person(VILLAGE)
    Appointment.objects.filter(person=leaver, role=Role.GRID_LEADER).update(ended_on=LATER)
    b.appoint(b.person(VILLAGE), Role.GRID_LEADER, GRID, started_on=LATER)
    answer = client.post(url(leaver), {"on": today(), THING + key: heir.pk})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [THING + key]


def test_successors_are_found_by_initials_and_never_out_of_sight(client, officer, leaver):
    client.force_login(officer)
    near = b.person(TOWNSHIP, "周明")
    b.person(b.OTHER_COUNTY, "周明")
    assert client.get(url(leaver, "?q=zm")).context["found"] == [near]


def test_a_leaders_post_ends_without_successor_only_in_so_many_words(client, officer):
    client.force_login(officer)
    post = b.appoint(b.person(VILLAGE), Role.GRID_LEADER, GRID)
    end = f"/appointments/{post.pk}/end/"
    assert "vacant" in client.post(end, {"on": today()}).context["form"].errors
    assert client.post(end, {"on": today(), "vacant": "on"}).status_code == 302


# --- the property ---


def world(draw) -> Person:
    """Somebody with some posts, offices and stations, some of them ahead or ending."""
    who = b.person(VILLAGE)
    days = st.sampled_from([b.BEGINNING, today(), today() + timedelta(days=20)])
    ends = st.sampled_from([None, None, today() + timedelta(days=40)])
    for n in range(2, 5):
        if draw(st.booleans()):
            grid, group = f"{VILLAGE}00{n}", f"{VILLAGE}00{n}01"
            b.grid(grid)
            b.hobby_grid(group)
            dates = {"started_on": draw(days), "ended_on": draw(ends)}
            b.appoint(who, Role.GRID_LEADER, grid, **dates)
            if draw(st.booleans()):
                b.appoint(who, Role.GRID_MEMBER, group)
    for n in range(draw(st.integers(0, 2))):
        b.officer(b.organisation(VILLAGE, "club", name=f"俱乐部{n}"), who, started_on=draw(days))
    if draw(st.booleans()):
        StationPost.objects.create(
            area_code=VILLAGE, station=b.station(), person=who, station_role="responsible"
        )
    return who


def clear() -> None:
    for model in (Officer, Organisation, StationPost):
        model.objects.all().delete()
    Appointment.objects.within(VILLAGE).delete()
    HobbyGrid.objects.within(VILLAGE).exclude(area_code=HOBBY_GRID).delete()
    Grid.objects.within(VILLAGE).exclude(area_code=GRID).delete()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_planned_nothing_is_without_a_holder_unless_said(officer, data):
    clear()
    who = world(data.draw)
    heirs = [b.person(VILLAGE), b.person(VILLAGE), b.person(VILLAGE, died_on=today())]
    items = items_of(officer, who, leaving=True)
    choice = st.sampled_from([*heirs, None, "unsaid"])
    chosen = {item.key: data.draw(choice) for item in items}
    plan = {key: heir for key, heir in chosen.items() if heir != "unsaid"}
    leaving = data.draw(st.booleans())
    before = {item.key: item for item in items}
    try:
        if leaving:
            record_leaving(officer, who, Leaving.DIED, today(), plan)
        else:
            hand_over(officer, who, plan, today())
    except (ValidationError, OutOfReach):
        assert {item.key for item in items_of(officer, who, leaving=True)} == set(before)
        assert not Person.objects.get(pk=who.pk).died_on
        return
    left = {item.key for item in items_of(officer, who, leaving=True)}
    for key, item in before.items():
        heir = chosen[key]
        held = key in left and not leaving
        held = held or (isinstance(heir, Person) and _holds(heir, item))
        assert held or heir is None or not item.must_move, f"{item.description} has no holder"
    assert not (leaving and left)


def _holds(heir: Person, item) -> bool:
    holding = next(h for h in holdings() if h.key == item.holding.key)
    return any(row.area_code == item.row.area_code for row in holding.rows(heir))
