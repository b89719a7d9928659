"""A network as it is on a village square: a proxy that cuts, delays, loses and reorders.

Between a browser and the web process, both on loopback. Pages and scripts pass unharmed (or not at
all while the network is cut); what phones send is mistreated by chance, from a seed.
"""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}
# What is mistreated: the phone's sending.
SENDING = "/api/v1/outbox/"


class UnrulyNetwork:
    """``port`` leads to ``upstream``; ``cut`` is whether the network is away altogether.

    Of what phones send every third answer is lost after the server had the request; of the others
    some come late, and some requests are overtaken: the phone sees a broken line, and the request
    reaches the server seconds later, after those sent since.
    """

    def __init__(self, upstream: int, seed: int) -> None:
        self.upstream, self.cut, self.kind = upstream, False, Counter[str]()
        self._chance, self._lock, self._sent = random.Random(seed), threading.Lock(), 0
        self._late: list[threading.Thread] = []
        network = self

        class Line(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                network.carry(self)

            do_GET = do_POST = do_PUT = do_HEAD = handle_any

            def log_message(self, format: str, *arguments: Any) -> None:
                """Silence: every request would be a line."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Line)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Wait for what is still under way, then end."""
        for thread in self._late:
            thread.join()
        self.server.shutdown()

    def carry(self, line: BaseHTTPRequestHandler) -> None:
        """One request, as far as it comes."""
        length = int(line.headers.get("Content-Length") or 0)
        body = line.rfile.read(length) if length else None
        fate = self._fate(line)
        self.kind[fate] += 1
        if fate == "cut":
            line.close_connection = True
            return
        if fate == "overtaken":
            line.close_connection = True
            pause = self._chance.uniform(1, 8)
            late = threading.Thread(target=self._deliver_late, args=(line, body, pause))
            late.start()
            self._late.append(late)
            return
        if fate == "late":
            time.sleep(self._chance.uniform(0.2, 1.5))
        answer = self._ask(line, body)
        if answer is None or fate == "lost":
            line.close_connection = True
            return
        self._give(line, *answer)

    def _fate(self, line: BaseHTTPRequestHandler) -> str:
        if self.cut:
            return "cut"
        if line.command not in ("POST", "PUT") or not line.path.startswith(SENDING):
            return "passed"
        with self._lock:
            self._sent += 1
            if self._sent % 3 == 0:
                return "lost"
            return self._chance.choices(["passed", "late", "overtaken"], [6, 2, 1])[0]

    def _deliver_late(self, line: BaseHTTPRequestHandler, body: bytes | None, pause: float) -> None:
        time.sleep(pause)
        self._ask(line, body)

    def _ask(self, line: BaseHTTPRequestHandler, body: bytes | None) -> Any:
        """The server's answer, or None where there is none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.upstream, timeout=60)
        headers = {k: v for k, v in line.headers.items() if k.lower() not in HOP_BY_HOP}
        try:
            connection.request(line.command, line.path, body, headers)
            response = connection.getresponse()
            return response.status, response.getheaders(), response.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def _give(
        self, line: BaseHTTPRequestHandler, status: int, headers: Any, content: bytes
    ) -> None:
        try:
            line.send_response_only(status)
            for name, value in headers:
                if name.lower() not in HOP_BY_HOP:
                    line.send_header(name, value)
            line.send_header("Content-Length", str(len(content)))
            line.end_headers()
            if line.command != "HEAD":
                line.wfile.write(content)
        except OSError:
            line.close_connection = True
