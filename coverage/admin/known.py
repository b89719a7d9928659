"""What became known when, what papers said, and who was reminded of what."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from coverage.admin.derived import AREA_CODE, CityAdmin, DerivedAdmin, column, measure
from coverage.models import (
    DefinitionVersion,
    JournalLine,
    JournalOpening,
    Receipt,
    Reminder,
)


@admin.register(JournalLine)
class JournalLineAdmin(DerivedAdmin):
    columns = (
        AREA_CODE,
        measure,
        column("recorded_at", _("recorded at")),
        column("started_on", _("in force from")),
        column("ended_on", _("ended on")),
        column("amount", _("amount")),
        column("participants", _("participants")),
        column("cause", _("cause")),
    )


@admin.register(JournalOpening)
class JournalOpeningAdmin(CityAdmin):
    columns = (measure, column("opened_at", _("opened at")), column("version", _("version")))


@admin.register(DefinitionVersion)
class DefinitionVersionAdmin(CityAdmin):
    columns = (
        column("key", _("key")),
        column("version", _("version")),
        column("noted_at", _("noted at")),
    )


@admin.register(Receipt)
class ReceiptAdmin(DerivedAdmin):
    columns = (
        AREA_CODE,
        column("code", _("code")),
        column("title", _("title")),
        column("on", _("day")),
        column("issued_at", _("issued at")),
    )


@admin.register(Reminder)
class ReminderAdmin(DerivedAdmin):
    """No person is named here: who was reminded stands on the gap's own page."""

    columns = (
        AREA_CODE,
        column("gap", _("gap")),
        column("sent_at", _("sent at")),
        column("answer", _("answer")),
        column("closed_at", _("closed at")),
    )
