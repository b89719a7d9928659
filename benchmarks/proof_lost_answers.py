"""S2: every third answer is lost after the commit; what was not acknowledged is sent again.

    .venv/bin/python -m benchmarks.proof_lost_answers --writes 100000

Forty phones send sessions, corrections and withdrawals to granian on PostgreSQL, each in an order
of its own (an amendment often before its record), and repeat what they have no answer to. Passes
when every record is there once, in the state that its author last gave it.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks import scratch
from benchmarks.proof_s1 import CSRF, ROOT, _await_ready, _free_port

PHONES, PROCESSES = 40, 2
# Hobby grids a leader: with many writes no record must be too old to be logged.
GROUPS = 8


@dataclass
class Wanted:
    """How a record must stand in the end."""

    participants: int
    withdrawn: bool = False


@dataclass
class Phone:
    """One author: their session cookie and key, and what they have to send."""

    cookie: str
    author: str
    queue: list[dict[str, Any]] = field(default_factory=list)
    # What it was answered, by status.
    statuses: Counter[Any] = field(default_factory=Counter)


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "REDIS_URL": "", "HTTPS": "0"}
        with scratch.database():
            phones, wanted = _world(options)
            port = _free_port()
            web = _web(port)
            try:
                _await_ready(web, port)
                began = time.monotonic()
                seen = _send(phones, port, options.seed)
                took = time.monotonic() - began
            finally:
                web.send_signal(signal.SIGTERM)
                web.wait(30)
            return _judge(wanted, seen, took)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--writes", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _web(port: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            str(Path(sys.executable).with_name("granian")),
            *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
            *("--workers", str(PROCESSES), "--blocking-threads", "4", "--log-level", "warning"),
            "jiaozuo_grid.wsgi:application",
        ],
        cwd=ROOT,
        start_new_session=True,
    )


def _world(options: argparse.Namespace) -> tuple[list[Phone], dict[str, Wanted]]:
    """A grid with a leader for each phone, and what each will send."""
    from django.db import connections
    from django.test import Client

    from activities.outbox.author import author_key
    from tests.builders import VILLAGE, grid, hobby_grid, small_city, user

    small_city()
    chance, phones = random.Random(options.seed), list[Phone]()
    wanted: dict[str, Wanted] = {}
    for number in range(PHONES):
        code = f"{VILLAGE}{number + 100:03}"
        grid(code)
        for group in range(GROUPS):
            hobby_grid(f"{code}{group + 1:02}")
        leader = user("grid_leader", code)
        client = Client()
        client.force_login(leader)
        phone = Phone(client.cookies["sessionid"].value, author_key(leader))
        _fill(phone, code, options.writes // PHONES, chance, wanted)
        phones.append(phone)
    connections.close_all()
    return phones, wanted


def _fill(
    phone: Phone, grid_code: str, writes: int, chance: random.Random, wanted: dict[str, Wanted]
) -> None:
    """``writes`` submissions: records an hour apart, some with an amendment or two."""
    from jiaozuo_grid.lasting import today

    slot = 0
    while len(phone.queue) < writes:
        record, count = str(uuid4()), chance.randint(5, 60)
        turn, group = divmod(slot, GROUPS)
        code = f"{grid_code}{group + 1:02}"
        day, hour = today() - timedelta(days=1 + turn // 20), 1 + turn % 20
        slot += 1
        body = {
            "area_code": code,
            "held_on": day.isoformat(),
            "start_time": f"{hour:02}:00",
            "minutes": 45,
            "participants": count,
        }
        wanted[record] = Wanted(count)
        phone.queue.append(_submission(phone, "session/log", record, record, None, body))
        last = record
        for _n in range(chance.choice([0, 0, 0, 0, 1, 2])):
            if len(phone.queue) >= writes:
                break
            last, after = str(uuid4()), last
            if chance.random() < 0.3:
                wanted[record].withdrawn = True
                body = {"reason": "logged twice"}
                phone.queue.append(
                    _submission(phone, "session/withdraw", last, record, after, body)
                )
                break
            wanted[record].participants += 1
            body = {"participants": wanted[record].participants, "reason": "miscounted"}
            phone.queue.append(_submission(phone, "session/correct", last, record, after, body))


def _submission(
    phone: Phone, kind: str, id: str, record: str, after: str | None, body: dict[str, Any]
) -> dict[str, Any]:
    return {
        "id": id,
        "kind": kind,
        "record": record,
        "author": phone.author,
        "form": 1,
        "contact_at": None,
        "replaces": None,
        "after": after,
        "body": body,
    }


def _send(phones: list[Phone], port: int, seed: int) -> Counter[Any]:
    threads = [
        threading.Thread(target=_phone, args=(phone, port, random.Random(seed * 1000 + n)))
        for n, phone in enumerate(phones)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum((phone.statuses for phone in phones), Counter())


def _phone(phone: Phone, port: int, chance: random.Random) -> None:
    """Send everything, out of order within a window, until each has an answer."""
    waiting, statuses, number = list(phone.queue), phone.statuses, 0
    headers = {
        "Content-Type": "application/json",
        "Cookie": f"sessionid={phone.cookie}; csrftoken={CSRF}",
        "X-CSRFToken": CSRF,
    }
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    while waiting:
        at = chance.randrange(min(len(waiting), 8))
        now = datetime.now(UTC).isoformat()
        values = {**waiting[at], "made_at": now, "sent_at": now}
        try:
            connection.request("POST", "/api/v1/outbox/", json.dumps(values), headers)
            response = connection.getresponse()
            response.read()
            status: Any = response.status
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            status = type(error).__name__
        number += 1
        statuses[status] += 1
        # The answer is lost on the way: the phone knows nothing and sends again.
        if status in (200, 201, 202) and number % 3:
            waiting.pop(at)
        elif status not in (200, 201, 202) and statuses[status] > 200:
            break
    connection.close()


def _judge(wanted: dict[str, Wanted], seen: Counter[Any], took: float) -> int:
    from activities.models import Session, Submission

    rows = {str(r.pk): r for r in Session.objects.iterator()}
    lost = [key for key in wanted if key not in rows]
    beyond = [key for key in rows if key not in wanted]
    wrong = [
        key
        for key, want in wanted.items()
        if key in rows
        and (want.participants, want.withdrawn)
        != (rows[key].participants, rows[key].withdrawn_at is not None)
    ]
    kept = Submission.objects.filter(state="kept").count()
    answers = sum(seen.values())
    print(f"answers {answers} in {took:.0f} s ({answers / took:.0f}/s), by status {dict(seen)}")
    print(f"records {len(wanted)}, rows {len(rows)}, amendments still kept {kept}")
    print(f"lost {len(lost)}, not sent by anybody {len(beyond)}, in a wrong state {len(wrong)}")
    passed = not (lost or beyond or wrong or kept) and set(seen) <= {200, 201, 202}
    print("S2 passed" if passed else "S2 FAILED")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
