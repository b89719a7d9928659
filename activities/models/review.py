"""What the township officer should look at: never a refusal, never about a person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models.session import Session
from jiaozuo_grid.area import AreaRow
from jiaozuo_grid.listeners import Fact
from jiaozuo_grid.reach import ScopedQuerySet


class FlagRule(models.TextChoices):
    SAME_PHOTO = "same_photo", _("the same photo twice")
    SAME_COUNT = "same_count", _("the same number week after week")
    MANY_A_DAY = "many_a_day", _("very many sessions in one day")
    CROWD = "crowd", _("more participants than people live there")
    CLOCK = "clock", _("the phone's clock was wrong, the day was moved")


class FlagState(models.TextChoices):
    OPEN = "open", _("to look at")
    FINE = "fine", _("it is as it says")
    AMENDED = "amended", _("corrected or withdrawn")


class SessionFlag(AreaRow):
    """One doubt about one session. The session counts until it is corrected or withdrawn."""

    session = models.ForeignKey(
        Session, verbose_name=_("session"), on_delete=models.PROTECT, related_name="flags"
    )
    rule = models.CharField(_("doubt"), max_length=12, choices=FlagRule.choices)
    # What was seen: {"population": 480}, {"other": "<id>"} …
    details = models.JSONField(_("details"), default=dict, blank=True)
    found_at = models.DateTimeField(_("found at"), default=timezone.now)
    state = models.CharField(
        _("state"), max_length=10, choices=FlagState.choices, default=FlagState.OPEN
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=200, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("session to look at")
        verbose_name_plural = _("sessions to look at")
        ordering = ["-found_at", "-id"]
        constraints = [
            models.UniqueConstraint(name="one_flag_per_rule", fields=["session", "rule"])
        ]
        indexes = [models.Index(fields=["state", "area_code"], name="flag_by_state")]

    def facts(self) -> list[Fact]:
        """No figure counts a doubt."""
        return []

    def __str__(self) -> str:
        return f"{self.get_rule_display()} {self.session_id}"
