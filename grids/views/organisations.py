"""Sports organisations: the list, a page each, and the forms around their actions."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from grids import actions
from grids.actions.organisations import offices_ending
from grids.forms import EndForm
from grids.forms.organisations import OrganisationForm
from grids.models import Officer, Organisation, Title
from grids.organisation_filters import OrganisationFilter, TermFilter
from grids.people import VIEW_PERSON
from grids.views.base import crumbs_to
from grids.views.lists import above_columns, day_column, place_names, place_of
from jiaozuo_grid.area import is_area_code
from jiaozuo_grid.lasting import in_force_q, today
from jiaozuo_grid.pages import Column, Crumb, FormPage, ListPage, Needs
from jiaozuo_grid.reach import reach_of

CHANGE = "change grids.organisation"
CHANGE_OFFICER = "change grids.officer"


def with_president(organisations: Any) -> Any:
    """Organisations with ``president_name`` and ``term_ends_on`` of today's president, or None."""
    offices = Officer.objects.filter(
        in_force_q(today()), title=Title.PRESIDENT, organisation=OuterRef("pk")
    )
    return organisations.annotate(
        president_name=Subquery(offices.values("person__name")[:1]),
        term_ends_on=Subquery(offices.values("term_ends_on")[:1]),
    )


class OrganisationList(ListPage):
    right = "view grids.organisation"
    heading = gettext_lazy("Organisations")
    template_name = "grids/organisation_list.html"
    sheet_key = "organisations"
    filterset_class = OrganisationFilter
    export_name = "organisations"
    tabular = True
    saved_views = True
    mark = ("organisation", "pk")

    def rows(self) -> QuerySet[Any]:
        seen = Organisation.objects.visible_to(self.request.user).select_related("sport")
        rows: QuerySet[Any] = with_president(seen).order_by("area_code", "pk")
        return rows

    def dress(self, rows: list[Any]) -> None:
        names = place_names([row.area_code for row in rows])
        for row in rows:
            row.place = place_of(row.area_code, names)
            row.above = names

    def columns(self) -> list[Column]:
        return [
            Column(
                pgettext_lazy("organisation", "Name"),
                lambda row: row.name,
                name="name",
                shown=_with_end,
                link=lambda row: reverse("organisation", args=[row.pk]),
                sort=("name",),
            ),
            Column(gettext_lazy("Kind"), lambda row: row.get_kind_display(), name="kind"),
            Column(gettext_lazy("Where"), lambda row: row.place, name="place"),
            Column(gettext_lazy("Sport"), lambda row: row.sport, name="sport"),
            Column(
                gettext_lazy("Members"),
                lambda row: row.members_count,
                name="members",
                sort=("members_count",),
                number=True,
            ),
            Column(
                gettext_lazy("President"),
                lambda row: row.president_name,
                name="president",
                shown=_president,
            ),
            Column(
                gettext_lazy("Term ends on"),
                lambda row: row.term_ends_on,
                name="term",
                shown=_term,
                css="nowrap",
            ),
            Column(
                gettext_lazy("Code"),
                lambda row: row.area_code,
                name="code",
                sort=("area_code",),
                css="code",
                default=False,
            ),
            *above_columns(),
            Column(
                gettext_lazy("Registration number"),
                lambda row: row.registration_number,
                name="registration_number",
                default=False,
            ),
            Column(gettext_lazy("Address"), lambda row: row.address, name="address", default=False),
            day_column(gettext_lazy("In force from"), "started_on", default=False),
            day_column(gettext_lazy("Ended on"), "ended_on", default=False),
        ]

    def context(self) -> dict[str, Any]:
        within = self.request.GET.get("within", "")
        return {"at": within if is_area_code(within) else ""}


def _with_end(row: Any) -> Any:
    if row.ended_on is None:
        return row.name
    return format_html('{} <span class="tag tag-ended">{}</span>', row.name, _("ended"))


def _president(row: Any) -> Any:
    if row.president_name or row.ended_on is not None:
        return row.president_name or ""
    return format_html('<span class="tag tag-warn">{}</span>', _("vacant"))


def _term(row: Any) -> Any:
    """When the term ends, and that it is over where it is."""
    day = row.term_ends_on
    if day is None or day > today():
        return "" if day is None else day.isoformat()
    return format_html('{} <span class="tag tag-warn">{}</span>', day.isoformat(), _("over"))


class TermList(ListPage):
    """Offices whose term is over or soon will be: whom to elect next."""

    right = "view grids.officer"
    heading = gettext_lazy("Elections due")
    template_name = "grids/term_list.html"
    filterset_class = TermFilter
    export_name = "terms"
    tabular = True
    mark = ("office", "pk")

    def rows(self) -> QuerySet[Any]:
        offices = Officer.objects.visible_to(self.request.user).on(today())
        rows: QuerySet[Any] = offices.exclude(term_ends_on=None)
        return rows.select_related("organisation", "person").order_by("term_ends_on", "pk")

    def dress(self, rows: list[Any]) -> None:
        names = place_names([row.area_code for row in rows])
        for row in rows:
            row.place = place_of(row.area_code, names)

    def columns(self) -> list[Column]:
        return [
            Column(
                gettext_lazy("Organisation"),
                lambda row: row.organisation.name,
                name="organisation",
                link=lambda row: reverse("organisation", args=[row.organisation_id]),
            ),
            Column(gettext_lazy("Where"), lambda row: row.place, name="place"),
            Column(gettext_lazy("Office"), lambda row: row.get_title_display(), name="office"),
            Column(pgettext_lazy("person", "Name"), lambda row: row.person.name, name="name"),
            Column(
                gettext_lazy("Term ends on"),
                lambda row: row.term_ends_on,
                name="term",
                shown=_term,
                sort=("term_ends_on",),
                css="nowrap",
            ),
        ]


class EnterOrganisation(FormPage):
    right = CHANGE
    form_class = OrganisationForm

    @property
    def at(self) -> str:
        asked = self.request.GET.get("at", "")
        if is_area_code(asked) and reach_of(self.request.user).allows(CHANGE, asked):
            return asked
        codes = reach_of(self.request.user).areas_for(CHANGE)
        return codes[0] if len(codes) == 1 and not self.request.POST else ""

    def form_arguments(self) -> dict[str, Any]:
        asked = self.request.GET.get("at", "")
        return {"initial": {"area_code": self.at}, "at": asked if asked == self.at else ""}

    def act(self, form: OrganisationForm) -> Organisation:
        return actions.enter_organisation(self.request.user, **form.cleaned_data)

    def done(self, result: Organisation) -> str:
        return _("%(name)s is entered. Appoint its officers next.") % {"name": result.name}

    def next_url(self, result: Organisation) -> str:
        return reverse("organisation", args=[result.pk])

    def context(self) -> dict[str, Any]:
        heading = _("Enter an organisation")
        back = reverse("organisation-list")
        crumbs = [Crumb(_("Organisations"), back), Crumb(heading)]
        return {"heading": heading, "crumbs": crumbs, "back": back}


class AboutOrganisation(Needs):
    """A page about an organisation that the user sees."""

    right = "view grids.organisation"
    # What the user must hold at its area.
    needed = ""
    organisation: Organisation

    def prepare(self) -> None:
        seen = Organisation.objects.visible_to(self.request.user).select_related("sport")
        organisation = seen.filter(pk=self.kwargs["pk"]).first()
        if organisation is None:
            raise Http404
        self.organisation = organisation
        if self.needed and not self.may(self.needed):
            raise PermissionDenied

    def may(self, right: str) -> bool:
        return reach_of(self.request.user).allows(right, self.organisation.area_code)

    def crumbs(self, then: str = "") -> list[Crumb]:
        code, name = self.organisation.area_code, self.organisation.name
        crumbs = crumbs_to(self.request.user, code, then=name)
        if not then:
            return crumbs
        here = reverse("organisation", args=[self.organisation.pk])
        return [*crumbs[:-1], Crumb(name, here), Crumb(then)]


class OrganisationPage(AboutOrganisation):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        day = today()
        offices = list(
            Officer.objects.visible_to(request.user)
            .filter(organisation=self.organisation)
            .select_related("person")
            .order_by("-started_on", "-pk")
        )
        ranks = {title: place for place, title in enumerate(Title.values)}
        lasting = [row for row in offices if row.ended_on is None or row.ended_on > day]
        lasting.sort(key=lambda row: ranks[row.title])
        for row in lasting:
            row.term_over = row.term_ends_on is not None and row.term_ends_on <= day
        context = {
            "organisation": self.organisation,
            "offices": lasting,
            "past_offices": [row for row in offices if row not in lasting],
            "has_president": any(row.title == Title.PRESIDENT for row in lasting),
            "may_edit": self.may(CHANGE),
            "may_appoint": self.may(CHANGE_OFFICER),
            "may_see_people": reach_of(request.user).allows(VIEW_PERSON),
            "today": day,
            "crumbs": self.crumbs(),
        }
        return render(request, "grids/organisation.html", context)


class OrganisationFormPage(AboutOrganisation, FormPage):
    needed = CHANGE

    def heading(self) -> str:
        raise NotImplementedError

    def next_url(self, result: Any) -> str:
        return reverse("organisation", args=[self.organisation.pk])

    def context(self) -> dict[str, Any]:
        heading = self.heading()
        return {
            "organisation": self.organisation,
            "heading": heading,
            "crumbs": self.crumbs(heading),
            "back": self.next_url(None),
        }


class EditOrganisation(OrganisationFormPage):
    form_class = OrganisationForm

    def heading(self) -> str:
        return _("Edit")

    def form_arguments(self) -> dict[str, Any]:
        fields = ("name", "sport", "registration_number", "members_count", "address")
        initial = {field: getattr(self.organisation, field) for field in fields}
        return {"new": False, "initial": initial}

    def act(self, form: OrganisationForm) -> Organisation:
        return actions.edit_organisation(self.request.user, self.organisation, **form.cleaned_data)


class EndOrganisation(OrganisationFormPage):
    form_class = EndForm
    template_name = "grids/end_organisation.html"

    def heading(self) -> str:
        return _("End the organisation")

    def act(self, form: EndForm) -> Organisation:
        data = form.cleaned_data
        return actions.end_organisation(
            self.request.user, self.organisation, data["on"], reason=data["reason"]
        )

    def done(self, result: Organisation) -> str:
        return _("The organisation ends on %(day)s.") % {"day": result.ended_on}

    def context(self) -> dict[str, Any]:
        return {**super().context(), "offices": offices_ending(self.organisation, today())}


class ReopenOrganisation(OrganisationFormPage):
    form_class = Form
    template_name = "grids/reopen_organisation.html"

    def heading(self) -> str:
        return _("Re-open")

    def act(self, form: Form) -> Organisation:
        return actions.reopen_organisation(self.request.user, self.organisation)

    def done(self, result: Organisation) -> str:
        return _("The organisation is open again. Its officers are to be appointed anew.")
