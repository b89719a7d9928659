"""Reminders: a gap's row is put before the person who can close it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from coverage import querysets
from jiaozuo_grid.area import AreaRow
from jiaozuo_grid.listeners import Fact


class Answer(models.TextChoices):
    """What a leader can say to a reminder with one tap."""

    ARRANGED = "arranged", _("Arranged")
    PEOPLE = "people", _("Cannot be done: nobody is found")
    PLACE = "place", _("Cannot be done: there is no place")
    HELP = "help", _("Cannot be done: help from above is needed")
    WRONG = "wrong", _("The register is wrong here")


class Reminder(AreaRow):
    """One row of a gap (``row_key``, at ``area_code``) to one person, open until the row has left
    the gap. Asking again renews it; it never counts for or against anybody.
    """

    gap = models.CharField(_("gap"), max_length=40)
    row_key = models.CharField(_("row"), max_length=40)
    to = models.ForeignKey(
        Person, verbose_name=_("to"), on_delete=models.PROTECT, related_name="reminders"
    )
    # In whose name: the area of the sender's post.
    sender_area = models.CharField(_("on behalf of"), max_length=17)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("sent by"), on_delete=models.PROTECT
    )
    sent_at = models.DateTimeField(_("sent at"), default=timezone.now)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer.choices, blank=True)
    answer_note = models.CharField(_("in other words"), max_length=100, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = querysets.ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_reminder",
                fields=["gap", "row_key", "to"],
                condition=Q(closed_at__isnull=True),
            )
        ]
        indexes = [
            # Also of those closed this week: nobody is asked again so soon.
            models.Index(fields=["gap", "row_key", "sent_at"], name="reminder_of_row"),
            models.Index(
                fields=["to", "gap"], name="reminder_open", condition=Q(closed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gap} {self.area_code}"

    def facts(self) -> list[Fact]:
        """No figure counts reminders."""
        return []

    @property
    def said(self) -> str:
        """The answer in words."""
        return " · ".join(
            text for text in (str(self.get_answer_display()), self.answer_note) if text
        )
