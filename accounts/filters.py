"""What one may look for in the audit trail."""

from __future__ import annotations

from datetime import date, datetime, time

import django_filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry, Door
from accounts.words import VERBS, recorded_models
from jiaozuo_grid.area import validate_area_code, within_q


def _kinds() -> list[tuple[str, str]]:
    return [(m._meta.label_lower, str(m._meta.verbose_name)) for m in recorded_models()]


def _moment(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


class _Day(django_filters.DateFilter):
    """A day that databases and time zones can hold."""

    def __init__(self, label: Promise, method: str) -> None:
        super().__init__(
            label=label,
            method=method,
            widget=forms.DateInput(attrs={"type": "date"}),
            validators=[MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2200, 1, 1))],
        )


class AuditFilter(django_filters.FilterSet):
    """``actor`` is a user name, or a part of a person's name; days are included."""

    actor = django_filters.CharFilter(label=_("who"), method="by_actor", max_length=50)
    verb = django_filters.ChoiceFilter(label=_("action"), choices=list(VERBS.items()))
    model = django_filters.ChoiceFilter(label=_("kind of row"), choices=_kinds)
    object_id = django_filters.CharFilter(widget=forms.HiddenInput, max_length=40)
    area = django_filters.CharFilter(
        label=_("area code"),
        method="by_area",
        max_length=17,
        validators=[validate_area_code],
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    since = _Day(label=_("from day"), method="from_day")
    until = _Day(label=_("to day"), method="to_day")
    door = django_filters.ChoiceFilter(label=_("by way of"), choices=Door.choices)

    class Meta:
        model = AuditEntry
        fields: list[str] = []

    def by_actor(self, rows: QuerySet[AuditEntry], name: str, value: str) -> QuerySet[AuditEntry]:
        return rows.filter(Q(actor__username=value) | Q(actor__person__name__icontains=value))

    def by_area(self, rows: QuerySet[AuditEntry], name: str, value: str) -> QuerySet[AuditEntry]:
        return rows.filter(within_q([value]))

    def from_day(self, rows: QuerySet[AuditEntry], name: str, value: date) -> QuerySet[AuditEntry]:
        return rows.filter(at__gte=_moment(value, time.min))

    def to_day(self, rows: QuerySet[AuditEntry], name: str, value: date) -> QuerySet[AuditEntry]:
        return rows.filter(at__lte=_moment(value, time.max))
