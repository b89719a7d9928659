"""The administration shows and takes what the user's appointments reach, and nothing else (P3)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Door, Person, User
from grids.models import Appointment, Grid, Sport
from instructors.models import Instructor
from jiaozuo_grid.lasting import today
from stations.models import Station
from tests import builders as b

pytestmark = pytest.mark.django_db
FOREIGN_VILLAGE = "410883001201"
OURS = ("accounts", "grids", "instructors", "stations", "activities", "coverage", "jiaozuo_grid")


def url(model: str, page: str = "changelist", *args: Any) -> str:
    return reverse(f"admin:{model.replace('.', '_')}_{page}", args=args)


@pytest.fixture
def official(signed_in: Any) -> Client:
    b.small_city()
    b.division("410883001", "大定街道")
    b.division(FOREIGN_VILLAGE, "外县村")
    return signed_in(b.user("county_official", b.COUNTY))


@pytest.fixture
def bureau(signed_in: Any) -> Client:
    b.small_city()
    return signed_in(b.user("bureau_staff", b.CITY))


def rows(response: Any) -> list[Any]:
    return list(response.context["cl"].result_list)


def errors(response: Any) -> dict[str, Any]:
    return response.context["adminform"].form.errors


def test_every_model_of_ours_is_administered() -> None:
    ours = [m for m in apps.get_models() if m._meta.app_label in OURS]
    assert [m for m in ours if not admin.site.is_registered(m)] == []


@pytest.mark.parametrize("role", ["grid_member", "grid_leader", "township_officer", None])
def test_the_administration_opens_for_those_who_may_use_it(role: Any, signed_in: Any) -> None:
    areas = {"grid_member": b.HOBBY_GRID, "grid_leader": b.GRID}
    user = b.user(role, areas.get(role, b.TOWNSHIP))
    assert signed_in(user).get("/admin/", follow=True).status_code == 403


def test_signing_in_to_the_administration_is_the_sites_own() -> None:
    answer = Client().get("/admin/grids/grid/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/sign-in/?next=/admin/grids/grid/")


def test_every_list_and_form_opens_for_staff_and_auditors(signed_in: Any) -> None:
    b.small_city()
    for role in ("bureau_staff", "auditor"):
        client = signed_in(b.user(role, b.CITY))
        for model, shown in admin.site._registry.items():
            request: Any = client.get("/admin/").wsgi_request
            expected = 200 if shown.has_view_permission(request) else 403
            label = model._meta.label_lower
            assert client.get(url(label)).status_code == expected, label
            assert client.get(url(label) + "?q=4108").status_code == expected, label
            if shown.has_add_permission(request):
                assert client.get(url(label, "add")).status_code == 200, label
            row = shown.get_queryset(request).first()
            if row is not None and expected == 200:
                assert client.get(url(label, "change", row.pk)).status_code == 200, label
                assert client.get(url(label, "history", row.pk)).status_code == 200, label


def test_a_list_shows_the_rows_of_the_area_only(official: Client) -> None:
    near = Station.objects.create(name="东关站", area_code=b.VILLAGE)
    Station.objects.create(name="外县站", area_code=FOREIGN_VILLAGE)
    assert rows(official.get(url("stations.station"))) == [near]
    assert rows(official.get(url("stations.station") + "?q=站")) == [near]


def test_a_foreign_row_is_not_there(official: Client) -> None:
    """P4: as if it did not exist."""
    far = Station.objects.create(name="外县站", area_code=FOREIGN_VILLAGE)
    for page in ("change", "history"):
        assert official.get(url("stations.station", page, far.pk)).status_code == 404
        assert official.get(url("stations.station", page, far.pk + 1000)).status_code == 404
    assert official.post(url("stations.station", "change", far.pk), {}).status_code == 404


def station_form(**changes: Any) -> dict[str, Any]:
    return {
        "name": "新站",
        "kind": "station",
        "area_code": b.VILLAGE,
        "started_on": "2026-01-01",
    } | changes


def test_a_row_is_added_through_the_one_door(official: Client) -> None:
    assert official.post(url("stations.station", "add"), station_form()).status_code == 302
    station = Station.objects.get()
    trail = AuditEntry.objects.get(model="stations.station")
    assert (trail.verb, trail.object_id, trail.door) == ("add", str(station.pk), Door.ADMIN)
    assert not LogEntry.objects.exists()


def test_a_row_cannot_be_added_or_moved_outside_the_area(official: Client) -> None:
    """P3."""
    outside = station_form(area_code=FOREIGN_VILLAGE)
    assert errors(official.post(url("stations.station", "add"), outside))
    assert not Station.objects.exists()
    station = Station.objects.create(name="东关站", area_code=b.VILLAGE, started_on=b.BEGINNING)
    assert errors(official.post(url("stations.station", "change", station.pk), outside))
    station.refresh_from_db()
    assert (station.area_code, station.name) == (b.VILLAGE, "东关站")
    assert not AuditEntry.objects.filter(model="stations.station").exists()


def test_an_answer_does_not_tell_whether_a_foreign_place_exists(official: Client) -> None:
    """P4."""
    there, nowhere = (
        errors(official.post(url("stations.station", "add"), station_form(area_code=code)))
        for code in (FOREIGN_VILLAGE, "410883999999")
    )
    assert there == nowhere


def autocomplete(client: Client, term: str) -> list[str]:
    query = {"app_label": "grids", "model_name": "appointment", "field_name": "person"}
    answer = client.get("/admin/autocomplete/", {**query, "term": term})
    return [found["id"] for found in answer.json()["results"]]


def test_a_foreign_person_is_not_found_by_autocompletion(official: Client) -> None:
    near, far = b.person(b.VILLAGE, "王小明"), b.person(FOREIGN_VILLAGE, "王小红")
    assert autocomplete(official, "王") == [str(near.pk)]
    assert autocomplete(official, far.name) == []
    assert autocomplete(official, "\0") is not None


def test_a_foreign_person_is_not_accepted(official: Client) -> None:
    far = b.person(FOREIGN_VILLAGE)
    form = {
        "person": far.pk,
        "instructor_level": 3,
        "area_code": b.VILLAGE,
        "started_on": "2026-01-01",
    }
    answer = official.post(url("instructors.instructor", "add"), form)
    unknown = official.post(url("instructors.instructor", "add"), {**form, "person": far.pk + 999})
    assert list(errors(answer)) == ["person"]
    assert errors(answer) == errors(unknown)
    assert not Instructor.objects.exists()


def appointment_form(**changes: Any) -> dict[str, Any]:
    return {
        "role": "grid_leader",
        "area_code": b.GRID,
        "background": "",
        "started_on": "2026-01-01",
    } | changes


def test_a_post_is_filled_and_ended_by_the_actions(official: Client) -> None:
    person = b.person(b.VILLAGE)
    answer = official.post(url("grids.appointment", "add"), appointment_form(person=person.pk))
    assert answer.status_code == 302
    post = Appointment.objects.get(person=person)
    assert post.appointed_by is not None
    end = {"ended_on": today().isoformat(), "reason": "调离"}
    assert official.post(url("grids.appointment", "change", post.pk), end).status_code == 302
    post.refresh_from_db()
    assert post.ended_on == today()
    entry = AuditEntry.objects.get(model="grids.appointment", verb="end")
    assert entry.reason == "调离"


def test_nobody_promotes_themselves_in_the_administration(official: Client) -> None:
    """P8."""
    me = User.objects.get(pk=official.session["_auth_user_id"]).person
    for role, area in (("bureau_staff", b.CITY), ("grid_leader", b.GRID)):
        form = appointment_form(person=me.pk, role=role, area_code=area)
        assert errors(official.post(url("grids.appointment", "add"), form))
    assert Appointment.objects.filter(person=me).count() == 1


def test_a_post_that_one_does_not_fill_is_for_reading(official: Client) -> None:
    """P8: a colleague of the same rank is not dismissed."""
    post = b.appoint(b.person(b.VILLAGE), "county_official", b.COUNTY)
    address = url("grids.appointment", "change", post.pk)
    assert official.get(address).status_code == 200
    assert official.post(address, {"ended_on": today().isoformat()}).status_code == 403


def test_a_vacant_foreign_post_and_a_filled_one_are_refused_alike(official: Client) -> None:
    """P4."""
    far = FOREIGN_VILLAGE + "001"
    b.grid(far)
    person = b.person(b.VILLAGE)
    form = appointment_form(person=person.pk, area_code=far)
    vacant = errors(official.post(url("grids.appointment", "add"), form))
    b.appoint(b.person(far), "grid_leader", far)
    assert vacant == errors(official.post(url("grids.appointment", "add"), form))


def test_a_grid_is_established_under_its_village(official: Client) -> None:
    form = {"area_code": b.VILLAGE, "name": "", "started_on": "2026-01-01"}
    assert official.post(url("grids.grid", "add"), form).status_code == 302
    assert Grid.objects.filter(area_code=b.VILLAGE + "002").exists()
    assert errors(official.post(url("grids.grid", "add"), form | {"area_code": FOREIGN_VILLAGE}))


def test_an_account_is_opened_and_closed(bureau: Client) -> None:
    person = b.person(b.VILLAGE)
    b.appoint(person, "grid_leader", b.GRID)
    form = {"person": person.pk, "username": "wangxm"}
    answer = bureau.post(url("accounts.user", "add"), form, follow=True)
    assert len(answer.context["messages"]) == 2  # the password, shown once, and "added"
    user = User.objects.get(username="wangxm")
    assert bureau.post(url("accounts.user", "change", user.pk), {}).status_code == 302
    user.refresh_from_db()
    assert not user.is_active


def test_a_sport_is_added_and_recorded(bureau: Client) -> None:
    form = {"code": "taiji", "name_zh": "太极拳", "name_en": "tai chi"}
    assert bureau.post(url("grids.sport", "add"), form).status_code == 302
    assert bureau.post(url("grids.sport", "add"), form).status_code == 200  # it is there already
    assert Sport.objects.filter(code="taiji").count() == 1
    assert AuditEntry.objects.get(model="grids.sport").area_code == b.CITY


def test_a_phone_number_is_not_read_here(bureau: Client) -> None:
    """Who reads a number in full is recorded; here nobody does, by no filter either."""
    person = b.person(b.VILLAGE, phone="13812345678")
    for page in (url("accounts.person"), url("accounts.person", "change", person.pk)):
        assert b"13812345678" not in bureau.get(page).content
    assert bureau.get(url("accounts.person") + "?phone__startswith=138").status_code == 400
    edit = {"name": "新名", "area_code": b.VILLAGE, "phone": ""}
    assert bureau.post(url("accounts.person", "change", person.pk), edit).status_code == 302
    assert Person.objects.get(pk=person.pk).phone == "13812345678"


@pytest.mark.parametrize(
    "query", ["password__startswith=a", "person__phone__startswith=1", "person__user__password=a"]
)
def test_hidden_fields_cannot_be_asked_letter_by_letter(query: str, bureau: Client) -> None:
    assert bureau.get(url("accounts.user") + f"?{query}").status_code == 400


def test_nothing_is_deleted(bureau: Client) -> None:
    station = Station.objects.create(name="东关站", area_code=b.VILLAGE)
    for address in (f"/admin/stations/station/{station.pk}/delete/",):
        bureau.post(address, {"post": "yes"})
    bureau.post(
        url("stations.station"),
        {"action": "delete_selected", "_selected_action": [station.pk], "post": "yes"},
    )
    assert Station.objects.exists()


def test_an_auditor_changes_nothing(signed_in: Any) -> None:
    """P8."""
    b.small_city()
    station = Station.objects.create(
        name="东关站", area_code=b.VILLAGE, started_on=date(2026, 1, 1)
    )
    client = signed_in(b.user("auditor", b.CITY))
    for model, shown in admin.site._registry.items():
        if "add" in str(shown.get_urls()):
            assert client.post(url(model._meta.label_lower, "add"), {}).status_code == 403
    answer = client.post(url("stations.station", "change", station.pk), station_form())
    assert answer.status_code == 403


def test_the_trail_cannot_be_edited_in_the_administration(signed_in: Any) -> None:
    entry = AuditEntry.objects.create(area_code=b.CITY, verb="edit", door=Door.PAGE)
    for role in ("auditor", "bureau_staff"):
        client = signed_in(b.user(role, b.CITY))
        assert client.post(url("accounts.auditentry", "change", entry.pk), {}).status_code == 403


def test_the_history_of_a_row_is_our_trail(official: Client) -> None:
    official.post(url("stations.station", "add"), station_form())
    station = Station.objects.get()
    official.post(url("stations.station", "change", station.pk), station_form(name="改名站"))
    page = official.get(url("stations.station", "history", station.pk))
    assert [line.entry.verb for line in page.context["lines"]] == ["edit", "add"]
    assert "<ins>改名站</ins>" in page.content.decode()


def test_a_jump_by_content_type_does_not_exist(bureau: Client) -> None:
    assert bureau.get("/admin/r/1/1/").status_code == 404
