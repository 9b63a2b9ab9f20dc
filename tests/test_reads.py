"""What each command reads of AWS: as docs/answers.md has it, as it asks, and as it tells where files lack it."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from generator import cli
from generator.live.aws import ACTIONS, reading
from generator.live.aws.client import explained
from generator.live.estate import ATTRIBUTES, KINDS, to_files
from generator.live.untold import naming
from tests.answers import whole
from tests.cases import ROOT
from tests.served import as_bytes, bodies, serving
from tests.worlds import worlds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from generator.live.aws.client import Access

EU = "eu-west-1"
ADOPT = ("adopt", "--region", EU, "--vpc", "app", "--out", "x.yaml")
COMMANDS = (
    ADOPT,
    (*ADOPT, "--own-security-groups"),
    ("preflight", str(ROOT / "tests" / "preflight" / "fine.yaml")),
    ("verify", str(ROOT / "tests" / "verify" / "band-up.yaml")),
    ("drift", str(ROOT / "tests" / "drift" / "spec.yaml")),
)
EMPTY: dict[str, list[Any]] = {kind: [] for kind in naming("Vpcs")}
Command = tuple[str, ...]
OPEN = ("by the spec", "with --own-security-groups")


@pytest.fixture(scope="module")
def reads() -> dict[str, dict[str, str]]:
    """Return by kind how each command reads it, as the docs say."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "scripts"))
        found: dict[str, dict[str, str]] = import_module("answer_docs").reads()
    sys.modules.pop("answer_docs")
    return found


def _run(*arguments: str) -> str:
    return CliRunner().invoke(cli.application(), arguments).output


@pytest.fixture(params=COMMANDS, ids=lambda command: command[0])
def command(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """Return a command that asks an AWS which serves the answers recorded for it."""
    monkeypatch.chdir(tmp_path)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with _serving(request.param) as url:
        yield (*request.param, "--endpoint-url", url)


def _serving(command: Command, **other: list[Any]) -> AbstractContextManager[str]:
    """Serve the answers recorded for a command, with some `other` ones in place of theirs."""
    given = worlds()[COMMANDS.index(command)].answers()
    (vpc, *_) = (each["VpcId"] for answer in given for each in answer.get("Vpcs", ()))
    given = [*({"VpcId": vpc, key: {"Value": True}} for key in ATTRIBUTES), *given]
    given = [{kind: other.get(kind, value) for kind, value in answer.items()} for answer in given]
    sent = {key: as_bytes(body) for key, body in bodies(given).items()}
    return serving(lambda text: (200, next((body for key, body in sent.items() if key in text), b"<a/>")))


def test_what_the_docs_list_is_what_is_asked(
    reads: dict[str, dict[str, str]], command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No call more, and none less than what is listed without a condition."""
    kinds, asked = {action: kind for kind, action in ACTIONS.items()}, set[str]()

    def record(access: Access, action: str) -> AbstractContextManager[None]:
        asked.add(kinds[action])
        return explained(access, action)

    monkeypatch.setattr(reading, "explained", record)
    output = _run(*command)
    listed = {kind: row[command[0]] for kind, row in reads.items() if row[command[0]]}
    sure = {kind for kind, how in listed.items() if not how.endswith(OPEN)}

    assert "E278" not in output
    assert sure <= asked <= {*listed}
    assert "--own-security-groups" not in command or asked == {*listed}


@pytest.mark.parametrize("command", [COMMANDS[2]], ids=[""], indirect=True)
@pytest.mark.parametrize("name", ["preflight", "drift"])
@pytest.mark.parametrize("label", ["gone", ""])
def test_who_uses_a_group_that_the_state_gives_up_is_asked_for(
    command: Command, name: str, label: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By both commands that say what an apply destroys; of a state that has no such group it is not."""
    asked = set[str]()

    def record(access: Access, action: str) -> AbstractContextManager[None]:
        asked.add(action)
        return explained(access, action)

    monkeypatch.setattr(reading, "explained", record)
    found = [{"type": "aws_security_group", "name": label, "values": {"id": "sg-0a00000f", "vpc_id": "vpc-0a000001"}}]
    resources = [{**each, "mode": "managed", "address": f"aws_security_group.{label}"} for each in found if label]
    state = {"format_version": "1.0", "values": {"root_module": {"resources": resources}}}
    (tmp_path / "state.json").write_text(json.dumps(state), encoding="utf-8")
    output = _run(name, *command[1:], "--state", "state.json")

    assert "E278" not in output
    assert (ACTIONS["NetworkInterfaces"] in asked) == (label == "gone"), output


@pytest.mark.parametrize(("others", "said"), [({}, "E406 not told whether"), (EMPTY, " has no VPC ")])
@pytest.mark.parametrize("words", COMMANDS, ids=lambda command: command[0])
def test_a_vpc_that_is_not_told_is_looked_for_in_what_may_name_it(
    words: Command,
    others: dict[str, list[Any]],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By each command alike."""
    monkeypatch.chdir(tmp_path)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with _serving(words, Vpcs=[], **others) as url:
        output = _run(*words, "--endpoint-url", url)

    assert said in output
    assert ("E406" in output) == (not others)


@pytest.mark.parametrize("command", COMMANDS[1:], ids=lambda command: command[0], indirect=True)
def test_what_aws_refuses_is_told(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the permission that is missing: of what is needed as the only finding, of all else beside what is known."""
    asked, refused = dict[str, None](), ""

    @contextmanager
    def refuse(access: Access, action: str) -> Iterator[None]:
        asked[action] = None
        with explained(access, action):
            if action == refused:
                raise ClientError({"Error": {"Code": "UnauthorizedOperation", "Message": "Not you."}}, action)
            yield

    monkeypatch.setattr(reading, "explained", refuse)
    monkeypatch.setattr(boto3, "Session", cache(boto3.Session))  # which reads its models once
    outputs = {refused: _run(*command)}
    for refused in tuple(asked):
        outputs[refused] = _run(*command)
    untold = [action for action, output in outputs.items() if action and f"allow {action}" not in output]

    assert "allow " not in outputs[""]
    assert (len(outputs) > 5, untold) == (True, [])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize("found", [{}, whole("Quotas"), {"Vpcs": []}], ids=["no-answer", "another", "VPCs"])
def test_all_that_a_command_lacks_is_told_at_once(
    reads: dict[str, dict[str, str]], command: tuple[str, ...], found: dict[str, Any], tmp_path: Path
) -> None:
    """As lines to type, which write into the folder that was given; one refusal, and nothing else is learnt later."""
    folder = tmp_path / "some answers"
    folder.mkdir()
    (folder / "x.json").write_text(json.dumps(found), encoding="utf-8")
    output = _run(*command, "--from", str(folder))
    region = "ap-southeast-1" if command[0] == "verify" else EU
    listed = {kind for kind, row in reads.items() if row[command[0]] and not row[command[0]].endswith(OPEN)}
    lines = [line for kind in listed - found.keys() for line in to_files(kind, region, str(folder))]

    assert "\nrefused: 1 error\n" in output
    assert [line for line in lines if f"\n    {line}\n" not in output] == []
    needed = (kind for kind in KINDS if reads[kind][command[0]] == "needed" and kind not in found)
    assert not found or all(f"`{kind}`" in output for kind in needed)
