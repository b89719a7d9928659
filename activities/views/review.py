"""The township officer's review list: what to look at, and one tap to say that it is as it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.actions.review import find_fine
from activities.models import FlagState, SessionFlag
from activities.reading import dress
from activities.review.filters import FlagFilter
from activities.review.words import find_others, seen
from jiaozuo_grid.pages import BulkAction, Column, ListPage, Needs, in_words
from jiaozuo_grid.reach import Actor, reach_of

VIEW, CHANGE = "view activities.sessionflag", "change activities.sessionflag"


class RemarkForm(forms.Form):
    remark = forms.CharField(
        label=gettext_lazy("Remark"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def _fine(actor: Actor, rows: Sequence[SessionFlag], data: dict[str, Any]) -> None:
    find_fine(actor, rows, data["remark"])


class ReviewList(ListPage):
    """The open flags, the newest first; decided ones when asked for."""

    right = VIEW
    heading = gettext_lazy("Sessions to look at")
    template_name = "activities/review_list.html"
    filterset_class = FlagFilter
    export_name = "sessions-to-look-at"
    tabular = True
    mark = ("flag", "pk")
    bulk_actions = (
        BulkAction("fine", gettext_lazy("It is as it says"), CHANGE, _fine, RemarkForm),
    )

    def rows(self) -> QuerySet[Any]:
        rows = SessionFlag.objects.visible_to(self.request.user)
        return rows.select_related("session", "decided_by__person").order_by("-found_at", "-pk")

    def dress(self, rows: list[Any]) -> None:
        sessions = [row.session for row in rows]
        dress(sessions)
        find_others(self.request.user, rows)
        reach, query = reach_of(self.request.user), self.request.GET.urlencode()
        for row in rows:
            row.may_decide = row.state == FlagState.OPEN and reach.allows(CHANGE, row.area_code)
            row.query = f"?{query}" if query else ""

    def columns(self) -> list[Column]:
        return [
            Column(
                _("Day"),
                lambda row: in_words(row.session.held_on),
                name="session",
                shown=lambda row: f"{row.session.held_on} {row.session.start_time:%H:%M}",
                link=lambda row: reverse("session", args=[row.session_id]),
                css="nowrap",
            ),
            Column(_("Village or community"), lambda row: row.session.village_name, name="village"),
            Column(_("Hobby grid"), _hobby_grid, name="hobby_grid"),
            Column(
                _("Participants"),
                lambda row: row.session.participants,
                name="people",
                number=True,
            ),
            Column(_("To look at"), lambda row: row.get_rule_display(), name="rule"),
            Column(_("What was seen"), seen, name="seen", shown=_seen),
            Column(_("Answer"), lambda row: row.get_state_display(), name="state", shown=_state),
            Column(_("Remark"), lambda row: row.remark, name="remark", default=False),
            Column(_("Found"), lambda row: row.found_at, name="found", default=False),
        ]


def _hobby_grid(row: Any) -> str:
    hobby_grid = row.session.hobby_grid
    return hobby_grid.name if hobby_grid else row.session.area_code


def _seen(row: Any) -> Any:
    if row.other is None:
        return seen(row)
    link = '{} <a href="{}">{}</a>'
    return format_html(link, seen(row), reverse("session", args=[row.other.pk]), row.other)


def _state(row: Any) -> Any:
    """The one tap, where the reader may decide; its form stands above the list."""
    if row.may_decide:
        button = '<button class="btn btn-quiet" form="fine" formaction="{}{}">{}</button>'
        address = reverse("session-flag-fine", args=[row.pk])
        return format_html(button, address, row.query, _("It is as it says"))
    if row.decided_by is None:
        return row.get_state_display()
    return format_html(
        "{} <span class='muted'>{}</span>", row.get_state_display(), row.decided_by.person.name
    )


class FindFine(Needs):
    """The one tap; it leads back to the list, or to the session whose page it was on."""

    right = CHANGE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        flag = SessionFlag.objects.editable_by(request.user).filter(pk=pk).first()
        if flag is None:
            raise Http404
        form = RemarkForm(request.POST)
        if form.is_valid():
            try:
                find_fine(request.user, [flag], form.cleaned_data["remark"])
                messages.success(request, _("Noted: it is as it says."))
            except ValidationError as error:
                messages.error(request, error.messages[0])
        else:
            messages.error(request, _("The remark is too long: 200 characters at most."))
        if "session" in request.POST:
            return redirect("session", flag.session_id)
        query = request.GET.urlencode()
        return redirect(reverse("session-review") + (f"?{query}" if query else ""))
