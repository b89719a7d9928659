"""Signing in and out: who gets in, where they land, and what an attacker learns."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.db.models import F
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from jiaozuo_grid.lasting import today
from tests import builders as b

pytestmark = pytest.mark.django_db
PASSWORD = "a-Good-pass-9"
SIGN_IN = "/sign-in/"


WRONG = "wrong"


def attempt(client: Client, username: str, password: str = WRONG, **headers: Any) -> Any:
    return client.post(SIGN_IN, {"username": username, "password": password}, **headers)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_right_password_signs_in() -> None:
    user = b.user("county_official", b.COUNTY)
    client = Client()
    assert attempt(client, user.username, PASSWORD).status_code == 302
    assert is_signed_in(client)


def test_a_wrong_password_an_unknown_name_and_a_closed_account_answer_alike() -> None:
    """Pitfall 18: no account oracle."""
    known, closed = b.user(), b.user()
    User.objects.filter(pk=closed.pk).update(is_active=False)

    def answer(username: str, password: str) -> tuple[int, str]:
        response = attempt(Client(), username, password)
        page = response.content.decode().replace(username, "NAME")
        return response.status_code, re.sub(r'csrfmiddlewaretoken" value="\w+"', "", page)

    answers = {
        answer(known.username, "wrong"),
        answer("nobody-here", "wrong"),
        answer(closed.username, PASSWORD),
    }
    assert len(answers) == 1


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "http:evil.example",
        "javascript:alert(1)",
        "\thttps://evil.example/",
        "http://testserver/grids/",
    ],
)
def test_signing_in_never_leads_to_another_site(elsewhere: str) -> None:
    """P6: no open redirect; not even an absolute address of the host that the request names."""
    user = b.user("county_official", b.COUNTY)
    response = Client().post(
        SIGN_IN, {"username": user.username, "password": PASSWORD, "next": elsewhere}
    )
    assert response["Location"] == "/"


def test_signing_in_leads_to_the_page_that_was_asked_for() -> None:
    user = b.user("county_official", b.COUNTY)
    client = Client()
    asked = client.get("/grids/?page=2")
    assert asked["Location"] == "/sign-in/?next=/grids/%3Fpage%3D2"
    response = client.post(asked["Location"], {"username": user.username, "password": PASSWORD})
    assert response["Location"] == "/grids/?page=2"


def test_a_signed_in_user_is_sent_on_and_never_in_a_circle(signed_in: Any) -> None:
    response = signed_in(b.user("county_official", b.COUNTY)).get("/sign-in/?next=/sign-in/")
    assert response.status_code == 302
    assert response["Location"] == "/"


def test_signing_out_needs_a_post(signed_in: Any) -> None:
    client = signed_in(b.user("county_official", b.COUNTY))
    assert client.get("/sign-out/").status_code == 405
    assert is_signed_in(client)
    assert client.post("/sign-out/")["Location"] == SIGN_IN
    assert not is_signed_in(client)


# --- where a user lands ---


@pytest.mark.parametrize(
    ("role", "area", "landing"),
    [
        ("bureau_staff", b.CITY, f"/coverage/{b.CITY}/"),
        ("county_official", b.COUNTY, f"/coverage/{b.COUNTY}/"),
        ("township_officer", b.TOWNSHIP, f"/coverage/{b.TOWNSHIP}/"),
        ("auditor", b.CITY, f"/coverage/{b.CITY}/"),
        ("grid_leader", b.GRID, "/m/"),
        ("grid_member", b.HOBBY_GRID, "/m/"),
    ],
)
def test_home_is_where_the_work_is(role: str, area: str, landing: str, signed_in: Any) -> None:
    b.small_city()
    assert signed_in(b.user(role, area)).get("/")["Location"] == landing


@pytest.mark.parametrize(
    "dates",
    [
        {"started_on": date(2024, 1, 1), "ended_on": date(2024, 2, 1)},
        {"started_on": today() + timedelta(days=3)},
    ],
    ids=["ended", "not begun"],
)
def test_without_a_post_in_force_home_says_whom_to_ask(dates: Any, signed_in: Any) -> None:
    response = signed_in(b.user("grid_leader", b.GRID, **dates)).get("/")
    assert response.status_code == 200
    assert b"data-no-post" in response.content


# --- lockout ---


def test_five_failures_lock_the_name_at_the_address() -> None:
    """P7: locked at 5, the right password too, for a known name as for an unknown one."""
    user = b.user()
    client = Client()
    for name in (user.username, "nobody-here"):
        answers = [attempt(client, name).status_code for _n in range(5)]
        assert answers == [200, 200, 200, 200, 429]
    locked = attempt(client, user.username, PASSWORD)
    assert locked.status_code == 429
    assert b"data-locked" in locked.content
    assert not is_signed_in(client)


def test_spoofed_forwarding_headers_do_not_open_the_lock() -> None:
    """P7, pitfall 21."""
    user = b.user()
    for n in range(5):
        attempt(Client(), user.username, headers={"X-Forwarded-For": f"10.0.0.{n}"})
    answer = attempt(
        Client(),
        user.username,
        PASSWORD,
        headers={
            "X-Forwarded-For": "10.9.9.9",
            "X-Real-Ip": "10.9.9.9",
            "Forwarded": "for=1.1.1.1",
        },
    )
    assert answer.status_code == 429


def test_an_office_behind_one_address_is_not_locked_with_one_of_its_users() -> None:
    """P7: an office of 200 behind one address still works."""
    locked, colleague = b.user(), b.user()
    for _n in range(6):
        attempt(Client(), locked.username)
    client = Client()
    attempt(client, colleague.username, PASSWORD)
    assert is_signed_in(client)


def test_the_locked_user_gets_in_from_another_address() -> None:
    user = b.user()
    for _n in range(6):
        attempt(Client(), user.username)
    client = Client()
    attempt(client, user.username, PASSWORD, REMOTE_ADDR="10.1.1.1")
    assert is_signed_in(client)


def test_the_lock_opens_after_five_minutes_even_if_tried_meanwhile() -> None:
    user = b.user()
    for _n in range(5):
        attempt(Client(), user.username)
    minutes_pass(4)
    assert attempt(Client(), user.username, PASSWORD).status_code == 429
    minutes_pass(1.1)
    client = Client()
    attempt(client, user.username, PASSWORD)
    assert is_signed_in(client)


def minutes_pass(minutes: float) -> None:
    """As if the failed attempts were so much longer ago."""
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=minutes))


# --- sessions ---


def test_a_new_password_signs_out_everywhere_else() -> None:
    """P5, pitfall 19."""
    user = b.user("county_official", b.COUNTY)
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        attempt(client, user.username, PASSWORD)
    answer = here.post(
        reverse("change-password"),
        {
            "old_password": PASSWORD,
            "new_password1": "another-Good-8",
            "new_password2": "another-Good-8",
        },
    )
    assert answer.status_code == 302
    assert here.get("/password/").status_code == 200
    assert elsewhere.get("/password/")["Location"].startswith(SIGN_IN)
    assert AuditEntry.objects.filter(verb="change password", actor=user).exists()


def test_an_ended_appointment_holds_for_the_next_request(signed_in: Any) -> None:
    """P5."""
    b.small_city()
    user = b.user("county_official", b.COUNTY)
    client = signed_in(user)
    address = reverse("area", args=[b.TOWNSHIP])
    assert client.get(address).status_code == 200
    user.person.appointments.update(ended_on=today())
    assert client.get(address).status_code in (403, 404)
    assert client.get("/admin/").status_code == 302


def test_a_closed_account_is_refused_at_the_next_request(signed_in: Any) -> None:
    """P5."""
    user = b.user("county_official", b.COUNTY)
    client = signed_in(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/password/")["Location"].startswith(SIGN_IN)


def test_a_foreign_host_header_is_refused(settings: Any) -> None:
    """P6."""
    settings.ALLOWED_HOSTS = ["grid.example"]
    assert Client().get(SIGN_IN, headers={"host": "evil.example"}).status_code == 400
    assert Client().get(SIGN_IN, headers={"host": "grid.example"}).status_code == 200


def test_a_forwarded_host_header_is_not_listened_to() -> None:
    """P6: no address of ours is built from what a request says."""
    page = Client().get(SIGN_IN, headers={"X-Forwarded-Host": "evil.example"})
    assert b"evil.example" not in page.content


# --- language ---


def test_the_language_chosen_stays() -> None:
    client = Client()
    assert b'lang="zh-hans"' in client.get(SIGN_IN).content
    client.post("/i18n/setlang/", {"language": "en", "next": SIGN_IN})
    assert b'<html lang="en"' in client.get(SIGN_IN).content
    assert client.cookies["django_language"]["max-age"] > 300 * 24 * 3600


def test_choosing_a_language_leads_to_no_other_site() -> None:
    """P6."""
    answer = Client().post("/i18n/setlang/", {"language": "en", "next": "https://evil.example/"})
    assert "evil" not in answer["Location"]


# --- what is written down ---


def test_sign_ins_and_failures_are_recorded_without_passwords() -> None:
    user = b.user("county_official", b.COUNTY)
    client = Client()
    attempt(client, user.username, "secret-guess")
    attempt(client, "secret-typed-as-name", "secret-guess")
    attempt(client, user.username, PASSWORD)
    client.post("/sign-out/")
    entries = AuditEntry.objects.order_by("id")
    assert [entry.verb for entry in entries] == [
        "sign-in failed",
        "sign-in failed",
        "sign in",
        "sign out",
    ]
    assert [entry.area_code for entry in entries] == [b.COUNTY, "", b.COUNTY, b.COUNTY]
    assert "secret" not in str(list(entries.values()))


def test_what_is_tried_while_locked_does_not_fill_the_trail() -> None:
    user = b.user()
    for _n in range(12):
        attempt(Client(), user.username)
    assert AuditEntry.objects.filter(verb="sign-in failed").count() == 5
