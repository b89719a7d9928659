"""Pages of sessions, newest first, that go on from a row: page 1000 costs what page 1 does.

A cursor says from which session to go on and which way: "o…" to older, "n…" to newer ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from activities.models import Session

OLDER, NEWER = "o", "n"
_cursor = re.compile(r"([on])([0-9]{14})([0-9a-f]{32})")


@dataclass(frozen=True)
class Cut:
    """Some sessions in order, and the cursors to those before and after them ("": none)."""

    rows: list[Any]
    newer: str = ""
    older: str = ""
    query: str = ""

    @property
    def previous(self) -> str:
        return self._address(self.newer)

    @property
    def next(self) -> str:
        return self._address(self.older)

    def _address(self, cursor: str) -> str:
        if not cursor:
            return ""
        return "?" + "&".join(part for part in (self.query, urlencode({"cursor": cursor})) if part)


def cut(rows: QuerySet[Any], cursor: str, size: int, query: str = "") -> Cut:
    """The ``size`` sessions that ``cursor`` asks for; ``ValueError`` where it says nothing.

    One query, no COUNT, no OFFSET. ``query`` is the rest of the page's address.
    """
    if not cursor:
        read = list(rows.order_by("-held_on", "-start_time", "id")[: size + 1])
        return Cut(read[:size], older=_from(OLDER, read, size), query=query)
    way, beyond = _parsed(cursor)
    if way == OLDER:
        read = list(rows.filter(beyond).order_by("-held_on", "-start_time", "id")[: size + 1])
        shown = read[:size]
        newer = _token(NEWER, shown[0]) if shown else ""
        return Cut(shown, newer, _from(OLDER, read, size), query)
    read = list(rows.filter(beyond).order_by("held_on", "start_time", "-id")[: size + 1])
    shown = read[:size][::-1]
    older = _token(OLDER, shown[-1]) if shown else ""
    return Cut(shown, _from(NEWER, read, size), older, query)


def _from(way: str, read: list[Any], size: int) -> str:
    """The cursor that goes on after the ``size`` rows shown, where one more was read."""
    return _token(way, read[size - 1]) if len(read) > size else ""


def _token(way: str, row: Session) -> str:
    return f"{way}{row.held_on:%Y%m%d}{row.start_time:%H%M%S}{row.id.hex}"


def _parsed(cursor: str) -> tuple[str, Q]:
    """Which way, and the condition for the rows beyond."""
    found = _cursor.fullmatch(cursor)
    if found is None:
        raise ValueError(cursor)
    moment, key = datetime.strptime(found[2], "%Y%m%d%H%M%S"), UUID(found[3])
    day, start = moment.date(), moment.time()
    if found[1] == OLDER:
        # The first condition alone is a range of the index; the second one is exact.
        return OLDER, Q(held_on__lte=day) & (
            Q(held_on__lt=day) | Q(start_time__lt=start) | Q(start_time=start, id__gt=key)
        )
    return NEWER, Q(held_on__gte=day) & (
        Q(held_on__gt=day) | Q(start_time__gt=start) | Q(start_time=start, id__lt=key)
    )


class NewestFirst(BasePagination):
    """The API's pages: ``cursor`` goes on, ``page_size`` up to 500 sessions each."""

    usual_size, most = 50, 500

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any]:
        asked = request.query_params
        size = asked.get("page_size", "")
        size = int(size[:4]) if size.isascii() and size.isdigit() else self.usual_size
        try:
            self.cut = cut(queryset, asked.get("cursor", ""), max(1, min(size, self.most)))
        except ValueError:
            raise ValidationError(
                {"cursor": ["Take the cursor from `next` or `previous`."]}
            ) from None
        self.address = request.build_absolute_uri()
        return self.cut.rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "next": self._link(self.cut.older),
                "previous": self._link(self.cut.newer),
                "results": data,
            }
        )

    def _link(self, cursor: str) -> str | None:
        return replace_query_param(self.address, "cursor", cursor) if cursor else None

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "nullable": True, "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": name,
                "in": "query",
                "required": False,
                "description": description,
                "schema": {"type": kind},
            }
            for name, kind, description in (
                ("cursor", "string", "Where to go on: taken from `next` or `previous`."),
                ("page_size", "integer", "Sessions a page, at most 500."),
            )
        ]
