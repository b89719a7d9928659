"""The calendar feed, fetched by calendar apps, which do not sign in."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.views import View

from activities.calendar.feed import feed_of
from activities.calendar.link import user_of


class CalendarFeed(View):
    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        user = user_of(token)
        if user is None:
            raise Http404
        with translation.override(settings.LANGUAGE_CODE):
            body = feed_of(user)
        tag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
        response: Any = HttpResponse(
            body,
            content_type="text/calendar; charset=utf-8",
            headers={
                "ETag": tag,
                "Content-Disposition": 'inline; filename="meetings.ics"',
            },
        )
        response = get_conditional_response(request, etag=tag, response=response)
        # The address itself is the key: it goes into no shared cache and no search engine.
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["X-Robots-Tag"] = "noindex"
        return response
