"""What a browser may do with our pages."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Our own files only: no inline scripts, no foreign hosts. Charts set styles on their elements.
PAGES = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
# The admin's and the API browser's own scripts are partly inline and evaluate expressions.
TOOLS = f"{PAGES}; script-src 'self' 'unsafe-inline' 'unsafe-eval'"
TOOL_PATHS = ("/admin/", "/api/v1/docs/")


def tile_host() -> str:
    """The origin of the configured map tiles for ``img-src``; "" without any.

    A host that is numbered ("t{s}.example.cn") stands for all hosts beside it.
    """
    url = urlsplit(settings.MAP_TILES_URL)
    if url.scheme not in ("http", "https") or not url.netloc:
        return ""
    first, _dot, rest = url.netloc.partition(".")
    return f"{url.scheme}://{f'*.{rest}' if '{' in first else url.netloc}"


def headers_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    tiles = tile_host()
    pages = PAGES.replace("img-src 'self'", f"img-src 'self' {tiles}") if tiles else PAGES

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        tool = request.path_info.startswith(TOOL_PATHS)
        response.headers.setdefault("Content-Security-Policy", TOOLS if tool else pages)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(self), geolocation=(self), microphone=(), payment=()"
        )
        return response

    return middleware
