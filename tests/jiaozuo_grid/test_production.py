"""What production refuses to start with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.checks import ERROR
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from jiaozuo_grid.checks import demo_mode_is_off, no_demo_accounts
from tests.builders import user

GOOD = {
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "SECRET_KEY": "k9x" * 20 + "-Qz!",
    "ALLOWED_HOSTS": "grid.example.org",
}


def start(tmp_path: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of its own and print whether they are for production."""
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, "-c", "from jiaozuo_grid import settings; print(settings.PRODUCTION)"],
        cwd=settings.BASE_DIR,
        env={**kept, "VAR_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_database_url_and_secrets_are_production(tmp_path: Path) -> None:
    assert start(tmp_path, GOOD).stdout.strip() == "True"


def test_nothing_set_is_an_evaluation(tmp_path: Path) -> None:
    assert start(tmp_path, {}).stdout.strip() == "False"


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"PRODUCTION": "1", "DEMO_MODE": "1"}, "DEMO_MODE"),
        ({"PRODUCTION": "1", "DATABASE_URL": ""}, "DATABASE_URL"),
    ],
)
def test_production_refuses(tmp_path: Path, fault: dict[str, str], named: str) -> None:
    process = start(tmp_path, {**GOOD, **fault})
    assert process.returncode != 0
    assert f"{named} must" in process.stderr


def test_demo_mode_fails_the_deployment_check(settings: Any) -> None:
    settings.DEMO_MODE = True
    assert [message.level for message in demo_mode_is_off()] == [ERROR]


@pytest.mark.django_db
def test_demo_accounts_fail_the_database_check_until_they_may_not_sign_in() -> None:
    assert no_demo_accounts(databases=["default"]) == []
    someone = user()
    someone.is_demo = True
    someone.save()
    assert [message.id for message in no_demo_accounts(databases=["default"])] == [
        "jiaozuo_grid.E002"
    ]
    with pytest.raises(SystemCheckError):
        call_command("check", databases=["default"])
    someone.is_active = False
    someone.save()
    assert no_demo_accounts(databases=["default"]) == []
