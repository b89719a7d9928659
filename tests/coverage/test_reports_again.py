"""A report of a frozen month says the same when gathered again, whatever was entered since."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from coverage.folding import fold
from coverage.models import ReportKind, Snapshot
from coverage.recount import rebuild
from coverage.reports.content import content_of
from coverage.reports.periods import period_of
from coverage.reports.source import edition_of, live, sealed
from coverage.snapshots.actions import reissue
from coverage.snapshots.freezing import freeze
from grids.models import Division, Organisation
from grids.models.organisations import OrganisationKind
from grids.writing import keep
from instructors.models import Certificate, InstructorLevel
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM
from tests.builders import (
    BEGINNING,
    CITY,
    COUNTY,
    OTHER_COUNTY,
    TOWNSHIP,
    VILLAGE,
    grid,
    instructor,
    user,
)
from tests.coverage.living_city import living_city, session

pytestmark = pytest.mark.django_db

YEAR = today().year - 1
DECEMBER = date(YEAR, 12, 1)
SPRING, AUTUMN = date(YEAR, 4, 9), date(YEAR, 10, 15)


def certificate(number: str, granted_on: date) -> Certificate:
    return Certificate(
        area_code=VILLAGE,
        instructor=instructor(VILLAGE),
        instructor_level=InstructorLevel.SECOND,
        number=number,
        granted_on=granted_on,
    )


def association(name: str) -> Organisation:
    return Organisation(
        area_code=COUNTY, name=name, kind=OrganisationKind.CLUB, started_on=BEGINNING
    )


@pytest.fixture(autouse=True)
def _frozen() -> None:
    living_city()
    for day in (SPRING, AUTUMN):
        session(held_on=day)
    certificate("early", SPRING).save()
    association("先有的俱乐部").save()
    rebuild()
    # The spring was never frozen, the autumn was.
    freeze(AUTUMN.replace(day=1))
    freeze(DECEMBER)


def gathered(kind: str, code: str) -> dict[str, Any]:
    period = period_of(kind, DECEMBER)
    edition = edition_of(code, period)
    assert edition is not None
    return content_of(kind, sealed(edition, code), period, "zh-hans")


@pytest.mark.parametrize("kind", list(ReportKind))
@pytest.mark.parametrize("code", [CITY, COUNTY])
def test_nothing_that_was_entered_since_changes_it(kind: str, code: str) -> None:
    before = gathered(kind, code)
    keep(SYSTEM, certificate("late", SPRING), "add certificate")
    keep(SYSTEM, association("后补的俱乐部"), "add organisation")
    for day in (SPRING, AUTUMN, DECEMBER):
        keep(SYSTEM, session(held_on=day, participants=40), "log session")
    keep(SYSTEM, grid(VILLAGE + "009"), "add grid")
    Division.objects.filter(area_code=TOWNSHIP).update(name="改名街道")
    fold()
    month = AUTUMN.replace(day=1)
    official = user("county_official", COUNTY)
    reissue(official, COUNTY, Snapshot.objects.get(area_code=COUNTY, month=month), reason="迟报")
    assert gathered(kind, code) == before


def test_the_form_has_what_the_registers_held_when_the_year_was_frozen() -> None:
    form = gathered(ReportKind.FORM, CITY)["form"]
    keys = [column["key"] for column in form["columns"]]
    county = next(line for line in form["lines"] if line["code"] == COUNTY)
    granted = county["values"][keys.index("granted_second")]
    clubs = county["values"][keys.index("organisations_club")]
    assert (granted, clubs) == (1, 1)
    assert county["values"][keys.index("sessions")] == 2


def test_a_later_edition_is_another_report_with_what_is_known_by_then() -> None:
    keep(SYSTEM, certificate("late", SPRING), "add certificate")
    keep(SYSTEM, session(held_on=SPRING + timedelta(days=1)), "log session")
    fold()
    official = user("county_official", COUNTY)
    edition = Snapshot.objects.get(area_code=COUNTY, month=DECEMBER)
    reissue(official, COUNTY, edition, reason="补录证书")
    form = gathered(ReportKind.FORM, COUNTY)["form"]
    keys = [column["key"] for column in form["columns"]]
    assert form["total"][keys.index("granted_second")] == 2
    assert form["total"][keys.index("sessions")] == 3


def test_an_area_that_has_none_of_it_has_none_and_is_not_unknown() -> None:
    period = period_of(ReportKind.FORM, DECEMBER)
    form = content_of(ReportKind.FORM, live(CITY, period), period, "zh-hans")["form"]
    keys = [column["key"] for column in form["columns"]]
    other = next(line for line in form["lines"] if line["code"] == OTHER_COUNTY)
    assert other["values"][keys.index("organisations_club")] == 0
