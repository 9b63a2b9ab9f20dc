"""The page over HTTP, for this machine alone: it is asked for by name, and there is nothing else to ask for."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import NoReturn

import typer

from generator.cli.printing import say
from generator.cli.progress import still
from generator.source.reading import stamp

_HERE = "127.0.0.1"
_EACH, _ALIVE = 0.5, 15.0  # seconds between two looks at the files, and till a browser that is gone is noticed


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    page, version, changed = b"", 0, Condition()


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        """Answer with the page or its events, to who asked this machine by its name: no site can do so by another."""
        known = {"/": ("text/html; charset=utf-8", self.server.page), "/events": ("text/event-stream", b"")}
        is_here = self.headers.get("Host") in {f"{name}:{self.server.server_port}" for name in (_HERE, "localhost")}
        kind, body = known.get(self.path if is_here else "", ("text/plain", b"not here\n"))
        self.send_response(403 if not is_here else 200 if self.path in known else 404)
        for name in (f"Content-Type: {kind}", "Cache-Control: no-store", "X-Content-Type-Options: nosniff"):
            self.send_header(*name.split(": "))
        before = self.server.version
        with suppress(OSError):  # a browser that is gone
            self.end_headers()
            self.wfile.write(body)
            while not body and self.server.version == before:  # a line once there is a new page, and now and then none
                with self.server.changed:
                    self.server.changed.wait(_ALIVE)
                self.wfile.write(b":\n\n" if self.server.version == before else b"data: again\n\n")

    def log_message(self, *_: object) -> None:
        """Say nothing of each request."""


def serve(build: Callable[[], str], read: Collection[str], port: int) -> NoReturn:
    """Serve a page till the command is interrupted or its terminal goes; build it anew when what was `read` changes.

    Where there is no new page, as of a project that is refused, the last one stays.
    """
    try:
        server = _Server((_HERE, port), _Handler)
    except OSError as error:
        raise typer.BadParameter(f"{port}: {os.strerror(error.errno or 0)}", param_hint="--port") from error
    now = dict[str, object]()
    while True:
        text = build()
        seen = {path: now.get(path) or stamp(path) for path in read}
        if text:
            with server.changed:
                server.page, server.version = text.encode(), server.version + 1
                server.changed.notify_all()
        if server.version == 1 and not now:
            Thread(target=server.serve_forever, daemon=True).start()
            say(f"http://{_HERE}:{server.server_port}/ (Ctrl-C ends it)")
            sys.stdout.flush()
        with still():
            time.sleep(_EACH)  # whatever a build does to what it reads: it is not made anew without end
            while (now := {path: stamp(path) for path in read}) == seen:
                time.sleep(_EACH)
