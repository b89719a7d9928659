"""What the figures are made of, for reading: derived, never written by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.scoped_admin import ScopedModelAdmin
from coverage.models import (
    FlowShift,
    FlowTally,
    FoldState,
    Spell,
    StaleMark,
    StockShift,
    StockTally,
)
from coverage.registry import MEASURES
from grids.admin_scope import AreaFilter
from jiaozuo_grid.area import Level
from jiaozuo_grid.reach import Reach

Column = Callable[[Any], Any]


def column(field: str, label: Any) -> Column:
    """A field under a name that people read; these tables give their fields none."""

    @admin.display(description=label, ordering=field)
    def value(row: Any) -> Any:
        return getattr(row, field)

    return value


@admin.display(description=_("measure"), ordering="measure")
def measure(row: Any) -> str:
    known = MEASURES.get(row.measure)
    return str(known.name) if known else row.measure


AREA_CODE = column("area_code", _("area code"))
MONTH = column("month", _("month"))
SESSIONS, PARTICIPANTS = (
    column("sessions", _("sessions")),
    column("participants", _("participants")),
)


class DerivedAdmin(ScopedModelAdmin):
    columns: tuple[Column, ...] = ()
    list_filter = [AreaFilter]
    search_fields = ["^area_code"]
    ordering = ["area_code", "id"]

    def get_list_display(self, request: Any) -> Any:
        return self.columns

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        return self.columns

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        return self.columns


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
        column("total", _("total")),
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


@admin.register(FoldState)
class FoldStateAdmin(DerivedAdmin):
    """When figures were last brought up; its drift names areas everywhere: for whole cities."""

    area_path = None
    columns = (
        column("folded_at", _("folded at")),
        column("recounted_at", _("recounted at")),
        column("drift", _("drift")),
    )
    list_filter: list[Any] = []
    search_fields: list[str] = []
    ordering = ["id"]

    def rows_for(self, user: Any, reach: Reach) -> QuerySet[Any]:
        codes = reach.areas_for(self.right("view"))
        city = reach.everywhere or any(len(code) == Level.CITY for code in codes)
        return super().rows_for(user, reach) if city else FoldState.objects.none()
