"""Every request says by which door it came, so that the audit trail can."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts.audit import coming_from
from accounts.models import Door

DOORS = {"/api/": Door.API, "/admin/": Door.ADMIN, "/m/": Door.PHONE}


def origin_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        door = next((d for p, d in DOORS.items() if request.path.startswith(p)), Door.PAGE)
        with coming_from(door, request.META.get("REMOTE_ADDR") or None):
            return get_response(request)

    return middleware
