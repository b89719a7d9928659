"""What the lists of instructors, promotions and courses can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from grids.filters import AreaFilter, ScopedFilterSet, State
from grids.models import Sport
from grids.people import person_of
from instructors import eligibility
from instructors.models import Course, Instructor, InstructorLevel, Promotion, PromotionState
from jiaozuo_grid.area import within_q
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor, reach_of

_JUDGED = {
    "due": eligibility.due,
    "eligible": eligibility.eligible,
    "inactive": eligibility.inactive,
}


class InstructorFilter(ScopedFilterSet):
    right = "view instructors.instructor"

    within = AreaFilter()
    q = django_filters.CharFilter(label=_("Name, mobile, certificate"), method="by_words")
    level = django_filters.ChoiceFilter(
        label=_("Grade"),
        choices=[*InstructorLevel.choices, ("none", _("no grade yet"))],
        method="by_level",
        empty_label=_("all"),
    )
    sport = django_filters.ModelChoiceFilter(
        label=_("Sport"),
        queryset=Sport.objects.all(),
        to_field_name="code",
        method="by_sport",
        empty_label=_("all"),
    )
    registered = django_filters.ChoiceFilter(
        label=_("Registered this year"),
        choices=[("yes", _("yes")), ("no", _("no"))],
        method="by_registration",
        empty_label=_("all"),
    )
    judged = django_filters.ChoiceFilter(
        label=_("To do"),
        choices=[
            ("due", _("registration is due")),
            ("eligible", _("eligible for promotion")),
            ("inactive", _("inactive")),
        ],
        method="by_judgement",
        empty_label=_("all"),
    )
    state = State()

    class Meta:
        model = Instructor
        fields: list[str] = []

    def by_words(self, rows: Any, _name: str, words: str) -> Any:
        return rows.found(words)

    def by_level(self, rows: Any, _name: str, value: str) -> Any:
        if value == "none":
            return rows.filter(instructor_level__isnull=True)
        return rows.filter(instructor_level=value)

    def by_sport(self, rows: Any, _name: str, sport: Sport) -> Any:
        taught = Instructor.sports.through._default_manager.filter(sport=sport)
        return rows.filter(pk__in=taught.values("instructor"))

    def by_registration(self, rows: Any, _name: str, value: str) -> Any:
        year = today().year
        return rows.registered_in(year) if value == "yes" else rows.not_registered_in(year)

    def by_judgement(self, rows: Any, _name: str, value: str) -> Any:
        return _JUDGED[value](rows)


def waiting_for(actor: Actor, rows: Any) -> Any:
    """The promotions whose next step the actor may take, with their own hands still free."""
    reach = reach_of(actor)
    if reach.everywhere:
        return rows.open()
    mine = Q(pk__in=[])
    for level in InstructorLevel.values:
        for step, state in (
            ("verify", PromotionState.NOMINATED),
            ("approve", PromotionState.VERIFIED),
        ):
            codes = reach.areas_for(f"{step} level {level}")
            mine |= Q(state=state, to_level=level) & within_q(codes)
    own = person_of(actor)
    used = (
        Q(nominated_by__person=own)
        | Q(verified_by__person=own, verified_by__isnull=False)
        | Q(instructor__person=own)
    )
    return rows.filter(mine).exclude(used)


class PromotionFilter(ScopedFilterSet):
    right = "view instructors.promotion"

    within = AreaFilter()
    q = django_filters.CharFilter(label=_("Name or pinyin"), method="by_name")
    level = django_filters.ChoiceFilter(
        label=_("To the grade"),
        field_name="to_level",
        choices=InstructorLevel.choices,
        empty_label=_("all"),
    )
    course = django_filters.ModelChoiceFilter(
        label=_("Course"), queryset=Course.objects.none(), empty_label=_("all")
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[("open", _("all under way")), *PromotionState.choices],
        empty_label=_("waiting for me"),
        method="by_state",
    )

    class Meta:
        model = Promotion
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request is not None:
            field: Any = self.filters["course"].field
            field.queryset = Course.objects.visible_to(self.request.user)

    def by_name(self, rows: Any, _name: str, words: str) -> Any:
        return rows.filter(instructor__person__name_key__icontains=words.strip().lower())

    def by_state(self, rows: Any, _name: str, value: str) -> Any:
        return rows.open() if value == "open" else rows.filter(state=value)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Unless asked otherwise: what waits for the reader."""
        rows: Any = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("state") or self.request is None:
            return rows
        return waiting_for(self.request.user, rows)


class CourseFilter(ScopedFilterSet):
    right = "view instructors.course"

    within = AreaFilter()
    q = django_filters.CharFilter(label=_("Name"), field_name="name", lookup_expr="icontains")
    level = django_filters.ChoiceFilter(
        label=_("For the grade"),
        field_name="instructor_level",
        choices=InstructorLevel.choices,
        empty_label=_("all"),
    )

    class Meta:
        model = Course
        fields: list[str] = []
