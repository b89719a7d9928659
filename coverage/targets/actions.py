"""Setting, withdrawing and allocating targets: from above only, and never by overwriting.

Who may: whoever holds "change coverage.target" at an area strictly above (for the city, whose
superior is not in the system, at the city itself). So the bureau sets the city's and the counties',
a county its townships', and nobody their own. What a target from above asks of a whole cannot be
undone from within either: no single change may leave the children together short of their
parent's target, and an allocation must add up to it, neither less nor (层层加码) more.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import together
from coverage.models import Target
from coverage.reading import coverage_of
from coverage.registry import INDICATORS, Indicator
from coverage.targets.allocation import Part, adds_up, mean, short_by
from coverage.targets.reading import standing_targets
from coverage.targets.wording import checked, rounded, written
from grids.models import Division
from grids.writing import keep_changed, keep_new
from jiaozuo_grid.area import Level, ancestors, parent_code
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor, OutOfReach, reach_of, right

# A plan of five years is set ahead; a year that is over keeps what was asked.
YEARS_AHEAD = 5


def may_set(actor: Actor, area_code: str) -> bool:
    """Whether the actor stands above the area."""
    reach, asked = reach_of(actor), right("change", Target)
    if len(area_code) == Level.CITY:
        return reach.allows(asked, area_code)
    return len(area_code) <= Level.VILLAGE and any(
        reach.allows(asked, up) for up in ancestors(area_code)
    )


def may_allocate(actor: Actor, area_code: str) -> bool:
    """Whether the actor may set the targets of the area's children."""
    return len(area_code) < Level.VILLAGE and reach_of(actor).allows(
        right("change", Target), area_code
    )


def parts_of(area_code: str, key: str, on: date) -> list[Part]:
    """The children with what they weigh and where they stand."""
    children = coverage_of(area_code, on).children
    ratios = [(child.area_code, child.ratios.get(key)) for child in children]
    return [
        Part(code, (ratio.denominator or 0) if ratio else 0, ratio.value if ratio else None)
        for code, ratio in ratios
    ]


@transaction.atomic
def set_target(
    actor: Actor,
    area_code: str,
    key: str,
    year: int,
    value: Decimal,
    *,
    reason: str,
    day: date | None = None,
) -> Target:
    """Ask something of an area from ``day`` (today) on, whatever it was asked before.

    Raises ``OutOfReach`` or ``ValidationError``.
    """
    day = day or today()
    indicator = _begin(actor, area_code, key, year, reason, day)
    value = checked(indicator, value)
    _keep_whole(actor, area_code, key, year, day, value)
    with together():
        _end(actor, {area_code}, key, year, reason, day)
        new = Target(
            area_code=area_code,
            indicator=key,
            year=year,
            value=value,
            reason=reason,
            started_on=day,
        )
        return keep_new(actor, [new], "set target", reason=reason)[0]


@transaction.atomic
def withdraw_target(actor: Actor, area_code: str, key: str, year: int, *, reason: str) -> None:
    """From today on the area takes the next target above it."""
    _begin(actor, area_code, key, year, reason, today())
    _keep_whole(actor, area_code, key, year, today(), None)
    if not _end(actor, {area_code}, key, year, reason, today()):
        raise ValidationError(_("It has no target of its own."))


@transaction.atomic
def allocate(
    actor: Actor,
    area_code: str,
    key: str,
    year: int,
    values: Mapping[str, Decimal],
    *,
    reason: str,
    day: date | None = None,
) -> list[Target]:
    """Set the targets of all children of an area at once; all of them, or none.

    Raises ``OutOfReach`` or ``ValidationError``, also where they do not add up to the area's own.
    """
    day = day or today()
    if not may_allocate(actor, area_code):
        raise OutOfReach
    indicator = _indicator(key)
    _check_year(year, day)
    _check_reason(reason)
    _lock(area_code)
    asked = standing_targets([area_code], day, year)[area_code, key].value
    if asked is None:
        raise ValidationError(_("The area itself has no target to share out."))
    parts = parts_of(area_code, key, day)
    _check_parts(indicator, rounded(indicator, asked), parts, values)
    current = {
        row.area_code: row
        for row in Target.objects.filter(
            area_code__in=values, indicator=key, year=year, ended_on=None
        )
    }
    changed = {
        code: value
        for code, value in values.items()
        if code not in current or current[code].value != value
    }
    with together():
        _end(actor, set(changed), key, year, reason, day)
        new = [
            Target(
                area_code=code,
                indicator=key,
                year=year,
                value=value,
                reason=reason,
                started_on=day,
            )
            for code, value in sorted(changed.items())
        ]
        return keep_new(actor, new, "allocate target", reason=reason)


def _check_parts(
    indicator: Indicator, asked: Decimal, parts: list[Part], values: Mapping[str, Decimal]
) -> None:
    if {part.code for part in parts} != set(values):
        raise ValidationError(_("The areas below changed meanwhile. Look at the allocation again."))
    for value in values.values():
        checked(indicator, value)
    reached = mean(parts, dict(values))
    if reached is None:
        # Nothing says how much each of them weighs: only the same for all is sure to add up.
        if set(values.values()) - {asked}:
            raise ValidationError(
                _("As long as it is not known how large they are, all take the same target.")
            )
        return
    if not adds_up(indicator, asked, reached):
        raise ValidationError(
            _("Together these come to %(reached)s, not to %(asked)s.")
            % {"reached": written(indicator, reached), "asked": written(indicator, asked)}
        )


def _keep_whole(
    actor: Actor, area_code: str, key: str, year: int, day: date, value: Decimal | None
) -> None:
    """Refuse a change (None: taking the parent's) that leaves the siblings together short.

    The registry's default, which nobody asked of the parent, binds only who cannot set another.
    """
    above = parent_code(area_code)
    if above is None:
        return
    indicator = INDICATORS[key]
    found = standing_targets([above], day, year)[above, key]
    asked = found.value
    if asked is None or (found.is_default and may_set(actor, above)):
        return
    parts = parts_of(above, key, day)
    standing = standing_targets([part.code for part in parts], day, year)
    goal = Decimal(str(asked))
    before = {part.code: Decimal(str(standing[part.code, key].value)) for part in parts}
    if area_code not in before:
        return
    after = before | {area_code: goal if value is None else value}
    if not short_by(indicator, before[area_code], after[area_code]):
        return
    reached = mean(parts, after)
    # Of areas of unknown size the smallest may be the largest: each must reach it.
    behind = short_by(indicator, goal, after[area_code] if reached is None else reached)
    if behind:
        raise ValidationError(
            _(
                "That would ask less of the areas together (%(reached)s) than of what they are "
                "parts of (%(asked)s). Share the target out anew instead."
            )
            % {
                "reached": written(indicator, after[area_code] if reached is None else reached),
                "asked": written(indicator, goal),
            }
        )


def _begin(actor: Actor, area_code: str, key: str, year: int, reason: str, day: date) -> Indicator:
    if not may_set(actor, area_code):
        raise OutOfReach
    indicator = _indicator(key)
    _check_year(year, day)
    _check_reason(reason)
    _lock(parent_code(area_code) or area_code)
    if not Division.objects.filter(area_code=area_code).on(day).exists():
        raise ValidationError(_("There is no area with this code now."))
    return indicator


def _indicator(key: str) -> Indicator:
    if key not in INDICATORS:
        raise ValidationError({"indicator": _("There is no such indicator.")})
    return INDICATORS[key]


def _check_year(year: int, day: date) -> None:
    if not day.year <= year <= day.year + YEARS_AHEAD:
        raise ValidationError(
            {"year": _("Targets are set for the running year and up to five years ahead.")}
        )


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("Say why, or by which document.")})


def _lock(code: str) -> None:
    """One writer at a time among the children of an area."""
    if not Division.objects.select_for_update().filter(area_code=code).exists():
        raise ValidationError(_("There is no area with this code now."))


def _end(actor: Actor, codes: set[str], key: str, year: int, reason: str, day: date) -> int:
    """End what is in force; a target set and changed on one day was in force on no day."""
    rows = list(Target.objects.filter(area_code__in=codes, indicator=key, year=year, ended_on=None))
    for row in rows:
        row.ended_on, row.end_reason = max(day, row.started_on), reason
    keep_changed(actor, rows, ["ended_on", "end_reason"], "end target", reason=reason)
    return len(rows)
