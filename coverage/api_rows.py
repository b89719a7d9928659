"""The rows behind a figure, and the rows that a gap names, through the API.

Pages go on from a row (area code and key), so page 1,000 costs what page 1 does and nothing is
counted: the total is the figure itself.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from accounts.audit import add_all, entry, record
from accounts.models import Person
from coverage.api_shared import A_MEASURE, MAP, ON, AreaView, AskedForm, parameter, refuse
from coverage.listed import Listed, listed, posts_answering, with_relations
from coverage.months import figures_of_months
from coverage.reading import AreaFigures, size_of
from coverage.registry import GAPS, INDICATORS, MEASURES, Gap
from grids.people import out_of_hand
from jiaozuo_grid.area import AreaRow
from jiaozuo_grid.reach import reach_of, right

USUAL, MOST = 100, 500
GAP_OF = {gap.indicator: gap for gap in reversed(GAPS.values())}

PAGE = [
    OpenApiParameter("after", OpenApiTypes.STR, description="Where to go on: taken from `next`."),
    OpenApiParameter("page_size", OpenApiTypes.INT, description=f"Rows a page, at most {MOST}."),
]


class PageForm(AskedForm):
    """``?after=`` and ``?page_size=``."""

    after = forms.CharField(required=False)
    page_size = forms.IntegerField(required=False, min_value=1, max_value=MOST)

    def clean_after(self) -> tuple[str, str] | None:
        token = self.cleaned_data["after"]
        try:
            return tuple_of(token) if token else None
        except (ValueError, binascii.Error):
            raise ValidationError(_("Take it from “next” of the page before.")) from None


def token_of(row: Any) -> str:
    text = f"{getattr(row, 'area_code', '')} {row.pk}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def tuple_of(token: str) -> tuple[str, str]:
    text = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    code, _space, key = text.decode("ascii").partition(" ")
    if not key or (code and not code.isdigit()):
        raise ValueError(token)
    return code, key


def stand_somewhere(rows: QuerySet[Any]) -> bool:
    """Whether they are area rows (a sport is none)."""
    return issubclass(rows.model, AreaRow)


def beyond(rows: QuerySet[Any], after: tuple[str, str]) -> QuerySet[Any]:
    """The rows that come after a row, in order of area code and key."""
    code, key = after
    if not stand_somewhere(rows):
        return rows.filter(pk__gt=key)
    # The first condition alone is a range of the index; the second one is exact.
    return rows.filter(area_code__gte=code).filter(Q(area_code__gt=code) | Q(pk__gt=key))


class RowSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="The row's own key in its register.")
    code = serializers.CharField(help_text="Where it stands.")
    name = serializers.CharField()
    where = serializers.CharField(help_text="The way down to it from the area that was asked for.")
    details = serializers.ListField(child=serializers.CharField())
    amount = serializers.IntegerField(
        allow_null=True, help_text="What the row adds to the figure; null where rows are counted."
    )


class ResponsibleSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    role = serializers.CharField()
    phone = serializers.CharField(
        allow_null=True, help_text="For those who keep the register of people there; else null."
    )


class GapRowSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    code = serializers.CharField()
    name = serializers.CharField()
    where = serializers.CharField()
    details = serializers.ListField(child=serializers.CharField())
    responsible = ResponsibleSerializer(allow_null=True)


class _PageSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    on = serializers.DateField()
    total = serializers.IntegerField(allow_null=True, help_text="The figure; null: not known.")
    next = serializers.URLField(allow_null=True)


class RowsSerializer(_PageSerializer):
    measure = serializers.ChoiceField(choices=list(MEASURES))
    rows = RowSerializer(many=True)


class GapsSerializer(_PageSerializer):
    indicator = serializers.ChoiceField(choices=list(INDICATORS))
    gap = serializers.ChoiceField(choices=list(GAPS))
    remedy = serializers.CharField()
    rows = GapRowSerializer(many=True)


class RowsOf(AreaView):
    """Rows in pages, or all of them as a table."""

    form_class = PageForm
    form: Any

    def in_order(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        order = ("area_code", "pk") if stand_somewhere(rows) else ("pk",)
        return with_relations(rows).order_by(*order)

    def page_of(self, rows: QuerySet[Any]) -> tuple[list[Any], str | None]:
        """A page of rows, and the address of the next."""
        after, size = self.form.cleaned_data["after"], self.form.cleaned_data["page_size"] or USUAL
        ordered = self.in_order(rows)
        try:
            read = list((beyond(ordered, after) if after else ordered)[: size + 1])
        except (ValueError, ValidationError):
            # A key of another kind of rows.
            raise refuse({"after": [_("Take it from “next” of the page before.")]}) from None
        if len(read) <= size:
            return read, None
        address = self.request.build_absolute_uri()
        return read[:size], replace_query_param(address, "after", token_of(read[size - 1]))

    def all_of(self, rows: QuerySet[Any]) -> Iterator[list[Any]]:
        """All rows, ``MOST`` at a time."""
        ordered = self.in_order(rows)
        part = list(ordered[:MOST])
        while part:
            yield part
            last = part[-1]
            part = list(beyond(ordered, tuple_of(token_of(last)))[:MOST])

    def figures(self, *keys: str) -> AreaFigures:
        """The figures of some measures alone: a page of rows asks for one number, not for all."""
        day, area = self.asked.day, (self.code, str(self.area))
        return figures_of_months(area, [day], keys, restated=self.asked.restated)[day]

    def head(self, total: int | None, following: str | None) -> dict[str, Any]:
        return {
            "code": self.code,
            "name": str(self.area),
            "on": f"{self.asked.day:%Y-%m-%d}",
            "total": total,
            "next": following,
        }

    def file_name(self, key: str) -> str:
        return f"{key}-{self.code}-{self.asked.day}"


class MeasureRowsView(RowsOf):
    """The rows that a measure counts: as many, or adding up to as much, as its figure says.

    With ``Accept: text/csv`` all of them in one table.
    """

    @extend_schema(parameters=[A_MEASURE, ON, MAP, *PAGE], responses=RowsSerializer)
    def get(self, request: Request, code: str) -> Any:
        measure = self.chosen("measure", MEASURES)
        rows = measure.rows(self.asked.ground(code), self.asked.day)
        if self.wants_csv:
            record(request.user, "export", area_code=code, reason=measure.key)
            header = ["key", "code", "name", "where", "details", "amount"]
            return self.table(self.file_name(measure.key), header, self._lines(rows, measure))
        read, following = self.page_of(rows)
        figure = self.figures(measure.key).figures.get(measure.key)
        shown = zip(read, listed(read, code, request.user, measure.amount), strict=True)
        return Response(
            {
                **self.head(figure.value if figure else None, following),
                "measure": measure.key,
                "rows": [{**_line(row, line), "amount": line.amount} for row, line in shown],
            }
        )

    def _lines(self, rows: QuerySet[Any], measure: Any) -> Iterator[list[Any]]:
        for part in self.all_of(rows):
            lines = listed(part, self.code, self.request.user, measure.amount)
            for row, line in zip(part, lines, strict=True):
                yield [*_cells(row, line), line.amount]


class GapRowsView(RowsOf):
    """The named rows that keep an indicator below its target, and who answers for each.

    With ``Accept: text/csv`` all of them in one table.
    """

    @extend_schema(
        parameters=[
            parameter("indicator", GAP_OF, "An indicator with a gap."),
            ON,
            MAP,
            *PAGE,
        ],
        responses=GapsSerializer,
    )
    def get(self, request: Request, code: str) -> Any:
        gap = self.chosen("indicator", GAP_OF)
        rows = gap.rows(self.asked.ground(code), self.asked.day)
        if self.wants_csv:
            record(request.user, "export", area_code=code, reason=gap.key)
            header = ["key", "code", "name", "where", "details", "responsible", "role", "phone"]
            return self.table(self.file_name(gap.key), header, self._lines(rows, gap))
        read, following = self.page_of(rows)
        dressed = self._dressed(read, gap)
        return Response(
            {
                **self.head(size_of(gap, self.figures(gap.whole, gap.part)), following),
                "indicator": gap.indicator,
                "gap": gap.key,
                "remedy": str(gap.remedy),
                "rows": [{**_line(row, line), "responsible": who} for row, line, who in dressed],
            }
        )

    def _dressed(
        self, rows: list[Any], gap: Gap
    ) -> list[tuple[Any, Listed, dict[str, Any] | None]]:
        """Each row with who answers for it; whose number is given is recorded."""
        user = self.request.user
        lines = listed(rows, self.code, user)
        posts = posts_answering([line.code for line in lines], self.asked.day)
        told = self._may_be_told({post.person for post in posts.values()})
        add_all(
            entry(user, "read phone", area_code=person.area_code, row=person, reason=gap.key)
            for person in told.values()
        )
        return [
            (row, line, _who(posts.get(line.code), told))
            for row, line in zip(rows, lines, strict=True)
        ]

    def _may_be_told(self, people: set[Person]) -> dict[int, Person]:
        """Whose number the reader may have, as on the pages: those whose record they keep."""
        user = self.request.user
        reach, hidden = reach_of(user), out_of_hand(user, list(people))
        return {
            person.pk: person
            for person in people
            if person.phone
            and person.pk not in hidden
            and reach.allows(right("change", Person), person.area_code)
        }

    def _lines(self, rows: QuerySet[Any], gap: Gap) -> Iterator[list[Any]]:
        for part in self.all_of(rows):
            for row, line, who in self._dressed(part, gap):
                yield [*_cells(row, line), *(who or dict.fromkeys("abc")).values()]


def _who(post: Any, told: dict[int, Person]) -> dict[str, Any] | None:
    if post is None:
        return None
    return {
        "name": post.person.name,
        "role": post.get_role_display(),
        "phone": post.person.phone if post.person_id in told else None,
    }


def _line(row: Any, line: Listed) -> dict[str, Any]:
    return {
        "key": str(row.pk),
        "code": line.code,
        "name": line.name,
        "where": line.where,
        "details": line.details,
    }


def _cells(row: Any, line: Listed) -> list[Any]:
    return [str(row.pk), line.code, line.name, line.where, " · ".join(line.details)]
