"""Months as they were reported: frozen, signed, never written again."""

from __future__ import annotations

from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import AppendOnly
from jiaozuo_grid.area import AreaRow
from jiaozuo_grid.reach import Actor, ScopedQuerySet, reach_of

SIGN = "sign coverage.snapshot"


class FrozenQuerySet(ScopedQuerySet):
    """Rows that are only ever added."""

    def update(self, **values: Any) -> NoReturn:
        raise AppendOnly("What was reported is never changed; issue a new edition.")

    def delete(self) -> NoReturn:
        raise AppendOnly("What was reported is never removed.")


class SignedQuerySet(FrozenQuerySet):
    def reached(self, actor: Actor, verb: str, on: Any = None) -> Self:
        """Who answers for an area signs its own month, not those of the areas below."""
        reach = reach_of(actor, on)
        if verb != "change" or reach.everywhere:
            return super().reached(actor, verb, on)
        return self.filter(area_code__in=reach.areas_for(SIGN))


class Frozen(models.Model):
    """A row that cannot be saved a second time, nor removed."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("What was reported is never changed; issue a new edition.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("What was reported is never removed.")

    def facts(self) -> list[Any]:
        """What was reported changes no figure."""
        return []


class Snapshot(Frozen, AreaRow):
    """An edition of the month of a county (with all below it) or of the city (with its counties).

    A county can so correct its month without touching those of the others. ``digest`` is keyed
    and goes over all its areas, so a changed row is found even where the digests beside it were
    changed too.
    """

    month = models.DateField(_("month"))
    number = models.PositiveSmallIntegerField(_("edition"), default=1)
    frozen_at = models.DateTimeField(_("frozen at"))
    # Why there is another edition; empty for the first.
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("issued by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    # {measure or indicator: number of the definition that was in use}
    versions = models.JSONField(_("definitions"), default=dict)
    digest = models.CharField(_("digest"), max_length=64)

    objects = SignedQuerySet.as_manager()

    class Meta:
        verbose_name = _("monthly snapshot")
        verbose_name_plural = _("monthly snapshots")
        ordering = ["-month", "area_code", "-number"]
        constraints = [
            models.UniqueConstraint(
                name="one_snapshot_edition", fields=["area_code", "month", "number"]
            ),
            models.CheckConstraint(
                name="snapshot_of_city_or_county", condition=Q(area_code__length__in=[4, 6])
            ),
            models.CheckConstraint(name="snapshot_of_a_whole_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="later_edition_has_a_reason", condition=Q(number=1) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.month:%Y-%m} #{self.number}"


class SnapshotArea(Frozen, AreaRow):
    """All figures of one area in an edition.

    One row an area rather than one a measure: a month of 2,000 areas is 2,000 rows instead of
    100,000, a page reads one row and its children's, and nothing asks for one measure over many
    areas and months. ``figures`` is {measure: number | null | [number | null, known, of]},
    ``ratios`` {indicator: [numerator, denominator, value, target]}, ``registers`` what the yearly
    form asks besides (coverage/registers.py), of the edition's own area and those one level below.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="areas")
    name = models.CharField(_("name"), max_length=100)
    figures = models.JSONField(_("figures"))
    ratios = models.JSONField(_("indicators"))
    registers = models.JSONField(_("from the registers"), default=dict)
    digest = models.CharField(_("digest"), max_length=64)

    objects = FrozenQuerySet.as_manager()

    class Meta:
        verbose_name = _("area of a snapshot")
        verbose_name_plural = _("areas of snapshots")
        ordering = ["area_code"]
        constraints = [
            models.UniqueConstraint(name="one_area_a_snapshot", fields=["snapshot", "area_code"])
        ]

    def __str__(self) -> str:
        return f"{self.snapshot_id} {self.area_code}"


class SnapshotSignature(Frozen, AreaRow):
    """Who put their name to an edition, in which post, over which numbers (their digest)."""

    snapshot = models.OneToOneField(Snapshot, on_delete=models.PROTECT, related_name="signature")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("signed by"), on_delete=models.PROTECT
    )
    # As they were when it was signed.
    name = models.CharField(_("name"), max_length=50)
    post = models.CharField(_("post"), max_length=100)
    signed_at = models.DateTimeField(_("signed at"))
    digest = models.CharField(_("digest"), max_length=64)
    remark = models.CharField(_("remark"), max_length=500, blank=True)

    objects = SignedQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature of a month")
        verbose_name_plural = _("signatures of months")

    def __str__(self) -> str:
        return f"{self.snapshot} {self.name}"


class SnapshotRemark(Frozen, AreaRow):
    """Why a figure is restated otherwise than it was reported, in a signer's words."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="remarks")
    measure = models.CharField(_("measure"), max_length=50)
    text = models.CharField(_("remark"), max_length=500)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("written by"), on_delete=models.PROTECT
    )
    name = models.CharField(_("name"), max_length=50)
    written_at = models.DateTimeField(_("written at"))

    objects = SignedQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark on a snapshot")
        verbose_name_plural = _("remarks on snapshots")
        ordering = ["-written_at", "-id"]

    def __str__(self) -> str:
        return f"{self.snapshot} {self.measure}"
