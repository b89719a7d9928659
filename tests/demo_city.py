"""The demo city at its smallest, for any test module that wants a whole city to look at.

    from tests.demo_city import demo_city  # noqa: F401

    pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_city")]

It is seeded once a module (in about a second) and cleared away after it. A test that flushes the
database (``transaction=True``) must not stand in the same module.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings


def seed(**options: Any) -> str:
    """Run ``seed_demo``, at the smallest scale unless said otherwise; returns what it printed."""
    out = StringIO()
    call_command("seed_demo", **{"scale": "tiny", "stdout": out, **options})
    return out.getvalue()


@pytest.fixture(scope="module")
def demo_city(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("var")
    with django_db_blocker.unblock():
        with override_settings(VAR_DIR=folder):
            seed()
        yield
        call_command("flush", interactive=False, verbosity=0)
