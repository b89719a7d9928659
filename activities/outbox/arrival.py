"""What happens when a record arrives: one lock, and nothing more to wait for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection

from activities.models import WaitingRecord


def lock_record(record: UUID) -> None:
    """Let nobody else receive this record or an amendment of it before this transaction ends.

    Else a record and an amendment that came too early could miss each other. Nothing is needed on
    SQLite, where one transaction writes at a time.
    """
    if connection.vendor == "postgresql":
        key = record.int & (2**63 - 1)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def arrived(key: UUID) -> None:
    """It waits on no phone any more, by whatever way it came."""
    field: Any = WaitingRecord._meta.pk
    sql = f"DELETE FROM {WaitingRecord._meta.db_table} WHERE {field.column} = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [field.get_db_prep_value(key, connection)])


def entered_again(user: Any, lost: UUID) -> None:
    """Something that was lost was entered anew: the loss is closed."""
    WaitingRecord.objects.filter(pk=lost, user=user).delete()
