"""The import of one file: what was uploaded, what it would do, what became of it."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiaozuo_grid.jobs import Job
from jiaozuo_grid.spreadsheets.sheet import Sheet, sheet_called

# What nobody decided about is removed; what was imported can be undone for so long.
KEEP_OPEN = timedelta(days=7)
UNDO_WITHIN = timedelta(days=7)


class ImportState(models.TextChoices):
    CHECKING = "checking", _("being checked")
    FAULTY = "faulty", _("faults found")
    READY = "ready", _("ready to import")
    IMPORTING = "importing", _("being imported")
    DONE = "done", _("imported")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("undone")
    DISCARDED = "discarded", _("discarded")


OPEN_STATES = (ImportState.CHECKING, ImportState.FAULTY, ImportState.READY)


class SheetImport(models.Model):
    """One uploaded file. The file and what was found in it are removed when it is decided."""

    sheet_key = models.CharField(_("spreadsheet"), max_length=50)
    name = models.CharField(_("file name"), max_length=100)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("uploaded by"), on_delete=models.PROTECT
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState.choices, default=ImportState.CHECKING
    )
    upload = models.FileField(_("uploaded file"), upload_to="sheets/", blank=True)
    marked = models.FileField(_("marked copy"), upload_to="sheets/", blank=True)
    findings = models.FileField(_("findings"), upload_to="sheets/", blank=True)
    figures = models.JSONField(_("figures"), default=dict, blank=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    # Every audit entry of the import carries it, so that it can be undone.
    batch = models.UUIDField(_("batch"), default=uuid4, unique=True, editable=False)
    job = models.ForeignKey(
        Job, verbose_name=_("job"), on_delete=models.SET_NULL, null=True, blank=True
    )
    created_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    done_at = models.DateTimeField(_("imported at"), null=True, blank=True)

    class Meta:
        verbose_name = _("spreadsheet import")
        verbose_name_plural = _("spreadsheet imports")
        ordering = ["-id"]
        indexes = [models.Index(fields=["owner", "sheet_key"], name="import_by_owner")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("sheet-import", args=[self.pk])

    @property
    def sheet(self) -> Sheet:
        """The declaration; raises ``LookupError`` where the sheet is no more."""
        found = sheet_called(self.sheet_key)
        if found is None:
            raise LookupError(self.sheet_key)
        return found

    @property
    def may_be_undone(self) -> bool:
        """Whether it is imported, and not so long ago that undoing would surprise."""
        return (
            self.state == ImportState.DONE
            and self.done_at is not None
            and timezone.now() - self.done_at < UNDO_WITHIN
        )

    def keep_findings(self, findings: dict[str, Any]) -> None:
        """Put the findings away; they may hold personal data, so they go with the file."""
        data = gzip.compress(json.dumps(findings, ensure_ascii=False).encode(), 3)
        self.findings.save(f"{uuid4()}.json.gz", ContentFile(data), save=False)

    def read_findings(self) -> dict[str, Any]:
        """What the check found; nothing when it is gone."""
        if not self.findings:
            return {}
        try:
            with self.findings.open("rb") as stored:
                found: dict[str, Any] = json.loads(gzip.decompress(stored.read()))
        except FileNotFoundError:
            return {}
        return found

    def remove_files(self) -> None:
        """Remove the upload and what was found in it."""
        for field in (self.upload, self.marked, self.findings):
            if field:
                field.delete(save=False)


def remove_old() -> None:
    """Discard what nobody decided about for a week."""
    limit = timezone.now() - KEEP_OPEN
    for old in SheetImport.objects.filter(state__in=OPEN_STATES, created_at__lt=limit)[:100]:
        old.remove_files()
        old.state = ImportState.DISCARDED
        old.save()
