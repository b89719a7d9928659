"""The administration of instructors: entered by the action, everything else is only read here."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

from accounts.scoped_admin import ScopedModelAdmin
from grids.admin_scope import AreaFilter
from instructors import actions
from instructors.models import (
    Attendance,
    Certificate,
    Course,
    Instructor,
    InstructorPlace,
    Promotion,
    Registration,
    Service,
)


@admin.register(Instructor)
class InstructorAdmin(ScopedModelAdmin):
    """A person is entered as a candidate; the grade comes with certificates, on their page."""

    may_add = True
    list_display = ["person", "instructor_level", "area_code", "started_on", "ended_on"]
    list_filter = [AreaFilter, "instructor_level"]
    list_select_related = ["person"]
    search_fields = ["person__name", "^area_code"]
    autocomplete_fields = ["person"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        facts = ["person", "area_code"]
        return [*facts, "instructor_level", "started_on", "ended_on"] if obj else facts

    def view_on_site(self, obj: Instructor) -> str:
        return reverse("instructor", args=[obj.pk])

    def write(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Instructor:
        return actions.enter_instructor(request.user, obj.person, obj.area_code)


class _BookAdmin(ScopedModelAdmin):
    """Written on the instructor's own page; here only read."""

    list_filter: ClassVar[list[Any]] = [AreaFilter]
    list_select_related: Any = ["instructor__person"]
    search_fields: Any = ["instructor__person__name", "^area_code"]

    def view_on_site(self, obj: Any) -> str:
        return reverse("instructor", args=[obj.instructor_id])


@admin.register(InstructorPlace)
class InstructorPlaceAdmin(_BookAdmin):
    list_display = ["instructor", "area_code", "started_on", "ended_on"]
    fields = ["instructor", "area_code", "started_on", "ended_on"]


@admin.register(Certificate)
class CertificateAdmin(_BookAdmin):
    list_display = ["number", "instructor", "instructor_level", "granted_on", "revoked_on"]
    list_filter: ClassVar[list[Any]] = [AreaFilter, "instructor_level"]
    search_fields: Any = ["=number", "instructor__person__name", "^area_code"]
    fields = [
        "instructor",
        "area_code",
        "instructor_level",
        "number",
        "granted_on",
        "granted_by",
        "revoked_on",
    ]


@admin.register(Registration)
class RegistrationAdmin(_BookAdmin):
    list_display = ["instructor", "year", "registered_on", "area_code"]
    fields = ["instructor", "area_code", "year", "registered_on"]


@admin.register(Service)
class ServiceAdmin(_BookAdmin):
    list_display = ["instructor", "kind", "held_on", "minutes", "withdrawn_on"]
    list_filter: ClassVar[list[Any]] = [AreaFilter, "kind"]
    fields = [
        "instructor",
        "area_code",
        "kind",
        "held_on",
        "minutes",
        "note",
        "evidence",
        "withdrawn_on",
    ]


@admin.register(Course)
class CourseAdmin(ScopedModelAdmin):
    list_display = ["name", "instructor_level", "area_code", "started_on", "ended_on"]
    list_filter = [AreaFilter, "instructor_level"]
    search_fields = ["name", "^area_code"]
    fields = [
        "name",
        "area_code",
        "instructor_level",
        "organiser",
        "started_on",
        "ended_on",
        "hours",
    ]

    def view_on_site(self, obj: Course) -> str:
        return reverse("course", args=[obj.pk])


@admin.register(Attendance)
class AttendanceAdmin(_BookAdmin):
    list_display = ["course", "instructor", "passed"]
    list_select_related: Any = ["course", "instructor__person"]
    fields = ["course", "instructor", "area_code", "passed"]


@admin.register(Promotion)
class PromotionAdmin(_BookAdmin):
    list_display = ["instructor", "to_level", "state", "nominated_at", "decided_at"]
    list_filter: ClassVar[list[Any]] = [AreaFilter, "state", "to_level"]
    fields = [
        "instructor",
        "area_code",
        "to_level",
        "state",
        "course",
        "nominated_by",
        "nominated_at",
        "verified_by",
        "verified_at",
        "decided_by",
        "decided_at",
        "reason",
        "certificate",
    ]

    def view_on_site(self, obj: Promotion) -> str:
        return reverse("promotion", args=[obj.pk])
