"""Pages over scoped rows: lists with filters, CSV export, forms around actions, breadcrumbs.

A page asks for a right before anything else, shows rows of a scoped queryset, and never counts
them: it reads one row more than it shows, and so knows whether there is a next page.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django_filters import FilterSet

from jiaozuo_grid.reach import OutOfReach, reach_of

PAGE_SIZE = 50
# Deep pages cost as much as the rows skipped; who needs more narrows the filters or exports.
LAST_PAGE = 1000
# What an address holds besides the filters.
NOT_FILTERS = ("page", "cursor", "format")


class Needs(LoginRequiredMixin, View):
    """A page for those who hold a right anywhere; which rows they see, the queryset says."""

    right: ClassVar[str] = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if self.right and not reach_of(request.user).allows(self.right):
            raise PermissionDenied
        self.prepare()
        return super().dispatch(request, *args, **kwargs)

    def prepare(self) -> None:
        """Find what the page is about; raises ``Http404`` or ``PermissionDenied``."""


@dataclass(frozen=True)
class Slice:
    """One page of rows, and whether there are pages before and after it."""

    rows: list[Any]
    number: int
    has_next: bool
    query: str = ""

    @property
    def previous(self) -> str:
        """The address of the page before, or "" on the first."""
        return self._address(self.number - 1) if self.number > 1 else ""

    @property
    def next(self) -> str:
        """The address of the page after, or "" on the last."""
        return self._address(self.number + 1) if self.has_next else ""

    def _address(self, number: int) -> str:
        return f"?{self.query}&page={number}" if self.query else f"?page={number}"


def _page_number(asked: str) -> int:
    if not (asked.isascii() and asked.isdigit()):
        return 1
    return max(1, min(int(asked[:6]), LAST_PAGE))


def slice_of(request: HttpRequest, rows: QuerySet[Any], size: int = PAGE_SIZE) -> Slice:
    """The page that ``?page=`` asks for (1 when it asks for nonsense); one query, no COUNT."""
    number = _page_number(request.GET.get("page", ""))
    start = (number - 1) * size
    read = list(rows[start : start + size + 1])
    return Slice(
        rows=read[:size],
        number=number,
        has_next=len(read) > size and number < LAST_PAGE,
        query=query_without(request, "page"),
    )


def query_without(request: HttpRequest, *names: str) -> str:
    """The request's query string without some parameters."""
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return query.urlencode()


@dataclass(frozen=True)
class Column:
    """A column of an export: its header, and how a row's value is had without another query."""

    header: Any
    value: Callable[[Any], Any]


# What spreadsheet programs take for a formula, in half and full width.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet program runs: a text that looks like a formula gets a quote."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" \n\v\f\u00a0\u3000").startswith(_FORMULA) else text


class _Echo:
    """A file that hands back what is written to it, for csv.writer."""

    def write(self, text: str) -> str:
        return text


def csv_lines(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[str]:
    """The lines of a CSV file with a header, one row at a time."""
    writer = csv.writer(_Echo())
    # A byte order mark, or Excel reads Chinese as Latin.
    yield "\ufeff"
    yield writer.writerow([harmless(column.header) for column in columns])
    for row in rows:
        yield writer.writerow([harmless(column.value(row)) for column in columns])


def csv_response(name: str, columns: Sequence[Column], rows: Iterable[Any]) -> HttpResponseBase:
    """Stream ``rows`` as a CSV download called ``name`` and today's date."""
    response = StreamingHttpResponse(
        csv_lines(columns, rows), content_type="text/csv; charset=utf-8"
    )
    file_name = f"{name}-{timezone.localdate():%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response["Cache-Control"] = "no-store"
    return response


class ListPage(Needs):
    """A filtered list: ``?page=`` for another page, ``?format=csv`` for all rows seen here."""

    template_name: ClassVar[str]
    filterset_class: ClassVar[type[FilterSet]]
    export_name: ClassVar[str] = ""

    def rows(self) -> QuerySet[Any]:
        """The rows that the user may see, in a total order."""
        raise NotImplementedError

    def columns(self) -> list[Column]:
        """The columns of the export."""
        return []

    def page_of(self, request: HttpRequest, rows: QuerySet[Any]) -> Any:
        """The page that is asked for: its ``rows``, and the addresses ``previous`` and ``next``."""
        return slice_of(request, rows)

    def dress(self, rows: list[Any]) -> None:
        """Read what a page of rows shows besides, for all of them at once."""

    def context(self) -> dict[str, Any]:
        return {}

    def get(self, request: HttpRequest) -> HttpResponseBase:
        chosen = self.filterset_class(request.GET, queryset=self.rows(), request=request)
        # A filter that cannot be understood shows its error and no rows, not all of them.
        rows = chosen.qs if chosen.is_valid() else chosen.queryset.none()
        if self.export_name and request.GET.get("format") == "csv":
            return csv_response(self.export_name, self.columns(), rows.iterator(chunk_size=2000))
        page = self.page_of(request, rows)
        self.dress(page.rows)
        context = {
            "filter": chosen,
            "page": page,
            "filtered": bool(query_without(request, *NOT_FILTERS)),
            "export_url": f"?{query_without(request, *NOT_FILTERS)}&format=csv",
            **self.context(),
        }
        return render(request, self.template_name, context)


def add_errors(form: forms.BaseForm, error: ValidationError | OutOfReach) -> None:
    """Show what an action refused at the fields of the form; what has no field stands on top."""
    if isinstance(error, OutOfReach):
        form.add_error(None, str(error))
        return
    by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for field, texts in by_field.items():
        known = field if field in form.fields and field != NON_FIELD_ERRORS else None
        for text in texts:
            form.add_error(known, text)


class FormPage(Needs):
    """A form around one action: show, check, act, say so, go on."""

    template_name: ClassVar[str] = "form.html"
    form_class: ClassVar[type[forms.BaseForm]]

    def form_arguments(self) -> dict[str, Any]:
        return {}

    def act(self, form: Any) -> Any:
        """Do it; raises ``ValidationError`` or ``OutOfReach``, which the form then shows."""
        raise NotImplementedError

    def done(self, result: Any) -> str:
        """What the user reads afterwards."""
        return _("Saved.")

    def next_url(self, result: Any) -> str:
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        return {}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return self.page(self.form_class(**self.form_arguments()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        form = self.form_class(data=request.POST, **self.form_arguments())
        if not form.is_valid():
            return self.page(form)
        try:
            result = self.act(form)
        except (ValidationError, OutOfReach) as error:
            add_errors(form, error)
            return self.page(form)
        return self.finish(result)

    def finish(self, result: Any) -> HttpResponse:
        messages.success(self.request, self.done(result))
        return redirect(self.next_url(result))

    def page(self, form: forms.BaseForm) -> HttpResponse:
        status = 422 if form.is_bound and form.errors else 200
        context = {"form": form, **self.context()}
        return render(self.request, self.template_name, context, status=status)


@dataclass(frozen=True)
class Crumb:
    """A step of the way down to a page; without an address where the reader may not go."""

    name: str
    url: str = ""


def area_crumbs(
    path: Iterable[tuple[str, str]],
    may_open: Callable[[str], bool],
    *,
    url_name: str = "area",
    then: str = "",
) -> list[Crumb]:
    """The way down an area path (code, name); the last step, where the reader is, has no link.

    ``then`` names a page below the area: the area itself is then linked too.
    """
    steps = list(path)
    last = None if then else (steps[-1][0] if steps else None)
    crumbs = [
        Crumb(name, reverse(url_name, args=[code]) if code != last and may_open(code) else "")
        for code, name in steps
    ]
    return [*crumbs, Crumb(then)] if then else crumbs
