"""Equipment, inspections, faults and repairs, photos: and when something is overdue."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import User
from grids.models import Role
from grids.rules import set_rule
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM, OutOfReach
from stations import actions
from stations.actions import Fault
from stations.models import Equipment, Inspection, Repair, RepairState, Station, StationPhoto
from stations.rules import INSPECTION_DAYS, LIFE_YEARS, REPAIR_DAYS, months_after
from stations.upkeep import Age, ageing_of
from tests import builders as b
from tests.stations.acting import YESTERDAY, official, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor() -> User:
    b.small_city()
    return official()


@pytest.fixture
def station(actor: User) -> Station:
    return b.station()


# --- equipment ---


def test_equipment_counts_from_its_installation(actor: User, station: Station) -> None:
    day = date(2025, 3, 1)
    row = actions.add_equipment(actor, station, name=" 漫步机 ", quantity=2, installed_on=day)
    assert (row.name, row.started_on) == ("漫步机", day)
    older = actions.add_equipment(actor, station, name="双杠", installed_on=date(2010, 3, 1))
    assert older.started_on == station.started_on
    assert actions.add_equipment(actor, station, name="秋千").started_on == today()


@pytest.mark.parametrize(
    "facts",
    [{"installed_on": today() + timedelta(days=1)}, {"quantity": 0}, {"life_years": 99}],
)
def test_impossible_equipment_is_refused(
    actor: User, station: Station, facts: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        actions.add_equipment(actor, station, name="漫步机", **facts)
    assert not Equipment.objects.exists()


def test_equipment_is_put_right_and_taken_away(actor: User, station: Station) -> None:
    row = actions.add_equipment(actor, station, name="漫步机", installed_on=YESTERDAY)
    actions.edit_equipment(actor, row, life_years=10)
    actions.remove_equipment(actor, row, reason="报废")
    row.refresh_from_db()
    assert (row.life_years, row.ended_on) == (10, today())
    assert Equipment.objects.on(YESTERDAY).exists()
    with pytest.raises(ValidationError):
        actions.remove_equipment(actor, row)


DAY = date(2026, 6, 15)
AGES = [
    # installed, life, expected
    (None, None, Age.UNKNOWN),
    (date(2018, 6, 15), None, Age.PAST),
    (date(2018, 6, 16), None, Age.NEAR),
    (date(2019, 6, 15), None, Age.NEAR),
    (date(2019, 6, 16), None, Age.GOOD),
    (date(2016, 6, 16), 10, Age.NEAR),
    (date(2016, 6, 15), 10, Age.PAST),
    (date(2026, 6, 15), 1, Age.NEAR),
]


@pytest.mark.parametrize(("installed_on", "life", "expected"), AGES)
def test_the_age_of_equipment(installed_on: Any, life: Any, expected: Age) -> None:
    values = {LIFE_YEARS: 8.0, "station.near_life_years": 1.0}
    row = Equipment(installed_on=installed_on, life_years=life)
    assert ageing_of(row, values, DAY).state == expected


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 2, 29), 12, date(2025, 3, 1)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 12, 31), 2, date(2026, 3, 1)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
        (date(2025, 5, 10), 0, date(2025, 5, 10)),
    ],
)
def test_months_later(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected


# --- inspections ---


def overdue(station: Station) -> bool:
    return Station.objects.inspection_overdue(today()).filter(pk=station.pk).exists()


def test_an_inspection_in_order_tapped_twice_is_one(actor: User, station: Station) -> None:
    assert overdue(station)
    first = actions.inspect(actor, station)
    assert actions.inspect(actor, station) == first
    assert not overdue(station)


def test_an_inspection_is_overdue_only_after_the_rules_days(actor: User, station: Station) -> None:
    set_rule(SYSTEM, INSPECTION_DAYS, 30)
    actions.inspect(actor, station, inspected_on=today() - timedelta(days=30))
    assert not overdue(station)
    Inspection.objects.update(inspected_on=today() - timedelta(days=31))
    assert overdue(station)


def test_a_new_station_has_its_days_too(actor: User) -> None:
    assert not overdue(b.station(name="新站", started_on=today() - timedelta(days=90)))
    assert overdue(b.station(name="旧站", started_on=today() - timedelta(days=91)))


def test_faults_become_repairs_in_the_hands_of_the_responsible(
    actor: User, station: Station
) -> None:
    who = somebody("王建国")
    actions.make_responsible(actor, station, who)
    machine = actions.add_equipment(actor, station, name="漫步机")
    row = actions.inspect(actor, station, faults=[Fault("踏板断裂", machine), Fault("灯不亮")])
    assert not row.in_order
    repairs = Repair.objects.order_by("pk")
    assert [(r.equipment, r.description, r.holder) for r in repairs] == [
        (machine, "踏板断裂", who),
        (None, "灯不亮", who),
    ]
    assert {r.due_on for r in repairs} == {today() + timedelta(days=15)}
    assert {r.inspection for r in repairs} == {row}


@pytest.mark.parametrize("day", [today() + timedelta(days=1), b.BEGINNING - timedelta(days=1)])
def test_an_inspection_on_a_day_that_cannot_be_is_refused(
    actor: User, station: Station, day: date
) -> None:
    with pytest.raises(ValidationError):
        actions.inspect(actor, station, inspected_on=day)


def test_a_fault_at_another_stations_equipment_is_refused(actor: User, station: Station) -> None:
    other = actions.add_equipment(actor, b.station(name="别站"), name="双杠")
    with pytest.raises(ValidationError):
        actions.inspect(actor, station, faults=[Fault("断了", other)])
    assert not Inspection.objects.exists()


def test_a_grid_leader_does_not_write_inspections(station: Station) -> None:
    with pytest.raises(OutOfReach):
        actions.inspect(b.user(Role.GRID_LEADER, b.GRID), station)


# --- repairs ---


@pytest.fixture
def repair(actor: User, station: Station) -> Repair:
    return actions.report_fault(actor, station, "单杠松动")


def test_the_deadline_is_the_rules(actor: User, station: Station) -> None:
    set_rule(SYSTEM, REPAIR_DAYS, 3)
    assert actions.report_fault(actor, station, "坏了").due_on == today() + timedelta(days=3)


def test_the_same_fault_reported_again_is_one_repair(
    actor: User, station: Station, repair: Repair
) -> None:
    assert actions.report_fault(actor, station, " 单杠松动 ") == repair
    actions.finish_repair(actor, repair)
    assert actions.report_fault(actor, station, "单杠松动") != repair


def test_a_repair_is_accepted_and_finished(actor: User, station: Station, repair: Repair) -> None:
    helper = somebody("李师傅")
    soon = today() + timedelta(days=2)
    actions.accept_repair(actor, repair, holder=helper, due_on=soon)
    repair.refresh_from_db()
    assert (repair.state, repair.holder, repair.due_on) == (RepairState.ACCEPTED, helper, soon)
    actions.finish_repair(actor, repair, outcome="换了螺丝")
    repair.refresh_from_db()
    assert (repair.state, repair.done_on, repair.outcome) == ("done", today(), "换了螺丝")


def test_a_rejected_report_says_why(actor: User, repair: Repair) -> None:
    with pytest.raises(ValidationError):
        actions.reject_repair(actor, repair, outcome=" ")
    assert actions.reject_repair(actor, repair, outcome="没有坏").state == RepairState.REJECTED


def test_what_is_closed_stays_closed(actor: User, repair: Repair) -> None:
    actions.finish_repair(actor, repair)
    for act in (
        lambda: actions.accept_repair(actor, repair),
        lambda: actions.finish_repair(actor, repair),
        lambda: actions.reject_repair(actor, repair, outcome="没有坏"),
        lambda: actions.hand_repair(actor, repair, None),
    ):
        with pytest.raises(ValidationError):
            act()


@pytest.mark.parametrize("days", [-1, 1])
def test_a_repair_is_done_between_its_report_and_today(
    actor: User, repair: Repair, days: int
) -> None:
    with pytest.raises(ValidationError):
        actions.finish_repair(actor, repair, done_on=today() + timedelta(days=days))


def test_a_deadline_is_not_set_into_the_past(actor: User, repair: Repair) -> None:
    with pytest.raises(ValidationError):
        actions.accept_repair(actor, repair, due_on=YESTERDAY)


def test_what_is_overdue(actor: User, station: Station, repair: Repair) -> None:
    Repair.objects.update(due_on=today())
    assert not Repair.objects.overdue(today()).exists()
    Repair.objects.update(due_on=YESTERDAY)
    assert Repair.objects.overdue(today()).exists()
    assert Station.objects.with_open_repairs(today(), overdue=True).exists()
    actions.end_station(actor, station, today())
    assert not Repair.objects.open(today()).exists()


@pytest.mark.parametrize(
    ("role", "area"), [(Role.GRID_LEADER, b.GRID), (Role.TOWNSHIP_OFFICER, b.OTHER_TOWNSHIP)]
)
def test_others_do_not_touch_a_repair(repair: Repair, role: str, area: str) -> None:
    user = b.user(role, area)
    for act in (actions.accept_repair, actions.finish_repair):
        with pytest.raises(OutOfReach):
            act(user, repair)


# --- photos ---


def picture(content: bytes | None = None) -> SimpleUploadedFile:
    out = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SECRETMAKER"
    Image.new("RGB", (40, 20), "red").save(out, "JPEG", exif=exif)
    return SimpleUploadedFile("a.jpg", content or out.getvalue(), "image/jpeg")


def test_a_photo_keeps_the_picture_only(actor: User, station: Station) -> None:
    photo = actions.add_photo(actor, station, picture())
    with photo.picture.open("rb") as stored:
        assert b"SECRETMAKER" not in stored.read()


def test_what_is_no_picture_is_refused(actor: User, station: Station) -> None:
    with pytest.raises(ValidationError):
        actions.add_photo(actor, station, picture(b"no picture"))
    assert not StationPhoto.objects.exists()


def test_a_removed_photo_is_gone_and_the_row_says_so(
    actor: User, station: Station, django_capture_on_commit_callbacks: Any
) -> None:
    photo = actions.add_photo(actor, station, picture())
    storage, name = photo.picture.storage, str(photo.picture.name)
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_photo(actor, photo)
    assert not storage.exists(name)
    assert StationPhoto.objects.get().removed_at
    assert not StationPhoto.objects.kept().exists()


def test_there_is_an_end_to_photos(
    actor: User, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stations.actions.photos.MOST", 1)
    actions.add_photo(actor, station, picture())
    with pytest.raises(ValidationError):
        actions.add_photo(actor, station, picture())
    assert StationPhoto.objects.count() == 1
