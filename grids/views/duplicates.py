"""Two entries that may be one person: side by side, to be merged or told apart."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Person, User
from grids import duplicates, merging
from grids.filters import AreaFilter, ScopedFilterSet, find_people
from grids.forms.appointments import PersonChoice
from grids.models import Appointment, DuplicatePair, PairState, Suspicion
from grids.people import entries_visible_to, people_visible_to
from grids.views.lists import place_names, place_of
from grids.views.people import AboutPerson
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import Column, Crumb, FormPage, ListPage
from jiaozuo_grid.reach import OutOfReach, reach_of

PEOPLE_SHOWN = 20


class DuplicateFilter(ScopedFilterSet):
    right = "view grids.duplicatepair"

    within = AreaFilter()
    why = django_filters.ChoiceFilter(
        label=gettext_lazy("Why"), choices=Suspicion.choices, empty_label=gettext_lazy("all")
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=[(PairState.DIFFERENT.value, PairState.DIFFERENT.label)],
        empty_label=PairState.OPEN.label,
        method="by_state",
    )

    class Meta:
        model = DuplicatePair
        fields: list[str] = []

    def by_state(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(state=value)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Unless asked otherwise: what is to be decided."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") else rows.undecided()


class DuplicateList(ListPage):
    right = "view grids.duplicatepair"
    heading = gettext_lazy("Duplicates")
    template_name = "accounts/duplicate_list.html"
    filterset_class = DuplicateFilter
    export_name = "duplicates"
    tabular = True
    mark = ("pair", "pk")

    def rows(self) -> QuerySet[Any]:
        pairs: Any = duplicates.pairs_visible_to(self.request.user)
        return pairs.select_related("first", "second").order_by("area_code", "pk")

    def dress(self, rows: list[Any]) -> None:
        names = place_names([p.area_code for row in rows for p in (row.first, row.second)])
        for row in rows:
            for person in (row.first, row.second):
                person.place = place_of(person.area_code, names)

    def columns(self) -> list[Column]:
        return [
            Column(
                pgettext_lazy("person", "Name"),
                lambda pair: pair.first.name,
                name="name",
                link=lambda pair: reverse("duplicate", args=[pair.pk]),
            ),
            Column(gettext_lazy("first entry"), lambda p: _entry(p.first), name="first"),
            Column(gettext_lazy("second entry"), lambda p: _entry(p.second), name="second"),
            Column(gettext_lazy("Why"), lambda pair: pair.get_why_display(), name="why"),
        ]


def _entry(person: Any) -> str:
    return f"{person.place} {person.masked_phone}".strip()


class SameForm(forms.Form):
    """Another entry, of those found."""

    other = PersonChoice(
        label=gettext_lazy("The other entry"),
        queryset=Person.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, *args: Any, visible: Any, found: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        other: Any = self.fields["other"]
        other.queryset = visible
        other.widget.choices = [(p.pk, other.label_from_instance(p)) for p in found]


class SameAs(AboutPerson, FormPage):
    """Name another entry that may be the same person, however it is written."""

    form_class = SameForm
    template_name = "accounts/same.html"

    def prepare(self) -> None:
        super().prepare()
        if not reach_of(self.request.user).allows(duplicates.MERGE, self.person.area_code):
            raise PermissionDenied

    def form_arguments(self) -> dict[str, Any]:
        self.words = self.request.GET.get("q", "").strip()
        people = people_visible_to(self.request.user).exclude(pk=self.person.pk)
        words = self.words or self.person.name
        self.found = list(find_people(people, words).order_by("area_code", "pk")[:PEOPLE_SHOWN])
        return {"visible": people, "found": self.found}

    def act(self, form: SameForm) -> DuplicatePair:
        return duplicates.suspect(self.request.user, self.person, form.cleaned_data["other"])

    def done(self, result: DuplicatePair) -> str:
        return _("Compare the two, and decide.")

    def next_url(self, result: DuplicatePair) -> str:
        return reverse("duplicate", args=[result.pk])

    def context(self) -> dict[str, Any]:
        heading = _("Entered twice?")
        return {
            "person": self.person,
            "found": self.found,
            "q": self.words,
            "heading": heading,
            "crumbs": self.crumbs(heading),
            "back": reverse("person", args=[self.person.pk]),
        }


class MergeForm(forms.Form):
    """Which entry is kept; a second press, after what it does was shown, does it."""

    keep = forms.IntegerField(widget=forms.HiddenInput)


class ComparePair(FormPage):
    """Both entries side by side, and what each has."""

    right = "view grids.duplicatepair"
    form_class = MergeForm
    template_name = "accounts/duplicate.html"
    pair: DuplicatePair

    def prepare(self) -> None:
        pairs: Any = duplicates.pairs_visible_to(self.request.user)
        pair = pairs.select_related("first", "second").filter(pk=self.kwargs["pk"]).first()
        if pair is None:
            raise Http404
        self.pair = pair
        if self.request.method == "POST" and not self.may_decide():
            raise PermissionDenied

    def may_decide(self) -> bool:
        return reach_of(self.request.user).allows(duplicates.MERGE, self.pair.area_code)

    def _sides(self, form: MergeForm) -> tuple[Person, Person]:
        people = {self.pair.first_id: self.pair.first, self.pair.second_id: self.pair.second}
        keep = people.pop(form.cleaned_data["keep"], None)
        if keep is None:
            raise forms.ValidationError(_("Choose two entries."))
        return keep, next(iter(people.values()))

    def act(self, form: MergeForm) -> Any:
        keep, drop = self._sides(form)
        self.kept = keep
        rehearse = "confirm" not in self.request.POST
        return merging.merge_people(self.request.user, keep, drop, rehearse=rehearse)

    def finish(self, result: merging.Merged) -> Any:
        if "confirm" in self.request.POST:
            return super().finish(result)
        self.preview = merging.in_words(result)
        return self.page(MergeForm(initial={"keep": self.kept.pk}))

    def done(self, result: merging.Merged) -> str:
        return _("The entries are one now. Today it can still be undone.")

    def next_url(self, result: Any) -> str:
        return reverse("person", args=[self.kept.pk])

    def context(self) -> dict[str, Any]:
        people = [self.pair.first, self.pair.second]
        _dress(people, self.request.user)
        heading = _("One person or two?")
        crumbs = [
            Crumb(_("People"), reverse("person-list")),
            Crumb(_("Duplicates"), reverse("duplicate-list")),
            Crumb(heading),
        ]
        return {
            "pair": self.pair,
            "people": people,
            "heading": heading,
            "crumbs": crumbs,
            "back": reverse("duplicate-list"),
            "may_decide": self.may_decide() and self.pair.state != PairState.MERGED,
            "preview": getattr(self, "preview", None),
            "kept": getattr(self, "kept", None),
        }


def _dress(people: list[Any], user: Any) -> None:
    """For each entry: where, its posts, and how many rows of each kind point to it."""
    keys = [person.pk for person in people]
    posts = list(Appointment.objects.visible_to(user).filter(person__in=keys).on(today()))
    names = place_names([row.area_code for row in (*people, *posts)])
    for person in people:
        person.place = place_of(person.area_code, names)
        person.posts = [post for post in posts if post.person_id == person.pk]
        person.has = []
        for post in person.posts:
            post.place = place_of(post.area_code, names, levels=2)
    for pointer in merging.pointers_to(Person):
        manager: Any = pointer.model._default_manager
        if pointer.model in (DuplicatePair, Appointment) or pointer.model is Person:
            continue
        rows = manager.visible_to(user) if hasattr(manager, "visible_to") else manager.all()
        name = pointer.attname
        counted = rows.filter(**{f"{name}__in": keys}).order_by().values(name)
        found = dict(counted.annotate(n=Count("pk")).values_list(name, "n"))
        for person in people:
            if person.pk in found:
                kind = "account" if pointer.model is User else pointer.model._meta.verbose_name
                label = _("Account") if kind == "account" else str(kind)
                person.has.append((label, found[person.pk]))


class KeepApart(FormPage):
    """They are different people."""

    right = "view grids.duplicatepair"
    form_class = forms.Form
    http_method_names = ["post"]

    def prepare(self) -> None:
        pair = duplicates.pairs_visible_to(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if pair is None:
            raise Http404
        if not reach_of(self.request.user).allows(duplicates.MERGE, pair.area_code):
            raise PermissionDenied
        self.pair = pair

    def act(self, form: forms.Form) -> DuplicatePair:
        return duplicates.keep_apart(self.request.user, self.pair)

    def done(self, result: DuplicatePair) -> str:
        return _("They are different people, and not asked about again.")

    def next_url(self, result: Any) -> str:
        return reverse("duplicate-list")

    def context(self) -> dict[str, Any]:
        return {"heading": _("Duplicates"), "back": self.next_url(None)}


class UndoMerge(FormPage):
    """Part the entries again; ``pk`` is the entry that was dropped."""

    right = "merge people"
    form_class = forms.Form
    http_method_names = ["post"]

    def prepare(self) -> None:
        entries = entries_visible_to(self.request.user).filter(merged_into__isnull=False)
        person = entries.filter(pk=self.kwargs["pk"]).first()
        if person is None:
            raise Http404
        if not reach_of(self.request.user).allows(duplicates.MERGE, person.area_code):
            raise PermissionDenied
        self.person = person
        self.back_to = person.merged_into_id

    def act(self, form: forms.Form) -> int:
        try:
            return merging.undo_merge(self.request.user, self.person)
        except OutOfReach:
            raise PermissionDenied from None

    def done(self, result: int) -> str:
        return _("The entries stand by themselves again.")

    def next_url(self, result: Any) -> str:
        return reverse("person", args=[self.back_to])

    def context(self) -> dict[str, Any]:
        return {"heading": self.person.name, "back": self.next_url(None)}
