"""J1–J4, J6, J7: the periodic jobs under kills, doubles, faults and time.

    .venv/bin/python -m benchmarks.proof_jobs killed --kills 100
    .venv/bin/python -m benchmarks.proof_jobs doubled | no-redis | no-postgres | faults | soak

Starts a Redis of its own on a free port; ``no-postgres`` a PostgreSQL of its own in a temporary
folder. Exits with 1 when something was otherwise than promised.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks import scratch
from benchmarks.jobs.rig import Postgres, Stage, stage


def main() -> int:
    options = _options()
    with ExitStack() as stack:
        there = stack.enter_context(stage())
        if options.proof == "no-postgres":
            return _no_postgres(there, options.kills or 20)
        url = stack.enter_context(scratch.database())
        match options.proof:
            case "killed":
                return _killed(there, url, options.kills or 100, options.job)
            case "doubled":
                from benchmarks.jobs import doubled

                return doubled.prove(there, options.seconds or 60)
            case "no-redis":
                from benchmarks.jobs import no_redis

                return no_redis.prove(there, options.seconds or 600)
            case "faults":
                from benchmarks.jobs import faults

                return faults.prove(there)
            case _:
                from benchmarks.jobs import soak

                return soak.prove(there, options.minutes)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    proofs = ["killed", "doubled", "no-redis", "no-postgres", "faults", "soak"]
    parser.add_argument("proof", choices=proofs)
    parser.add_argument("--kills", type=int, default=0, help="of each job, or of the database")
    parser.add_argument("--job", action="append", default=[], help="kill only this one")
    parser.add_argument("--seconds", type=int, default=0, help="how long the trouble lasts")
    parser.add_argument("--minutes", type=float, default=120, help="of soaking")
    return parser.parse_args()


def _killed(there: Stage, url: str, kills: int, only: list[str]) -> int:
    """Each round works on a copy of one city, in the place of the scratch database."""
    from django.db import connection, connections

    from benchmarks.jobs import city, killed

    city.build()
    city.owe()
    name = str(connection.settings_dict["NAME"])
    kept = f"{name}_kept"
    server = psycopg.connect(f"{url.rsplit('/', 1)[0]}/postgres", autocommit=True)
    one, other = sql.Identifier(name), sql.Identifier(kept)
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")

    def close() -> None:
        connections.close_all()
        connection.close_pool()  # type: ignore[attr-defined]

    def reset() -> None:
        close()
        server.execute(drop.format(one))
        server.execute(copy.format(one, other))
        shutil.rmtree(there.folder / "media", ignore_errors=True)

    close()
    server.execute(copy.format(other, one))
    try:
        return killed.prove(there, reset, kills, only)
    finally:
        close()
        server.execute(drop.format(other))


def _no_postgres(there: Stage, kills: int) -> int:
    if not any(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        print("J4: left out: there are no programs of a PostgreSQL server here")
        return 0
    with tempfile.TemporaryDirectory(prefix="jobs-pg-") as folder:
        cluster = Postgres(Path(folder))
        os.environ.update(DATABASE_URL=cluster.url, DEMO_MODE="1", LOG_LEVEL="CRITICAL")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiaozuo_grid.settings")
        import django
        from django.core.management import call_command

        django.setup()
        try:
            call_command("migrate", verbosity=0)
            from benchmarks.jobs import no_postgres

            return no_postgres.prove(there, cluster, kills)
        finally:
            cluster.kill()


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
