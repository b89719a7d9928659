"""Paper catch-up: choose village and week, then one sheet that needs only the keyboard."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.actions.paper import Outcome, log_paper
from activities.models import Session
from activities.paper.forms import FREE_ROWS, MOST_ROWS, Paper, PaperRow
from activities.paper.sheet import Sheet, first_week, number_of, week_of, weeks
from activities.reading import villages_to_log
from grids.models import Division
from jiaozuo_grid.area import Level, is_area_code
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import Crumb, Needs
from jiaozuo_grid.reach import reach_of


def enters_villages(user: Any) -> bool:
    """Whether the user logs for whole villages: the others have their own groups on the phone."""
    return any(len(code) <= Level.VILLAGE for code in reach_of(user).areas_for("log"))


class PaperChoice(Needs):
    """Which village, which week."""

    right = "log"

    def prepare(self) -> None:
        if not enters_villages(self.request.user):
            raise PermissionDenied

    def get(self, request: HttpRequest) -> HttpResponse:
        village, week = request.GET.get("village", ""), request.GET.get("week", "")
        if is_area_code(village) and len(village) == Level.VILLAGE:
            return redirect(f"{reverse('paper-sheet', args=[village])}?week={_monday(week)}")
        context = {"villages": villages_to_log(request.user), "weeks": weeks()}
        return render(request, "activities/paper_choice.html", context)


def _monday(asked: str) -> date:
    """The Monday that is asked for: this week's for nonsense, the nearest of those allowed."""
    try:
        day = parse_date(asked) or today()
    except ValueError:
        day = today()
    # The last days of the calendar have no whole week.
    return week_of(min(max(day, first_week()), today()))


@dataclass(frozen=True)
class Line:
    """A line of the sheet: a row that asks, or what is known already."""

    when: tuple[str, str]
    form: PaperRow | None = None
    session: Any = None
    called_off: Any = None
    hobby_grid: Any = None
    day: Any = None


class PaperSheet(Needs):
    """The sheet of a village and a week: good rows are saved, faulty ones stay as typed."""

    right = "log"

    def prepare(self) -> None:
        code = self.kwargs["code"]
        if len(code) != Level.VILLAGE or not is_area_code(code):
            raise Http404
        village = Division.objects.filter(area_code=code).first()
        if village is None or not reach_of(self.request.user).allows("log", code):
            raise Http404
        self.sheet = Sheet(village, _monday(self.request.GET.get("week", "")))

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        free = [{"id": uuid.uuid4()} for _n in range(FREE_ROWS)]
        # What does not fit is asked when these are saved.
        asked = self.sheet.asked()[: MOST_ROWS - FREE_ROWS]
        return self.page(Paper(initial=[*asked, *free], **self.arguments()))

    def arguments(self) -> dict[str, Any]:
        return {"form_kwargs": {"sheet": self.sheet}}

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        paper: Any = Paper(request.POST, **self.arguments())
        if not paper.management_form.is_valid():
            messages.error(request, _("This page was not complete. Enter the rows again."))
            return redirect(self.address)
        used = [form for form in paper.forms if not form.skipped]
        readable = [form for form in used if form.is_valid()]
        outcomes = log_paper(request.user, [form.session() for form in readable])
        for form, outcome in zip(readable, outcomes, strict=True):
            if outcome.refusal is not None:
                form.refuse(outcome.refusal)
                form.instead = outcome.instead
        self.tell(outcomes)
        faulty = [form for form in used if form.errors]
        if not used:
            messages.warning(request, _("No number was entered."))
        if not faulty:
            return redirect(self.address)
        saved = {id(form) for form in readable if not form.errors}
        return self.page(paper, [form for form in paper.forms if id(form) not in saved], faulty)

    @property
    def address(self) -> str:
        base = reverse("paper-sheet", args=[self.sheet.village.area_code])
        return f"{base}?week={self.sheet.monday}"

    def tell(self, outcomes: list[Outcome]) -> None:
        new = sum(outcome.new for outcome in outcomes)
        known = sum(outcome.session is not None and not outcome.new for outcome in outcomes)
        if new:
            said = ngettext("%(n)s session logged.", "%(n)s sessions logged.", new) % {"n": new}
            messages.success(self.request, said)
        if known:
            said = ngettext(
                "%(n)s session was logged before; it stands once.",
                "%(n)s sessions were logged before; each stands once.",
                known,
            ) % {"n": known}
            messages.info(self.request, said)

    def page(
        self, paper: Any, forms: list[Any] | None = None, faulty: list[Any] | None = None
    ) -> HttpResponse:
        forms = paper.forms if forms is None else forms
        self.name_stored(faulty or [])
        asked = [form for form in forms if form.hobby_grid is not None]
        free = [form for form in forms if form.hobby_grid is None]
        for number, form in enumerate(asked):
            _label(form)
            if number == 0 and not faulty:
                form.fields["participants"].widget.attrs["autofocus"] = True
        village = self.sheet.village
        context = {
            "sheet": self.sheet,
            "paper": paper,
            "lines": self.lines(asked),
            "free": free,
            "spare": Paper(prefix=paper.prefix, **self.arguments()).empty_form,
            "most": MOST_ROWS,
            "groups": [(number_of(code), row) for code, row in self.sheet.groups.items()],
            "faulty": len(faulty or []),
            "crumbs": [Crumb(_("Paper sheets"), reverse("paper")), Crumb(village.name)],
            "before": week_of(self.sheet.monday) > first_week(),
            "after": self.sheet.sunday < today(),
        }
        return render(self.request, "activities/paper.html", context, status=422 if faulty else 200)

    def lines(self, asked: list[Any]) -> list[Line]:
        """What is asked and what is known, in order of time."""
        groups, sheet = self.sheet.groups, self.sheet
        days = {day.isoformat(): day for day in sheet.days}
        found = [
            Line(
                (str(form["day"].value()), str(form["start"].value())),
                form=form,
                hobby_grid=form.hobby_grid,
                day=days.get(str(form["day"].value())),
            )
            for form in asked
        ]
        for session in sheet.logged:
            when = (session.held_on.isoformat(), f"{session.start_time:%H:%M}")
            group = groups.get(session.area_code)
            found.append(Line(when, session=session, hobby_grid=group, day=session.held_on))
        for one in sheet.called_off:
            meeting, when = one.meeting, (one.meeting.day.isoformat(), f"{one.meeting.start:%H:%M}")
            group = groups.get(meeting.code)
            found.append(Line(when, called_off=one, hobby_grid=group, day=meeting.day))
        return sorted(found, key=lambda line: line.when)

    def name_stored(self, faulty: list[Any]) -> None:
        """Give each refused row the session that stands instead, where the user may see it."""
        keys = [form.instead for form in faulty if getattr(form, "instead", None)]
        rows = Session.objects.visible_to(self.request.user).filter(pk__in=keys) if keys else []
        stored = {str(row.pk): row for row in rows}
        for form in faulty:
            form.stored = stored.get(getattr(form, "instead", None) or "")


def _label(form: Any) -> None:
    """Cells of a table have no label of their own; a reader of screens needs one."""
    for name in ("participants", "start", "minutes"):
        field = form.fields[name]
        said = f"{form.hobby_grid.name} {form['day'].value()} {field.label}"
        field.widget.attrs["aria-label"] = said
