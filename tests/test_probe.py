"""The script that tries the endpoints from inside the VPC: what it tries for a spec, and that it tells the truth."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING

import botocore.session
import pytest
from botocore.regions import EndpointResolver
from typer.testing import CliRunner

from generator import cli
from tests.cases import ROOT
from tests.inside_vpc import Vpc, present, vpc

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.golden import Golden

FOLDER = ROOT / "tests" / "inside"
CASES = sorted(FOLDER.glob("*.yaml"))
REGION = "ap-southeast-1"
DKR, API, LOGS = (f"{name}.{REGION}.amazonaws.com" for name in ("000000000000.dkr.ecr", "api.ecr", "logs"))
LAYERS = f"prod-{REGION}-starport-layer-bucket.s3.{REGION}.amazonaws.com"
GROUPS = "see the security groups of the endpoint and of this machine"
FINE = [
    f"PASS  ecr_dkr: {DKR} is private: 10.0.2.4 10.0.3.4",
    f"PASS  ecr_dkr: {DKR} answers on port 443",
    f"PASS  ecr_api: {API} is private: 10.0.2.5 10.0.3.5",
    f"PASS  ecr_api: {API} answers on port 443",
    f"PASS  logs: {LOGS} is private: 10.0.2.6 10.0.3.6",
    f"PASS  logs: {LOGS} answers on port 443",
    f"PASS  s3: {LAYERS} answers with HTTP 403: image pulls through ecr_dkr and ecr_api need it",
    "",
    "7 passed, 0 failed, 0 skipped",
]


def _script(spec: Path, *options: str) -> str:
    result = CliRunner().invoke(cli.application(), ["verify", str(spec), "--from-inside", *options])
    assert (result.exit_code, ": E" in result.stderr) == (0, False)
    return result.stdout


@pytest.fixture(scope="module")
def script() -> str:
    """Return the script for the workshop's endpoints."""
    return _script(ROOT / "specs" / "band-up.yaml")


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[Vpc]:
    """Return a VPC in which the workshop's endpoints work."""
    with vpc(tmp_path) as made:
        for number, host in enumerate((DKR, API, LOGS), 4):
            made.name(host, f"10.0.2.{number}", f"10.0.3.{number}")
        made.name(LAYERS, "52.219.0.1")
        yield made


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_script_tries_what_is_known(case: Path, golden: Golden) -> None:
    """Each name that a source gives is tried, and where none does, or nothing can be tried, the script says so."""
    _, _, main = _script(case, *(["--region", "us-east-1"] if "region:" not in case.read_text() else [])).partition(
        "fetcher=$(first_of curl python3 wget openssl)\n"
    )

    golden(case.with_suffix(".txt"), textwrap.dedent(main.partition("  printf ")[0]).strip() + "\n")


@pytest.mark.parametrize("shell", ["/bin/sh", "bash --posix", "busybox sh"])
def test_it_runs_in_each_shell(shell: str, script: str, inside: Vpc) -> None:
    """No shell is asked for more than POSIX has."""
    program, _, rest = shell.partition(" ")
    assert inside.run(script, "getent", "python3", by=f"{present(program)} {rest}") == (FINE, 0)


@pytest.mark.parametrize(
    "tools",
    [
        ("python3",),
        ("getent", "curl"),
        ("nslookup", "curl"),
        ("nslookup-bind", "curl"),
        ("nslookup-old", "curl"),
        ("getent", "nc", "wget"),
        ("getent", "nc-busybox", "wget-busybox"),
        ("getent", "bash", "wget"),
        ("getent", "openssl"),
    ],
    ids=" ".join,
)
def test_it_takes_the_tools_that_are_there(tools: tuple[str, ...], script: str, inside: Vpc) -> None:
    """Whatever resolves, connects and fetches, what is said is the same; the proxy of the machine is not asked."""
    assert inside.run(script, *tools) == (FINE, 0)


@pytest.mark.parametrize("tools", [("python3",), ("getent", "curl"), ("getent", "nc", "wget"), ("getent", "bash")])
def test_what_does_not_work_fails(tools: tuple[str, ...], script: str, inside: Vpc) -> None:
    """A public address, no address, a port that is closed and a bucket that does not answer: each is told."""
    inside.name(DKR, "10.0.2.4", "52.94.0.1")
    inside.name(API, "10.0.2.5", port=inside.silent)
    inside.places.pop(LOGS)
    inside.name(LAYERS, "52.219.0.1", port=inside.silent)
    fetch = f"FAIL  s3: {LAYERS} does not answer to HTTPS: image pulls through ecr_dkr and ecr_api need it; see the "
    fetch += "route tables, and the rules out of the security groups here"
    if tools == ("getent", "bash"):
        fetch = f"SKIP  s3: {LAYERS}: none of curl, python3, wget and openssl is here to fetch it"

    lines, code = inside.run(script, *tools)
    assert (lines[:-2], code) == (
        [
            f"FAIL  ecr_dkr: {DKR} is 52.94.0.1, which is public: private DNS does not lead to the endpoint here",
            f"PASS  ecr_api: {API} is private: 10.0.2.5",
            f"FAIL  ecr_api: {API} does not answer on port 443: {GROUPS}",
            f"FAIL  logs: {LOGS} has no address here",
            fetch,
        ],
        1,
    )


def test_a_tool_that_hangs_is_ended(script: str, inside: Vpc) -> None:
    """Dropped packets do not hold the script up for minutes."""
    lines, code = inside.run(script, "getent", "nc-stuck", "wget")

    assert code == 1
    assert [line for line in lines if "does not answer on port 443" in line and line.startswith("FAIL")] == [
        line for line in lines if line.startswith("FAIL")
    ]
    assert lines[-1] == "4 passed, 3 failed, 0 skipped"


def test_what_no_tool_can_tell_is_skipped(script: str, inside: Vpc) -> None:
    """A machine without tools gets the truth, that nothing was tried, and no verdict."""
    expected = [
        line
        for key, host in (("ecr_dkr", DKR), ("ecr_api", API), ("logs", LOGS))
        for line in (
            f"SKIP  {key}: {host}: none of getent, python3 and nslookup is here to resolve it",
            f"SKIP  {key}: {host}: none of curl, python3, nc, bash and openssl is here to open port 443",
        )
    ]
    expected += [f"SKIP  s3: {LAYERS}: none of curl, python3, wget and openssl is here to fetch it", ""]

    assert inside.run(script) == ([*expected, "0 passed, 0 failed, 7 skipped"], 0)


def test_a_wget_without_tls_is_no_failure(script: str, inside: Vpc) -> None:
    """What can't speak HTTPS says nothing of the way to the bucket."""
    lines, code = inside.run(script, "getent", "nc", "wget-plain")

    assert (code, lines[-1]) == (0, "6 passed, 0 failed, 1 skipped")
    assert f"SKIP  s3: {LAYERS}: this wget speaks no HTTPS, and none of curl and python3 is here" in lines


@pytest.mark.parametrize(
    ("address", "verdict"),
    [
        *((address, "PASS") for address in ("10.255.0.1", "172.16.0.1", "172.31.9.9", "192.168.1.1", "fd00:ec2::253")),
        *((address, "PASS") for address in ("100.64.0.1", "100.99.0.1", "100.127.255.255", "172.20.1.1", "FC01::1")),
        *((address, "FAIL") for address in ("11.0.0.1", "172.15.0.1", "172.32.0.1", "192.169.0.1", "8.8.8.8")),
        *((address, "FAIL") for address in ("100.63.0.1", "100.128.0.1", "100.6.0.1", "1.10.0.1", "172.3.0.1")),
        ("2406:da18::1", "SKIP"),
    ],
)
def test_which_addresses_are_private(address: str, verdict: str, script: str, inside: Vpc) -> None:
    """The private networks of RFC 1918, RFC 6598 and RFC 4193 are, all else is not; a VPC's IPv6 may be global."""
    inside.name(DKR, address)
    lines, _ = inside.run(script, "getent")

    assert lines[0].startswith(f"{verdict}  ecr_dkr: {DKR} is ")
    assert address in lines[0]


def test_the_public_names_are_those_of_the_sdk() -> None:
    """Each name that stands for a private one nobody tells is the one that AWS's SDK asks."""
    data = json.loads((ROOT / "generator" / "data" / "hosts.json").read_text(encoding="utf-8"))
    resolver = EndpointResolver(botocore.session.get_session().get_data("endpoints"))
    asked = {service: resolver.construct_endpoint(service, REGION, "aws") for service in data["hosts"]}

    assert {service: name.replace("{region}", REGION) for service, name in data["hosts"].items()} == {
        service: endpoint["hostname"] for service, endpoint in asked.items() if endpoint is not None
    }
    assert {*data["source"]} == {"title", "url", "checked"}
