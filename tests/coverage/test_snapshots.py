"""Months as they were reported: frozen once, signed, never written again, beside what is known."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AppendOnly, AuditEntry
from activities.models import Session
from coverage.folding import fold
from coverage.marks import mark_stale
from coverage.models import Snapshot, SnapshotArea, SnapshotSignature
from coverage.recount import rebuild
from coverage.registry import MEASURES
from coverage.snapshots import freezing
from coverage.snapshots.actions import add_remark, reissue, sign
from coverage.snapshots.checking import ROUND, check_all, check_due
from coverage.snapshots.counting import unpacked
from coverage.snapshots.digests import changed_areas
from coverage.snapshots.freezing import due_months, freeze, freeze_due
from coverage.snapshots.reading import month_of
from grids.models import Division
from jiaozuo_grid.lasting import today
from jiaozuo_grid.listeners import Fact
from jiaozuo_grid.months import month_end
from jiaozuo_grid.reach import OutOfReach
from tests import builders as b
from tests.builders import CITY, COUNTY, OTHER_COUNTY, TOWNSHIP, VILLAGE, user
from tests.coverage.living_city import living_city, session

pytestmark = pytest.mark.django_db


def month() -> date:
    """The last month that is over."""
    return (today().replace(day=1) - timedelta(days=1)).replace(day=1)


@pytest.fixture
def city() -> None:
    living_city()
    Session.objects.all().delete()
    session(held_on=month() + timedelta(days=3), participants=30)
    rebuild()


@pytest.fixture
def frozen(city: None) -> Snapshot:
    freeze(month())
    return Snapshot.objects.get(area_code=COUNTY)


def counted(code: str) -> dict[str, int]:
    """Every measure of an area as a naive count of its rows."""
    found: dict[str, int] = {}
    day = month_end(month())
    for key, measure in MEASURES.items():
        if len(code) > measure.level or measure.missing:
            continue
        rows = measure.rows(code, day)
        if measure.amount is None:
            found[key] = rows.count()
        else:
            amounts = list(rows.values_list(measure.amount, flat=True))
            # What nothing is known of is another test's business.
            if amounts or not measure.partly_known:
                found[key] = sum(amounts)
    return found


def late_report() -> Session:
    row = session(held_on=month() + timedelta(days=5), participants=40)
    mark_stale(row.facts())
    fold()
    return row


@pytest.mark.parametrize(
    ("day", "newest", "due"),
    [
        (date(2026, 11, 4), None, [date(2026, 9, 1)]),
        (date(2026, 11, 5), None, [date(2026, 10, 1)]),
        (date(2026, 11, 25), date(2026, 10, 1), [date(2026, 10, 1)]),
        (
            date(2027, 1, 5),
            date(2026, 9, 1),
            [date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)],
        ),
    ],
)
def test_a_month_is_due_on_the_fifth_and_what_was_missed_is_made_good(
    day: date, newest: date | None, due: list[date]
) -> None:
    if newest:
        Snapshot.objects.create(area_code=CITY, month=newest, frozen_at=timezone.now())
    assert due_months(day) == due


def test_every_division_is_frozen_with_the_numbers_of_its_rows(frozen: Snapshot) -> None:
    stored = {
        row.area_code: row
        for row in SnapshotArea.objects.filter(snapshot__area_code__in=[COUNTY, OTHER_COUNTY])
    }
    divisions = Division.objects.exclude(area_code=CITY).values_list("area_code", flat=True)
    assert set(stored) == set(divisions)
    own = SnapshotArea.objects.get(snapshot__area_code=CITY, area_code=CITY)
    for code, row in {**stored, CITY: own}.items():
        naive = counted(code)
        reported = {key: unpacked(row.figures[key]).value for key in naive if key in row.figures}
        assert reported == {key: naive[key] for key in reported}, code
    assert {"grids", "sessions", "population"} <= set(own.figures)


def test_what_is_not_known_is_frozen_as_not_known(frozen: Snapshot) -> None:
    row = SnapshotArea.objects.get(snapshot=frozen, area_code="410882002203")
    assert unpacked(row.figures["households"]).value is None


def test_the_job_twice_freezes_once(city: None) -> None:
    assert freeze_due() == Division.objects.filter(digits__in=[4, 6]).count()
    before = list(Snapshot.objects.values_list("pk", "digest"))
    assert freeze_due() == 0
    assert list(Snapshot.objects.values_list("pk", "digest")) == before


def test_a_job_that_is_killed_has_frozen_nothing(
    city: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = iter([None])

    def killed(*args: Any, **kwargs: Any) -> Any:
        if next(calls, "dead") == "dead":
            raise KeyboardInterrupt
        return freezing_store(*args, **kwargs)

    freezing_store = freezing.store_edition
    with monkeypatch.context() as patched:
        patched.setattr(freezing, "store_edition", killed)
        with pytest.raises(KeyboardInterrupt):
            freeze_due()
    assert not Snapshot.objects.exists()
    assert freeze_due() > 0


def test_a_frozen_row_is_never_written_again(frozen: Snapshot) -> None:
    row = SnapshotArea.objects.filter(snapshot=frozen)[0]
    with pytest.raises(AppendOnly):
        row.save()
    with pytest.raises(AppendOnly):
        row.delete()
    with pytest.raises(AppendOnly):
        SnapshotArea.objects.all().delete()
    with pytest.raises(AppendOnly):
        Snapshot.objects.update(reason="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Snapshot.objects.create(area_code=COUNTY, month=month(), frozen_at=timezone.now())


def test_a_county_is_signed_by_its_official_only(frozen: Snapshot) -> None:
    for role, area in (
        ("bureau_staff", CITY),
        ("county_official", OTHER_COUNTY),
        ("township_officer", TOWNSHIP),
        ("auditor", CITY),
    ):
        with pytest.raises(OutOfReach):
            sign(user(role, area), frozen)
    official = user("county_official", COUNTY)
    signature = sign(official, frozen, remark="属实")
    assert (signature.name, signature.digest) == (official.person.name, frozen.digest)
    assert AuditEntry.objects.get(verb="sign month").actor == official
    sign(user("bureau_staff", CITY), Snapshot.objects.get(area_code=CITY))


def test_an_edition_is_signed_once(frozen: Snapshot) -> None:
    sign(user("county_official", COUNTY), frozen)
    with pytest.raises(ValidationError):
        sign(user("county_official", COUNTY), Snapshot.objects.get(pk=frozen.pk))
    assert SnapshotSignature.objects.count() == 1


def test_what_is_signed_is_the_edition_that_was_on_the_page(
    frozen: Snapshot, signed_in: Any
) -> None:
    official = user("county_official", COUNTY)
    client, text = signed_in(official), f"{month():%Y-%m}"
    page = client.get(reverse("coverage-snapshot", args=[COUNTY, text])).content.decode()
    address = reverse("coverage-snapshot-sign", args=[COUNTY, text]) + "?edition=1"
    assert f'action="{address}"' in page
    reissue(official, COUNTY, frozen, reason="补报")
    client.post(address, {})
    assert not SnapshotSignature.objects.exists()


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE coverage_snapshotarea SET figures = '{\"grids\": 99}' WHERE area_code = %s",
        "UPDATE coverage_snapshotarea SET name = '别处' WHERE area_code = %s",
        "UPDATE coverage_snapshotarea SET ratios = '{}' WHERE area_code = %s",
        "DELETE FROM coverage_snapshotarea WHERE area_code = %s",
        "UPDATE coverage_snapshot SET reason = 'x' WHERE month IS NOT NULL AND area_code <> %s",
    ],
)
def test_a_row_changed_where_it_is_stored_is_found(frozen: Snapshot, tampering: str) -> None:
    assert check_all() == (3, {})
    with connection.cursor() as cursor:
        cursor.execute(tampering, [VILLAGE])
    assert changed_areas(Snapshot.objects.get(pk=frozen.pk))
    with pytest.raises(ValidationError):
        sign(user("county_official", COUNTY), frozen)


def test_a_late_report_stands_beside_what_was_reported_with_its_reason(frozen: Snapshot) -> None:
    late_report()
    shown = month_of(frozen, COUNTY)
    assert shown is not None
    line = next(line for line in shown.differences if line.key == "participants")
    assert (line.reported.value, line.now.value, line.amount) == (30, 70, 40)
    assert [(str(part), amount) for part, amount, _rows in line.parts] == [("late", 40)]
    assert line.unexplained == 0
    sessions = next(line for line in shown.differences if line.key == "sessions")
    assert sessions.parts[0][1:] == (1, 1)


def test_a_sport_that_is_known_late_has_its_part(frozen: Snapshot) -> None:
    """The number of sports is no sum of lines of the journal."""
    b.hobby_grid(f"{VILLAGE}00109", sport=b.sport("archery", "射箭", "archery"))
    mark_stale([Fact(f"{VILLAGE}00109")])
    fold()
    shown = month_of(frozen, COUNTY)
    assert shown is not None
    line = next(line for line in shown.differences if line.key == "sports")
    assert [(str(part), amount) for part, amount, _rows in line.parts] == [("late", 1)]
    assert (line.amount, line.unexplained) == (1, 0)


def test_what_is_restated_equals_a_count_of_the_rows(frozen: Snapshot) -> None:
    late_report()
    for code in (COUNTY, TOWNSHIP, VILLAGE):
        shown = month_of(frozen, code)
        assert shown is not None
        naive = counted(code)
        for line in shown.differences:
            if line.key in naive:
                assert line.now.value == naive[line.key], (code, line.key)


def test_older_editions_are_compared_in_turn_within_four_weeks(frozen: Snapshot) -> None:
    assert check_due(today())[0] == 3
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE coverage_snapshotarea SET name = 'x' WHERE area_code = %s", [VILLAGE]
        )
    assert list(check_due(today())[1]) == [str(frozen)]
    later = [today() + timedelta(days=100 + night) for night in range(ROUND)]
    nights = [check_due(night) for night in later]
    assert sorted(count for count, _wrong in nights if count) == [1, 1, 1]
    assert [list(wrong) for _count, wrong in nights if wrong] == [[str(frozen)]]


def test_another_edition_leaves_the_first_as_it_was(frozen: Snapshot) -> None:
    late_report()
    official = user("county_official", COUNTY)
    with pytest.raises(ValidationError):
        reissue(official, COUNTY, frozen, reason=" ")
    second = reissue(official, COUNTY, frozen, reason="补报2场活动")
    first, again = (month_of(edition, COUNTY) for edition in (frozen, second))
    assert first is not None
    assert again is not None
    assert first.row.figures["participants"] == 30
    assert again.row.figures["participants"] == 70
    assert (second.number, second.issued_by) == (2, official)
    assert check_all()[1] == {}
    with pytest.raises(ValidationError):
        sign(official, frozen)
    with pytest.raises(ValidationError):
        reissue(official, COUNTY, frozen, reason="又一次")
    with pytest.raises(OutOfReach):
        reissue(user("bureau_staff", CITY), COUNTY, second, reason="代签")


def test_remarks_are_added_and_stay(frozen: Snapshot) -> None:
    official = user("county_official", COUNTY)
    for text in ("网络不通", "已补齐"):
        add_remark(official, frozen, "sessions", text)
    assert [row.text for row in frozen.remarks.order_by("pk")] == ["网络不通", "已补齐"]
    with pytest.raises(ValidationError):
        add_remark(official, frozen, "nothing", "x")


def test_the_page_shows_both_and_takes_the_signature(frozen: Snapshot, signed_in: Any) -> None:
    late_report()
    client = signed_in(user("county_official", COUNTY))
    text = f"{month():%Y-%m}"
    address = reverse("coverage-snapshot", args=[COUNTY, text])
    page = client.get(address).content.decode()
    assert 'data-measure="participants" data-reported="30" data-now="70"' in page
    assert 'data-signed="no"' in page
    sent = {"remark": "属实"}
    client.post(reverse("coverage-snapshot-sign", args=[COUNTY, text]), sent)
    sent = {"measure": "participants", "text": "网络不通"}
    client.post(reverse("coverage-snapshot-remark", args=[COUNTY, text]), sent)
    page = client.get(address).content.decode()
    assert 'data-signed="yes"' in page
    assert "网络不通" in page
    village = reverse("coverage-snapshot", args=[VILLAGE, text])
    assert client.get(village).status_code == 200
    other = reverse("coverage-snapshot", args=[OTHER_COUNTY, text])
    assert client.get(other).status_code == 404
    sign_city = reverse("coverage-snapshot-sign", args=[TOWNSHIP, text])
    assert client.post(sign_city, {}).status_code == 403


def test_the_api_answers_with_the_same_numbers(frozen: Snapshot, signed_in: Any) -> None:
    late_report()
    client = signed_in(user("county_official", COUNTY))
    listed = client.get(f"/api/v1/coverage/{COUNTY}/snapshots/").json()
    assert [(line["month"], line["edition"]) for line in listed["months"]] == [
        (f"{month():%Y-%m}", 1)
    ]
    answer = client.get(f"/api/v1/coverage/{COUNTY}/snapshots/{month():%Y-%m}/").json()
    assert (answer["measures"]["sessions"], answer["restated"]["sessions"]) == (1, 2)
    assert answer["signed_by"] is None
    wrong = client.get(f"/api/v1/coverage/{COUNTY}/snapshots/2026-13/")
    assert wrong.status_code == 404


@pytest.mark.parametrize("named", ["", "1", "2", "x"])
def test_page_and_api_show_the_same_edition(frozen: Snapshot, signed_in: Any, named: str) -> None:
    """Of none named the newest that has the area: the second is without the village."""
    Snapshot.objects.create(
        area_code=COUNTY, month=month(), number=2, reason="撤村", frozen_at=timezone.now()
    )
    client = signed_in(user("county_official", COUNTY))
    asked = {"edition": named} if named else {}
    page = client.get(reverse("coverage-snapshot", args=[VILLAGE, f"{month():%Y-%m}"]), asked)
    answer = client.get(f"/api/v1/coverage/{VILLAGE}/snapshots/{month():%Y-%m}/", asked)
    assert page.status_code == answer.status_code == (200 if named in ("", "1") else 404)
    if answer.status_code == 200:
        assert answer.json()["edition"] == 1


def test_a_past_day_points_to_the_month_as_it_was_reported(
    frozen: Snapshot, signed_in: Any
) -> None:
    client = signed_in(user("county_official", COUNTY))
    asked = {"on": f"{month():%Y-%m-%d}"}
    page = client.get(reverse("coverage", args=[COUNTY]), asked).content.decode()
    assert f'data-reported="{month():%Y-%m}"' in page


def test_a_clock_that_was_set_back_freezes_after_the_last_fold(
    city: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    late_report()
    past: datetime = timezone.now() - timedelta(hours=1)
    monkeypatch.setattr("coverage.snapshots.freezing.timezone.now", lambda: past)
    freeze(month())
    shown = month_of(Snapshot.objects.get(area_code=COUNTY), COUNTY)
    assert shown is not None
    assert all(line.parts == [] for line in shown.differences)
