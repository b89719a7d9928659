"""The side bar of the administration, and where its pictures are."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.exceptions import NotRegistered
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Title of a group, then (model, symbol) of each entry.
GROUPS: list[tuple[Promise, list[tuple[str, str]]]] = [
    (
        _("People and posts"),
        [
            ("accounts.person", "person"),
            ("grids.appointment", "badge"),
            ("grids.organisation", "groups_3"),
            ("grids.officer", "military_tech"),
            ("grids.duplicatepair", "content_copy"),
            ("accounts.user", "key"),
            ("instructors.instructor", "sports"),
        ],
    ),
    (
        _("Areas and grids"),
        [
            ("grids.division", "account_tree"),
            ("grids.residentcount", "groups"),
            ("grids.grid", "grid_view"),
            ("grids.hobbygrid", "diversity_3"),
            ("stations.station", "location_on"),
            ("grids.sport", "sports_tennis"),
            ("grids.outline", "map"),
            ("grids.reorganisation", "alt_route"),
            ("grids.succession", "trending_flat"),
            ("grids.rulevalue", "rule"),
        ],
    ),
    (
        _("Instructors"),
        [
            ("instructors.certificate", "workspace_premium"),
            ("instructors.registration", "event_available"),
            ("instructors.service", "volunteer_activism"),
            ("instructors.course", "school"),
            ("instructors.attendance", "how_to_reg"),
            ("instructors.promotion", "trending_up"),
            ("instructors.instructorplace", "pin_drop"),
        ],
    ),
    (
        _("Stations"),
        [
            ("stations.stationpost", "badge"),
            ("stations.openinghours", "schedule"),
            ("stations.equipment", "fitness_center"),
            ("stations.inspection", "fact_check"),
            ("stations.repair", "build"),
            ("stations.stationphoto", "photo_camera"),
            ("stations.stationplace", "pin_drop"),
        ],
    ),
    (
        _("Activities"),
        [
            ("activities.session", "event"),
            ("activities.sessionrevision", "edit_note"),
            ("activities.sessionflag", "visibility"),
            ("activities.lecture", "co_present"),
            ("activities.event", "emoji_events"),
            ("activities.schedule", "calendar_month"),
            ("activities.calledoff", "event_busy"),
            ("activities.checkin", "qr_code"),
            ("activities.waitingrecord", "phonelink_ring"),
            ("activities.submission", "outbox"),
            ("activities.sessionjoin", "merge"),
            ("activities.photoupload", "add_a_photo"),
        ],
    ),
    (
        _("Figures"),
        [
            ("coverage.flowtally", "bar_chart"),
            ("coverage.stocktally", "stacked_line_chart"),
            ("coverage.flowshift", "swap_vert"),
            ("coverage.stockshift", "swap_horiz"),
            ("coverage.spell", "timeline"),
            ("coverage.stalemark", "pending"),
            ("coverage.foldstate", "sync"),
        ],
    ),
    (
        _("Trail and work"),
        [
            ("accounts.auditentry", "history"),
            ("jiaozuo_grid.job", "task_alt"),
            ("jiaozuo_grid.jobclock", "alarm"),
            ("jiaozuo_grid.jobrun", "replay"),
            ("jiaozuo_grid.sheetimport", "table_view"),
            ("jiaozuo_grid.savedview", "bookmark"),
        ],
    ),
]


def groups(request: HttpRequest) -> list[dict[str, Any]]:
    """The entries that the user may open, by group."""
    return [
        {"title": title, "items": [item for entry in entries for item in _item(request, *entry)]}
        for title, entries in GROUPS
    ]


def _item(request: HttpRequest, label: str, symbol: str) -> list[dict[str, Any]]:
    model = apps.get_model(label)
    try:
        shown = admin.site.get_model_admin(model)
    except NotRegistered:
        return []
    if not shown.has_view_permission(request):
        return []
    link = reverse(f"admin:{label.replace('.', '_')}_changelist")
    return [{"title": model._meta.verbose_name_plural, "icon": symbol, "link": link}]


def logo(request: HttpRequest) -> str:
    return static("img/logo.svg")


def style_sheet(request: HttpRequest) -> str:
    return static("css/admin.css")
