"""Health (the process lives) and readiness (it can reach its database) for load balancers."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path


def health(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ready\n", content_type="text/plain")


urlpatterns = [
    path("health/", health, name="health"),
    path("ready/", ready, name="ready"),
]
