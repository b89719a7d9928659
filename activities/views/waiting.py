"""What waits on phones, by person: so a lost phone is noticed. What it held is never shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.actions import dismiss_waiting
from activities.models import WaitingRecord
from activities.waiting_filters import WaitingFilter
from grids.authority import division_names
from grids.models import Appointment
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import BulkAction, Column, ListPage
from jiaozuo_grid.reach import Actor

CHANGE = "change activities.waitingrecord"


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("For example: entered again from paper; the phone is gone."),
    )


def _dismiss(actor: Actor, rows: Sequence[WaitingRecord], data: dict[str, Any]) -> None:
    """All that the actor may change of the people of these rows."""
    of_them = WaitingRecord.objects.editable_by(actor).filter(
        user__in=[row.user_id for row in rows]
    )
    dismiss_waiting(actor, list(of_them), reason=data["reason"])


class WaitingList(ListPage):
    """One row a person, the longest waiting first. Ids and ages are all there is."""

    right = "view activities.waitingrecord"
    heading = gettext_lazy("Waiting on phones")
    template_name = "activities/waiting_list.html"
    filterset_class = WaitingFilter
    export_name = "waiting-on-phones"
    tabular = True
    mark = ("waiting", "user_id")
    bulk_actions = (
        BulkAction(
            "dismiss", gettext_lazy("No longer wait for it"), CHANGE, _dismiss, ReasonForm, True
        ),
    )

    def rows(self) -> QuerySet[Any]:
        """Of each person the record that waits longest, with the counts of all of theirs."""
        visible = WaitingRecord.objects.visible_to(self.request.user)
        own = visible.filter(user=OuterRef("user")).order_by()
        older = own.filter(
            Q(since__lt=OuterRef("since")) | Q(since=OuterRef("since"), pk__lt=OuterRef("pk"))
        )
        return (
            visible.filter(~Exists(older))
            .select_related("user__person")
            .annotate(
                count=_of(own, Count("pk")),
                lost_count=_of(own, Count("lost_at")),
                heard=_of(own, Max("seen_at")),
            )
            .order_by("since", "pk")
        )

    def dress(self, rows: list[Any]) -> None:
        people = {row.user.person_id for row in rows}
        posts: dict[int, Any] = {}
        held = Appointment.objects.filter(person__in=people).on(today())
        for post in sorted(held, key=lambda post: (len(post.area_code), post.area_code)):
            posts.setdefault(post.person_id, post)
        names = division_names(sorted({row.area_code[: Level.VILLAGE] for row in rows}))
        for row in rows:
            row.post = posts.get(row.user.person_id)
            row.place_name = names.get(row.area_code[: Level.VILLAGE], row.area_code)

    def columns(self) -> list[Column]:
        return [
            Column(_("Person"), lambda row: row.user.person.name, name="person", css="nowrap"),
            Column(_("Post"), _post, name="post"),
            Column(_("Place"), lambda row: row.place_name, name="place"),
            Column(_("Waiting"), lambda row: row.count, name="count", number=True),
            Column(_("Since"), lambda row: row.since, name="since", css="nowrap"),
            Column(_("Last heard of"), lambda row: row.heard, name="heard", css="nowrap"),
            Column(_("State"), _state, name="state", shown=_shown_state),
            Column(_("area code"), lambda row: row.area_code, name="code", default=False),
        ]


def _of(own: Any, what: Any) -> Subquery:
    return Subquery(own.values("user").annotate(found=what).values("found"))


def _post(row: Any) -> str:
    return row.post.get_role_display() if row.post else _("no post any more")


def _state(row: Any) -> str:
    if not row.lost_count:
        return _("on a phone")
    return _("%(lost)s of %(count)s lost") % {"lost": row.lost_count, "count": row.count}


def _shown_state(row: Any) -> Any:
    if not row.lost_count:
        return _state(row)
    return format_html('<span class="tag tag-warn">{}</span>', _state(row))
