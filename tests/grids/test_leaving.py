"""Somebody dies or moves away: what they hold passes on or ends; the same day it can be undone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry, Person, User
from grids.actions import appoint
from grids.actions.leaving import (
    Leaving,
    may_undo_leaving,
    record_leaving,
    take_back_leaving,
    undo_leaving,
)
from grids.handover import Refused, items_of
from grids.models import Appointment, Officer, Role
from instructors.models import Instructor, InstructorPlace
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import OutOfReach
from stations.models import StationPost
from tests import builders as b
from tests.builders import CITY, COUNTY, GRID, HOBBY_GRID, TOWNSHIP, VILLAGE

pytestmark = pytest.mark.django_db
YESTERDAY = today() - timedelta(days=1)


@pytest.fixture(autouse=True)
def city():
    b.small_city()


@pytest.fixture
def official():
    return b.user(Role.COUNTY_OFFICIAL, COUNTY)


@pytest.fixture
def leaver():
    who = b.person(VILLAGE, "李全能")
    User.objects.create_user("lqn", "a-Good-pass-9", person=who)
    b.appoint(who, Role.GRID_LEADER, GRID)
    b.appoint(who, Role.GRID_MEMBER, HOBBY_GRID)
    b.officer(b.organisation(VILLAGE), who)
    b.instructor(VILLAGE, who)
    StationPost.objects.create(
        area_code=VILLAGE,
        station=b.station(),
        person=who,
        station_role="responsible",
        started_on=b.BEGINNING,
    )
    return who


def plan_of(actor: User, who: Person, heir: Person | None) -> dict[str, Person | None]:
    """What must have a holder goes to the heir; the rest is not said.

    Without an heir the grid is left vacant; a station, which never may be, gets somebody.
    """
    items = [item for item in items_of(actor, who, leaving=True) if item.must_move]
    return {
        item.key: heir if heir or item.key.startswith("grids.") else b.person(VILLAGE)
        for item in items
    }


def state(who: Person) -> list[Any]:
    """Everything that hangs on a person, as it is stored."""
    models = (Appointment, Officer, StationPost, Instructor)
    rows = [list(m.objects.filter(person=who).order_by("pk").values()) for m in models]
    places = InstructorPlace.objects.filter(instructor__person=who).values()
    account = User.objects.filter(person=who).values("is_active")
    return [*rows, list(places), list(account), Person.objects.filter(pk=who.pk).values().get()]


@pytest.mark.parametrize("how", Leaving.values)
def test_posts_pass_on_or_end_and_the_account_is_closed(official, leaver, how):
    heir = b.person(VILLAGE)
    record_leaving(official, leaver, how, YESTERDAY, plan_of(official, leaver, heir))
    leaver.refresh_from_db()
    assert getattr(leaver, how) == YESTERDAY
    assert not User.objects.get(person=leaver).is_active
    assert items_of(official, leaver, leaving=True) == []
    assert Appointment.objects.on(today()).get(role=Role.GRID_LEADER).person == heir
    assert StationPost.objects.on(today()).get().person == heir
    assert not Appointment.objects.on(today()).filter(role=Role.GRID_MEMBER).exists()
    assert not InstructorPlace.objects.on(today()).exists()


def test_what_must_have_a_holder_is_not_left_unsaid(official, leaver):
    with pytest.raises(Refused) as refused:
        record_leaving(official, leaver, Leaving.DIED, today(), {})
    kinds = {key.rpartition(":")[0] for key in refused.value.by_item}
    assert "grids.leader" in kinds
    leaver.refresh_from_db()
    assert leaver.died_on is None
    vacant = plan_of(official, leaver, None)
    record_leaving(official, leaver, Leaving.DIED, today(), vacant)
    assert not Appointment.objects.on(today()).within(GRID).exists()


def test_undoing_the_same_day_restores_everything(official, leaver):
    before = state(leaver)
    heir = b.person(VILLAGE)
    record_leaving(official, leaver, Leaving.DIED, YESTERDAY, plan_of(official, leaver, heir))
    assert state(leaver) != before
    assert may_undo_leaving(official, leaver)
    undo_leaving(official, leaver)
    assert state(leaver) == before
    assert not Appointment.objects.filter(person=heir).exists()
    assert not may_undo_leaving(official, leaver)


def test_only_who_recorded_it_undoes_it_and_only_that_day(official, leaver):
    record_leaving(official, leaver, Leaving.DIED, today(), plan_of(official, leaver, None))
    other = b.user(Role.COUNTY_OFFICIAL, COUNTY)
    with pytest.raises(OutOfReach):
        undo_leaving(other, leaver)
    entries = AuditEntry.objects.filter(verb="record death")
    super(type(entries), entries).update(at=entries.get().at - timedelta(days=2))
    with pytest.raises(ValidationError):
        undo_leaving(official, leaver)


def test_what_somebody_changed_since_stops_the_undoing(official, leaver):
    heir = b.person(VILLAGE)
    record_leaving(official, leaver, Leaving.DIED, today(), plan_of(official, leaver, heir))
    post = Appointment.objects.get(person=heir, role=Role.GRID_LEADER)
    Appointment.objects.filter(pk=post.pk).update(background="official", ended_on=today())
    with pytest.raises(ValidationError):
        undo_leaving(official, leaver)
    leaver.refresh_from_db()
    assert leaver.died_on == today()


def test_a_rehearsal_writes_nothing(official, leaver):
    before = state(leaver)
    plan = plan_of(official, leaver, None)
    record_leaving(official, leaver, Leaving.DIED, today(), plan, rehearse=True)
    assert state(leaver) == before
    assert not AuditEntry.objects.filter(verb="record death").exists()


def test_days_to_come_and_posts_that_end_before_are_refused(official, leaver):
    plan = plan_of(official, leaver, None)
    for left_on, hands_on in ((today() + timedelta(days=1), None), (today(), YESTERDAY)):
        with pytest.raises(ValidationError):
            record_leaving(official, leaver, Leaving.DIED, left_on, plan, hands_on=hands_on)


def test_it_is_recorded_once_and_never_for_oneself(official, leaver):
    record_leaving(official, leaver, Leaving.DIED, today(), plan_of(official, leaver, None))
    with pytest.raises(ValidationError):
        record_leaving(official, leaver, Leaving.DIED, today(), {})
    with pytest.raises(OutOfReach):
        record_leaving(official, official.person, Leaving.MOVED_AWAY, today(), {})


def test_it_is_not_recorded_of_someone_higher_or_out_of_sight(leaver):
    township = b.user(Role.TOWNSHIP_OFFICER, TOWNSHIP)
    b.appoint(leaver, Role.COUNTY_OFFICIAL, COUNTY)
    for who in (leaver, b.person(b.OTHER_COUNTY)):
        with pytest.raises(OutOfReach):
            record_leaving(township, who, Leaving.DIED, today(), {})


def test_what_must_have_a_holder_out_of_sight_stops_it_without_telling_what(leaver):
    township = b.user(Role.TOWNSHIP_OFFICER, TOWNSHIP)
    b.division("410883001", "大定街道")
    b.division("410883001201", "外县村")
    far = b.station("410883001201", "外县站")
    StationPost.objects.create(
        area_code="410883001201", station=far, person=leaver, station_role="responsible"
    )
    plan = plan_of(township, leaver, None)
    assert not any(far.name in item.description for item in items_of(township, leaver))
    with pytest.raises(Refused) as refused:
        record_leaving(township, leaver, Leaving.DIED, today(), plan)
    assert list(refused.value.by_item) == [""]
    assert "外县" not in str(refused.value)


def test_who_left_is_appointed_to_nothing_until_they_are_back(official):
    who = b.person(VILLAGE)
    record_leaving(official, who, Leaving.MOVED_AWAY, today(), {})
    with pytest.raises(ValidationError):
        appoint(official, who, Role.GRID_LEADER, GRID)
    take_back_leaving(official, who)
    assert appoint(official, who, Role.GRID_LEADER, GRID).person == who


def test_the_people_living_here_are_fewer_by_one(official, leaver):
    assert leaver in Person.objects.living_here(today())
    record_leaving(official, leaver, Leaving.MOVED_AWAY, today(), plan_of(official, leaver, None))
    assert leaver not in Person.objects.living_here(today())
    assert leaver in Person.objects.living(today())
    assert leaver in Person.objects.living_here(YESTERDAY)


def test_the_page_shows_it_first_and_undoes_it_again(client, official, leaver):
    client.force_login(official)
    here = f"/people/{leaver.pk}/"
    heir = b.person(VILLAGE)
    data = {"how": "died_on", "left_on": today(), "on": today(), "all_to": heir.pk}
    assert client.get(here + "leaving/").status_code == 200
    shown = client.post(here + "leaving/", data)
    assert len(shown.context["outcomes"]) == 5
    leaver.refresh_from_db()
    assert leaver.died_on is None
    assert client.post(here + "leaving/", {**data, "confirm": "1"}).status_code == 302
    assert client.get(here).context["may_undo_leaving"]
    assert client.post(here + "leaving/undo/").status_code == 302
    leaver.refresh_from_db()
    assert leaver.died_on is None
    assert User.objects.get(person=leaver).is_active


def test_an_auditor_only_looks(client, leaver):
    client.force_login(b.user(Role.AUDITOR, CITY))
    for page in ("handover", "leaving"):
        assert client.get(f"/people/{leaver.pk}/{page}/").status_code == 403
