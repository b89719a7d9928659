"""What the list of records that wait on phones can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from activities.models import WaitingRecord
from grids.filters import AreaFilter, ScopedFilterSet

LOST, ON_A_PHONE = "lost", "phone"


class WaitingFilter(ScopedFilterSet):
    """People of whom something is lost, or waits on a phone."""

    right = "view activities.waitingrecord"

    within = AreaFilter()
    state = django_filters.ChoiceFilter(
        method="in_state",
        label=_("State"),
        empty_label=_("all"),
        choices=[(LOST, _("lost")), (ON_A_PHONE, _("on a phone"))],
    )

    class Meta:
        model = WaitingRecord
        fields: list[str] = []

    def in_state(self, rows: Any, name: str, value: str) -> Any:
        return rows.exclude(lost_count=0) if value == LOST else rows.filter(lost_count=0)
