"""The spreadsheet of appointments."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.models import ROLE_LEVELS, Appointment, Background, Role
from grids.people import person_of
from grids.resources.common import (
    AreaSheet,
    area_name_column,
    check_areas,
    check_not_far_ahead,
    choices_of,
    outside,
    parts,
)
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
from jiaozuo_grid.reach import Actor, reach_of
from jiaozuo_grid.spreadsheets.choices import OneOf
from jiaozuo_grid.spreadsheets.columns import Column
from jiaozuo_grid.spreadsheets.kinds import AreaCode
from jiaozuo_grid.spreadsheets.sheet import Change, Row

ROLES = choices_of(
    Role,
    {
        Role.BUREAU_STAFF: ("市体育局", "市体育局工作人员"),
        Role.COUNTY_OFFICIAL: ("县级主管", "县级主管人员"),
        Role.TOWNSHIP_OFFICER: ("乡镇文体专干", "文体专干"),
        Role.GRID_LEADER: ("网格长",),
        Role.GRID_MEMBER: ("网格员",),
        Role.AUDITOR: ("审计员", "审计"),
    },
)
BACKGROUNDS = choices_of(
    Background,
    {
        Background.OFFICIAL: ("村（社区）干部", "村干部", "社区干部"),
        Background.ASSOCIATION_HEAD: ("体育协会负责人", "协会负责人"),
        Background.STATION_HEAD: ("健身站点负责人", "站点负责人"),
        Background.INSTRUCTOR: ("社会体育指导员", "指导员"),
        Background.ENTHUSIAST: ("体育骨干", "体育爱好者"),
    },
)


class AppointmentSheet(AreaSheet):
    key = "appointments"
    title = gettext_lazy("Appointments")
    note = gettext_lazy("People must be entered before their appointments.")
    right = "change grids.appointment"
    view_right = "view grids.appointment"
    business_key = ("name", "phone", "role", "area_code")
    columns = (
        *(one for one in person_columns() if one.key in ("name", "id_number", "phone")),
        Column(
            "role",
            "任职",
            "Role",
            OneOf(ROLES),
            required=True,
            aliases=("职务", "角色"),
            example="网格长",
        ),
        Column(
            "area_code",
            "所在地区代码",
            "Area code",
            AreaCode(),
            required=True,
            aliases=("地区代码", "网格代码"),
            example="410882001203001",
            width=20,
        ),
        area_name_column(),
        Column(
            "background",
            "身份",
            "Background",
            OneOf(BACKGROUNDS),
            aliases=("人员身份", "本职"),
            example="体育骨干",
        ),
        start_column(),
        entry_column(),
    )

    def rows(self, actor: Actor) -> QuerySet[Any]:
        visible = Appointment.objects.visible_to(actor).on(today())
        return visible.select_related("person").order_by("area_code", "pk")

    def find(self, actor: Actor, rows: Sequence[Row]) -> dict[int, Any]:
        people = meet_people(actor, rows)
        known: dict[Any, list[Appointment]] = defaultdict(list)
        for part in parts({person.pk for person in people}):
            # All that is seen, or the export of one's own post could not be imported again.
            posts = Appointment.objects.visible_to(actor).filter(person__in=part)
            lasting = posts.exclude(ended_on__lte=today()).order_by("started_on")
            for one in lasting.select_related("person"):
                known[one.person_id, one.role, one.area_code].append(one)
        found: dict[int, Any] = {}
        for row in rows:
            if person := row.met.get("person"):
                post = meant(row, known[person.pk, row["role"], row["area_code"]])
                if post is not None:
                    found[row.number] = post
        return found

    def values(self, actor: Actor, stored: Sequence[Any]) -> list[dict[str, Any]]:
        return [
            {
                "entry": one.person_id,
                "name": one.person.name,
                "phone": one.person.phone or None,
                "id_number": one.person.id_hash,
                "role": one.role,
                "area_code": one.area_code,
                "background": one.background or None,
                "started_on": one.started_on,
            }
            for one in stored
        ]

    def disclosed(
        self, actor: Actor, stored: Sequence[Any], values: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        return disclosed(actor, [one.person for one in stored], values)

    def check_file(self, actor: Actor, rows: Sequence[Row]) -> None:
        leaders = [row for row in rows if row["role"] == Role.GRID_LEADER and row["area_code"]]
        codes = Counter(row["area_code"] for row in leaders)
        for row in leaders:
            if codes[row["area_code"]] > 1:
                _second_leader(row)

    def check(self, actor: Actor, rows: Sequence[Row], found: dict[int, Any]) -> None:
        check_not_far_ahead(rows, "started_on")
        areas = check_areas(
            actor, rows, "area_code", [self.right], {n: one.area_code for n, one in found.items()}
        )
        reach = reach_of(actor)
        fresh = [row for row in rows if row.number not in found]
        held = _held({row["area_code"] for row in fresh if row["area_code"] in areas})
        for row in fresh:
            check_person_known(row)
            role, code = row["role"], row["area_code"]
            if role is None or code is None or code not in areas:
                continue
            if not reach.allows(f"appoint {role}", code):
                outside(row, "role")
            elif len(code) not in ROLE_LEVELS[role]:
                row.fault(
                    "area_code",
                    "role_level",
                    _("This post is not held at this level."),
                    _("Correct the role or the area code."),
                )
            day = row["started_on"] or today()
            people = holders(held, (role, code), day)
            if role == Role.GRID_LEADER and people:
                _second_leader(row)
            else:
                check_not_held(row, "role", people)
            if day < areas[code].started_on:
                row.fault(
                    "started_on",
                    "before_area",
                    _("The area begins later than this."),
                    _("Correct the day."),
                )
            person = row.met.get("person")
            if person is not None and person.pk == person_of(actor):
                _oneself(row)

    def check_changes(self, actor: Actor, changed: Sequence[Change]) -> None:
        check_lasting(changed)
        check_person_unchanged(changed)
        reach = reach_of(actor)
        for one in changed:
            if not reach.allows(f"appoint {one.stored.role}", one.stored.area_code):
                outside(one.row, "role")
            elif one.stored.person_id == person_of(actor):
                _oneself(one.row)

    def apply(self, actor: Actor, new: Sequence[Row], changed: Sequence[Change]) -> None:
        by = actor if getattr(actor, "pk", None) else None
        appointments = [
            Appointment(
                person=row.met["person"],
                role=row["role"],
                area_code=row["area_code"],
                background=row["background"] or "",
                started_on=row["started_on"] or today(),
                appointed_by=by,
            )
            for row in new
        ]
        keep_new(actor, appointments, "appoint")
        for one in changed:
            one.stored.background = one["background"] or one.stored.background
        keep_changed(actor, [one.stored for one in changed], ["background"], "edit")


def _oneself(row: Row) -> None:
    row.fault(
        "name",
        "self",
        _("Nobody appoints or dismisses themselves. Ask the office above you."),
        _("Take the row out."),
    )


def _second_leader(row: Row) -> None:
    row.fault(
        "area_code",
        "second_leader",
        _("This grid has a leader already, or two in this file."),
        _("End that appointment first, or take the row out."),
    )


def _held(areas: set[str]) -> Held:
    """The posts at areas, by role and area."""
    rows = []
    for part in parts(sorted(areas)):
        posts = Appointment.objects.filter(area_code__in=part)
        for role, code, *rest in posts.values_list(
            "role", "area_code", "person", "started_on", "ended_on"
        ):
            rows.append(((role, code), *rest))
    return held_from(rows)
