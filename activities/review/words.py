"""Flags in words. They speak of the session, never of who wrote it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from activities.models import FlagRule, Session, SessionFlag
from jiaozuo_grid.reach import Actor


def seen(flag: SessionFlag) -> str:
    """What was seen, with its numbers."""
    tell = _TOLD.get(flag.rule)
    return tell(flag.details) if tell else ""


def _same_photo(details: dict[str, Any]) -> str:
    return _("Another session has the same photo.")


def _same_count(details: dict[str, Any]) -> str:
    return _("%(times)s sessions in a row with %(count)s participants each.") % details


def _many_a_day(details: dict[str, Any]) -> str:
    told = []
    if "by_user" in details:
        told.append(_("%(by_user)s sessions of this day are in one person's name.") % details)
    if "by_group" in details:
        told.append(_("%(by_group)s sessions of this hobby grid on this day.") % details)
    return " ".join(told)


def _crowd(details: dict[str, Any]) -> str:
    return _("%(participants)s participants; %(population)s people live there.") % details


def _clock(details: dict[str, Any]) -> str:
    return _("The day was set by the server's clock.")


_TOLD: dict[str, Callable[[dict[str, Any]], str]] = {
    FlagRule.SAME_PHOTO: _same_photo,
    FlagRule.SAME_COUNT: _same_count,
    FlagRule.MANY_A_DAY: _many_a_day,
    FlagRule.CROWD: _crowd,
    FlagRule.CLOCK: _clock,
}


def find_others(actor: Actor, flags: Iterable[Any]) -> None:
    """Give each flag the ``other`` session with the same photo, where the actor may see it.

    One query for all; none where no flag speaks of another session.
    """
    rows = list(flags)
    keys = {UUID(flag.details["other"]) for flag in rows if "other" in flag.details}
    others = Session.objects.visible_to(actor).filter(pk__in=keys).in_bulk() if keys else {}
    for flag in rows:
        flag.other = others.get(UUID(flag.details["other"])) if "other" in flag.details else None
