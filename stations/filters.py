"""What the lists of stations and of repairs can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.filters import AreaFilter, ScopedFilterSet, State
from grids.models import Sport
from jiaozuo_grid.lasting import today
from stations.models import Repair, RepairState, Station, StationKind
from stations.standard import Verdict, with_verdict


class StationFilter(ScopedFilterSet):
    right = "view stations.station"

    within = AreaFilter()
    q = django_filters.CharFilter(label=_("Name or address"), method="by_words")
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=StationKind.choices, empty_label=_("all")
    )
    sport = django_filters.ModelChoiceFilter(
        label=_("Sport"),
        queryset=Sport.objects.all(),
        to_field_name="code",
        method="by_sport",
        empty_label=_("all"),
    )
    standard = django_filters.ChoiceFilter(
        label=_("Standard"), choices=Verdict.choices, method="by_standard", empty_label=_("all")
    )
    inspection = django_filters.ChoiceFilter(
        label=_("Inspection"),
        choices=[("overdue", _("overdue"))],
        method="by_inspection",
        empty_label=_("all"),
    )
    equipment = django_filters.ChoiceFilter(
        label=_("Equipment"),
        choices=[("past", _("past its life")), ("near", _("near the end of its life"))],
        method="by_equipment",
        empty_label=_("all"),
    )
    repairs = django_filters.ChoiceFilter(
        label=_("Repairs"),
        choices=[("open", pgettext_lazy("repairs", "open")), ("overdue", _("overdue"))],
        method="by_repairs",
        empty_label=_("all"),
    )
    responsible = django_filters.ChoiceFilter(
        label=_("Person responsible"),
        choices=[("no", _("nobody")), ("yes", _("named"))],
        method="by_responsible",
        empty_label=_("all"),
    )
    state = State()

    class Meta:
        model = Station
        fields: list[str] = []

    def by_words(self, rows: Any, _name: str, words: str) -> Any:
        words = words.strip()
        return rows.filter(Q(name__icontains=words) | Q(address__icontains=words))

    def by_sport(self, rows: Any, _name: str, sport: Sport) -> Any:
        offered = Station.sports.through._default_manager.filter(station=OuterRef("pk"))
        return rows.filter(Exists(offered.filter(sport=sport)))

    def by_standard(self, rows: Any, _name: str, verdict: str) -> Any:
        return with_verdict(rows, verdict)

    def by_inspection(self, rows: Any, _name: str, _value: str) -> Any:
        return rows.inspection_overdue(today())

    def by_equipment(self, rows: Any, _name: str, value: str) -> Any:
        return rows.with_old_equipment(today(), past=value == "past")

    def by_repairs(self, rows: Any, _name: str, value: str) -> Any:
        return rows.with_open_repairs(today(), overdue=value == "overdue")

    def by_responsible(self, rows: Any, _name: str, value: str) -> Any:
        return rows.led(today()) if value == "yes" else rows.without_responsible(today())


class RepairStateFilter(django_filters.ChoiceFilter):
    """What is open, unless something else is asked for."""

    def __init__(self) -> None:
        super().__init__(
            label=_("State"),
            choices=[("overdue", _("overdue")), *RepairState.choices, ("all", _("all"))],
            empty_label=pgettext_lazy("repairs", "open"),
        )

    def filter(self, qs: Any, value: Any) -> Any:
        if value == "all":
            return qs
        if value == "overdue":
            return qs.overdue(today())
        return qs.filter(state=value) if value else qs.open(today())


class RepairFilter(ScopedFilterSet):
    right = "view stations.repair"

    within = AreaFilter()
    q = django_filters.CharFilter(label=_("Fault or station"), method="by_words")
    state = RepairStateFilter()

    class Meta:
        model = Repair
        fields: list[str] = []

    def by_words(self, rows: Any, _name: str, words: str) -> Any:
        words = words.strip()
        return rows.filter(Q(description__icontains=words) | Q(station__name__icontains=words))
