"""A file that somebody made large: seconds at most, memory in proportion, a thousand findings, and a clear word."""

from __future__ import annotations

import json
import re
import resource as system
import subprocess
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from generator import cli, spec
from generator.catalog.bundles import load, newest
from generator.generate import targets
from generator.live.applied import MOST as MOST_APPLIED
from generator.output.difference import EDITED, Difference, describe
from generator.source import source
from generator.source.diagnostics import MOST, Place, Refused
from generator.source.printed import LARGEST_PRINTED, answer, ascii_json
from generator.source.terraform_json import read_plan, read_state
from generator.source.text import LARGEST, LARGEST_FILE
from tests.answers import documents
from tests.cases import ROOT
from tests.test_revision import commit
from tests.test_terraform_json import resource, state

if TYPE_CHECKING:
    from collections.abc import Callable

ANSWERS = ROOT / "tests" / "adopt" / "many.json"
HEAD = """name: x
region: eu-west-1
vpc: {name: app}
subnets: [{name: a}, {name: b}]
security_groups: [{name: endpoints}]
route_tables: [{main: true}]
"""


def lines(form: str, size: int) -> str:
    """Return numbered lines of a form, of some size together."""
    return "".join(form.format(n) for n in range(size // len(form.format(10_000))))


def fleet(size: int, where: str, row: str, team: str = "text") -> str:
    """Return a fleet of as many overlays as targets."""
    endpoints = "endpoints: {s3: {service: s3, type: Gateway}}"
    head = f"region: eu-west-1\nvpc: {{name: a}}\nroute_tables: [{{main: true}}]\n{endpoints}\n"
    overlays = lines(f"  - {{{{where: {{{{{where}}}}}, set: {{{{tags: {{{{a: b{{0}}}}}}}}}}}}}}\n", size // 2)
    targets = lines(f"  k{{0}}: {{{{{row}}}}}\n", size // 4)
    return f"{head}values: {{team: {team}}}\noverlays:\n{overlays}targets:\n{targets}"


HOSTILE: dict[str, Callable[[int], str]] = {
    "items": lambda size: f"{HEAD}tags: [{'a,' * (size // 2)}]\n",
    "lists": lambda size: f"{HEAD}endpoints: {{a: [{'[],' * (size // 3)}]}}\n",
    "wrong values": lambda size: HEAD + "endpoints:\n" + lines("  k{}: 1\n", size),
    "unknown keys": lambda size: HEAD + lines("kk{}: 1\n", size),
    "unknown Regions": lambda size: (
        HEAD + "endpoints:\n" + lines("  k{0}: {{service: sqs, service_region: eu-west-{0}}}\n", size)
    ),
    "unknown bundles": lambda size: f"{HEAD}bundles: [{lines('ecsfargat{}@1, ', size)}]\n",
    "unknown presets": lambda size: HEAD + "endpoints:\n" + lines("  k{0}: {{service: sqs, policy: full{0}}}\n", size),
    "statements": lambda size: (
        f"{HEAD}endpoints:\n  s: {{service: sqs, policy: {{Statement: ["
        + lines("{{Effect: Allow, Principal: '*', Action: 'sqs:*', Resoure: '*', Sid: a{}}},", size)
        + "]}}\n"
    ),
    "overlays for no target": lambda size: fleet(size, "team: t{0}", "team: s{0}"),
    "values that are not listed": lambda size: fleet(
        size // 2, "team: t{0}", "team: s{0}", f"[{lines('t{}, ', size // 4)}]"
    ),
    "tags of many overlays": lambda size: re.sub(r"a: (b\d+)", r"\1: x", fleet(size // 8, "team: a", "team: a")),
    "values of another name": lambda size: fleet(size, "team: t{0}", "taem: t{0}"),
    "misspelt keys of rows": lambda size: fleet(size, "team: a", "taem: t{0}"),
    "rows that lack all of many values": lambda size: (
        "region: eu-west-1\nvalues:\n"
        + lines("  v{}: text\n", size // 2)
        + "targets:\n"
        + lines("  k{}: {{}}\n", size // 3)
    ),
    "a row of many values that are not there": lambda size: (
        "region: eu-west-1\nvalues: {team: text}\ntargets:\n  k: {" + lines("v{}: a, ", size) + "}\n"
    ),
    "rows that are lists": lambda size: fleet(size, "team: a", "team: []"),
    "names near to thousands": lambda size: HEAD + "endpoints:\n" + lines("  cloudwach{}: {{}}\n", size),
    "fixed addresses": lambda size: (
        f"{HEAD}endpoints:\n  sqs:\n    service: sqs\n    subnet_configuration:\n"
        + lines("      - {{subnet: {{name: s{0}}}, ipv4: 10.1.1.1}}\n", size)
    ),
    "misspelt keys": lambda size: HEAD + "endpoints:\n" + lines("  k{}: {{servce: logs}}\n", size),
    "misspelt keys in policies": lambda size: (
        HEAD + "endpoints:\n" + lines("  k{}: {{service: sqs, policy: {{Statment: []}}}}\n", size)
    ),
    "controls": lambda size: f"{HEAD}a: {chr(0x202E) * (size // 3)}",
}

LONG: dict[str, Callable[[int], str]] = {
    "route tables": lambda size: (
        HEAD.replace("[{main: true}]", f"[{lines('{{id: rtb-{:017x}}}, ', size)}]")
        + "endpoints: {s3: {service: s3, type: Gateway}}\n"
    ),
    "subnets of many endpoints": lambda size: (
        HEAD.replace("[{name: a}, {name: b}]", f"[{lines('{{name: s{}}}, ', size // 2)}]")
        + "endpoints:\n"
        + lines("  k{}: {{service: sqs, private_dns_enabled: false}}\n", size // 2)
    ),
    "CIDR blocks": lambda size: (
        HEAD.replace(
            "[{name: endpoints}]",
            f"[create: {{name: e, ingress: [{lines('{{cidr_ipv6: 2001:db8:{0}::/64}}, ', size)}]}}]",
        )
        + "endpoints: {sqs: {service: sqs}}\n"
    ),
    "tags": lambda size: (
        HEAD
        + "endpoints:\n"
        + lines("  k{0}: {{service: sqs, private_dns_enabled: false, tags: {{t: v{0}, u: w}}}}\n", size)
    ),
}
"""Specs with nothing wrong in them."""


def measured(text: str, folder: Path) -> tuple[float, float, int, str]:
    """Return the seconds of CPU, the memory in MiB, the exit code and the findings of a spec: a run of its own.

    Linux's `ru_maxrss` of a process is at least that of the one which started it, here all the tests'.
    """
    (folder / "spec.yaml").write_text(text, encoding="utf-8")
    return run("validate", str(folder / "spec.yaml"))


@cache
def _measured_once(text: str) -> tuple[float, float, int, str]:
    with TemporaryDirectory() as folder:
        return measured(text, Path(folder))


def run(*arguments: str, at: Path = ROOT) -> tuple[float, float, int, str]:
    """Return what `measured` does of any command, run in a folder."""
    program = f"""
import gc, os, resource, sys
gc.disable()  # as `generator.__main__` does
sys.path.insert(0, {str(ROOT)!r})
sys.argv = ["gen-endpoints", *{arguments!r}]
from generator.cli import run
code = run()
used = resource.getrusage(resource.RUSAGE_SELF)
(most,) = (line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(used.ru_utime + used.ru_stime, int(most) / 1024, code)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=at, check=True)
    seconds, memory, code = done.stdout.split()[-3:]
    return float(seconds), float(memory), int(code), done.stderr


@pytest.mark.parametrize("kind", [*HOSTILE, *LONG])
def test_a_large_spec_takes_seconds_and_no_more_memory_than_there_is(kind: str, tmp_path: Path) -> None:
    """At an eighth of the limit, beside a small one, whatever is wrong with it."""
    code, told = _told_in_time({**HOSTILE, **LONG}[kind](LARGEST // 8), tmp_path)
    assert code == (kind in HOSTILE)
    assert len(told.splitlines()) <= 4 * MOST + 10


def _told_in_time(text: str, folder: Path) -> tuple[int, str]:
    """Return the exit code and the findings of a spec that takes no more than it may beside a small one."""
    ends = list[tuple[int, str]]()

    def measure() -> list[tuple[float, float]]:
        small = measured(HEAD, folder) if ends else _measured_once(HEAD)
        large = measured(text, folder)
        ends.append(large[2:])
        return [small[:2], large[:2]]

    assert _in_time(measure, told=2)
    return ends[-1]


def _endpoint(number: int, text: str) -> dict[str, Any]:
    """Return an endpoint of a recorded answer under another id, and with text that is its own."""
    whole = next(each for each in documents(ANSWERS.read_text(encoding="utf-8")) if "VpcEndpoints" in each)
    own: dict[str, Any] = {"VpcEndpointId": f"vpce-{number:017x}", "NetworkInterfaceIds": []}
    own["Tags"] = [{"Key": "Name", "Value": f"{text}{number}"}]
    return {**whole["VpcEndpoints"][1], **own, "DnsEntries": [{"DnsName": f"vpce-{number}.vpce.amazonaws.com"}]}


def _applied(number: int) -> dict[str, Any]:
    """Return an endpoint as a state has it."""
    name = f"vpce-{number:017x}"
    texts = {f"attribute_{index}": f"com.amazonaws.{index}" for index in range(20)}
    own = {"id": name, "arn": f"arn:aws:ec2:eu-west-1:111122223333:vpc-endpoint/{name}", "tags": {"Name": name}}
    values = {**texts, **own, "subnet_ids": ["subnet-1", "subnet-2"], "timeouts": None}
    more = {
        "values": values,
        "sensitive_values": {"tags": {}, "subnet_ids": [False, False]},
        "depends_on": ["data.x.y"],
    }
    return {**resource(f"aws_vpc_endpoint.x{number}"), **more}


READS = {
    "adopt": ("adopt/many.json", "--region eu-west-1 --vpc app --select x0 --out {0}/x.yaml --imports {0}/x.tf"),
    "drift --format json": ("drift/estate.json", f"{ROOT}/tests/drift/spec.yaml"),
    "preflight": ("preflight/estate.json", f"{ROOT}/tests/preflight/fine.yaml"),
    "verify": ("drift/estate.json", f"{ROOT}/tests/drift/spec.yaml"),
}
"""What each command is run on: answers, and what it is told; thousands are told as a table further down."""


def _is_within(told: int, small: tuple[float, float], large: tuple[float, float]) -> bool:
    """Tell whether what an eighth of the limit takes beside nothing is below an eighth of 5 s and 300 MiB.

    5 s are 15 runs of a command that is given little and was compiled before; they take 6 to 10. To tell a thousand
    findings, of however much, takes as long as so many runs.
    """
    return large[0] - small[0] < (15 / 8 + told) * small[0] and large[1] - small[1] < (300 - small[1]) / 8


def _in_time(measure: Callable[[], list[tuple[float, float]]], told: int = 0) -> bool:
    """Tell whether a small and a large run are within the limits in one of five rounds, as the machine may be slow."""
    return any(_is_within(told, *measure()) for _ in range(5))


def _taken(*arguments: str, code: int, folder: Path) -> tuple[float, float]:
    """Return what a run takes that ends with a code; what it made in the folder is removed."""
    seconds, memory, found, told = run(*arguments)
    assert found == code, told
    for made in folder.glob("x.*"):
        made.unlink()
    return seconds, memory


@pytest.mark.parametrize("command", READS)
def test_a_large_answer_takes_seconds_and_no_more_memory_than_there_is(command: str, tmp_path: Path) -> None:
    """At an eighth of the limit, beside a small one, in an alphabet that takes all of ASCII's way, and more memory."""
    (file, options), text = READS[command], "é😀"
    command, *form = command.split()
    answers = (ROOT / "tests" / file).read_text(encoding="utf-8")
    vpc = next(each["Vpcs"][0]["VpcId"] for each in documents(answers) if "Vpcs" in each)
    subnets = _endpoint(0, text)["SubnetIds"] if command == "adopt" else []

    def measure() -> list[tuple[float, float]]:
        used = []
        for size in (1, LARGEST_PRINTED // 8 // len(json.dumps(_endpoint(0, text)))):
            there = {"VpcId": vpc, "SubnetIds": subnets}
            every = {"VpcEndpoints": [{**_endpoint(number, text), **there} for number in range(size)]}
            (tmp_path / "answers.json").write_text(
                f"{answers}\n{json.dumps(every, ensure_ascii=False)}", encoding="utf-8"
            )
            given = [*options.format(tmp_path).replace("x0", f"{text}0").split(), *form]
            code = {"drift": 4, "preflight": 1}.get(command, 0)
            used.append(_taken(command, *given, "--from", str(tmp_path / "answers.json"), code=code, folder=tmp_path))
        return used

    assert _in_time(measure, told=command == "drift")


@pytest.mark.parametrize(("command", "codes"), [("drift", [4, 4]), ("verify", [1, 0]), ("preflight", [0, 0])])
def test_a_hundred_endpoints_of_a_service_that_has_thousands_take_seconds(
    command: str, codes: list[int], tmp_path: Path
) -> None:
    """Each could be each: what fits alike is not compared one by one, nor are all judged."""
    answers = (ROOT / "tests" / "drift" / "estate.json").read_text(encoding="utf-8")
    live = next(each["VpcEndpoints"][0] for each in documents(answers) if "VpcEndpoints" in each)
    live["NetworkInterfaceIds"] = []  # an interface is of one endpoint
    text = lines("  k{0}: {{service: sqs, private_dns_enabled: false, name: n{0}}}\n", 7000)
    head = HEAD.replace("name: a}, {name: b", "name: private-a}, {name: private-b").replace(
        "name: endpoints", "name: web"
    )
    (tmp_path / "spec.yaml").write_text(f"{head}endpoints:\n{text}", encoding="utf-8")

    def measure() -> list[tuple[float, float]]:
        used = []
        sizes = text.count("service"), LARGEST_PRINTED // 8 // len(json.dumps(live))
        for size, code in zip(sizes, codes, strict=True):
            every = [{**live, "VpcEndpointId": f"vpce-{number:017x}", "Tags": []} for number in range(size)]
            (tmp_path / "answers.json").write_text(
                f"{answers}\n{json.dumps({'VpcEndpoints': every})}", encoding="utf-8"
            )
            given = (str(tmp_path / "spec.yaml"), "--from", str(tmp_path / "answers.json"))
            used.append(_taken(command, *given, code=code, folder=tmp_path))
        return used

    assert _in_time(measure, told=command == "drift")


@pytest.mark.parametrize(("command", "code"), [("drift", 4), ("verify", 0), ("preflight", 0)])
def test_a_fleet_in_a_vpc_that_has_thousands_of_its_service_takes_seconds(
    command: str, code: int, tmp_path: Path
) -> None:
    """What all targets share is looked at once: 15 runs that are given little are 5 s."""
    answers = (ROOT / "tests" / "drift" / "estate.json").read_text(encoding="utf-8")
    live = next(each["VpcEndpoints"][0] for each in documents(answers) if "VpcEndpoints" in each)
    names = {"name: x\n": "", "name: a}": "name: private-a}", "name: b}": "name: private-b}", "endpoints}": "web}"}
    head = HEAD
    for own, there in names.items():
        head = head.replace(own, there)

    def measure(targets: int, lives: int) -> tuple[float, float]:
        rows = "".join(f"  k{number}: {{}}\n" for number in range(targets))
        endpoint = "endpoints: {sqs: {service: sqs, private_dns_enabled: false}}"
        (tmp_path / "spec.yaml").write_text(f"{head}{endpoint}\ntargets:\n{rows}", encoding="utf-8")
        own = {**live, "NetworkInterfaceIds": []}
        tags = ([{"Key": "Name", "Value": f"z{number}"}] if command == "drift" else [] for number in range(lives))
        every = [{**own, "VpcEndpointId": f"vpce-{number:017x}", "Tags": each} for number, each in enumerate(tags)]
        (tmp_path / "answers.json").write_text(f"{answers}\n{json.dumps({'VpcEndpoints': every})}", encoding="utf-8")
        given = (str(tmp_path / "spec.yaml"), "--from", str(tmp_path / "answers.json"))
        return _taken(command, *given, code=code, folder=tmp_path)

    for _ in range(3):
        (little, _), (seconds, memory) = measure(2, 1500), measure(400, 1500)
        if seconds < 15 * little and memory < 300:
            return
    pytest.fail(f"{seconds} s beside {little} s, {memory} MiB")


def test_a_spec_has_as_many_endpoints_as_are_rendered_in_seconds(tmp_path: Path) -> None:
    """More are told before any is judged."""
    endpoints = [f"  k{number}: {{service: logs, private_dns_enabled: false}}\n" for number in range(4001)]
    code, told = measured(f"{HEAD}endpoints:\n{''.join(endpoints)}", tmp_path)[2:]
    assert (code, "E013 4,001 endpoints, and a module has 4,000 at most" in told) == (1, True), told[:300]

    def measure(number: int) -> tuple[float, float]:
        (tmp_path / "spec.yaml").write_text(f"{HEAD}endpoints:\n{''.join(endpoints[:number])}", encoding="utf-8")
        with TemporaryDirectory(dir=tmp_path) as out:
            return _taken("render", str(tmp_path / "spec.yaml"), "-o", out, "--no-cache", code=0, folder=tmp_path)

    for _ in range(3):
        (little, _), (seconds, memory) = measure(1), measure(4000)
        if seconds < 15 * little and memory < 300:
            return
    pytest.fail(f"{seconds} s beside {little} s, {memory} MiB")


def test_a_spec_has_as_many_targets_as_are_made_in_seconds(tmp_path: Path) -> None:
    """More are told before any is made."""
    head = "region: eu-west-1\nvpc: {name: a}\nroute_tables: [{main: true}]\ntargets:\n"
    seconds, _, code, told = measured(head + lines("  k{}: {{}}\n", LARGEST - 200), tmp_path)

    assert (code, " targets, and a spec has 5,000 at most" in told, seconds < 5) == (1, True, True), told[:300]


BY_ROW = 'Version: {format: "{name}"}'
"""What makes a policy another one in each target."""


@pytest.mark.parametrize(
    ("what", "stated"),
    [
        ("50,000 endpoints", "endpoints:\n" + lines("  k{}: {{service: sqx}}\n", LARGEST // 3)),
        ("50,000 endpoints", f"bundles: [{', '.join(each.pinned for each in map(newest, load().values()))}]\n"),
        ("500,000 values", "tags:\n" + lines("  k{}: v\n", LARGEST // 3)),
        (
            "400,000 values of policies",
            f"policy: {{Id: {'x' * 24_000}, {BY_ROW}}}\nendpoints: {{sqs: {{service: sqs}}}}\n",
        ),
        ("400,000 values of policies", f"endpoints: {{a: {{policy: {{{BY_ROW}, Statement: [{'a, ' * 130}]}}}}}}\n"),
        ("500,000 values", "overlays:\n" + "  - {where: {t: b}, set: {vars: [" + "a, " * (LARGEST // 16) + "]}}\n"),
    ],
)
def test_the_targets_of_a_spec_have_so_much_together_as_is_judged_in_seconds(
    what: str, stated: str, tmp_path: Path
) -> None:
    """Hundreds of kilobytes of endpoints and as many of rows are millions: that is told before any is made."""
    head = "region: eu-west-1\nvpc: {name: a}\nvalues: {t: text}\n"
    rows = lines("  k{}: {{t: b}}\n", 60_000)
    seconds, memory, code, told = measured(f"{head}{stated}targets:\n{rows}", tmp_path)

    assert (code, f"E013 the targets have more than {what} together" in told) == (1, True), told[:300]
    assert (seconds < 5, memory < 300) == (True, True), (seconds, memory)


@pytest.mark.parametrize(("row", "code"), [("targets: {k: {t: @}}", "E013"), ("name: @", "E103")])
def test_what_formats_give_is_bounded_before_it_is_made(row: str, code: str, tmp_path: Path) -> None:
    """A value of half a file in as many places was gigabytes."""
    head = "region: eu-west-1\nvpc: {name: {format: '@'}}\nsubnets: [{name: a}]\nendpoints: {sqs: {service: sqs}}\n"
    text = head.replace("@", ("{t}" if "t:" in row else "{name}") * 80_000) + row.replace("@", "b" * (LARGEST // 2))
    seconds, memory, found, told = measured(text + ("\nvalues: {t: text}\n" if "t:" in row else "\n"), tmp_path)

    assert (found, f" {code} " in told) == (1, True), told[:300]
    assert (seconds < 5, memory < 300) == (True, True), (seconds, memory)


def test_targets_that_share_a_policy_have_it_judged_once(tmp_path: Path) -> None:
    """What it lets through is sought among all that its texts tell apart, which took 14 ms for each target."""
    actions = "".join(f"'sqs:A{number}', " for number in range(75))
    policy = (
        f"{{Version: '2012-10-17', Statement: [{{Effect: Allow, Principal: '*', Resource: '*', Action: [{actions}]}}]}}"
    )
    endpoints = f"endpoints: {{sqs: {{service: sqs, policy: {policy}}}}}\ntargets:\n"
    head = HEAD.removeprefix("name: x\n").replace("route_tables: [{main: true}]\n", "")
    seconds, memory, code, told = measured(head + endpoints + "".join(f"  k{n}: {{}}\n" for n in range(1000)), tmp_path)

    assert (code, seconds < 5, memory < 300) == (0, True, True), (seconds, memory, told[:500])


ACTIONS = json.dumps([f"sqs:Action{number}" for number in range(75)])
ALLOW = f"""{{"Effect": "Allow", "Principal": "*", "Resource": "*", "Action": {ACTIONS}}}"""
PERIMETER = """{Effect: Allow, Principal: "*", Action: "*", Resource: "*", Condition: {StringEquals: {
  aws:PrincipalOrgID: o-a1b2c3d4e5, aws:ResourceOrgID: o-a1b2c3d4e5, aws:PrincipalAccount: "111122223333"}}}"""
SHARED = f"""{{Version: "2012-10-17", Statement: [{", ".join([PERIMETER] * 3)}]}}"""


@pytest.mark.parametrize(
    ("policy", "own", "targets"),
    [
        (SHARED, "", 400),
        ("", f", policy: {SHARED}", 400),
        ("{file: policy.json}", "", 100),
        (f"[{{preset: org-perimeter, org_id: o-a1b2c3d4e5}}, {SHARED}]", "", 250),
        (SHARED.replace('"111122223333"', '{format: "{name}"}').replace('"*", Res', f"{ACTIONS}, Res"), "", 40),
    ],
    ids=["of all", "of each endpoint", "file", "with a preset", "by account"],
)
def test_a_policy_is_judged_once_for_all_endpoints_that_have_it(
    policy: str, own: str, targets: int, tmp_path: Path
) -> None:
    """Whatever it is written as; of those that differ from target to target, what does not differ is."""
    allow = [json.loads(ALLOW)] * 8
    (tmp_path / "policy.json").write_text(json.dumps({"Version": "2012-10-17", "Statement": allow}), encoding="utf-8")
    services = ["ec2", "ssm", "sts", "kms", "sqs", "sns", "logs", "lambda", "athena", "glue", "states", "events"]
    endpoints = "".join(f"  {each}: {{service: {each}{own}}}\n" for each in services)
    head = HEAD.removeprefix("name: x\n").replace("route_tables: [{main: true}]\n", "")
    text = f"{head}{policy and f'policy: {policy}'}\nendpoints:\n{endpoints}targets:\n"
    seconds, memory, code, told = measured(text + "".join(f"  k{n}: {{}}\n" for n in range(targets)), tmp_path)

    assert (code, seconds < 5, memory < 300) == (0, True, True), (seconds, memory, told[:500])


@pytest.mark.parametrize("where", ["endpoints", "overlays"])
def test_policies_that_are_too_much_inline_are_not_as_a_file(where: str, tmp_path: Path) -> None:
    """Each value of a policy is copied into each target; a file is one value, and the message says so."""
    inline = json.dumps({"Version": "2012-10-17", "Statement": [json.loads(ALLOW)] * 15})
    (tmp_path / "policy.json").write_text(inline, encoding="utf-8")
    head = HEAD.removeprefix("name: x\n").replace("route_tables: [{main: true}]\n", "values: {t: text}\n")
    targets = "targets:\n" + "".join(f"  t{number}: {{t: b}}\n" for number in range(500))
    for policy, ends in (("{file: policy.json}", 0), (inline, 1)):
        own = f"endpoints: {{sqs: {{service: sqs, policy: {policy}}}}}\n"
        over = f"endpoints: {{sqs: {{service: sqs}}}}\noverlays: [{{where: {{t: b}}, set: {{{own.strip()}}}}}]\n"
        *_, code, told = measured(f"{head}{own if where == 'endpoints' else over}{targets}", tmp_path)
        way = "have each policy in a file, which is one value here, policy: {file: NAME.json}; or write several specs"

        assert (code, way in " ".join(told.split())) == (ends, bool(ends)), told[:2000]


def test_a_policy_file_is_read_once_for_all_targets(tmp_path: Path) -> None:
    """Fifteen of a mebibyte for each of 200 targets are 3 GiB, which took 8 s."""
    for number in range(15):
        text = f'{{"Statement": [{ALLOW}]'
        (tmp_path / f"{number}.json").write_text(text.ljust(LARGEST - 1) + "}", encoding="utf-8")
    endpoints = "".join(
        f"  k{number}: {{service: sqs, private_dns_enabled: false, policy: {{file: {number}.json}}}}\n"
        for number in range(15)
    )
    head = HEAD.removeprefix("name: x\n").replace("route_tables: [{main: true}]\n", "")
    rows = "".join(f"  t{number}: {{}}\n" for number in range(200))
    seconds, memory, code, told = measured(f"{head}endpoints:\n{endpoints}targets:\n{rows}", tmp_path)

    assert code == 0, told[:2000]
    assert (seconds < 5, memory < 300) == (True, True), (seconds, memory)


def test_a_thousand_targets_of_thirty_endpoints_are_below_the_limits() -> None:
    """As the largest fleets that are known."""
    endpoints = "".join(f"  k{number}: {{service: sqs, name: n, tags: {{a: b}}}}\n" for number in range(30))
    rows = "".join(f"  r{number}: {{}}\n" for number in range(1000))
    head = "region: eu-west-1\nvpc: {name: a}\n"
    assert len(targets(source.parse(f"{head}endpoints:\n{endpoints}targets:\n{rows}", "x.yaml"))) == 1000


Answers = dict[str, list[dict[str, Any]]]


def _rules(answers: Answers, size: int) -> None:
    """Add a group with so many CIDR blocks."""
    blocks = [
        {"CidrIp": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}/32"}
        for number in range(min(25 * size, 10_000))
    ]
    rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": blocks}
    rule |= {"Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": []}
    more = {"GroupId": "sg-0a1b2c3d4e5f60799", "GroupName": "blocks", "Tags": [], "IpPermissions": [rule]}
    answers["SecurityGroups"].append({**answers["SecurityGroups"][0], **more})


def _network(answers: Answers, size: int) -> None:
    """Add so many blocks of the VPC, each with a subnet and its table, and more tags and groups of an endpoint."""
    own, subnet, table = (answers[kind][0] for kind in ("Vpcs", "Subnets", "RouteTables"))
    for number in range(size):
        cidr, name = f"11.{number >> 8}.{number & 255}.0/24", f"subnet-1{number:07x}"
        block = {"CidrBlock": cidr, "CidrBlockState": {"State": "associated"}}
        own["CidrBlockAssociationSet"].append(block)
        more = {"SubnetId": name, "CidrBlock": cidr, "Tags": [{"Key": "Use", "Value": "x"}]}
        answers["Subnets"].append({**subnet, **more})
        used = {"Associations": [{"Main": False, "SubnetId": name}], "Routes": []}
        answers["RouteTables"].append({**table, **used, "RouteTableId": f"rtb-1{number:07x}", "Tags": []})
    live = answers["VpcEndpoints"][0]
    live["Tags"] += [{"Key": f"k{number}", "Value": "v"} for number in range(min(10 * size, 9_000))]
    live["Groups"] += [{"GroupId": f"sg-1{number:07x}", "GroupName": "g"} for number in range(min(10 * size, 9_000))]


def _nowhere(answers: Answers, size: int) -> None:
    """Add so many subnets, each of which may be one that the spec names."""
    more = ({"SubnetId": f"subnet-1{number:07x}", "Tags": []} for number in range(4 * size))
    answers["Subnets"] += [{**answers["Subnets"][0], **each} for each in more]


CROWDS: dict[str, tuple[Callable[[Answers, int], None], str, str, int]] = {
    "CIDR blocks": (_rules, "", "drift", 4),
    "subnets, tables, tags and groups": (_network, ", {tags: {Use: x}}", "drift", 4),
    "what is not there": (_nowhere, "".join(f", {{name: s{number}}}" for number in range(900)), "verify", 1),
}
"""What is added to the answers of `tests/drift`, and to the subnets of its spec, who is given that, and how it ends."""


@pytest.mark.parametrize("kind", CROWDS)
def test_thousands_of_what_leads_to_each_other_take_seconds(kind: str, tmp_path: Path) -> None:
    """Each is looked up, and not sought among all; what is judged once for all alike takes its time for each."""
    add, subnets, command, code = CROWDS[kind]
    text = (ROOT / "tests" / "drift" / "spec.yaml").read_text(encoding="utf-8")
    fixed = text[text.index("    subnet_configuration:") : text.index("  database:")]
    text = text.replace(fixed, "").replace("{name: private-b}]", f"{{name: private-b}}{subnets}]", 1)
    (tmp_path / "spec.yaml").write_text(text, encoding="utf-8")

    def measure() -> list[tuple[float, float]]:
        used = []
        for size in (1, 4000):
            answers: Answers = {}
            for each in documents((ROOT / "tests" / "drift" / "estate.json").read_text(encoding="utf-8")):
                answers |= each
            add(answers, size)
            (tmp_path / "answers.json").write_text(json.dumps(answers), encoding="utf-8")
            given = (str(tmp_path / "spec.yaml"), "--from", str(tmp_path / "answers.json"))
            used.append(_taken(command, *given, code=code, folder=tmp_path))
        return used

    assert _in_time(measure, told=1)


@pytest.mark.parametrize("command", ["drift", "verify", "preflight"])
def test_what_is_the_same_of_thousands_is_told_of_some(command: str, tmp_path: Path) -> None:
    """And how many more there are: JSON of what AWS has tells all of them."""
    there: Answers = {}
    for each in documents((ROOT / "tests" / "drift" / "estate.json").read_text(encoding="utf-8")):
        there |= each
    ids = [f"subnet-1{number:07x}" for number in range(3000)]
    more = {"Tags": [{"Key": "Use", "Value": "x"}]}
    there["Subnets"] += [
        {**there["Subnets"][0], **more, "SubnetId": each, "CidrBlock": f"10.0.{16 + at // 16}.{at % 16 * 16}/28"}
        for at, each in enumerate(ids)
    ]
    (tmp_path / "answers.json").write_text(json.dumps(there), encoding="utf-8")
    text = (ROOT / "tests" / "drift" / "spec.yaml").read_text(encoding="utf-8")
    (tmp_path / "spec.yaml").write_text(text.replace("b}]", "b}, {tags: {Use: x}}]", 1), encoding="utf-8")
    given = [command, str(tmp_path / "spec.yaml"), "--from", str(tmp_path / "answers.json")]
    told, data = (CliRunner().invoke(cli.application(), [*given, *form]) for form in ((), ("--format", "json")))

    assert len(told.output) < 12_000
    assert re.search(r" and 29\d\d\s+more", told.output)
    assert command == "preflight" or all(each in data.stdout for each in ids)


def test_what_is_wrong_with_each_of_many_objects_is_told_in_seconds(tmp_path: Path) -> None:
    """And in no more memory than there is: so many are counted, not all."""
    used = []
    for count in (1, 800_000):
        (tmp_path / "answers.json").write_text(f'{{"VpcEndpoints": [{"{}," * count}{{}}]}}', encoding="utf-8")
        given = ("tests/drift/spec.yaml", "--from", str(tmp_path / "answers.json"))
        seconds, memory, code, told = run("verify", *given)
        assert code == 1
        assert told.count(" E406 $.VpcEndpoints[0] has no VpcEndpointId, ") == told.count(" E406 ") == 1
        used.append((seconds, memory))

    assert "nor is it right in at least 9999 more" in told
    assert used[1][0] - used[0][0] < 6 * used[0][0]
    assert used[1][1] < 300


LONG_TEXTS: dict[str, tuple[Callable[[str], dict[str, Any]], str]] = {
    "text": (lambda long: {"State": long}, "E406 $.VpcEndpoints[0].State is text of 33,554,432 characters, more than"),
    "texts of tags": (
        lambda long: {"Tags": [{"Key": f"k{at}", "Value": long[: 2**15]} for at in range(1000)]},
        "E406 $.VpcEndpoints[0].Tags[0].Value is text of 32,768 characters, more than the 4,096 that are read; nor is",
    ),
    "tags": (
        lambda _: {"Tags": [{"Key": f"k{at}", "Value": "v"} for at in range(700_000)]},
        "E406 $.VpcEndpoints[0].Tags has 700,000 items, more than the 10,000 that are read",
    ),
    "ids": (
        lambda _: {"RouteTableIds": [f"rtb-{at:08x}" for at in range(400_000)]},
        "E406 $.VpcEndpoints[0].RouteTableIds has 400,000 items, more than the 10,000 that are read",
    ),
    "quotes": (lambda _: {"State": '"' * 2**24}, "E406 $.VpcEndpoints[0].State is text of 16,777,216 characters"),
    "texts": (lambda long: {"SubnetIds": [long]}, "E406 $.VpcEndpoints[0].SubnetIds[0] is text of 33,554,432"),
    "key": (lambda long: {long: 1}, "E401 not JSON: an object has a key of 33,554,432 characters, more than"),
    "digits": (lambda _: {"Tags": "9" * 5000}, "E401 a number has more digits than any of AWS's"),
    "token": (lambda long: {"NextToken": long}, "E406 $.NextToken is text of 33,554,432 characters, more than"),
    "state": (lambda long: {"id": long}, "values.root_module.resources[0].values.id: text of 33,554,432 characters"),
    "one just too long": (
        lambda _: {"State": "x" * 2**16 + "x"},
        "is text of 65,537 characters, more than the 65,536 that",
    ),
    "not read": (lambda long: {"unread": long}, "E405 the files have no"),
}
"""What has one text of 32 MiB, or a list as long, and what is told of it."""


@pytest.mark.parametrize("kind", LONG_TEXTS)
def test_a_text_that_is_longer_than_any_of_aws_is_told_in_seconds_and_not_printed(kind: str, tmp_path: Path) -> None:
    """In a state and wherever an answer has one; it is not compared, folded or quoted, each of which took minutes."""
    made, said = LONG_TEXTS[kind]
    odd, data, file = made("x" * 2**25), str(ROOT / "tests" / "drift" / "estate.json"), tmp_path / "odd.json"
    whole: dict[str, Any] = {"VpcEndpoints": [_endpoint(0, "") | (odd if kind != "token" else {})]}
    whole |= odd if kind == "token" else {}
    if kind == "state":
        whole = state({**(applied := _applied(0)), "values": {**applied["values"], **odd}})
    text = json.dumps(whole).replace(f'"{"9" * 5000}"', "9" * 2**25)
    file.write_text(text, encoding="utf-8")
    given = ("--state", str(file), "--from", data) if kind == "state" else ("--from", str(file))
    seconds, memory, code, told = run("drift", "tests/drift/spec.yaml", *given)

    assert (code, said in told, len(told) < 2000) == (1, True, True), told[:2000]
    assert (seconds < 5, memory < 300) == (True, True), (seconds, memory)


FOREIGN: dict[str, Callable[[int], str]] = {
    "brackets": lambda size: "[" * size,
    "nested": lambda size: "zz = " + "[" * (size // 2) + "]" * (size // 2),
    "lines": lambda size: "x\n" * (size // 2),
    "blank lines": lambda size: "\n" * size,
    "comments": lambda size: "//\n" * (size // 3),
    "items": lambda size: "zz = [" + "1," * (size // 2) + "]\n",
    "templates": lambda size: 'zz = "' + "${zz}" * (size // 5) + '"\n',
    "a comment": lambda size: "#" + "x" * size,
}
"""Texts of no size that python-hcl2 reads in seconds."""


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize("size", [2**20 - 100, LARGEST_FILE], ids=["read", "too large"])
def test_a_file_beside_a_module_is_read_in_seconds_or_not_at_all(kind: str, size: int, tmp_path: Path) -> None:
    """What is not read is told."""
    (tmp_path / "s.yaml").write_text(f"{HEAD}endpoints: {{sqs: {{service: sqs}}}}\n", encoding="utf-8")
    given = (str(tmp_path / "s.yaml"), "--out", str(tmp_path / "out"), "--no-cache")
    assert run("render", *given)[2] == 0
    (tmp_path / "out" / "x" / "mine.tf").write_text(FOREIGN[kind](size), encoding="utf-8")
    seconds, memory, code, told = run("check", *given)

    assert code == (4 if size > 2**20 else 0), told[:2000]  # E324, or W324
    assert (seconds < 5, memory < 300) == (True, True), (seconds, memory)


MADE: dict[str, tuple[str, Callable[[int], str], int]] = {
    "a manifest": (".gen-endpoints.sha256", lambda size: lines(f"{'0' * 64}  f{{}}.tf\n", size), 1),
    "lines of a manifest": (".gen-endpoints.sha256", lambda size: "x\n" * (size // 2), 1),
    "rendered files": ("{}.tf", lambda size: "x\n" * (size // 2), 6),
    "files beside": ("my_{}.tf", lambda size: "#" * size, 6),
}
"""Files in a module's folder: how they are called, what is in them, and how many."""
NAMES = ("main", "data", "outputs", "variables", "versions", "security_groups")


@pytest.mark.parametrize("kind", MADE)
def test_files_of_a_module_s_folder_that_somebody_made_large_take_seconds(kind: str, tmp_path: Path) -> None:
    """No more is read of one than may be in it."""
    form, made, number = MADE[kind]
    text = HEAD.replace("[{name: endpoints}]", "[create: {name: e, ingress: [{vpc: true}]}]")
    (tmp_path / "s.yaml").write_text(f"{text}endpoints: {{sqs: {{service: sqs}}}}\n", encoding="utf-8")
    given = (str(tmp_path / "s.yaml"), "--out", str(tmp_path / "out"), "--no-cache")
    assert run("render", *given)[2] == 0
    for name in NAMES[:number]:
        (tmp_path / "out" / "x" / form.format(name)).write_text(made(LARGEST_PRINTED), encoding="utf-8")
    for command in ("check", "render"):
        seconds, memory, code, told = run(command, *given)

        assert code == (4 if command == "check" else kind != "files beside"), told[:2000]  # those are a warning
        assert (seconds < 5, memory < 300) == (True, True), (command, seconds, memory)


RENDERED = "# Generated by gen-endpoints from s.yaml. DO NOT EDIT.\n"
SEVERAL = {"long": "# import module.\n" * 2**19, "of many words": lines("a = [b, b, b, b, b, b, {}]\n", 90_000)}


@pytest.mark.parametrize(
    ("where", "kind"),
    [(where, "long") for where in ("root", "module", "manifest", "no manifest", "revision")]
    + [(where, "of many words") for where in ("root", "module")],
)
def test_many_files_of_a_folder_are_read_up_to_a_size_together(where: str, kind: str, tmp_path: Path) -> None:
    """Twenty of 16 MiB took 700 MiB, and of 50,000 words a minute; in a module those not read are E324.

    Those that a manifest lists, or that say of themselves that they were rendered, are not compared.
    """
    (tmp_path / "s.yaml").write_text(f"{HEAD}endpoints: {{sqs: {{service: sqs}}}}\n", encoding="utf-8")
    given = (str(tmp_path / "s.yaml"), "--out", str(tmp_path / "out"), "--no-cache")
    assert run("render", *given)[2] == 0
    folder = tmp_path if where == "root" else tmp_path / "out" / "x"
    for number in range(20):
        (folder / f"r{number}.tf").write_text(f"{RENDERED}# {number}\n{SEVERAL[kind]}", encoding="utf-8")
    if where == "no manifest":
        (folder / ".gen-endpoints.sha256").unlink()
    elif where in {"manifest", "revision"}:
        with (folder / ".gen-endpoints.sha256").open("a") as manifest:
            manifest.writelines(f"{sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in folder.glob("r*"))
    if where == "revision":
        commit(tmp_path, {})
    seconds, memory, code, told = run("check", *given, at=tmp_path)

    assert code == (0 if where == "root" else 4), told[:2000]
    assert (where in {"root", "module"}) == ("it is too long, or too many there are long" not in told), told[:2000]
    assert (seconds < 5, memory < 300) == (True, True), (seconds, memory)


def test_thousands_of_endpoints_of_a_module_are_drawn_in_seconds(tmp_path: Path) -> None:
    """Each was compared with each."""
    (tmp_path / "main.tf").write_text(lines('resource "aws_vpc_endpoint" "b{}" {{\n}}\n', 2**19), encoding="utf-8")
    seconds, memory, code, told = run("draw", str(tmp_path), "--out", str(tmp_path / "x.svg"), "--no-cache")

    assert code == 0, told[:2000]
    assert (seconds < 5, memory < 300) == (True, True), (seconds, memory)


def test_a_list_of_services_and_templates_are_read_up_to_a_size(tmp_path: Path) -> None:
    """They took more memory than there is."""
    (tmp_path / "s.yaml").write_text(f"{HEAD}endpoints: {{sqs: {{service: sqs}}}}\n", encoding="utf-8")
    for number in range(200):
        (tmp_path / "own").mkdir(exist_ok=True)
        (tmp_path / "own" / f"{number}.tf").write_text("# x\n" * 2**18, encoding="utf-8")
    templates = ("render", str(tmp_path / "s.yaml"), "--templates", str(tmp_path / "own"), "--out", str(tmp_path))
    (tmp_path / "services").mkdir()
    for said, given in (("E601", templates), ("E275", ("validate", str(tmp_path / "s.yaml")))):
        seconds, memory, code, told = run(*given)
        (tmp_path / "services" / "eu-west-1.json").write_text(f"[{'[],' * (5 * 2**20)}1]", encoding="utf-8")

        assert (code, told.count(f" {said} ")) == (1, 1), told[:2000]
        assert (seconds < 5, memory < 300) == (True, True), (said, seconds, memory)


SPECS: dict[str, Callable[[int], str]] = {
    "groups that are looked up": lambda size: (
        HEAD.replace("{name: endpoints}", lines("{{name: security-group-{}}}, ", size))
        + "endpoints: {sqs: {service: sqs}}\n"
    ),
    "a long key": lambda size: f'{HEAD}? "{"k" * size}"\n: 1\n',
    "conditions of a policy": lambda size: (
        f"{HEAD}endpoints: {{sqs: {{service: sqs, policy: {{Version: '2012-10-17', Statement: [{{Effect: Allow, "
        "Principal: '*', Resource: '*', Action: 'sqs:*', Condition: {StringEquals: {"
        + lines("'aws:k{}': v,", size)
        + "}}}]}}}\n"
    ),
}


@pytest.mark.parametrize("kind", SPECS)
def test_a_spec_of_a_mebibyte_takes_seconds(kind: str, tmp_path: Path) -> None:
    """Where each thing was compared with each."""
    seconds, memory, code, told = measured(SPECS[kind](LARGEST - 1000), tmp_path)

    assert (code, len(told) < 20_000) == (1, True), told[:2000]
    assert (seconds < 5, memory < 300) == (True, True), (seconds, memory)


_RESOURCES: dict[str, Callable[[int], list[str]]] = {
    "E272": lambda _: ["a" * 80_000],
    "more than 16 MiB": lambda _: ["a" * 200_000],
    "more than 500,000 values": lambda file: [str(file * value) for value in range(3_000)],
}
"""Of 200 policy files, by what is said of them."""


@pytest.mark.parametrize("several", [False, True], ids=["one", "joined"])
@pytest.mark.parametrize("said", _RESOURCES)
def test_policy_files_are_refused_before_they_are_joined_and_judged(
    said: str, *, several: bool, tmp_path: Path
) -> None:
    """Of each endpoint all files were joined and judged, each of which may be a mebibyte: it took minutes."""
    for number in range(200):
        stated = {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": _RESOURCES[said](number)}
        text = json.dumps({"Version": "2012-10-17", "Statement": [{"Sid": f"S{number}", **stated}]})
        (tmp_path / f"{number}.json").write_text(text, encoding="utf-8")
    files = [f"{{file: {number}.json}}" for number in range(200)]
    policies = [f"[{', '.join(files)}]"] * 200 if several else files
    endpoints = "".join(
        f"  k{number}: {{service: sqs, private_dns_enabled: false, policy: {policy}}}\n"
        for number, policy in enumerate(policies)
    )
    seconds, memory, code, told = measured(f"{HEAD}endpoints:\n{endpoints}", tmp_path)

    assert (code, told.count(said)) == (1, 200 if said == "E272" else 1), told[:2000]
    assert (seconds < 5, memory < 300) == (True, True), (seconds, memory)


@pytest.mark.parametrize(("number", "code"), [(99_900, "E102"), (2**18, "E013")])
@pytest.mark.parametrize("kind", ["spec", "project file", "specs of a project"])
def test_a_file_in_which_each_item_of_a_list_is_wrong_takes_no_more_memory_than_there_is(
    kind: str, number: int, code: str, tmp_path: Path
) -> None:
    """It is told of a thousand, and of a file with more items, of whatever kind, that there are too many."""
    items, project = "{}," * number, tmp_path / "gen-endpoints.yaml"
    patterns = items if kind == "project file" else "spec.yaml," * number
    project.write_text(f"specs: [{patterns}]\n", encoding="utf-8")
    if kind == "spec":
        seconds, memory, found, told = measured(f"{HEAD}targets: {{a: {{}}}}\noverlays: [{items}]\n", tmp_path)
    else:
        seconds, memory, found, told = run("validate", "--project", str(project))

    assert (found, f" {code} " in told) == (1, True), told[:2000]
    assert (seconds < 5, memory < 300) == (True, True), (seconds, memory)


def _items(form: str, number: int) -> str:
    """Return so many items of JSON, each of a form with its number."""
    return ",".join(map(form.format, range(number)))


HEAVY: dict[str, Callable[[], str]] = {
    "keys": lambda: "{" + _items('"k{:07}":"' + "v" * 60 + '"', 800_000) + "}",
    "texts": lambda: "[" + _items('"{:014}"', 3_500_000) + "]",
    "texts of one wide letter": lambda: "[" + _items('"😀{}' + "x" * 60_000 + '"', 1_000) + "]",
    "objects of their own keys": lambda: "[" + _items('{{"k{0:06}":"{0:024}"}}', 890_000) + "]",
    "letters": lambda: json.dumps("é" * (2**25 - 4096), ensure_ascii=False),
    "lists": lambda: "[" + _items("[" * 900 + "]" * 900, 4_000) + "]",
}
"""What takes much more memory than it is long, and each in its own way."""


@pytest.mark.parametrize("kind", HEAVY)
def test_what_takes_much_more_memory_than_it_is_long_takes_no_more_than_there_is(kind: str, tmp_path: Path) -> None:
    """Whatever is read: as the tags of a state's endpoint or of an answer's, or in what another command found."""
    applied = state({**(one := _applied(0)), "values": {**one["values"], "tags": "@"}})
    answered = {"VpcEndpoints": [{**_endpoint(0, ""), "Tags": "@"}]}
    drift, data = ("drift", "tests/drift/spec.yaml"), str(ROOT / "tests" / "drift" / "estate.json")
    whole, command = (
        (applied, (*drift, "--from", data, "--state")),
        (answered, (*drift, "--from")),
        ({"schema": "gen-endpoints/drift/1", "specs": "@"}, ("draw", "tests/drift/spec.yaml", "--findings")),
    )[[*HEAVY].index(kind) % 3]
    (tmp_path / "x.json").write_text(json.dumps(whole).replace('"@"', HEAVY[kind]()), encoding="utf-8")
    seconds, memory, code, told = run(*command, str(tmp_path / "x.json"))

    assert (code, len(told) < 2000, "Exception" in told) == (1, True, False), told[:2000]
    assert (seconds < 5, memory < 300) == (True, True), (seconds, memory)


@pytest.mark.parametrize(
    ("name", "value"), [("tags", {f"k{at}": "v" for at in range(10_001)}), ("subnet_ids", ["subnet-1"] * 10_001)]
)
def test_a_map_or_a_list_of_a_state_has_as_many_items_as_one_of_an_answer(
    name: str, value: object, tmp_path: Path
) -> None:
    """More are refused by their number."""
    applied = _applied(0)
    file = tmp_path / "state.json"
    file.write_text(json.dumps(state({**applied, "values": {**applied["values"], name: value}})), encoding="utf-8")
    with pytest.raises(Refused, match=f"{name}: has 10,001 items, more than the 10,000 that are read"):
        read_state(str(file))


def test_a_large_state_takes_seconds_and_no_more_memory_than_there_is(tmp_path: Path) -> None:
    """As an answer: what is in many resources is held once, and what was read is not held twice."""

    def measure() -> list[tuple[float, float]]:
        used = []
        for count in (1, LARGEST_PRINTED // 8 // len(json.dumps(_applied(9999)))):
            text = json.dumps(state(*(_applied(number) for number in range(count))), separators=(",", ":"))
            (tmp_path / "state.json").write_text(text, encoding="utf-8")
            given = (
                "tests/drift/spec.yaml",
                "--from",
                "tests/drift/estate.json",
                "--state",
                str(tmp_path / "state.json"),
            )
            used.append(_taken("drift", *given, code=4, folder=tmp_path))
        return used

    assert _in_time(measure)


def test_a_state_with_thousands_that_aws_does_not_have_takes_seconds(tmp_path: Path) -> None:
    """Each may be the one that a spec's endpoint is instead: twelve are named, and they are sought once."""
    path, state_file = str(ROOT / "tests" / "drift" / "spec.yaml"), tmp_path / "state.json"
    values = {"vpc_id": "vpc-0a000001", "service_name": "com.amazonaws.eu-west-1.sqs", "vpc_endpoint_type": "Interface"}

    def measure() -> list[tuple[float, float]]:
        used = []
        for count in (1, LARGEST_PRINTED // 8 // 260):
            every = (
                {**resource(f"aws_vpc_endpoint.x{number}"), "values": {**values, "id": f"vpce-{number:08x}"}}
                for number in range(count)
            )
            state_file.write_text(json.dumps(state(*every)), encoding="utf-8")
            given = (path, "--from", str(ROOT / "tests" / "drift" / "estate.json"), "--state", str(state_file))
            used.append(_taken("drift", *given, code=4, folder=tmp_path / "none"))
        return used

    assert _in_time(measure)
    answers = str(ROOT / "tests" / "drift" / "estate.json")
    told = CliRunner().invoke(cli.application(), ["drift", path, "--from", answers, "--state", str(state_file)]).output
    more = LARGEST_PRINTED // 8 // 260 - 12
    assert "vpce-00000000 at aws_vpc_endpoint.x0, vpce-00000001 at aws_vpc_endpoint.x1, " in " ".join(told.split())
    assert f" and {more} more, which AWS has not" in " ".join(told.split())


@pytest.mark.parametrize("more", [0, 1])
def test_states_have_as_many_endpoints_as_are_judged_in_seconds(more: int, tmp_path: Path) -> None:
    """Whatever modules have them: each of 180,000 may be the spec's, which took 9 s and 245 MiB. More are told."""
    values = {"vpc_id": "vpc-0a000001", "service_name": "com.amazonaws.eu-west-1.sqs", "vpc_endpoint_type": "Interface"}
    every = (
        {**resource(f'module.m["{number}"].aws_vpc_endpoint.queue'), "values": {**values, "id": f"vpce-{number:08x}"}}
        for number in range(MOST_APPLIED + more)
    )
    (tmp_path / "state.json").write_text(json.dumps(state(*every)), encoding="utf-8")
    given = ("tests/drift/spec.yaml", "--from", "tests/drift/estate.json", "--state", str(tmp_path / "state.json"))
    seconds, memory, code, told = run("drift", *given)

    said = "E013 the states have more than 100,000 endpoints, security groups and rules" in told
    assert (code, said) == ((1, True) if more else (4, False)), told[:2000]
    assert (seconds < 5, memory < 300) == (True, True), (seconds, memory)


def test_init_looks_up_so_many_names_as_take_seconds(tmp_path: Path) -> None:
    """Each that is neither a bundle nor a service took 25 ms, for what is near to it; more are counted."""
    names, given = ",".join(f"n{number}" for number in range(20_000)), "init x --region eu-west-1 --vpc a --subnet a"
    seconds, memory, code, told = run(*given.split(), "--service", names, "--out", str(tmp_path / "x.yaml"))

    assert (code, told.count(" E261 "), "19950 more names are not looked up" in told) == (1, 50, True), told[:2000]
    assert (seconds < 5, memory < 300) == (True, True), (seconds, memory)


def test_findings_are_counted(tmp_path: Path) -> None:
    """The first thousand are told, and how many more there are."""
    mistakes = source.parse(HEAD + lines("kk{}: 1\n", 2**15), "x.yaml")
    with pytest.raises(Refused, match=r"x.yaml: E014 [0-9]+ more mistakes are not told"):
        spec.decode(mistakes)
    text = HEAD + "endpoints:\n" + lines("  k{0}: {{service: s{0}q}}\n", LARGEST // 10)
    code, told = _told_in_time(text, tmp_path)

    assert code == 1
    assert told.count(" E201 ") == MOST
    assert told.count("did you mean") <= 100
    assert re.search(r"\nand at least \d{4} more findings\n\nrefused: ", told)


@pytest.mark.parametrize("rows", [MOST - 1, MOST + 2])
def test_rows_of_a_fleet_without_a_value_are_counted_as_they_are(rows: int, tmp_path: Path) -> None:
    """None is swallowed for others, and none is counted twice."""
    head = "region: eu-west-1\nvpc: {name: a}\nendpoints: {sqs: {service: sqs}}\nsubnets: [{name: a}]\n"
    *_, told = measured(head + "targets:\n" + "".join(f"  t{number}:\n" for number in range(rows)), tmp_path)

    more = [int(number) for number in re.findall(r"E014 (\d+) more mistakes", told)]
    shown = int(re.findall(r"and at least (\d+) more finding", told)[0]) if more else 0
    assert told.count(" E105 ") + shown + sum(more) == rows


def test_what_is_over_the_limit_is_told_at_once(tmp_path: Path) -> None:
    """A file of 64 MiB, or one without an end, is not read to its end."""
    (tmp_path / "large.yaml").write_text("a: " + "b" * (64 * 2**20), encoding="utf-8")
    before = system.getrusage(system.RUSAGE_SELF).ru_utime
    for path, said in (
        (tmp_path / "large.yaml", "E013 the file is larger than 1 MiB\n    split it"),
        ("/dev/zero", "E030 can't be read: it is not a plain file"),
    ):
        with pytest.raises(Refused, match=said):
            source.read(str(path))

    assert system.getrusage(system.RUSAGE_SELF).ru_utime - before < 2


@pytest.mark.parametrize("read", [read_state, read_plan, answer], ids=["state", "plan", "answer"])
def test_what_would_take_much_more_memory_than_it_is_long_is_refused(
    read: Callable[[str], object], tmp_path: Path
) -> None:
    """Of empty lists and objects, a file of 64 MiB would take gigabytes; what Terraform and AWS print does not."""
    for item in ("[],", "{},", "1,"):
        (tmp_path / "x.json").write_text(f"[{item * (16 * 2**20 // len(item))}1]", encoding="utf-8")
        with pytest.raises(Refused, match="E013 the file has more text, lists, objects and values than 300 MiB"):
            read(str(tmp_path / "x.json"))


def test_what_is_not_ascii_is_read_as_it_is(tmp_path: Path) -> None:
    """A name of a state comes back as it was, whatever its alphabet."""
    module = {"address": "module.größe", "resources": [resource('module.größe.aws_vpc_endpoint.x["é😀"]')]}
    (tmp_path / "state.json").write_text(json.dumps(state(below=(module,)), ensure_ascii=False), encoding="utf-8")

    (found,) = read_state(str(tmp_path / "state.json"))
    assert found.address == 'module.größe.aws_vpc_endpoint.x["é😀"]'


@pytest.mark.parametrize(
    "text", ["é", 'é"é', "é\\é", "é\né\x7fé", "aé" * 10**4, f"é{'b' * 99}😀", "\ud800é", "🇩🇪é\u2028"]
)
def test_what_is_not_ascii_is_escaped_in_runs(text: str) -> None:
    """Those end at a quote, a backslash and a control character, whatever the alphabets of what is between."""
    given = json.dumps([text, text], ensure_ascii=False).replace("\ud800", "\\ud800").encode()
    assert (escaped := ascii_json(given)).isascii()
    assert json.loads(escaped) == [text, text]


def test_each_second_character_may_be_of_another_alphabet() -> None:
    """What is not ASCII takes a step for each run, not for each character: a MiB took 0.8 s."""
    before = system.getrusage(system.RUSAGE_SELF).ru_utime
    ascii_json(json.dumps("aé" * (2**20 // 3), ensure_ascii=False).encode())
    assert system.getrusage(system.RUSAGE_SELF).ru_utime - before < 0.2


@pytest.mark.parametrize(
    ("command", "code", "each", "number"),
    [("check", 4, b"\n", 2**20), ("render", 1, b"x\n", 2**23), ("diff", 1, b"\xff", 2**24), ("check", 4, b"x", 2**26)],
)
def test_a_rendered_file_that_somebody_made_large_is_not_compared(
    command: str, code: int, each: bytes, number: int, tmp_path: Path
) -> None:
    """Neither line by line nor block by block; what is rendered is as long as the spec lets it be."""
    spec, out = str(tmp_path / "large.yaml"), str(tmp_path / "out")
    text = HEAD.replace("name: x", "name: large")
    (tmp_path / "large.yaml").write_text(f"{text}endpoints: {{sqs: {{service: sqs}}}}\n", encoding="utf-8")
    assert CliRunner().invoke(cli.application(), ["render", spec, "--out", out]).exit_code == 0
    (tmp_path / "out" / "large" / "main.tf").write_bytes(each * number)
    seconds, memory, found, told = run(command, spec, *(["--against"] if command == "diff" else ["--out"]), out)

    assert (found, len(told) < 2000) == (code, True), told[:2000]
    assert (seconds < 5, memory < 300) == (True, True), (seconds, memory)


def test_of_a_large_diff_the_first_lines_are_shown_and_the_others_counted() -> None:
    """The same diff is shown whole where it is of a size to be read."""
    finding = describe(EDITED, Place("main.tf"))
    small, large = (
        Difference(path="main.tf", kind=EDITED, diagnostic=finding, before=b"a\n" * size, after=b"b\n" * size).diff
        for size in (50, 200_000)
    )

    assert small.count("\n-a") == small.count("\n+b") == 50
    assert len(large) < 2**18 + 100
    assert re.search(r"\n\\ (\d{3},\d{3}) more lines are not shown\n$", large)
