"""The administration of the audit trail, of long and of periodic work; for reading."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateTimeFilter

from accounts.models import AuditEntry
from accounts.scoped_admin import ScopedModelAdmin
from accounts.trail import lines
from jiaozuo_grid.area import within_q
from jiaozuo_grid.jobs import Job
from jiaozuo_grid.periodic.models import JobClock, JobRun
from jiaozuo_grid.reach import Reach
from jiaozuo_grid.saved_views import SavedView
from jiaozuo_grid.spreadsheets.model import SheetImport


@admin.register(AuditEntry)
class AuditEntryAdmin(ScopedModelAdmin):
    list_display = ["at", "actor", "verb", "label", "area_code", "door", "address"]
    list_filter = ["door", ("at", RangeDateTimeFilter)]
    list_select_related = ["actor"]
    search_fields = ["actor__username", "label", "^area_code"]
    fields = [
        "at",
        "actor",
        "verb",
        "model",
        "object_id",
        "label",
        "area_code",
        "reason",
        "changes",
        "door",
        "address",
    ]
    readonly_fields = ["changes"]

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        entry: Any = super().get_object(request, object_id, from_field)
        if entry is not None:
            entry.reader = request.user
        return entry

    @admin.display(description=_("before and after"))
    def changes(self, obj: Any) -> str:
        changes = lines([obj], obj.reader)[0].changes
        rows = [(c.name, c.before or "—", c.after or "—") for c in changes]
        return format_html_join(mark_safe("<br>"), "{}: {} → {}", rows)


@admin.register(Job)
class JobAdmin(ScopedModelAdmin):
    """Of people in the reader's area, and of nobody (the server's own)."""

    list_display = ["id", "label", "owner", "state", "created_at", "finished_at", "attempt"]
    list_filter = ["state"]
    list_select_related = ["owner"]
    search_fields = ["kind", "key"]
    area_path = "owner__person__area_code"
    fields = [
        "kind",
        "key",
        "owner",
        "state",
        "attempt",
        "created_at",
        "seen_at",
        "finished_at",
        "result",
        "error",
    ]

    def rows_for(self, user: Any, reach: Reach) -> QuerySet[Any]:
        codes = reach.areas_for(self.right("view"))
        mine = within_q(codes, "owner__person__area_code")
        return Job.objects.filter(mine | Q(owner=None)) if codes else Job.objects.none()


@admin.register(JobClock)
class JobClockAdmin(ScopedModelAdmin):
    """The server's own. A job is run again on its page, not here."""

    list_display = ["name", "due_at", "started_at", "failures", "given_up_at", "quiet_at"]
    area_path = None
    fields = [
        "name",
        "due_at",
        "not_before",
        "started_at",
        "run_no",
        "failures",
        "given_up_at",
        "quiet_at",
        "wanted_by",
    ]


@admin.register(JobRun)
class JobRunAdmin(ScopedModelAdmin):
    list_display = ["name", "started_at", "ended_at", "attempt", "outcome", "reason"]
    list_filter = ["name", "outcome"]
    list_select_related = ["asked_by"]
    area_path = None
    fields = [
        "name",
        "due_at",
        "started_at",
        "ended_at",
        "attempt",
        "outcome",
        "reason",
        "detail",
        "counts",
        "asked_by",
    ]


@admin.register(SheetImport)
class SheetImportAdmin(ScopedModelAdmin):
    """Of people in the reader's area. The files themselves are their owners'."""

    right_of = "jiaozuo_grid.job"
    list_display = ["name", "sheet_key", "owner", "state", "created_at", "done_at"]
    list_filter = ["state"]
    list_select_related = ["owner"]
    search_fields = ["name", "sheet_key"]
    area_path = "owner__person__area_code"
    fields = ["name", "sheet_key", "owner", "state", "figures", "batch", "created_at", "done_at"]
    readonly_fields = ["batch"]


@admin.register(SavedView)
class SavedViewAdmin(ScopedModelAdmin):
    """One's own and nobody else's: how someone likes to see a list is their business."""

    right_of = "jiaozuo_grid.job"
    list_display = ["name", "page", "opens"]
    search_fields = ["name", "page"]
    fields = ["page", "name", "query", "columns", "opens"]

    def rows_for(self, user: Any, reach: Reach) -> QuerySet[Any]:
        return SavedView.objects.filter(owner=user.pk)
