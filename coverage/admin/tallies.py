"""What the figures are made of: derived, never written by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from coverage.admin.derived import AREA_CODE, MONTH, CityAdmin, DerivedAdmin, column, measure
from coverage.models import (
    DatedShift,
    DatedTally,
    FlowShift,
    FlowTally,
    FoldState,
    NearStation,
    Spell,
    StaleMark,
    StockShift,
    StockTally,
)

SESSIONS, PARTICIPANTS = (
    column("sessions", _("sessions")),
    column("participants", _("participants")),
)
TOTAL = column("total", _("total"))


@admin.register(StaleMark)
class StaleMarkAdmin(DerivedAdmin):
    columns = (AREA_CODE, MONTH, column("made_at", _("marked at")))
    ordering = ["id"]


@admin.register(Spell)
class SpellAdmin(DerivedAdmin):
    columns = (
        AREA_CODE,
        measure,
        column("started_on", _("in force from")),
        column("ended_on", _("ended on")),
        column("amount", _("amount")),
    )


@admin.register(StockTally)
class StockTallyAdmin(DerivedAdmin):
    columns = (
        AREA_CODE,
        measure,
        column("day", _("day")),
        TOTAL,
        column("spells", _("spells")),
    )


@admin.register(FlowTally)
class FlowTallyAdmin(DerivedAdmin):
    columns = (AREA_CODE, MONTH, SESSIONS, PARTICIPANTS, column("minutes", _("minutes")))


@admin.register(StockShift)
class StockShiftAdmin(StockTallyAdmin):
    """What reorganisations moved, beside the tallies."""


@admin.register(FlowShift)
class FlowShiftAdmin(FlowTallyAdmin):
    """What reorganisations moved, beside the tallies."""


@admin.register(DatedTally)
class DatedTallyAdmin(DerivedAdmin):
    """What lectures, events and other dated facts add up to in a month."""

    right_of = "coverage.flowtally"
    columns = (AREA_CODE, MONTH, measure, TOTAL)


@admin.register(DatedShift)
class DatedShiftAdmin(DatedTallyAdmin):
    """What reorganisations moved, beside the tallies."""

    right_of = "coverage.flowshift"


@admin.register(NearStation)
class NearStationAdmin(DerivedAdmin):
    """Which stations lie within a kilometre of a village's point."""

    right_of = "coverage.spell"
    area_path = "village_code"
    columns = (
        column("village_code", _("village code")),
        column("station_code", _("station code")),
        column("metres", _("metres")),
    )
    list_filter: list[Any] = []
    search_fields = ["^village_code"]
    ordering = ["village_code", "id"]


@admin.register(FoldState)
class FoldStateAdmin(CityAdmin):
    """When figures were last brought up, and the drift that was found."""

    columns = (
        column("folded_at", _("folded at")),
        column("recounted_at", _("recounted at")),
        column("drift", _("drift")),
    )
