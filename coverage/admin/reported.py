"""What was asked for and what was reported; each has pages of its own where it is made."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from coverage.admin.derived import AREA_CODE, MONTH, DerivedAdmin, column
from coverage.models import (
    Report,
    Snapshot,
    SnapshotArea,
    SnapshotRemark,
    SnapshotSignature,
    Target,
)
from jiaozuo_grid.reach import Reach


@admin.register(Target)
class TargetAdmin(DerivedAdmin):
    columns = (
        AREA_CODE,
        column("indicator", _("indicator")),
        column("year", _("year")),
        column("value", _("value")),
        column("started_on", _("in force from")),
        column("ended_on", _("ended on")),
        column("reason", _("reason")),
    )


@admin.register(Snapshot)
class SnapshotAdmin(DerivedAdmin):
    columns = (
        AREA_CODE,
        MONTH,
        column("number", _("edition")),
        column("frozen_at", _("frozen at")),
        column("reason", _("reason")),
    )
    ordering = ["-month", "area_code", "id"]


@admin.register(SnapshotArea)
class SnapshotAreaAdmin(DerivedAdmin):
    columns = (AREA_CODE, column("name", _("name")), column("snapshot", _("edition")))
    list_select_related = ["snapshot"]


@admin.register(SnapshotSignature)
class SnapshotSignatureAdmin(DerivedAdmin):
    columns = (
        AREA_CODE,
        column("snapshot", _("edition")),
        column("name", _("name")),
        column("post", _("post")),
        column("signed_at", _("signed at")),
        column("remark", _("remark")),
    )
    list_select_related = ["snapshot"]


@admin.register(SnapshotRemark)
class SnapshotRemarkAdmin(DerivedAdmin):
    columns = (
        AREA_CODE,
        column("snapshot", _("edition")),
        column("measure", _("measure")),
        column("text", _("text")),
        column("name", _("name")),
        column("written_at", _("written at")),
    )
    list_select_related = ["snapshot"]


@admin.register(Report)
class ReportAdmin(DerivedAdmin):
    """The archive of reports; their files are had from its own page."""

    columns = (
        AREA_CODE,
        column("title", _("title")),
        column("period", _("period")),
        column("made_at", _("made at")),
    )
    exclude = ("xlsx", "pdf", "xlsx_digest", "pdf_digest")
    ordering = ["-made_at", "-id"]

    def rows_for(self, user: Any, reach: Reach) -> QuerySet[Any]:
        return super().rows_for(user, reach).defer("packed")
