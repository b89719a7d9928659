"""S8: 5,000 leaders whose network was away reconnect within 60 seconds.

    .venv/bin/python -m benchmarks.proof_reconnect --leaders 5000 --seconds 60

Every network comes back at a moment of its own within the 60 seconds. What a phone does then is
what the page does (static/js/phone/loop.js, contact.js); each has its page open and in sight:

- nine of ten lie there: each waits a random time (PHONES_SPREAD, 60 s), says what waits, sends its
  record, and fetches the news within another ten minutes;
- one of ten is in a hand: a tap sends at once, and the news are fetched right after.

What has no yes is tried again with growing pauses and jitter.
granian on PostgreSQL and Redis, all on this machine, and so is what plays the phones. Passes with
no error, each record there once, and 95 % of the answers of each kind within a second of asking.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks import scratch
from benchmarks.processor_time import spent
from benchmarks.proof_s1 import CSRF, ROOT, _await_ready, _free_port

PROCESSES, THREADS = 2, 4
LONGEST_PAUSE = 300.0
# A phone gives up a request after so long (http.js).
PATIENCE = 20.0
OUTBOX = "/api/v1/outbox/"
# As settings.PHONES_SPREAD and loop.js have it.
SPREAD, NEWS = 60.0, 10
IN_HAND = 0.1


@dataclass(frozen=True)
class Leader:
    """One phone: its owner's session cookie and key, and where a session waits to be logged."""

    cookie: str
    author: str
    code: str


@dataclass
class Seen:
    """What the answers were; ``seconds`` by what was asked."""

    statuses: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    tries: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    arrived: int = 0


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "HTTPS": "0", "DATABASE_POOL": str(THREADS)}
        os.environ.setdefault("REDIS_URL", "redis://127.0.0.1:6379/9")
        with scratch.database():
            leaders = _world(options.leaders)
            port = _free_port()
            web = _web(port)
            try:
                _await_ready(web, port)
                before = spent(web.pid)
                seen = asyncio.run(_reconnect(options, leaders, port))
                took = {name: now - before[name] for name, now in spent(web.pid).items()}
            finally:
                web.send_signal(signal.SIGTERM)
                web.wait(30)
            return _report(options, seen, took)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--leaders", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _web(port: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            str(Path(sys.executable).with_name("granian")),
            *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
            *("--workers", str(PROCESSES), "--blocking-threads", str(THREADS)),
            *("--backlog", "4096", "--log-level", "warning"),
            "jiaozuo_grid.wsgi:application",
        ],
        cwd=ROOT,
        start_new_session=True,
    )


def _world(number: int) -> list[Leader]:
    """A grid with a hobby grid and a leader for each phone, a hundred grids a village."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session as SignIn
    from django.db import connection, connections
    from django.utils import timezone

    from accounts.models import Person, User
    from activities.outbox.author import author_key
    from grids.models import Appointment, Grid, HobbyGrid
    from tests import builders as b

    b.small_city()
    places = [f"{b.TOWNSHIP}{300 + n // 100:03}{n % 100 + 1:03}" for n in range(number)]
    for village in sorted({place[:12] for place in places}):
        b.division(village)
    begin = {"started_on": b.BEGINNING}
    Grid.objects.bulk_create(
        [Grid(area_code=place, name="网格", kind="rural", **begin) for place in places], 1000
    )
    HobbyGrid.objects.bulk_create(
        [
            HobbyGrid(area_code=f"{place}01", name="队", sport=b.sport(), **begin)
            for place in places
        ],
        1000,
    )
    people = Person.objects.bulk_create(
        [Person(name=f"长{n}", name_key="z", area_code=place) for n, place in enumerate(places)],
        1000,
    )
    Appointment.objects.bulk_create(
        [
            Appointment(person=who, role="grid_leader", area_code=place, **begin)
            for who, place in zip(people, places, strict=True)
        ],
        1000,
    )
    users = User.objects.bulk_create(
        [User(username=f"leader{n}", password="!", person=who) for n, who in enumerate(people)],
        1000,
    )
    store, sign_ins = SessionStore(), []
    for user in users:
        values = {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: "accounts.sign_ins.Backend",
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
        expires = timezone.now() + timedelta(days=1)
        key = uuid4().hex
        sign_ins.append(
            SignIn(session_key=key, session_data=store.encode(values), expire_date=expires)
        )
    SignIn.objects.bulk_create(sign_ins, 1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connections.close_all()
    return [
        Leader(sign_in.session_key, author_key(user), f"{place}01")
        for sign_in, user, place in zip(sign_ins, users, places, strict=True)
    ]


async def _reconnect(options: argparse.Namespace, leaders: list[Leader], port: int) -> Seen:
    seen, chance = Seen(), random.Random(options.seed)
    began = time.monotonic()

    async def come(leader: Leader, at: float, phone: Phone) -> None:
        await asyncio.sleep(max(0.0, began + at - time.monotonic()))
        await phone.come_back(leader)

    await asyncio.gather(
        *(
            come(leader, chance.random() * options.seconds, Phone(port, seen, chance.random()))
            for leader in leaders
        )
    )
    return seen


class Phone:
    """One phone with one record and its page open, from the return of its network on."""

    def __init__(self, port: int, seen: Seen, seed: float) -> None:
        self.port, self.seen, self.chance = port, seen, random.Random(seed)
        self.in_hand = self.chance.random() < IN_HAND

    async def come_back(self, leader: Leader) -> None:
        if not self.in_hand:
            await asyncio.sleep(self.chance.random() * SPREAD)
        if await self._send(leader):
            if not self.in_hand:
                await asyncio.sleep(self.chance.random() * NEWS * SPREAD)
            await self._ask(leader, "news", "GET", "/api/v1/phone/")

    async def _send(self, leader: Leader) -> bool:
        """What waits, then the record; again after a pause where there is no yes."""
        record = _record(leader)
        said = {
            "author": leader.author,
            "phone": str(uuid4()),
            "waiting": [[record["id"], record["made_at"]]],
            "kept": [],
            "discarded": [],
        }
        for number in range(1, 11):
            heard = await self._ask(leader, "manifest", "POST", f"{OUTBOX}manifest/", said)
            record["sent_at"] = datetime.now(UTC).isoformat()
            done = heard == 200 and await self._ask(leader, "record", "POST", OUTBOX, record)
            if done in (200, 201):
                self.seen.tries[number] += 1
                self.seen.arrived += 1
                return True
            pause = min(LONGEST_PAUSE, 1.5 * 2 ** (number - 1)) * (0.5 + self.chance.random())
            await asyncio.sleep(pause)
        self.seen.faults.append("gave up")
        return False

    async def _ask(
        self, leader: Leader, what: str, method: str, path: str, values: Any = None
    ) -> int:
        """The status of the answer, 0 for none; a connection of its own, as after such a while."""
        body = json.dumps(values).encode() if values is not None else b""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Content-Type: application/json\r\nAccept: application/json\r\n"
            f"Accept-Encoding: gzip\r\nX-CSRFToken: {CSRF}\r\n"
            f"Cookie: sessionid={leader.cookie}; csrftoken={CSRF}\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        began = time.monotonic()
        try:
            message = head.encode() + body
            status, text = await asyncio.wait_for(_exchange(self.port, message), PATIENCE)
        except (OSError, TimeoutError, ValueError) as error:
            status, text = 0, type(error).__name__.encode()
        self.seen.seconds.setdefault(what, []).append(time.monotonic() - began)
        self.seen.statuses[f"{what} {status}"] += 1
        if status not in (200, 201) and len(self.seen.faults) < 5:
            self.seen.faults.append(f"{what} {status}: {text[-300:]!r}")
        return status


def _record(leader: Leader) -> dict[str, Any]:
    from jiaozuo_grid.lasting import today

    id, now = str(uuid4()), datetime.now(UTC)
    return {
        "id": id,
        "kind": "session/log",
        "record": id,
        "author": leader.author,
        "form": 1,
        "made_at": (now - timedelta(hours=12)).isoformat(),
        "sent_at": now.isoformat(),
        "contact_at": (now - timedelta(days=1)).isoformat(),
        "replaces": None,
        "after": None,
        "body": {
            "area_code": leader.code,
            "held_on": (today() - timedelta(days=1)).isoformat(),
            "start_time": "19:30",
            "minutes": 60,
            "participants": 20,
            "place": "文化广场",
            "led_by": None,
            "note": "",
        },
    }


async def _exchange(port: int, message: bytes) -> tuple[int, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(message)
        await writer.drain()
        text = await reader.read()
        return int(text.split(b" ", 2)[1]) if text else 0, text
    finally:
        writer.close()


def _report(options: argparse.Namespace, seen: Seen, took: dict[str, float]) -> int:
    from activities.models import Session, WaitingRecord

    rows, waiting = Session.objects.count(), WaitingRecord.objects.count()
    print(f"leaders {options.leaders} within {options.seconds:.0f} s, {PROCESSES} web processes")
    print(f"answers by status    {dict(sorted(seen.statuses.items()))}")
    print(f"records arrived      {seen.arrived}, rows {rows}, still said to wait {waiting}")
    print(f"contacts needed      {dict(sorted(seen.tries.items()))}")
    slow = []
    for what, seconds in seen.seconds.items():
        seconds.sort()
        half, most = seconds[len(seconds) // 2], seconds[int(len(seconds) * 0.95)]
        slow.append(most)
        print(f"{what:<20} p50 {half:.3f} s, p95 {most:.3f} s, longest {seconds[-1]:.3f} s")
    took["all"] = sum(took.values())
    parts = [f"{name} {1000 * cpu / options.leaders:.1f}" for name, cpu in took.items()]
    print(f"CPU, ms a leader     {', '.join(parts)}")
    for fault in seen.faults:
        print("  ", fault)
    errors = sum(n for key, n in seen.statuses.items() if key[-3:] not in ("200", "201"))
    whole = rows == seen.arrived == options.leaders and waiting == 0
    passed = whole and errors == 0 and max(slow) <= 1
    print("S8 passed" if passed else "S8 FAILED", f"({errors} errors)")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
