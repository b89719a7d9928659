"""Pages over scoped rows: lists with filters, exports, forms around actions, breadcrumbs.

A page asks for a right before anything else, shows rows of a scoped queryset, and never counts
them: it reads one row more than it shows, and so knows whether there is a next page.
"""

from jiaozuo_grid.pages.bulk import BulkAction
from jiaozuo_grid.pages.columns import Column, Head, in_words, table_of
from jiaozuo_grid.pages.forms import FormPage, add_errors
from jiaozuo_grid.pages.lists import ListPage
from jiaozuo_grid.pages.needs import Crumb, Needs, area_crumbs
from jiaozuo_grid.pages.paging import (
    LAST_PAGE,
    NOT_FILTERS,
    PAGE_SIZE,
    Slice,
    query_without,
    slice_of,
)
from jiaozuo_grid.pages.sheets import csv_lines, csv_response, harmless, workbook_response

__all__ = [
    "LAST_PAGE",
    "NOT_FILTERS",
    "PAGE_SIZE",
    "BulkAction",
    "Column",
    "Crumb",
    "FormPage",
    "Head",
    "ListPage",
    "Needs",
    "Slice",
    "add_errors",
    "area_crumbs",
    "csv_lines",
    "csv_response",
    "harmless",
    "in_words",
    "query_without",
    "slice_of",
    "table_of",
    "workbook_response",
]
