"""People and their sign-ins."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Person, User
from accounts.scoped_admin import ScopedModelAdmin
from grids.actions import edit_person, enter_person, open_account, set_account_active
from grids.admin_scope import AreaFilter
from grids.people import people_visible_to
from jiaozuo_grid.reach import Reach


@admin.register(Person)
class PersonAdmin(ScopedModelAdmin):
    """A phone number is entered here and read nowhere here: reading one is recorded elsewhere."""

    may_add = True
    may_edit = True
    list_display = ["name", "area_code", "masked_phone"]
    list_filter = [AreaFilter]
    search_fields = ["name", "^area_code"]
    fields = ["name", "area_code", "masked_phone"]
    readonly_fields = ["masked_phone", "died_on", "moved_away_on"]

    def get_fields(self, request: HttpRequest, obj: Person | None = None) -> Any:
        if obj is None:
            return ["name", "area_code", "phone", "born_on", "sex"]
        return [*(self.fields or []), "born_on", "sex", "died_on", "moved_away_on"]

    def rows_for(self, user: Any, reach: Reach) -> QuerySet[Person]:
        return people_visible_to(user)

    def view_on_site(self, obj: Person) -> str:
        return reverse("person", args=[obj.pk])

    def write(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> Person:
        if change:
            changed = {
                field: getattr(obj, field) for field in ("name", "area_code", "born_on", "sex")
            }
            return edit_person(request.user, obj, **changed)
        return enter_person(
            request.user,
            name=obj.name,
            area_code=obj.area_code,
            phone=obj.phone,
            born_on=obj.born_on,
            sex=obj.sex,
        )


@admin.register(User)
class UserAdmin(ScopedModelAdmin):
    """Opened for who holds a post, closed and opened again; the password is shown only once."""

    area_path = "person__area_code"
    may_add = True
    may_edit = True
    list_display = ["username", "person", "is_active", "last_login"]
    list_filter = ["is_active"]
    list_select_related = ["person"]
    search_fields = ["username", "person__name"]
    autocomplete_fields = ["person"]
    fields = ["username", "person", "is_active", "last_login", "created_at"]
    readonly_fields = ["username", "person", "last_login", "created_at"]

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.fields if obj else ["person", "username"]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.readonly_fields if obj else []

    def write(self, request: HttpRequest, obj: User, form: Any, change: bool) -> User:
        if change:
            return set_account_active(request.user, obj, form.cleaned_data["is_active"])
        user, password = open_account(request.user, obj.person, obj.username)
        messages.warning(
            request,
            _("Password, shown only now: %(password)s") % {"password": password},
        )
        return user
