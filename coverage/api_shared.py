"""What all answers of the coverage API have in common: who may ask, for which day, how told."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.http import Http404, StreamingHttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.functional import cached_property
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from coverage.forms import DayForm
from coverage.models import FoldState
from coverage.reading import AsOf, freshness
from coverage.registry import MEASURES
from coverage.targets.reading import targets_state
from coverage.views.area import VIEW_COVERAGE
from grids.tree import Area, area_at
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import reach_of
from jiaozuo_grid.spreadsheets.text import guard

READINGS = ("reported", "today")

ON = OpenApiParameter("on", OpenApiTypes.DATE, description="As of this day; empty: today.")
MAP = OpenApiParameter(
    "map",
    OpenApiTypes.STR,
    enum=list(READINGS),
    description="On which map rows of the past count: as it was when they were reported (the "
    "default), or as it is today (restated).",
)


class AskedForm(DayForm):
    """``?on=`` and ``?map=``."""

    map = forms.CharField(required=False)

    def clean_map(self) -> bool:
        chosen = self.cleaned_data["map"] or READINGS[0]
        if chosen not in READINGS:
            raise forms.ValidationError(_("Choose reported or today."))
        return bool(chosen == READINGS[1])


class _Echo:
    """A file that hands back what is written to it, for csv.writer."""

    def write(self, text: str) -> str:
        return text


def csv_lines(header: list[str], rows: Iterable[list[Any]]) -> Iterator[str]:
    """A table that Excel opens as it is; what is not known is an empty cell."""
    writer = csv.writer(_Echo())
    # A byte order mark, or Excel reads Chinese as Latin.
    yield "\ufeff"
    yield writer.writerow(header)
    for row in rows:
        yield writer.writerow(["" if cell is None else _cell(cell) for cell in row])


def _cell(cell: Any) -> Any:
    return guard(cell) if isinstance(cell, str) else cell


class CsvRenderer(BaseRenderer):
    """Chosen by ``Accept: text/csv``. Views stream the table; faults come through here."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(self, data: Any, media_type: Any = None, context: Any = None) -> bytes:
        faults = data.items() if isinstance(data, dict) else [("detail", data)]
        rows = [
            [str(field), " ".join(map(str, text)) if isinstance(text, list) else str(text)]
            for field, text in faults
        ]
        return "".join(csv_lines(["field", "fault"], rows)).encode()


def refuse(faults: dict[str, Any]) -> serializers.ValidationError:
    """An answer that says at which field what is wrong."""
    return serializers.ValidationError(faults)


class AreaView(APIView):
    """About the area in the address, which is not there for who may not view its coverage."""

    renderer_classes = (JSONRenderer, CsvRenderer)
    form_class: type[AskedForm] = AskedForm
    code: str
    area: Area
    form: AskedForm

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        code = kwargs["code"]
        area = area_at(code) if reach_of(request.user).allows(VIEW_COVERAGE, code) else None
        if area is None:
            raise Http404
        self.code, self.area = code, area
        self.form = self.form_class(request.query_params)
        if not self.form.is_valid():
            raise refuse(dict(self.form.errors))

    @property
    def asked(self) -> AsOf:
        return AsOf(self.form.cleaned_data["on"], self.form.cleaned_data["map"])

    @cached_property
    def computed_at(self) -> str | None:
        """When the figures were last brought up to date."""
        folded_at, _waiting = freshness(self.code)
        return timezone.localtime(folded_at).isoformat() if folded_at else None

    def chosen(self, name: str, registry: dict[str, Any]) -> Any:
        """The entry of the registry that a parameter names."""
        key = self.request.query_params.get(name, "")
        if not key:
            raise refuse({name: [_("Say which one: a key of the data dictionary.")]})
        if key not in registry:
            text = _("“%(key)s” is not in the data dictionary; its keys are: %(keys)s.")
            raise refuse({name: [text % {"key": key[:50], "keys": ", ".join(registry)}]})
        return registry[key]

    @property
    def wants_csv(self) -> bool:
        return self.request.accepted_renderer.format == CsvRenderer.format

    def table(self, name: str, header: list[str], rows: Iterable[list[Any]]) -> Any:
        """The rows as a CSV file that is sent while it is written."""
        content_type = f"{CsvRenderer.media_type}; charset=utf-8"
        answer = StreamingHttpResponse(csv_lines(header, rows), content_type=content_type)
        answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        answer["Cache-Control"] = "no-store"
        return answer


class UnlessUnchanged(AreaView):
    """An answer that is made only where figures, targets or the map changed since the last."""

    def get(self, request: Request, code: str) -> Any:
        etag = self.etag()
        unchanged = get_conditional_response(request._request, etag=etag)
        answer = unchanged if unchanged is not None else self.answer()
        answer["ETag"] = etag
        answer["Cache-Control"] = "private, no-cache"
        return answer

    def answer(self) -> Any:
        raise NotImplementedError

    def etag(self) -> str:
        state = FoldState.objects.values_list("folded_at", "map_state").first()
        parts = (
            state,
            targets_state(self.asked.day.year),
            self.code,
            self.area,
            sorted(self.request.query_params.items()),
            today(),
            get_language(),
            self.request.accepted_renderer.format,
        )
        return quote_etag(hashlib.sha256(repr(parts).encode()).hexdigest()[:32])


def properties(registry: dict[str, Any], field: type[serializers.Field[Any, Any, Any, Any]]) -> Any:
    """A field for each entry of the registry, described by its name and definition."""
    return {
        key: field(
            allow_null=True,
            required=False,
            help_text=f"{entry.name}: {entry.definition}" if hasattr(entry, "definition") else "",
        )
        for key, entry in registry.items()
    }


def parameter(
    name: str, keys: Iterable[str], description: str, *, required: bool = True
) -> OpenApiParameter:
    return OpenApiParameter(
        name, OpenApiTypes.STR, enum=list(keys), required=required, description=description
    )


A_MEASURE = parameter("measure", MEASURES, "A measure's key of the data dictionary.")
