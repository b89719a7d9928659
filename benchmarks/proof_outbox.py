"""200 records from a phone that loses its network, its browser and its server: each once.

    .venv/bin/python -m benchmarks.proof_outbox --seeds 5               (a service worker)
    .venv/bin/python -m benchmarks.proof_outbox --seeds 5 --wechat      (none: WeChat on iOS)

A real browser enters 200 sessions of ten hobby grids over five days through the phone page, through
a network (benchmarks/unruly_network.py) that is away most of the time and loses every third answer,
delays and reorders the rest. The browser is killed and opened again, the web process too. Passes
when the server then holds exactly these 200, each once, with the right author, day, hour and count.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks import scratch
from benchmarks.proof_s1 import _await_ready, _free_port
from benchmarks.unruly_network import UnrulyNetwork

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
GROUPS, DAYS, HOURS = 10, 5, (6, 9, 15, 19)
# Seconds the phone is given to get rid of everything once the network stays.
PATIENCE = 420
WITHOUT_WORKER = "Object.defineProperty(Navigator.prototype, 'serviceWorker', {get: undefined});"


@dataclass(frozen=True)
class Entry:
    """What is entered: a hobby grid, a day back from today, an hour, a count."""

    code: str
    ago: int
    hour: int
    count: int


def main() -> int:
    options = _options()
    if options.seeds > 1:
        return _each_in_its_process(options)
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "REDIS_URL": "", "HTTPS": "0", "PHONES_SPREAD": "0"}
        with scratch.database():
            passed = Run(options, options.first, Path(folder)).go()
    return 0 if passed else 1


def _each_in_its_process(options: argparse.Namespace) -> int:
    """Each seed has a database of its own, and so a process: connections outlive none."""
    more = ["--records", str(options.records), "--look", options.look]
    more += ["--wechat"] if options.wechat else []
    seeds = range(options.first, options.first + options.seeds)
    command = [sys.executable, "-m", "benchmarks.proof_outbox", "--seeds", "1", *more]
    failed = [seed for seed in seeds if subprocess.run([*command, "--first", str(seed)]).returncode]
    print(f"FAILED: seeds {failed}" if failed else f"passed ({len(seeds)} seeds)")
    return 1 if failed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--records", type=int, default=GROUPS * DAYS * len(HOURS))
    parser.add_argument("--wechat", action="store_true", help="a browser without service workers")
    parser.add_argument("--look", default="", help="a folder for pictures on the way")
    return parser.parse_args()


class Run:
    """One seed."""

    def __init__(self, options: argparse.Namespace, seed: int, folder: Path) -> None:
        self.options, self.seed, self.chance = options, seed, random.Random(seed)
        self.profile = folder / f"browser-{seed}"
        self.entered: list[Entry] = []
        self.killed: Counter[str] = Counter()

    def go(self) -> bool:
        from playwright.sync_api import sync_playwright

        began = time.monotonic()
        self.user, self.cookie, self.entries = _world(self.chance, self.options.records)
        self.web_port = _free_port()
        self._start_web()
        self.network = UnrulyNetwork(self.web_port, self.seed)
        self.address = f"http://127.0.0.1:{self.network.port}"
        try:
            with sync_playwright() as self.playwright:
                self._open()
                for part in _parts(self.entries, DAYS):
                    self._a_day(part)
                self._come_to_rest()
                self._close()
        finally:
            self.network.close()
            self._stop_web()
        return self._judge(time.monotonic() - began)

    # --- The web process ---

    def _start_web(self) -> None:
        self.web = subprocess.Popen(
            [
                str(Path(sys.executable).with_name("granian")),
                *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.web_port)),
                *("--workers", "1", "--blocking-threads", "4", "--log-level", "critical"),
                "jiaozuo_grid.wsgi:application",
            ],
            cwd=ROOT,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
        )
        _await_ready(self.web, self.web_port)

    def _stop_web(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.web.pid, signal.SIGKILL)
        self.web.wait()

    def _restart_web(self) -> None:
        self._stop_web()
        self.killed["server"] += 1
        self._start_web()

    # --- The browser ---

    def _open(self) -> None:
        """Open the browser on the phone page, with what it stored when it was open last."""
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.profile),
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            base_url=self.address,
            viewport={"width": 390, "height": 844},
            is_mobile=True,
            has_touch=True,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        if self.options.wechat:
            self.context.add_init_script(WITHOUT_WORKER)
            # Without a worker a page cannot be opened without a network.
            self.network.cut = False
        name, value = self.cookie
        self.context.add_cookies([{"name": name, "value": value, "url": self.address}])
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()
        self.page.goto("/m/", timeout=60_000)
        # Its scripts too: until they are there, a card is an ordinary link.
        self.page.locator("[data-phone][data-drawn]").wait_for(state="attached", timeout=60_000)
        if not self.options.wechat:
            self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def _kill_browser(self) -> None:
        """As a phone does that runs out of memory: at once, whatever was under way."""
        found = subprocess.run(
            ["pgrep", "-f", f"user-data-dir={self.profile}"], capture_output=True, text=True
        )
        for pid in found.stdout.split():
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        self.killed["browser"] += 1
        with suppress(Exception):
            self.context.close()
        for lock in self.profile.glob("Singleton*"):
            lock.unlink(missing_ok=True)
        self._open()

    def _close(self) -> None:
        self.context.close()

    def _picture(self, name: str) -> None:
        if self.options.look:
            self.page.screenshot(path=f"{self.options.look}/outbox-{self.seed}-{name}.png")

    # --- A day ---

    def _a_day(self, entries: list[Entry]) -> None:
        """Most of it without a network; then the network comes for a while."""
        self.network.cut = True
        kill_after = {self.chance.randrange(len(entries)) for _n in range(2)}
        for number, entry in enumerate(entries):
            self._enter(entry)
            if number in kill_after:
                self._kill_browser()
                self.network.cut = True
        self._picture(f"offline-{len(self.entered)}")
        self.network.cut = False
        self._tap_send()
        time.sleep(self.chance.uniform(1, 6))
        self._restart_web()
        time.sleep(self.chance.uniform(0, 4))

    def _enter(self, entry: Entry) -> None:
        from jiaozuo_grid.lasting import today

        before = self._records()
        card = self.page.locator(f'[data-card="{entry.code}"] [data-open-form]').first
        card.tap()
        form = self.page.locator("form[data-outbox-form]:visible")
        form.wait_for()
        day = today() - timedelta(days=entry.ago)
        form.locator('[name="held_on"]').fill(day.isoformat())
        form.locator('[name="start_time"]').fill(f"{entry.hour:02}:00")
        form.locator('[name="minutes"]').fill("50")
        form.locator('[name="participants"]').fill(str(entry.count))
        form.locator("button[type=submit]").tap()
        self.page.wait_for_function(
            "n => document.querySelectorAll('[data-record]').length > n", arg=before
        )
        self.entered.append(entry)

    def _records(self) -> int:
        return int(self.page.evaluate("document.querySelectorAll('[data-record]').length"))

    def _tap_send(self) -> None:
        button = self.page.locator("[data-send-now]:visible").first
        with suppress(Exception):
            button.tap(timeout=2000)

    def _waiting(self) -> int:
        states = "waiting", "sending", "kept", "refused"
        selector = ",".join(f'[data-record][data-state="{state}"]' for state in states)
        return int(self.page.locator(selector).count())

    def _come_to_rest(self) -> None:
        """The network stays, unruly as it is, until nothing waits any more."""
        deadline = time.monotonic() + PATIENCE
        while self._waiting() and time.monotonic() < deadline:
            self._tap_send()
            time.sleep(2)
        self._picture("at-rest")
        self.left = self._waiting()

    # --- The judgement ---

    def _judge(self, took: float) -> bool:
        from accounts.models import AuditEntry
        from activities.models import Session
        from jiaozuo_grid.lasting import today

        rows = list(Session.objects.standing())
        held = Counter(
            (r.area_code, (today() - r.held_on).days, r.start_time.hour, r.participants)
            for r in rows
        )
        wanted = Counter((e.code, e.ago, e.hour, e.count) for e in self.entered)
        missing, beyond = wanted - held, held - wanted
        authors = {row.logged_by_id for row in rows}
        lines = AuditEntry.objects.filter(verb="log").count()
        kinds = dict(self.network.kind)
        print(
            f"seed {self.seed}: {len(self.entered)} entered, {len(rows)} rows, {lines} lines of "
            f"trail, {sum(missing.values())} missing, {sum(beyond.values())} too many, "
            f"{self.left} left on the phone; killed {dict(self.killed)}; requests {kinds}; "
            f"{took:.0f} s"
        )
        return (
            not missing
            and not beyond
            and not self.left
            and len(rows) == lines == len(self.entered) == self.options.records
            and authors == {self.user}
        )


def _world(chance: random.Random, records: int) -> tuple[int, tuple[str, str], list[Entry]]:
    """A leader with ten hobby grids, their session cookie, and what will be entered."""
    from django.core.management import call_command
    from django.db import connections
    from django.test import Client

    from tests.builders import GRID, hobby_grid, small_city, user

    call_command("collectstatic", interactive=False, verbosity=0)
    small_city()
    leader = user("grid_leader", GRID)
    codes = [hobby_grid(f"{GRID}{n:02}").area_code for n in range(11, 11 + GROUPS)]
    client = Client()
    client.force_login(leader)
    cookie = ("sessionid", client.cookies["sessionid"].value)
    connections.close_all()
    entries = [
        Entry(code, ago, hour, chance.randint(5, 90))
        for ago in range(1, DAYS + 1)
        for code in codes
        for hour in HOURS
    ]
    chance.shuffle(entries)
    return leader.pk, cookie, entries[:records]


def _parts(entries: list[Entry], number: int) -> Iterator[list[Entry]]:
    size = -(-len(entries) // number)
    for start in range(0, len(entries), size):
        yield entries[start : start + size]


if __name__ == "__main__":
    sys.exit(main())
