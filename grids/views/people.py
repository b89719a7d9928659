"""The pages of people: the list, a person's posts, their record and account."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.audit import record
from accounts.models import Person, User
from grids import actions
from grids.filters import PersonFilter
from grids.forms import AccountForm, PersonForm
from grids.models import Appointment
from grids.people import (
    VIEW_PERSON,
    answers_for,
    lasting_posts,
    people_visible_to,
    person_of,
)
from grids.views.lists import place_names, place_of
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import Column, Crumb, FormPage, ListPage, Needs
from jiaozuo_grid.reach import reach_of


class PersonList(ListPage):
    right = VIEW_PERSON
    template_name = "accounts/person_list.html"
    filterset_class = PersonFilter
    export_name = "people"

    def rows(self) -> QuerySet[Any]:
        return people_visible_to(self.request.user).order_by("area_code", "pk")

    def dress(self, rows: list[Any]) -> None:
        seen = Appointment.objects.visible_to(self.request.user).on(today())
        posts = list(seen.filter(person__in=[row.pk for row in rows]))
        codes = [row.area_code for row in rows] + [post.area_code for post in posts]
        names = place_names(codes)
        for row in rows:
            row.place = place_of(row.area_code, names)
            row.posts = [post for post in posts if post.person_id == row.pk]
            for post in row.posts:
                post.place = place_of(post.area_code, names, levels=2)

    def columns(self) -> list[Column]:
        return [
            Column(pgettext_lazy("person", "Name"), lambda person: person.name),
            Column(gettext_lazy("mobile number"), lambda person: person.masked_phone),
            Column(gettext_lazy("area code"), lambda person: person.area_code),
        ]


class AboutPerson(Needs):
    """A page about a person whom the user sees; 404 for all others, existing or not."""

    right = VIEW_PERSON
    person: Person

    def prepare(self) -> None:
        people = people_visible_to(self.request.user).select_related("user")
        person = people.filter(pk=self.kwargs["pk"]).first()
        if person is None:
            raise Http404
        self.person = person

    @property
    def user_account(self) -> User | None:
        return getattr(self.person, "user", None)

    def may_change(self) -> bool:
        """Whether the user may change this person's record (``grids.actions.edit_person``)."""
        user = self.request.user
        if not reach_of(user).allows("change accounts.person", self.person.area_code):
            return False
        return self.person.pk == person_of(user) or answers_for(user, self.person)

    def may_open_account(self) -> bool:
        """Whether the user may open, close or renew this person's account."""
        if self.person.pk == person_of(self.request.user):
            return False
        posts = lasting_posts(self.person).exists()
        return posts and answers_for(self.request.user, self.person, "open account")

    def crumbs(self, then: str = "") -> list[Crumb]:
        here = reverse("person", args=[self.person.pk]) if then else ""
        crumbs = [Crumb(_("People"), reverse("person-list")), Crumb(self.person.name, here)]
        return [*crumbs, Crumb(then)] if then else crumbs


class PersonPage(AboutPerson):
    """A person and their posts; a POST shows the whole mobile number, and that is recorded."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(phone=self.person.masked_phone)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.may_change():
            raise PermissionDenied
        record(request.user, "read phone", area_code=self.person.area_code, row=self.person)
        return self.show(phone=self.person.phone)

    def show(self, phone: str) -> HttpResponse:
        user = self.request.user
        posts = list(
            Appointment.objects.visible_to(user)
            .filter(person=self.person)
            .order_by("-started_on", "-pk")
        )
        names = place_names([self.person.area_code, *(post.area_code for post in posts)])
        reach = reach_of(user)
        for post in posts:
            post.place = place_of(post.area_code, names)
            post.now = post.in_force(today())
            post.may_end = (
                (post.ended_on is None or post.ended_on > today())
                and reach.allows(f"appoint {post.role}", post.area_code)
                and self.person.pk != person_of(user)
            )
        context = {
            "person": self.person,
            "place": place_of(self.person.area_code, names),
            "phone": phone,
            "posts": posts,
            "account": self.user_account,
            "may_change": self.may_change(),
            "may_open_account": self.may_open_account(),
            "crumbs": self.crumbs(),
        }
        return render(self.request, "accounts/person.html", context)


class EditPerson(AboutPerson, FormPage):
    form_class = PersonForm

    def prepare(self) -> None:
        super().prepare()
        if not self.may_change():
            raise PermissionDenied

    def form_arguments(self) -> dict[str, Any]:
        fields = ("name", "phone", "area_code")
        return {"initial": {field: getattr(self.person, field) for field in fields}}

    def act(self, form: PersonForm) -> Person:
        return actions.edit_person(self.request.user, self.person, **form.cleaned_data)

    def next_url(self, result: Person) -> str:
        return reverse("person", args=[self.person.pk])

    def context(self) -> dict[str, Any]:
        heading = _("Edit")
        back = reverse("person", args=[self.person.pk])
        return {"heading": heading, "crumbs": self.crumbs(heading), "back": back}


class _Account(AboutPerson, FormPage):
    """A form about a person's account. A password is shown in the answer itself, once."""

    def prepare(self) -> None:
        super().prepare()
        if not self.may_open_account():
            raise PermissionDenied

    def next_url(self, result: Any) -> str:
        return reverse("person", args=[self.person.pk])

    def heading(self) -> str:
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        heading = self.heading()
        return {
            "person": self.person,
            "heading": heading,
            "crumbs": self.crumbs(heading),
            "back": self.next_url(None),
        }

    def show_password(self, user: User, password: str) -> HttpResponse:
        context = {**self.context(), "account": user, "password": password}
        response = render(self.request, "accounts/person_password.html", context)
        response["Cache-Control"] = "no-store"
        return response


class OpenAccount(_Account):
    form_class = AccountForm

    def heading(self) -> str:
        return _("Open an account")

    def form_arguments(self) -> dict[str, Any]:
        return {"initial": {"username": self.person.phone}}

    def act(self, form: AccountForm) -> tuple[User, str]:
        return actions.open_account(self.request.user, self.person, form.cleaned_data["username"])

    def finish(self, result: tuple[User, str]) -> HttpResponse:
        return self.show_password(*result)


class RenewPassword(_Account):
    form_class = Form
    template_name = "accounts/person_renew.html"

    def prepare(self) -> None:
        super().prepare()
        if self.user_account is None:
            raise Http404

    def heading(self) -> str:
        return _("New password")

    def act(self, form: Form) -> tuple[User, str]:
        user = User.objects.get(person=self.person)
        return user, actions.renew_password(self.request.user, user)

    def finish(self, result: tuple[User, str]) -> HttpResponse:
        return self.show_password(*result)


class SetAccountActive(_Account):
    """Close the account, or open it again; asked by a button of the person page."""

    form_class = Form
    http_method_names = ["post"]

    def prepare(self) -> None:
        super().prepare()
        if self.user_account is None:
            raise Http404

    def heading(self) -> str:
        return _("Account")

    def act(self, form: Form) -> User:
        user = User.objects.get(person=self.person)
        active = self.request.POST.get("active") == "1"
        return actions.set_account_active(self.request.user, user, active)

    def done(self, result: User) -> str:
        return _("The account is open.") if result.is_active else _("The account is closed.")
