"""Two entries that may be one person, and what became of the suspicion."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from grids import querysets
from jiaozuo_grid.area import AreaRow


class Suspicion(models.TextChoices):
    """Why two entries may be one person. The same identity number is refused when it is entered."""

    NAME_BIRTH = "name_birth", _("same name and date of birth")
    NAME_PHONE = "name_phone", _("same name and mobile number")
    SAID = "said", _("somebody says so")


class PairState(models.TextChoices):
    OPEN = "open", _("to decide")
    MERGED = "merged", _("same person, merged")
    DIFFERENT = "different", _("different people")


class DuplicatePair(AreaRow):
    """Two entries of people that look like one, found at night or named by somebody.

    ``area_code`` is the smallest area in which both live: who is responsible for it decides.
    ``first`` is the older entry, so that a pair stands here once.
    """

    first = models.ForeignKey(
        Person, verbose_name=_("first entry"), on_delete=models.PROTECT, related_name="+"
    )
    second = models.ForeignKey(
        Person, verbose_name=_("second entry"), on_delete=models.PROTECT, related_name="+"
    )
    why = models.CharField(_("why"), max_length=12, choices=Suspicion.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=PairState.choices, default=PairState.OPEN
    )
    found_at = models.DateTimeField(_("found at"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = querysets.DuplicatePairQuerySet.as_manager()

    class Meta:
        verbose_name = _("duplicate")
        verbose_name_plural = _("duplicates")
        ordering = ["area_code", "id"]
        constraints = [
            models.UniqueConstraint(name="one_row_each_pair", fields=["first", "second"]),
            models.CheckConstraint(name="pair_in_order", condition=Q(first__lt=F("second"))),
        ]
        indexes = [models.Index(fields=["state", "area_code"], name="duplicate_by_state")]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"
