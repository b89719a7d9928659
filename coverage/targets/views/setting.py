"""One indicator's target of an area: what it is, was and why; setting and withdrawing it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import AuditEntry
from coverage.models import Target
from coverage.registry import INDICATORS, Indicator
from coverage.targets.actions import may_allocate, may_set, set_target, withdraw_target
from coverage.targets.forms import TargetForm, WithdrawForm
from coverage.targets.reading import standing_targets
from coverage.targets.wording import written
from coverage.views.area import AboutCoverage
from grids.authority import division_names
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import Crumb, FormPage
from jiaozuo_grid.reach import OutOfReach

# Of an area's target of one indicator; each year has a handful.
HISTORY = 50


class OfIndicator(AboutCoverage):
    """A page about one indicator's target of an area."""

    indicator: Indicator

    def prepare(self) -> None:
        super().prepare()
        if self.kwargs["indicator"] not in INDICATORS:
            raise Http404
        self.indicator = INDICATORS[self.kwargs["indicator"]]

    @property
    def year(self) -> int:
        """The year asked for in the address, or the running one."""
        asked = self.request.GET.get("year", "")
        this = today().year
        return int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else this

    def crumbs_to(self, then: str) -> list[Crumb]:
        steps = self.crumbs(then=_("Targets"))
        steps[-1] = Crumb(_("Targets"), reverse("coverage-targets", args=[self.code]))
        return [*steps, Crumb(then)]


class SetTarget(OfIndicator, FormPage):
    """Everybody who may see the area reads the history; the form is for who stands above it."""

    template_name = "coverage/targets/target.html"
    form_class = TargetForm

    def form_arguments(self) -> dict[str, Any]:
        standing = standing_targets([self.code], today(), self.year)
        value = standing[self.code, self.indicator.key].value
        return {"indicator": self.indicator, "initial": {"year": self.year, "value": value}}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not may_set(request.user, self.code):
            raise OutOfReach
        return super().post(request, **kwargs)

    def act(self, form: TargetForm) -> Target:
        data = form.cleaned_data
        return set_target(
            self.request.user,
            self.code,
            self.indicator.key,
            data["year"],
            data["value"],
            reason=data["reason"].strip(),
        )

    def next_url(self, result: Target) -> str:
        address = reverse("coverage-target", args=[self.code, self.indicator.key])
        return f"{address}?year={result.year}"

    def context(self) -> dict[str, Any]:
        key = self.indicator.key
        standing = standing_targets([self.code], today(), self.year)[self.code, key]
        history = _history(self.code, self.indicator, self.request.user)
        own = any(
            line["row"].ended_on is None and line["row"].year == self.year for line in history
        )
        names = division_names([standing.source]) if standing.source else {}
        is_open = self.year >= today().year
        return {
            "area": self.area,
            "indicator": self.indicator,
            "heading": f"{self.area.name} · {self.indicator.name}",
            "year": self.year,
            "standing": standing,
            "standing_text": written(self.indicator, standing.value),
            "source_name": names.get(standing.source, ""),
            "is_own": own,
            "history": history,
            # What is over is only looked at.
            "may_set": is_open and may_set(self.request.user, self.code),
            "may_allocate": is_open and may_allocate(self.request.user, self.code),
            "withdraw_form": WithdrawForm(initial={"year": self.year}, auto_id="withdraw_%s"),
            "back": reverse("coverage-targets", args=[self.code]),
            "crumbs": self.crumbs_to(str(self.indicator.name)),
        }


class WithdrawTarget(OfIndicator, FormPage):
    """From today on the area takes the next target above it again."""

    template_name = "coverage/targets/withdraw.html"
    form_class = WithdrawForm

    def prepare(self) -> None:
        super().prepare()
        if not may_set(self.request.user, self.code):
            raise OutOfReach

    def form_arguments(self) -> dict[str, Any]:
        return {"initial": {"year": self.year}}

    def act(self, form: WithdrawForm) -> int:
        data = form.cleaned_data
        year: int = data["year"]
        withdraw_target(
            self.request.user,
            self.code,
            self.indicator.key,
            year,
            reason=data["reason"].strip(),
        )
        return year

    def next_url(self, result: int) -> str:
        address = reverse("coverage-target", args=[self.code, self.indicator.key])
        return f"{address}?year={result}"

    def context(self) -> dict[str, Any]:
        heading = _("Withdraw the target: %(name)s") % {"name": self.indicator.name}
        return {
            "area": self.area,
            "heading": heading,
            "back": reverse("coverage-target", args=[self.code, self.indicator.key]),
            "crumbs": self.crumbs_to(heading),
        }


def _history(code: str, indicator: Indicator, user: Any) -> list[dict[str, Any]]:
    """All targets of the area for one indicator, the newest first, each with who set it."""
    rows = list(
        Target.objects.visible_to(user)
        .filter(area_code=code, indicator=indicator.key)
        .order_by("-year", "-started_on", "-pk")[:HISTORY]
    )
    entries = AuditEntry.objects.filter(
        model=Target._meta.label_lower,
        object_id__in=[str(row.pk) for row in rows],
        verb__in=["set target", "allocate target"],
    ).select_related("actor__person")
    who = {entry.object_id: entry.actor.person.name for entry in entries if entry.actor is not None}
    return [
        {
            "row": row,
            "text": written(indicator, row.value),
            "who": who.get(str(row.pk), ""),
            # Set and changed again on the same day.
            "never": row.ended_on == row.started_on,
        }
        for row in rows
    ]
