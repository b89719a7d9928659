"""Training courses: the list, a course with its attendance, and what is done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.views.lists import above_columns, day_column, place_names, place_of
from instructors import actions
from instructors.actions import Outcome
from instructors.filters import CourseFilter
from instructors.forms import CourseForm, EnrolForm, ResultsForm
from instructors.models import Attendance, Course, Instructor, Promotion
from instructors.views.base import villages_of
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import Column, Crumb, FormPage, ListPage, Needs
from jiaozuo_grid.reach import reach_of

VIEW_COURSE = "view instructors.course"
CHANGE_COURSE = "change instructors.course"
FOUND = 50
# More than a course has in practice.
MOST_SHOWN = 500
NAMED = 5


class CourseList(ListPage):
    right = VIEW_COURSE
    template_name = "instructors/course_list.html"
    filterset_class = CourseFilter
    export_name = "courses"
    heading = gettext_lazy("Training courses")
    tabular = True
    saved_views = True
    mark = ("course", "pk")

    def rows(self) -> QuerySet[Any]:
        return Course.objects.visible_to(self.request.user).order_by("-started_on", "-pk")

    def dress(self, rows: list[Any]) -> None:
        names = place_names([row.area_code for row in rows])
        listed = Attendance.objects.filter(course__in=[row.pk for row in rows]).values("course")
        told = listed.annotate(all=Count("pk"), good=Count("pk", filter=Q(passed=True))).order_by()
        counts = {one["course"]: (one["all"], one["good"]) for one in told}
        for row in rows:
            row.place, row.above = place_of(row.area_code, names), names
            row.listed, row.passed = counts.get(row.pk, (0, 0))

    def columns(self) -> list[Column]:
        return [
            Column(
                _("Name"),
                lambda row: row.name,
                name="name",
                link=lambda row: reverse("course", args=[row.pk]),
                sort=("name",),
            ),
            Column(
                _("For the grade"), lambda row: row.get_instructor_level_display(), name="level"
            ),
            Column(_("Where"), lambda row: row.place, name="place"),
            day_column(_("First day"), "started_on"),
            day_column(_("Last day"), "ended_on"),
            Column(_("On the list"), lambda row: row.listed, name="listed", number=True),
            Column(_("Passed"), lambda row: row.passed, name="passed", number=True),
            Column(_("Organiser"), lambda row: row.organiser, name="organiser", default=False),
            *above_columns(),
        ]

    def context(self) -> dict[str, Any]:
        return {"may_open": reach_of(self.request.user).allows(CHANGE_COURSE)}


class OpenCourse(FormPage):
    right = CHANGE_COURSE
    form_class = CourseForm
    template_name = "instructors/form.html"

    def form_arguments(self) -> dict[str, Any]:
        codes = reach_of(self.request.user).areas_for(self.right)
        return {"initial": {"area_code": codes[0] if len(codes) == 1 else ""}}

    def act(self, form: CourseForm) -> Course:
        return actions.open_course(self.request.user, **form.cleaned_data)

    def next_url(self, result: Course) -> str:
        return reverse("course", args=[result.pk])

    def context(self) -> dict[str, Any]:
        heading, back = _("Open a course"), reverse("course-list")
        crumbs = [Crumb(_("Training courses"), back), Crumb(heading)]
        villages = villages_of(self.request.user, self.right)
        return {"heading": heading, "back": back, "crumbs": crumbs, "villages": villages}


class AboutCourse(Needs):
    """A page about a course that the user sees; 404 for all others."""

    right = VIEW_COURSE
    area_right = ""
    course: Course

    def prepare(self) -> None:
        row = Course.objects.visible_to(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if row is None:
            raise Http404
        self.course = row
        if self.area_right and not self.allows(self.area_right):
            raise PermissionDenied

    def allows(self, right: str) -> bool:
        return reach_of(self.request.user).allows(right, self.course.area_code)

    def url(self) -> str:
        return reverse("course", args=[self.course.pk])

    def next_url(self, result: Any) -> str:
        return self.url()

    def crumbs(self, then: str = "") -> list[Crumb]:
        crumbs = [
            Crumb(_("Training courses"), reverse("course-list")),
            Crumb(self.course.name, self.url() if then else ""),
        ]
        return [*crumbs, Crumb(then)] if then else crumbs

    def attendances(self) -> list[Any]:
        """The list, as far as the reader sees it."""
        seen = Attendance.objects.visible_to(self.request.user).filter(course=self.course)
        rows = list(
            seen.select_related("instructor__person").order_by("area_code", "pk")[:MOST_SHOWN]
        )
        names = place_names([row.area_code for row in rows])
        for row in rows:
            row.place = place_of(row.area_code, names, levels=2)
        return rows


class CoursePage(AboutCourse, FormPage):
    """A course and its attendance; a POST records the results."""

    form_class = ResultsForm
    template_name = "instructors/course.html"

    def form_arguments(self) -> dict[str, Any]:
        self.listed = self.attendances()
        return {"course": self.course, "attendances": self.listed}

    def act(self, form: ResultsForm) -> Any:
        if not self.allows("change instructors.attendance"):
            raise PermissionDenied
        return actions.record_results(self.request.user, self.course, form.results())

    def context(self) -> dict[str, Any]:
        reach = reach_of(self.request.user)
        level = self.course.instructor_level
        promotions = {
            row.instructor_id: row
            for row in Promotion.objects.filter(
                course=self.course, instructor__in=[row.instructor_id for row in self.listed]
            ).order_by("pk")
        }
        for row in self.listed:
            row.field = f"passed-{row.pk}"
            row.promotion = promotions.get(row.instructor_id)
        over = self.course.ended_on <= today()
        return {
            "course": self.course,
            "place": place_of(self.course.area_code, place_names([self.course.area_code])),
            "listed": self.listed,
            "passed": sum(row.passed is True for row in self.listed),
            "over": over,
            "may_edit": self.allows(CHANGE_COURSE),
            "may_record": over and self.allows("change instructors.attendance"),
            "may_enrol": self.allows("change instructors.attendance"),
            "may_nominate": level is not None and reach.allows(f"nominate level {level}"),
            "crumbs": self.crumbs(),
        }


class EditCourse(AboutCourse, FormPage):
    area_right = CHANGE_COURSE
    form_class = CourseForm

    def form_arguments(self) -> dict[str, Any]:
        fields = ("name", "instructor_level", "organiser", "started_on", "ended_on", "hours")
        return {"new": False, "initial": {name: getattr(self.course, name) for name in fields}}

    def act(self, form: CourseForm) -> Course:
        return actions.edit_course(self.request.user, self.course, **form.cleaned_data)

    def context(self) -> dict[str, Any]:
        heading = _("Edit")
        return {"heading": heading, "crumbs": self.crumbs(heading), "back": self.url()}


class Enrol(AboutCourse, FormPage):
    """Find instructors and candidates, and put them on the list."""

    area_right = "change instructors.attendance"
    form_class = EnrolForm
    template_name = "instructors/enrol.html"

    @property
    def words(self) -> str:
        return self.request.GET.get("q", "").strip()

    def _visible(self) -> Any:
        seen = Instructor.objects.visible_to(self.request.user).standing(today())
        return seen.select_related("person")

    def _found(self) -> list[Any]:
        rows = self._visible().exclude(attendances__course=self.course)
        level = self.course.instructor_level
        if level is not None:
            below = (
                Q(instructor_level__isnull=True) if level == 3 else Q(instructor_level=level + 1)
            )
            rows = rows.filter(below)
        if self.words:
            rows = rows.found(self.words)
        found = list(rows.order_by("area_code", "pk")[:FOUND])
        names = place_names([row.area_code for row in found])
        for row in found:
            row.place = place_of(row.area_code, names, levels=2)
        return found

    def form_arguments(self) -> dict[str, Any]:
        self.found = self._found()
        return {"visible": self._visible(), "found": self.found}

    def act(self, form: EnrolForm) -> Outcome[Attendance]:
        chosen = list(form.cleaned_data["instructors"])
        return actions.enrol(self.request.user, self.course, chosen)

    def finish(self, result: Outcome[Attendance]) -> HttpResponse:
        tell(self.request, result, _("%(n)d are put on the list."))
        return redirect(self.url())

    def context(self) -> dict[str, Any]:
        heading = _("Enrol")
        return {
            "course": self.course,
            "q": self.words,
            "found": self.found,
            "heading": heading,
            "crumbs": self.crumbs(heading),
            "back": self.url(),
        }


class NominateClass(AboutCourse, FormPage):
    """Nominate everybody who passed and is not nominated yet."""

    form_class = Form
    template_name = "instructors/nominate_class.html"

    def prepare(self) -> None:
        super().prepare()
        level = self.course.instructor_level
        reach = reach_of(self.request.user)
        if level is None or not reach.allows(f"nominate level {level}"):
            raise PermissionDenied
        self.level = level

    def waiting(self) -> list[Instructor]:
        """Who passed and has not been nominated from this course."""
        nominated = Promotion.objects.filter(course=self.course).exclude(
            state__in=("refused", "withdrawn")
        )
        passed = Attendance.objects.visible_to(self.request.user).filter(
            course=self.course, passed=True
        )
        rows = passed.exclude(instructor__in=nominated.values("instructor"))
        rows = rows.select_related("instructor__person").order_by("area_code", "pk")
        return [row.instructor for row in rows]

    def act(self, form: Form) -> Outcome[Promotion]:
        return actions.nominate_many(
            self.request.user, self.waiting(), self.level, course=self.course
        )

    def finish(self, result: Outcome[Promotion]) -> HttpResponse:
        tell(self.request, result, _("%(n)d are nominated."))
        return redirect(self.url())

    def context(self) -> dict[str, Any]:
        heading = _("Nominate all who passed")
        return {
            "course": self.course,
            "waiting": self.waiting(),
            "heading": heading,
            "crumbs": self.crumbs(heading),
            "back": self.url(),
        }


def tell(request: HttpRequest, outcome: Outcome[Any], done: str) -> None:
    """Say how many it worked for, and for whom it did not and why."""
    if outcome.done:
        messages.success(request, done % {"n": len(outcome.done)})
    for row, why in outcome.refused[:NAMED]:
        messages.warning(request, f"{row}: {why}")
    if len(outcome.refused) > NAMED:
        messages.warning(request, _("and %(n)d more.") % {"n": len(outcome.refused) - NAMED})
    if not outcome.done and not outcome.refused:
        messages.info(request, _("There was nobody left to do this for."))
