"""The administration of what phones sent and hold: for reading, and never what a record says."""

from __future__ import annotations

from django.contrib import admin

from accounts.scoped_admin import ScopedModelAdmin
from activities.models import PhotoUpload, SessionJoin, Submission, WaitingRecord
from grids.admin_scope import AreaFilter


@admin.register(WaitingRecord)
class WaitingRecordAdmin(ScopedModelAdmin):
    list_display = ["user", "area_code", "since", "seen_at", "lost_at"]
    list_filter = [AreaFilter]
    list_select_related = ["user"]
    search_fields = ["^area_code"]
    fields = ["user", "area_code", "phone", "since", "seen_at", "lost_at"]


@admin.register(Submission)
class SubmissionAdmin(ScopedModelAdmin):
    """Who may know what waits on somebody's phone may know what it sent besides records."""

    right_of = "activities.waitingrecord"
    area_path = "user__person__area_code"
    list_display = ["kind", "record", "user", "state", "received_at", "settled_at"]
    list_filter = ["state"]
    list_select_related = ["user"]
    fields = ["kind", "record", "user", "state", "received_at", "settled_at"]


@admin.register(PhotoUpload)
class PhotoUploadAdmin(ScopedModelAdmin):
    right_of = "activities.waitingrecord"
    area_path = "user__person__area_code"
    list_display = ["record", "user", "size", "received", "began_at", "done_at"]
    list_select_related = ["user"]
    fields = ["record", "user", "size", "received", "began_at", "done_at"]


@admin.register(SessionJoin)
class SessionJoinAdmin(ScopedModelAdmin):
    right_of = "activities.session"
    area_path = "session__area_code"
    list_display = ["session", "user", "participants", "joined_at"]
    list_select_related = ["session", "user"]
    fields = ["session", "user", "participants", "joined_at"]
