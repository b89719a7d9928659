"""All sessions added up once, by hobby grid, leader and month: what counting everything reads.

The months of areas are sums of it, and so are the stretches of days on which something was held
lately: of a month its first and its last day are enough where a day matters to as many days as a
month is long.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

TABLE = "held_months"
# The days between the first and the last of the longest month.
MONTH = 30
_MONTH = {
    "postgresql": "CAST(date_trunc('month', CAST(held_on AS timestamp)) AS date)",
    "sqlite": "date(held_on, 'start of month')",
}
_MAKE = """
CREATE TEMPORARY TABLE {table} AS
SELECT area_code, led_by_id, {month} AS month, COUNT(*) AS sessions,
       SUM(participants) AS participants, SUM(minutes) AS minutes,
       SUM(CAST(participants AS bigint) * minutes) AS participant_minutes,
       MIN(held_on) AS first, MAX(held_on) AS last
  FROM "activities_session" WHERE withdrawn_at IS NULL GROUP BY area_code, led_by_id, {month}
"""


@contextmanager
def sessions_summed() -> Iterator[None]:
    """Inside, the table stands; the caller is in a transaction, so that nothing else changes."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # One transaction that sorts and groups millions of rows may have more than a page.
            cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute(_MAKE.format(table=TABLE, month=_MONTH[connection.vendor]))
        if connection.vendor == "postgresql":
            cursor.execute(f"ANALYZE {TABLE}")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {TABLE}")
