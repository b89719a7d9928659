"""Lectures and events: held for a whole village, township or county, not by one hobby grid."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from activities import querysets
from activities.models.session import Held, held_constraints
from jiaozuo_grid.area import Level

# A lecture or an event is held at a grid, a village, a township or a county.
_ANYWHERE = [Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE, Level.GRID]


class Lecture(Held):
    """A lecture of the sports lecture hall (体育大讲堂)."""

    topic = models.CharField(_("topic"), max_length=100)
    speaker = models.ForeignKey(
        Person,
        verbose_name=_("speaker"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="lectures",
    )
    # A speaker who is not in the register.
    guest = models.CharField(_("guest speaker"), max_length=50, blank=True)

    objects = querysets.HeldQuerySet.as_manager()

    class Meta(Held.Meta):
        verbose_name = _("lecture")
        verbose_name_plural = _("lectures")
        constraints = [
            models.CheckConstraint(
                name="lecture_code_length", condition=Q(area_code__length__in=_ANYWHERE)
            ),
            *held_constraints("lecture"),
        ]
        indexes = [models.Index(fields=["area_code", "held_on"], name="lecture_area_day")]


class EventKind(models.TextChoices):
    CONTEST = "contest", _("contest")
    SHOW = "show", _("performance")
    WALK = "walk", _("walk or run")
    SPORTS_DAY = "sports_day", _("sports day")
    OTHER = "other", _("other")


class Event(Held):
    """A contest, performance or sports day; a day of a longer one."""

    title = models.CharField(_("title"), max_length=100)
    event_kind = models.CharField(_("kind"), max_length=10, choices=EventKind.choices)

    objects = querysets.HeldQuerySet.as_manager()

    class Meta(Held.Meta):
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.CheckConstraint(
                name="event_code_length", condition=Q(area_code__length__in=_ANYWHERE)
            ),
            *held_constraints("event"),
        ]
        indexes = [models.Index(fields=["area_code", "held_on"], name="event_area_day")]
