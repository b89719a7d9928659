"""The list of instructors, and what is done to many of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from grids.models import Sport
from grids.views.lists import above_columns, day_column, place_names, place_of
from instructors import actions, eligibility
from instructors.actions import Outcome
from instructors.filters import InstructorFilter
from instructors.forms import RegisterManyForm
from instructors.models import Certificate, Instructor
from instructors.views.base import VIEW_INSTRUCTOR
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import BulkAction, Column, ListPage, Needs
from jiaozuo_grid.reach import Actor, reach_of

NAMED = 5


def all_or_none(outcome: Outcome[Any]) -> Outcome[Any]:
    """Raise ``ValidationError`` with the first names and reasons where somebody was refused."""
    if outcome.refused:
        texts = [f"{row}: {why}" for row, why in outcome.refused[:NAMED]]
        if len(outcome.refused) > NAMED:
            texts.append(_("and %(n)d more.") % {"n": len(outcome.refused) - NAMED})
        raise ValidationError(texts)
    return outcome


def register(actor: Actor, rows: Sequence[Any], data: dict[str, Any]) -> None:
    all_or_none(actions.register_many(actor, list(rows), data["year"], data["on"]))


def nominate(actor: Actor, rows: Sequence[Any], data: dict[str, Any]) -> None:
    """Each for their own next level."""
    by_level: dict[int | None, list[Instructor]] = defaultdict(list)
    for row in rows:
        by_level[row.next_level].append(row)
    for level, instructors in by_level.items():
        # Who holds the highest grade is refused as whoever is named for their own.
        all_or_none(actions.nominate_many(actor, instructors, 0 if level is None else level))


class InstructorList(ListPage):
    """Instructors; by area or grade, never by what they did."""

    right = VIEW_INSTRUCTOR
    template_name = "instructors/instructor_list.html"
    sheet_key = "instructors"
    filterset_class = InstructorFilter
    export_name = "instructors"
    heading = gettext_lazy("Instructors")
    tabular = True
    saved_views = True
    mark = ("instructor", "pk")
    bulk_actions = (
        BulkAction(
            "register",
            gettext_lazy("Register for a year"),
            "change instructors.registration",
            register,
            RegisterManyForm,
        ),
        BulkAction(
            "nominate", gettext_lazy("Nominate for the next grade"), "nominate level 3", nominate
        ),
    )

    def rows(self) -> QuerySet[Any]:
        rows = Instructor.objects.visible_to(self.request.user).select_related("person")
        return rows.order_by("area_code", "pk")

    def dress(self, rows: list[Any]) -> None:
        names = place_names([row.area_code for row in rows])
        keys = [row.pk for row in rows]
        verdicts = eligibility.judge(rows)
        numbers, sports = _numbers(keys), _sports(keys)
        for row in rows:
            row.place, row.above = place_of(row.area_code, names), names
            row.judgement = verdicts[row.pk]
            row.numbers, row.taught = numbers[row.pk], sports[row.pk]

    def columns(self) -> list[Column]:
        return [
            Column(
                pgettext_lazy("person", "Name"),
                lambda row: row.person.name,
                name="name",
                shown=_name,
                link=lambda row: reverse("instructor", args=[row.pk]),
                sort=("person__name",),
            ),
            Column(
                _("Grade"), lambda row: row.level_name, name="level", sort=("instructor_level",)
            ),
            Column(_("Serves in"), lambda row: row.place, name="place"),
            Column(_("Sports"), lambda row: _("; ").join(row.taught), name="sports"),
            Column(
                _("Registered this year"), lambda row: row.judgement.registered, name="registered"
            ),
            Column(_("To do"), _to_do, name="todo", shown=_to_do_tags),
            Column(
                _("Certificate numbers"),
                lambda row: "; ".join(row.numbers),
                name="certificates",
                css="code",
                default=False,
            ),
            Column(
                _("Mobile number"), lambda row: row.person.masked_phone, name="phone", default=False
            ),
            Column(
                _("Code"),
                lambda row: row.area_code,
                name="code",
                sort=("area_code",),
                css="code",
                default=False,
            ),
            *above_columns(),
            day_column(_("In force from"), "started_on", default=False),
            day_column(_("Ended on"), "ended_on", default=False),
        ]

    def context(self) -> dict[str, Any]:
        reach = reach_of(self.request.user)
        codes = reach.areas_for(VIEW_INSTRUCTOR)
        return {
            "may_enter": reach.allows("change instructors.instructor"),
            "ladder": min(codes, key=len, default=""),
        }


class DueList(Needs):
    """The list, narrowed to those whose registration is due."""

    right = VIEW_INSTRUCTOR

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect(f"{reverse('instructor-list')}?judged=due")


def _numbers(keys: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    held = Certificate.objects.in_force(today()).filter(instructor__in=keys)
    for key, number in held.order_by("granted_on").values_list("instructor", "number"):
        found[key].append(number)
    return found


def _sports(keys: list[int]) -> dict[int, list[str]]:
    names = {sport.pk: str(sport) for sport in Sport.objects.all()}
    found: dict[int, list[str]] = defaultdict(list)
    taught = Instructor.sports.through._default_manager.filter(instructor__in=keys)
    for key, sport in taught.order_by("pk").values_list("instructor", "sport"):
        found[key].append(names[sport])
    return found


def _name(row: Any) -> Any:
    if row.ended_on is None or row.ended_on > today():
        return row.person.name
    return format_html('{} <span class="tag tag-ended">{}</span>', row.person.name, _("ended"))


def to_do(judgement: Any) -> list[tuple[str, str]]:
    """What the rules ask for, as (class of the tag, words)."""
    found = []
    if judgement.due:
        found.append(("tag-warn", _("registration is due")))
    if judgement.inactive:
        found.append(("tag-bad", _("inactive")))
    if judgement.eligible:
        words = _("eligible: %(level)s") % {"level": judgement.next_level_name}
        found.append(("tag-good", words))
    if judgement.promotion is not None:
        found.append(("", _("promotion under way")))
    return found


def _to_do(row: Any) -> str:
    return _("; ").join(words for _css, words in to_do(row.judgement))


def _to_do_tags(row: Any) -> Any:
    return format_html_join(" ", '<span class="tag {}">{}</span>', to_do(row.judgement))
