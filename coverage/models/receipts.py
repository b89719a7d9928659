"""Receipts: what was printed or exported, so that anybody can find out whether it is genuine."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiaozuo_grid.area import AreaRow
from jiaozuo_grid.reach import ScopedQuerySet


class DefinitionVersion(models.Model):
    """How a measure or indicator was defined when a receipt was issued for it.

    ``texts`` has its name, unit and definition by language: the code knows only today's version.
    """

    key = models.CharField(_("key"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"))
    texts = models.JSONField(_("texts"))
    noted_at = models.DateTimeField(_("noted at"), default=timezone.now)

    class Meta:
        verbose_name = _("version of a definition")
        verbose_name_plural = _("versions of definitions")
        constraints = [
            models.UniqueConstraint(name="one_definition_a_version", fields=["key", "version"])
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"


class Receipt(AreaRow):
    """One paper, file or number that left the system: what it said, of where, of which day.

    ``values`` are the figures by area code and measure, as {code: {measure: number or null}};
    ``definitions`` the version of each. ``known_at`` is the fold whose tallies they were read
    from; with the journal they can be had again from today's.
    """

    code = models.CharField(_("code"), max_length=10, unique=True)
    # A measure, an indicator, "page" or "report".
    what = models.CharField(_("what"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    on = models.DateField(_("day"))
    # Whether the past was read on the map of the day of issue.
    restated = models.BooleanField(_("restated"), default=False)
    known_at = models.DateTimeField(_("known at"), null=True, blank=True)
    definitions = models.JSONField(_("versions of the definitions"), default=dict)
    values = models.JSONField(_("figures"), default=dict)
    # The path of an archived report, for those who may open it.
    path = models.CharField(_("report"), max_length=200, blank=True)
    issued_at = models.DateTimeField(_("issued at"), default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("issued by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["-issued_at", "-id"]
        indexes = [
            # The same print asked for again gets the same code.
            models.Index(fields=["area_code", "what", "on", "known_at"], name="receipt_same"),
        ]

    def __str__(self) -> str:
        return self.code

    def facts(self) -> list[Any]:
        """A receipt changes no figure."""
        return []
