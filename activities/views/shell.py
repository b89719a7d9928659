"""What lets the phone's page open without a network. Nothing of anybody stands in it."""

from __future__ import annotations

import json

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from activities.phone_page import page_context, shell_assets
from activities.version import app_version


@gzip_page
@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The phone's page for nobody: the worker keeps it, the script fills it from the phone."""
    # Whoever asks: what is kept is the same for everybody who uses the phone.
    request.user = AnonymousUser()
    # Nor what is to be told to who is signed in: that waits for a page of theirs.
    context = {**page_context(), "shell": True, "messages": []}
    response = render(request, "activities/home.html", context)
    response.headers["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; a new version of anything that it keeps makes it another one."""
    shell = {
        "version": app_version(),
        "assets": shell_assets(),
        "spread": settings.PHONES_SPREAD,
    }
    content = {
        "worker": static("bundles/phone/worker.js"),
        "shell": json.dumps(shell),
    }
    response = render(request, "activities/sw.js", content, content_type="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """How the page stands on the phone's home screen."""
    icons = [
        {"src": static(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    content = {
        "id": "/m/",
        "name": _("Jiaozuo Sports Grid"),
        "short_name": _("Sports Grid"),
        "start_url": reverse("phone"),
        "scope": "/m/",
        "display": "standalone",
        "background_color": "#f4f6f8",
        "theme_color": "#0a4f8f",
        "icons": [{**icon, "purpose": use} for icon in icons for use in ("any", "maskable")],
    }
    response = JsonResponse(content, content_type="application/manifest+json")
    response.headers["Cache-Control"] = "max-age=3600"
    return response
