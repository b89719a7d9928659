"""Offices in organisations: appointing, replacing, ending, a new term."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import Person
from grids import actions
from grids.filters import find_people
from grids.forms.organisations import EndOfficeForm, OfficerForm, TermForm
from grids.models import Officer, Title
from grids.people import people_visible_to
from grids.views.organisations import CHANGE_OFFICER, AboutOrganisation, OrganisationFormPage
from jiaozuo_grid.lasting import today

PEOPLE_SHOWN = 20


class _ChoosePerson(OrganisationFormPage):
    """Choosing who gets an office: someone found, or a new person."""

    needed = CHANGE_OFFICER
    form_class = OfficerForm
    template_name = "grids/officer.html"
    replaced: Officer | None = None

    @property
    def words(self) -> str:
        return self.request.GET.get("q", "").strip()

    def _found(self) -> list[Person]:
        seen: Any = people_visible_to(self.request.user)
        people = seen.living_here(today())
        if self.replaced is not None:
            people = people.exclude(pk=self.replaced.person_id)
        if self.words:
            people = find_people(people, self.words)
        else:
            people = people.filter(area_code__startswith=self.organisation.area_code)
        return list(people.order_by("area_code", "pk")[:PEOPLE_SHOWN])

    def form_arguments(self) -> dict[str, Any]:
        self.found = self._found()
        return {
            "visible": people_visible_to(self.request.user),
            "found": self.found,
            "replacing": self.replaced is not None,
        }

    def chosen(self, form: OfficerForm) -> Person:
        data = form.cleaned_data
        known: Person | None = data["person"]
        return known or actions.enter_person(
            self.request.user,
            name=data["name"],
            phone=data["phone"],
            area_code=self.organisation.area_code,
        )

    def done(self, result: Officer) -> str:
        return _("%(name)s is appointed from %(day)s.") % {
            "name": result.person.name,
            "day": result.started_on,
        }

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "q": self.words,
            "found": self.found,
            "replaced": self.replaced,
        }


class AppointOfficer(_ChoosePerson):
    def heading(self) -> str:
        return _("Appoint an officer")

    def form_arguments(self) -> dict[str, Any]:
        asked = self.request.GET.get("title", "")
        title = asked if asked in Title.values else Title.OFFICER.value
        return {**super().form_arguments(), "initial": {"title": title}}

    @transaction.atomic
    def act(self, form: OfficerForm) -> Officer:
        data = form.cleaned_data
        return actions.appoint_officer(
            self.request.user,
            self.organisation,
            self.chosen(form),
            data["title"],
            started_on=data["started_on"],
            term_ends_on=data["term_ends_on"],
        )


class AboutOffice(AboutOrganisation):
    """A page about an office that the user may change."""

    office: Officer

    def prepare(self) -> None:
        seen = Officer.objects.visible_to(self.request.user)
        office = seen.select_related("person").filter(pk=self.kwargs["pk"]).first()
        if office is None:
            raise Http404
        self.office = office
        self.kwargs = {**self.kwargs, "pk": office.organisation_id}
        super().prepare()


class ReplaceOfficer(AboutOffice, _ChoosePerson):
    def prepare(self) -> None:
        super().prepare()
        self.replaced = self.office

    def heading(self) -> str:
        return _("Replace: %(office)s") % {"office": self.office.get_title_display()}

    @transaction.atomic
    def act(self, form: OfficerForm) -> Officer:
        data = form.cleaned_data
        return actions.replace_officer(
            self.request.user,
            self.office,
            self.chosen(form),
            started_on=data["started_on"],
            term_ends_on=data["term_ends_on"],
            reason=data["reason"],
        )


class EndOffice(AboutOffice, OrganisationFormPage):
    needed = CHANGE_OFFICER
    form_class = EndOfficeForm
    template_name = "grids/end_office.html"

    def heading(self) -> str:
        return _("End the office")

    def act(self, form: EndOfficeForm) -> Officer:
        data = form.cleaned_data
        return actions.end_office(self.request.user, self.office, data["on"], reason=data["reason"])

    def done(self, result: Officer) -> str:
        return _("The office ends on %(day)s.") % {"day": result.ended_on}

    def context(self) -> dict[str, Any]:
        return {**super().context(), "office": self.office}


class RenewTerm(AboutOffice, OrganisationFormPage):
    needed = CHANGE_OFFICER
    form_class = TermForm
    template_name = "grids/term.html"

    def heading(self) -> str:
        return _("Term of office")

    def form_arguments(self) -> dict[str, Any]:
        return {"initial": {"term_ends_on": self.office.term_ends_on}}

    def act(self, form: TermForm) -> Officer:
        return actions.renew_term(self.request.user, self.office, form.cleaned_data["term_ends_on"])

    def context(self) -> dict[str, Any]:
        return {**super().context(), "office": self.office}
