"""What the lists of organisations and of terms of office can be narrowed by."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.filters import AreaFilter, ScopedFilterSet, State
from grids.models import Officer, Organisation, OrganisationKind, Sport
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import in_force_q, today

# An election is prepared this long before the term ends.
SOON = timedelta(days=90)


class OrganisationFilter(ScopedFilterSet):
    right = "view grids.organisation"

    within = AreaFilter()
    q = django_filters.CharFilter(
        label=pgettext_lazy("organisation", "Name"), field_name="name", lookup_expr="icontains"
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=OrganisationKind.choices, empty_label=_("all")
    )
    level = django_filters.ChoiceFilter(
        label=_("Level"),
        choices=[(level.value, level.label) for level in Level][:4],
        method="by_level",
        empty_label=_("all"),
    )
    sport = django_filters.ModelChoiceFilter(
        label=_("Sport"),
        queryset=Sport.objects.all(),
        to_field_name="code",
        empty_label=_("all"),
    )
    officers = django_filters.ChoiceFilter(
        label=_("Officers"),
        choices=[("vacant", _("without a president")), ("over", _("with a term that is over"))],
        method="by_officers",
        empty_label=_("all"),
    )
    state = State()

    class Meta:
        model = Organisation
        fields: list[str] = []

    def by_level(self, rows: Any, _name: str, value: str) -> Any:
        return rows.at_level(int(value))

    def by_officers(self, rows: Any, _name: str, value: str) -> Any:
        if value == "vacant":
            return rows.without_president_on(today())
        over = Officer.objects.filter(
            in_force_q(today()), term_ends_on__lte=today(), organisation=OuterRef("pk")
        )
        return rows.filter(Exists(over))


class TermFilter(ScopedFilterSet):
    right = "view grids.officer"

    within = AreaFilter()
    due = django_filters.ChoiceFilter(
        label=_("Term"),
        choices=[("soon", _("over, or within 90 days")), ("all", _("all"))],
        method="by_due",
        empty_label=_("over"),
    )

    class Meta:
        model = Officer
        fields: list[str] = []

    def by_due(self, rows: Any, _name: str, value: str) -> Any:
        return rows.term_over_by(today() + SOON) if value == "soon" else rows

    def filter_queryset(self, queryset: Any) -> Any:
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("due") else rows.term_over_by(today())
