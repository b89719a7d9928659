"""L3: how long a phone waits for Today, at the first visit on slow 3G, then without a network.

    .venv/bin/python -m benchmarks.phone_load

A real browser with the network held down by the devtools protocol and the processor slowed to a
quarter, against granian with collected static files and HTTP/2, as a production proxy speaks it.
Prints the seconds until the page can be used: until it can be read (its links lead to ordinary
forms), and until a card opens its form in the page. Passes when the latter takes less than 5 s on
slow 3G, and less than 1 s at a repeated visit without a network.
"""

from __future__ import annotations

import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks import scratch
from benchmarks.proof_s1 import _free_port

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# "Slow 3G" of WebPageTest and Lighthouse: 400 kbit/s both ways, a round trip of 400 ms.
SLOW_3G = {"latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
UNHINDERED = {"latency": 0.0, "downloadThroughput": -1.0, "uploadThroughput": -1.0}
SLOWER_BY = 4
FIRST_MOST, REPEAT_MOST = 5.0, 1.0
VISITS = 5


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        static = f"{folder}/static"
        os.environ |= {"VAR_DIR": folder, "STATIC_ROOT": static, "REDIS_URL": "", "HTTPS": "0"}
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
        subprocess.run(collect, cwd=ROOT, check=True)
        with scratch.database():
            cookie = _world()
            port = _free_port()
            _certify(folder)
            web = _web(port, folder)
            try:
                _await_port(port)
                first, repeated = _visits(f"https://localhost:{port}", cookie)
            finally:
                os.killpg(web.pid, signal.SIGTERM)
                web.wait(30)
    print(f"first visit, slow 3G:      median {first:.2f} s (at most {FIRST_MOST:.0f})")
    print(f"repeated, no network:      median {repeated:.2f} s (at most {REPEAT_MOST:.0f})")
    passed = first < FIRST_MOST and repeated < REPEAT_MOST
    print("L3 passed" if passed else "L3 FAILED")
    return 0 if passed else 1


def _web(port: int, folder: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            str(Path(sys.executable).with_name("granian")),
            *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
            *("--workers", "1", "--blocking-threads", "4", "--log-level", "critical"),
            *("--ssl-certificate", f"{folder}/cert.pem", "--ssl-keyfile", f"{folder}/key.pem"),
            "jiaozuo_grid.wsgi:application",
        ],
        cwd=ROOT,
        start_new_session=True,
    )


def _certify(folder: str) -> None:
    """A certificate that nobody need trust: browsers speak HTTP/2 over TLS only."""
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = ["-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    paths = ["-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"]
    subprocess.run(["openssl", "req", "-x509", *made, *paths], check=True, capture_output=True)


def _await_port(port: int) -> None:
    for _try in range(300):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise RuntimeError("The web process does not answer.")


def _world() -> tuple[str, str]:
    """A leader with ten hobby grids that meet every day; their session cookie."""
    from datetime import timedelta

    from django.db import connections
    from django.test import Client

    from jiaozuo_grid.lasting import today
    from tests.activities.acting import log
    from tests.builders import GRID, hobby_grid, small_city, user

    small_city()
    leader = user("grid_leader", GRID)
    for n in range(11, 21):
        code = hobby_grid(f"{GRID}{n:02}", usual_days="1234567").area_code
        for ago in range(1, 8):
            log(leader, area_code=code, held_on=today() - timedelta(days=ago))
    client = Client()
    client.force_login(leader)
    connections.close_all()
    return "sessionid", client.cookies["sessionid"].value


def _visits(address: str, cookie: tuple[str, str]) -> tuple[float, float]:
    from playwright.sync_api import sync_playwright

    firsts, repeats = [], []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--ignore-certificate-errors"],
        )
        for _visit in range(VISITS):
            context = chromium.new_context(
                base_url=address,
                ignore_https_errors=True,
                viewport={"width": 390, "height": 844},
                is_mobile=True,
                has_touch=True,
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
            )
            context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": address}])
            page = context.new_page()
            weight = _weigh(page)
            _slow(page, SLOW_3G)
            firsts.append(_until_usable(page))
            print(f"  first {firsts[-1]:.2f} s, {sum(weight) / 1024:.0f} KB over the line")
            page.evaluate("navigator.serviceWorker.ready.then(() => true)")
            _slow(page, UNHINDERED)
            context.set_offline(True)
            page.goto("about:blank")
            repeats.append(_until_usable(page))
            print(f"  again, no network {repeats[-1]:.2f} s")
            context.close()
        chromium.close()
    return statistics.median(firsts), statistics.median(repeats)


def _slow(page: Any, network: dict[str, float]) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", {"offline": False, **network})
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_BY})


def _weigh(page: Any) -> list[int]:
    """The bytes of every answer as they go over the line."""
    sizes: list[int] = []
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.on(
        "Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"]))
    )
    return sizes


def _until_usable(page: Any) -> float:
    began = time.monotonic()
    page.goto("/m/", wait_until="commit")
    page.wait_for_selector("[data-phone][data-drawn] [data-card] [data-open-form]")
    return time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())
