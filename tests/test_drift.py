r"""Drift: a file in `tests/drift/` holds what is changed, in AWS, in a file or in the spec, and what the command says.

aws KIND/ID/Key… = JSON     something in AWS has another value (KIND/ID alone: it is there)
aws KIND/ID gone            it is not
aws KIND gone               AWS was not asked, or did not answer
aws ATTRIBUTE = JSON        a DNS attribute of the VPC has another value
state ID/ARGUMENT = JSON    Terraform's state (state.json) has another value, where else it has what AWS has at first
state ID gone               it does not have it
state ID at ADDRESS         it has it there
state ID tainted            it has it to be replaced
state ID deposed            it has it to be destroyed
root TEXT                   a root in the working folder has this in its main.tf
there PATH TEXT             a file there has this
spec OLD => NEW             the spec was changed, and not rendered
render                      the spec is rendered again
file NAME OLD => NEW        a rendered file was edited
$ gen-endpoints drift …     the command; what follows is what it says

What is caused once is told once, in the cases that are called `one-…`.
"""

from __future__ import annotations

import copy
import json
import re
import shlex
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from generator import cli
from generator.authoring.adopt import sayable
from generator.authoring.adopt.sayable import unsayable
from generator.cli.views import drift as view
from generator.generate import understand
from generator.live.applied import applied
from generator.live.drift.compare import compare
from generator.live.drift.comparison import Comparison
from generator.live.drift.rendered import RenderedDifferences
from generator.live.drift.row import Commands, Drift, Kind
from generator.live.estate import KINDS
from generator.live.ingress import Rule
from generator.live.locate import locate
from generator.source.diagnostics import MOST
from generator.source.terraform_json import read_state
from tests.agreement import agree
from tests.answers import of, whole
from tests.applied_state import state_of
from tests.cases import ROOT
from tests.test_revision import commit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.intent.intent import Intent
    from tests.golden import Golden

FOLDER = ROOT / "tests" / "drift"
CASES = sorted(FOLDER.glob("*.txt"))
PREFLIGHT = ROOT / "tests" / "preflight"
VERDICTS = sorted((ROOT / "tests" / "verdicts").glob("*.txt"))
"""The same changes, and the commands that are to say one thing of them."""
ESTATE: dict[str, list[dict[str, Any]]] = json.loads((FOLDER / "estate.json").read_text(encoding="utf-8"))
CLASSES = (
    *("hand-edit", "stale-render", "foreign-file", "not-applied", "changed-by-hand", "not applied, or changed by hand"),
    *("not-in-spec", "not-in-state", "deleted", "dead", "not told", "info"),
)
UNSURE = "not-applied-or-changed-by-hand"
MANAGED = "vpce-0a000008"
"""What a service manages: told, and no drift."""


@dataclass(frozen=True, slots=True)
class World:
    """The spec, its module and AWS, in a folder in which they agree at first."""

    folder: Path

    def run(self, command: str) -> tuple[int, str]:
        """Run a command here; return its exit code and what it says."""
        result = CliRunner().invoke(cli.application(), shlex.split(command.removeprefix("$ gen-endpoints ")))
        return result.exit_code, result.output

    def change(self, line: str) -> None:
        """Bring about what a line of a case says."""
        what, _, rest = line.partition(" ")
        if what == "render":
            self.run("render spec.yaml")
            return
        name, _, rest = rest.partition(" ") if what in {"aws", "file", "there"} else ("", "", rest)
        if what == "aws":
            answers = json.loads((self.folder / "estate.json").read_text(encoding="utf-8"))
            set_at(answers, name.split("/"), rest)
            (self.folder / "estate.json").write_text(json.dumps(answers), encoding="utf-8")
            return
        if what in {"root", "there"}:
            path = self.folder / (name or "main.tf")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(rest.replace("\\n", "\n"), encoding="utf-8")
            return
        if what == "remove":
            path = self.folder / "out" / "demo" / rest
            shutil.rmtree(path) if path.is_dir() else path.unlink()
            return
        if what == "state":
            answers = json.loads((self.folder / "state.json").read_text(encoding="utf-8"))
            resources = answers["values"]["root_module"]["child_modules"][0]["resources"]
            identifier, _, argument = rest.partition(" ")[0].partition("/")
            (found,) = (each for each in resources if each["values"]["id"] == identifier)
            if rest.startswith(f"{identifier} at "):
                found["address"] = rest.partition(" at ")[2]
                within = re.sub(r"aws_security_group\..*", "", found["address"])
                for rule in (each for each in resources if each["values"].get("security_group_id") == identifier):
                    rule["address"] = f"{within}{rule['type']}.{rule['name']}"  # they go with the group
            elif rest.endswith((" tainted", " deposed")):
                found |= {"tainted": True} if rest.endswith(" tainted") else {"deposed_key": "1a2b3c4d"}
            elif argument:
                found["values"][argument] = json.loads(rest.partition(" = ")[2])
            else:
                resources.remove(found)
            (self.folder / "state.json").write_text(json.dumps(answers), encoding="utf-8")
            return
        path = self.folder / ("spec.yaml" if what == "spec" else f"out/demo/{name}")
        old, _, new = rest.replace("\\n", "\n").partition(" => ")
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the spec, rendered, and its AWS."""
    folder = tmp_path_factory.mktemp("drift")
    for name in ("spec.yaml", "estate.json"):
        shutil.copy(FOLDER / name, folder)
    (folder / "state.json").write_text(json.dumps(state_of(ESTATE)), encoding="utf-8")
    result = CliRunner().invoke(cli.application(), ["render", str(folder / "spec.yaml"), "--out", str(folder / "out")])
    assert result.exit_code == 0, result.output
    shutil.rmtree(folder / "out")  # rendered again where the spec's path is relative
    return folder


@pytest.fixture
def world(rendered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Return a world of one's own."""
    shutil.copytree(rendered, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    found = World(tmp_path)
    found.run("render spec.yaml")
    return found


def _left_of(answers: dict[str, Any], *gone: dict[str, Any]) -> dict[str, Any]:
    """Return the network interfaces that AWS has once things are gone: those of an endpoint go with it."""
    of_it = {identifier for each in gone for identifier in each.get("NetworkInterfaceIds") or ()}
    kept = [each for each in answers.get("NetworkInterfaces", ()) if each["NetworkInterfaceId"] not in of_it]
    return {"NetworkInterfaces": kept} if "NetworkInterfaces" in answers else {}


def set_at(answers: dict[str, Any], path: list[str], rest: str) -> None:
    """Give what is at a path another value, take it away, or add it."""
    kind, *rests = path
    if not rests:
        answers |= {kind: json.loads(rest[2:])} if rest.startswith("= ") else {}
        _ = rest == "gone" and answers.pop(kind)
        return
    identifier, *keys = rests
    things: list[dict[str, Any]] = answers.setdefault(kind, [])
    thing = next((each for each in things if each[KINDS[kind][0]] == identifier), None)
    if rest == "gone":
        assert thing is not None
        things.remove(thing)
        answers |= _left_of(answers, thing)
        return
    value = json.loads(rest.removeprefix("= "))
    if thing is None:
        things += whole(kind, {"OwnerId": ESTATE["Account"], **value})[kind]
        return
    target: Any = thing
    for key in keys[:-1]:
        target = target[int(key) if isinstance(target, list) else key]
    target[int(keys[-1]) if isinstance(target, list) else keys[-1]] = value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_the_command_says_what_the_case_holds(case: Path, golden: Golden, world: World) -> None:
    """Each class has its words, and what to run next."""
    lines = case.read_text(encoding="utf-8").split("\n")
    index = next(number for number, line in enumerate(lines) if line.startswith("$ "))
    for line in lines[:index]:
        world.change(line)
    code, output = world.run(lines[index])

    golden(case, "\n".join([*lines[: index + 1], output]))
    assert code == (1 if case.stem.startswith("E") else 0 if case.stem.startswith(("none", "info")) else 4)
    output = world.run(f"{lines[index]} --format json")[1]
    agree("drift", code, output)
    if case.stem.startswith("one-"):
        (found,) = json.loads(output)["specs"]
        assert len([row for row in found["report"] if row["class"] != "info"]) == 1


@pytest.mark.parametrize("case", VERDICTS, ids=lambda case: case.stem)
def test_drift_verify_and_preflight_say_one_thing(case: Path, golden: Golden, world: World) -> None:
    """What one finds in an answer, or does not, the others do not deny."""
    lines = case.read_text(encoding="utf-8").split("\n")
    for file in case.parent.glob("*.json"):
        shutil.copy(file, world.folder)
    changes = lines[: lines.index("")]
    for line in changes:
        world.change(line)
    told = ((line, *world.run(line)) for line in lines if line.startswith("$ "))

    golden(case, "\n".join([*changes, *(f"\n{line}\n{output}exit {code}" for line, code, output in told), ""]))


CALL = 'module "endpoints" {\n  source = "./out/demo"\n}\n'
MOVES = "moved {{\n  from = module.demo\n  to = module.{}\n}}\nmoved {{\n  from = module.{}\n  to = module.{}\n}}\n"


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("versions.tf", 'terraform {\n  required_version = ">= 1.5"\n}\n', 1),
        ("network.tf", CALL.replace("endpoints", "demo").replace("./out/demo", "./network"), 1),
        ("network.tf", CALL.replace("endpoints", "demo").replace("./out/demo", "git::https://example.com/x.git"), 0),
        ("again.tf", CALL.replace("endpoints", "demo"), 0),
        ("broken.tf", "module {", 0),
        ("broken.tf.json", "{", 0),
        ("main_override.tf", CALL.replace("./out/demo", "./out/other"), 0),
        ("terragrunt.hcl", "", 0),
        ("moves.tf", MOVES.format("a", "a", "endpoints"), 0),
        ("moves.tf", MOVES.format('a["eu.b"]', 'a["eu.b"]', "endpoints"), 0),
        ("moves.tf", MOVES.format("a", "b", "endpoints"), 1),
    ],
)
@pytest.mark.parametrize("command", ["drift", "preflight"])
def test_what_a_root_here_does_not_call_is_the_modules_if_not_all_is_read(
    command: str, file: str, text: str, code: int, world: World
) -> None:
    """A root that is read whole calls it by another name than the state has; what may call it so, too, is left."""
    (world.folder / "main.tf").write_text(CALL, encoding="utf-8")
    (world.folder / file).write_text(text, encoding="utf-8")

    ended, output = world.run(f"{command} spec.yaml --from estate.json --state state.json")

    assert (ended, "not told whether module.demo" in output) == (code, code == 1), output


@pytest.mark.parametrize(
    ("vpc", "code", "says"),
    [
        ("{id: vpc-0a000001}", 1, "dynamodb of other.yaml may be it: give that spec too"),
        ("{id: vpc-0a0000ff}", 4, "aws ec2 delete-vpc-endpoints"),
        ("{id: vpc-0a000001}\nnonsense: 1", 4, "aws ec2 delete-vpc-endpoints"),
    ],
)
def test_what_a_spec_beside_may_have_is_not_told_to_be_no_specs(vpc: str, code: int, says: str, world: World) -> None:
    """It is not compared, and counts as little as one that is refused where it is given alone."""
    live: dict[str, Any] = {"VpcEndpointId": "vpce-0a0000ff", "VpcEndpointType": "Gateway", "VpcId": "vpc-0a000001"}
    live |= {"ServiceName": "com.amazonaws.eu-west-1.dynamodb", "State": "available", "RouteTableIds": ["rtb-0a000001"]}
    world.change(f"aws VpcEndpoints/vpce-0a0000ff = {json.dumps(live)}")
    text = f"name: other\nregion: eu-west-1\nvpc: {vpc}\nroute_tables: [{{main: true}}]\n"
    (world.folder / "other.yaml").write_text(
        f"{text}endpoints:\n  dynamodb: {{service: dynamodb, type: Gateway}}\n", encoding="utf-8"
    )

    ended, output = world.run("drift spec.yaml --from estate.json")

    assert (ended, says in " ".join(output.split())) == (code, True), output


def test_standard_input_is_read_once(world: World) -> None:
    """The second would be empty: no word of what is wrong."""
    code, output = world.run("drift spec.yaml --from - --state -")

    assert (code, "standard input (-) can be read once: give the other by a file" in output) == (2, True)


@pytest.mark.parametrize("kind", CLASSES)
def test_each_class_has_a_case(kind: str) -> None:
    """A class that nothing can cause is dead."""
    assert [case for case in CASES if f"  {kind} " in case.read_text(encoding="utf-8")]


@pytest.mark.parametrize(
    ("form", "found"), {"github": "::error", "gitlab": "fingerprint", "sarif": "ruleIndex", "junit": "<failure"}.items()
)
def test_what_was_not_rendered_is_one_finding_in_each_form(form: str, found: str, world: World) -> None:
    """Five tags in AWS and two files wait for one `render`; an edit by hand beside it is another cause."""
    said = "tags.Project, security group endpoints tags.Project"
    world.change("spec tags: {Project: demo} => tags: {Project: other}")
    for number in (1, 2):
        code, output = world.run(f"drift spec.yaml --from estate.json --format {form}")
        assert (code, output.count(found), said in output) == (4, number, True), output
        world.change("file outputs.tf output => # mine\noutput")


IGNORED = {
    *("AvailabilityZone", "CreationTimestamp", "DnsEntries", "OwnerId", "IpPermissionsEgress"),
}
"""What no spec says."""
FIELDS = {
    "SubnetIds": "subnets",
    "Groups": "security_groups",
    "RouteTableIds": "route_tables",
    "PrivateDnsEnabled": "private_dns_enabled",
    "IpAddressType": "ip_address_type",
    "ServiceRegion": "service_region",
    "Description": "description",
}
KEYS = {"vpce-0a000001": "sqs", "vpce-0a000002": "s3", "vpce-0a000003": "kms", "vpce-0a000004": "database"}
STATED = {
    "sqs": {"subnets", "security_groups", "private_dns_enabled", "ip_address_type", "service_region"},
    "s3": {"route_tables", "ip_address_type"},
    "kms": {"subnets", "security_groups", "private_dns_enabled", "ip_address_type", "service_region"},
    "database": {"subnets", "security_groups", "private_dns_enabled"},
    "security group endpoints": {"description"},
}
"""The fields that the module sets, and those of which it is known what AWS takes; the others are AWS's to choose."""
DNS = {
    **{key: {"DnsRecordIpType": "dns_options.dns_record_ip_type"} for key in ("sqs", "kms")},
    "database": {
        "PrivateDnsPreference": "dns_options.private_dns_preference",
        "PrivateDnsSpecifiedDomains": "dns_options.private_dns_specified_domains",
    },
}
UNSTATED = {
    ("sqs", "service_region"),
    ("kms", "service_region"),
    *((key, field) for key in ("s3", "kms") for field in ("policy", "ip_address_type")),
    ("kms", "dns_options.dns_record_ip_type"),
}
"""What the spec leaves to AWS, so that no apply changes it, and nobody knows who did."""
OTHER_POLICY = '{"Statement":[{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}'


Mutation = tuple[list[str], Any, list[tuple[str, str, str]]]


def mutations() -> Iterator[Mutation]:
    """Yield each single field of the endpoints and the made group, another value for it, and what drift is to say."""
    for kind, owners in (("VpcEndpoints", KEYS), ("SecurityGroups", {"sg-0a000002": "security group endpoints"})):
        for thing in ESTATE[kind]:
            identifier = str(thing[KINDS[kind][0]])
            if identifier in owners:
                for key, value in thing.items():
                    if key in {"RequesterManaged", "OwnerId"} and kind == "VpcEndpoints":
                        continue  # which makes it another's: test_owners
                    yield from _mutations([kind, identifier, key], value, owners[identifier])


def _mutations(path: list[str], value: Any, subject: str) -> Iterator[Mutation]:
    key, changed = path[-1], UNSURE
    if key in IGNORED:
        yield path, _other(value), []
    elif key in FIELDS:
        yield path, _other(value), [(changed, subject, FIELDS[key])] if FIELDS[key] in STATED[subject] else []
    elif key == "PolicyDocument":
        yield path, OTHER_POLICY, [(changed, subject, "policy")]
    elif key == "NetworkInterfaceIds":  # which have the fixed addresses
        rows = [("not-told", subject, "subnet_configuration.subnet-0a00000b.ipv4")] if subject == "kms" else []
        yield path, _other(value), rows
    elif key == "State":
        yield path, "failed", [("dead", subject, "state")]
    elif key == "DnsOptions":
        for option, old in value.items():
            field = DNS.get(subject, {}).get(option)
            yield [*path, option], _other(old), [(changed, subject, field)] if field else []
    elif key == "Tags":
        yield from _tag_mutations(path, value, subject)
    elif key == "IpPermissions":
        yield from _rule_mutations(path, value, subject)


def _tag_mutations(path: list[str], value: list[dict[str, str]], subject: str) -> Iterator[Mutation]:
    name = "tags.Name" if subject.startswith("security group") else "name"
    is_of_a_stack = any(tag["Key"].startswith("aws:cloudformation:") for tag in value)
    for index, tag in enumerate(value):
        if tag["Key"] == "Name" and is_of_a_stack:
            continue  # by its Name alone is it the spec's: test_owners
        own = [] if tag["Key"].startswith("aws:") else [(UNSURE, subject, f"tags.{tag['Key']}")]
        rows = [(UNSURE, subject, name)] if tag["Key"] == "Name" else own
        yield [*path, str(index), "Value"], "other", rows
        yield path, [each for each in value if each != tag], rows
    more = [*value, {"Key": "More", "Value": "x"}]
    yield path, more, [(UNSURE, subject, "tags.More")]


def _rule_mutations(path: list[str], value: list[dict[str, Any]], subject: str) -> Iterator[Mutation]:
    """Yield each source taken away, added and described otherwise; all rules for another port are one difference."""
    row = (UNSURE, subject, "ingress")
    sources = {"IpRanges": "CidrIp", "Ipv6Ranges": "CidrIpv6", "UserIdGroupPairs": "GroupId", "PrefixListIds": ""}
    for index, permission in enumerate(value):
        for kind, key in sources.items():
            here = [*path, str(index), kind]
            for number, source in enumerate(permission[kind]):
                yield here, [each for each in permission[kind] if each != source], [row]
                yield [*here, str(number), "Description"], "other", [(row[0], subject, "ingress.description")]
            if key:
                new = {"CidrIp": "192.0.2.0/24", "CidrIpv6": "2001:db8:1::/48", "GroupId": "sg-0a000009"}[key]
                yield here, [*permission[kind], {key: new, "Description": ""}], [row]
        yield [*path, str(index), "ToPort"], permission["ToPort"] + 1, [row]
        yield [*path, str(index), "IpProtocol"], "icmp", [row]


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, list):
        return value[:-1] if value else ["other"]
    return {"ipv4": "ipv6", "ipv6": "ipv4"}.get(str(value), f"{value}-other")


def _rows(case: Intent, answers: dict[str, Any], state: str | None = None) -> list[tuple[str, str, str]]:
    """Return what drift says of a spec and AWS; `state` is the path of a state, if that is known."""
    there = of([answers], "eu-west-1")
    commands = Commands(spec="spec.yaml", out="out", region="eu-west-1")
    known = applied([read_state(state)]) if state else None
    found = compare(
        [Comparison.of(replace(locate(case, there), applied=known), commands=commands, rendered=RenderedDifferences())],
        unsayable=unsayable,
    )
    own = (row for row in found if row.subject != MANAGED)
    return sorted((row.kind.value, row.subject, row.field) for row in own)


def _because(kind: str, rows: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Return the rows of a change where it is known who made it."""
    kinds = (kind if row[0] == UNSURE else row[0] for row in rows)
    return sorted(
        ("not-in-spec" if row[1:] in UNSTATED else kind, *row[1:]) for kind, row in zip(kinds, rows, strict=True)
    )


def test_every_single_change_is_that_one_difference(tmp_path: Path) -> None:
    """What agrees has no drift; whichever field of AWS's answer changes, drift says that field and nothing else.

    With a state that has what AWS had before, somebody has changed it since; with one that has it too, it was so when
    Terraform last applied.
    """
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    before.write_text(json.dumps(state_of(ESTATE)), encoding="utf-8")
    case, changes = understand(str(FOLDER / "spec.yaml")), list(mutations())
    assert _rows(case, ESTATE) == []
    assert len(changes) > 80
    for path, value, rows in changes:
        answers = copy.deepcopy(ESTATE)
        set_at(answers, path, f"= {json.dumps(value)}")
        after.write_text(json.dumps(state_of(answers)), encoding="utf-8")
        assert _rows(case, answers) == _because(UNSURE, rows), path
        assert _rows(case, answers, str(before)) == _because("changed-by-hand", rows), path
        assert _rows(case, answers, str(after)) == _because("not-applied", rows), path


@pytest.mark.parametrize("name", ["imports.tf", "main.tf"])
def test_what_moved_blocks_bring_to_the_module_its_state_has(name: str, world: World) -> None:
    """As `adopt` writes them, in whatever file of the root; without them an apply makes a second, as both say."""
    for identifier, key in KEYS.items():
        world.change(f'state {identifier} at module.old.aws_vpc_endpoint.this["{key}"]')
    world.change("state sg-0a000002 at module.old.aws_security_group.this[0]")
    own = [f'module.old.aws_vpc_endpoint.this["{key}"] module.demo.aws_vpc_endpoint.{key}' for key in KEYS.values()]
    own.append("module.old.aws_security_group.this[0] module.demo.aws_security_group.endpoints")
    blocks = ["moved {{\n  from = {}\n  to   = {}\n}}\n".format(*each.split()) for each in own]
    rest = "spec.yaml --from estate.json --state state.json"

    assert [world.run(f"{each} {rest}")[0] for each in ("drift", "preflight")] == [4, 1]
    (world.folder / name).write_text("\n".join(blocks), encoding="utf-8")
    assert [world.run(f"{each} {rest}")[0] for each in ("drift", "preflight")] == [0, 0]
    (world.folder / name).write_text("\n".join(blocks[1:]), encoding="utf-8")
    assert [world.run(f"{each} {rest}")[0] for each in ("drift", "preflight")] == [4, 1]


@pytest.mark.parametrize("path", ["", "module.demo.", 'module.net["p.q"].module.any[0].'])
@pytest.mark.parametrize("name", ["imports.tf", "team.tf"])
def test_what_moved_blocks_of_files_beside_the_module_bring_its_state_has(name: str, path: str, world: World) -> None:
    """As those of a root do, be the word import in the file or not; below whatever path a root calls the module."""
    world.run("render spec.yaml --out out")
    for identifier, key in KEYS.items():
        world.change(f"state {identifier} at {path}aws_vpc_endpoint.{key.replace('sqs', 'legacy')}")
    world.change(f"state sg-0a000002 at {path}aws_security_group.endpoints")
    rest = "spec.yaml --from estate.json --state state.json"

    assert [world.run(f"{each} {rest}")[0] for each in ("drift", "preflight")] == [4, 1]
    (folder,) = (world.folder / "out").iterdir()
    moved = "moved {\n  from = aws_vpc_endpoint.legacy\n  to   = aws_vpc_endpoint.sqs\n}\n"
    (folder / name).write_text(moved, encoding="utf-8")
    assert [world.run(f"{each} {rest}")[0] for each in ("drift", "preflight")] == [0, 0]


@pytest.mark.parametrize(
    ("path", "file", "to", "is_taken"),
    [
        ("module.demo.", "imports.tf", "module.demo.", True),
        ("", "out/demo/imports.tf", "", True),
        ("", "out/demo/imports_override.tf", "", False),
        ("module.demo.", "out/demo/imports.tf", "", False),  # Terraform 1.15 refuses that
    ],
)
def test_what_import_blocks_take_in_no_command_misses(
    path: str, file: str, to: str, *, is_taken: bool, world: World
) -> None:
    """Where the module is the root itself its own files have them, else those of the root that calls it."""
    state, own = world.folder / "state.json", "aws_vpc_endpoint.sqs"
    for each in ("vpce-0a000001", "sg-0a000002"):
        world.change(f"state {each} gone")
    state.write_text(state.read_text(encoding="utf-8").replace("module.demo.", path), encoding="utf-8")
    group = f'import {{\n  to = {to}aws_security_group.endpoints\n  id = "sg-0a000002"\n}}\n'
    block = f'import {{\n  to = {to}{own}\n  id = "vpce-0a000001"\n}}\n'
    (world.folder / file).write_text(block + group, encoding="utf-8")
    if to:
        (world.folder / "main.tf").write_text('module "demo" {\n  source = "./out/demo"\n}\n', encoding="utf-8")
    rest = "spec.yaml --from estate.json --state state.json"
    drift, preflight = (world.run(f"{each} {rest}") for each in ("drift", "preflight"))

    assert (drift[0], "not-in-state" in drift[1]) == (0 if is_taken else 4, not is_taken), drift[1]
    assert (preflight[0], "Terraform's state lacks it" in preflight[1]) == (int(not is_taken), not is_taken)


def test_what_was_made_anew_takes_the_address_of_what_is_gone(world: World) -> None:
    """Terraform imports nothing at an address that its state has, be what has it there or gone."""
    path, address = world.folder / "state.json", "module.demo.aws_vpc_endpoint.sqs"
    answers = json.loads(path.read_text(encoding="utf-8"))
    own = answers["values"]["root_module"]["child_modules"][0]["resources"]
    (found,) = (each for each in own if each["values"]["id"] == "vpce-0a000001")
    found["address"], found["values"]["id"] = address, "vpce-0a0000ff"
    path.write_text(json.dumps(answers), encoding="utf-8")

    told = world.run("drift spec.yaml --from estate.json --state state.json")[1]

    assert f"terraform state rm {address} && terraform import {address} vpce-0a000001\n" in told


def test_the_rules_of_groups_that_are_gone_are_told_with_their_group(world: World) -> None:
    """One row has what is wanted of each subject, in their order: whose each rule is, is not lost."""
    spec, group = world.folder / "spec.yaml", "  - create: {{name: {0}, ingress: [{{cidr_ipv4: {1}, ports: [{2}]}}]}}\n"
    more = group.format("first", "10.1.0.0/16", "443, 53/udp") + group.format("second", "10.2.0.0/16", "8443")
    web = "  - {name: web}\n"
    spec.write_text(spec.read_text(encoding="utf-8").replace(web, web + more), encoding="utf-8")
    world.run("render spec.yaml --out out")

    told = json.loads(world.run("drift spec.yaml --from estate.json --format json")[1])
    (row,) = (each for each in told["specs"][0]["report"] if "group" in each["subject"])

    assert [row["subject"], *row["also"]] == ["security group first", "security group second"]
    assert row["wanted"] == [
        "security group first: tcp 443 from 10.1.0.0/16 and udp 53 from 10.1.0.0/16",
        "security group second: tcp 8443 from 10.2.0.0/16",
    ]


def test_each_endpoint_that_is_gone_is_missed(tmp_path: Path) -> None:
    """An endpoint that is deleted is that one difference, as is one that nobody knows; all of them gone are one.

    A state that has it says that it was deleted, one that has the others that it was never made, and any other nothing;
    what it lacks of those that are there is told, and of two it has the spec's.
    """
    case = understand(str(FOLDER / "spec.yaml"))
    state = tmp_path / "state.json"
    for identifier, key in KEYS.items():
        (own,) = (each for each in ESTATE["VpcEndpoints"] if each["VpcEndpointId"] == identifier)
        rest = [each for each in ESTATE["VpcEndpoints"] if each is not own]
        left = {**ESTATE, **_left_of(ESTATE, own), "VpcEndpoints": rest}
        assert _rows(case, left) == [(UNSURE, key, "")]
        for endpoints, kind in ((ESTATE["VpcEndpoints"], "deleted"), (rest, "not-applied"), ([], UNSURE)):
            state.write_text(json.dumps(state_of({**ESTATE, "VpcEndpoints": endpoints})), encoding="utf-8")
            lacked = [] if endpoints else [("not-in-state", "demo", "")]
            assert _rows(case, left, str(state)) == sorted([(kind, key, ""), *lacked])
        twin = {**own, "VpcEndpointId": "vpce-0a0000ff", "Tags": [{"Key": "Name", "Value": "twin"}]}
        more = {**ESTATE, "VpcEndpoints": [twin, *ESTATE["VpcEndpoints"]]}
        assert _rows(case, more) == [("not-in-spec", "vpce-0a0000ff", "")]
        state.write_text(json.dumps(state_of({**ESTATE, "VpcEndpoints": [twin, *rest]})), encoding="utf-8")
        assert ("not-in-spec", identifier, "") in _rows(case, more, str(state))
    left = {**ESTATE, **_left_of(ESTATE, *ESTATE["VpcEndpoints"]), "VpcEndpoints": []}
    assert _rows(case, left) == [(UNSURE, "demo", "")]


@pytest.mark.parametrize("path", ["module.demo", "module.net.module.demo", "module.demo.module.endpoints"])
@pytest.mark.parametrize(
    ("retired", "given"), [(", retired: true", "spec.yaml"), ("", "spec.yaml:other"), ("gone", "spec.yaml")]
)
def test_what_a_state_has_of_a_target_is_of_no_other(world: World, path: str, retired: str, given: str) -> None:
    """Not of one as much alike, which has nothing in the state, where the first is retired, not given, or was there."""
    spec, state = world.folder / "spec.yaml", world.folder / "state.json"
    text = spec.read_text(encoding="utf-8").replace("name: demo\n", "values: {of: text}\n", 1)
    text = text.replace("name: queue", "name: {format: 'queue-of-{of}'}")
    row = f"  demo: {{of: demo{retired.removeprefix('gone')}}}\n"
    spec.write_text(f"{text}targets:\n{row}  other: {{of: other}}\n", encoding="utf-8")
    if retired == "gone":
        commit(world.folder, {})
        spec.write_text(spec.read_text(encoding="utf-8").replace(row, ""), encoding="utf-8")
        shutil.rmtree(world.folder / "out")
    state.write_text(state.read_text(encoding="utf-8").replace("module.demo", path), encoding="utf-8")
    imports = (f'import {{\n  to = {path}.aws_vpc_endpoint.{key}\n  id = "{each}"\n}}\n' for each, key in KEYS.items())
    (world.folder / "imports.tf").write_text("".join(imports), encoding="utf-8")
    options = "--from estate.json --state state.json"
    code, refused = world.run(f"preflight {given} {options}")
    drift = world.run(f"drift {given} {options}")[1]

    assert (code, f"Terraform's state has it at {path}.aws_vpc_endpoint.s3" in refused) == (1, True), refused
    assert not re.search(r"(?m)^  (changed-by-hand|not-in-state) +(other|sqs|s3|kms|database)\b", drift), drift
    assert all(f"Terraform has it at {path}.aws_vpc_endpoint.{key}" in drift for key in KEYS.values()), drift


def test_specs_of_one_vpc_belong_together(tmp_path: Path) -> None:
    """An endpoint that one spec has is not foreign to another; one that none has is of no single spec."""
    (tmp_path / "other.yaml").write_text(
        "name: other\nregion: eu-west-1\nvpc: {name: app}\nsubnets: [{name: private-a}]\n"
        "security_groups: [{name: web}]\nendpoints:\n"
        "  queue: {service: sqs, name: second, private_dns_enabled: false}\n",
        encoding="utf-8",
    )
    cases = [understand(str(path)) for path in (FOLDER / "spec.yaml", tmp_path / "other.yaml")]
    second = {
        **ESTATE["VpcEndpoints"][0],
        "IpAddressType": "ipv4",
        "PolicyDocument": None,
        "PrivateDnsEnabled": False,
        "VpcEndpointId": "vpce-0a000000",
        "SubnetIds": ["subnet-0a00000a"],
        "Groups": [{"GroupId": "sg-0a000001"}],
        "Tags": [{"Key": "Name", "Value": "second"}],
    }
    foreign = {**second, "VpcEndpointId": "vpce-0a0000ff", "ServiceName": "com.amazonaws.eu-west-1.logs"}
    there = of([{**ESTATE, "VpcEndpoints": [second, *ESTATE["VpcEndpoints"], foreign]}], "eu-west-1")
    specs = [
        Comparison.of(
            locate(case, there),
            commands=Commands(spec=case.spec.name, out="out", region="eu-west-1"),
            rendered=RenderedDifferences(),
        )
        for case in cases
    ]

    assert [
        (row.kind.value, row.spec, row.subject, row.field)
        for row in compare(specs, unsayable=unsayable)
        if row.kind != "info"
    ] == [("not-in-spec", None, "vpce-0a0000ff", "")]
    alone = {
        (row.kind.value, row.spec, row.subject)
        for row in compare(specs[:1], unsayable=unsayable)
        if row.subject != MANAGED
    }
    assert alone == {("not-in-spec", "demo", "vpce-0a000000"), ("not-in-spec", "demo", "vpce-0a0000ff")}


def test_of_very_many_differences_the_first_are_told_and_the_others_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In each format the first thousand of a spec, by class, of which one is of a class before those of AWS."""
    monkeypatch.chdir(ROOT)
    foreign = {**ESTATE["VpcEndpoints"][0], "NetworkInterfaceIds": [], "Tags": []}
    more = [{**foreign, "VpcEndpointId": f"vpce-0a1{number:05}"} for number in range(MOST + 5)]
    answers = {**ESTATE, "VpcEndpoints": [*ESTATE["VpcEndpoints"], *more]}
    (tmp_path / "answers.json").write_text(json.dumps(answers), encoding="utf-8")
    given = ["drift", "tests/drift/spec.yaml", "--from", str(tmp_path / "answers.json"), "--out", str(tmp_path)]
    told = {
        form: CliRunner().invoke(cli.application(), [*given, "--format", form]).stdout
        for form in ("table", "json", "github")
    }
    (found,) = json.loads(told["json"])["specs"]

    assert f"\n  and {found['more']} more\n" in told["table"]
    assert (len(found["report"]), found["more"]) == (MOST, 7)  # the last of which, by class, is no difference
    assert found["why"] == f"{MOST + 6} differences"
    assert [each["class"] for each in found["report"]] == ["stale-render", *["not-in-spec"] * (MOST - 1)]
    assert told["github"].count("::error ") == MOST
    assert re.search(r"::warning::and at least [67] more findings", told["github"])


def test_of_very_many_differences_of_several_specs_the_first_are_told_and_the_other_specs_counted() -> None:
    """A fleet of 400 targets that drift in all printed megabytes."""
    rows = [
        Drift(kind=Kind.NOT_IN_SPEC, spec=f"{spec}.yaml", subject=f"k{number}", found="x", next="y")
        for spec in "abcd"
        for number in range(MOST // 2 + 1)
    ]
    told = view.as_table(rows, {f"{spec}.yaml": ("k",) for spec in "abcd"})

    assert told.count(" not-in-spec  k") == MOST
    assert "\nb.yaml\n" in told
    assert "\n  and 2 more\nand 2 more specs with differences: name one to see them\n" in told
    assert told.endswith(f"\n{4 * (MOST // 2 + 1)} differences in 4 specs: {4 * (MOST // 2 + 1)} not-in-spec")


def test_of_too_many_to_ask_about_none_is_to_be_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a spec can have an endpoint is asked of so many that differ; what was not asked is not known."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sayable, "_MOST", 1)
    foreign = {**ESTATE["VpcEndpoints"][0], "NetworkInterfaceIds": [], "Tags": []}
    foreign["ServiceName"] = "com.amazonaws.eu-west-1.sns"  # beside none of the spec
    alike = {"Effect": "Allow", "Principal": "*", "Resource": "*"}
    policies = [json.dumps({"Statement": [{**alike, "Action": f"sqs:{each}*"}]}) for each in "ABB"]
    more = [
        {**foreign, "VpcEndpointId": f"vpce-0a{at}", "PolicyDocument": each} for at, each in enumerate(policies, 100000)
    ]
    answers = {**ESTATE, "VpcEndpoints": [*ESTATE["VpcEndpoints"], *more]}
    (tmp_path / "answers.json").write_text(json.dumps(answers), encoding="utf-8")
    given = ["drift", "tests/drift/spec.yaml", "--from", str(tmp_path / "answers.json"), "--out", str(tmp_path)]
    done = CliRunner().invoke(cli.application(), [*given, "--format", "json"])
    rows = {each["subject"]: each for each in json.loads(done.stdout)["specs"][0]["report"]}
    of_more = [rows[each["VpcEndpointId"]] for each in more]

    assert done.exit_code == 4  # for the one that is known
    assert [each["class"] for each in of_more] == ["not-in-spec", "not-told", "not-told"], of_more
    assert ["delete-vpc-endpoints" in each["next"] for each in of_more] == [True, False, False]


def test_each_class_is_explained_and_documented() -> None:
    """`explain` has what a class means, and docs/state.md the row."""
    page = (ROOT / "docs" / "state.md").read_text(encoding="utf-8")
    for kind in Kind:
        said = CliRunner().invoke(cli.application(), ["explain", kind.value]).output
        assert said.startswith(f"{kind.value}: a class of drift\n")
        assert f"| `{kind.value}` |" in page


def test_the_source_of_a_rule_is_in_the_words_of_the_aws_cli() -> None:
    """What is to be revoked can be pasted."""
    permissions = {
        "10.0.0.0/8": "IpProtocol=tcp,FromPort=1,ToPort=2,IpRanges=[{CidrIp=10.0.0.0/8}]",
        "2001:db8::/32": "IpProtocol=tcp,FromPort=1,ToPort=2,Ipv6Ranges=[{CidrIpv6=2001:db8::/32}]",
        "sg-1": "IpProtocol=tcp,FromPort=1,ToPort=2,UserIdGroupPairs=[{GroupId=sg-1}]",
        "pl-1": "IpProtocol=tcp,FromPort=1,ToPort=2,PrefixListIds=[{PrefixListId=pl-1}]",
    }

    assert {source: Rule("tcp", 1, 2, source).permission for source in permissions} == permissions


ADDRESS = (
    r"terraform [^\n]*?((?:(?:PATH|module\.\w+(?:\[\"?\w+\"?\])?)\.)*)"
    r"(?<!mv ')(?<!rm ')(?<!mv )(?<!rm )aws_(?:vpc_endpoint|security_group)\."
)


def test_what_terraform_is_to_take_has_the_address_that_its_state_has() -> None:
    """Every command names a resource beside what the state has of the module, or in the module's own folder."""
    whole = (f"\n{case.read_text(encoding='utf-8')}" for case in (*CASES, *VERDICTS))
    texts = [text for each in whole for text in each.split("\n$ ")[1:]]
    states = [each for each in PREFLIGHT.glob("*.state") if "module." in each.read_text(encoding="utf-8")]
    texts += [f"--state\n{case.with_suffix('.txt').read_text(encoding='utf-8')}" for case in states]
    told = [
        (module, "--state" in text.partition("\n")[0])
        for text in texts
        for module in re.findall(ADDRESS, text)
        if "ADDRESS" not in text  # which a state that has nothing of the module leaves to its reader
    ]

    assert {is_in_state for _, is_in_state in told} == {True, False}
    assert [module for module, is_in_state in told if bool(module) is not is_in_state] == []
