"""Never two at once: a lock that the machine itself lets go of when its holder dies.

On PostgreSQL it is a session's advisory lock: held across the many transactions of a job without
keeping one open, released when the connection ends, so that a killed worker is followed at once.
SQLite has no such lock and one machine: there a locked file beside the database does the same.
"""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zlib import crc32

from django.db import DatabaseError, InterfaceError, connection

log = logging.getLogger(__name__)

# The first of the two numbers of our locks; whoever else locks in this database takes another.
SPACE = 4108
_held_here: set[str] = set()


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """True inside when nobody else is; False, at once, when somebody is."""
    if name in _held_here:
        # A session that holds an advisory lock would get it a second time.
        yield False
        return
    lock = _in_postgres if connection.vendor == "postgresql" else _in_a_file
    with lock(name) as mine:
        if not mine:
            yield False
            return
        _held_here.add(name)
        try:
            yield True
        finally:
            _held_here.discard(name)


def end_holder(name: str) -> bool:
    """End the session that holds the lock and what it is doing; False where that is impossible.

    For a worker that hangs beyond its time limit, or whose machine lost its power and whose
    connection the database still believes in.
    """
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks"
            " WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid::bigint = %s AND objid::bigint = %s AND objsubid = 2",
            [SPACE, crc32(name.encode())],
        )
        return bool(cursor.fetchall())


def _number(name: str) -> int:
    """The second number of the lock, as PostgreSQL's signed integer."""
    number = crc32(name.encode())
    return number - 2**32 if number >= 2**31 else number


@contextmanager
def _in_postgres(name: str) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s::int, %s::int)", [SPACE, _number(name)])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            try:
                with connection.cursor() as cursor:
                    cursor.execute(
                        "SELECT pg_advisory_unlock(%s::int, %s::int)", [SPACE, _number(name)]
                    )
                    if not cursor.fetchone()[0]:
                        log.warning("the lock of %s was not held any more", name)
            except (DatabaseError, InterfaceError):
                log.warning("the lock of %s went with its connection", name)


@contextmanager
def _in_a_file(name: str) -> Iterator[bool]:
    folder = Path(f"{connection.settings_dict['NAME']}-locks")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
