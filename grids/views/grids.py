"""Forms around the actions on grids and resident counts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grids import actions
from grids.forms import EndForm, EstablishForm, EstablishManyForm, GridForm, ResidentsForm
from grids.models import Division, Grid, ResidentCount
from grids.views.base import AreaForm
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today


class EstablishGrid(AreaForm):
    """One grid, with what is known about it."""

    area_right = "change grids.grid"
    levels = (Level.VILLAGE,)
    form_class = GridForm

    def heading(self) -> Any:
        return _("Establish a grid")

    def act(self, form: GridForm) -> Grid:
        return actions.establish_grid(self.request.user, self.code, **form.cleaned_data)

    def done(self, result: Grid) -> str:
        return _("%(name)s is established. Appoint its leader next.") % {"name": result.name}

    def next_url(self, result: Grid) -> str:
        return reverse("area", args=[result.area_code])


class EstablishMissing(AreaForm):
    """The grids that a village lacks, or those of the villages chosen in a township."""

    area_right = "change grids.grid"
    levels = (Level.TOWNSHIP, Level.VILLAGE)
    template_name = "grids/establish.html"

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        return EstablishForm if len(self.code) == Level.VILLAGE else EstablishManyForm

    def form_arguments(self) -> dict[str, Any]:
        if len(self.code) == Level.VILLAGE:
            return {}
        lacking = [
            (row["division"].area_code, f"{row['division'].name} (+{row['missing']})")
            for row in self.villages
            if row["missing"]
        ]
        return {"villages": lacking}

    def prepare(self) -> None:
        super().prepare()
        self.villages = self._villages()

    def _villages(self) -> list[dict[str, Any]]:
        """The villages here, how many grids each lacks; None where that is not known."""
        villages = Division.objects.within(self.code).villages().filter(ended_on=None)
        current = ResidentCount.objects.within(self.code).filter(ended_on=None)
        counts = {count.area_code: count for count in current}
        there: dict[str, int] = {}
        standing = Grid.objects.within(self.code).filter(ended_on=None)
        for code in standing.values_list("area_code", flat=True):
            village = code[: Level.VILLAGE]
            there[village] = there.get(village, 0) + 1
        rows = []
        for village in villages:
            code = village.area_code
            required = actions.required_grids(village.is_community, counts.get(code))
            missing = None if required is None else max(0, required - there.get(code, 0))
            rows.append({"division": village, "required": required, "missing": missing})
        return rows

    def heading(self) -> Any:
        return _("Establish the missing grids")

    def context(self) -> dict[str, Any]:
        unknown = [row["division"] for row in self.villages if row["required"] is None]
        missing = sum(row["missing"] or 0 for row in self.villages)
        return {**super().context(), "unknown": unknown, "missing": missing}

    def act(self, form: Any) -> list[Grid]:
        day: date = form.cleaned_data["started_on"]
        villages = form.cleaned_data.get("villages", [self.code])
        return actions.establish_grids_of(self.request.user, villages, started_on=day)

    def done(self, result: list[Grid]) -> str:
        if not result:
            return _("No grid was missing.")
        return ngettext(
            "%(count)d grid is established.", "%(count)d grids are established.", len(result)
        ) % {"count": len(result)}


class EditGrid(AreaForm):
    area_right = "change grids.grid"
    levels = (Level.GRID,)
    form_class = GridForm

    def heading(self) -> Any:
        return _("Edit")

    def form_arguments(self) -> dict[str, Any]:
        fields = ("name", "households", "population")
        return {"new": False, "initial": {field: getattr(self.area, field) for field in fields}}

    def act(self, form: GridForm) -> Any:
        grid: Any = self.area
        return actions.edit_grid(self.request.user, grid, **form.cleaned_data)


class EndArea(AreaForm):
    """End a grid or hobby grid; says first what ends with it."""

    levels = (Level.GRID, Level.HOBBY_GRID)
    form_class = EndForm
    template_name = "grids/end.html"

    def required_right(self) -> str:
        grid = len(self.code) == Level.GRID
        return "change grids.grid" if grid else "change grids.hobbygrid"

    def heading(self) -> Any:
        return _("End %(name)s") % {"name": self.area.name}

    def context(self) -> dict[str, Any]:
        return {**super().context(), "ending": actions.ending_below(self.code, today())}

    def act(self, form: EndForm) -> Any:
        end: Any = actions.end_grid if isinstance(self.area, Grid) else actions.end_hobby_grid
        on, reason = form.cleaned_data["on"], form.cleaned_data["reason"]
        return end(self.request.user, self.area, on, reason=reason)

    def done(self, result: Any) -> str:
        return _("%(name)s ends on %(day)s.") % {"name": result.name, "day": result.ended_on}


class ReopenArea(AreaForm):
    levels = (Level.GRID, Level.HOBBY_GRID)
    form_class = Form
    template_name = "grids/reopen.html"

    def required_right(self) -> str:
        grid = len(self.code) == Level.GRID
        return "change grids.grid" if grid else "change grids.hobbygrid"

    def heading(self) -> Any:
        return _("Re-open %(name)s") % {"name": self.area.name}

    def act(self, form: Any) -> Any:
        grid = isinstance(self.area, Grid)
        reopen: Any = actions.reopen_grid if grid else actions.reopen_hobby_grid
        return reopen(self.request.user, self.area)

    def done(self, result: Any) -> str:
        return _("%(name)s is open again. Check its posts: those that ended stay ended.") % {
            "name": result.name
        }


class RecordResidents(AreaForm):
    area_right = "change grids.residentcount"
    levels = (Level.CITY, Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)
    form_class = ResidentsForm

    def heading(self) -> Any:
        return _("Record residents")

    def form_arguments(self) -> dict[str, Any]:
        known = ResidentCount.objects.filter(area_code=self.code).on(today()).first()
        fields = ("population", "households", "villager_groups", "source")
        return {"initial": {field: getattr(known, field) for field in fields} if known else {}}

    def act(self, form: ResidentsForm) -> ResidentCount:
        return actions.record_residents(
            self.request.user, self.code, complete=True, **form.cleaned_data
        )
