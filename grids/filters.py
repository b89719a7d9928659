"""What the lists can be narrowed by; each filter stands in the address of the page."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Person
from grids.models import Appointment, Division, Grid, GridKind, HobbyGrid, Role, Sport
from jiaozuo_grid.area import Level, ancestors, is_area_code, within_q
from jiaozuo_grid.lasting import in_force_q, today
from jiaozuo_grid.reach import Actor, reach_of


def _area_code(value: str) -> None:
    if not is_area_code(value):
        raise ValidationError(_("This is not an area code."))


def area_choices(actor: Actor, right: str, chosen: str) -> list[tuple[str, str]]:
    """The areas to choose from: the way down to the chosen one, and what lies directly below it."""
    roots = reach_of(actor).areas_for(right)
    chosen = chosen if is_area_code(chosen) and reach_of(actor).allows(right, chosen) else ""
    here = chosen[: Level.VILLAGE] or (roots[0][: Level.VILLAGE] if len(roots) == 1 else "")
    below = Q(pk__in=Division.objects.children_of(here).values("pk")) if here else Q(pk__in=[])
    shown = within_q(roots) & (
        Q(area_code__in=[*ancestors(here, include_self=True), *roots]) | below
    )
    divisions = Division.objects.filter(shown).values_list("area_code", "name")
    depth = min((len(code) for code in roots), default=0)
    return [
        (code, "　" * len([c for c in ancestors(code) if len(c) >= depth]) + name)
        for code, name in divisions
    ]


class AreaFilter(django_filters.CharFilter):
    """``?within=410882``: at or below an area."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Area"), validators=[_area_code], widget=forms.Select, **options)

    def filter(self, qs: Any, value: Any) -> Any:
        return qs.within(value) if value else qs


class ScopedFilterSet(django_filters.FilterSet):
    """Filters whose choice of areas is the user's own."""

    right = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request is not None and "within" in self.form.fields:
            choices = area_choices(self.request.user, self.right, self.data.get("within", ""))
            self.form.fields["within"].widget.choices = [("", _("All my areas")), *choices]


def below(code: str = "area_code") -> dict[str, Any]:
    """Lookups for the hobby grids of the outer query's grid: an index range, digits only."""
    outer = Cast(OuterRef(code), CharField())
    return {
        "area_code__gte": Concat(outer, Value("00")),
        "area_code__lte": Concat(outer, Value("99")),
    }


class State(django_filters.ChoiceFilter):
    """In force today (unless asked otherwise), ended, or both."""

    def __init__(self) -> None:
        super().__init__(
            label=_("State"),
            choices=[("ended", _("ended")), ("all", _("all"))],
            empty_label=_("in force"),
        )

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        if value == "all":
            return qs
        if value == "ended":
            return qs.filter(ended_on__lte=today())
        return qs.filter(Q(ended_on=None) | Q(ended_on__gt=today()))


class GridFilter(ScopedFilterSet):
    right = "view grids.grid"

    within = AreaFilter()
    q = django_filters.CharFilter(label=_("Name"), field_name="name", lookup_expr="icontains")
    kind = django_filters.ChoiceFilter(
        label=_("Kind"),
        choices=[(GridKind.URBAN, _("urban")), (GridKind.RURAL, _("rural"))],
        empty_label=_("all"),
    )
    leader = django_filters.ChoiceFilter(
        label=_("Grid leader"),
        choices=[("yes", _("with a leader")), ("no", _("without a leader"))],
        method="by_leader",
        empty_label=_("all"),
    )
    sport = django_filters.ModelChoiceFilter(
        label=_("Sport"),
        queryset=Sport.objects.all(),
        to_field_name="code",
        method="by_sport",
        empty_label=_("all"),
    )
    state = State()

    class Meta:
        model = Grid
        fields: list[str] = []

    def by_leader(self, rows: Any, _name: str, value: str) -> Any:
        return rows.led_on(today()) if value == "yes" else rows.without_leader_on(today())

    def by_sport(self, rows: Any, _name: str, sport: Sport) -> Any:
        groups = HobbyGrid.objects.filter(in_force_q(today()), sport=sport, **below())
        return rows.filter(Exists(groups))


class AppointmentFilter(ScopedFilterSet):
    right = "view grids.appointment"

    within = AreaFilter()
    role = django_filters.ChoiceFilter(label=_("Post"), choices=Role.choices, empty_label=_("all"))
    q = django_filters.CharFilter(
        label=pgettext_lazy("person", "Name"), field_name="person__name", lookup_expr="icontains"
    )
    on = django_filters.DateFilter(
        label=_("In force on"),
        method="in_force_on",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    state = State()

    class Meta:
        model = Appointment
        fields: list[str] = []

    def in_force_on(self, rows: Any, _name: str, day: date) -> Any:
        return rows.on(day)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """A day asks for that day; then what ended since is shown too."""
        if self.form.cleaned_data.get("on"):
            self.form.cleaned_data["state"] = "all"
        return super().filter_queryset(queryset)


class PersonFilter(ScopedFilterSet):
    right = "view accounts.person"

    within = AreaFilter()
    q = django_filters.CharFilter(
        label=_("Name, pinyin or mobile number"), method="by_name_or_phone"
    )
    role = django_filters.ChoiceFilter(
        label=_("Post"), choices=Role.choices, method="by_role", empty_label=_("all")
    )

    class Meta:
        model = Person
        fields: list[str] = []

    def by_name_or_phone(self, rows: Any, _name: str, value: str) -> Any:
        return find_people(rows, value)

    def by_role(self, rows: Any, _name: str, role: str) -> Any:
        user = self.request.user if self.request is not None else None
        posts = Appointment.objects.visible_to(user).on(today()).with_role(role)
        return rows.filter(pk__in=posts.values("person"))


def find_people(people: Any, words: str) -> Any:
    """People by part of a name, its pinyin or initials, or by the whole mobile number."""
    return people.called(words)
