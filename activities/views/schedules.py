"""When a hobby grid meets: the page of its schedules, and the forms around their actions."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.actions import change_schedule, end_schedule, set_schedule
from activities.calendar.forms import EndForm, ScheduleForm, beginning_with, values_of
from activities.calendar.preview import preview
from activities.expected import usual_schedule
from activities.models import Schedule
from grids.views.base import AboutArea, AreaForm, crumbs_to
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import Crumb
from jiaozuo_grid.reach import reach_of


class Schedules(AboutArea):
    """When the hobby grid meets, and its next meetings."""

    right = "view activities.schedule"

    def prepare(self) -> None:
        super().prepare()
        may_see = reach_of(self.request.user).allows(self.right, self.code)
        if len(self.code) != Level.HOBBY_GRID or not may_see:
            raise Http404

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        hobby_grid: Any = self.area
        rows = list(Schedule.objects.filter(area_code=code))
        lasting = [row for row in rows if row.ended_on is None or row.ended_on > today()]
        in_force = any(row.in_force(today()) for row in lasting)
        reach = reach_of(request.user)
        context = {
            "area": hobby_grid,
            "crumbs": crumbs_to(request.user, code, then=_("Meeting times")),
            "schedules": lasting,
            "past": [row for row in rows if row not in lasting and row.ended_on != row.started_on],
            "usual": None if in_force else usual_schedule(hobby_grid),
            "preview": preview(hobby_grid, today()),
            "may_change": reach.allows("change activities.schedule", code)
            and not hobby_grid.ended_on,
            "may_log": reach.allows("log", code),
            "today": today(),
        }
        return render(request, "activities/schedules.html", context)


class ScheduleAction(AreaForm):
    """What the forms about schedules have in common."""

    area_right = "change activities.schedule"
    levels = (Level.HOBBY_GRID,)
    template_name = "activities/schedule_form.html"

    def next_url(self, result: Any) -> str:
        return reverse("schedules", args=[self.code])

    def context(self) -> dict[str, Any]:
        crumbs = [*crumbs_to(self.request.user, self.code, then=_("Meeting times"))]
        crumbs[-1] = Crumb(crumbs[-1].name, reverse("schedules", args=[self.code]))
        return {
            **super().context(),
            "crumbs": [*crumbs, Crumb(self.heading())],
            "back": reverse("schedules", args=[self.code]),
        }


class SetSchedule(ScheduleAction):
    form_class = ScheduleForm

    def heading(self) -> Any:
        return _("Add a meeting time")

    def form_arguments(self) -> dict[str, Any]:
        hobby_grid: Any = self.area
        lasting = list(Schedule.objects.filter(area_code=self.code).on(today()))
        return {"initial": beginning_with(hobby_grid, lasting)}

    def act(self, form: ScheduleForm) -> Schedule:
        return set_schedule(self.request.user, self.code, **form.cleaned_data)


class OfSchedule(ScheduleAction):
    """A form about one schedule of the hobby grid."""

    def prepare(self) -> None:
        super().prepare()
        rows = Schedule.objects.filter(area_code=self.code, pk=self.kwargs["pk"])
        schedule = rows.first()
        if schedule is None:
            raise Http404
        self.schedule: Schedule = schedule

    def context(self) -> dict[str, Any]:
        return {**super().context(), "schedule": self.schedule}


class ChangeSchedule(OfSchedule):
    form_class = ScheduleForm

    def heading(self) -> Any:
        return _("Change a meeting time")

    def form_arguments(self) -> dict[str, Any]:
        return {"initial": values_of(self.schedule)}

    def act(self, form: ScheduleForm) -> Schedule:
        values = {**form.cleaned_data}
        on = values.pop("started_on")
        return change_schedule(self.request.user, self.schedule, on=on, **values)


class EndSchedule(OfSchedule):
    form_class = EndForm
    template_name = "activities/end_schedule.html"

    def heading(self) -> Any:
        return _("End a meeting time")

    def act(self, form: EndForm) -> Schedule:
        return end_schedule(self.request.user, self.schedule, on=form.cleaned_data["ended_on"])

    def done(self, result: Any) -> str:
        return _("Ended.")
