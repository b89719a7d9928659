"""Sharing an area's target out among its children: a proposal, corrected by hand, saved whole."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coverage.models import Target
from coverage.reading import AreaFigures, Ratio, coverage_of
from coverage.shown import number, share
from coverage.targets.actions import allocate, may_allocate
from coverage.targets.allocation import Part, adds_up, by_gap, mean, same_for_all
from coverage.targets.forms import AllocationForm
from coverage.targets.listing import year_start
from coverage.targets.reading import standing_targets
from coverage.targets.views.setting import OfIndicator
from coverage.targets.wording import factor, rounded, step_of, unit_of, written
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import FormPage
from jiaozuo_grid.reach import OutOfReach

METHODS = {
    "same": gettext_lazy("The same for all"),
    "gap": gettext_lazy("In proportion to the gap"),
    "now": gettext_lazy("As it stands now"),
}


class AllocateTarget(OfIndicator, FormPage):
    template_name = "coverage/targets/allocate.html"
    form_class = AllocationForm

    def prepare(self) -> None:
        super().prepare()
        if not may_allocate(self.request.user, self.code):
            raise OutOfReach
        if not self.children:
            raise Http404
        self.asked_target = self._asked()

    def _asked(self) -> Decimal | None:
        standing = standing_targets([self.code], today(), self.year)
        value = standing[self.code, self.indicator.key].value
        return None if value is None else rounded(self.indicator, value)

    @cached_property
    def children(self) -> list[AreaFigures]:
        return coverage_of(self.code, today()).children

    def _ratio(self, child: AreaFigures) -> Ratio | None:
        return child.ratios.get(self.indicator.key)

    def _standing(self, child: AreaFigures) -> tuple[int, float | None]:
        """What a child weighs, and where it stands."""
        ratio = self._ratio(child)
        return ((ratio.denominator or 0), ratio.value) if ratio else (0, None)

    @cached_property
    def parts(self) -> list[Part]:
        return [Part(child.area_code, *self._standing(child)) for child in self.children]

    @property
    def method(self) -> str:
        asked = self.request.GET.get("method", "")
        return asked if asked in METHODS else "now"

    def standing_values(self) -> dict[str, Decimal]:
        codes = [part.code for part in self.parts]
        standing = standing_targets(codes, today(), self.year)
        key = self.indicator.key
        values = {code: standing[code, key].value for code in codes}
        return {
            code: rounded(self.indicator, value)
            for code, value in values.items()
            if value is not None
        }

    def proposal(self) -> dict[str, Decimal]:
        if self.asked_target is None:
            return {}
        if self.method == "same":
            return same_for_all(self.parts, self.asked_target)
        if self.method == "gap":
            return by_gap(self.indicator, self.parts, self.asked_target)
        return self.standing_values()

    def form_arguments(self) -> dict[str, Any]:
        return {
            "indicator": self.indicator,
            "children": [(child.area_code, child.name) for child in self.children],
            "initial": {f"value-{code}": value for code, value in self.proposal().items()},
        }

    def act(self, form: AllocationForm) -> list[Target]:
        return allocate(
            self.request.user,
            self.code,
            self.indicator.key,
            self.year,
            form.values,
            reason=form.cleaned_data["reason"].strip(),
        )

    def done(self, result: list[Target]) -> str:
        return _("Allocated: %(n)s targets changed.") % {"n": len(result)}

    def next_url(self, result: list[Target]) -> str:
        return f"{reverse('coverage-targets', args=[self.code])}?year={self.year}"

    def page(self, form: Any) -> Any:
        self.shown_form = form
        return super().page(form)

    def _entered(self) -> Mapping[str, Decimal]:
        """The values in the form, as far as they are numbers."""
        form = self.shown_form
        if not form.is_bound:
            return self.proposal()
        found = {code: form.cleaned_data.get(f"value-{code}") for code in form.codes}
        return {code: value for code, value in found.items() if value is not None}

    def context(self) -> dict[str, Any]:
        before = coverage_of(self.code, year_start(today())).children
        last = {child.area_code: self._ratio(child) for child in before}
        entered = self._entered()
        reached = mean(self.parts, dict(entered)) if len(entered) == len(self.parts) else None
        asked = self.asked_target
        return {
            "area": self.area,
            "indicator": self.indicator,
            "heading": _("Share out: %(name)s") % {"name": self.indicator.name},
            "year": self.year,
            "methods": [(key, name, key == self.method) for key, name in METHODS.items()],
            "unit": unit_of(self.indicator),
            "asked_text": written(self.indicator, asked),
            "asked": asked,
            "reached_text": written(self.indicator, reached),
            "difference": _signed(self.indicator, asked, reached),
            "adds_up": asked is not None
            and reached is not None
            and adds_up(self.indicator, asked, reached),
            "weights_known": any(part.weight for part in self.parts),
            "lines": [self._line(child, last.get(child.area_code)) for child in self.children],
            "factor": factor(self.indicator),
            "asked_written": written(self.indicator, asked).rstrip("%"),
            "tolerance": f"{step_of(self.indicator) * factor(self.indicator) / 2:f}",
            "back": reverse("coverage-targets", args=[self.code]),
            "crumbs": self.crumbs_to(_("Share out")),
        }

    def _line(self, child: AreaFigures, last: Ratio | None) -> dict[str, Any]:
        ratio, per = self._ratio(child), self.indicator.per
        return {
            "code": child.area_code,
            "name": child.name,
            "weight": (ratio.denominator or 0) if ratio else 0,
            "weight_text": number(ratio.denominator if ratio else None),
            "value_text": share(ratio.value if ratio else None, per),
            "last_text": share(last.value if last else None, per),
            "field": self.shown_form[f"value-{child.area_code}"],
        }


def _signed(indicator: Any, asked: Decimal | None, reached: Decimal | None) -> str:
    if asked is None or reached is None:
        return "—"
    difference = rounded(indicator, reached - asked)
    sign = "+" if difference > 0 else "−" if difference < 0 else "±"
    return f"{sign}{written(indicator, abs(difference))}"
