"""Rules as data: each declared in code with its source, its value set by the bureau.

An app declares ``declare("station.instructors", 2, …)`` when it is ready and asks
``value_of("station.instructors")``; the bureau's page lists what is declared. A value set from a
day on leaves earlier days as they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from grids.actions.ground import require
from grids.models import Division, RuleValue
from grids.writing import keep
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today
from jiaozuo_grid.often import Often, slot
from jiaozuo_grid.reach import Actor


@dataclass(frozen=True)
class Rule:
    """A number that a rule needs; ``source`` says where the declared value comes from."""

    key: str
    default: float
    name: str | Promise
    unit: str | Promise
    source: str | Promise
    least: float = 0
    most: float = 1000


_rules: dict[str, Rule] = {}


def declare(rule: Rule) -> None:
    """Called by each app when it is ready."""
    _rules[rule.key] = rule


def rules() -> list[Rule]:
    return list(_rules.values())


def values_on(day: date | None = None) -> dict[str, float]:
    """The value of every rule on a day, in one query."""
    values = {rule.key: rule.default for rule in _rules.values()}
    stored = _IN_FORCE.all(day=day or today())
    return values | {key: value for key, value in stored if key in values}


_IN_FORCE = Often(
    lambda: RuleValue.objects.on(slot("day", models.DateField())).values_list("key", "value")
)


def value_of(key: str, day: date | None = None) -> float:
    """The value of one rule on a day; for several at once ask ``values_on``."""
    return values_on(day)[key]


@transaction.atomic
def set_rule(actor: Actor, key: str, value: float, *, source: str = "") -> RuleValue:
    """Set a rule's value from today on. Raises ``OutOfReach`` or ``ValidationError``."""
    city = Division.objects.filter(digits=Level.CITY).order_by("area_code").first()
    if city is None:
        raise ValidationError(_("Import the divisions first."))
    require(actor, "change grids.rulevalue", city.area_code)
    rule = _rules[key]
    if not rule.least <= value <= rule.most:
        raise ValidationError(
            {
                "value": _("Between %(least)g and %(most)g.")
                % {"least": rule.least, "most": rule.most}
            }
        )
    current = RuleValue.objects.select_for_update().filter(key=key, ended_on=None).first()
    if current is not None and current.started_on == today():
        current.value, current.source = value, source
        return keep(actor, current, "set rule")
    if current is not None:
        current.ended_on = today()
        keep(actor, current, "set rule")
    row = RuleValue(area_code=city.area_code, key=key, value=value, source=source)
    return keep(actor, row, "set rule")
