"""A VPC for the script of `verify --from-inside`: names that lead to local servers, and only the tools of the test.

A tool is the machine's own where it can be told to go elsewhere than the name says (python3, curl, openssl, bash), else
one that prints what the real one was seen to print (getent, nslookup, wget) or does what it does (nc).
"""

from __future__ import annotations

import http.server
import json
import shlex
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_REDIRECTS = """import json, os, socket
_PLACES = json.loads(os.environ["PLACES"])
_connect, _look_up = socket.create_connection, socket.getaddrinfo
def _looked_up(host, *rest, **more):
    if host == "127.0.0.1": return _look_up(host, *rest, **more)
    if host not in _PLACES: raise socket.gaierror(host)
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in _PLACES[host]["addresses"]]
def _connected(address, *rest, **more):
    return _connect(("127.0.0.1", _PLACES[address[0]]["port"]), *rest, **more)
socket.getaddrinfo, socket.create_connection = _looked_up, _connected
"""
_CURL = "curl"


class _Answer(http.server.BaseHTTPRequestHandler):
    """Answers as the bucket of the layers does to who is not signed: 403."""

    def do_HEAD(self) -> None:  # the name is http.server's
        self.send_response(403)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        """Say nothing of connections that are only opened."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name leads: the addresses that are told, and the local port that answers in their stead."""

    addresses: tuple[str, ...]
    port: int


@dataclass(slots=True)
class Vpc:
    """A VPC as a machine in it sees it."""

    folder: Path
    answering: int
    silent: int
    """A local port on which nobody listens."""
    places: dict[str, Place] = field(default_factory=dict)

    def name(self, host: str, *addresses: str, port: int | None = None) -> None:
        """Let a name lead to addresses, and its ports to a local one: the server's, if none is given."""
        self.places[host] = Place(addresses, self.answering if port is None else port)

    def run(self, script: str, *tools: str, by: str = "/bin/sh") -> tuple[list[str], int]:
        """Run a script with some tools alone; return the lines that it prints, and its exit code."""
        bin_folder = self.folder / "bin"
        shutil.rmtree(bin_folder, ignore_errors=True)
        bin_folder.mkdir()
        self._tool("sleep", f"exec {shutil.which('sleep')} 0.5")
        for tool in tools:
            self._tool(tool, getattr(self, f"_{tool.replace('-', '_')}")())
        file = self.folder / "inside.sh"
        file.write_text(script, encoding="utf-8")
        run = subprocess.run(
            [*shlex.split(by), str(file)],
            env={"PATH": str(bin_folder), **self._environment(), "https_proxy": "http://127.0.0.1:1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert run.stderr == ""
        return run.stdout.splitlines(), run.returncode

    def _environment(self) -> dict[str, str]:
        places = {host: {"addresses": place.addresses, "port": place.port} for host, place in self.places.items()}
        (self.folder / "sitecustomize.py").write_text(_REDIRECTS, encoding="utf-8")
        lines = (f'connect-to = "{host}::127.0.0.1:{place.port}"\n' for host, place in self.places.items())
        (self.folder / ".curlrc").write_text("".join(lines), encoding="utf-8")
        folder = str(self.folder)
        certificates = str(self.folder / "ca.pem")
        return {"PLACES": json.dumps(places), "PYTHONPATH": folder, "CURL_HOME": folder, "SSL_CERT_FILE": certificates}

    def _tool(self, name: str, body: str) -> None:
        file = self.folder / "bin" / name.partition("-")[0]
        file.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        file.chmod(0o755)

    def _by_host(self, word: str, text: dict[str, str], otherwise: str) -> str:
        """Return a case statement over the hosts."""
        arms = "\n".join(f"  {host}) {body} ;;" for host, body in text.items())
        return f"case {word} in\n{arms}\n  *) {otherwise} ;;\nesac"

    def _getent(self) -> str:
        """glibc's: each address three times. musl's has the same columns."""
        kinds = ("STREAM", "DGRAM", "RAW")
        lines = {
            host: "; ".join(f"echo '{address} {kind} {host}'" for address in place.addresses for kind in kinds) or ":"
            for host, place in self.places.items()
        }
        return self._by_host('"$2"', lines, "exit 2")

    def _nslookup(self, own: str = "Address:\t10.0.0.2:53", form: str = "Address: {address}") -> str:
        """Busybox 1.35's: the resolver first, then the name's addresses."""
        lines = {
            host: f"printf 'Server:\\t\\t10.0.0.2\\n{own}\\n\\n'; "
            + "; ".join(
                f"printf 'Name:\\t{host}\\n{form.format(address=address, number=number)}\\n'"
                for number, address in enumerate(place.addresses, 1)
            )
            for host, place in self.places.items()
        }
        return self._by_host('"$1"', lines, 'echo "** server can\'t find $1: NXDOMAIN"; exit 1')

    def _nslookup_bind(self) -> str:
        return self._nslookup(own="Address:\t10.0.0.2#53")

    def _nslookup_old(self) -> str:
        """Busybox before 1.29: numbered addresses, with names behind them."""
        return self._nslookup("Address 1: 10.0.0.2 ip-10-0-0-2", "Address {number}: {address} endpoint")

    def _python3(self) -> str:
        return f'exec {shlex.quote(sys.executable)} "$@"'

    def _curl(self) -> str:
        return f'exec {present(_CURL)} "$@"'

    def _wget(self) -> str:
        """GNU wget 1.21's and, for who answers nothing, its last line."""
        answers = {
            f"https://{host}/": "printf 'HTTP request sent, awaiting response... \\n  HTTP/1.1 403 No\\n'; exit 8"
            for host, place in self.places.items()
            if place.port == self.answering
        }
        return self._by_host('"$5"', answers, "echo 'failed: Connection refused.'; exit 4")

    def _wget_busybox(self) -> str:
        return self._wget().replace("HTTP request sent, awaiting response... \\n  ", "wget: server returned error: ")

    def _wget_plain(self) -> str:
        """A busybox that was built without TLS."""
        return 'echo "wget: not an http or ftp url: $5"; exit 1'

    def _openssl(self) -> str:
        ports = {f"{host}:*": f"place=127.0.0.1:{place.port}" for host, place in self.places.items()}
        real = present("openssl")
        return (
            'for word in "$@"; do\n'
            + self._by_host('"$word"', ports, ":")
            + f'\ndone\nif [ "$2" = -quiet ]; then exec {real} s_client -quiet -verify_return_error -servername "$5" '
            + f'-connect "$place"; fi\nexec {real} s_client -connect "$place"'
        )

    def _bash(self) -> str:
        ports = {host: f"port={place.port}" for host, place in self.places.items()}
        return (
            "rest=${2#*/dev/tcp/}\nhost=${rest%/*}\n"
            + self._by_host('"$host"', ports, "exit 1")
            + f'\nexec {present("bash")} -c "exec 4<>/dev/tcp/127.0.0.1/$port"'
        )

    def _nc(self, usage: str = "") -> str:
        """Opens a connection and exits; `usage` is what an nc does that knows no -z."""
        ports = {host: f"port={place.port}" for host, place in self.places.items()}
        code = 'import socket, sys; socket.create_connection(("127.0.0.1", int(sys.argv[1])))'
        return (
            f'if [ "$1" = -z ]; then {usage or "shift"}; fi\n'
            + self._by_host('"$3"', ports, "exit 1")
            + f'\nexec {shlex.quote(sys.executable)} -I -c {shlex.quote(code)} "$port"'
        )

    def _nc_busybox(self) -> str:
        return self._nc("echo \"nc: invalid option -- 'z'\" >&2; exit 1")

    def _nc_stuck(self) -> str:
        """An nc whose packets a security group drops, and that does not give up."""
        return f"exec {shutil.which('sleep')} 60"


def present(tool: str) -> str:
    """Return where this machine has a tool; skip the test, and say so, where it has none."""
    found = shutil.which(tool)
    if found is None:
        pytest.skip(f"this machine has no {tool}")
    return found


@contextmanager
def vpc(folder: Path) -> Iterator[Vpc]:
    """Run a server that answers HTTPS for every name of AWS, and yield the VPC around it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(folder))
    server = _Server(("127.0.0.1", 0), _Answer)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        yield Vpc(folder, server.server_address[1], unused.getsockname()[1])
    server.shutdown()
    server.server_close()
    thread.join()


def _certificate(folder: Path) -> Path:
    """Make a certificate that vouches for itself, and for the names of the tests."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a test's")])
    hosts = ["*.s3.ap-southeast-1.amazonaws.com", "s3.ap-southeast-1.amazonaws.com"]
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "ca.pem").write_bytes(public)
    (folder / "server.pem").write_bytes(public + private)
    return folder / "server.pem"
