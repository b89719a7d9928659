"""What the API's sessions can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from rest_framework.exceptions import ValidationError

from activities.models import Session
from jiaozuo_grid.area import is_area_code


class SessionApiFilter(django_filters.FilterSet):
    """``within`` an area; ``on_or_after`` and ``before`` a day; ``withdrawn`` or not."""

    within = django_filters.CharFilter(method="at_or_below")
    on_or_after = django_filters.DateFilter(field_name="held_on", lookup_expr="gte")
    before = django_filters.DateFilter(field_name="held_on", lookup_expr="lt")
    withdrawn = django_filters.BooleanFilter(
        field_name="withdrawn_at", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Session
        fields: list[str] = []

    def at_or_below(self, rows: Any, name: str, code: str) -> Any:
        if not is_area_code(code):
            raise ValidationError({"within": "An area code has 4, 6, 9, 12, 15 or 17 digits."})
        return rows.within(code)
