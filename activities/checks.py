"""What the project must not start with: a setting that would turn a help into a duty."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from activities.burden import FORBIDDEN


@register()
def no_formalism_at_the_fingertips(**kwargs: Any) -> list[CheckMessage]:
    """The national rules forbid these (the page "what we ask of you" cites them)."""
    asked = [name for name in FORBIDDEN if getattr(settings, name, None) or os.environ.get(name)]
    return [
        Error(
            f"{name} cannot be turned on: {FORBIDDEN[name]}.",
            hint="The national rules against formalism at the fingertips forbid it.",
            id="activities.E001",
        )
        for name in asked
    ]
