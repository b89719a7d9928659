"""What the lists of what was held can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from activities.models import CheckIn, Event, EventKind, Lecture, Session
from grids.filters import AreaFilter, ScopedFilterSet
from grids.models import HobbyGrid, Sport

STANDING, WITHDRAWN, BOTH = "standing", "withdrawn", "all"


class HeldFilter(ScopedFilterSet):
    """Where and when something was held, and whether it was withdrawn."""

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
    state = django_filters.ChoiceFilter(
        method="in_state",
        label=_("State"),
        empty_label=_("counted"),
        choices=[(WITHDRAWN, _("withdrawn")), (BOTH, _("all"))],
    )

    def in_state(self, rows: Any, name: str, value: str) -> Any:
        return rows

    def filter_queryset(self, queryset: Any) -> Any:
        rows = super().filter_queryset(queryset)
        state = self.form.cleaned_data.get("state")
        if state == BOTH:
            return rows
        return rows.filter(withdrawn_at__isnull=state != WITHDRAWN)


class SessionFilter(HeldFilter):
    right = "view activities.session"

    sport = django_filters.ModelChoiceFilter(
        queryset=Sport.objects.all(), method="of_sport", label=_("Sport"), empty_label=_("all")
    )

    class Meta:
        model = Session
        fields: list[str] = []

    def of_sport(self, rows: Any, name: str, sport: Sport) -> Any:
        of_it = HobbyGrid.objects.filter(sport=sport, area_code=OuterRef("area_code"))
        return rows.filter(Exists(of_it))


class LectureFilter(HeldFilter):
    right = "view activities.lecture"

    q = django_filters.CharFilter(label=_("Topic"), field_name="topic", lookup_expr="icontains")

    class Meta:
        model = Lecture
        fields: list[str] = []


class EventFilter(HeldFilter):
    right = "view activities.event"

    q = django_filters.CharFilter(label=_("Title"), field_name="title", lookup_expr="icontains")
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), field_name="event_kind", choices=EventKind.choices, empty_label=_("all")
    )

    class Meta:
        model = Event
        fields: list[str] = []


class CheckInFilter(ScopedFilterSet):
    right = "view activities.checkin"

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

    class Meta:
        model = CheckIn
        fields: list[str] = []
