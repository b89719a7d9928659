"""Writing a list of divisions: all of it or nothing, as the actor, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from grids.divisions.planning import STATED, Outcome, Plan, plan_import
from grids.divisions.problems import Refused
from grids.divisions.residents import record_residents_of_many
from grids.models import Division
from grids.writing import keep_changed, keep_new
from jiaozuo_grid.reach import Actor

VERB = "import divisions"
# Any number, the same in every process: imports wait for each other.
LOCK = 4_108_001

Progress = Callable[[int, int], None]


def _quietly(step: int, steps: int) -> None:
    """Progress that nobody watches."""


@transaction.atomic
def import_divisions(
    actor: Actor,
    data: bytes,
    *,
    on: date | None = None,
    end_absent: bool = False,
    expected: str = "",
    source: str = "",
    progress: Progress = _quietly,
) -> Plan:
    """Import the list in the file ``data`` as ``actor`` and return what was done.

    ``on`` is the day from which the list holds (see ``plan_import``). ``end_absent`` ends on that
    day the divisions that the file should name and does not. ``expected`` is the digest of the
    plan that was agreed to. ``source`` is noted with the resident figures.

    Raises ``Refused`` with every problem of the file, ``ValidationError`` when the register has
    moved since the plan was shown, ``OutOfReach``; nothing is written then.
    """
    _one_at_a_time()
    plan = plan_import(actor, data, on)
    progress(1, 3)
    problems = plan.problems or (plan.kept if end_absent else [])
    if problems:
        raise Refused(problems)
    if expected and plan.digest != expected:
        raise ValidationError(
            _("The register has changed since the preview. Choose the file again and check anew.")
        )
    _write(actor, plan, source)
    progress(2, 3)
    if end_absent:
        _end_absent(actor, plan)
    progress(3, 3)
    return plan


def _one_at_a_time() -> None:
    """Wait for another import. On SQLite a transaction is alone in writing anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _write(actor: Actor, plan: Plan, source: str) -> None:
    keep_new(actor, [_new_division(one, plan.on) for one in plan.of("added")], VERB)
    changed = [_changed_division(one) for one in plan.outcomes if _touches_division(one)]
    keep_changed(actor, changed, ["name", "ended_on", *STATED], VERB)
    figures = {
        one.area_code: one.row.figures
        for one in plan.outcomes
        if one.row is not None and one.row.figures.keys() & one.changes.keys()
    }
    record_residents_of_many(actor, figures, plan.on, source=source)


def _new_division(outcome: Outcome, on: date) -> Division:
    row: Any = outcome.row
    return Division(
        area_code=row.area_code,
        name=row.name,
        urban_rural_class=row.urban_rural_class or "",
        longitude=row.longitude,
        latitude=row.latitude,
        started_on=on,
    )


def _touches_division(outcome: Outcome) -> bool:
    own = {"name", "ended_on", *STATED}
    return outcome.division is not None and bool(own & outcome.changes.keys())


def _changed_division(outcome: Outcome) -> Division:
    division: Any = outcome.division
    for name, (_was, value) in outcome.changes.items():
        if name in ("name", "ended_on", *STATED):
            setattr(division, name, value)
    return division


def _end_absent(actor: Actor, plan: Plan) -> None:
    absent: list[Any] = [one.division for one in plan.of("absent")]
    for division in absent:
        division.ended_on = plan.on
    keep_changed(actor, absent, ["ended_on"], "end", reason=_("absent from the imported list"))
