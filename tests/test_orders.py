"""What is applied first, where specs take what others give up or make: an order is one of roots, which states tell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from generator import cli
from tests.answers import whole

if TYPE_CHECKING:
    from pathlib import Path

REGION, GROUP = "eu-west-1", "sg-0123456789abcdef0"
HEAD = f"""region: {REGION}
vpc: {{name: main}}
subnets: [{{name: a}}, {{name: b}}]
security_groups: [{{name: https}}]
route_tables: [{{name: first}}]
private_dns_enabled: false
endpoints:
"""
IDS = {key: f"vpce-0a00000{at}" for at, key in enumerate("xyghi")}
GIVES, TAKES = "x: {service: sqs, name: x}", "y: {service: sqs, name: y, private_dns_enabled: true}"
DNS = f"aws ec2 modify-vpc-endpoint --region {REGION} --vpc-endpoint-id {IDS['x']} --no-private-dns-enabled"
CIRCLE = "a.yaml, b.yaml and c.yaml wait for each other"


def _object(key: str, identifier: str, named: str, **more: Any) -> dict[str, Any]:
    tags = [{"Key": "Name", "Value": named}]
    return {key: identifier, "VpcId": "vpc-1", "Tags": tags, "OwnerId": "111122223333", **more}


def _live(key: str, *tables: str) -> dict[str, Any]:
    usual = {"State": "available", "RouteTableIds": [f"rtb-{each}" for each in tables], "PrivateDnsEnabled": key == "x"}
    kind = {"VpcEndpointType": "Gateway", "SubnetIds": [], "Groups": []} if tables else {"VpcEndpointType": "Interface"}
    interface = {"SubnetIds": ["subnet-a", "subnet-b"], "Groups": [{"GroupId": GROUP, "GroupName": "https"}]}
    service = f"com.amazonaws.{REGION}.{'s3' if tables else 'sqs'}"
    return _object("VpcEndpointId", IDS[key], key, ServiceName=service, **{**interface, **usual, **kind})


def _gateway(key: str, table: str) -> str:
    return f"{key}: {{service: s3, type: Gateway, name: {key}, route_tables: [{{name: {table}}}]}}"


def _makes(key: str, group: str, service: str) -> str:
    create = f"{{create: {{name: {group}, ingress: [{{vpc: true}}]}}}}"
    return f"{key}: {{service: {service}, name: {key}, security_groups: [{create}]}}"


def _uses(key: str, group: str, service: str) -> str:
    return f"{key}: {{service: {service}, name: {key}, security_groups: [{{name: {group}}}]}}"


def _write(folder: Path, specs: list[str], states: list[str]) -> None:
    """Write specs `a`, `b` …, AWS's answers, and states, which have endpoints at `MODULE.KEY` or `KEY`, and groups."""
    tables = ("first", "second", "third")
    there = {
        "Vpcs": [_object("VpcId", "vpc-1", "main")],
        "Subnets": [
            _object("SubnetId", f"subnet-{each}", each, AvailabilityZone=each, AvailabilityZoneId=each) for each in "ab"
        ],
        "SecurityGroups": [_object("GroupId", GROUP, "https", GroupName="https", IpPermissions=[])],
        "RouteTables": [_object("RouteTableId", f"rtb-{each}", each) for each in tables],
        "VpcEndpoints": [_live("x"), _live("y"), *map(_live, "ghi", tables)],
        **{kind: [] for kind in ("PrefixLists", "NetworkInterfaces", "ServiceDetails")},
    }
    answers = {"Account": "111122223333"} | {kind: whole(kind, *it)[kind] for kind, it in there.items()}
    (folder / "estate.json").write_text(json.dumps(answers), encoding="utf-8")
    for name, text in zip("abc", specs, strict=False):
        lines = "".join(f"  {each}\n" for each in text.split(" / "))
        (folder / f"{name}.yaml").write_text(f"name: {name}\n{HEAD}{lines}", encoding="utf-8")
    for at, state in enumerate(states if states != ["calls"] else ()):
        resources = []
        for each in state.split():
            path, _, name = each.rpartition(".")
            module = f"module.{path}." if path else ""
            kind, identifier = ("aws_vpc_endpoint", IDS[name]) if name in IDS else ("aws_security_group", GROUP)
            values = {"id": identifier, "vpc_id": "vpc-1"}
            what = {"address": f"{module}{kind}.{name}", "name": name}
            resources.append({**what, "mode": "managed", "type": kind, "values": values})
        printed = {"format_version": "1.0", "values": {"root_module": {"resources": resources}}}
        (folder / f"{at}.state").write_text(json.dumps(printed), encoding="utf-8")


def _told(command: str, folder: Path) -> tuple[int, str]:
    specs, states = (sorted(each.name for each in folder.glob(which)) for which in ("?.yaml", "*.state"))
    given = [part for each in states for part in ("--state", each)]
    result = CliRunner().invoke(
        cli.application(), [command, *specs, "--from", "estate.json", *given, "--output", "full"]
    )
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("specs", "states", "told"),
    [
        pytest.param([GIVES, TAKES], ["x", "y"], ["W437 y: |     apply a.yaml before b.yaml\n"], id="two roots"),
        pytest.param([GIVES, TAKES], ["a.x b.y"], [f"W437 y: | at once: first {DNS}"], id="one root"),
        pytest.param([GIVES, TAKES], ["calls"], [f" W437 y: | at once: first {DNS}"], id="one root here"),
        pytest.param(
            [GIVES, TAKES],
            [],
            [f"apply a.yaml before b.yaml, or, if one root calls both, first {DNS}"],
            id="not told",
        ),
        pytest.param(
            [GIVES, f"{TAKES} / {_gateway('g', 'third')}", _gateway("h", "first")],
            ["a.x c.h", "y g"],
            [f"E427 y: | {CIRCLE}\n | {DNS}, then apply b.yaml\n", f"E429 h: | {CIRCLE}\n"],
            id="circle of two roots over three specs",
        ),
        pytest.param(
            [_gateway("g", "second"), _gateway("h", "third"), _gateway("i", "first")],
            ["g", "h", "i"],
            [f"E429 {each}: | {CIRCLE}\n" for each in "ghi"],
            id="circle of three roots",
        ),
        pytest.param(
            [_gateway("g", "second"), _gateway("h", "third"), _gateway("i", "first")],
            ["a.g b.h c.i"],
            [f"W437 {each}:" for each in "ghi"],
            id="circle in one root",
        ),
        pytest.param(
            [
                f"{GIVES} / {_uses('l', 'p', 'logs')}",
                f"{TAKES} / {_gateway('g', 'third')}",
                f"{_gateway('h', 'first')} / {_makes('k', 'p', 'kms')}",
            ],
            ["x", "y g", "h"],
            [f"E402 VPC vpc-1 has no security group p yet; c.yaml makes it, and {CIRCLE}", f"E427 y: | {CIRCLE}"],
            id="circle of three roots by a group, too",
        ),
        pytest.param(
            [f"{GIVES} / {_makes('k', 'p', 'kms')}", _uses("l", "p", "logs") + " / y: {service: sqs, name: y}"],
            ["a.x b.y"],
            ["E406 VPC vpc-1 has no security group p yet; a.yaml makes it in the same apply, and it is not told"],
            id="a group in one root",
        ),
        pytest.param(
            [
                f"{GIVES} / {_makes('k', 'p', 'kms')} / {_uses('m', 'q', 'sns')}",
                f"{_uses('l', 'p', 'logs')} / {_makes('n', 'q', 'ssm')} / y: {{service: sqs, name: y}}",
            ],
            ["a.x b.y"],
            [f"E402 VPC vpc-1 has no security group {each} yet; " for each in "pq"],
            id="two groups in one root",
        ),
        pytest.param(
            [
                f"{GIVES} / {_makes('k', 'p', 'kms')}",
                f"{_uses('l', 'p', 'logs')} / {_makes('m', 'q', 'sns')}",
                f"{_uses('n', 'q', 'ssm')} / {TAKES}",
            ],
            ["a.x c.y"],
            [
                f"E402 VPC vpc-1 has no security group {each} yet; {maker}.yaml makes it, and {CIRCLE}"
                for each, maker in (("p", "a"), ("q", "b"))
            ],
            id="a plan before the one that it waits for",
        ),
        pytest.param(
            ["w: {service: kms, name: w}", TAKES, _gateway("g", "first")],
            ["x g", "y"],
            ["E427 y: | or if an apply of c.yaml deletes it, apply that before b.yaml\n"],
            id="another root deletes it",
        ),
        pytest.param([GIVES, TAKES], ["y"], ["E406 y: | if the root of a.yaml has it, give its state"], id="not given"),
    ],
)
def test_orders_and_circles_are_those_of_roots(
    specs: list[str], states: list[str], told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where one root calls both, its apply goes on with what AWS's CLI has changed; what it looks up is not told."""
    monkeypatch.chdir(tmp_path)
    _write(tmp_path, specs, states)
    calls = "".join(f'module "{each}" {{\n  source = "./out/{each}"\n}}\n' for each in "abc")
    (tmp_path / "main.tf").write_text(calls if states == ["calls"] else "", encoding="utf-8")

    ended, text = _told("preflight", tmp_path)

    assert [each for line in told for each in line.split(" | ") if each not in text] == [], text
    assert (ended == 0) == (bool(states) and all(line.startswith("W437") for line in told)), text


@pytest.mark.parametrize("command", ["preflight", "drift"])
@pytest.mark.parametrize(
    ("given", "says"),
    [
        (
            "false x",
            {"preflight": "W427 not told whether the root of b.yaml has", "drift": "not told whether the"},
        ),
        ("true x", {"preflight": "E406 not told whether the root of b.yaml has", "drift": "not told whether the"}),
        ("false x ", {"preflight": "exists, and Terraform's state lacks it", "drift": "not-in-state y"}),
        ("false x y", {"preflight": "b.yaml: the apply would work", "drift": "b.yaml"}),
    ],
)
def test_the_state_of_one_root_does_not_tell_what_another_has(
    command: str, given: str, says: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that has nothing may be of the root that is yet to be applied."""
    dns, *states = given.split(" ")
    monkeypatch.chdir(tmp_path)
    _write(
        tmp_path, ["x: {service: sqs, name: x}", f"y: {{service: sqs, name: y, private_dns_enabled: {dns}}}"], states
    )
    answers = json.loads((tmp_path / "estate.json").read_text(encoding="utf-8"))
    for each, is_on in zip(answers["VpcEndpoints"], (False, dns == "true"), strict=False):
        each["PrivateDnsEnabled"] = is_on
    (tmp_path / "estate.json").write_text(json.dumps(answers), encoding="utf-8")

    ended, text = _told(command, tmp_path)

    assert says[command] in " ".join(text.split()), text
    assert ("not told whether the root of b.yaml has" in text) == (states == ["x"]), text
    assert ended or dns == "false", text


@pytest.mark.parametrize("command", ["preflight", "drift"])
@pytest.mark.parametrize("states", [["a.x b.y", "x"], ["x y", "x y"], ["x a.x"]])
def test_what_states_have_twice_is_told(
    command: str, states: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two roots, of one, or a state that is given twice: nothing tells whose apply changes it."""
    monkeypatch.chdir(tmp_path)
    _write(tmp_path, [GIVES, TAKES], states)

    ended, text = _told(command, tmp_path)

    assert (ended, text.count("E408"), f"have {IDS['x']} twice: " in text) == (1, 1, True), text


@pytest.mark.parametrize("after", ["b", "c", ""])
def test_what_the_root_makes_first_by_depends_on_is_no_order(
    after: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Terraform then looks up during the apply, also where a call between the two depends on the first."""
    monkeypatch.chdir(tmp_path)
    _write(tmp_path, ["w: {service: sns, name: w}", _uses("l", "p", "logs"), _makes("k", "p", "kms")], [])
    first = {"a": "c", "b": {"b": "c", "c": "a", "": ""}[after], "c": ""}
    calls = (f'source = "./out/{each}"\n  depends_on = [{at and f"module.{at}"}]\n' for each, at in first.items())
    text = "".join(f'module "{each}" {{\n  {call}}}\n' for each, call in zip(first, calls, strict=True))
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")

    _, text = _told("preflight", tmp_path)

    assert ("not told whether that comes first" in " ".join(text.split())) == (not after), text
    assert ("E402" in text, "W437" in text) == (False, False), text


OF_NOBODY = {"VpcId": "vpc-1", "SubnetId": "subnet-a", "Description": "bastion"}
OWN = "x: {service: sqs, name: x, security_groups: [{create: {name: q, ingress: [{vpc: true}]}}]}"
NEW = "y: {service: sqs, name: y, security_groups: [{create: {name: p, ingress: [{vpc: true}]}}]}"


@pytest.mark.parametrize(
    ("specs", "states", "told"),
    [
        pytest.param([OWN, "y: {service: sqs, name: y}"], ["a.x a.https b.y"], "E446 y of b.yaml", id="one root"),
        pytest.param([OWN, "y: {service: sqs, name: y}"], ["a.x a.https", "y"], "E446 y of b.yaml", id="two roots"),
        pytest.param([OWN, _uses("l", "https", "logs")], ["a.x a.https b.y"], "E446 l of b.yaml", id="yet to be made"),
        pytest.param(["x: {service: sqs, name: x}"], ["a.x a.https"], "E446 x", id="its own, by name"),
        pytest.param([OWN], ["a.x a.https"], f"E446 {IDS['y']}", id="nobody's"),
        pytest.param([OWN, NEW], ["a.x a.https", "y"], "W437 y of b.yaml is to give it up", id="given up first"),
        pytest.param([OWN, NEW], ["a.x a.https b.y"], "", id="given up at once"),
        pytest.param([OWN], ["a.x a.https a.y"], "", id="destroyed too"),
        pytest.param([OWN, "y: {service: sqs, name: y}"], ["a.x https", "b.y"], "", id="another module's"),
    ],
)
def test_an_apply_destroys_no_group_that_is_in_use(
    specs: list[str], states: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the state has at the module's path and the spec no more: preflight and drift say who uses it."""
    monkeypatch.chdir(tmp_path)
    _write(tmp_path, specs, states)
    code, _, users = told.partition(" ")

    for command in ("preflight", "drift"):
        _, text = _told(command, tmp_path)
        text = " ".join(text.split())

        assert ("destroys security group https" in text) == bool(told), text
        assert (code in text, users in text) == (True, True), text
        assert ("E446" in text) == (code == "E446"), text


@pytest.mark.parametrize(("there", "told"), [(["eni-1"], "E446"), ([], "terraform apply destroys it"), (None, "")])
def test_who_else_has_a_group_network_interfaces_tell(
    there: list[str] | None, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no answer has these, neither is told."""
    monkeypatch.chdir(tmp_path)
    _write(tmp_path, [OWN, NEW], ["a.x a.https b.y"])
    answers = json.loads((tmp_path / "estate.json").read_text(encoding="utf-8"))
    groups = [{"GroupId": GROUP, "GroupName": "https"}]
    its = [{**OF_NOBODY, "NetworkInterfaceId": each, "Groups": groups} for each in there or ()]
    of_kind = {} if there is None else whole("NetworkInterfaces", *its)
    answers = {kind: value for kind, value in answers.items() if kind != "NetworkInterfaces"} | of_kind
    (tmp_path / "estate.json").write_text(json.dumps(answers), encoding="utf-8")
    texts = {each: " ".join(_told(each, tmp_path)[1].split()) for each in ("preflight", "drift")}

    assert ("E446" in texts["preflight"], told in texts["drift"]) == (told == "E446", True), texts
    assert ("W420 not checked: whether other" in texts["preflight"]) == (there is None)
    assert ("not told security group https" in texts["drift"]) == (there is None)


@pytest.mark.parametrize(
    "text",
    [
        "removed {\n  from = module.a.aws_security_group.https\n  lifecycle {\n    destroy = false\n  }\n}\n",
        "moved {\n  from = module.a.aws_security_group.https\n  to   = aws_security_group.https\n}\n",
    ],
)
def test_what_a_block_of_the_root_takes_away_is_not_destroyed(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is what a file beside the module's own has."""
    monkeypatch.chdir(tmp_path)
    _write(tmp_path, [OWN, "y: {service: sqs, name: y}"], ["a.x a.https b.y"])
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")

    assert "E446" not in _told("preflight", tmp_path)[1]

    (tmp_path / "main.tf").unlink()
    (tmp_path / "out/a").mkdir(parents=True)
    (tmp_path / "out/a/by_hand.tf").write_text('resource "aws_security_group" "https" {\n}\n', encoding="utf-8")

    assert "E446" not in _told("preflight", tmp_path)[1]


def test_a_gateway_that_private_dns_needs_is_not_destroyed_unsaid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No source says whether AWS deletes the last one: a spec without it is not told to work."""
    monkeypatch.chdir(tmp_path)
    needs = "j: {service: s3, type: Interface, private_dns_enabled: true}"
    _write(tmp_path, ["x: {service: sqs, name: x}", needs], ["a.x a.g"])
    answers = json.loads((tmp_path / "estate.json").read_text(encoding="utf-8"))
    answers["VpcEndpoints"] = answers["VpcEndpoints"][:3]
    (tmp_path / "estate.json").write_text(json.dumps(answers), encoding="utf-8")

    ended, text = _told("preflight", tmp_path)

    assert ended == 1
    assert f"E406 an apply destroys {IDS['g']}, which the spec has no more" in " ".join(text.split()), text
    assert "for private DNS of j needs it" in " ".join(text.split()), text
