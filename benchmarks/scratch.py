"""A PostgreSQL database of its own for each long proof, made empty and dropped afterwards.

``DATABASE_URL`` names a server and any database on it; the proof uses ``<name>_proof`` there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import environ
import psycopg
from psycopg import sql

DEFAULT = "postgres://root@127.0.0.1:5432/test"


def _server(url: str) -> tuple[str, Any]:
    db = environ.Env.db_url_config(url)
    server = psycopg.connect(
        host=db["HOST"],
        port=db["PORT"] or 5432,
        user=db["USER"],
        password=db["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    )
    return f"{db['NAME']}_proof_{os.getpid()}", server


@contextmanager
def database() -> Iterator[str]:
    """Make the database, set Django up on it, migrate; yields its URL."""
    url = os.environ.get("DATABASE_URL") or DEFAULT
    name, server = _server(url)
    identifier = sql.Identifier(name)
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier)
    server.execute(sql.SQL("CREATE DATABASE {}").format(identifier))
    scratch = f"{url.rsplit('/', 1)[0]}/{name}"
    os.environ.update(DATABASE_URL=scratch, DEMO_MODE="1", LOG_LEVEL="ERROR")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiaozuo_grid.settings")
    os.environ.setdefault("DATABASE_POOL", "40")
    import django
    from django.core.management import call_command

    django.setup()
    try:
        call_command("migrate", verbosity=0)
        yield scratch
    finally:
        from django.db import connections

        connections.close_all()
        server.execute(drop)
        server.close()
