"""A file that somebody made large: seconds at most, memory in proportion, a thousand findings, and a clear word."""

from __future__ import annotations

import json
import resource as system
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from generator import spec
from generator.source import source
from generator.source.diagnostics import MOST, Refused
from generator.source.reading import LARGEST_PRINTED, answer
from generator.source.terraform_json import read_plan, read_state
from generator.source.text import LARGEST
from tests.answers import documents
from tests.cases import ROOT
from tests.test_terraform_json import resource, state

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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


HOSTILE: dict[str, Callable[[int], str]] = {
    "items": lambda size: f"{HEAD}tags: [{'a,' * (size // 2)}]\n",
    "lists": lambda size: f"{HEAD}endpoints: {{a: [{'[],' * (size // 3)}]}}\n",
    "wrong values": lambda size: HEAD + "endpoints:\n" + lines("  k{}: 1\n", size),
    "unknown keys": lambda size: HEAD + lines("kk{}: 1\n", size),
    "unknown services": lambda size: HEAD + "endpoints:\n" + lines("  k{0}: {{service: s{0}q}}\n", size),
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
    "controls": lambda size: f"{HEAD}a: {chr(0x202E) * (size // 3)}",
}


def measured(text: str, folder: Path) -> tuple[float, float, int, str]:
    """Return the seconds of CPU, the memory in MiB, the exit code and the findings of a spec: a run of its own.

    Linux's `ru_maxrss` of a process is at least that of the one which started it, here all the tests'.
    """
    (folder / "spec.yaml").write_text(text, encoding="utf-8")
    return run("validate", str(folder / "spec.yaml"))


def run(*arguments: str) -> tuple[float, float, int, str]:
    """Return what `measured` does of any command."""
    program = f"""
import os, resource, sys
sys.argv = ["gen-endpoints", *{arguments!r}]
from generator.cli import run
code = run()
used = resource.getrusage(resource.RUSAGE_SELF)
(most,) = (line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(used.ru_utime + used.ru_stime, int(most) / 1024, code)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    seconds, memory, code = done.stdout.split()[-3:]
    return float(seconds), float(memory), int(code), done.stderr


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> tuple[float, float]:
    """Return what a run takes of which the spec is small."""
    return measured(HEAD, tmp_path_factory.mktemp("small"))[:2]


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_spec_takes_seconds_and_no_more_memory_than_there_is(
    kind: str, tmp_path: Path, nothing: tuple[float, float]
) -> None:
    """At an eighth of the limit: what it takes beside a small one is far below an eighth of 300 MiB, and linear."""
    seconds, memory, code, told = measured(HOSTILE[kind](LARGEST // 8), tmp_path)

    assert code == 1
    assert memory - nothing[1] < (300 - nothing[1]) / 8
    assert seconds - nothing[0] < 10 * nothing[0]
    assert len(told.splitlines()) <= 2 * MOST + 10


def _endpoint(number: int, text: str) -> dict[str, Any]:
    """Return an endpoint of a recorded answer under another id, and with text that is its own."""
    whole = next(each for each in documents(ANSWERS.read_text(encoding="utf-8")) if "VpcEndpoints" in each)
    own = {"VpcEndpointId": f"vpce-{number:017x}", "Tags": [{"Key": "Name", "Value": f"{text}{number}"}]}
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


@pytest.mark.parametrize("text", ["x", "é😀"], ids=["ascii", "wide"])
def test_a_large_answer_takes_no_more_memory_than_there_is(text: str, tmp_path: Path) -> None:
    """At an eighth of the limit, beside a small one: far below an eighth of 300 MiB, whatever its alphabet."""
    used = []
    for name, size in (("small", 1), ("large", LARGEST_PRINTED // 8 // len(json.dumps(_endpoint(0, text))))):
        around = [each for each in documents(ANSWERS.read_text(encoding="utf-8")) if "VpcEndpoints" not in each]
        every = {"VpcEndpoints": [_endpoint(number, text) for number in range(size)]}
        answers = "\n".join(json.dumps(each, ensure_ascii=False) for each in (*around, every))
        (tmp_path / f"{name}.json").write_text(answers, encoding="utf-8")
        out = ("-o", str(tmp_path / f"{name}.yaml"), "--imports", str(tmp_path / f"{name}.tf"), "--select", f"{text}0")
        options = ("--region", "eu-west-1", "--vpc", "app", "--from", str(tmp_path / f"{name}.json"))
        *_, memory, code, told = run("adopt", *options, *out)
        assert code == 0, told
        used.append(memory)

    assert used[1] - used[0] < (300 - used[0]) / 8


def test_a_large_state_takes_no_more_memory_than_there_is(tmp_path: Path) -> None:
    """As an answer: what is in many resources is held once, and what was read is not held twice."""
    used = []
    for count in (1, LARGEST_PRINTED // 8 // len(json.dumps(_applied(9999)))):
        text = json.dumps(state(*(_applied(number) for number in range(count))), separators=(",", ":"))
        (tmp_path / "state.json").write_text(text, encoding="utf-8")
        program = f"""
from generator.source.terraform_json import read_state
assert len(read_state({str(tmp_path / "state.json")!r})) == {count}
print(next(int(line.split()[1]) // 1024 for line in open("/proc/self/status") if line.startswith("VmHWM:")))
"""
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
        used.append(int(done.stdout))

    assert used[1] - used[0] < (300 - used[0]) / 8


def test_findings_are_counted(tmp_path: Path) -> None:
    """The first thousand are told, and how many more there are."""
    mistakes = source.parse(HEAD + lines("kk{}: 1\n", 2**15), "x.yaml")
    with pytest.raises(Refused, match=r"x.yaml: E014 [0-9]+ more mistakes are not told"):
        spec.decode(mistakes)
    *_, told = measured(HEAD + "endpoints:\n" + lines("  k{0}: {{service: s{0}q}}\n", 2**16), tmp_path)

    assert told.count(" E201 ") == MOST
    assert told.count("did you mean") <= 100
    assert "\nand at least 1" in told.replace("\nand at least 2", "\nand at least 1")
    assert " more findings\n\nrefused: " in told


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
        with pytest.raises(Refused, match="E013 the file has more lists, objects and values than 320 MiB"):
            read(str(tmp_path / "x.json"))


def test_what_is_not_ascii_is_read_as_it_is(tmp_path: Path) -> None:
    """A name of a state comes back as it was, whatever its alphabet."""
    module = {"address": "module.größe", "resources": [resource('module.größe.aws_vpc_endpoint.x["é😀"]')]}
    (tmp_path / "state.json").write_text(json.dumps(state(below=(module,)), ensure_ascii=False), encoding="utf-8")

    (found,) = read_state(str(tmp_path / "state.json"))
    assert found.address == 'module.größe.aws_vpc_endpoint.x["é😀"]'
