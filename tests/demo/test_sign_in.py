"""Signing in with one tap: in demo mode, as a demo account, and never otherwise."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from demo.accounts import demo_password
from tests import builders

pytestmark = pytest.mark.django_db
PATH = "/demo/sign-in/leader/"


@pytest.fixture
def leader(settings: Any, tmp_path: Path) -> User:
    settings.DEMO_MODE = True
    settings.VAR_DIR = tmp_path
    builders.small_city()
    user = builders.user("grid_leader", builders.GRID)
    user.username, user.is_demo = "leader", True
    user.save()
    return user


def _signed_in_as(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_one_tap_signs_in_and_leads_home(leader: User, client: Client) -> None:
    response = client.post(PATH)
    assert response.status_code == 302
    assert response["Location"] == reverse("home")
    assert _signed_in_as(client) == str(leader.pk)
    assert AuditEntry.objects.filter(verb="sign in", actor=leader).count() == 1


def test_the_sign_in_page_has_a_button_for_each_demo_account(leader: User, client: Client) -> None:
    page = client.get(reverse("sign-in")).content.decode()
    assert f'action="{PATH}"' in page
    assert leader.person.name in page


def test_outside_demo_mode_there_are_no_buttons_and_nothing_to_post_to(
    leader: User, client: Client, settings: Any
) -> None:
    settings.DEMO_MODE = False
    assert "/demo/" not in client.get(reverse("sign-in")).content.decode()
    assert client.post(PATH).status_code == 404
    assert client.get(PATH).status_code == 404
    assert _signed_in_as(client) is None


def test_other_accounts_cannot_be_had_by_a_tap(leader: User, client: Client) -> None:
    other = builders.user("bureau_staff", builders.CITY)
    assert client.post(f"/demo/sign-in/{other.username}/").status_code == 404
    assert client.post("/demo/sign-in/nobody/").status_code == 404
    assert _signed_in_as(client) is None


def test_a_closed_demo_account_stays_closed(leader: User, client: Client) -> None:
    User.objects.filter(pk=leader.pk).update(is_active=False)
    assert client.post(PATH).status_code == 404


def test_a_link_cannot_sign_anyone_in(leader: User, client: Client) -> None:
    """By POST with the page's own token only."""
    assert client.get(PATH).status_code == 405
    assert Client(enforce_csrf_checks=True).post(PATH).status_code == 403


def test_the_command_prints_the_accounts_and_their_password(leader: User) -> None:
    out = StringIO()
    call_command("demo_accounts", stdout=out)
    assert "leader" in out.getvalue()
    assert leader.person.name in out.getvalue()
    assert demo_password() in out.getvalue()


def test_the_password_is_the_installations_own_and_for_its_owner_only(
    leader: User, settings: Any
) -> None:
    path = Path(settings.VAR_DIR) / "demo-password"
    assert demo_password() == demo_password() == path.read_text()
    assert path.stat().st_mode & 0o077 == 0


def test_without_demo_accounts_the_command_says_how_to_make_them() -> None:
    out = StringIO()
    call_command("demo_accounts", stdout=out)
    assert "seed_demo" in out.getvalue()
