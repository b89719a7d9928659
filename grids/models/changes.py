"""How the map changed: reorganisations, and which code followed which."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids import querysets
from jiaozuo_grid.area import AreaRow
from jiaozuo_grid.reach import ScopedQuerySet


class Change(models.TextChoices):
    MERGE_DIVISION = "merge_division", _("merge a village into another")
    RENUMBER_DIVISION = "renumber_division", _("renumber, or turn a village into a community")
    MERGE_GRID = "merge_grid", _("merge a grid into another")
    SPLIT_GRID = "split_grid", _("split a grid")
    MOVE_HOBBY_GRID = "move_hobby_grid", _("move a hobby grid")


class Reorganisation(AreaRow):
    """One change of the map, from a day on; ``area_code`` is where it happened (the target).

    ``batch`` names the audit entries of everything it wrote, by which it is undone.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=Change.choices)
    source_code = models.CharField(_("from"), max_length=17)
    on = models.DateField(_("from day"))
    title = models.CharField(_("what happened"), max_length=200)
    reason = models.CharField(_("decision or reason"), max_length=200)
    # What moved and what ended, in numbers, as shown when it was confirmed.
    summary = models.JSONField(_("summary"), default=dict)
    batch = models.UUIDField(_("batch"), default=uuid.uuid4, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("done by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    done_at = models.DateTimeField(_("done at"), default=timezone.now)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("reorganisation")
        verbose_name_plural = _("reorganisations")
        ordering = ["-done_at", "-id"]

    def __str__(self) -> str:
        return self.title


class Succession(models.Model):
    """From ``on`` what stood at ``old_code`` stands at ``new_code``.

    One row for each division, grid and hobby grid that moved; what has no row of its own follows
    the longest code above it. ``share`` is set where a grid was split: then there are several
    rows, and the share (0 to 1) is an estimate of how much of its past belongs to each part.
    What was undone stays, so that a record sent for a code that vanished again finds its place and
    no code is given twice.
    """

    reorganisation = models.ForeignKey(
        Reorganisation, on_delete=models.PROTECT, related_name="successions"
    )
    old_code = models.CharField(_("old code"), max_length=17)
    new_code = models.CharField(_("new code"), max_length=17)
    on = models.DateField(_("from day"))
    share = models.FloatField(_("share"), null=True, blank=True)
    undone = models.BooleanField(_("undone"), default=False)

    objects = querysets.SuccessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        ordering = ["old_code", "new_code"]
        constraints = [
            models.UniqueConstraint(
                name="one_succession_each", fields=["old_code", "new_code", "reorganisation"]
            ),
            models.CheckConstraint(
                name="succession_goes_elsewhere", condition=~Q(old_code=F("new_code"))
            ),
        ]
        indexes = [models.Index(fields=["new_code"], name="succession_by_heir")]

    def __str__(self) -> str:
        return f"{self.old_code} → {self.new_code}"
