"""System checks: what production must not start with (``manage.py check --deploy``)."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import find
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.management import call_command
from django.db import Error as DatabaseError
from django.db import connections


@register(Tags.staticfiles)
def scripts_are_bundled(**kwargs: Any) -> list[CheckMessage]:
    """Without them the phone's page would show itself and do nothing."""
    if find("bundles/phone/main.js") is None:
        return [
            Error(
                "The phone's scripts are not bundled.",
                hint="Run `make setup`; after a change of static/js/phone/, `make assets`.",
                id="jiaozuo_grid.E004",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def demo_mode_is_off(**kwargs: Any) -> list[CheckMessage]:
    if settings.DEMO_MODE:
        return [
            Error(
                "DEMO_MODE offers sign-in without a password.",
                hint="Unset DEMO_MODE in production.",
                id="jiaozuo_grid.E001",
            )
        ]
    return []


@register(Tags.database)
def no_demo_accounts(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Asked with ``--database``: a production database holds no account of the demo city."""
    if settings.DEMO_MODE or not databases:
        return []
    users = get_user_model()
    found: list[CheckMessage] = []
    for alias in databases:
        try:
            if users._meta.db_table not in connections[alias].introspection.table_names():
                continue
            demo = users._default_manager.using(alias).filter(is_demo=True, is_active=True)
            if demo.exists():
                found.append(
                    Error(
                        "The database holds accounts of the demo city, which have no secret.",
                        hint="Begin production with an empty database.",
                        id="jiaozuo_grid.E002",
                    )
                )
        except DatabaseError as error:
            found.append(Error(f"The database is away: {error}", id="jiaozuo_grid.E003"))
    return found


def refuse_unsafe_start() -> None:
    """Raise ``SystemCheckError`` when this process must not serve people."""
    call_command("check", deploy=True, databases=["default"], fail_level="ERROR", verbosity=0)
