"""A registry of Terraform modules, in the place of registry.terraform.io: it has `published/`, whose README says what.

https://developer.hashicorp.com/terraform/internals/module-registry-protocol
"""

from __future__ import annotations

import contextlib
import json
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PUBLISHED = Path(__file__).parent / "published"
VERSIONS = {"terraform-aws-modules/vpc/aws": "5.21.0"}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Answer which versions there are of a module, or where one is."""
        module = next((each for each in VERSIONS if self.path.startswith(f"/{each}/")), "")
        versions = {"modules": [{"versions": [{"version": VERSIONS.get(module, "")}]}]}
        is_list = self.path.endswith("/versions")
        self.send_response(HTTPStatus.OK if is_list else HTTPStatus.NO_CONTENT if module else HTTPStatus.NOT_FOUND)
        if module and not is_list:
            self.send_header("X-Terraform-Get", (PUBLISHED / module.split("/")[1]).as_uri())
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        if is_list:
            self.wfile.write(json.dumps(versions).encode())

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@contextlib.contextmanager
def registry() -> Iterator[str]:
    """Serve it, and yield the setting by which Terraform takes it for registry.terraform.io."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/"
        yield f'host "registry.terraform.io" {{\n  services = {{"modules.v1" = "{url}"}}\n}}\n'
    finally:
        server.shutdown()
        server.server_close()
