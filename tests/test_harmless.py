"""Whatever reaches a command, by whatever way: no character that steers a terminal reaches one raw.

The commands are found by listing: one that is added fails here until it says what it is given. Each runs in the way of
`gen-endpoints`, and what it prints is looked at as it is, in each format that it has.
"""

from __future__ import annotations

import json
import re
import sys
from collections import ChainMap
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pkgutil import iter_modules
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from generator import cli
from generator.cli import commands
from tests.answers import documents
from tests.applied_state import state_of
from tests.cases import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

STEERING = (
    *map(chr, (*range(1, 9), *range(11, 32), *range(0x7F, 0xA0))),
    *"\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2028\u2029\u2066\u2067\u2068\u2069\ufeff\u061c",
)
RAW = re.compile("[" + "".join(STEERING) + "]")
EVIL = "x\x1b[2J\r\x07\x7f\x85\x9b31m\u200e\u200f\u202a\u202e\u2028\u2029\u2066\u2069\ufeff\u061cz"

SPEC = (ROOT / "tests" / "drift" / "spec.yaml").read_text(encoding="utf-8")
ESTATE = json.loads((ROOT / "tests" / "drift" / "estate.json").read_text(encoding="utf-8"))
GROUPS = dict(ChainMap(*documents((ROOT / "tests" / "adopt" / "groups.json").read_text(encoding="utf-8"))))
SERVICES = json.loads((ROOT / "tests" / "data" / "describe_vpc_endpoint_services.json").read_text(encoding="utf-8"))
REGION = "ap-southeast-1"
AWS = ["--region", "eu-west-1", "--from", "answer.json"]
ADOPT = ["adopt", *AWS[:3], "groups.json", "--vpc", "app", "-o", "new.yaml", "--own-security-groups"]
GIVEN: dict[str, list[list[str]]] = {
    "adopt": [[*ADOPT, *more] for more in ([], ["--format", "json"], ["--state", "adopted.json"])],
    "bundles": [["bundles", EVIL], ["bundles", "--format", EVIL]],
    "check": [["check", "spec.yaml"]],
    "cost": [["cost", "spec.yaml"], ["cost", "spec.yaml", "--prices", "spec.yaml"]],
    "diff": [["diff", "spec.yaml", "--format", form] for form in ("text", "json", "markdown")]
    + [["diff", "spec.yaml", "--plan", "plan.json", "--format", form] for form in ("text", "json", "markdown")]
    + [["diff", "spec.yaml", "--against", EVIL]],
    "draw": [
        ["draw", "spec.yaml"],
        ["draw", "spec.yaml", "-o", f"{EVIL}.svg"],
        ["draw", "spec.yaml", "--findings", "spec.yaml"],
    ],
    "drift": [
        ["drift", "spec.yaml", *AWS, *more]
        for more in ([], ["--format", "json"], ["--output", "full"], ["--state", "state.json"])
    ],
    "explain": [["explain", EVIL]],
    "init": [["init", "app", "--region", REGION, "--vpc", EVIL, "--subnet", EVIL, "--bundle", EVIL, "-o", EVIL]],
    "page": [["page", "spec.yaml", "-o", "site"], ["page", "spec.yaml", "--source-url", f"https://{EVIL}"]],
    "policies": [["policies", EVIL], ["policies", "account-perimeter", "--account-id", EVIL]],
    "preflight": [
        ["preflight", "spec.yaml", *AWS, *more]
        for more in ([], ["--format", "json"], ["--output", "full"], ["--state", "state.json"])
    ],
    "render": [["render", "spec.yaml", "--dry-run"], ["render", "spec.yaml"]],
    "schema": [["schema"]],
    "services": [["services", EVIL], ["services", EVIL, "--format", "json"], ["services", "--region", REGION]],
    "services_refresh": [["services", "refresh", "--region", REGION, "--from", "services.json"]],
    "show": [
        ["show", "spec.yaml"],
        ["show", "spec.yaml", "--format", "json"],
        ["show", "out/drift"],
        ["show", "--resolved", "spec.yaml"],
    ],
    "targets": [
        ["targets", "spec.yaml"],
        ["targets", "spec.yaml", "--changed", "--format", "json"],
        ["targets", "add", EVIL, f"a={EVIL}", "spec.yaml"],
    ],
    "templates": [["templates"], ["templates", EVIL], ["templates", "--format", "json"]],
    "validate": [["validate", "spec.yaml", "--format", form] for form in ("text", "json", "github", "sarif", "junit")]
    + [["validate", "spec.yaml", "--output", "full"]],
    "verify": [["verify", "spec.yaml", *AWS, "--all", "--format", form] for form in ("table", "json", "junit")]
    + [["verify", "spec.yaml", "--from-inside"]],
}
NAMES = sorted(module.name for module in iter_modules(commands.__path__))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., int]:
    """Run a command in a folder that has what the commands read, and look at all that it prints."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "400")
    texts = {"spec.yaml": SPEC, "plan.json": "{}"}
    data = {"answer.json": ESTATE, "groups.json": GROUPS, "services.json": SERVICES}
    data |= {"state.json": state_of(ESTATE), "adopted.json": state_of(GROUPS)}
    for name, text in (texts | {name: json.dumps(each) for name, each in data.items()}).items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    def once(words: list[str]) -> int:
        monkeypatch.setattr(sys, "argv", ["gen-endpoints", *words])
        code = cli.run()
        printed = capfd.readouterr()
        assert not RAW.search(printed.out + printed.err), words
        assert code != 3, printed.err
        return code

    return once


def poisoned(data: Any, key: str) -> Any:
    """Return data with the text at a key, wherever it is, made evil."""
    if isinstance(data, dict):
        return {
            name: f"{each}{EVIL}" if name == key and isinstance(each, str) else poisoned(each, key)
            for name, each in data.items()
        }
    return [poisoned(each, key) for each in data] if isinstance(data, list) else data


def keys(data: Any) -> set[str]:
    """Return the keys at which data has text."""
    below = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    own = {name for name, each in data.items() if isinstance(each, str)} if isinstance(data, dict) else set[str]()
    return own.union(*map(keys, below))


ANSWER_KEYS = keys(ESTATE) | keys(GROUPS)
READING = ("adopt", "drift", "preflight", "verify")
"""The commands that read answers of AWS."""


def test_every_command_is_here() -> None:
    """One that is added says what it is given."""
    assert sorted(GIVEN) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_in_files(name: str, run: Callable[[list[str]], int], tmp_path: Path) -> None:
    """In the name of a spec, in its keys and values, raw and escaped, and in the files of a module's folder."""
    codes: list[int] = []
    escaped = json.dumps(EVIL)
    specs = {
        "values": SPEC.replace("name: ", f"name: {EVIL}", 1),
        "key": f"{escaped}: 1\n"
        + SPEC.replace("endpoints:\n", f"endpoints:\n  {escaped}: {{service: {escaped}}}\n", 1),
        "soft": f'{SPEC}tags: {{Owner: "a\\u200e\\u200fb\\u2028c"}}\n',
    }
    for kind, text in specs.items():
        (tmp_path / "spec.yaml").write_text(text, encoding="utf-8")
        codes += [run(words) for words in GIVEN[name] if "spec.yaml" in words and (kind != "soft" or name == "show")]
    codes.append(run(GIVEN[name][0]))
    (tmp_path / "spec.yaml").write_text(SPEC, encoding="utf-8")
    run(["render", "spec.yaml"])
    for file in tmp_path.glob("out/*/*.tf"):
        file.write_text(file.read_text(encoding="utf-8") + f"# {EVIL}\nresource {escaped} {escaped} {{}}\n", "utf-8")
    (tmp_path / "out" / EVIL).mkdir()
    codes += [run(words) for words in GIVEN[name] if "spec.yaml" in words or "out/drift" in words]
    evil = tmp_path / f"{EVIL}.yaml"
    evil.write_text("a: [\n", encoding="utf-8")
    codes += [run([evil.name if word == "spec.yaml" else word for word in words]) for words in GIVEN[name][:1]]

    assert set(codes) <= {0, 1, 2, 4}


@pytest.mark.parametrize("form", ["text", "json", "github", "gitlab", "sarif", "junit"])
def test_a_name_that_is_not_utf_8(form: str, run: Callable[[list[str]], int], tmp_path: Path) -> None:
    """Every format can say it."""
    (tmp_path / "bad\udcff.yaml").write_text("a: 1\n", encoding="utf-8")

    assert run(["validate", "bad\udcff.yaml", "--format", form]) == 1


@pytest.mark.parametrize("name", NAMES)
def test_in_arguments(name: str, run: Callable[[list[str]], int]) -> None:
    """In place of each word of the command line, and as an option and a word more."""
    words = GIVEN[name][0]
    first = 2 if name == "services_refresh" else 1
    for number in range(first, len(words)):
        run(
            [
                *words[:number],
                EVIL if not words[number].startswith("-") else f"{words[number]}={EVIL}",
                *words[number + 1 :],
            ]
        )
    run([*words[:first], EVIL])
    run([*words, EVIL])
    run([*words, f"--{EVIL}"])
    run([*words, f"--format={EVIL}"])
    run([f"{words[0]}{EVIL}"])


@pytest.mark.parametrize("name", READING)
def test_sound_answers_are_taken(name: str, run: Callable[[list[str]], int], tmp_path: Path) -> None:
    """So what is damaged below is read to its end."""
    for words in (each for each in GIVEN[name] if "--from" in each):
        assert run([*words, *(["--state", "state.json"] if name == "preflight" else [])]) in {0, 4}
        (tmp_path / "new.yaml").unlink(missing_ok=True)


@pytest.mark.parametrize("key", sorted(ANSWER_KEYS))
def test_in_answers_of_aws(key: str, run: Callable[[list[str]], int], tmp_path: Path) -> None:
    """In any text of an answer, and of a state that has the same."""
    for answers, file, state in ((ESTATE, "answer.json", "state.json"), (GROUPS, "groups.json", "adopted.json")):
        evil = poisoned(answers, key)
        (tmp_path / file).write_text(json.dumps(evil), encoding="utf-8")
        with suppress(LookupError):
            (tmp_path / state).write_text(json.dumps(state_of(evil)), encoding="utf-8")
    for words in (words for name in READING for words in GIVEN[name] if "--from" in words):
        run(words)
        (tmp_path / "new.yaml").unlink(missing_ok=True)


FORGED = "no drift in 1 spec"
OF_OTHERS = [
    {"Tags": [{"Key": "aws:cloudformation:stack-name", "Value": "net"}, {"Key": "Name", "Value": "net"}]},
    {"Tags": [{"Key": "Name", "Value": "dead"}], "State": "failed"},
    {"Tags": [{"Key": "Name", "Value": "gone"}], "State": "deleted"},
    {"RequesterManaged": True},
]
"""What `adopt` leaves out, each with a text of AWS in its reason or beside it."""


@pytest.mark.parametrize("key", sorted(ANSWER_KEYS))
def test_a_line_feed_forges_no_line(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """What AWS says stays within its line, so that no verdict is told by a tag; in full, too, with each fix."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "500")
    (tmp_path / "spec.yaml").write_text(SPEC, encoding="utf-8")
    endpoints = ESTATE["VpcEndpoints"]
    endpoint = endpoints[0] | {"NetworkInterfaceIds": []}
    left_out = [endpoint | own | {"VpcEndpointId": f"vpce-{number:08}"} for number, own in enumerate(OF_OTHERS)]
    answers = poisoned(ESTATE | {"VpcEndpoints": [*left_out, *endpoints]}, key)
    answer = json.dumps(answers).replace(json.dumps(EVIL)[1:-1], rf"q\n\n{FORGED}")
    (tmp_path / "answer.json").write_text(answer, encoding="utf-8")
    answers_of = ["--region", "eu-west-1", "--from", "answer.json", "--output", "full"]
    adopt = ["adopt", "--vpc", "vpc-0a000001", "-o", "new.yaml", "--imports", "new.tf"]
    ways: tuple[list[str], ...] = ([], ["--select", "no"], ["--select", "dead"], ["--vpc", "no"])
    for words in (
        *([name, "spec.yaml"] for name in ("drift", "preflight", "verify")),
        *([*adopt, *way] for way in ways),
    ):
        monkeypatch.setattr(sys, "argv", ["gen-endpoints", *words, *answers_of])
        cli.run()
        printed = capfd.readouterr()
        lines = (printed.out + printed.err).splitlines()
        assert not [line for line in lines if line.startswith(FORGED)], words
        for made in ("new.yaml", "new.tf"):
            (tmp_path / made).unlink(missing_ok=True)


@pytest.mark.parametrize("key", sorted(keys(SERVICES)))
def test_in_lists_of_services(key: str, run: Callable[[list[str]], int], tmp_path: Path) -> None:
    """In an answer, and in the list of a Region that somebody has edited."""
    (tmp_path / "services.json").write_text(json.dumps(poisoned(SERVICES, key)), encoding="utf-8")
    run(GIVEN["services_refresh"][0])
    (tmp_path / "services.json").write_text(json.dumps(SERVICES), encoding="utf-8")
    assert run(GIVEN["services_refresh"][0]) == 0
    (file,) = tmp_path.glob("services/*.json")
    listed = json.loads(file.read_text(encoding="utf-8"))
    for own in ("source", "region", "taken"):
        file.write_text(json.dumps(poisoned(listed, own)), encoding="utf-8")
        for name in ("services", "services_refresh", "validate"):
            run(GIVEN[name][-1])
        file.write_text(json.dumps(listed | {"services": {EVIL: {"Interface": {}}}}), encoding="utf-8")


def changed(**stated: Any) -> dict[str, Any]:
    """Return a plan of one endpoint that comes, in the form that Terraform prints."""
    endpoint = "aws_vpc_endpoint.logs"
    change = {"actions": ["create"], "before": None, "after": {"tags": {"Name": EVIL}, "service_name": EVIL}}
    own = {"address": f"module.drift.{endpoint}", "module_address": "module.drift", "mode": "managed"}
    each = {**own, "type": "aws_vpc_endpoint", "name": "logs", "change": change} | stated
    calls = {"drift": {"source": "./out/drift", "module": {}}}
    configuration = {"root_module": {"module_calls": calls}}
    return {"format_version": "1.2", "planned_values": {}, "resource_changes": [each], "configuration": configuration}


@pytest.mark.parametrize("key", ["", "address", "module_address", "name", "type", "previous_address", "deposed"])
def test_in_plans(key: str, run: Callable[[list[str]], int], tmp_path: Path) -> None:
    """In any text of a plan."""
    (tmp_path / "plan.json").write_text(json.dumps(changed(**({key: EVIL} if key else {}))), encoding="utf-8")
    for words in GIVEN["diff"]:
        run(words)


class Answers(BaseHTTPRequestHandler):
    """An AWS that refuses each call with a message."""

    def do_POST(self) -> None:
        """Refuse."""
        message = "".join(each for each in EVIL if each >= " " or each == "\r")  # what XML can have
        body = (
            f"<Response><Errors><Error><Code>Un{message}</Code><Message>{message}</Message></Error></Errors></Response>"
        )
        self.send_response(400, message="Bad")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Yield the URL of an AWS that refuses each call."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    server = HTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_in_what_aws_refuses(aws: str, run: Callable[[list[str]], int], monkeypatch: pytest.MonkeyPatch) -> None:
    """In the message of an error, of each command that asks; and in the environment, where boto3 looks."""
    asked = [*ADOPT[:1], "--region", REGION, *ADOPT[5:]], ["services", "refresh", "--region", REGION]
    asking = (*asked, *([name, "spec.yaml"] for name in ("preflight", "verify", "drift")))
    for words in asking:
        assert run([*words, "--endpoint-url", aws]) == 1
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_ENDPOINT_URL", "COLUMNS"):
        with monkeypatch.context() as patch:
            patch.setenv(name, EVIL)
            run(["preflight", "spec.yaml", *([] if name == "AWS_ENDPOINT_URL" else ["--endpoint-url", aws])])
            run(["init"])
