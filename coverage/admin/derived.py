"""What every page of coverage in the administration has in common: it is for reading only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.scoped_admin import ScopedModelAdmin
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


class CityAdmin(DerivedAdmin):
    """What belongs to no area, or names areas everywhere: for whole cities."""

    area_path: ClassVar[str | None] = None
    list_filter: list[Any] = []
    search_fields: list[str] = []
    ordering = ["id"]

    def rows_for(self, user: Any, reach: Reach) -> QuerySet[Any]:
        codes = reach.areas_for(self.right("view"))
        city = reach.everywhere or any(len(code) == Level.CITY for code in codes)
        rows = super().rows_for(user, reach)
        return rows if city else rows.none()
