"""Lists of scoped rows: filters, order, columns, pages, exports, saved views, bulk actions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django_filters import FilterSet

from jiaozuo_grid.pages.address import Address
from jiaozuo_grid.pages.bulk import WithBulk
from jiaozuo_grid.pages.columns import Column, in_order, table_of
from jiaozuo_grid.pages.needs import Needs
from jiaozuo_grid.pages.paging import NOT_FILTERS, query_without, slice_of
from jiaozuo_grid.pages.saving import WithViews, opening_url
from jiaozuo_grid.pages.sheets import check_fits, csv_response, workbook_response
from jiaozuo_grid.reach import reach_of
from jiaozuo_grid.spreadsheets.sheet import sheet_called

# Rows of an export that are read and dressed at once.
CHUNK = 1000


class ListPage(WithViews, WithBulk, Needs):
    """A filtered list: ``?page=`` for another page, ``?format=csv`` for all rows seen here.

    The least a list says: ``right``, ``filterset_class``, ``rows()``, a template that shows
    ``page.rows``, and ``columns()`` for its export. It can do more for little:

    - ``tabular = True``: each of ``columns()`` has a ``name``, and they are the page itself
      (``templates/list.html`` or one that extends it). The first column says what the row is and
      is always shown; ``?columns=`` chooses others, ``?sort=`` orders by those that declare
      ``sort``, and an export has exactly the rows, order and columns of the page, as CSV or
      workbook. Sort by stored fields, with an index where the list is long; persons are never
      sorted by what they did. ``dress(rows)`` reads what the columns show besides, for a page or
      for each 1,000 rows of an export.
    - ``saved_views = True``: everyone keeps filters, order and columns under names of their own.
    - ``bulk_actions = (BulkAction(…),)``: one thing done to many rows, all of them or none.
    - ``mark = ("code", "area_code")``: each line carries ``data-code`` for scripts and tests.
    """

    template_name: ClassVar[str] = "list.html"
    filterset_class: ClassVar[type[FilterSet]]
    export_name: ClassVar[str] = ""
    heading: ClassVar[Any] = ""
    tabular: ClassVar[bool] = False
    mark: ClassVar[tuple[str, str]] = ("", "")
    # The spreadsheet (jiaozuo_grid/spreadsheets/) by which the same rows come in and go out.
    sheet_key: ClassVar[str] = ""

    def columns(self) -> list[Column]:
        """The columns of the export, and of the page where it is ``tabular``."""
        return []

    def page_of(self, request: HttpRequest, rows: QuerySet[Any]) -> Any:
        """The page that is asked for: its ``rows``, and the addresses ``previous`` and ``next``."""
        return slice_of(request, rows)

    def context(self) -> dict[str, Any]:
        return {}

    def get(self, request: HttpRequest) -> HttpResponseBase:
        if request.GET.get("format") in self.formats:
            return self.export()
        views = self.own_views()
        if leads_on := opening_url(request, views):
            return HttpResponseRedirect(request.path + leads_on)
        chosen, address, rows = self.asked()
        page = self.page_of(request, rows)
        self.dress(page.rows)
        context = {
            "filter": chosen,
            "page": page,
            "heading": self.heading,
            "filtered": bool(query_without(request, *NOT_FILTERS)),
            "export_url": f"?{query_without(request, *NOT_FILTERS)}&format=csv",
            "reset_url": request.path,
            **(self.table_context(address, page, views) if self.tabular else {}),
            **self.context(),
        }
        return render(request, self.template_name, context)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """What one does with a list: keep it as a view, or change many of its rows."""
        if self.saved_views and "views" in request.POST:
            return self.change_view(self.asked()[1])
        if self.bulk_actions and "bulk" in request.POST:
            _chosen, address, rows = self.asked()
            return self.bulk(address, rows)
        return self.http_method_not_allowed(request)

    def asked(self) -> tuple[FilterSet, Address, QuerySet[Any]]:
        """The filters, order and columns of the address, and the rows that they leave."""
        request = self.request
        chosen = self.filterset_class(request.GET, queryset=self.rows(), request=request)
        # A filter that cannot be understood shows its error and no rows, not all of them.
        rows = chosen.qs if chosen.is_valid() else chosen.queryset.none()
        address = Address(request.GET, chosen.form, self.columns() if self.tabular else ())
        if address.sorted_by is not None:
            rows = in_order(rows, address.sorted_by.sort, address.down)
        return chosen, address, rows

    @property
    def formats(self) -> tuple[str, ...]:
        """The kinds of files that the list can be had as."""
        if not self.export_name:
            return ()
        return ("csv", "xlsx") if self.tabular else ("csv",)

    def export(self) -> HttpResponseBase:
        """All rows of the filters, as they are seen."""
        _chosen, address, rows = self.asked()
        if not self.tabular:
            return csv_response(self.export_name, self.columns(), rows.iterator(chunk_size=2000))
        if self.request.GET.get("format") == "csv":
            return csv_response(self.export_name, address.chosen, self.dressed(rows))
        try:
            check_fits(rows)
            return workbook_response(self.export_name, address.chosen, self.dressed(rows))
        except ValidationError as error:
            messages.error(self.request, error.messages[0])
            return HttpResponseRedirect(self.request.path + address.url())

    def dressed(self, rows: QuerySet[Any]) -> Iterator[Any]:
        """All rows as the pages show them, a part of them in memory at a time."""
        reading = rows.iterator(chunk_size=CHUNK)
        while part := list(islice(reading, CHUNK)):
            self.dress(part)
            yield from part

    def sheet_url(self) -> str:
        """The page of the spreadsheet, for those who may import by it."""
        sheet = sheet_called(self.sheet_key) if self.sheet_key else None
        if sheet is None or not reach_of(self.request.user).allows(sheet.right):
            return ""
        return reverse("sheet", args=[sheet.key])

    def table_context(self, address: Address, page: Any, views: list[Any]) -> dict[str, Any]:
        """What ``list.html`` shows of a tabular list."""
        return {
            "address": address,
            "table": table_of(address.heads(), page.rows, self.mark),
            "filtered": bool(address.filters),
            "exports": [(form, address.export_url(form)) for form in self.formats],
            "export_url": address.export_url("csv"),
            "bulk_actions": self.offered(),
            "sheet_url": self.sheet_url(),
            **self.views_context(address, views),
        }
