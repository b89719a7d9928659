"""What the pages of a month have in common: its area, its editions, the one shown."""

from __future__ import annotations

from datetime import date

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from coverage.models import Snapshot
from coverage.snapshots.reading import Month, edition_shown, editions_of
from coverage.views.area import AboutCoverage
from jiaozuo_grid.area import Level
from jiaozuo_grid.pages import Crumb


class AboutMonths(AboutCoverage):
    """Divisions only: below the village nothing is reported by the month."""

    def prepare(self) -> None:
        super().prepare()
        if len(self.code) > Level.VILLAGE:
            raise Http404

    def crumbs_to(self, then: str) -> list[Crumb]:
        name = _("Months as reported")
        steps = self.crumbs(then=name)
        steps[-1] = Crumb(name, reverse("coverage-snapshots", args=[self.code]))
        return [*steps, Crumb(then)]


class AboutMonth(AboutMonths):
    """A month of which there is an edition that has the area; else it is not there."""

    month: date
    editions: list[Snapshot]
    shown: Month

    def prepare(self) -> None:
        super().prepare()
        chosen = self.request.GET.get("edition", "")
        found = edition_shown(self.code, self.kwargs["month"], chosen)
        if found is None:
            raise Http404
        self.shown = found
        self.month = found.snapshot.month
        self.editions = editions_of(self.code, self.month)

    @property
    def snapshot(self) -> Snapshot:
        return self.shown.snapshot

    @property
    def address(self) -> str:
        return reverse("coverage-snapshot", args=[self.code, f"{self.month:%Y-%m}"])
