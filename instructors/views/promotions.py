"""Promotions: what waits for the reader, the page of one, and its steps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from grids.people import person_of
from grids.views.lists import above_columns, place_names, place_of
from instructors import actions, eligibility
from instructors.actions import Grant
from instructors.actions.certificates import DECIDED_OUTSIDE
from instructors.filters import PromotionFilter
from instructors.forms import ApproveForm, ApproveManyForm, ReasonForm
from instructors.models import Promotion, PromotionState
from instructors.views.base import InstructorForm
from instructors.views.lists import all_or_none
from jiaozuo_grid.pages import BulkAction, Column, Crumb, FormPage, ListPage, Needs
from jiaozuo_grid.reach import Actor, reach_of

VIEW_PROMOTION = "view instructors.promotion"


def verify(actor: Actor, rows: Sequence[Any], data: dict[str, Any]) -> None:
    all_or_none(actions.verify_many(actor, list(rows)))


def approve(actor: Actor, rows: Sequence[Any], data: dict[str, Any]) -> None:
    """Each with the next number, in the order of the list."""
    numbers = counted_up(data["first_number"], len(rows))
    grants = {
        row: Grant(row.to_level, number, data["granted_on"], data["granted_by"])
        for row, number in zip(rows, numbers, strict=True)
    }
    all_or_none(actions.approve_many(actor, grants))


def counted_up(first: str, count: int) -> list[str]:
    """ "JZ2026-009", "JZ2026-010", …; ``ValidationError`` where there is nothing to count up."""
    found = re.search(r"[0-9]+$", first)
    if found is None:
        if count == 1:
            return [first]
        raise ValidationError(
            {"first_number": _("The number must end in digits, so that it can count up.")}
        )
    digits, stem = found.group(), first[: found.start()]
    return [f"{stem}{int(digits) + n:0{len(digits)}d}" for n in range(count)]


class PromotionList(ListPage):
    """What waits for the reader, unless another state is chosen."""

    right = VIEW_PROMOTION
    template_name = "instructors/promotion_list.html"
    filterset_class = PromotionFilter
    export_name = "promotions"
    heading = gettext_lazy("Promotions")
    tabular = True
    saved_views = True
    mark = ("promotion", "pk")
    bulk_actions = (
        BulkAction("verify", gettext_lazy("Verify"), "verify level 3", verify),
        BulkAction("approve", gettext_lazy("Approve"), "approve level 3", approve, ApproveManyForm),
    )

    def rows(self) -> QuerySet[Any]:
        rows = Promotion.objects.visible_to(self.request.user)
        return rows.select_related(
            "instructor__person", "course", "nominated_by__person", "verified_by__person"
        ).order_by("area_code", "pk")

    def dress(self, rows: list[Any]) -> None:
        names = place_names([row.area_code for row in rows])
        for row in rows:
            row.place, row.above = place_of(row.area_code, names), names

    def columns(self) -> list[Column]:
        return [
            Column(
                pgettext_lazy("person", "Name"),
                lambda row: row.instructor.person.name,
                name="name",
                link=lambda row: reverse("promotion", args=[row.pk]),
                sort=("instructor__person__name",),
            ),
            Column(
                _("To the grade"),
                lambda row: row.get_to_level_display(),
                name="level",
                sort=("to_level",),
            ),
            Column(_("State"), lambda row: row.get_state_display(), name="state"),
            Column(_("Serves in"), lambda row: row.place, name="place"),
            Column(_("Course"), lambda row: row.course, name="course"),
            Column(_("Nominated by"), lambda row: row.nominated_by.person.name, name="nominated"),
            Column(
                _("Nominated on"),
                lambda row: _day(row.nominated_at),
                name="nominated_on",
                sort=("nominated_at",),
                css="nowrap",
            ),
            Column(
                _("Verified by"),
                lambda row: row.verified_by.person.name if row.verified_by else "",
                name="verified",
                default=False,
            ),
            *above_columns(),
        ]


def _day(at: Any) -> date:
    return timezone.localtime(at).date()


class AboutPromotion(Needs):
    """A page about a promotion that the user sees; 404 for all others."""

    right = VIEW_PROMOTION
    step = ""
    promotion: Promotion

    def prepare(self) -> None:
        rows = Promotion.objects.visible_to(self.request.user).select_related(
            "instructor__person",
            "course",
            "nominated_by__person",
            "verified_by__person",
            "decided_by__person",
            "certificate",
        )
        row = rows.filter(pk=self.kwargs["pk"]).first()
        if row is None:
            raise Http404
        self.promotion = row
        if self.step and not self.may(self.step):
            raise PermissionDenied

    def may(self, step: str) -> bool:
        """Whether the reader may take the step, asked as the action will ask."""
        row, own = self.promotion, person_of(self.request.user)
        if step == "refuse":
            step = "verify" if row.state == PromotionState.NOMINATED else "approve"
        elif step in ("verify", "approve"):
            hands = (row.nominated_by, row.verified_by)
            if any(hand is not None and hand.person_id == own for hand in hands):
                return False
        right = {"withdraw": "nominate"}.get(step, step)
        if right != "nominate" and row.instructor.person_id == own:
            return False
        return reach_of(self.request.user).allows(f"{right} level {row.to_level}", row.area_code)

    def url(self) -> str:
        return reverse("promotion", args=[self.promotion.pk])

    def crumbs(self, then: str = "") -> list[Crumb]:
        name = str(self.promotion)
        crumbs = [
            Crumb(_("Promotions"), reverse("promotion-list")),
            Crumb(name, self.url() if then else ""),
        ]
        return [*crumbs, Crumb(then)] if then else crumbs


class PromotionPage(AboutPromotion):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.promotion
        verdict = eligibility.judge([row.instructor])[row.instructor_id]
        names = place_names([row.area_code])
        nominated = row.state == PromotionState.NOMINATED
        verified = row.state == PromotionState.VERIFIED
        context = {
            "promotion": row,
            "place": place_of(row.area_code, names),
            "conditions": verdict.conditions if row.is_open else [],
            "may_verify": nominated and self.may("verify"),
            "may_approve": verified and self.may("approve"),
            "may_refuse": row.is_open and self.may("refuse"),
            "may_withdraw": row.is_open and self.may("withdraw"),
            "outside": row.to_level in DECIDED_OUTSIDE,
            "own_hand": row.is_open and self._own_hand(),
            "crumbs": self.crumbs(),
        }
        return render(request, "instructors/promotion.html", context)

    def _own_hand(self) -> bool:
        own, row = person_of(self.request.user), self.promotion
        hands = (row.nominated_by, row.verified_by)
        return any(hand is not None and hand.person_id == own for hand in hands)


class _Step(AboutPromotion, FormPage):
    """A form around one step of a promotion."""

    def heading(self) -> str:
        raise NotImplementedError

    def next_url(self, result: Any) -> str:
        return self.url()

    def done(self, result: Promotion) -> str:
        return _("The promotion is now: %(state)s.") % {"state": result.get_state_display()}

    def context(self) -> dict[str, Any]:
        heading = self.heading()
        return {
            "promotion": self.promotion,
            "heading": heading,
            "crumbs": self.crumbs(heading),
            "back": self.url(),
        }


class Verify(_Step):
    step = "verify"
    form_class = Form
    template_name = "instructors/verify.html"

    def heading(self) -> str:
        return _("Verify")

    def act(self, form: Form) -> Promotion:
        return actions.verify(self.request.user, self.promotion)


class Approve(_Step):
    step = "approve"
    form_class = ApproveForm
    template_name = "instructors/approve.html"

    def heading(self) -> str:
        if self.promotion.to_level in DECIDED_OUTSIDE:
            return _("Record the decision")
        return _("Approve")

    def act(self, form: ApproveForm) -> Promotion:
        grant = Grant(level=self.promotion.to_level, **form.cleaned_data)
        return actions.approve(self.request.user, self.promotion, grant)

    def context(self) -> dict[str, Any]:
        outside = self.promotion.to_level in DECIDED_OUTSIDE
        return {**super().context(), "outside": outside}


class Refuse(_Step):
    step = "refuse"
    form_class = ReasonForm
    template_name = "instructors/refuse.html"

    def heading(self) -> str:
        return _("Refuse")

    def act(self, form: ReasonForm) -> Promotion:
        return actions.refuse(self.request.user, self.promotion, reason=form.cleaned_data["reason"])


class Withdraw(_Step):
    step = "withdraw"
    form_class = ReasonForm
    template_name = "instructors/refuse.html"

    def heading(self) -> str:
        return _("Withdraw the nomination")

    def act(self, form: ReasonForm) -> Promotion:
        return actions.withdraw(
            self.request.user, self.promotion, reason=form.cleaned_data["reason"]
        )


class Nominate(InstructorForm):
    """For the next level, with what the rules say beside it."""

    form_class = Form
    template_name = "instructors/nominate.html"

    def prepare(self) -> None:
        super().prepare()
        level = self.instructor.next_level
        if level is None or self.is_own or not self.allows(f"nominate level {level}"):
            raise PermissionDenied
        self.level = level

    def heading(self) -> str:
        return _("Nominate")

    def act(self, form: Form) -> Promotion:
        return actions.nominate(self.request.user, self.instructor, self.level)

    def done(self, result: Promotion) -> str:
        return _("%(name)s is nominated.") % {"name": self.instructor.person.name}

    def next_url(self, result: Promotion) -> str:
        return reverse("promotion", args=[result.pk])

    def context(self) -> dict[str, Any]:
        verdict = eligibility.judge([self.instructor])[self.instructor.pk]
        return {**super().context(), "judgement": verdict}
