"""The audit trail: only added to, read by those who may, in words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import AuditEntry, Door
from accounts.querysets import AppendOnly
from grids.actions import appoint, edit_grid, enter_person
from grids.models import Grid
from jiaozuo_grid.reach import SYSTEM
from tests import builders as b
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db


def shown(response: Any) -> list[int]:
    return [line.entry.pk for line in response.context["lines"]]


def entry(area_code: str = b.GRID, verb: str = "edit", **fields: Any) -> AuditEntry:
    return AuditEntry.objects.create(area_code=area_code, verb=verb, door=Door.PAGE, **fields)


def test_an_entry_is_never_changed_or_removed() -> None:
    written = entry()
    written.verb = "nothing"
    for attempt in (
        written.save,
        written.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(verb="nothing"),
        lambda: AuditEntry.objects.bulk_update([written], ["verb"]),
    ):
        with pytest.raises(AppendOnly), transaction.atomic():
            attempt()
    assert AuditEntry.objects.get().verb == "edit"


@pytest.mark.parametrize("role", ["grid_member", "grid_leader", "township_officer", "bureau_staff"])
def test_only_auditors_open_the_trail(role: str, signed_in: Any) -> None:
    areas = {"grid_member": b.HOBBY_GRID, "grid_leader": b.GRID, "bureau_staff": b.CITY}
    assert signed_in(b.user(role, areas.get(role, b.TOWNSHIP))).get("/audit/").status_code == 403


def test_an_auditor_sees_the_entries_of_their_area_only(signed_in: Any) -> None:
    mine, foreign = entry(b.GRID), entry("410883001201001")
    unknown = entry("", "sign-in failed")
    county = signed_in(b.user("auditor", b.COUNTY)).get("/audit/")
    city = signed_in(b.user("auditor", b.CITY)).get("/audit/")
    assert {mine.pk} <= set(shown(county))
    assert not {foreign.pk, unknown.pk} & set(shown(county))
    assert {mine.pk, foreign.pk, unknown.pk} <= set(shown(city))


def test_a_change_shows_its_values_before_and_after_in_words(signed_in: Any) -> None:
    b.small_city()
    edit_grid(SYSTEM, Grid.objects.get(area_code=b.GRID), households=412)
    page = signed_in(b.user("auditor", b.COUNTY)).get("/audit/")
    [line] = [line for line in page.context["lines"] if line.entry.model == "grids.grid"]
    [change] = line.changes
    assert (change.before, change.after) == (None, "412")
    assert change.name == str(Grid._meta.get_field("households").verbose_name)


def test_a_reference_is_named_and_a_phone_number_masked(signed_in: Any) -> None:
    b.small_city()
    person = enter_person(SYSTEM, name="王小明", area_code=b.GRID, phone="13812345678")
    appoint(SYSTEM, person, "grid_leader", b.GRID)
    page = signed_in(b.user("auditor", b.COUNTY)).get("/audit/").content.decode()
    assert "<ins>王小明</ins>" in page
    assert "138****5678" in page
    assert "13812345678" not in page


def test_a_person_outside_the_readers_area_is_not_named(signed_in: Any) -> None:
    """Pitfall 20: a reference tells nothing that the reader may not see."""
    far = b.person("410883001201001", "外县人")
    entry(b.GRID, model="grids.appointment", object_id="1", after={"person_id": far.pk})
    page = signed_in(b.user("auditor", b.COUNTY)).get("/audit/").content.decode()
    assert "外县人" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("verb=end", 1),
        ("verb=edit", 0),
        ("model=grids.grid", 1),
        ("model=grids.sport", 0),
        (f"area={b.VILLAGE}", 1),
        (f"area={b.OTHER_VILLAGE}", 0),
        ("door=api", 1),
        ("door=phone", 0),
        ("actor=王", 1),
        ("actor=李", 0),
        ("since=2026-05-02&until=2026-05-02", 1),
        ("until=2026-05-01", 0),
        ("since=2026-05-03", 0),
        ("area=12345", 0),
        ("since=not-a-day", 0),
        ("since=0001-01-01", 0),
        ("verb=%00", 0),
    ],
)
def test_the_trail_narrows(query: str, found: int, signed_in: Any) -> None:
    client = signed_in(b.user("auditor", b.COUNTY))
    before = AuditEntry.objects.count()
    assert before == 1  # the auditor's own signing in
    actor = b.user()
    actor.person.name = "王小明"
    actor.person.save()
    at = timezone.make_aware(datetime(2026, 5, 2, 23, 59, 30))
    one = AuditEntry.objects.create(
        area_code=b.GRID, verb="end", door=Door.API, model="grids.grid", actor=actor, at=at
    )
    response = client.get(f"/audit/?{query}")
    assert response.status_code == 200
    assert shown(response).count(one.pk) == found


def test_turning_pages_shows_every_entry_once(signed_in: Any) -> None:
    at = timezone.now() - timedelta(days=1)
    # Many entries of one bulk write share their moment.
    entries = [entry(at=at + timedelta(seconds=n // 40)) for n in range(130)]
    client = signed_in(b.user("auditor", b.COUNTY))
    seen: list[int] = []
    address = "?verb=edit"
    while address:
        page = client.get(f"/audit/{address}")
        seen += shown(page)
        address = page.context["older"]
    assert seen == sorted((e.pk for e in entries), reverse=True)


@pytest.mark.parametrize(
    "after",
    [
        "nonsense",
        "2026-01-01_1",
        "9999-12-31T23:59:59+00:00_1",
        "_",
        "%00",
        "2026-05-01T00:00:00+00:00_99999999999999999999",
    ],
)
def test_a_damaged_address_shows_the_newest_page(after: str, signed_in: Any) -> None:
    assert signed_in(b.user("auditor", b.COUNTY)).get(f"/audit/?after={after}").status_code == 200


def test_the_trail_costs_the_same_whatever_it_holds(signed_in: Any) -> None:
    """L2."""
    b.small_city()
    client = signed_in(b.user("auditor", b.COUNTY))
    for size in (2, 60):
        for n in range(size):
            who = b.person(b.GRID)
            record(
                b.user(),
                "appoint",
                area_code=b.GRID,
                row=b.appoint(who, "grid_member", b.GRID[:13] + f"{n:04d}"),
                after={"person_id": who.pk, "appointed_by_id": b.user().pk},
            )
        assert_query_count(client, "/audit/", "accounts/audit")
