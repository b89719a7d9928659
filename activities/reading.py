"""What the pages read besides sessions themselves, for all rows at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery

from accounts.models import Person
from activities.models import Session, SessionJoin, SessionRevision
from grids.authority import division_names
from grids.models import Appointment, Division, HobbyGrid, Role
from jiaozuo_grid.area import Level, within_q
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import reach_of


def hobby_grids_to_log(user: Any) -> QuerySet[Any]:
    """The hobby grids of today whose sessions the user may log, with their last session."""
    last = (
        Session.objects.standing()
        .filter(area_code=OuterRef("area_code"))
        .order_by("-held_on", "-start_time")
    )
    return (
        HobbyGrid.objects.on(today())
        .filter(within_q(reach_of(user).areas_for("log")))
        .select_related("sport")
        .annotate(
            last_held_on=Subquery(last.values("held_on")[:1]),
            last_participants=Subquery(last.values("participants")[:1]),
        )
    )


def villages_to_log(user: Any) -> QuerySet[Division]:
    """The villages whose sessions the user may log."""
    villages: QuerySet[Division] = (
        Division.objects.villages()
        .on(today())
        .filter(within_q(reach_of(user).areas_for("log")))
        .order_by("area_code")
    )
    return villages


def find_hobby_grids(user: Any, asked: str, village: str) -> Any:
    """Those of ``hobby_grids_to_log`` in a village, and whose name or village's name is asked."""
    rows: Any = hobby_grids_to_log(user)
    if village:
        rows = rows.within(village)
    if asked:
        named = villages_to_log(user).filter(name__icontains=asked)
        codes = list(named.values_list("area_code", flat=True)[:20])
        rows = rows.filter(
            Q(name__icontains=asked) | Q(sport__name_zh__icontains=asked) | within_q(codes)
        )
    return rows


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def logged_this_week(user: Any) -> QuerySet[Any]:
    """The sessions held since Monday where the user logs, newest first."""
    rows: QuerySet[Any] = (
        Session.objects.standing()
        .filter(within_q(reach_of(user).ground_of("log")), held_on__gte=monday(today()))
        .order_by("-held_on", "-start_time", "id")
    )
    return rows


def last_of(area_code: str) -> Session | None:
    """The newest session of a hobby grid that was not withdrawn."""
    rows = Session.objects.standing().filter(area_code=area_code)
    last: Session | None = rows.order_by("-held_on", "-start_time").first()
    return last


def leaders_of(area_code: str, user: Any) -> QuerySet[Person]:
    """Who may have led a session: the hobby grid's members, its grid's leader, and the user.

    Of a hobby grid that serves the whole village, the leaders of all its grids. Those too who left
    their post lately: what they led may be logged late.
    """
    village, of_the_grid = area_code[: Level.VILLAGE], Q(area_code=area_code[: Level.GRID])
    if area_code[Level.VILLAGE : Level.GRID] == "000":
        of_the_grid = within_q([village])
    lately = today() - timedelta(days=settings.LOGGED_WITHIN_DAYS)
    posts = Appointment.objects.filter(
        Q(role=Role.GRID_MEMBER, area_code=area_code) | Q(role=Role.GRID_LEADER) & of_the_grid,
        Q(ended_on__isnull=True) | Q(ended_on__gt=lately),
        started_on__lte=today(),
    )
    people = Q(pk__in=posts.values("person_id")) | Q(pk=user.person_id)
    return Person.objects.filter(people).order_by("pk")


def name_villages(rows: Iterable[Any]) -> None:
    """Give each row the ``village_name`` of where it stands; one query for all."""
    found = list(rows)
    names = division_names(sorted({row.area_code[: Level.VILLAGE] for row in found}))
    for row in found:
        row.village_name = names.get(row.area_code[: Level.VILLAGE], "")


def dress(sessions: Iterable[Any]) -> None:
    """Give each session its ``hobby_grid`` and ``village_name``; two queries for all."""
    rows = list(sessions)
    name_villages(rows)
    codes = {row.area_code for row in rows}
    found = {
        hobby_grid.area_code: hobby_grid
        for hobby_grid in HobbyGrid.objects.filter(area_code__in=codes).select_related("sport")
    }
    for row in rows:
        row.hobby_grid = found.get(row.area_code)


def joins_of(session: Session) -> list[SessionJoin]:
    """The records of others that this session stands for too."""
    return list(session.joins.select_related("user__person"))


@dataclass(frozen=True)
class Changed:
    """One value that a revision replaced."""

    name: Any
    before: Any
    after: Any


# What readers of a history care for, in the order of the page.
TOLD = ("held_on", "start_time", "minutes", "participants", "place", "led_by", "note")


def history(session: Session) -> list[SessionRevision]:
    """The session's revisions, oldest first, each with ``changes`` and ``withdrew``."""
    revisions = list(session.revisions.select_related("changed_by__person").order_by("version"))
    if not revisions:
        return []
    after = [revision.values for revision in revisions[1:]]
    states: list[dict[str, Any]] = [*after, _plain(session)]
    people = _names({state.get("led_by_id") for state in [*states, *(r.values for r in revisions)]})
    fields: list[Any] = [Session._meta.get_field(name) for name in TOLD]
    told: Any
    for told, state in zip(revisions, states, strict=True):
        told.changes = [
            Changed(
                field.verbose_name, _shown(told.values, field, people), _shown(state, field, people)
            )
            for field in fields
            if _raw(told.values, field) != _raw(state, field)
        ]
        told.withdrew = bool(state.get("withdrawn_at")) and not told.values.get("withdrawn_at")
    return revisions


def _plain(session: Session) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(session, name) for name in TOLD if name != "led_by"}
    return {
        **values,
        "held_on": session.held_on.isoformat(),
        "start_time": session.start_time.isoformat(),
        "led_by_id": session.led_by_id,
        "withdrawn_at": session.withdrawn_at,
    }


def _raw(state: dict[str, Any], field: Any) -> Any:
    return state.get(field.attname)


def _shown(state: dict[str, Any], field: Any, people: dict[int, str]) -> Any:
    value = _raw(state, field)
    if field.name == "led_by":
        value = people.get(value, "") if value else ""
    elif field.name == "start_time":
        value = str(value)[:5]
    return "—" if value in (None, "") else value


def _names(keys: set[Any]) -> dict[int, str]:
    wanted = {key for key in keys if key}
    return dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
