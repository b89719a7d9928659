"""The spreadsheet of officers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.actions.ground import written
from grids.models import Officer, Organisation, Title
from grids.resources.common import (
    AreaSheet,
    area_name_column,
    check_areas,
    check_not_far_ahead,
    choices_of,
    parts,
)
from grids.resources.organisations import area_column, organisations_met
from grids.resources.persons import disclosed, entry_column, meet_people, person_columns
from grids.resources.posts import (
    Held,
    check_not_held,
    check_person_known,
    check_person_unchanged,
    held_from,
    holders,
    meant,
)
from grids.resources.simple import check_lasting, start_column
from grids.writing import keep_changed, keep_new
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor
from jiaozuo_grid.spreadsheets.choices import OneOf
from jiaozuo_grid.spreadsheets.columns import Column
from jiaozuo_grid.spreadsheets.kinds import Day, Text
from jiaozuo_grid.spreadsheets.sheet import Change, Row

TITLES = choices_of(
    Title,
    {
        Title.PRESIDENT: ("会长", "主席", "负责人", "理事长"),
        Title.VICE_PRESIDENT: ("副会长", "副主席", "副理事长"),
        Title.SECRETARY: ("秘书长",),
        Title.OFFICER: ("理事", "委员", "干事"),
    },
)


class OfficerSheet(AreaSheet):
    key = "officers"
    title = gettext_lazy("Officers")
    note = gettext_lazy("People and organisations must be entered before their offices.")
    right = "change grids.officer"
    view_right = "view grids.officer"
    business_key = ("area_code", "organisation", "name", "title")
    columns = (
        area_column(),
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
        organisations = organisations_met(actor, rows)
        meet_people(actor, rows)
        for row in rows:
            row.met["organisation"] = organisations.get((row["area_code"], row["organisation"]))
        known: dict[Any, list[Officer]] = defaultdict(list)
        for part in parts({one.pk for one in organisations.values()}):
            lasting = Officer.objects.filter(organisation__in=part).exclude(ended_on__lte=today())
            for one in lasting.select_related("person", "organisation").order_by("started_on"):
                known[one.organisation_id, one.person_id, one.title].append(one)
        found: dict[int, Any] = {}
        for row in rows:
            person, organisation = row.met.get("person"), row.met["organisation"]
            if person and organisation:
                office = meant(row, known[organisation.pk, person.pk, row["title"]])
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
        return disclosed(actor, [one.person for one in stored], values)

    def check(self, actor: Actor, rows: Sequence[Row], found: dict[int, Any]) -> None:
        check_areas(
            actor, rows, "area_code", [self.right], {n: one.area_code for n, one in found.items()}
        )
        check_not_far_ahead(rows, "started_on")
        fresh = [row for row in rows if row.number not in found]
        held = _held({row.met["organisation"].pk for row in fresh if row.met["organisation"]})
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
            if organisation is not None and row.number not in found:
                _check_organisation(row, organisation)
                people = holders(held, (organisation.pk, row["title"]), started_on)
                if row["title"] == Title.PRESIDENT and people:
                    _second_president(row)
                else:
                    check_not_held(row, "title", people)

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

    def leans_on(self, new: Sequence[Row], changed: Sequence[Change]) -> Iterator[Any]:
        yield from super().leans_on(new, changed)
        yield from (row.met["organisation"] for row in new)


def _second_president(row: Row) -> None:
    row.fault(
        "title",
        "second_president",
        _("This organisation has a president already, or two in this file."),
        _("End that office first, or correct the title."),
    )


def _held(organisations: set[int]) -> Held:
    """The offices of organisations, by organisation and title."""
    rows = []
    for part in parts(organisations):
        offices = Officer.objects.filter(organisation__in=part)
        for organisation, title, *rest in offices.values_list(
            "organisation", "title", "person", "started_on", "ended_on"
        ):
            rows.append(((organisation, title), *rest))
    return held_from(rows)


def _check_organisation(row: Row, organisation: Organisation) -> None:
    """No new office in what is about to end: the page asks to re-open it first."""
    if organisation.ended_on is not None:
        row.fault(
            "organisation",
            "ended",
            _("%(name)s ends on %(day)s. Re-open it first.")
            % {"name": organisation, "day": written(organisation.ended_on)},
            _("Take the row out."),
        )
