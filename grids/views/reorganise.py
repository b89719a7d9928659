"""Changes of the map: choose, fill in, look at the preview, confirm; the record, and undoing."""

from __future__ import annotations

from typing import Any

import django_filters
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.filters import AreaFilter, ScopedFilterSet
from grids.forms.reorganise import MergeForm, RenumberForm, SplitForm, TargetForm
from grids.models import Change, Division, Grid, HobbyGrid, Reorganisation
from grids.places import followers
from grids.reorganise import Rehearsed, Report, Terms, may_undo
from grids.reorganise.work import KIND, UNDO, carry_out
from grids.views.base import AboutArea, AreaForm, crumbs_to
from grids.views.lists import scope_names
from jiaozuo_grid.area import Level
from jiaozuo_grid.jobs import start_job
from jiaozuo_grid.pages import Column, Crumb, ListPage, Needs, add_errors
from jiaozuo_grid.reach import Actor, OutOfReach, reach_of

DIVISIONS, GRIDS = "reorganise divisions", "reorganise grids"


class Choice:
    """A change of the map on offer at an area."""

    def __init__(self, kind: Change, levels: tuple[int, ...], right: str, says: Any) -> None:
        self.kind, self.levels, self.right, self.says = kind, levels, right, says

    @property
    def slug(self) -> str:
        return self.kind.value.replace("_", "-")


CHOICES = [
    Choice(
        Change.MERGE_DIVISION,
        (Level.VILLAGE,),
        DIVISIONS,
        gettext_lazy("Its grids, people and books become part of another village's."),
    ),
    Choice(
        Change.RENUMBER_DIVISION,
        (Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY),
        DIVISIONS,
        gettext_lazy(
            "It goes on under another code, with another name if need be, and everything below it."
        ),
    ),
    Choice(
        Change.SPLIT_GRID,
        (Level.GRID,),
        GRIDS,
        gettext_lazy("Two or more grids take its place; each hobby grid goes to one of them."),
    ),
    Choice(
        Change.MERGE_GRID,
        (Level.GRID,),
        GRIDS,
        gettext_lazy("Its hobby grids and members become part of another grid."),
    ),
    Choice(
        Change.MOVE_HOBBY_GRID,
        (Level.HOBBY_GRID,),
        GRIDS,
        gettext_lazy("It belongs to another grid, or serves the whole village."),
    ),
]


def choices_at(actor: Actor, code: str) -> list[Choice]:
    """The changes that the user may make of the area at ``code``."""
    reach = reach_of(actor)
    return [c for c in CHOICES if len(code) in c.levels and reach.allows(c.right, code)]


class ReorganiseArea(AboutArea):
    """Which change is it?"""

    def prepare(self) -> None:
        super().prepare()
        self.choices = choices_at(self.request.user, self.code)
        if not self.choices:
            raise PermissionDenied

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        heading = _("Change the map")
        context = {
            "area": self.area,
            "heading": heading,
            "crumbs": crumbs_to(request.user, code, then=heading),
            "choices": self.choices,
        }
        return render(request, "grids/reorganise.html", context)


class Reorganise(AreaForm):
    """One change: the form, its preview (the change itself, rolled back), and the job."""

    choice: Choice

    def prepare(self) -> None:
        found = [c for c in CHOICES if c.slug == self.kwargs["kind"]]
        if not found:
            raise Http404
        self.choice = found[0]
        self.levels = self.choice.levels
        self.area_right = self.choice.right
        super().prepare()

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        if self.choice.kind == Change.SPLIT_GRID:
            return SplitForm
        if self.choice.kind == Change.MERGE_DIVISION:
            return MergeForm
        return RenumberForm if self.choice.kind == Change.RENUMBER_DIVISION else TargetForm

    @property
    def template_name(self) -> str:  # type: ignore[override]
        return "grids/split_grid.html" if self.choice.kind == Change.SPLIT_GRID else "form.html"

    def heading(self) -> Any:
        return f"{self.area.name} · {self.choice.kind.label}"

    def form_arguments(self) -> dict[str, Any]:
        if self.choice.kind == Change.SPLIT_GRID:
            groups = HobbyGrid.objects.within(self.code).filter(ended_on=None)
            return {"grid": self.area, "groups": groups.select_related("sport")}
        if self.choice.kind == Change.RENUMBER_DIVISION:
            return {"division": self.area}
        label = _("Moves to") if self.choice.kind == Change.MOVE_HOBBY_GRID else _("Merges into")
        return {"choices": targets(self.request.user, self.choice, self.code), "label": label}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        form = self.form_class(data=request.POST, **self.form_arguments())
        if not form.is_valid():
            return self.page(form)
        params = form.params()
        try:
            if request.POST.get("agreed") and "back" not in request.POST:
                return self.start(params, request.POST["agreed"])
            if "back" in request.POST:
                return self.page(form)
            return self.preview(form, self.rehearsed(params))
        except (ValidationError, OutOfReach) as error:
            add_errors(form, error)
            return self.page(form)

    def rehearsed(self, params: dict[str, Any]) -> Report:
        terms = Terms(rehearse=True)
        try:
            carry_out(self.request.user, self.choice.kind, self.code, terms, **params)
        except Rehearsed as rehearsal:
            return rehearsal.report
        raise AssertionError("a rehearsal ends by being rolled back")

    def preview(self, form: Any, report: Report) -> HttpResponse:
        context = {
            **self.context(),
            "form": form,
            "report": report,
            **moved_in_words(report.moved),
            "on": form.cleaned_data["on"],
        }
        return render(self.request, "grids/reorganise_preview.html", context)

    def start(self, params: dict[str, Any], agreed: str) -> HttpResponse:
        job = start_job(
            KIND,
            self.request.user,
            key=f"{KIND}:{self.code[: Level.COUNTY]}",
            change=self.choice.kind.value,
            source=self.code,
            agreed=agreed,
            **params,
        )
        return redirect(job)


def moved_in_words(moved: dict[str, int]) -> dict[str, list[tuple[str, int]]]:
    """(what, how many) of each kind of row that moves, and of what only follows these."""
    words: dict[str, list[tuple[str, int]]] = {"moved": [], "follows": []}
    for label, count in moved.items():
        model = apps.get_model(label)
        kind = "follows" if model in followers() else "moved"
        words[kind].append((str(model._meta.verbose_name_plural), count))
    return words


def targets(actor: Actor, choice: Choice, code: str) -> list[tuple[str, Any]]:
    """Where it may go: villages of the county, or grids of the township, grouped."""
    if choice.kind == Change.MERGE_DIVISION:
        near, group_digits = code[: Level.COUNTY], Level.TOWNSHIP
        rows: Any = Division.objects.within(near).villages()
    else:
        near, group_digits = code[: Level.TOWNSHIP], Level.VILLAGE
        rows = Grid.objects.within(near)
    standing = rows.filter(ended_on=None).exclude(area_code=code)
    reach = reach_of(actor)
    groups: dict[str, list[tuple[str, str]]] = {}
    if choice.kind == Change.MOVE_HOBBY_GRID:
        for village in Division.objects.within(near).villages().filter(ended_on=None):
            whole = (village.area_code, _("the whole village"))
            groups.setdefault(village.area_code, []).append(whole)
    for target, name in standing.order_by("area_code").values_list("area_code", "name"):
        groups.setdefault(target[:group_digits], []).append((target, name))
    names = dict(Division.objects.filter(area_code__in=groups).values_list("area_code", "name"))
    return [
        (names.get(group, group), allowed)
        for group, rows in groups.items()
        if (allowed := [row for row in rows if reach.allows(choice.right, row[0])])
    ]


class ReorganisationFilter(ScopedFilterSet):
    right = "view grids.reorganisation"

    within = AreaFilter()
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind"), choices=Change.choices, empty_label=gettext_lazy("all")
    )

    class Meta:
        model = Reorganisation
        fields: list[str] = []


class ReorganisationList(ListPage):
    right = "view grids.reorganisation"
    template_name = "grids/reorganisation_list.html"
    filterset_class = ReorganisationFilter
    export_name = "reorganisations"

    def rows(self) -> QuerySet[Any]:
        rows = Reorganisation.objects.visible_to(self.request.user)
        return rows.select_related("done_by__person").order_by("-on", "-pk")

    def columns(self) -> list[Column]:
        names = scope_names(self.request.user)
        return [
            Column(gettext_lazy("from day"), lambda row: row.on),
            Column(gettext_lazy("what happened"), lambda row: row.title),
            Column(gettext_lazy("area"), lambda row: names.get(row.area_code[:12], "")),
            Column(gettext_lazy("decision or reason"), lambda row: row.reason),
            Column(gettext_lazy("undone at"), lambda row: row.undone_at),
        ]


class ReorganisationPage(Needs):
    """The record of one change; on its day it can be undone here."""

    right = "view grids.reorganisation"

    def prepare(self) -> None:
        seen = Reorganisation.objects.visible_to(self.request.user)
        found = seen.select_related("done_by__person").filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        self.reorganisation = found

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not may_undo(request.user, self.reorganisation):
            raise PermissionDenied
        code = self.reorganisation.source_code
        key = f"{KIND}:{code[: Level.COUNTY]}"
        return redirect(start_job(UNDO, request.user, key=key, reorganisation=pk))

    def page(self) -> HttpResponse:
        row = self.reorganisation
        context = {
            "row": row,
            "report": row.summary,
            **moved_in_words(row.summary.get("moved", {})),
            "may_undo": may_undo(self.request.user, row),
            "crumbs": [
                Crumb(_("Changes of the map"), reverse("reorganisation-list")),
                Crumb(row.title),
            ],
        }
        return render(self.request, "grids/reorganisation.html", context)
