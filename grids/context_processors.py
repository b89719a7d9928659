"""What every page may ask about the person who looks at it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from grids.authority import home_of, may


def reach(request: HttpRequest) -> dict[str, Any]:
    """``may`` answers ``{% if may.change_grid %}``; ``home`` is the widest area of the user."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"demo_mode": settings.DEMO_MODE}
    return {"demo_mode": settings.DEMO_MODE, "may": may(user), "home": home_of(user)}
