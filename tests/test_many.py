"""Many specs beside AWS: accounts by their profiles, each an AWS of its own that serves recorded answers."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pytest
from botocore.credentials import AssumeRoleProvider
from typer.testing import CliRunner

from generator import cli
from generator.cli.live import AT_ONCE
from generator.live.estate import KINDS
from tests.cases import ROOT
from tests.served import as_bytes, bodies, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from typer.testing import Result

_TEXT = (ROOT / "tests/drift/estate.json").read_text(encoding="utf-8").replace('"app"', '"app1"')
_OTHER = _TEXT.replace("-0a0000", "-0b0000").replace("pl-0b", "pl-0a").replace('"app1"', '"app2"')
ESTATE: dict[str, list[dict[str, Any]]] = json.loads(_TEXT)
"""Two VPCs that are alike but for their names and ids."""
for _kind in KINDS.keys() & ESTATE.keys() - {"PrefixLists", "ServiceDetails"}:
    ESTATE[_kind] += json.loads(_OTHER)[_kind]
for _single in ("VpcId", "EnableDnsSupport", "EnableDnsHostnames"):
    del ESTATE[_single]  # told of each VPC by ATTRIBUTES
SPEC = (ROOT / "tests/drift/spec.yaml").read_text(encoding="utf-8").removeprefix("name: demo\n")
SPEC = SPEC.replace("{name: app}", '{name: {format: "app{n}"}}')
ATTRIBUTES: list[Any] = [
    {"VpcId": vpc, key: {"Value": True}}
    for key in ("EnableDnsSupport", "EnableDnsHostnames")
    for vpc in ("vpc-0a000001", "vpc-0b000001")
]
DENIED = b"<Response><Errors><Error><Code>Denied</Code><Message>Not you.</Message></Error></Errors></Response>"
ROLE = (
    b"<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>a</AccessKeyId><SecretAccessKey>b</SecretAccessKey>"
    b"<SessionToken>c</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult>"
    b"</AssumeRoleResponse>"
)


@dataclass(slots=True)
class Account:
    """An account's AWS: what it has, what it denies, and what it was asked."""

    number: str
    answers: list[Any] = field(init=False)
    sent: dict[str, bytes] = field(default_factory=dict)
    denies: str = "nothing"
    asked: Counter[str] = field(default_factory=Counter)
    delay: float = 0

    def __post_init__(self) -> None:
        """Own all that is there."""
        own = json.dumps(ESTATE).replace('": "123456789012"', f'": "{self.number}"')
        self.answers = [json.loads(own), *ATTRIBUTES]

    def answer(self, text: str) -> tuple[int, bytes]:
        """Answer a request."""
        self.asked[(re.findall(r"Action=(\w+)", text) or ["other"])[0]] += 1
        time.sleep(self.delay)
        if self.denies in text:
            return 403, DENIED
        if "AssumeRole" in text:
            return 200, ROLE
        self.sent = self.sent or {key: as_bytes(body) for key, body in bodies(self.answers).items()}
        body = next((body for key, body in self.sent.items() if key in text), b"<a/>")
        vpc = re.search(r"DescribeVpcAttribute.*VpcId=(vpc-\w+)", text)  # all have the same attributes
        return 200, re.sub(rb"vpc-\w+", vpc[1].encode(), body) if vpc else body

    def change(self) -> None:
        """Turn private DNS of the first endpoint off."""
        self.answers[0]["VpcEndpoints"][0]["PrivateDnsEnabled"] = False
        self.sent = {}


class World:
    """A project, its rendered modules, and accounts."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        """Have no accounts yet."""
        self.folder, self.stack = folder, stack
        self.accounts: dict[str, Account] = {}
        self.open, self.most, self.lock = 0, 0, threading.Lock()
        self.config = ""

    def has(self, name: str, settings: str = "") -> Account:
        """Let an account be there, with a profile of its name."""
        own = self.accounts.setdefault(name, Account(f"{len(self.accounts):012}"))

        def answer(text: str) -> tuple[int, bytes]:
            with self.lock:
                self.open += 1
                self.most = max(self.most, self.open)
            try:
                return own.answer(text)
            finally:
                with self.lock:
                    self.open -= 1

        url = self.stack.enter_context(serving(answer))
        keys = settings or "aws_access_key_id = a\naws_secret_access_key = b"
        self.configure(f"[profile {name}-read]\nendpoint_url = {url}\n{keys}\n")
        return own

    def configure(self, text: str) -> None:
        """Add something to the AWS configuration."""
        self.config += text
        (self.folder / "config").write_text(self.config, encoding="utf-8")

    def spec(self, name: str, text: str) -> None:
        """Write a spec."""
        (self.folder / "specs").mkdir(exist_ok=True)
        (self.folder / "specs" / f"{name}.yaml").write_text(text, encoding="utf-8")

    def fleet(self, *keys: str, text: str = SPEC) -> None:
        """Write a spec with targets, each `ACCOUNT-NUMBER`, and render it."""
        rows = (f"  {key}: {{account: {key[:-2]}, n: '{key[-1]}'}}\n" for key in keys)
        self.spec("net", f"values: {{account: text, n: text}}\n{text}targets:\n{''.join(rows)}")
        done = self.run("render")
        assert done.exit_code == 0, done.output

    def run(self, *arguments: str) -> Result:
        """Run a command here."""
        result = CliRunner().invoke(cli.application(), arguments)
        assert "gen-endpoints has a bug" not in result.output, result.output
        return result


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Return a project without specs, in which one is."""
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "COLUMNS": "300",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    minor = ".".join(version("gen-endpoints").split(".")[:2])
    project = f'gen_endpoints: "{minor}"\nspecs: [specs/*.yaml]\nprofile: {{format: "{{account}}-read"}}\n'
    (tmp_path / "gen-endpoints.yaml").write_text(project, encoding="utf-8")
    with ExitStack() as stack:
        yield World(tmp_path, stack)


def _rows(output: str) -> list[list[str]]:
    """Return the cells of the table at the end."""
    lines = output.split("\nSpec ")[1].splitlines()[1:]
    return [re.split(r"  +", line.strip()) for line in lines if line.startswith("specs/")]


@pytest.mark.parametrize("times", range(2))
def test_one_account_that_can_not_be_asked_hides_no_other(world: World, times: int) -> None:
    """It is told once, in a row of each of its specs, with an exit code of its own; the order is that of the rows."""
    world.fleet("lab-1", "orders-1", "data-1", "lab-2", "data-2")
    world.has("orders").delay = 0.05 * times
    world.has("data").change()
    world.has("lab").denies = "DescribeVpcs"
    done = world.run("drift")

    assert done.exit_code == 1
    assert done.stderr.count("E278") == 1
    assert "AWS eu-west-1 as lab-read: E278 " in done.stderr
    assert ", for lab-1 and lab-2\n    the credentials must be valid, and allow ec2:DescribeVpcs" in done.stderr
    assert done.stderr.endswith("5 modules: 2 ok, 1 drifted, 2 could not ask\n")
    assert [row[:2] for row in _rows(done.stdout)] == [
        ["specs/net.yaml:orders-1", "ok"],
        ["specs/net.yaml:data-1", "drifted"],
        ["specs/net.yaml:data-2", "ok"],
        ["specs/net.yaml:lab-1", "could not ask"],
        ["specs/net.yaml:lab-2", "could not ask"],
    ]
    world.accounts["lab"].denies = "nothing"
    assert world.run("drift").exit_code == 4


def test_what_is_fine_is_not_told_with_quiet(world: World) -> None:
    """Nothing but the last line, where all are fine."""
    world.fleet("orders-1", "data-1")
    world.has("orders")
    data = world.has("data")
    done = world.run("drift", "--quiet")
    assert (done.stdout, done.stderr) == ("", "2 modules: 2 ok\n"), done.output
    data.change()
    assert "orders-1" not in world.run("drift", "--quiet").output


def test_what_is_not_told_is_told_with_quiet(world: World) -> None:
    """In a line a spec of `verify`; in drift's row, of the spec alone of which it is so, though none of both counts."""
    world.fleet("orders-1", "data-1")
    world.has("orders").denies = "DescribeVpcAttribute"
    world.has("data")
    line = "{}-1: all endpoints work, as far as asked; checks: 16 passed, 10 unknown\n"
    done = world.run("verify", "--quiet")
    assert (done.stdout, done.exit_code) == (f"{line.format('orders')}\n{line.format('data')}", 0), done.output
    assert world.run("verify", "--quiet", "specs/net.yaml:orders-1").stdout == line.format("orders")
    done = world.run("drift", "--quiet")
    assert "not told whether the VPC has the DNS attributes" in done.stdout, done.output
    assert ("data-1" in done.stdout, done.exit_code) == (False, 0), done.output
    assert "W420" in world.run("drift", "--quiet", "--format", "github").stdout


def test_what_shares_an_account_and_a_region_is_asked_once(world: World) -> None:
    """At most eight accounts at once."""
    accounts = [f"account{number}" for number in range(AT_ONCE + 4)]
    world.fleet(*(f"{each}-{number}" for each in accounts for number in (1, 2)))
    for each in accounts:
        world.has(each).delay = 0.02
    done = world.run("drift")

    assert done.stderr.endswith(f"{2 * len(accounts)} modules: {2 * len(accounts)} ok\n"), done.output
    assert {account.asked["DescribeVpcEndpoints"] for account in world.accounts.values()} == {1}
    assert 1 < world.most <= AT_ONCE


@pytest.mark.parametrize("fails", [False, True])
def test_a_profile_prompts_once(world: World, monkeypatch: pytest.MonkeyPatch, *, fails: bool) -> None:
    """For all Regions, specs and calls, and no two profiles at the same time."""
    prompts: list[str] = []

    def prompt(text: str) -> str:
        prompts.append(f"{threading.current_thread() is threading.main_thread()} {text}")
        return "123456"

    defaults = AssumeRoleProvider.__init__.__defaults__
    monkeypatch.setattr(AssumeRoleProvider.__init__, "__defaults__", (prompt, *(defaults or ())[1:]))
    world.fleet("a-1", "b-1", "a-2")
    keys = ("role_arn = arn:aws:iam::123456789012:role/read", "source_profile = base", "region = eu-west-1")
    role = "\n".join((*keys, "mfa_serial = arn:aws:iam::1:mfa/{}"))
    for name in "ab":
        world.has(name, settings=role.format(name)).denies = "AssumeRole" if fails else "nothing"
    world.configure("[profile base]\naws_access_key_id = a\naws_secret_access_key = b\n")
    done = world.run("drift")

    assert (done.exit_code, sorted(prompts)) == (
        int(fails),
        [f"True Enter MFA code for arn:aws:iam::1:mfa/{name}: " for name in "ab"],
    ), done.output


def test_a_spec_without_an_account_is_told_what_the_profile_takes(world: World) -> None:
    """Beside those that have one; --profile is for all."""
    world.fleet("orders-1")
    world.has("orders")
    own = f"name: own\n{SPEC}".replace('{format: "app{n}"}', "app2")
    world.spec("own", own)
    done = world.run("drift")

    assert done.exit_code == 1
    assert "specs/own.yaml: E156 there is no value account\n" in done.stderr
    assert "add values: {account: NAME}, or --profile NAME" in done.stderr
    assert done.stderr.endswith("2 modules: 1 ok, 1 refused\n")
    assert world.run("drift", "--profile", "orders-read").stderr.endswith("2 modules: 1 ok, 1 drifted\n")
    world.spec("own", f"values: {{account: orders}}\n{own}")
    assert world.run("drift").stderr.endswith("2 modules: 1 ok, 1 drifted\n")


def test_a_row_without_an_account_is_told_what_the_profile_takes(world: World) -> None:
    """At the row, and so that it does when it is written."""
    world.spec("net", f"values: {{n: text}}\n{SPEC}targets:\n  orders-1: {{n: '1'}}\n")
    assert world.run("render").exit_code == 0
    done = world.run("drift", "--output", "full")

    assert re.search(r"specs/net\.yaml:[0-9]+:3: E156 there is no value account", done.stderr), done.stderr
    assert "add account: text to values, and account to each row, or --profile NAME" in done.stderr
    world.has("orders")
    world.fleet("orders-1")
    assert world.run("drift").exit_code == 0


def test_what_one_spec_alone_needs_refuses_that_one(world: World) -> None:
    """An answer that AWS does not give takes no other with it."""
    world.fleet("orders-1")
    plain = re.sub(r"        - {prefix_list.*\n", "", SPEC).replace('{format: "app{n}"}', "app2")
    world.spec("own", f"name: own\nvalues: {{account: orders}}\n{plain}")
    world.has("orders").denies = "DescribeManagedPrefixLists"
    done = world.run("drift")

    assert "ec2:DescribeManagedPrefixLists" in done.stderr
    rows = {row[0]: row[1] for row in _rows(done.stdout)}
    assert rows == {"specs/own.yaml": "drifted", "specs/net.yaml:orders-1": "refused"}


def test_what_a_refused_spec_may_have_is_not_told_to_be_foreign(world: World) -> None:
    """Or its endpoints would be deleted, by the command to run next."""
    world.fleet("orders-1", text=SPEC.replace("  s3: {service: s3, type: Gateway, name: s3}\n", ""))
    world.has("orders")
    assert "not-in-spec  vpce-0a000002" in world.run("drift").stdout
    world.spec("own", "name: own\nendpoints: 1\n")
    done = world.run("drift")

    assert done.exit_code == 1
    assert "not-in-spec  vpce-0a000002" not in done.stdout
    assert "a spec that was refused may have it: mend that one first" in done.stdout


@pytest.mark.parametrize("command", ["drift", "verify", "preflight"])
def test_json_has_an_entry_a_spec(world: World, command: str) -> None:
    """Each with what the command prints of that spec alone, or why there is nothing."""
    world.fleet("orders-1", "lab-1")
    world.has("orders")
    world.has("lab").denies = "DescribeVpcs"
    one = json.loads(world.run(command, "specs/net.yaml:orders-1", "--format", "json").stdout)
    found = json.loads(world.run(command, "--format", "json").stdout)
    lab = world.run(command, "specs/net.yaml:lab-1", "--format", "json")

    assert found["schema"] == f"gen-endpoints/{command}/1"
    orders, other = found["specs"]
    assert other.keys() == {"spec", "state", "why", "report", "findings"}
    assert orders.keys() == other.keys() - {"findings"} | ({"endpoints"} if command == "drift" else set())
    assert orders["spec"] == "specs/net.yaml:orders-1"
    assert one == {"schema": found["schema"], "specs": [orders]}
    assert (other["spec"], other["state"], other["report"]) == ("specs/net.yaml:lab-1", "could not ask", None)
    assert other["why"].startswith("E278 ")
    assert (lab.exit_code, json.loads(lab.stdout)) == (1, {"schema": found["schema"], "specs": [other]})


@pytest.mark.parametrize("command", ["drift", "verify", "preflight"])
def test_nothing_of_a_retired_target_is_looked_for(world: World, command: str) -> None:
    """Its account is not asked, and what is there of it is no fault."""
    world.fleet("orders-1", "data-1")
    world.has("orders")
    text = (world.folder / "specs" / "net.yaml").read_text(encoding="utf-8")
    world.spec("net", text.replace("account: data,", "account: data, retired: true,"))
    done = world.run(command)

    assert ["specs/net.yaml:data-1", "retired"] in _rows(done.stdout)
    assert re.search(r"\n2 modules: 1 [a-z ]+, 1 retired\n$", done.stderr), done.stderr


@pytest.mark.parametrize("command", ["drift", "verify", "preflight"])
def test_many_read_the_same_answers(world: World, command: str) -> None:
    """Whatever the profiles are; the files are read once."""
    world.fleet("orders-1", "data-2")
    (world.folder / "aws.json").write_text(json.dumps(ESTATE), encoding="utf-8")
    done = world.run(command, "--from", "aws.json")

    assert re.search(r"\n2 modules: 2 \w+", done.stderr), done.output
    assert {row[0] for row in _rows(done.stdout)} == {"specs/net.yaml:orders-1", "specs/net.yaml:data-2"}


def test_each_account_and_region_has_its_answers(world: World) -> None:
    """In folders of their names; what is in one is not told of another, though it has the same ids."""
    world.fleet("orders-1", "data-1")
    other = json.loads(json.dumps(ESTATE).replace("123456789012", "210987654321"))
    other["VpcEndpoints"][0]["PrivateDnsEnabled"] = False
    for where, found in (("orders", ESTATE), ("data/eu-west-1", other), ("data/us-east-1", {"Vpcs": [{}]})):
        (world.folder / "aws" / where).mkdir(parents=True)
        (world.folder / "aws" / where / "aws.json").write_text(json.dumps(found), encoding="utf-8")
    done = world.run("drift", "--from", "aws", "--format", "json")
    orders, data = (each["report"] for each in json.loads(done.stdout)["specs"])

    assert "private_dns_enabled" not in json.dumps(orders)
    assert "private_dns_enabled" in json.dumps(data), done.output


@pytest.mark.parametrize("command", ["drift", "verify", "preflight"])
def test_json_has_all_that_is_wrong_in_answers_that_are_refused(world: World, command: str) -> None:
    """Each with its file and what helps, as the text has it; that AWS could not be asked is not said of files."""
    world.fleet("orders-1", "data-1")
    wrong = json.loads(json.dumps(ESTATE))
    for each in wrong["Subnets"]:
        each["AvailabilityZone"] = "eu-west-2a"
    for where, found in (("orders", ESTATE), ("data", wrong)):
        (world.folder / "aws" / where).mkdir(parents=True)
        (world.folder / "aws" / where / "aws.json").write_text(json.dumps(found), encoding="utf-8")
    told = [line for line in world.run(command, "--from", "aws").stderr.splitlines() if ": E4" in line]
    _, data = json.loads(world.run(command, "--from", "aws", "--format", "json").stdout)["specs"]

    assert (data["state"], data["report"]) == ("answers refused", None)
    assert [f"{each['file']}: {each['code']} {each['message']}, for data-1" for each in data["findings"]] == told
    assert len(told) > 1
    assert all(each["file"] == "aws/data/aws.json" and each["fix"] for each in data["findings"])


def test_junit_has_a_suite_a_spec(world: World) -> None:
    """And the counts of all."""
    world.fleet("orders-1", "data-1")
    for name in ("orders", "data"):
        world.has(name)
    text = world.run("verify", "--format", "junit").stdout
    whole, *tests = [int(each) for each in re.findall(r' tests="(\d+)"', text)]

    assert whole == sum(tests)
    assert text.count("<testsuite ") == len(tests) == len(world.accounts)
