"""What several sheets stand on: areas within reach, sports, the names of places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from accounts.models import Person
from grids.actions.ground import AHEAD, written
from grids.models import Division, Grid, HobbyGrid, Sport
from jiaozuo_grid.area import Level, ancestors
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor, reach_of
from jiaozuo_grid.spreadsheets.choices import Choice
from jiaozuo_grid.spreadsheets.columns import Column
from jiaozuo_grid.spreadsheets.sheet import Change, Row, Sheet

PART = 500
T = TypeVar("T")
# By what a row ends that is not in force from a day to a day.
ENDS: dict[Any, tuple[str, ...]] = {Person: ("merged_into_id", "died_on", "moved_away_on")}


def parts(items: Iterable[T], size: int = PART) -> Iterator[list[T]]:
    """The items, some hundred at a time."""
    rest = list(items)
    for start in range(0, len(rest), size):
        yield rest[start : start + size]


def sport_choices() -> list[Choice]:
    return [
        Choice(sport.pk, sport.name_zh, sport.name_en, (sport.code,))
        for sport in Sport.objects.all()
    ]


def choices_of(values: Iterable[Any], zh: dict[Any, tuple[str, ...]]) -> Callable[[], list[Choice]]:
    """The members of an enumeration: ``zh`` holds their Chinese names, the usual one first."""
    members = [
        Choice(member.value, zh[member.value][0], _english(member), zh[member.value][1:])
        for member in values
    ]
    return lambda: members


def _english(member: Any) -> str:
    """The name in the code's own language, for readers of English."""
    from django.utils.translation import override

    with override("en"):
        return str(member.label)


def area_name_column() -> Column:
    """Where a code lies, for the reader of an export."""
    return Column(
        "area_name", "所在地区名称", "Area name", informative=True, aliases=("地区名称",), width=30
    )


def area_rows(codes: Iterable[str]) -> dict[str, Division | Grid | HobbyGrid]:
    """What stands at each of the codes, ended ones too."""
    found: dict[str, Any] = {}
    wanted = {code for code in codes if code}
    for model, digits in ((Division, range(4, 13)), (Grid, (15,)), (HobbyGrid, (17,))):
        for part in parts(sorted(code for code in wanted if len(code) in digits)):
            for row in model._default_manager.filter(area_code__in=part):
                found[row.area_code] = row
    return found


def area_names(codes: Iterable[str]) -> dict[str, str]:
    """ "沁阳市 覃怀街道 东关村" for each code; the city goes without saying."""
    wanted = set(codes)
    steps = {code: ancestors(code, include_self=True)[1:] or [code] for code in wanted}
    rows = area_rows(step for way in steps.values() for step in way)
    return {
        code: " ".join(rows[step].name for step in way if step in rows)
        for code, way in steps.items()
    }


class AreaSheet(Sheet):
    """A sheet whose rows stand at areas, and lean on people and on what is in force.

    None of that may have ended while they were written.
    """

    def finish(self, actor: Actor, new: Sequence[Row], changed: Sequence[Change]) -> None:
        """Lock what the rows lean on for the moment of the commit, and look again.

        Not before, or an import would hold up everybody else's work in these villages.
        """
        rows = [*new, *(one.row for one in changed if "area_code" in one.changes)]
        _check_areas_stand({row["area_code"] for row in rows if row["area_code"]})
        by_model: dict[type[models.Model], dict[Any, Any]] = defaultdict(dict)
        for leant in self.leans_on(new, changed):
            by_model[type(leant)][leant.pk] = leant
        for model in sorted(by_model, key=lambda one: one._meta.label):
            _check_unended(model, by_model[model])

    def leans_on(self, new: Sequence[Row], changed: Sequence[Change]) -> Iterator[Any]:
        """Stored rows, as they were read, that must not have ended or been merged meanwhile."""
        yield from (one.stored for one in changed)
        yield from (row.met["person"] for row in new if row.met.get("person"))


def _check_areas_stand(codes: set[str]) -> None:
    for part in parts(sorted({code[: Level.VILLAGE] for code in codes})):
        divisions = Division.objects.filter(area_code__in=part).order_by("area_code")
        if len(divisions.select_for_update().values_list("pk", flat=True)) != len(part):
            raise _ended_meanwhile()
    # Grids end under the lock of their village.
    above = {code[:digits] for code in codes for digits in (Level.VILLAGE, Level.GRID)}
    standing = area_rows(codes | above)
    if not codes <= set(standing) or any(row.ended_on for row in standing.values()):
        raise _ended_meanwhile()


def _check_unended(model: Any, read: dict[Any, Any]) -> None:
    """What ends a row locks it; so it is locked here before it is looked at again."""
    fields = ENDS.get(model, ("ended_on",))
    for part in parts(sorted(read)):
        rows = model._default_manager.filter(pk__in=part).order_by("pk").select_for_update()
        now = {key: tuple(ends) for key, *ends in rows.values_list("pk", *fields)}
        if now != {key: tuple(getattr(read[key], name) for name in fields) for key in part}:
            raise _ended_meanwhile()


def _ended_meanwhile() -> ValidationError:
    return ValidationError(
        _(
            "Something that these rows stand on ended or was merged meanwhile, so nothing was"
            " written. Check the file again."
        )
    )


def outside(row: Row, key: str) -> None:
    """The one answer for whatever is outside the reach: it does not tell what exists there."""
    row.fault(
        key,
        "outside",
        _("This is outside the area you are responsible for."),
        _("Take the row out, or ask the office that is responsible."),
    )


def check_areas(
    actor: Actor,
    rows: Sequence[Row],
    key: str,
    rights: Iterable[str],
    standing: Mapping[int, str | None] | None = None,
) -> dict[str, Division | Grid | HobbyGrid]:
    """Every area is within reach, there, and not ended; returns what stands at the codes.

    ``standing`` are the codes that are stored already, by the row's number: what is so stays so,
    though its area may have ended.
    """
    standing = standing or {}
    reach, asked = reach_of(actor), tuple(rights)
    may: dict[str, bool] = {}
    for row in rows:
        code = row[key]
        if code is not None and code not in may:
            may[code] = all(reach.allows(right, code) for right in asked)
    known = area_rows(code for code, allowed in may.items() if allowed)
    for row in rows:
        code = row[key]
        if code is None:
            continue
        if not may[code]:
            outside(row, key)
        elif code == standing.get(row.number):
            continue
        elif code not in known:
            row.fault(
                key,
                "no_area",
                _("There is no area with the code %(code)s.") % {"code": code},
                _("Look the code up in the list of grids and divisions."),
            )
        elif (ended := known[code].ended_on) is not None:
            row.fault(
                key,
                "area_ended",
                _("%(name)s ends on %(day)s.") % {"name": known[code].name, "day": written(ended)},
                _("Enter the code of the area that took its place."),
            )
    return known


def check_not_far_ahead(rows: Sequence[Row], key: str) -> None:
    """A beginning more than a year ahead is a mistyped year."""
    limit: date = today() + AHEAD
    for row in rows:
        if row[key] is not None and row[key] > limit:
            row.fault(
                key, "far_ahead", _("This is more than a year ahead."), _("Correct the year.")
            )
