"""The bundle: all that a phone needs of its owner, in one answer (docs/phone.md)."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, time
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from activities.groups import Group
from activities.outbox.author import author_key
from activities.today import Done, Today, today_of
from activities.version import app_version


def bundle_of(user: Any, found: Today | None = None) -> dict[str, Any]:
    """What ``GET /api/v1/phone/`` answers, ready for JSON; ``found`` where it is known already."""
    found = found or today_of(user)
    return {
        "author": author_key(user),
        "name": user.person.name,
        "now": timezone.localtime(found.now).isoformat(timespec="seconds"),
        "today": found.day.isoformat(),
        "version": app_version(),
        "wide": found.wide,
        "groups": groups_for_json(found),
        "more": found.more,
        "areas": [list(area) for area in found.areas],
        "expected": _expected(found),
        "sessions": [_session(done) for done in found.sessions],
        "called_off": [
            {
                "id": str(row.pk),
                "code": row.area_code,
                "day": _day(row.held_on),
                "start": _hour(row.start_time),
                "reason": row.reason,
            }
            for row in found.called_off
        ],
        "lost": [{"id": str(row.pk), "since": _moment(row.since)} for row in found.lost],
        "waiting": [
            {"id": str(row.pk), "since": _moment(row.since), "phone": str(row.phone)}
            for row in found.waiting
        ],
        "notes": [
            {
                "key": note.key,
                "text": note.text,
                "url": note.url,
                "since": _day(note.since),
                "answer_url": note.answer_url,
                "answered": note.answered,
            }
            for note in found.notes
        ],
    }


def groups_for_json(found: Today) -> list[dict[str, Any]]:
    return [_group(group) for group in found.groups]


def _group(group: Group) -> dict[str, Any]:
    last = group.last
    return {
        "code": group.code,
        "name": group.name,
        "sport": group.sport,
        "village": group.village,
        "place": group.place,
        "start": _hour(group.start),
        "minutes": group.minutes,
        "participants": group.participants,
        "led_by": group.led_by,
        "leaders": [list(leader) for leader in group.leaders],
        "last": last
        and {
            "held_on": _day(last.held_on),
            "start": _hour(last.start),
            "minutes": last.minutes,
            "participants": last.participants,
        },
        "checked_in": group.checked_in,
    }


def _expected(found: Today) -> list[dict[str, Any]]:
    return [
        {
            "code": one.meeting.code,
            "day": _day(one.meeting.day),
            "start": _hour(one.meeting.start),
            "minutes": one.meeting.minutes,
            "place": one.meeting.place,
        }
        for one in found.expected
    ]


def _session(done: Done) -> dict[str, Any]:
    return {
        "id": str(done.id),
        "kind": done.kind,
        "code": done.code,
        "title": done.title,
        "held_on": _day(done.held_on),
        "start": _hour(done.start),
        "minutes": done.minutes,
        "participants": done.participants,
        "version": done.version,
        "amendable": done.amendable,
    }


def _day(day: date) -> str:
    return day.isoformat()


def _hour(hour: time | None) -> str | None:
    return f"{hour:%H:%M}" if hour is not None else None


def _moment(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")


class PhoneBundle(APIView):
    """The bundle of who is signed in; an unchanged one is not sent again.

    Without a post it has no hobby grids, but still says whose it is: what waits on the phone of
    somebody who left office is sent all the same.
    """

    @extend_schema(responses={200: OpenApiTypes.OBJECT, 304: None})
    @method_decorator(gzip_page)
    def get(self, request: Request) -> HttpResponseBase:
        """Hobby grids, expected and held sessions, and what waits, for the phone's page."""
        user = request.user
        bundle = bundle_of(user)
        body = _json(bundle)
        # The clock alone is no change. Only the user's own content is in it, and whose it is.
        tag = f'"{hashlib.sha256(_json({**bundle, "now": None})).hexdigest()[:24]}"'
        response: Any = HttpResponse(body, content_type="application/json", headers={"ETag": tag})
        response = get_conditional_response(request._request, etag=tag, response=response)
        response.headers["Cache-Control"] = "private, no-cache"
        patch_vary_headers(response, ["Cookie", "Accept-Language"])
        return response


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
