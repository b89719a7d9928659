"""What phones send besides new records, and what they say still waits on them."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities import querysets
from jiaozuo_grid.area import AreaRow
from jiaozuo_grid.listeners import Fact


class SubmissionState(models.TextChoices):
    # The record it amends has not arrived yet.
    KEPT = "kept", _("kept until its record arrives")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")


class Submission(models.Model):
    """Something a phone sent that is not a record of its own: an amendment, a join.

    A new record needs no line here: its own row, under the id made on the phone, says that it
    arrived. ``id`` was made on the phone too; the same id gets the same ``answer`` for ever.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(_("kind"), max_length=30)
    # The record it is about; there or still to come.
    record = models.UUIDField(_("record"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("sent by"), on_delete=models.PROTECT
    )
    body = models.JSONField(_("body"), encoder=DjangoJSONEncoder)
    state = models.CharField(_("state"), max_length=10, choices=SubmissionState.choices)
    answer = models.JSONField(_("answer"), default=dict, encoder=DjangoJSONEncoder)
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["received_at", "id"]
        indexes = [
            models.Index(
                fields=["record"], name="submission_kept", condition=Q(state=SubmissionState.KEPT)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class WaitingRecord(AreaRow):
    """A record that a phone said it has not sent yet: its id and since when, never its content.

    ``area_code`` is where its author holds the post (the widest, where there are several), so that
    the officer above sees it. It goes when the record arrives or is discarded on purpose; what a
    phone no longer has and never sent stays, until it is entered again or dismissed.
    """

    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("author"), on_delete=models.PROTECT
    )
    # Made by the browser at its first visit; another one after its storage was emptied.
    phone = models.UUIDField(_("phone"))
    since = models.DateTimeField(_("waiting since"))
    seen_at = models.DateTimeField(_("last heard of"), default=timezone.now)
    # The phone was heard of and did not have it any more.
    lost_at = models.DateTimeField(_("lost at"), null=True, blank=True)

    objects = querysets.WaitingQuerySet.as_manager()

    class Meta:
        verbose_name = _("waiting record")
        verbose_name_plural = _("waiting records")
        ordering = ["since", "id"]
        indexes = [models.Index(fields=["user", "since"], name="waiting_of_user")]

    def facts(self) -> list[Fact]:
        """No figure counts what waits."""
        return []

    def __str__(self) -> str:
        return f"{self.user} {self.since:%Y-%m-%d}"


class PhotoUpload(models.Model):
    """A photo on its way, in pieces: it goes on where it stopped. ``id`` was made on the phone."""

    id = models.UUIDField(primary_key=True)
    # The session that it belongs to.
    record = models.UUIDField(_("record"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("sent by"), on_delete=models.PROTECT
    )
    size = models.PositiveIntegerField(_("size"))
    received = models.PositiveIntegerField(_("received"), default=0)
    began_at = models.DateTimeField(_("began at"), default=timezone.now)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("photo upload")
        verbose_name_plural = _("photo uploads")
        ordering = ["began_at"]
        constraints = [
            models.CheckConstraint(
                name="photo_upload_received", condition=Q(received__lte=models.F("size"))
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
