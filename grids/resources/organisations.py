"""The spreadsheets of organisations and of their officers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.models import KIND_LEVELS, Organisation, OrganisationKind
from grids.resources.common import (
    area_name_column,
    check_areas,
    check_not_far_ahead,
    choices_of,
    parts,
    sport_choices,
)
from grids.resources.simple import FieldSheet, start_column
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor
from jiaozuo_grid.spreadsheets.choices import OneOf
from jiaozuo_grid.spreadsheets.columns import Column
from jiaozuo_grid.spreadsheets.kinds import AreaCode, Number, Text, Whole
from jiaozuo_grid.spreadsheets.sheet import Change, Row
from jiaozuo_grid.spreadsheets.text import tidy

KINDS = choices_of(
    OrganisationKind,
    {
        OrganisationKind.FEDERATION: ("体育总会", "总会"),
        OrganisationKind.ASSOCIATION: ("单项协会", "协会"),
        OrganisationKind.CLUB: ("俱乐部", "体育俱乐部", "健身俱乐部"),
        OrganisationKind.VILLAGE: ("全民健身组织", "村级健身组织", "健身组织"),
    },
)


def area_column() -> Column:
    return Column(
        "area_code",
        "所在地区代码",
        "Area code",
        AreaCode((4, 6, 9, 12)),
        required=True,
        aliases=("地区代码", "区划代码"),
        example="410882",
        width=18,
    )


class OrganisationSheet(FieldSheet):
    key = "organisations"
    title = gettext_lazy("Organisations")
    note = gettext_lazy("An organisation is known again by its area and its name.")
    right = "change grids.organisation"
    view_right = "view grids.organisation"
    model = Organisation
    verb = "add"
    fields = {
        "name": "name",
        "kind": "kind",
        "sport": "sport_id",
        "registration_number": "registration_number",
        "members_count": "members_count",
        "address": "address",
    }
    business_key = ("area_code", "name")
    columns = (
        area_column(),
        area_name_column(),
        Column(
            "name",
            "组织名称",
            "Organisation",
            Text(60),
            required=True,
            aliases=("名称",),
            example="示例市广场舞协会",
            width=26,
        ),
        Column(
            "kind",
            "组织类型",
            "Kind",
            OneOf(KINDS),
            required=True,
            aliases=("类型", "类别"),
            example="单项协会",
        ),
        Column(
            "sport",
            "运动项目",
            "Sport",
            OneOf(sport_choices),
            aliases=("项目",),
            example="广场舞",
            note=gettext_lazy("Required for single-sport associations."),
        ),
        Column(
            "registration_number",
            "登记证号",
            "Registration number",
            Number(40),
            aliases=("统一社会信用代码", "登记号"),
            width=22,
        ),
        Column("members_count", "会员人数", "Members", Whole(0, 10_000_000), aliases=("人数",)),
        Column("address", "地址", "Address", Text(80), aliases=("办公地址",), width=26),
        start_column(),
    )

    def find(self, actor: Actor, rows: Sequence[Row]) -> dict[int, Any]:
        known = organisations_met(actor, rows)
        keys = {row.number: (row["area_code"], row["name"]) for row in rows}
        return {number: known[key] for number, key in keys.items() if key in known}

    def check(self, actor: Actor, rows: Sequence[Row], found: dict[int, Any]) -> None:
        check_not_far_ahead(rows, "started_on")
        check_areas(
            actor, rows, "area_code", [self.right], {n: one.area_code for n, one in found.items()}
        )
        for row in rows:
            stored = found.get(row.number)
            kind, code = row["kind"] or (stored and stored.kind), row["area_code"]
            if kind and code and len(code) not in KIND_LEVELS[kind]:
                row.fault(
                    "kind",
                    "kind_level",
                    _("An organisation of this kind does not stand at this level."),
                    _("Correct the kind or the area code."),
                )
            sport = row.shown("sport") or (stored and stored.sport_id)
            if kind == OrganisationKind.ASSOCIATION and not sport:
                row.fault(
                    "sport",
                    "no_sport",
                    _("Name the sport of a single-sport association."),
                    _("Fill the cell."),
                )
        self._check_federations(rows, found)

    def check_file(self, actor: Actor, rows: Sequence[Row]) -> None:
        federations = [row for row in rows if row["kind"] == OrganisationKind.FEDERATION]
        codes = Counter(row["area_code"] for row in federations if row["area_code"])
        for row in federations:
            if codes[row["area_code"]] > 1:
                _second_federation(row)

    def _check_federations(self, rows: Sequence[Row], found: dict[int, Any]) -> None:
        """One federation for each area at a time."""
        federation = OrganisationKind.FEDERATION
        fresh = [row for row in rows if row["kind"] == federation and row.number not in found]
        standing: dict[str, list[Organisation]] = defaultdict(list)
        for part in parts(sorted({row["area_code"] for row in fresh if row["area_code"]})):
            for one in Organisation.objects.filter(area_code__in=part, kind=federation):
                standing[one.area_code].append(one)
        for row in fresh:
            day = row["started_on"] or today()
            if any(
                one.ended_on is None or one.ended_on > max(day, one.started_on)
                for one in standing.get(row["area_code"], ())
            ):
                _second_federation(row)

    def check_changes(self, actor: Actor, changed: Sequence[Change]) -> None:
        super().check_changes(actor, changed)
        for one in changed:
            if "kind" in one.changes:
                one.row.fault(
                    "kind",
                    "kind_differs",
                    _("It is entered as %(kind)s; figures rest on that.")
                    % {"kind": one.stored.get_kind_display()},
                    _("Correct the kind; another kind is another organisation."),
                )


def _second_federation(row: Row) -> None:
    row.fault(
        "kind",
        "second_federation",
        _("This area has a sports federation already, or two in this file."),
        _("Correct the kind or the area code."),
    )


def organisations_met(actor: Actor, rows: Sequence[Row]) -> dict[Any, Organisation]:
    """The organisations not over yet by (area code, name); one without an end before others."""
    known: dict[Any, Organisation] = {}
    for part in parts(sorted({row["area_code"] for row in rows if row["area_code"]})):
        editable = Organisation.objects.editable_by(actor).exclude(ended_on__lte=today())
        for one in editable.filter(area_code__in=part).order_by("ended_on", "pk"):
            key = (one.area_code, tidy(one.name))
            if one.ended_on is None or key not in known:
                known[key] = one
    return known
