"""The audit trail, for those who may read it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.filters import AuditFilter
from accounts.models import AuditEntry
from accounts.trail import lines
from jiaozuo_grid.pages import PAGE_SIZE, Needs, query_without


class AuditPage(Needs):
    """Newest first; ``?after=`` continues behind an entry, however deep, at the same cost."""

    right = "view accounts.auditentry"

    def get(self, request: HttpRequest) -> HttpResponse:
        scoped = AuditEntry.objects.visible_to(request.user).select_related("actor__person")
        chosen = AuditFilter(request.GET, queryset=scoped, request=request)
        rows: QuerySet[Any] = chosen.qs if chosen.is_valid() else scoped.none()
        after = request.GET.get("after", "")
        read = list(behind(rows, after)[: PAGE_SIZE + 1])
        shown, more = read[:PAGE_SIZE], len(read) > PAGE_SIZE
        context = {
            "filter": chosen,
            "filtered": bool(query_without(request, "after")),
            "lines": lines(shown, request.user),
            "newest": f"?{query_without(request, 'after')}" if after else "",
            "older": _address(request, shown[-1]) if more else "",
        }
        return render(request, "accounts/audit.html", context)


def behind(rows: QuerySet[Any], after: str) -> QuerySet[Any]:
    """The rows that follow the entry named by ``after``; all of them when it names none."""
    moment, _sep, key = after.partition("_")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return rows
    sane = at.tzinfo and 2000 < at.year < 2200
    if not (sane and key.isascii() and key.isdigit() and len(key) < 19):
        return rows
    return rows.filter(at__lte=at).filter(Q(at__lt=at) | Q(pk__lt=int(key)))


def _address(request: HttpRequest, last: AuditEntry) -> str:
    query = query_without(request, "after")
    after = urlencode({"after": f"{last.at.isoformat()}_{last.pk}"})
    return f"?{query}&{after}" if query else f"?{after}"
