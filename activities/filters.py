"""What the list of sessions can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from activities.models import Session
from grids.filters import AreaFilter, ScopedFilterSet
from grids.models import HobbyGrid, Sport

STANDING, WITHDRAWN, BOTH = "standing", "withdrawn", "all"


class SessionFilter(ScopedFilterSet):
    right = "view activities.session"

    within = AreaFilter()
    from_day = django_filters.DateFilter(
        field_name="held_on",
        lookup_expr="gte",
        label=_("From"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    to_day = django_filters.DateFilter(
        field_name="held_on",
        lookup_expr="lte",
        label=_("To"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    sport = django_filters.ModelChoiceFilter(
        queryset=Sport.objects.all(), method="of_sport", label=_("Sport"), empty_label=_("all")
    )
    state = django_filters.ChoiceFilter(
        method="in_state",
        label=_("State"),
        empty_label=_("counted"),
        choices=[(WITHDRAWN, _("withdrawn")), (BOTH, _("all"))],
    )

    class Meta:
        model = Session
        fields: list[str] = []

    def of_sport(self, rows: Any, name: str, sport: Sport) -> Any:
        of_it = HobbyGrid.objects.filter(sport=sport, area_code=OuterRef("area_code"))
        return rows.filter(Exists(of_it))

    def in_state(self, rows: Any, name: str, value: str) -> Any:
        return rows

    def filter_queryset(self, queryset: Any) -> Any:
        rows = super().filter_queryset(queryset)
        state = self.form.cleaned_data.get("state")
        if state == BOTH:
            return rows
        return rows.filter(withdrawn_at__isnull=state != WITHDRAWN)
