"""S5: the day of making by the server's bound, whatever the phone's clock says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from activities.outbox.clock import EXACT, made

CITY = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
# −1 year … +1 day.
WRONG = st.timedeltas(timedelta(days=-365), timedelta(days=1))
WAITED = st.timedeltas(timedelta(0), timedelta(days=60))
MOMENTS = st.datetimes(datetime(2024, 2, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


def day_in_city(moment: datetime) -> date:
    return moment.astimezone(CITY).date()


@given(truth=MOMENTS, wrong=WRONG, waited=WAITED, ago=st.integers(0, 7))
def test_the_day_is_the_one_that_was_meant(
    truth: datetime, wrong: timedelta, waited: timedelta, ago: int
) -> None:
    """A record of ``ago`` days before, by a phone whose clock runs evenly but shows another day."""
    now, made_at = truth + waited, truth + wrong
    asked = day_in_city(made_at) - timedelta(days=ago)

    found = made(now, made_at, now + wrong, truth - timedelta(hours=1), CITY)

    day = asked if found is None else found.day(asked)
    meant = day_in_city(truth) - timedelta(days=ago)
    # Within a few minutes of midnight a clock that is as good as right keeps its day.
    assert day == (asked if abs(wrong) <= EXACT else meant)


@given(
    now=MOMENTS,
    made_at=MOMENTS,
    sent_at=MOMENTS,
    contact=st.none() | MOMENTS,
    asked=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
)
def test_no_day_lands_in_the_future_by_being_put_right(
    now: datetime,
    made_at: datetime,
    sent_at: datetime,
    contact: datetime | None,
    asked: date,
) -> None:
    """Whatever a phone says, even that it made the record after sending it."""
    found = made(now, made_at, sent_at, contact, CITY)
    if found is None or found.day(asked) == asked:
        return
    assert found.at <= now
    assert found.day(asked) <= day_in_city(now)
    assert contact is None or contact > now or found.at >= contact


@given(truth=MOMENTS, stepped=st.timedeltas(timedelta(hours=-1), timedelta(hours=1)))
def test_a_server_clock_that_is_stepped_bounds_the_day(truth: datetime, stepped: timedelta) -> None:
    """S5: the phone is right, the server an hour off; the record is of the server's day at most."""
    now = truth + stepped
    found = made(now, truth, truth, truth - timedelta(hours=2), CITY)
    day = day_in_city(truth) if found is None else found.day(day_in_city(truth))
    assert day <= max(day_in_city(now), day_in_city(now + EXACT))


def test_the_last_contact_bounds_how_long_ago_it_was_made() -> None:
    """The phone's clock was set a year ahead between making and sending."""
    contact = NOON - timedelta(days=2)
    found = made(NOON, NOON - timedelta(days=365), NOON, contact, CITY)
    assert found is not None
    assert found.at == contact
    assert found.day(date(2025, 11, 24)) == date(2026, 11, 22)


def test_a_day_beyond_what_the_phone_showed_was_typed_and_stays() -> None:
    found = made(NOON, NOON - timedelta(days=365), NOON - timedelta(days=365), None, CITY)
    assert found is not None
    assert found.day(date(2026, 11, 23)) == date(2026, 11, 23)


def test_without_the_phones_times_nothing_is_moved() -> None:
    assert made(NOON, None, None, None) is None
    assert made(NOON, NOON - timedelta(days=9), None, NOON) is None
