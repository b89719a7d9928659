"""Sports organisations: entering, editing, ending, re-opening."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from grids.actions.ground import (
    area_in_force,
    changed,
    check_ahead,
    check_end,
    fresh,
    lock_division,
    require,
    written,
)
from grids.models import Officer, Organisation, OrganisationKind, Sport
from grids.models.organisations import KIND_LEVELS
from grids.writing import keep
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor

CHANGE_ORGANISATION = "change grids.organisation"
EDITABLE = {"name", "sport", "registration_number", "members_count", "address"}


def kinds_at(area_code: str) -> list[str]:
    """The kinds of organisations that stand at the level of ``area_code``."""
    return [kind for kind, levels in KIND_LEVELS.items() if len(area_code) in levels]


def _check_level(kind: str, area_code: str) -> None:
    if kind not in kinds_at(area_code):
        raise ValidationError(
            {
                "kind": _("A %(kind)s does not stand at this level.")
                % {"kind": OrganisationKind(kind).label}
            }
        )


def _check_federation(organisation: Organisation) -> None:
    """Raise ``ValidationError`` where two federations of one area would be in force on one day."""
    if organisation.kind != OrganisationKind.FEDERATION:
        return
    lasting = Q(ended_on=None) | (
        Q(ended_on__gt=organisation.started_on) & Q(ended_on__gt=F("started_on"))
    )
    others = Organisation.objects.filter(
        lasting, kind=organisation.kind, area_code=organisation.area_code
    )
    other = others.exclude(pk=organisation.pk).first()
    if other is not None:
        raise ValidationError(
            {
                "kind": _("%(name)s is the sports federation here from %(day)s. End it first.")
                % {"name": other.name, "day": written(other.started_on)}
            }
        )


@transaction.atomic
def enter_organisation(
    actor: Actor,
    area_code: str,
    *,
    name: str,
    kind: str,
    sport: Sport | None = None,
    registration_number: str = "",
    members_count: int | None = None,
    address: str = "",
    started_on: date | None = None,
) -> Organisation:
    """Enter an organisation at the area that it serves.

    Raises ``OutOfReach``, or ``ValidationError``: the kind does not stand at this level, the area
    has a federation already, the name is taken there, or an association names no sport.
    """
    require(actor, CHANGE_ORGANISATION, area_code)
    day = started_on or today()
    check_ahead(day, "started_on")
    lock_division(area_code)
    area_in_force(area_code, day)
    _check_level(kind, area_code)
    organisation = Organisation(
        area_code=area_code,
        name=name.strip(),
        kind=kind,
        sport=sport,
        registration_number=registration_number.strip(),
        members_count=members_count,
        address=address.strip(),
        started_on=day,
    )
    _check_federation(organisation)
    return keep(actor, organisation, "add")


@transaction.atomic
def edit_organisation(actor: Actor, organisation: Organisation, **changes: Any) -> Organisation:
    """Change what an organisation is called, its sport, number, members or address.

    Its kind and its area stay: another kind is another organisation, since figures rest on it.
    """
    require(actor, CHANGE_ORGANISATION, organisation.area_code)
    return keep(actor, changed(fresh(organisation), changes, EDITABLE), "edit")


def offices_ending(organisation: Organisation, on: date) -> list[Officer]:
    """The offices that end when the organisation ends on ``on``."""
    offices = organisation.officers.filter(Q(ended_on=None) | Q(ended_on__gt=on))
    return list(offices.select_related("person").order_by("title", "pk"))


@transaction.atomic
def end_organisation(
    actor: Actor, organisation: Organisation, on: date, *, reason: str = ""
) -> Organisation:
    """End an organisation, and with it the offices in it, on the same day."""
    require(actor, CHANGE_ORGANISATION, organisation.area_code)
    organisation = fresh(organisation)
    check_end(organisation, on)
    for office in offices_ending(organisation, on):
        office.ended_on = max(on, office.started_on)
        keep(actor, office, "end", reason=reason)
    organisation.ended_on = on
    return keep(actor, organisation, "end", reason=reason)


@transaction.atomic
def reopen_organisation(actor: Actor, organisation: Organisation) -> Organisation:
    """Take back the end of an organisation, as if it had not ended; its offices stay ended."""
    require(actor, CHANGE_ORGANISATION, organisation.area_code)
    lock_division(organisation.area_code)
    organisation = fresh(organisation)
    if organisation.ended_on is None:
        return organisation
    area_in_force(organisation.area_code, organisation.started_on)
    organisation.ended_on = None
    _check_federation(organisation)
    return keep(actor, organisation, "re-open")
