"""What a browser may do with our pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Our own files only: no inline scripts, no foreign hosts. Charts set styles on their elements.
PAGES = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
# The admin's and the API browser's own scripts are partly inline and evaluate expressions.
TOOLS = f"{PAGES}; script-src 'self' 'unsafe-inline' 'unsafe-eval'"
TOOL_PATHS = ("/admin/", "/api/v1/docs/")


def headers_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        tool = request.path_info.startswith(TOOL_PATHS)
        response.headers.setdefault("Content-Security-Policy", TOOLS if tool else PAGES)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(self), geolocation=(self), microphone=(), payment=()"
        )
        return response

    return middleware
