"""System checks: what production must not start with (``manage.py check --deploy``)."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def demo_mode_is_off(**kwargs: Any) -> list[Error]:
    if settings.DEMO_MODE:
        return [
            Error(
                "DEMO_MODE offers sign-in without a password.",
                hint="Unset DEMO_MODE in production.",
                id="jiaozuo_grid.E001",
            )
        ]
    return []
