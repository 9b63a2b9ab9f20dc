"""Whether endpoints work: a file in `tests/verify/` holds a command, what it says, and its exit code.

The JSON files are what the AWS CLI prints; a later `--from` replaces the things that it has in common with the earlier.
"""

from __future__ import annotations

import io
import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET
from xml.parsers import expat

import pytest
from typer.testing import CliRunner

from generator import cli
from generator.cli import live, waiting
from generator.cli.harmless import harmless
from generator.cli.views.verify import as_junit, as_table
from generator.cli.waiting import awaited
from generator.live import answers
from generator.live.verify.report import Check, Outcome, Report, Row
from tests.agreement import agree
from tests.answers import overlaid
from tests.cases import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.live.estate import Estate
    from tests.golden import Golden

FOLDER = ROOT / "tests" / "verify"
CASES = sorted(FOLDER.glob("*.txt"))
EVERYTHING = [f"--from={file}.json" for file in ("network", "dns", "endpoints")]


def _run(*arguments: str) -> tuple[str, int]:
    result = CliRunner().invoke(cli.application(), ["verify", *arguments])
    return result.output, result.exit_code


@pytest.fixture(autouse=True)
def _in_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    read = answers.read
    monkeypatch.chdir(FOLDER)
    monkeypatch.setattr(answers, "read", lambda texts, *more: read(overlaid(texts), *more))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_the_command_says_what_the_case_holds(case: Path, golden: Golden) -> None:
    """The output is the text of the case, to the last character."""
    command = case.read_text(encoding="utf-8").partition("\n")[0]
    output, code = _run(*shlex.split(command.removeprefix("$ gen-endpoints verify ")))

    golden(case, f"{command}\n{output}exit {code}\n")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_the_exit_code_is_what_the_document_says(case: Path) -> None:
    """What did not pass is never exit 0, and what passed is, however much of it is not known."""
    command = case.read_text(encoding="utf-8").partition("\n")[0]
    output, code = _run(*shlex.split(command.removeprefix("$ gen-endpoints verify ")), "--format", "json")

    agree("verify", code, output)


@pytest.mark.parametrize("outcome", Outcome)
def test_each_kind_of_check_comes_out_each_way(outcome: Outcome) -> None:
    """Each check has a case in which it passes, and one in which it does not; each outcome is in some case."""
    shown = {Outcome.FAILED: "FAILED", Outcome.PENDING: "PENDING"}.get(outcome, outcome)
    found = {re.split("  +", line)[2] for line in _lines() if line.startswith(f"  {shown} ")}
    checks = {"state", "network interfaces", "private DNS"}
    if outcome in {Outcome.PASSED, Outcome.FAILED}:
        checks |= {
            "name",
            "ip_address_type",
            "port 443",
            "route tables",
            "workload subnets",
            "policy",
            "policy for ecr-layers",
        }
    if outcome is Outcome.UNKNOWN:
        checks = {"port 443", "ports", "private DNS", "workload subnets", "policy for ecr-layers"}

    assert checks <= found


def _lines() -> Iterator[str]:
    for case in CASES:
        yield from case.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("files", [["pending"], ["closed"], []], ids=str)
def test_the_forms_agree(files: list[str]) -> None:
    """JSON and JUnit are read by their parsers, and say of each check what the table says."""
    asked = ["band-up.yaml", *EVERYTHING, *(f"--from={file}.json" for file in files)]
    data = json.loads(_run(*asked, "--format", "json")[0])["specs"][0]["report"]
    suite = _parsed(_run(*asked, "--format", "junit")[0]).find("testsuite")
    table, code = _run(*asked, "--all")
    assert suite is not None
    listed = [(row["key"], check["what"], check["outcome"]) for row in data["endpoints"] for check in row["checks"]]
    cases = [(case.get("classname"), case.get("name"), len(case.findall("failure"))) for case in suite]

    assert [(f"band-up.{key}", what, how in {"failed", "pending"}) for key, what, how in listed] == cases
    assert len(listed) == int(suite.get("tests", "")) == len([line for line in table.splitlines() if _is_check(line)])
    assert data["passed"] == (code == 0) == (suite.get("failures") == "0")
    assert data["known"]


def _parsed(text: str) -> ET.Element:
    builder = ET.TreeBuilder()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler = builder.data
    parser.ParseFile(io.BytesIO(text.encode()))
    return builder.close()


def _is_check(line: str) -> bool:
    return line.startswith(("  passed", "  FAILED", "  PENDING", "  unknown"))


def test_what_aws_says_steers_nothing() -> None:
    """A tag with control characters harms neither the terminal nor the XML."""
    check = Check(what="name", outcome=Outcome.FAILED, seen="Name = \x1b[2J\x00\ufffe<&")
    row = Row(key="a", name="\x1b]0;x\x07", id="vpce-1", type="Interface", service="s", state="x", checks=(check,))
    report = Report(spec="x", region="eu-west-1", vpc_id="vpc-1", rows=(row,))

    assert "\x1b" not in harmless(as_table(report) + as_junit([report]))
    failure = _parsed(harmless(as_junit([report]))).find("testsuite/testcase/failure")
    assert failure is not None
    assert failure.get("message") == "Name = \ufffd[2J\ufffd\ufffd<&"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["band-up.yaml", "--wait", "--from", "network.json"], "--wait asks AWS again"),
        (["band-up.yaml", "--timeout", "-1"], "--timeout"),
        (["band-up.yaml", "--from", "-", "--from", "-"], "standard input (-) can be read once"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str) -> None:
    """What can't be meant is refused before anything is asked."""
    output, code = _run(*arguments)

    assert code == 2
    assert message in " ".join(output.replace("│", " ").split())


class Time:
    """A clock that moves when somebody sleeps, and what is asked meanwhile."""

    def __init__(self, *states: str) -> None:
        """Answer each state in turn, the last for ever."""
        self.states = list(states)
        self.passed = 0.0
        self.asked = 0

    def now(self) -> float:
        """Return the seconds that have passed."""
        return self.passed

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.passed += seconds

    def ask(self) -> Report:
        """Return a report of one endpoint in the state that it is in now."""
        state = self.states[min(self.asked, len(self.states) - 1)]
        self.asked += 1
        return _report(state)


def _report(*states: str) -> Report:
    rows = tuple(
        Row(
            key=f"e{number}",
            name="",
            id="vpce-1",
            type="Interface",
            service="s",
            state=state,
            checks=(
                Check(what="state", outcome=Outcome.PENDING if "pending" in state else Outcome.PASSED, seen=state),
            ),
        )
        for number, state in enumerate(states)
    )
    return Report(spec="x", region="eu-west-1", vpc_id="vpc-1", rows=rows)


@pytest.mark.parametrize(
    ("states", "seconds", "asked", "told"),
    [
        (["available"], 600, 1, ""),
        (["pending", "pending", "available"], 600, 3, "waiting for 1 of 1: e0 pending\n"),
        (
            ["pendingAcceptance", "pending", "available"],
            600,
            3,
            "waiting for 1 of 1: e0 pendingAcceptance\nwaiting for 1 of 1: e0 pending\n",
        ),
        (["pending"], 12, 4, "waiting for 1 of 1: e0 pending\n"),
        (["pending"], 0, 1, ""),
    ],
)
def test_waiting_asks_until_nothing_is_pending(
    states: list[str], seconds: int, asked: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It asks again at each interval, and a last time when the time is over; each change is a line."""
    time = Time(*states)
    report = awaited(lambda: {"x": time.ask()}, seconds, now=time.now, sleep=time.sleep)["x"]

    assert (time.asked, report.is_pending) == (asked, "pending" in states[-1])
    assert time.passed == min(seconds, (asked - 1) * waiting.INTERVAL)
    assert capsys.readouterr() == ("", told)


def test_the_command_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--wait` asks AWS again, says what is pending, and ends with what there is at last."""
    files = iter([["network", "dns", "endpoints", "pending"], ["network", "dns", "endpoints"]])

    def answered(region: str, *_: Any, **__: Any) -> Estate:
        return answers.read([(file, Path(f"{file}.json").read_text(encoding="utf-8")) for file in next(files)], region)

    monkeypatch.setattr(live, "estate_of", answered)
    monkeypatch.setattr(waiting, "INTERVAL", 0)
    result = CliRunner().invoke(cli.application(), ["verify", "band-up.yaml", "--wait"])

    assert (result.exit_code, result.stderr) == (0, "waiting for 1 of 4: logs pending\n")
    assert "23 passed" in result.stdout
