"""A web server on this machine that serves files as real ones do, or as badly as they may."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Mirror:
    """Its files by path; what it was asked for, each with the range; how it misbehaves."""

    files: dict[str, bytes]
    url: str = ""
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    ranges: bool = True
    breaks_after: int | None = None
    gate: threading.Event | None = None


def _handler(mirror: Mirror) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            mirror.asked.append((self.path, wanted))
            data = mirror.files.get(self.path)
            if data is None:
                self.send_error(404)
                return
            start = 0
            if wanted and mirror.ranges:
                start = int(re.fullmatch(r"bytes=(\d+)-", wanted)[1])  # type: ignore[index]
                if start >= len(data):
                    self.send_error(416)
                    return
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(data) - start))
            self.end_headers()
            if mirror.breaks_after is not None:
                self.wfile.write(data[start : start + mirror.breaks_after])
                return
            if mirror.gate:
                half = (start + len(data)) // 2
                self.wfile.write(data[start:half])
                self.wfile.flush()
                mirror.gate.wait(30)
                start = half
            self.wfile.write(data[start:])

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    return Handler


@contextmanager
def serving(files: dict[str, bytes]) -> Iterator[Mirror]:
    """The server, until the block ends."""
    mirror = Mirror(files)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(mirror))
    mirror.url = f"http://127.0.0.1:{server.server_address[1]}/"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield mirror
    finally:
        if mirror.gate:
            mirror.gate.set()
        server.shutdown()
        server.server_close()
        thread.join()
