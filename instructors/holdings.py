"""Being an instructor is a person's own: it passes to nobody, and ends when they die or leave."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.holdings import Holding, register
from accounts.models import Person
from instructors import actions
from instructors.models import Instructor
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor


def _entries(person: Person) -> Any:
    lasting = Q(ended_on=None) | (Q(ended_on__gt=today()) & Q(ended_on__gt=F("started_on")))
    return Instructor.objects.filter(lasting, person=person).select_related("person")


def _end(actor: Actor, instructor: Instructor, successor: Person | None, on: date) -> None:
    day = max(on, instructor.started_on)
    actions.end_instructor(actor, instructor, day, reason=_("died or moved away"))


def register_holdings() -> None:
    """Called once, when the app is ready."""
    register(
        Holding(
            key="instructors.instructor",
            label=gettext_lazy("entry as instructor"),
            rows=_entries,
            describe=lambda row: f"{Instructor._meta.verbose_name} · {row.level_name}",
            url=lambda row: reverse("instructor", args=[row.pk]),
            hand_over=_end,
            personal=True,
        )
    )
