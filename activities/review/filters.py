"""What the review list can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from activities.models import FlagRule, FlagState, SessionFlag
from grids.filters import AreaFilter, ScopedFilterSet

ALL = "all"


class FlagFilter(ScopedFilterSet):
    """What is still to be looked at, unless another state is chosen."""

    right = "view activities.sessionflag"

    within = AreaFilter()
    rule = django_filters.ChoiceFilter(
        label=_("To look at"), choices=FlagRule.choices, empty_label=_("all")
    )
    state = django_filters.ChoiceFilter(
        method="in_state",
        label=_("State"),
        empty_label=FlagState.OPEN.label,
        choices=[
            (FlagState.FINE, FlagState.FINE.label),
            (FlagState.AMENDED, FlagState.AMENDED.label),
            (ALL, _("all")),
        ],
    )

    class Meta:
        model = SessionFlag
        fields: list[str] = []

    def in_state(self, rows: Any, name: str, value: str) -> Any:
        return rows

    def filter_queryset(self, queryset: Any) -> Any:
        rows = super().filter_queryset(queryset)
        state = self.form.cleaned_data.get("state")
        return rows if state == ALL else rows.filter(state=state or FlagState.OPEN)
