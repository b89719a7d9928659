"""The administration of rows that stand at an area code: narrowed by area, written by ``keep``."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.scoped_admin import ScopedModelAdmin
from grids.filters import area_choices
from grids.tree import area_at
from grids.writing import keep
from jiaozuo_grid.area import is_area_code, within_q
from jiaozuo_grid.reach import OutOfReach


class AreaFilter(SimpleListFilter):
    """Down the tree, one level at a time, inside the user's own areas."""

    title = gettext_lazy("Area")
    parameter_name = "within"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return area_choices(request.user, model_admin.right("view"), self.value() or "")

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        code = self.value()
        if not code:
            return queryset
        return queryset.filter(within_q([code])) if is_area_code(code) else queryset.none()


class KeptModelAdmin(ScopedModelAdmin):
    """Rows that no action of their own is needed for: ``grids.writing.keep`` checks and records."""

    may_add = True
    may_edit = True

    def write(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Any:
        # Asked before anything is looked up, so that a refusal never tells what exists.
        if not self.allows(request, "change", obj.area_code):
            raise OutOfReach
        if area_at(obj.area_code) is None:
            raise ValidationError({"area_code": _("There is nothing with this code.")})
        return keep(request.user, obj, "edit" if change else "add")


def area_page(obj: Any) -> str:
    """The page of the area that a row stands at."""
    return reverse("area", args=[obj.area_code])
