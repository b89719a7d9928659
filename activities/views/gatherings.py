"""The pages of lectures and events: lists, one of them, writing it down, putting it right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.actions import (
    SessionConflict,
    correct_gathering,
    is_late,
    log_event,
    log_lecture,
    may_amend,
    withdraw_gathering,
)
from activities.filters import EventFilter, LectureFilter
from activities.forms import WithdrawForm
from activities.gatherings.forms import (
    CorrectEventForm,
    CorrectLectureForm,
    LogEventForm,
    LogLectureForm,
)
from activities.gatherings.plausibility import LEVELS, existing
from activities.gatherings.reading import (
    amendments_of,
    dress_gatherings,
    places_to_gather,
    speaker_of,
)
from activities.keyset import Cut, cut
from activities.models import Event, Lecture
from grids.lineage import code_on
from grids.tree import area_at, path_to
from jiaozuo_grid.area import is_area_code
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import (
    PAGE_SIZE,
    Column,
    ListPage,
    Needs,
    add_errors,
    area_crumbs,
    in_words,
    query_without,
)
from jiaozuo_grid.reach import OutOfReach, reach_of


@dataclass(frozen=True)
class Sort:
    """A sort of gathering: its model, forms and action, and what pages call it."""

    key: str
    model: Any
    name: str
    log_form: Any
    correct_form: Any
    log: Any
    log_title: Any
    log_label: Any
    all_label: Any


LECTURE = Sort(
    "lecture",
    Lecture,
    "topic",
    LogLectureForm,
    CorrectLectureForm,
    log_lecture,
    gettext_lazy("Lecture of the sports lecture hall"),
    gettext_lazy("Write down a lecture"),
    gettext_lazy("All lectures"),
)
EVENT = Sort(
    "event",
    Event,
    "title",
    LogEventForm,
    CorrectEventForm,
    log_event,
    gettext_lazy("Event"),
    gettext_lazy("Write down an event"),
    gettext_lazy("All events"),
)


# --- the lists ---


class GatheringList(ListPage):
    """Newest first; a cursor goes on, so no other order."""

    sort: ClassVar[Sort]
    template_name = "activities/gathering_list.html"
    tabular = True
    saved_views = True

    def rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.sort.model.objects.visible_to(self.request.user)
        return rows.order_by("-held_on", "-start_time", "id")

    def page_of(self, request: HttpRequest, rows: QuerySet[Any]) -> Cut:
        query = query_without(request, "cursor")
        try:
            return cut(rows, request.GET.get("cursor", ""), PAGE_SIZE, query)
        except ValueError:
            return cut(rows, "", PAGE_SIZE, query)

    def dress(self, rows: list[Any]) -> None:
        dress_gatherings(rows)

    def context(self) -> dict[str, Any]:
        places = places_to_gather(self.request.user) if self._may_log() else []
        return {
            "log_url": reverse(f"log-{self.sort.key}", args=[places[0][0]]) if places else "",
            "log_label": self.sort.log_label,
        }

    def _may_log(self) -> bool:
        return any(len(code) in LEVELS for code in reach_of(self.request.user).areas_for("log"))

    def named(self, header: Any) -> Column:
        key, name = self.sort.key, self.sort.name
        return Column(
            header,
            lambda row: getattr(row, name),
            name=name,
            link=lambda row: reverse(key, args=[row.pk]),
        )

    def columns(self) -> list[Column]:
        return [
            Column(_("Day"), lambda row: row.held_on, name="day", shown=_day, css="nowrap"),
            Column(_("Where"), lambda row: row.place_name, name="where"),
            Column(_("Participants"), lambda row: row.participants, name="people", number=True),
            Column(_("Start"), lambda row: f"{row.start_time:%H:%M}", name="start", default=False),
            Column(
                _("Minutes"), lambda row: row.minutes, name="minutes", number=True, default=False
            ),
            Column(_("Place"), lambda row: row.place, name="place", default=False),
            Column(_("area code"), lambda row: row.area_code, name="code", default=False),
            Column(_("Note"), lambda row: row.note, name="note", default=False),
            Column(_("withdrawn"), _withdrawn, name="withdrawn", default=False),
        ]


class LectureList(GatheringList):
    right = "view activities.lecture"
    sort = LECTURE
    heading = gettext_lazy("Lectures")
    filterset_class = LectureFilter
    export_name = "lectures"

    def rows(self) -> QuerySet[Any]:
        return super().rows().select_related("speaker")

    def columns(self) -> list[Column]:
        day, where, *rest = super().columns()
        speaker = Column(_("Speaker"), speaker_of, name="speaker")
        return [self.named(_("Topic")), day, where, speaker, *rest]


class EventList(GatheringList):
    right = "view activities.event"
    sort = EVENT
    heading = gettext_lazy("Events")
    filterset_class = EventFilter
    export_name = "events"

    def columns(self) -> list[Column]:
        day, where, *rest = super().columns()
        kind = Column(_("Kind"), lambda row: row.get_event_kind_display(), name="kind")
        return [self.named(_("Title")), kind, day, where, *rest]


def _day(row: Any) -> Any:
    if row.withdrawn_at is None:
        return in_words(row.held_on)
    tag = '{} <span class="tag tag-ended">{}</span>'
    return format_html(tag, in_words(row.held_on), _("withdrawn"))


def _withdrawn(row: Any) -> str:
    return _("yes") if row.withdrawn_at else ""


# --- one of them ---


class About(Needs):
    """A page about the lecture or event in the address."""

    sort: Sort = LECTURE
    amending: ClassVar[bool] = False
    row: Any

    def prepare(self) -> None:
        rows = self.sort.model.objects.visible_to(self.request.user)
        related = ("logged_by__person", *(("speaker",) if self.sort is LECTURE else ()))
        row = rows.select_related(*related).filter(pk=self.kwargs["pk"]).first()
        if row is None:
            raise Http404
        # What is sent is let through even when withdrawn meanwhile: the action knows a resend.
        if self.amending and self.request.method != "POST" and not self.may_amend(row):
            raise Http404
        dress_gatherings([row])
        self.row = row

    def may_amend(self, row: Any) -> bool:
        return may_amend(self.request.user, row)

    def context(self) -> dict[str, Any]:
        return {
            "sort": self.sort,
            "row": self.row,
            "name": getattr(self.row, self.sort.name),
            "page_url": reverse(self.sort.key, args=[self.row.pk]),
        }


class GatheringPage(About):
    """What it says, what it said before, and what may be done with it."""

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        row, reach = self.row, reach_of(request.user)
        amendable = self.may_amend(row)
        context = {
            **self.context(),
            "speaker": speaker_of(row) if self.sort is LECTURE else "",
            "amendments": amendments_of(row, request.user),
            "crumbs": area_crumbs(
                path_to(row.area_code),
                lambda code: reach.allows("view grids.division", code),
                then=getattr(row, self.sort.name),
            ),
            "may_amend": amendable,
            "too_late": row.withdrawn_at is None
            and not amendable
            and is_late(row)
            and reach.allows("log", row.area_code),
            "correction_days": settings.CORRECTION_DAYS,
            "correct_url": reverse(f"{self.sort.key}-correct", args=[row.pk]),
            "withdraw_url": reverse(f"{self.sort.key}-withdraw", args=[row.pk]),
        }
        return render(request, "activities/gathering.html", context)


class AmendGathering(About):
    """What correcting and withdrawing have in common."""

    right = "log"
    amending = True
    template_name: ClassVar[str]
    reasons: ClassVar[list[Any]]

    def form(self, data: Any = None) -> Any:
        raise NotImplementedError

    def act(self, values: dict[str, Any]) -> str:
        raise NotImplementedError

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        return self.page(self.form())

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form)
        try:
            done = self.act(form.cleaned_data)
        except (ValidationError, OutOfReach) as error:
            add_errors(form, error)
            return self.page(form)
        except SessionConflict:
            form.add_error(
                None, _("Somebody changed this record meanwhile. Look at it, then correct it anew.")
            )
            return self.page(form)
        messages.success(request, done)
        return redirect(self.sort.key, self.row.pk)

    def page(self, form: Any) -> HttpResponse:
        context = {**self.context(), "form": form, "reasons": self.reasons}
        return render(self.request, self.template_name, context, status=422 if form.errors else 200)


class CorrectGathering(AmendGathering):
    template_name = "activities/gathering_correct.html"
    reasons = [
        gettext_lazy("number miscounted"),
        gettext_lazy("wrong day or time"),
        gettext_lazy("wrong place"),
    ]

    def form(self, data: Any = None) -> Any:
        return self.sort.correct_form(data, row=self.row, user=self.request.user)

    def act(self, values: dict[str, Any]) -> str:
        correct_gathering(self.request.user, self.row, **values)
        return _("Corrected.")


class WithdrawGathering(AmendGathering):
    template_name = "activities/gathering_withdraw.html"
    reasons = [gettext_lazy("logged twice"), gettext_lazy("did not take place")]

    def form(self, data: Any = None) -> WithdrawForm:
        return WithdrawForm(data, initial={"version": self.row.version})

    def act(self, values: dict[str, Any]) -> str:
        withdraw_gathering(self.request.user, self.row, **values)
        return _("Withdrawn. It counts no more.")


# --- writing it down ---


class LogGathering(Needs):
    """The form of the phone as a page of its own, for who has no script."""

    sort: Sort = LECTURE

    def prepare(self) -> None:
        code = self.kwargs["code"]
        if not is_area_code(code) or len(code) not in LEVELS or not self._may_log(code):
            raise Http404
        area = area_at(code)
        if area is None:
            raise Http404
        self.area = area

    def _may_log(self, code: str) -> bool:
        """Today, or on the day of what was filled in before the user left office."""
        user = self.request.user
        return any(
            reach_of(user, day).allows("log", code) for day in {None, _day_sent(self.request)}
        )

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        if self.area.ended_on is not None and (heir := code_on(code, today())) != code:
            return redirect(f"log-{self.sort.key}", code=heir)
        return self.page(self.form(initial=self.sort.log_form.usual_values(code)))

    def form(self, *data: Any, **options: Any) -> Any:
        return self.sort.log_form(
            *data, user=self.request.user, code=self.area.area_code, **options
        )

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        form = self.form(request.POST, initial={"area_code": code})
        if not form.is_valid():
            return self.page(form)
        try:
            row, created = self.sort.log(request.user, **form.cleaned_data)
        except (ValidationError, OutOfReach) as error:
            add_errors(form, error)
            return self.page(form, existing(error) if isinstance(error, ValidationError) else None)
        except SessionConflict as conflict:
            form.add_error(
                None, _("This record was sent before with other values, and those were kept.")
            )
            stored = form.cleaned_data["id"] if conflict.fields != ["id"] else None
            return self.page(form, stored)
        messages.success(
            request,
            _("Written down.") if created else _("It was sent before and is stored once."),
        )
        sees = self.sort.model.objects.visible_to(request.user).filter(pk=row.pk).exists()
        return redirect(self.sort.key, row.pk) if sees else redirect("home")

    def page(self, form: Any, stored: Any = None) -> HttpResponse:
        """``stored``: the key of what stands already."""
        found = list(self.sort.model.objects.visible_to(self.request.user).filter(pk=stored))
        context = {
            "sort": self.sort,
            "form": form,
            "area": self.area,
            "stored": found[0] if found else None,
            "stored_url": reverse(self.sort.key, args=[found[0].pk]) if found else "",
            "list_url": reverse(f"{self.sort.key}-list"),
        }
        return render(
            self.request,
            "activities/gathering_log.html",
            context,
            status=422 if form.errors else 200,
        )


def _day_sent(request: HttpRequest) -> Any:
    try:
        return parse_date(request.POST.get("held_on", ""))
    except ValueError:
        return None
