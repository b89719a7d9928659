"""The rules as data: what each number is, where it comes from, and setting it."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.models import Division, RuleValue
from grids.rules import Rule, rules, set_rule, values_on
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import Crumb, FormPage, Needs
from jiaozuo_grid.reach import Actor, reach_of

CHANGE = "change grids.rulevalue"
# The parts of keys before the dot, in words.
GROUPS = {
    "instructor": gettext_lazy("Instructors"),
    "station": gettext_lazy("Stations"),
    "snapshot": gettext_lazy("Months as reported"),
}


def may_set(actor: Actor) -> bool:
    """Rules hold for the whole city, so who changes them must answer for it."""
    city = Division.objects.filter(digits=Level.CITY).order_by("area_code").first()
    return city is not None and reach_of(actor).allows(CHANGE, city.area_code)


def _history() -> dict[str, list[RuleValue]]:
    found: dict[str, list[RuleValue]] = defaultdict(list)
    for row in RuleValue.objects.order_by("key", "-started_on", "-pk"):
        found[row.key].append(row)
    return found


class RuleList(Needs):
    right = "view grids.rulevalue"

    def get(self, request: HttpRequest) -> HttpResponse:
        values, history = values_on(), _history()
        lines = [(rule, values[rule.key], history[rule.key]) for rule in rules()]
        by_app = groupby(
            sorted(lines, key=lambda line: _group(line[0])), key=lambda line: _group(line[0])
        )
        context = {
            "groups": [(GROUPS.get(key, key), list(found)) for key, found in by_app],
            "may_set": may_set(request.user),
            "today": today(),
        }
        return render(request, "grids/rules.html", context)


def _group(rule: Rule) -> str:
    return rule.key.partition(".")[0]


class RuleForm(forms.Form):
    value = forms.FloatField(label=gettext_lazy("Value"))
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=200,
        help_text=gettext_lazy("The document or decision that says so."),
    )

    def __init__(self, *args: Any, rule: Rule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["value"]
        field.label = rule.name
        field.help_text = _("%(least)g to %(most)g %(unit)s; usual: %(usual)g.") % {
            "least": rule.least,
            "most": rule.most,
            "unit": rule.unit,
            "usual": rule.default,
        }
        field.widget.attrs |= {"inputmode": "decimal", "step": "any"}


class SetRule(FormPage):
    """Set a rule from today on; figures of earlier days keep what held then."""

    right = CHANGE
    form_class = RuleForm
    rule: Rule

    def prepare(self) -> None:
        if not may_set(self.request.user):
            raise PermissionDenied
        rule = next((rule for rule in rules() if rule.key == self.kwargs["key"]), None)
        if rule is None:
            raise Http404
        self.rule = rule

    def form_arguments(self) -> dict[str, Any]:
        value = values_on()[self.rule.key]
        return {"rule": self.rule, "initial": {"value": f"{value:g}"}}

    def act(self, form: RuleForm) -> RuleValue:
        data = form.cleaned_data
        return set_rule(
            self.request.user, self.rule.key, data["value"], source=data["source"].strip()
        )

    def next_url(self, result: RuleValue) -> str:
        return reverse("rule-list")

    def context(self) -> dict[str, Any]:
        heading, back = str(self.rule.name), reverse("rule-list")
        return {
            "heading": heading,
            "back": back,
            "crumbs": [Crumb(_("Rules"), back), Crumb(heading)],
        }
