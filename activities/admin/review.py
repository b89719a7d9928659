"""The administration of doubtful sessions: for reading. They are decided on their list."""

from django.contrib import admin
from django.urls import reverse

from accounts.scoped_admin import ScopedModelAdmin
from activities.models import SessionFlag
from grids.admin_scope import AreaFilter


@admin.register(SessionFlag)
class SessionFlagAdmin(ScopedModelAdmin):
    list_display = ["session", "area_code", "rule", "state", "found_at"]
    list_filter = [AreaFilter, "rule", "state"]
    list_select_related = ["session"]
    search_fields = ["^area_code"]
    fields = [
        "session",
        "area_code",
        "rule",
        "details",
        "found_at",
        "state",
        "decided_by",
        "decided_at",
        "remark",
    ]

    def view_on_site(self, obj: SessionFlag) -> str:
        return reverse("session", args=[obj.session_id])
