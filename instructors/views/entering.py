"""Forms of entering, changing, ending and taking up again; of certificates and services."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Person
from grids import actions as grid_actions
from grids.duplicates import Alike, lookalikes
from grids.filters import find_people
from grids.forms import EndForm
from grids.people import people_visible_to, person_of
from grids.views.lists import place_names, place_of
from instructors import actions
from instructors.actions import Grant
from instructors.forms import (
    EditForm,
    EnterForm,
    GrantForm,
    ReasonForm,
    RegisterForm,
    ResumeForm,
    ServiceForm,
)
from instructors.models import Certificate, Instructor, InstructorLevel, Service
from instructors.views.base import InstructorForm, villages_of
from jiaozuo_grid.pages import Crumb, FormPage
from jiaozuo_grid.reach import reach_of

FOUND = 20
CHANGE = "change instructors.instructor"


class Enter(FormPage):
    """Search for the person first; enter a new one only when nobody was found."""

    right = CHANGE
    form_class = EnterForm
    template_name = "instructors/enter.html"

    @property
    def words(self) -> str:
        return self.request.GET.get("q", "").strip()

    def _found(self) -> list[Person]:
        if not self.words:
            return []
        people = people_visible_to(self.request.user).filter(instructor__isnull=True)
        own = person_of(self.request.user) or 0
        found = list(find_people(people.exclude(pk=own), self.words).order_by("area_code")[:FOUND])
        names = place_names([person.area_code for person in found])
        for person in found:
            person.place = place_of(person.area_code, names, levels=2)
        return found

    def form_arguments(self) -> dict[str, Any]:
        self.found = self._found()
        codes = reach_of(self.request.user).areas_for(self.right)
        only = codes[0] if len(codes) == 1 and len(codes[0]) >= 12 else ""
        initial: dict[str, Any] = {
            "area_code": self.found[0].area_code if len(self.found) == 1 else only
        }
        if len(self.found) == 1:
            initial["person"] = self.found[0].pk
        elif self.words and not self.words.isascii():
            initial["name"] = self.words
        visible = people_visible_to(self.request.user)
        return {"visible": visible, "found": self.found, "initial": initial}

    @transaction.atomic
    def act(self, form: EnterForm) -> Instructor:
        data = form.cleaned_data
        person = data["person"] or self._enter_person(form)
        grant = None
        if data["level"] is not None:
            grant = Grant(data["level"], data["number"], data["granted_on"], data["granted_by"])
        return actions.enter_instructor(
            self.request.user, person, data["area_code"], sports=data["sports"], grant=grant
        )

    def _enter_person(self, form: EnterForm) -> Person:
        data = form.cleaned_data
        if not data["anew"]:
            self.alike = lookalikes(
                self.request.user, name=data["name"].strip(), born_on=None, phone=data["phone"]
            )
            if self.alike:
                form.ask_whether_anew()
                raise Alike(self.alike)
        try:
            return grid_actions.enter_person(
                self.request.user,
                name=data["name"],
                area_code=data["area_code"],
                phone=data["phone"],
                id_number=data["id_number"],
                anew=data["anew"],
            )
        except Alike as alike:
            self.alike = alike.people
            form.ask_whether_anew()
            raise

    def done(self, result: Instructor) -> str:
        return _("%(name)s is entered.") % {"name": result.person.name}

    def next_url(self, result: Instructor) -> str:
        return reverse("instructor", args=[result.pk])

    def context(self) -> dict[str, Any]:
        heading = _("Enter an instructor")
        back = reverse("instructor-list")
        return {
            "heading": heading,
            "crumbs": [Crumb(_("Instructors"), back), Crumb(heading)],
            "back": back,
            "q": self.words,
            "found": self.found,
            "alike": getattr(self, "alike", []),
            "villages": villages_of(self.request.user, self.right),
        }


class Edit(InstructorForm):
    area_right = CHANGE
    form_class = EditForm
    template_name = "instructors/form.html"

    def heading(self) -> str:
        return _("Edit")

    def form_arguments(self) -> dict[str, Any]:
        sports = list(self.instructor.sports.all())
        return {"initial": {"area_code": self.instructor.area_code, "sports": sports}}

    def act(self, form: EditForm) -> Instructor:
        return actions.edit_instructor(self.request.user, self.instructor, **form.cleaned_data)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "villages": villages_of(self.request.user, CHANGE)}


class End(InstructorForm):
    area_right = CHANGE
    form_class = EndForm
    template_name = "instructors/end.html"

    def prepare(self) -> None:
        super().prepare()
        if self.instructor.ended_on is not None:
            raise Http404

    def heading(self) -> str:
        return _("End the entry")

    def act(self, form: EndForm) -> Instructor:
        data = form.cleaned_data
        return actions.end_instructor(
            self.request.user, self.instructor, data["on"], reason=data["reason"]
        )

    def done(self, result: Instructor) -> str:
        return _("The entry ends on %(day)s.") % {"day": result.ended_on}


class Resume(InstructorForm):
    area_right = CHANGE
    form_class = ResumeForm
    template_name = "instructors/form.html"

    def prepare(self) -> None:
        super().prepare()
        if self.instructor.ended_on is None:
            raise Http404

    def heading(self) -> str:
        return _("Take up again")

    def form_arguments(self) -> dict[str, Any]:
        return {"initial": {"area_code": self.instructor.area_code}}

    def act(self, form: ResumeForm) -> Instructor:
        data = form.cleaned_data
        return actions.resume_instructor(
            self.request.user, self.instructor, data["area_code"], data["on"]
        )

    def context(self) -> dict[str, Any]:
        return {**super().context(), "villages": villages_of(self.request.user, CHANGE)}


class GrantCertificate(InstructorForm):
    form_class = GrantForm
    template_name = "instructors/grant.html"

    def prepare(self) -> None:
        super().prepare()
        self.levels = [n for n in InstructorLevel.values if self.allows(f"approve level {n}")]
        if not self.levels or self.is_own:
            raise PermissionDenied

    def heading(self) -> str:
        return _("Record a certificate")

    def form_arguments(self) -> dict[str, Any]:
        return {"levels": self.levels, "initial": {"level": self.instructor.next_level}}

    def act(self, form: GrantForm) -> Certificate:
        grant = Grant(**form.cleaned_data)
        return actions.grant_certificate(self.request.user, self.instructor, grant)


class RevokeCertificate(InstructorForm):
    form_class = EndForm
    template_name = "instructors/revoke.html"
    certificate: Certificate

    def prepare(self) -> None:
        seen = Certificate.objects.visible_to(self.request.user)
        row = seen.filter(pk=self.kwargs["certificate"]).first()
        if row is None:
            raise Http404
        self.certificate = row
        self.kwargs["pk"] = row.instructor_id
        super().prepare()
        if not self.allows(f"approve level {row.instructor_level}") or self.is_own:
            raise PermissionDenied
        if row.revoked_on is not None:
            raise Http404

    def heading(self) -> str:
        return _("Revoke a certificate")

    def act(self, form: EndForm) -> Certificate:
        data = form.cleaned_data
        return actions.revoke_certificate(
            self.request.user, self.certificate, data["on"], reason=data["reason"]
        )

    def context(self) -> dict[str, Any]:
        return {**super().context(), "certificate": self.certificate}


class RegisterYear(InstructorForm):
    area_right = "change instructors.registration"
    form_class = RegisterForm

    def prepare(self) -> None:
        super().prepare()
        if self.is_own:
            raise PermissionDenied

    def heading(self) -> str:
        return _("Register for a year")

    def form_arguments(self) -> dict[str, Any]:
        year = self.request.GET.get("year", "")
        return {"initial": {"year": year}} if year.isdigit() else {}

    def act(self, form: RegisterForm) -> Any:
        data = form.cleaned_data
        return actions.register_year(self.request.user, self.instructor, data["year"], data["on"])

    def done(self, result: Any) -> str:
        return _("Registered for %(year)s.") % {"year": result.year}


class EnterService(InstructorForm):
    area_right = "change instructors.service"
    form_class = ServiceForm

    def prepare(self) -> None:
        super().prepare()
        if self.is_own:
            raise PermissionDenied

    def heading(self) -> str:
        return _("Enter a service")

    def act(self, form: ServiceForm) -> Service:
        return actions.enter_service(self.request.user, self.instructor, **form.cleaned_data)


class WithdrawService(InstructorForm):
    area_right = "change instructors.service"
    form_class = ReasonForm
    template_name = "instructors/withdraw_service.html"
    service: Service

    def prepare(self) -> None:
        seen = Service.objects.standing().visible_to(self.request.user)
        row = seen.filter(pk=self.kwargs["service"]).first()
        if row is None:
            raise Http404
        self.service = row
        self.kwargs["pk"] = row.instructor_id
        super().prepare()

    def heading(self) -> str:
        return _("Take back a service")

    def act(self, form: ReasonForm) -> Service:
        return actions.withdraw_service(
            self.request.user, self.service, reason=form.cleaned_data["reason"]
        )

    def context(self) -> dict[str, Any]:
        return {**super().context(), "service": self.service}
