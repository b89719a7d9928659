"""Health (the process lives) and readiness (it can reach its database) for load balancers.

And ``/health/jobs/`` for whoever is called when the periodic work is late: it says no more than
whether somebody must look. It is no business of a load balancer, pages work without it.

Answered before everything else: a probe comes from inside, by address, over plain HTTP, and
should cost no session and meet no redirect.
"""

import logging
from collections.abc import Callable
from uuid import uuid4

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse

from jiaozuo_grid.periodic.reading import any_overdue

log = logging.getLogger(__name__)


def health_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer ``/health/``, ``/health/jobs/`` and ``/ready/``; pass everything else on."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info == "/health/":
            return _plain("ok")
        if request.path_info == "/health/jobs/":
            return jobs()
        if request.path_info == "/ready/":
            return ready()
        return get_response(request)

    return middleware


def ready() -> HttpResponse:
    """503 while the database is away. A cache that is away is told, but pages work without it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:
        log.exception("not ready: the database is away")
        return _plain("database: away", status=503)
    finally:
        connection.close_if_unusable_or_obsolete()
    return _plain(f"database: ok\ncache: {'ok' if _cache_answers() else 'away'}")


def jobs() -> HttpResponse:
    """503 while a periodic job is overdue or given up, or while nobody can tell."""
    try:
        overdue = any_overdue()
    except Exception:
        log.exception("nobody can tell how the jobs stand: the database is away")
        return _plain("jobs: unknown", status=503)
    finally:
        connection.close_if_unusable_or_obsolete()
    return _plain("jobs: overdue", status=503) if overdue else _plain("jobs: ok")


def _cache_answers() -> bool:
    question = uuid4().hex
    try:
        cache.set("ready", question, timeout=60)
        return cache.get("ready") is not None
    except Exception:
        log.warning("the cache is away", exc_info=True)
        return False


def _plain(text: str, status: int = 200) -> HttpResponse:
    response = HttpResponse(text + "\n", content_type="text/plain", status=status)
    response["Cache-Control"] = "no-store"
    return response
