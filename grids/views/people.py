"""The pages of people: the list, a person's posts, their record and account."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.audit import record
from accounts.identity import identity_of
from accounts.models import Person, User
from grids import actions
from grids.actions.leaving import may_undo_leaving
from grids.duplicates import MERGE, Alike, Known, lookalikes
from grids.filters import PersonFilter
from grids.forms import AccountForm, PersonForm
from grids.merging import may_undo_merge
from grids.models import Appointment, Officer
from grids.people import (
    VIEW_PERSON,
    answers_for,
    entries_visible_to,
    lasting_posts,
    people_visible_to,
    person_of,
)
from grids.views.lists import above_columns, place_names, place_of
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import Column, Crumb, FormPage, ListPage, Needs
from jiaozuo_grid.reach import reach_of


class PersonList(ListPage):
    """People; by name or by where they live, never by what they did."""

    right = VIEW_PERSON
    heading = gettext_lazy("People")
    template_name = "accounts/person_list.html"
    sheet_key = "people"
    filterset_class = PersonFilter
    export_name = "people"
    tabular = True
    saved_views = True
    mark = ("person", "pk")

    def rows(self) -> QuerySet[Any]:
        return people_visible_to(self.request.user).order_by("area_code", "pk")

    def dress(self, rows: list[Any]) -> None:
        seen = Appointment.objects.visible_to(self.request.user).on(today())
        posts = list(seen.filter(person__in=[row.pk for row in rows]))
        codes = [row.area_code for row in rows] + [post.area_code for post in posts]
        names = place_names(codes)
        for row in rows:
            row.place = place_of(row.area_code, names)
            row.above = names
            row.posts = []
        people = {row.pk: row for row in rows}
        for post in posts:
            post.place = place_of(post.area_code, names, levels=2)
            people[post.person_id].posts.append(post)

    def columns(self) -> list[Column]:
        return [
            Column(
                pgettext_lazy("person", "Name"),
                lambda person: person.name,
                name="name",
                link=lambda person: reverse("person", args=[person.pk]),
                sort=("name",),
            ),
            Column(_("Mobile number"), lambda person: person.masked_phone, name="phone"),
            Column(_("Lives in"), lambda person: person.place, name="place"),
            Column(_("Posts"), _posts, name="posts", shown=_posts_apart),
            Column(
                _("Code"),
                lambda person: person.area_code,
                name="code",
                sort=("area_code",),
                css="code",
                default=False,
            ),
            *above_columns(),
        ]


def _posts(person: Any) -> str:
    return "; ".join(f"{post.get_role_display()} · {post.place}" for post in person.posts)


def _posts_apart(person: Any) -> Any:
    lines = ((post.get_role_display(), post.place) for post in person.posts)
    return format_html_join("", "<div>{} · {}</div>", lines)


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
    """A person and their posts; a POST shows the whole mobile number, and that is recorded.

    The page of an entry that was merged leads to the entry that was kept.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            merged = entries_visible_to(request.user).filter(merged_into__isnull=False)
            kept = merged.filter(pk=kwargs["pk"]).values_list("merged_into", flat=True).first()
            if kept is None or not people_visible_to(request.user).filter(pk=kept).exists():
                raise
            return redirect("person", kept)

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
        offices = Officer.objects.visible_to(user).filter(person=self.person)
        may_change = self.may_change()
        context = {
            "person": self.person,
            "place": place_of(self.person.area_code, names),
            "phone": phone,
            "posts": posts,
            "offices": offices.select_related("organisation").order_by("-started_on", "-pk"),
            "account": self.user_account,
            "may_change": may_change,
            "may_merge": reach.allows(MERGE, self.person.area_code),
            "may_leave": may_change and self.person.pk != person_of(user),
            "may_undo_leaving": self._left() and may_undo_leaving(user, self.person),
            "undoable_merges": self._undoable_merges(),
            "may_open_account": self.may_open_account(),
            "today": today(),
            "crumbs": self.crumbs(),
        }
        return render(self.request, "accounts/person.html", context)

    def _left(self) -> bool:
        return self.person.died_on is not None or self.person.moved_away_on is not None

    def _undoable_merges(self) -> list[Person]:
        user = self.request.user
        return [one for one in self.person.merged_from.all() if may_undo_merge(user, one)]


class PersonFormPage(FormPage):
    """A person's record. Who is very like somebody else is asked about before it is written."""

    form_class = PersonForm
    template_name = "accounts/person_form.html"
    # Of whom the record is, when it is one that stands already.
    record_of: Person | None = None

    def write(self, form: PersonForm, data: dict[str, Any]) -> Person:
        raise NotImplementedError

    def act(self, form: PersonForm) -> Person:
        data = dict(form.cleaned_data)
        anew = data.pop("anew")
        self.alike: list[Person] = [] if anew else self._alike(data)
        if self.alike:
            form.ask_whether_anew()
            raise Alike(self.alike)
        try:
            return self.write(form, data)
        except Known as known:
            self.known = known.person
            raise

    def _alike(self, data: dict[str, Any]) -> list[Person]:
        born_on = data["born_on"]
        if data["id_number"].strip():
            born_on = identity_of(data["id_number"]).born_on
        before = self.record_of
        same = {"name": data["name"].strip(), "born_on": born_on, "phone": data["phone"].strip()}
        if before is not None and all(getattr(before, k) == value for k, value in same.items()):
            return []
        return lookalikes(self.request.user, **same, but=before)

    def context(self) -> dict[str, Any]:
        return {"alike": getattr(self, "alike", []), "known": getattr(self, "known", None)}


class EnterPerson(PersonFormPage):
    right = "change accounts.person"

    def form_arguments(self) -> dict[str, Any]:
        codes = reach_of(self.request.user).areas_for(self.right)
        return {"initial": {"area_code": codes[0] if len(codes) == 1 else ""}}

    def write(self, form: PersonForm, data: dict[str, Any]) -> Person:
        return actions.enter_person(self.request.user, anew=True, **data)

    def next_url(self, result: Person) -> str:
        return reverse("person", args=[result.pk])

    def context(self) -> dict[str, Any]:
        heading = _("Enter a person")
        crumbs = [Crumb(_("People"), reverse("person-list")), Crumb(heading)]
        back = reverse("person-list")
        return {**super().context(), "heading": heading, "crumbs": crumbs, "back": back}


class EditPerson(AboutPerson, PersonFormPage):
    def prepare(self) -> None:
        super().prepare()
        if not self.may_change():
            raise PermissionDenied

    def form_arguments(self) -> dict[str, Any]:
        self.record_of = self.person
        fields = ("name", "phone", "area_code", "born_on", "sex")
        initial = {field: getattr(self.person, field) for field in fields}
        return {"initial": initial, "identified": bool(self.person.id_hash)}

    def write(self, form: PersonForm, data: dict[str, Any]) -> Person:
        return actions.edit_person(self.request.user, self.person, **data)

    def next_url(self, result: Person) -> str:
        return reverse("person", args=[self.person.pk])

    def context(self) -> dict[str, Any]:
        heading = _("Edit")
        back = reverse("person", args=[self.person.pk])
        crumbs = self.crumbs(heading)
        return {**super().context(), "heading": heading, "crumbs": crumbs, "back": back}


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
