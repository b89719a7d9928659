"""What every coverage page knows: its area, and the day for which figures are asked."""

from __future__ import annotations

from datetime import date

from django.http import Http404

from coverage.forms import DayForm
from coverage.reading import AsOf
from grids.models import Succession
from grids.tree import Area, area_at, path_to
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import Crumb, Needs, area_crumbs
from jiaozuo_grid.reach import reach_of

VIEW_COVERAGE = "view coverage"


class AboutCoverage(Needs):
    """A page about the area in its address, for those who may view coverage there.

    Not there and out of reach answer the same. A day that cannot be used is said at the field,
    and the page shows today, with status 400.
    """

    area: Area
    form: DayForm
    on: date
    asked: AsOf

    def prepare(self) -> None:
        code = self.kwargs["code"]
        if not self.may_open(code):
            raise Http404
        area = area_at(code)
        if area is None:
            raise Http404
        self.area = area
        self.form = DayForm(self.request.GET)
        self.on = self.form.cleaned_data["on"] if self.form.is_valid() else today()
        self.asked = AsOf(self.on, self.request.GET.get("map") == "today")

    def map_changed(self) -> bool:
        """Whether the two readings may differ: only then is there a choice between them."""
        return self.asked.restated or Succession.objects.standing().exists()

    @property
    def code(self) -> str:
        return self.area.area_code

    @property
    def status(self) -> int:
        return 200 if self.form.is_valid() else 400

    def may_open(self, code: str) -> bool:
        return reach_of(self.request.user).allows(VIEW_COVERAGE, code)

    def crumbs(self, then: str = "", path: list[tuple[str, str]] | None = None) -> list[Crumb]:
        """The way down to the area; what lies above the reader's reach has no link."""
        steps = path_to(self.code) if path is None else path
        return area_crumbs(steps, self.may_open, url_name="coverage", then=then)
