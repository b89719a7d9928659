"""Archived reports: what was made for whom, of which figures, with both files."""

from __future__ import annotations

import json
import zlib
from datetime import date
from typing import Any, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coverage.models.receipts import Receipt
from coverage.models.snapshots import Snapshot
from jiaozuo_grid.area import AreaRow
from jiaozuo_grid.reach import Actor, ScopedQuerySet, reach_of


class ReportKind(models.TextChoices):
    MONTHLY = "monthly", _("monthly report")
    YEARLY = "yearly", _("yearly report")
    FORM = "form", _("yearly statistical form")


class ReportQuerySet(ScopedQuerySet):
    def reached(self, actor: Actor, verb: str, on: date | None = None) -> Self:
        """Whoever may view the coverage of an area has its reports."""
        reach = reach_of(actor, on)
        return self.all() if reach.everywhere else self.within_any(reach.ground_of("view coverage"))


class Report(AreaRow):
    """A report of an area for a month or a year, in one language.

    ``packed`` holds everything that its files say, so that they can be made again to the last byte
    whatever happened to the figures since. ``snapshot`` is the edition that it was made from; a
    report without one shows the figures as they stood when it was made, and says so.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    kind = models.CharField(_("kind"), max_length=10, choices=ReportKind.choices)
    # The first day of the month or year.
    period = models.DateField(_("period"))
    # The day of its figures: the last of the period, or the day on which it was made.
    on = models.DateField(_("day"))
    language = models.CharField(_("language"), max_length=10)
    title = models.CharField(_("title"), max_length=200)
    snapshot = models.ForeignKey(
        Snapshot, verbose_name=_("snapshot"), on_delete=models.PROTECT, null=True, blank=True
    )
    # Whether it names who signed the edition; what was made before says that nobody had.
    signed = models.BooleanField(_("signed"), default=False)
    receipt = models.ForeignKey(
        Receipt, verbose_name=_("receipt"), on_delete=models.PROTECT, null=True, blank=True
    )
    packed = models.BinaryField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    xlsx = models.FileField(_("spreadsheet"), upload_to="reports/", blank=True)
    pdf = models.FileField(_("PDF"), upload_to="reports/", blank=True)
    # SHA-256 of the files, so that one made again can be compared.
    xlsx_digest = models.CharField(max_length=64, blank=True)
    pdf_digest = models.CharField(max_length=64, blank=True)

    # The figures stand in the receipt; the trail says who had them made.
    NOT_IN_TRAIL = frozenset({"packed"})

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="one_report_of_a_snapshot",
                fields=["area_code", "kind", "period", "language", "snapshot", "signed"],
                condition=Q(snapshot__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["area_code", "period", "kind"], name="report_by_area"),
            models.Index(fields=["-made_at", "-id"], name="report_newest"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("report", args=[self.pk])

    def facts(self) -> list[Any]:
        """A report changes no figure."""
        return []

    @property
    def content(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(zlib.decompress(bytes(self.packed)))
        return found

    @content.setter
    def content(self, content: dict[str, Any]) -> None:
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        self.packed = zlib.compress(text.encode(), 9)

    @property
    def is_sealed(self) -> bool:
        return self.snapshot_id is not None

    @property
    def is_ready(self) -> bool:
        return bool(self.xlsx and self.pdf)

    @property
    def period_name(self) -> str:
        return f"{self.period:%Y-%m}" if self.kind == ReportKind.MONTHLY else f"{self.period:%Y}"
