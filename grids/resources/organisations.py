"""The spreadsheets of organisations and of their officers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.models import KIND_LEVELS, Officer, Organisation, OrganisationKind, Title
from grids.resources.common import (
    AreaSheet,
    area_name_column,
    area_names,
    check_areas,
    check_not_far_ahead,
    choices_of,
    parts,
    sport_choices,
)
from grids.resources.persons import entry_column, masked, meet_people, person_columns
from grids.resources.simple import FieldSheet, check_lasting, start_column
from grids.writing import keep_changed, keep_new
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor
from jiaozuo_grid.spreadsheets.choices import OneOf
from jiaozuo_grid.spreadsheets.columns import Column
from jiaozuo_grid.spreadsheets.kinds import AreaCode, Day, Number, Text, Whole
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
TITLES = choices_of(
    Title,
    {
        Title.PRESIDENT: ("会长", "主席", "负责人", "理事长"),
        Title.VICE_PRESIDENT: ("副会长", "副主席", "副理事长"),
        Title.SECRETARY: ("秘书长",),
        Title.OFFICER: ("理事", "委员", "干事"),
    },
)


def _area_column() -> Column:
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
        _area_column(),
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
        known = _organisations(actor, rows)
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
        """One federation for each area."""
        federations = [row for row in rows if row["kind"] == OrganisationKind.FEDERATION]
        taken: dict[str, int] = {}
        for part in parts(sorted({row["area_code"] for row in federations if row["area_code"]})):
            standing = Organisation.objects.filter(
                area_code__in=part, kind=OrganisationKind.FEDERATION, ended_on=None
            )
            taken |= dict(standing.values_list("area_code", "pk"))
        for row in federations:
            stored, other = found.get(row.number), taken.get(row["area_code"])
            if other is not None and (stored is None or stored.pk != other):
                _second_federation(row)


def _second_federation(row: Row) -> None:
    row.fault(
        "kind",
        "second_federation",
        _("This area has a sports federation already, or two in this file."),
        _("Correct the kind or the area code."),
    )


def _organisations(actor: Actor, rows: Sequence[Row]) -> dict[Any, Organisation]:
    """The organisations in force by (area code, name)."""
    known: dict[Any, Organisation] = {}
    for part in parts(sorted({row["area_code"] for row in rows if row["area_code"]})):
        editable = Organisation.objects.editable_by(actor)
        for one in editable.filter(area_code__in=part, ended_on=None):
            known[one.area_code, tidy(one.name)] = one
    return known


class OfficerSheet(AreaSheet):
    key = "officers"
    title = gettext_lazy("Officers")
    note = gettext_lazy("People and organisations must be entered before their offices.")
    right = "change grids.officer"
    view_right = "view grids.officer"
    business_key = ("area_code", "organisation", "name", "title")
    columns = (
        _area_column(),
        area_name_column(),
        Column(
            "organisation",
            "组织名称",
            "Organisation",
            Text(60),
            required=True,
            example="示例市广场舞协会",
            width=26,
        ),
        *(one for one in person_columns() if one.key in ("name", "id_number", "phone")),
        Column(
            "title",
            "职务",
            "Title",
            OneOf(TITLES),
            required=True,
            aliases=("职位",),
            example="会长",
        ),
        start_column(),
        Column(
            "term_ends_on",
            "任期届满",
            "Term ends on",
            Day(),
            aliases=("届满日期", "换届日期"),
            example="2028-01-05",
        ),
        entry_column(),
    )

    def rows(self, actor: Actor) -> QuerySet[Any]:
        visible = Officer.objects.visible_to(actor).on(today())
        return visible.select_related("person", "organisation").order_by("area_code", "pk")

    def find(self, actor: Actor, rows: Sequence[Row]) -> dict[int, Any]:
        organisations = _organisations(actor, rows)
        meet_people(actor, rows)
        for row in rows:
            row.met["organisation"] = organisations.get((row["area_code"], row["organisation"]))
        known: dict[Any, Officer] = {}
        for part in parts({one.pk for one in organisations.values()}):
            standing = Officer.objects.filter(organisation__in=part, ended_on=None)
            for one in standing.select_related("person", "organisation"):
                known[one.organisation_id, one.person_id, one.title] = one
        found: dict[int, Any] = {}
        for row in rows:
            person, organisation = row.met.get("person"), row.met["organisation"]
            if person and organisation:
                office = known.get((organisation.pk, person.pk, row["title"]))
                if office is not None:
                    found[row.number] = office
        return found

    def values(self, actor: Actor, stored: Sequence[Any]) -> list[dict[str, Any]]:
        return [
            {
                "area_code": one.area_code,
                "organisation": one.organisation.name,
                "entry": one.person_id,
                "name": one.person.name,
                "phone": one.person.phone or None,
                "id_number": one.person.id_hash,
                "title": one.title,
                "started_on": one.started_on,
                "term_ends_on": one.term_ends_on,
            }
            for one in stored
        ]

    def disclosed(
        self, actor: Actor, stored: Sequence[Any], values: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        names = area_names(one.area_code for one in stored)
        return [
            {**masked(actor, value, one.person), "area_name": names.get(one.area_code, "")}
            for one, value in zip(stored, values, strict=True)
        ]

    def check(self, actor: Actor, rows: Sequence[Row], found: dict[int, Any]) -> None:
        check_areas(
            actor, rows, "area_code", [self.right], {n: one.area_code for n, one in found.items()}
        )
        check_not_far_ahead(rows, "started_on")
        candidates = [
            row.met["organisation"].pk
            for row in rows
            if row["title"] == Title.PRESIDENT and row.met["organisation"]
        ]
        presidents = _presidents(candidates)
        for row in rows:
            organisation = row.met["organisation"]
            if row["organisation"] and row["area_code"] and organisation is None:
                row.fault(
                    "organisation",
                    "no_organisation",
                    _("There is no organisation of this name here."),
                    _("Enter it first, or correct the name or the area code."),
                )
            check_person_known(row)
            started_on = row["started_on"] or today()
            if row["term_ends_on"] and row["term_ends_on"] < started_on:
                row.fault(
                    "term_ends_on",
                    "end_before_start",
                    _("The term cannot end before it begins."),
                    _("Correct one of the two days."),
                )
            if organisation is None or row["title"] != Title.PRESIDENT or row.number in found:
                continue
            if organisation.pk in presidents:
                _second_president(row)

    def check_file(self, actor: Actor, rows: Sequence[Row]) -> None:
        presidents = [row for row in rows if row["title"] == Title.PRESIDENT]
        numbers = Counter((row["area_code"], row["organisation"]) for row in presidents)
        for row in presidents:
            if numbers[row["area_code"], row["organisation"]] > 1:
                _second_president(row)

    def check_changes(self, actor: Actor, changed: Sequence[Change]) -> None:
        check_lasting(changed)
        check_person_unchanged(changed)

    def apply(self, actor: Actor, new: Sequence[Row], changed: Sequence[Change]) -> None:
        officers = [
            Officer(
                organisation=row.met["organisation"],
                person=row.met["person"],
                area_code=row["area_code"],
                title=row["title"],
                started_on=row["started_on"] or today(),
                term_ends_on=row["term_ends_on"],
            )
            for row in new
        ]
        keep_new(actor, officers, "appoint")
        for one in changed:
            one.stored.term_ends_on = one["term_ends_on"] or one.stored.term_ends_on
        keep_changed(actor, [one.stored for one in changed], ["term_ends_on"], "edit")


def _second_president(row: Row) -> None:
    row.fault(
        "title",
        "second_president",
        _("This organisation has a president already, or two in this file."),
        _("End that office first, or correct the title."),
    )


def _presidents(organisations: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for part in parts(set(organisations)):
        standing = Officer.objects.filter(
            Q(ended_on=None), organisation__in=part, title=Title.PRESIDENT
        )
        found.update(standing.values_list("organisation", flat=True))
    return found


def check_person_known(row: Row) -> None:
    """Who holds a post is entered before; a spreadsheet of posts enters nobody."""
    person = row.met.get("person")
    if row["name"] and person is None and not row.faults:
        row.fault(
            "name",
            "no_person",
            _("Nobody entered fits this name with this phone or identity number."),
            _("Enter the person first, with the spreadsheet of people."),
        )
    gone = person and (person.died_on or person.moved_away_on)
    if person and gone and gone <= today():
        row.fault(
            "name",
            "person_gone",
            _("This person died or moved away."),
            _("Take the row out, or correct the person's entry."),
        )


def check_person_unchanged(changed: Sequence[Change]) -> None:
    """What is known of a person is changed in the spreadsheet of people."""
    for one in changed:
        for key in ("name", "phone", "id_number"):
            if key in one.changes:
                one.row.fault(
                    key,
                    "person_differs",
                    _("This differs from the person's entry."),
                    _("Correct it here, or change the person with the spreadsheet of people."),
                )
