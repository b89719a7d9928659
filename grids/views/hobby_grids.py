"""Forms around the actions on hobby grids."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from grids import actions
from grids.forms import HobbyGridForm
from grids.models import HobbyGrid
from grids.views.base import AreaForm
from jiaozuo_grid.area import Level


class FormHobbyGrid(AreaForm):
    area_right = "change grids.hobbygrid"
    levels = (Level.VILLAGE, Level.GRID)
    form_class = HobbyGridForm

    def heading(self) -> Any:
        return _("Form a hobby grid")

    def act(self, form: HobbyGridForm) -> HobbyGrid:
        return actions.form_hobby_grid(self.request.user, self.code, **form.cleaned_data)

    def done(self, result: HobbyGrid) -> str:
        return _("%(name)s is formed. Appoint its members next.") % {"name": result.name}

    def next_url(self, result: HobbyGrid) -> str:
        return reverse("area", args=[result.area_code])


class EditHobbyGrid(AreaForm):
    area_right = "change grids.hobbygrid"
    levels = (Level.HOBBY_GRID,)
    form_class = HobbyGridForm

    def heading(self) -> Any:
        return _("Edit")

    def form_arguments(self) -> dict[str, Any]:
        fields = ("name", "sport", "usual_place", "usual_start", "usual_minutes", "members_count")
        initial = {field: getattr(self.area, field) for field in fields}
        initial["usual_days"] = list(getattr(self.area, "usual_days", ""))
        return {"new": False, "initial": initial}

    def act(self, form: HobbyGridForm) -> Any:
        row: Any = self.area
        return actions.edit_hobby_grid(self.request.user, row, **form.cleaned_data)
