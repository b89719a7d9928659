"""Who holds office in an organisation: appointing, ending, replacing, a new term."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.models import Person
from grids.actions.ground import check_ahead, check_end, fresh, require, written
from grids.models import Officer, Organisation, Title
from grids.people import check_present, people_visible_to
from grids.writing import keep
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor, OutOfReach

CHANGE_OFFICER = "change grids.officer"


def _check_vacant(
    organisation: Organisation, person: Person, title: str, day: date, until: date | None = None
) -> None:
    """Raise ``ValidationError`` where the new office would overlap another."""
    lasting = Q(ended_on=None) | (Q(ended_on__gt=day) & Q(ended_on__gt=F("started_on")))
    offices = Officer.objects.filter(lasting, organisation=organisation, title=title)
    if until is not None:
        offices = offices.filter(started_on__lt=until)
    if offices.filter(person=person).exists():
        raise ValidationError({"person": _("This person holds this office already.")})
    if title != Title.PRESIDENT:
        return
    president = offices.select_related("person").order_by("started_on").first()
    if president is not None:
        raise ValidationError(
            {
                "title": _("%(name)s is president from %(day)s. End that office first, or replace.")
                % {"name": president.person.name, "day": written(president.started_on)}
            }
        )


def _check_organisation(organisation: Organisation, day: date) -> None:
    if organisation.ended_on is not None:
        raise ValidationError(
            _("%(name)s ends on %(day)s. Re-open it first.")
            % {"name": organisation.name, "day": written(organisation.ended_on)}
        )
    if day < organisation.started_on:
        raise ValidationError(
            {
                "started_on": _("%(name)s begins on %(day)s; choose this day or a later one.")
                % {"name": organisation.name, "day": written(organisation.started_on)}
            }
        )


@transaction.atomic
def appoint_officer(
    actor: Actor,
    organisation: Organisation,
    person: Person,
    title: str,
    *,
    started_on: date | None = None,
    ended_on: date | None = None,
    term_ends_on: date | None = None,
) -> Officer:
    """Give a person whom the actor sees an office, from a day on, for a term; perhaps until a day.

    Raises ``OutOfReach``, or ``ValidationError``: the organisation is not there on that day, has a
    president already, or the person holds this very office.
    """
    require(actor, CHANGE_OFFICER, organisation.area_code)
    if not people_visible_to(actor).filter(pk=person.pk).exists():
        raise OutOfReach
    organisation = fresh(organisation)
    day = started_on or today()
    check_ahead(day, "started_on")
    check_present(fresh(person), day)
    _check_organisation(organisation, day)
    _check_vacant(organisation, person, title, day, ended_on)
    office = Officer(
        area_code=organisation.area_code,
        organisation=organisation,
        person=person,
        title=title,
        started_on=day,
        ended_on=ended_on,
        term_ends_on=term_ends_on,
    )
    return keep(actor, office, "appoint")


@transaction.atomic
def end_office(actor: Actor, office: Officer, on: date, *, reason: str = "") -> Officer:
    """End an office; ``on`` is the first day without it."""
    require(actor, CHANGE_OFFICER, office.area_code)
    fresh(office.organisation)
    office = fresh(office)
    check_end(office, on)
    office.ended_on = on
    return keep(actor, office, "end", reason=reason)


@transaction.atomic
def replace_officer(
    actor: Actor,
    office: Officer,
    person: Person,
    *,
    started_on: date | None = None,
    term_ends_on: date | None = None,
    reason: str = "",
) -> Officer:
    """End an office and give it to the successor on the same day, or neither."""
    require(actor, CHANGE_OFFICER, office.area_code)
    if office.person_id == person.pk:
        raise ValidationError({"person": _("This person holds this office already.")})
    day = started_on or today()
    end_office(actor, office, day, reason=reason)
    return appoint_officer(
        actor,
        office.organisation,
        person,
        office.title,
        started_on=day,
        term_ends_on=term_ends_on,
    )


@transaction.atomic
def renew_term(actor: Actor, office: Officer, term_ends_on: date | None) -> Officer:
    """Re-elected, or the term was entered wrongly: it ends on another day."""
    require(actor, CHANGE_OFFICER, office.area_code)
    office = fresh(office)
    if office.ended_on is not None and office.ended_on <= today():
        raise ValidationError(
            _("This ended on %(day)s already.") % {"day": written(office.ended_on)}
        )
    office.term_ends_on = term_ends_on
    return keep(actor, office, "edit")
