"""Specs of what stands: each case is what was asked for and, word for word, what is said and written.

tests/adopt/CASE.txt     `$ adopt …`, and all that it says; the answers of the AWS CLI are in *.json there
tests/adopt/CASE.yaml    the spec that it writes, where it writes one
tests/adopt/CASE.imports the import blocks, and those of what moves
tests/adopt/*.state      what `terraform show -json` printed
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import time
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from generator import __version__, cli
from generator.authoring.adopt.adoption import AdoptOptions, adopt
from generator.authoring.adopt.choose import choose, vpc_of
from generator.authoring.adopt.description import Description, describe
from generator.authoring.adopt.groups import describe_groups
from generator.authoring.adopt.imports import import_blocks
from generator.authoring.adopt.proof import prove
from generator.authoring.adopt.sayable import unsayable
from generator.authoring.adopt.state import State, hand_over
from generator.cli.aws_options import imports_beside
from generator.generate import understand_text
from generator.hcl.hcl import Block, Expression
from generator.live import answers, estate
from generator.module.resolve import resolve
from generator.source.diagnostics import ExitCode, Refused
from generator.source.terraform_json import Resource
from tests.answers import documents
from tests.cases import ROOT
from tests.test_revision import git
from tests.worlds import drift_of

if TYPE_CHECKING:
    from tests.golden import Golden

ANSWERS = ROOT / "tests" / "adopt"
CASES = sorted(ANSWERS.glob("*.txt"))
CODES = {f"E{number}" for number in (*range(410, 417), 419, 420)} | {f"W{number}" for number in range(410, 416)}


def _said(case: Path, folder: Path) -> tuple[str, int]:
    command = case.read_text(encoding="utf-8").partition("\n")[0].removeprefix("$ ")
    run = CliRunner().invoke(cli.application(), shlex.split(command))
    assert folder.is_dir()
    return f"$ {command}\n{run.output}", run.exit_code


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_says_and_writes(case: Path, golden: Golden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said is in the case, what is written stands beside it, and what is refused writes nothing."""
    for given in (*ANSWERS.glob("*.json"), *ANSWERS.glob("*.state")):
        (tmp_path / given.name).symlink_to(given)
    monkeypatch.chdir(tmp_path)

    said, code = _said(case, tmp_path)

    golden(case, said)
    written = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir() if not path.is_symlink()}
    assert set(written) == ({"x.yaml", "x.tf"} if code == ExitCode.FINE else set())
    golden(case.with_suffix(".yaml"), written.get("x.yaml"))
    golden(case.with_suffix(".imports"), written.get("x.tf"))  # no .tf, which a spec here of that name would be told of


def _estate(name: str) -> estate.Estate:
    return answers.read([(name, (ANSWERS / f"{name}.json").read_text(encoding="utf-8"))], "eu-west-1")


def _options(**more: Any) -> AdoptOptions:
    return AdoptOptions(**{"vpc": "app", "name": "x", "path": "x.yaml", **more})


def test_each_code_is_said_by_a_case() -> None:
    """No code of adoption is without a case, but for those that the tests below have."""
    said = "\n".join(case.read_text(encoding="utf-8") for case in CASES)

    assert {code for code in CODES if f" {code} " not in said} == {"E419"}


def test_a_spec_that_means_something_else_is_our_bug() -> None:
    """Whatever is changed in the text of an adopted spec, the proof sees it."""
    found = _estate("many")
    adopted = adopt(found, _options())
    for right, wrong in (
        ("name: s3-inside", "name: other"),
        ("subnets: [{name: private-a}, {name: private-b}, {id", "subnets: [{name: private-a}, {id"),
        ("  - {main: true}\n", ""),
        ("[{id: sg-0a1b2c3d4e5f60702}, {name", "[{name"),
        ("name: kms, policy: full-access", "name: kms, policy: full-access, private_dns_enabled: false"),
        ("ip_address_type: dualstack", "ip_address_type: ipv6"),
        ("resolver_endpoint: true", "resolver_endpoint: false"),
        ("Team: platform", "Team: other"),
        ('aws:MultiFactorAuthAge": 300', 'aws:MultiFactorAuthAge": 301'),
        ("kms_eu_central_1:\n    service: kms", "kms_eu_central_1:\n    service: sqs"),
        ("service_region: eu-central-1", "service_region: us-east-1"),
        ("rcfg-0a1b2c3d4e5f60718", "rcfg-0a1b2c3d4e5f60719"),
        ("servicenetwork/sn-0a1b2c3d4e5f60718", "servicenetwork/sn-0a1b2c3d4e5f60719"),
        ("name: s3, policy: full-access", "name: s3, policy: s3-read-only"),
        ("name: s3, policy: full-access", "name: s3"),
        ("{name: endpoints}", "{name: nowhere}"),
    ):
        assert right in adopted.spec
        with pytest.raises(Refused, match="E419 ") as refused:
            prove(adopted.spec.replace(right, wrong), "x.yaml", found, adopted.endpoints)
        assert refused.value.exit_code == ExitCode.BUG


def test_imports_of_another_module_are_our_bug() -> None:
    """A module with fewer resources than were adopted has no imports."""
    found = _estate("groups")
    adopted = adopt(found, _options(own_security_groups=True))
    groups, _ = describe_groups(
        [group for each in adopted.endpoints.values() for group in each.around["security_groups"]], found
    )
    module = resolve(understand_text(adopted.spec, "x.yaml"))
    assert import_blocks(module, adopted.endpoints, groups) == adopted.handover.blocks
    with pytest.raises(ValueError, match="other resources"):
        import_blocks(resolve(understand_text(adopt(found, _options()).spec, "x.yaml")), adopted.endpoints, groups)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"Tags": [{"Key": "AWS:cloudformation:Stack-Id", "Value": "x"}]}, "the CloudFormation stack manages it"),
        ({"Tags": [{"Key": "aws:eks:Cluster-Name", "Value": "x"}]}, "Amazon EKS manages it"),
        ({"Tags": [{"Key": "Kubernetes.io/cluster/x", "Value": "Owned"}]}, "a Kubernetes cluster manages it"),
        ({"Tags": [{"Key": "elbv2.K8s.aws/cluster", "Value": "x"}]}, "AWS Load Balancer Controller manages it"),
        ({"Tags": [{"Key": "aws:ServiceCatalog:productArn", "Value": "x"}]}, "the Service Catalog product manages it"),
        ({"OwnerId": "444455556666"}, "account 444455556666 manages it"),
        ({"RequesterManaged": True}, "the service that made it manages it"),
        ({"VpcId": "vpc-0b1b2c3d4e5f60718"}, "is of another VPC, vpc-0b1b2c3d4e5f60718"),
        ({"Tags": [{"Key": "kubernetes.io/cluster/x", "Value": "shared"}]}, None),
    ],
)
def test_no_group_of_others_is_made_the_specs_own(more: dict[str, Any], why: str | None) -> None:
    """Tags in any case, account or VPC: the spec refers to it, or lacks the endpoint, and says why; nor a default."""
    found = _estate("groups")
    used = [each["GroupId"] for each in adopt(found, _options()).endpoints["sqs"].around["security_groups"]]
    groups = tuple(
        {**each, **more, "IpPermissions": each["IpPermissions"]} if each["GroupId"] in used else each
        for each in found.all("SecurityGroups")
    )
    adopted = adopt(
        replace(found, objects={**found.objects, "SecurityGroups": groups}), _options(own_security_groups=True)
    )
    told = [*(each.message for each in adopted.warnings), *(each.reason for each in adopted.selection.left_out)]

    defaults = [each["GroupId"] for each in groups if each["GroupName"] == "default"]
    assert used
    assert defaults
    assert not any(each in adopted.imports for each in defaults)
    assert any(each in adopted.imports for each in used) == (why is None)
    assert why is None or any(why in each for each in told), told


def test_a_group_with_the_label_of_another_is_referred_to() -> None:
    """AWS tells names apart that Terraform's labels can't: the second stays as it is, and is told."""
    found = _estate("groups")
    adopted = adopt(found, _options(own_security_groups=True))
    first, *_ = (
        group
        for each in adopted.endpoints.values()
        for group in each.around["security_groups"]
        if describe_groups([group], found)[0]
    )
    second = {**first, "GroupId": "sg-2", "GroupName": f"{first['GroupName']}!", "IpPermissions": []}
    groups, notes = describe_groups([first, second], found)

    assert [*groups] == [first["GroupId"]]
    assert f"its label would be that of {first['GroupName']}" in str(notes[-1])


def test_a_group_that_the_spec_makes_is_a_source_by_its_id() -> None:
    """Its lookup by a name would find it no longer once its tags change; any other is looked up."""
    found = _estate("groups")
    groups = {str(each["GroupName"]): each for each in found.all("SecurityGroups", "vpc-0a1b2c3d4e5f60718")}
    first, clients = groups["endpoints"], groups["clients"]

    for together, stated in (([first], {"name": "clients"}), ([first, clients], {"id": clients["GroupId"]})):
        made, _ = describe_groups(together, found)
        assert {"security_group": stated} in [
            {key: entry[key] for key in ("security_group",) if key in entry}
            for entry, _ in made[str(first["GroupId"])].ingress
        ]


@pytest.mark.parametrize(
    ("address", "arn", "moved"),
    [
        ("aws_vpc_endpoint.x[0]", "", True),
        ("aws_vpc_endpoint.x[0]", "arn:aws:ec2:eu-west-1:123456789012:vpc-endpoint/x", True),
        ("aws_vpc_endpoint.x[0]", "arn:aws:ec2:eu-west-1:210987654321:vpc-endpoint/x", None),
        ("aws_vpc_endpoint.x[0]", "arn:aws:ec2:us-east-1:123456789012:vpc-endpoint/x", None),
        ("module.m.aws_vpc_endpoint.s3", "", False),
        ("module.m.aws_vpc_endpoint.old", "", False),
    ],
)
def test_only_what_a_state_has_of_the_account_moves(address: str, arn: str, *, moved: bool | None) -> None:
    """What is at its new address, or the module moves there, needs no block; what is of another Region is another."""
    owner = Resource(address=address, type="aws_vpc_endpoint", values={"id": "vpce-1", "arn": arn})
    to, old = Expression("module.m.aws_vpc_endpoint.s3"), "module.m.aws_vpc_endpoint.old"
    block, state = (
        Block(type="import", arguments={"to": to, "id": "vpce-1"}),
        State(file="x", resources=(owner,), is_of_other_root=False),
    )
    if moved is None:
        with pytest.raises(Refused, match="E420 "):
            hand_over([block], [state], "eu-west-1", "123456789012", {})
        return
    blocks = hand_over([block], [state], "eu-west-1", "123456789012", {to.text: old}).blocks
    assert [each.arguments for each in blocks] == (
        [{"from": Expression(address), "to": Expression(old)}] if moved else []
    )


def test_each_state_is_of_a_root_that_lets_go_what_it_has() -> None:
    """At one address or not; which of two the one that takes over is, is not told."""
    here = [Resource(address="aws_vpc_endpoint.a", type="aws_vpc_endpoint", values={"id": each}) for each in IDS_OF_TWO]
    blocks = [Block(type="import", arguments={"to": Expression(f"x.{each}"), "id": each}) for each in IDS_OF_TWO]
    of = partial(hand_over, blocks, region="eu-west-1", account="123456789012", earlier={})
    states = [State(file=each.values["id"], resources=(each,), is_of_other_root=True) for each in here]

    told = of(states)
    assert ([each.type for each in told.blocks], told.warnings) == (["import", "import"], ())
    assert [(each.file, len(each.removed)) for each in told.let_go] == [(each, 1) for each in IDS_OF_TWO]
    with pytest.raises(Refused, match="vpce-1 and vpce-2 have of it, and are of several roots"):
        of([replace(each, is_of_other_root=False) for each in states])


IDS_OF_TWO = ("vpce-1", "vpce-2")


def test_what_a_state_tells_no_id_of_may_be_what_it_seems_to_lack() -> None:
    """It is imported, and said to be so unless the state has it there."""
    arn = "arn:aws:ec2:eu-west-1:123456789012:vpc-endpoint/vpce-1"
    found = Resource(address="aws_vpc_endpoint.a", type="aws_vpc_endpoint", values={"id": "vpce-1", "arn": arn})
    bare = Resource(address="aws_vpc_endpoint.b", type="aws_vpc_endpoint", values={})
    to = Expression("module.m.aws_vpc_endpoint.s3")
    blocks = [Block(type="import", arguments={"to": to, "id": each}) for each in ("vpce-1", "vpce-2")]
    state = State(file="x", resources=(found, bare), is_of_other_root=False)

    (warning,) = hand_over(blocks, [state], "eu-west-1", "123456789012", {}).warnings
    assert warning.message == (
        "the state does not have vpce-2: imported, unless it is at aws_vpc_endpoint.b, of which the state tells no id"
    )


def test_an_existing_file_is_never_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same again is fine; another text in either file is refused, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    command = [
        "adopt",
        "--region",
        "eu-west-1",
        "--vpc",
        "app",
        "--from",
        str(ANSWERS / "workshop.json"),
        "-o",
        "s/x.yaml",
    ]
    first = CliRunner().invoke(cli.application(), command)
    again = CliRunner().invoke(cli.application(), command)
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "created s/x.yaml\ncreated out/x/imports.tf\nnext: gen-endpoints render s/x.yaml" in first.output
    assert "unchanged s/x.yaml\nunchanged out/x/imports.tf\n" in again.output

    (tmp_path / "out" / "x" / "imports.tf").write_text("# mine\n")
    (tmp_path / "s" / "x.yaml").unlink()
    refused = CliRunner().invoke(cli.application(), command)
    assert (refused.exit_code, "out/x/imports.tf: E285 is there already" in refused.output) == (1, True)
    assert not (tmp_path / "s" / "x.yaml").exists()

    (tmp_path / "file").write_text("")
    refused = CliRunner().invoke(cli.application(), [*command[:-1], "file/x.yaml", "--imports", "i.tf"])
    assert (refused.exit_code, "file/x.yaml: E306 the system says: Not a directory" in refused.output) == (1, True)


@pytest.mark.parametrize("imports", [[], ["--imports", "out/x/imports.tf"], ["--imports", "{here}/out/x/imports.tf"]])
def test_imports_are_never_written_through_a_link(
    imports: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Render refuses such a folder, and in the one that takes its place nothing would be imported."""
    monkeypatch.chdir(tmp_path)
    for name in ("out", "real"):
        (tmp_path / name).mkdir()
    (tmp_path / "out" / "x").symlink_to("../real")
    command = f"adopt --region eu-west-1 --vpc app --from {ANSWERS / 'workshop.json'} -o x.yaml".split()
    command += [each.format(here=tmp_path) for each in imports]
    run = CliRunner().invoke(cli.application(), [*command, "--output", "full"])

    assert (run.exit_code, "out/x: E303 is a symbolic link on the way to a module's folder\n" in run.output) == (
        1,
        True,
    )
    assert "put a real folder there, and move into it all that the other has" in run.output
    assert not [*(tmp_path / "real").iterdir(), *tmp_path.glob("*.yaml")]


def test_imports_are_where_the_project_has_its_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside what render makes, or its plan would create what is there."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "specs").mkdir()
    text = f'gen_endpoints: "{__version__.rpartition(".")[0]}"\nspecs: [specs/*.yaml]\nout: modules\n'
    (tmp_path / "gen-endpoints.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "specs")
    command = f"adopt --region eu-west-1 --vpc app --from {ANSWERS / 'workshop.json'} -o x.yaml".split()
    run = CliRunner().invoke(cli.application(), command)

    assert "created ../modules/x/imports.tf\n" in run.output, run.output
    assert "\n      in ../modules/x: terraform init, then\n" in run.output
    assert CliRunner().invoke(cli.application(), ["render", "x.yaml"]).exit_code == 0
    assert {each.name for each in (tmp_path / "modules" / "x").iterdir()} >= {"imports.tf", "main.tf"}
    assert not (tmp_path / "specs" / "out").exists()


def test_a_reason_names_what_is_left_out_as_drift_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the key that it has alone: beside the gateway it would have another in a spec."""
    monkeypatch.chdir(tmp_path)
    given = {
        kind: each for part in documents((ANSWERS / "many.json").read_text("utf-8")) for kind, each in part.items()
    }
    (bad,) = (each for each in given["VpcEndpoints"] if each["VpcEndpointId"] == "vpce-0a1b2c3d4e5f60702")
    bad["PolicyDocument"] = '{"Statement": ["x"]}'
    Path("given.json").write_text(json.dumps(given), encoding="utf-8")
    said = CliRunner().invoke(
        cli.application(), ["adopt", "--region", "eu-west-1", "--vpc", "app", "--from", "given.json", "-o", "x.yaml"]
    )

    assert "com.amazonaws.eu-west-1.s3: s3: a statement is a mapping" in " ".join(said.output.split()), said.output


IN_IMPORTS = "move its import blocks into imports.tf, or take them out if they were applied; then again with --force"


def test_imports_elsewhere_count_where_terraform_reads_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads the module's folder, or that of the root which calls the module."""
    monkeypatch.chdir(tmp_path)
    said = f"adopt --region eu-west-1 --vpc app --from {ANSWERS / 'workshop.json'} -o x.yaml --imports imports.tf"
    run = CliRunner().invoke(cli.application(), said.split())
    steps = (
        "next: mkdir -p out/x && mv imports.tf out/x/imports.tf",
        "gen-endpoints render x.yaml",
        "in out/x: terraform",
    )
    assert "\n      ".join(steps) in run.output
    assert "and take out/x/imports.tf away" in run.output
    refused = CliRunner().invoke(cli.application(), ["render", "x.yaml", "--output", "full"])
    assert (refused.exit_code, "    mkdir -p out/x && mv imports.tf out/x/imports.tf" in refused.output) == (1, True)
    Path("out/x").mkdir(parents=True)
    Path("imports.tf").rename("out/x/imports.tf")
    assert CliRunner().invoke(cli.application(), ["render", "x.yaml"]).exit_code == 0

    text, module = Path("out/x/imports.tf").read_text(encoding="utf-8"), Path("out/x")
    number = text.count("import {")
    (module / "imports.tf").unlink()
    cases = {
        ("imports.tf", ""): 0,
        ("imports.tf", "module.x."): number,
        ("out/x/imports.tf", "module.x."): 0,  # of a module that the folder's own would call
        ("out/x/.imports.tf", ""): 0,
        ("out/x/imports_override.tf", ""): 0,
        ("out/x/override.tf", ""): 0,
        ("out/x/imports.tf.bak", ""): 0,
        ("out/x/imports.tf", ""): number,
    }
    for (file, to), counted in cases.items():
        Path(file).write_text(text.replace("to = ", f"to = {to}"), encoding="utf-8")
        assert len(imports_beside(module) or ()) == counted, file
        Path(file).unlink()
    asjson = {"import": {"to": "aws_vpc_endpoint.s3", "id": "vpce-1"}}
    Path("out/x/imports.tf.json").write_text(json.dumps(asjson), encoding="utf-8")
    assert list(imports_beside(module) or ()) == [("vpce-1", "aws_vpc_endpoint.s3")]
    Path("out/x/imports.tf.json").rename("out/x/imports.json")
    Path("out/x/imports.tf").write_text(text, encoding="utf-8")
    monkeypatch.chdir(module)
    assert len(imports_beside(Path()) or ()) == number


def test_render_loses_no_import_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not by force, in a file of ours or of that name; and it tells those that lie where it renders no module."""
    monkeypatch.chdir(tmp_path)
    command = f"adopt --region eu-west-1 --vpc app --from {ANSWERS / 'workshop.json'} -o x.yaml".split()
    render, module = ["render", "x.yaml", "--output", "full", "--force"], Path("out/x")
    for name, code in (("main.tf", "E302"), ("data.tf", "E302"), ("versions.tf", "E301")):
        assert CliRunner().invoke(cli.application(), command).exit_code == 0
        text = (module / "imports.tf").read_text(encoding="utf-8")
        if code == "E302":
            assert CliRunner().invoke(cli.application(), render).exit_code == 0
        with (module / name).open("a", encoding="utf-8") as file:
            file.write(text)
        (module / "imports.tf").unlink()
        said = CliRunner().invoke(cli.application(), render)
        assert (said.exit_code, f"{code} " in said.output, IN_IMPORTS in said.output) == (1, True, True), said.output
        assert len(imports_beside(module) or ()) == text.count("import {")
        shutil.rmtree("out")


@pytest.mark.parametrize(
    ("options", "name", "line"),
    [((), "out/y", "name: y"), (("--out", "mods"), "mods/x", "name: x"), ((), "out/z", "targets: {z: {}}")],
)
def test_nothing_is_rendered_where_its_imports_are_not(
    options: tuple[str, ...], name: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its plan would make anew what exists: not under another name, also of a module that is rendered already."""
    monkeypatch.chdir(tmp_path)
    command = f"adopt --region eu-west-1 --vpc app --from {ANSWERS / 'workshop.json'} -o x.yaml".split()
    assert CliRunner().invoke(cli.application(), command).exit_code == 0
    spec, render = Path("x.yaml").read_text(encoding="utf-8"), ["render", "x.yaml", "--output", "full"]
    for is_rendered in (False, True):
        if is_rendered:
            assert CliRunner().invoke(cli.application(), render).exit_code == 0
        Path("x.yaml").write_text(spec.replace("name: x", line, 1), encoding="utf-8")
        said = CliRunner().invoke(cli.application(), [*render, *options])
        if is_rendered and options:
            assert (said.exit_code, f"W325 has the import blocks of {name}, where" in said.output) == (0, True)
            again = [CliRunner().invoke(cli.application(), [each, "x.yaml", *options]) for each in ("check", "render")]
            assert [(each.exit_code, each.output.count("W325 ")) for each in again] == [(0, 1), (0, 1)]
            return
        assert f"E325 has the import blocks of {name}, where" in said.output
        assert (said.exit_code, "next: " in said.output, Path(name).exists()) == (1, False, False)
        dry = CliRunner().invoke(cli.application(), [*render, *options, "--dry-run"]).output
        assert (dry.count("E325 "), "render would refuse, and exit 1" in dry) == (1, True)
        checked = CliRunner().invoke(cli.application(), ["check", "x.yaml", *options])
        assert (checked.exit_code, checked.output.count("E325 ")) == (4, 1)
        moved = f"mv out/x {name}" if is_rendered else f"mkdir -p {name} && mv out/x/imports.tf {name}/imports.tf"
        assert f"    {moved}" in said.output
        if is_rendered:
            Path("out/x").rename(name)
        else:
            Path(name).mkdir(parents=True)
            Path("out/x/imports.tf").rename(f"{name}/imports.tf")
        said = CliRunner().invoke(cli.application(), [*render, *options])
        assert (said.exit_code, "325" in said.output, "next: " in said.output) == (0, False, True)
        shutil.rmtree(Path(name).parent)
        Path("x.yaml").unlink()
        assert CliRunner().invoke(cli.application(), command).exit_code == 0


def test_imports_for_a_root_lead_to_what_its_module_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit of the spec after `adopt --module` is told with the address to write, also where nothing is rendered."""
    monkeypatch.chdir(tmp_path)
    given = f"--region eu-west-1 --vpc app --from {ANSWERS / 'workshop.json'}".split()
    command = ["adopt", *given, "--module", "net", "-o", "x.yaml"]
    assert CliRunner().invoke(cli.application(), command).exit_code == 0
    spec = Path("x.yaml").read_text(encoding="utf-8")
    assert "E326" not in CliRunner().invoke(cli.application(), ["render", "x.yaml"]).output
    key = re.findall(r"^  ([a-z0-9-]+):", spec.partition("endpoints:")[2], re.MULTILINE)[0]
    renamed = spec.replace(f"  {key}: {{", f"  other: {{was: {key}, ", 1)
    Path("x.yaml").write_text(renamed, encoding="utf-8")
    for name in ("render", "check", "check"):
        said = CliRunner().invoke(cli.application(), [name, "x.yaml", "--output", "full"]).output
        assert f"E326 imports into module.net.aws_vpc_endpoint.{key}, which x.yaml does not make" in said, said
        assert "    write to = module.net.aws_vpc_endpoint.other" in said


@pytest.mark.parametrize(
    ("file", "spec", "is_told"),
    [
        ("roots/a/imports.tf", "x.yaml", True),  # by --imports
        ("roots/a/imports.tf", "specs/x.yaml", True),
        ("roots/a/imports.tf", "y.yaml", False),  # another spec's, that is elsewhere
        ("other/out/x/imports.tf", "x.yaml", False),  # nearer to one of that name
        ("out/x/imports.tf", "y.yaml", True),  # the spec was renamed, and its module
    ],
)
def test_imports_anywhere_in_the_repository_are_told(
    file: str, spec: str, *, is_told: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was kept elsewhere would be made anew."""
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "-q")
    given = f"--region eu-west-1 --vpc app --from {ANSWERS / 'workshop.json'}".split()
    command = ["adopt", *given, "-o", "x.yaml", "--imports", file]
    assert CliRunner().invoke(cli.application(), command).exit_code == 0
    Path(spec).parent.mkdir(exist_ok=True)
    text = Path("x.yaml").read_text(encoding="utf-8").replace("name: x", f"name: {Path(spec).stem}", 1)
    Path("x.yaml").unlink()
    Path(spec).write_text(text, encoding="utf-8")
    if file.startswith("other"):
        Path("other/x.yaml").write_text(text, encoding="utf-8")
    said = CliRunner().invoke(cli.application(), ["render", spec, "--output", "full"])
    assert (said.exit_code, f"{file}: E325 has " in said.output) == (is_told, is_told)
    if is_told:
        (fix,) = re.findall(r"^    (mkdir -p [^,\n]*)", said.output, re.MULTILINE)
        subprocess.run(["/bin/sh", "-c", fix], check=True)
        assert CliRunner().invoke(cli.application(), ["render", spec]).exit_code == 0


@pytest.mark.parametrize("is_repository", [True, False])
def test_render_leads_to_the_root_that_imports(
    *, is_repository: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan of the module alone would make anew what exists."""
    monkeypatch.chdir(tmp_path)
    if is_repository:
        git(tmp_path, "init", "-q")
    given = f"--region eu-west-1 --vpc app --from {ANSWERS / 'workshop.json'} --module net"
    command = ["adopt", *given.split(), "-o", "specs/x.yaml", "--imports", "live/imports.tf"]
    assert CliRunner().invoke(cli.application(), command).exit_code == 0
    said = CliRunner().invoke(cli.application(), ["render", "specs/x.yaml"]).output
    assert "next, in the root that calls the module and holds live/imports.tf: terraform init" in said
    for away in ("live/imports.tf", "out/x/main.tf"):
        Path(away).unlink()
    said = CliRunner().invoke(cli.application(), ["render", "specs/x.yaml"]).output
    assert "next: cd out/x && terraform init" in said


@pytest.mark.parametrize("is_rendered", [False, True])
@pytest.mark.parametrize("is_made", [False, True])
def test_imports_whose_first_line_is_gone_are_told(
    *, is_made: bool, is_rendered: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By their addresses, which nothing has but the new module; where another spec makes the folder, they are its."""
    monkeypatch.chdir(tmp_path)
    command = f"adopt --region eu-west-1 --vpc app --from {ANSWERS / 'workshop.json'} -o x.yaml".split()
    assert CliRunner().invoke(cli.application(), command).exit_code == 0
    if is_rendered:
        assert CliRunner().invoke(cli.application(), ["render", "x.yaml"]).exit_code == 0
    file, text = Path("out/x/imports.tf"), Path("x.yaml").read_text(encoding="utf-8")
    file.write_text(file.read_text(encoding="utf-8").partition("\n")[2], encoding="utf-8")
    Path("y.yaml").write_text(text.replace("name: x", "name: y", 1), encoding="utf-8")
    if not is_made:
        Path("x.yaml").unlink()
    said = CliRunner().invoke(cli.application(), ["render", "y.yaml", "--output", "full"])
    assert ("E325 has import blocks of a spec not named: if that is y.yaml, out/y" in said.output) != is_made
    assert (said.exit_code, Path("out/y").exists()) == (int(not is_made), is_made), said.output
    if fix := re.findall(r"^    write `(.*)` as its first line, if it is; else", said.output, re.MULTILINE):
        file.write_text(f"{fix[0]}\n{file.read_text(encoding='utf-8')}", encoding="utf-8")
        said = CliRunner().invoke(cli.application(), ["render", "y.yaml", "--output", "full"])
        assert (said.exit_code, "    mv out/x out/y" in said.output) == (1, True)


def _roots(*, calls: str) -> list[str]:
    """Adopt one VPC for two roots, of which another folder calls one module, and return the specs."""
    for name in ("x", "y"):
        given = f"--region eu-west-1 --vpc app --from {ANSWERS / 'workshop.json'} --module net -o specs/{name}.yaml"
        said = CliRunner().invoke(cli.application(), ["adopt", *given.split(), "--imports", f"{name}/imports.tf"])
        assert said.exit_code == 0, said.output
    Path("live").mkdir()
    Path("live/main.tf").write_text(f'module "{calls}" {{\n  source = "../out/x"\n}}\n', encoding="utf-8")
    return ["specs/x.yaml", "specs/y.yaml"]


@pytest.mark.parametrize("is_repository", [True, False])
@pytest.mark.parametrize("name", ["net", "other"])
def test_imports_in_a_root_that_does_not_call_their_module_are_told(
    name: str, *, is_repository: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The root that does would make anew what exists; where none does, Terraform itself plans nothing."""
    monkeypatch.chdir(tmp_path)
    if is_repository:
        git(tmp_path, "init", "-q")
    specs = _roots(calls=name)
    for command, code in ((["render", "specs/x.yaml"], 1), (["check", "specs/x.yaml"], 4)):
        said = CliRunner().invoke(cli.application(), [*command, "--output", "full"])
        told = "x/imports.tf: E325 has the import blocks of module.net, which x does not call: live does, and an apply"
        assert (said.exit_code, told in said.output) == (code, True), said.output
    assert "E325" not in CliRunner().invoke(cli.application(), ["check", specs[1]]).stdout
    ((fix, then),) = re.findall(r"(?m)^    (mkdir -p [^,\n]*)(, write module.other in its addresses)?, or", said.output)
    assert bool(then) == (name == "other")
    subprocess.run(["/bin/sh", "-c", fix], check=True)
    Path("y/imports.tf").unlink()  # which has the same ids
    said = CliRunner().invoke(cli.application(), ["render", "specs/x.yaml"])
    told = "live/imports.tf:3:1: E326 imports into module.net, and live calls the module module.other: Terraform plans"
    assert (said.exit_code, (told if then else "holds live/imports.tf:") in said.output) == (0, True), said.output
    for text in ("locals {{\n}\n", 'module "net" {\n  source = "./of-another"\n}\n'):
        Path("live/more.tf").write_text(text, encoding="utf-8")  # each may be what they are for
        assert "E326" not in CliRunner().invoke(cli.application(), ["check", "specs/x.yaml"]).output
    Path("live/more.tf").unlink()
    imports = Path("live/imports.tf").read_text(encoding="utf-8").replace("module.net.", f"module.{name}.")
    Path("live/imports.tf").write_text(imports, encoding="utf-8")
    said = CliRunner().invoke(cli.application(), ["check", "specs/x.yaml"])
    assert (said.exit_code, "E326" in said.output) == (0, False), said.output


def _adopted(spec: str, imports: str, *more: str, changed: tuple[str, str] = ("", "")) -> None:
    """Adopt one VPC into a spec, which is then changed, and a file of import blocks."""
    given = f"adopt --region eu-west-1 --vpc app --from {ANSWERS / 'workshop.json'} -o {spec} --imports {imports}"
    said = CliRunner().invoke(cli.application(), [*given.split(), *more])
    assert said.exit_code == 0, said.output
    text = Path(spec).read_text(encoding="utf-8").replace(*changed, 1)
    Path(spec).write_text(text, encoding="utf-8")


def _with_name_alone(file: str) -> None:
    """Have a first line say its spec by its name alone, as an earlier version wrote it."""
    text = Path(file).read_text(encoding="utf-8")
    Path(file).write_text(re.sub(r"(?<=endpoints for )[\w/]*/", "", text, count=1), encoding="utf-8")


def test_each_root_is_of_the_spec_that_its_line_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two teams may call their specs alike; where the line has that name alone, they are nobody's."""
    monkeypatch.chdir(tmp_path)
    for name in ("x", "y"):
        _adopted(f"{name}/net.yaml", f"{name}/i.tf", "--module", "net", changed=("name: net", f"name: {name}"))
    said = CliRunner().invoke(cli.application(), ["render", "x/net.yaml", "y/net.yaml"]).output
    assert "y/i.tf: E327 imports vpce-" in said
    other = re.sub(r'(id = "[a-z]+-)', r"\g<1>0", Path("x/i.tf").read_text(encoding="utf-8"))
    Path("x/i.tf").write_text(other, encoding="utf-8")
    for is_told in (True, False):
        shutil.rmtree("out")
        said = CliRunner().invoke(cli.application(), ["render", "x/net.yaml", "y/net.yaml"]).output
        assert [f"holds {name}/i.tf: terraform init" in said for name in ("x", "y")] == [is_told, is_told], said
        _with_name_alone("x/i.tf")
        _with_name_alone("y/i.tf")


@pytest.mark.parametrize("is_repository", [True, False])
@pytest.mark.parametrize("is_told", [True, False])
@pytest.mark.parametrize("file", ["out/dev-endpoints/imports.tf", "envs/dev/imports.tf"])
def test_imports_of_one_spec_are_not_moved_to_another_of_its_name(
    file: str, *, is_told: bool, is_repository: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where their line says the path they are lost to none; where it has the name alone, nothing is known."""
    monkeypatch.chdir(tmp_path)
    if is_repository:
        git(tmp_path, "init", "-q")
    dev, prod = (f"specs/{each}/endpoints.yaml" for each in ("dev", "prod"))
    _adopted(dev, file, "--name", "dev-endpoints")
    Path(prod).parent.mkdir()
    text = Path(dev).read_text(encoding="utf-8")
    Path(prod).write_text(text.replace("name: dev-", "name: prod-", 1), encoding="utf-8")
    if not is_told:
        _with_name_alone(file)
    said = CliRunner().invoke(cli.application(), ["render", prod])
    assert (said.exit_code, "325" in said.output) == (0, False), said.output
    said = CliRunner().invoke(cli.application(), ["render", dev, "--out", "mods", "--output", "full"])
    is_lost = is_told and (is_repository or file.startswith("out"))
    assert (said.exit_code, f"{file}: E325 has the import" in said.output) == (is_lost, is_lost)
    is_hinted = not is_told and file.startswith("out")
    assert ("W325 has import blocks of endpoints.yaml: if that is" in said.output) == is_hinted
    Path(dev).rename("specs/dev/network.yaml")  # and its imports may be lost to it, and are none of the other's
    shutil.rmtree("out/prod-endpoints")
    Path(prod).write_text(text.replace("name: dev-", "name: prod-", 1).partition("  s3:")[0], encoding="utf-8")
    assert "325" not in CliRunner().invoke(cli.application(), ["render", prod]).output


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("main.tf", "module net {{\n  source = {}\n}}\n"),
        ("main.tf", '\ufeffmodule "net" {{\n  source = {}\n}}\n'),
        ("main.tf", '/* */ module "net" {{ # {{\n  source = {}\n}}\n'),
        ("main.tofu", 'module "net" {{\n  source = {}\n}}\n'),
        ("main.tf.json", '{{"module": {{"net": {{"source": {}}}}}}}'),
        ("main.tf.json", '{{"module": {{"n\\u0065t": {{"source": {}}}}}}}'),
        ("main.tf.json", '[{{"module": [{{"net": {{"source": {}'),  # which does not read
        ("ignored.tf", 'module "net" {{\n  source = {}\n}}\n'),
        ("terragrunt.hcl", ""),
    ],
)
def test_a_root_calls_its_module_however_it_is_written(
    file: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What may be a call of it is one: only a root that surely has none is told."""
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "-q")
    Path(".gitignore").write_text("ignored.tf\n", encoding="utf-8")
    spec, _ = _roots(calls="net")
    render = ["render", spec, "--output", "full"]
    Path("x/other.tf").write_text('module "other" {\n  source = "./network"\n}\n', encoding="utf-8")
    assert "E325" in CliRunner().invoke(cli.application(), render).output
    Path("x", file).write_text(text.format('"../out/x"'), encoding="utf-8")
    assert "E325" not in CliRunner().invoke(cli.application(), render).output


@pytest.mark.parametrize(
    ("file", "is_told"), [("imports.tf", False), ("live/imports.tf", False), ("out/old/imports.tf", True)]
)
def test_import_blocks_by_hand_are_their_writers(
    file: str, *, is_told: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless they lie where this tool writes, and lead to the module alone."""
    monkeypatch.chdir(tmp_path)
    _adopted("x.yaml", "out/x/imports.tf")
    shutil.rmtree("out")
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    own = 'import {\n  to = aws_vpc_endpoint.s3\n  id = "vpce-0a1b2c3d4e5f60704"\n}\n'
    for text, is_lost in ((own, is_told), (own + own.replace(".s3", ".mine"), False)):
        Path(file).write_text(text, encoding="utf-8")
        for more in ((), ("--out", ".")):
            said = CliRunner().invoke(cli.application(), ["render", "x.yaml", "--dry-run", *more])
            assert (f"{file}: E325 " in said.output) == is_lost, said.output


@pytest.mark.parametrize(
    ("old", "others", "said_of_it"),
    [
        (
            "specs/x.yaml",
            "else",
            "W325 has import blocks of specs/x.yaml, which is gone: if that is now specs/app.yaml",
        ),
        ("x.yaml", "else", "W325 has import blocks of x.yaml: if that is specs/app.yaml"),
        ("x.yaml", "x", ""),  # out/x is the other's
    ],
)
def test_imports_of_a_renamed_spec_are_hinted_at_where_another_has_its_name(
    old: str, others: str, said_of_it: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be the other that has them, moved: nothing is refused."""
    monkeypatch.chdir(tmp_path)
    Path("specs").mkdir()
    _adopted(old, "out/x/imports.tf")
    text = Path(old).read_text(encoding="utf-8")
    Path("other").mkdir()
    Path("other/x.yaml").write_text(text.replace("name: x", f"name: {others}", 1), encoding="utf-8")
    Path(old).unlink()
    Path("specs/app.yaml").write_text(text.replace("name: x", "name: app", 1), encoding="utf-8")
    git(tmp_path, "init", "-q")

    said = CliRunner().invoke(cli.application(), ["render", "specs/app.yaml"])

    assert (said.exit_code, "325" in said.output, said_of_it in said.output) == (0, bool(said_of_it), True), said.output


def test_only_import_blocks_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two specs may have one VPC in files of their own, and an id in a comment or another block imports nothing."""
    monkeypatch.chdir(tmp_path)
    for name in ("x", "y"):
        _adopted(f"{name}.yaml", f"out/{name}/imports.tf")
        shared = '# important\ndata "aws_vpc" "shared" {\n  id = "vpc-0123456789abcdef0"\n}\n'
        own = re.sub(r'(id = "[a-z]+-).', rf"\g<1>{ord(name) % 10}", Path(f"out/{name}/imports.tf").read_text("utf-8"))
        own += 'import {\n  to = aws_cloudwatch_log_group.flow\n  id = "/vpc/flow"\n}\n'  # each account has its own
        own += 'resource "aws_cloudwatch_log_group" "flow" {\n  name = "/vpc/flow"\n}\n'
        Path(f"out/{name}/imports.tf").write_text(f'{own}/*\nimport {{\n  id = "a"\n}}\n*/\n{shared}', "utf-8")
    said = CliRunner().invoke(cli.application(), ["render", "x.yaml", "y.yaml"])
    assert (said.exit_code, "E327" in said.output) == (0, False), said.output


def test_imports_of_another_spec_of_the_project_are_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever that was moved to, and whichever of the specs is rendered."""
    monkeypatch.chdir(tmp_path)
    _adopted("x.yaml", "out/x/imports.tf")
    assert CliRunner().invoke(cli.application(), ["render", "x.yaml"]).exit_code == 0
    for folder in ("dev", "prod"):
        Path(folder).mkdir()
        own = {"prod": "name: prod"}.get(folder, "name: x")
        text = re.sub("(?m)^name: x$", own, Path("x.yaml").read_text("utf-8"))
        Path(folder, "network.yaml").write_text(text, encoding="utf-8")
    Path("x.yaml").unlink()
    minor = ".".join(version("gen-endpoints").split(".")[:2])
    Path("gen-endpoints.yaml").write_text(f'gen_endpoints: "{minor}"\nspecs: ["*/network.yaml"]\n', encoding="utf-8")

    said = CliRunner().invoke(cli.application(), ["render", "prod/network.yaml"])

    assert (said.exit_code, "E325" in said.output) == (0, False), said.output


def test_a_long_file_of_imports_is_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blank lines are no work."""
    monkeypatch.chdir(tmp_path)
    _adopted("x.yaml", "out/x/imports.tf")
    head, _, text = Path("out/x/imports.tf").read_text(encoding="utf-8").partition("\n")
    Path("out/x/imports.tf").write_text(head + "\n" * 60_000 + text, encoding="utf-8")
    Path("x.yaml").rename("y.yaml")
    before = time.process_time()
    assert CliRunner().invoke(cli.application(), ["render", "y.yaml"]).exit_code == 0
    assert time.process_time() - before < 8


def test_two_specs_that_import_one_thing_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Terraform would take it into two states; `render` leads to both roots."""
    monkeypatch.chdir(tmp_path)
    specs = _roots(calls="elsewhere")
    Path("live/main.tf").unlink()
    said = CliRunner().invoke(cli.application(), ["render", *specs, "--output", "full"])
    assert "y/imports.tf: E327 imports vpce-" in said.output
    assert " as x/imports.tf does for specs/x.yaml: two states would have one thing" in said.output
    assert CliRunner().invoke(cli.application(), ["check", *specs]).exit_code == 4
    for spec, root, other in zip(specs, "xy", "yx", strict=True):  # also where one of them is of the run
        said = CliRunner().invoke(cli.application(), ["check", spec])
        assert f"{root}/imports.tf: E327 imports vpce-" in said.stdout
        assert f" as {other}/imports.tf does for specs/{other}.yaml: two states" in said.stdout
    Path("y/imports.tf").unlink()
    Path("specs/y.yaml").write_text(Path("specs/y.yaml").read_text(encoding="utf-8") + "tags: {a: b}\n", "utf-8")
    Path("out/x/main.tf").unlink()
    said = CliRunner().invoke(cli.application(), ["render", *specs])
    assert "next, in the root that calls the module and holds x/imports.tf: terraform init" in said.output
    assert "next: cd out/y && terraform init" in said.output


@pytest.mark.parametrize("is_rendered", [False, True])
@pytest.mark.parametrize(
    ("kept", "is_told"),
    [("x.yaml", False), ("specs/x.yaml", False), ("z.yaml", False), ("specs/z.yaml", False), (None, True)],
)
def test_imports_of_a_spec_that_is_there_are_no_others(
    kept: str | None, *, is_told: bool, is_rendered: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without git too: neither where it has its name, nor where another file's module is where they are."""
    monkeypatch.chdir(tmp_path)
    command = f"adopt --region eu-west-1 --vpc app --from {ANSWERS / 'workshop.json'} -o x.yaml".split()
    assert CliRunner().invoke(cli.application(), command).exit_code == 0
    if is_rendered:
        assert CliRunner().invoke(cli.application(), ["render", "x.yaml"]).exit_code == 0
    text = Path("x.yaml").read_text(encoding="utf-8")
    other = text.replace("name: x", "name: y", 1).replace("vpc: {name: app}", "vpc: {name: other}", 1)
    Path("y.yaml").write_text(other, encoding="utf-8")
    Path("specs").mkdir()
    Path("x.yaml").rename(kept or tmp_path.parent / "x.yaml")
    render = ["render", "y.yaml", "--output", "full"]
    said = CliRunner().invoke(cli.application(), render)
    assert (said.exit_code, "E325" in said.output) == (is_told, is_told), said.output
    if is_told:
        assert "out/x/imports.tf: E325 has import blocks of x.yaml, which is gone: if that is now y.yaml" in said.output
        assert ", if it is; else write the path of their spec in its first line, or take the file away" in said.output
        assert ("    write y.yaml in its first line, if" in said.output) == is_rendered
        file = Path("out/x/imports.tf")
        file.write_text(file.read_text(encoding="utf-8").replace(" x.yaml.", " w.yaml.", 1), encoding="utf-8")
        Path("w.yaml").write_text(text, encoding="utf-8")
        assert CliRunner().invoke(cli.application(), render).exit_code == 0


def test_imports_that_are_empty_or_half_there_are_made_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same again writes what is empty; what is half there is refused with a fix that works."""
    monkeypatch.chdir(tmp_path)
    command = f"adopt --region eu-west-1 --vpc app --from {ANSWERS / 'workshop.json'} -o x.yaml --output full".split()
    assert CliRunner().invoke(cli.application(), command).exit_code == 0
    imports, spec = tmp_path / "out" / "x" / "imports.tf", tmp_path / "x.yaml"
    whole = {each: each.read_bytes() for each in (imports, spec)}
    for path in whole:
        path.write_bytes(b"")
        assert CliRunner().invoke(cli.application(), command).exit_code == 0
        path.write_bytes(whole[path][:100])
        refused = CliRunner().invoke(cli.application(), command)
        assert (refused.exit_code, "E285 is there already\n    move it away, or" in refused.output) == (1, True)
        path.rename(tmp_path / "away")
        assert CliRunner().invoke(cli.application(), command).exit_code == 0
        assert {each: each.read_bytes() for each in whole} == whole


@pytest.mark.parametrize(
    "option",
    [
        ["--module", "a b"],
        ["--aws-provider", "new"],
        ["--name", "A B"],
        ["--out", "1bad.yaml"],
        ["--imports", "x.yaml"],
        ["--imports", "out/x/.imports.tf"],
        ["--imports", "imports.tf.bak"],
        ["--imports", "out/x/x_override.tf"],
        ["--imports", "override.tf"],
        ["--imports", "out/x/main.tf"],
        ["--imports", "out/x/imports.tf", "--module", "shop"],
    ],
)
def test_wrong_options_are_wrong_usage(option: list[str]) -> None:
    """What is no address, no version and no name is told by the command line, before AWS is asked."""
    run = CliRunner().invoke(
        cli.application(), ["adopt", "--region", "eu-west-1", "--vpc", "app", "-o", "x.yaml", *option]
    )

    assert run.exit_code == ExitCode.USAGE
    assert option[0] in run.output.partition("Invalid value for ")[2].partition(": ")[0]


def test_json_is_json_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--format json` prints what was adopted and what was not, and nothing else where output goes."""
    monkeypatch.chdir(tmp_path)
    command = ["adopt", "--region", "eu-west-1", "--vpc", "app", "--from", str(ANSWERS / "many.json"), "-o", "x.yaml"]
    run = CliRunner().invoke(cli.application(), [*command, "--format", "json"])

    said = json.loads(run.stdout)
    assert (said["to_import"], len(said["adopted"]), len(said["left_out"])) == (12, 12, 3)
    assert {warning["code"] for warning in said["warnings"]} >= {"W410", "W413"}


def test_a_flag_that_is_not_told_is_not_stated() -> None:
    """AWS may leave flags of S3 out: https://github.com/hashicorp/terraform-provider-aws/issues/46404."""
    found = _estate("many")
    told = json.loads(json.dumps(found.all("VpcEndpoints")))
    (s3,) = (each for each in told if "PrivateDnsOnlyForInboundResolverEndpoint" in each.get("DnsOptions", ()))
    del s3["DnsOptions"]["PrivateDnsOnlyForInboundResolverEndpoint"]
    found = replace(found, objects={**found.objects, "VpcEndpoints": tuple(told)})

    (stated,) = (each for each in adopt(found, _options()).endpoints.values() if each.id == s3["VpcEndpointId"])
    assert "private_dns_only_for_inbound_resolver_endpoint" not in str(stated.stated)


def test_a_refusal_tells_what_was_left_out_as_not_told() -> None:
    """Where the group of all that could be adopted is lost, the rest is not all that there is."""
    found = _estate("owners")
    groups = [each for each in found.all("SecurityGroups") if each["GroupId"] != "sg-0a1b2c3d4e5f60701"]

    with pytest.raises(Refused, match="E414 its security group sg-0a1b2c3d4e5f60701 is not among what was read"):
        adopt(replace(found, objects={**found.objects, "SecurityGroups": tuple(groups)}), _options())


@pytest.mark.parametrize(
    ("state", "what"),
    [
        *((each, "and carries no traffic") for each in ("failed", "Rejected", "expired")),
        ("Partial", "and only a part of it is available"),
    ],
)
def test_a_failing_twin_is_left_out_and_the_rest_is_adopted(state: str, what: str) -> None:
    """It says that it has private DNS, as the one that works does; it is adopted where it is selected alone."""
    found = _estate("workshop")
    every = found.all("VpcEndpoints")
    twin = next(each for each in every if each.get("PrivateDnsEnabled"))
    dead = {**twin, "VpcEndpointId": "vpce-00000000", "State": state, "NetworkInterfaceIds": []}
    more = replace(found, objects={**found.objects, "VpcEndpoints": (dead, *every)})
    whole, plain = adopt(more, _options()), adopt(found, _options())

    assert whole.spec == plain.spec
    ((left, why, known),) = [each for each in whole.selection.left_out if each not in plain.selection.left_out]
    assert (left["VpcEndpointId"], why.partition(";")[0], known) == (
        "vpce-00000000",
        f"it is {state}, {what}",
        True,
    )
    assert [each.id for each in adopt(more, _options(select=("vpce-00000000",))).endpoints.values()] == [
        dead["VpcEndpointId"]
    ]


@pytest.mark.parametrize("case", ["cannot", "groups", "many", "workshop"])
@pytest.mark.parametrize(
    "own",
    [
        {"State": "failed"},
        {"State": "partial"},
        {"State": "failed", "SubnetIds": [], "Groups": [], "RouteTableIds": []},
        {"State": "rejected", "Tags": [{"Key": "Name", "Value": "a\x1b"}]},
        {"Tags": [{"Key": "aws:cloudformation:stack-name", "Value": "net"}]},
        {"SubnetIds": [], "Tags": [{"Key": "aws:cloudformation:stack-name", "Value": "net"}]},
    ],
    ids=["dead", "partial", "dead-bare", "dead-named", "stack", "stack-bare"],
)
def test_what_is_offered_to_be_selected_is_taken(case: str, own: dict[str, Any]) -> None:
    """And what no spec can have is left out for that, as drift says of it."""
    found = _estate(case)
    vpc = found.all("Vpcs")[0]
    alive, *_ = there = adopt(found, _options(vpc=vpc["VpcId"])).selection.endpoints
    for live in there:
        every = (alive, {**live, **own, "VpcEndpointId": "vpce-0"})
        estate = replace(found, objects={**found.objects, "VpcEndpoints": every})
        (left_out,) = choose(estate, vpc, unsayable=unsayable).left_out
        never = unsayable(vpc, [every[1]], estate)
        if "--select vpce-0" in left_out.reason:
            adopted = adopt(estate, _options(vpc=vpc["VpcId"], select=("vpce-0",)))
            assert [each.id for each in adopted.endpoints.values()] == ["vpce-0"]
        else:
            assert ("State" not in own and never) or left_out[1:] == never["vpce-0"]


def test_a_thousand_endpoints_are_adopted_at_a_time() -> None:
    """A spec of more takes minutes to prove; some can be selected."""
    found = _estate("many")
    (first, *_) = found.all("VpcEndpoints")
    made = tuple({**first, "VpcEndpointId": f"vpce-{number}"} for number in range(1001))

    with pytest.raises(Refused, match="E013 1001 endpoints can be adopted, and a spec is made of 1000 at most"):
        choose(replace(found, objects={**found.objects, "VpcEndpoints": made}), vpc_of(found, "app"))


def test_what_is_too_much_for_a_spec_is_told_before_the_rules_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """With how to part it: each endpoint by itself took a minute, and then none was at fault."""
    found = _estate("many")
    live = found.objects["VpcEndpoints"][1]
    allowed = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "*",
        "Resource": [f"arn:{'a' * 200}{n}" for n in range(90)],
    }
    more = {"PolicyDocument": json.dumps({"Version": "2012-10-17", "Statement": [allowed]}), "PrivateDnsEnabled": False}
    every = tuple({**live, **more, "VpcEndpointId": f"vpce-{n:08x}"} for n in range(60))
    monkeypatch.setattr("generator.authoring.adopt.proof.understand_text", None)
    with pytest.raises(Refused) as refused:
        adopt(replace(found, objects={**found.objects, "VpcEndpoints": every}), _options())
    (finding,) = refused.value.diagnostics
    assert finding.code == "E013"
    assert finding.message == "not written: the spec of 60 endpoints would be larger than 1 MiB"
    assert "--select or --except" in finding.fix


def test_groups_are_judged_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each by itself took two specs to read, a second for 10 of 400."""
    found, asked = _estate("groups"), list[str]()
    group = next(
        each for each in found.all("SecurityGroups") if each["IpPermissions"] and each["GroupName"] != "default"
    )
    rule = next(each for each in found.all("SecurityGroupRules") if not each["IsEgress"] and each.get("CidrIpv4"))
    more = [{"GroupId": f"sg-2{n:07x}", "GroupName": f"g{n}", "Tags": []} for n in range(40)]
    rules = ({**rule, "GroupId": each["GroupId"], "SecurityGroupRuleId": f"sgr-{each['GroupName']}"} for each in more)
    there = {
        "SecurityGroups": (*found.all("SecurityGroups"), *({**group, **each} for each in more)),
        "SecurityGroupRules": (*found.all("SecurityGroupRules"), *rules),
        "VpcEndpoints": tuple(
            {**each, "Groups": more} if each["VpcEndpointId"] == "vpce-0a1b2c3d4e5f60701" else each
            for each in found.all("VpcEndpoints")
        ),
    }

    def asks(text: str, *more: Any) -> Any:
        asked.append(text)
        return understand_text(text, *more)

    monkeypatch.setattr("generator.authoring.adopt.proof.understand_text", asks)
    adopted = adopt(replace(found, objects={**found.objects, **there}), _options(own_security_groups=True))
    assert "40 security groups" in str([each.reason for each in adopted.selection.left_out])
    assert len(asked) < 20


def test_an_endpoint_is_described_alone() -> None:
    """Each of an estate's endpoints is described, or the reason is told."""
    found = _estate("many")
    chosen = choose(found, vpc_of(found, "app"), ())

    assert all(isinstance(describe(each, found), Description) for each in chosen.endpoints)


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        ("StringEquals", "aws:PrincipalAccount", 111122223333),
        ("StringEquals", "aws:PrincipalAccount", [111122223333, "222233334444"]),
        ("Bool", "aws:SecureTransport", True),
        ("NumericLessThan", "aws:MultiFactorAuthAge", 1.5),
        ("NumericLessThan", "aws:MultiFactorAuthAge", 300.0),
        ("NumericLessThan", "aws:MultiFactorAuthAge", -1e-7),
    ],
)
def test_a_policy_is_the_same_to_all_whatever_json_makes_of_its_values(operator: str, key: str, value: object) -> None:
    """A number is its text: an answer that has one is adopted, and has no drift at once."""
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "*",
        "Resource": "*",
        "Condition": {operator: {key: value}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    found = _estate("workshop")
    endpoints = tuple({**each, "PolicyDocument": policy} for each in found.all("VpcEndpoints"))

    assert _drift_after_adopt(replace(found, objects={**found.objects, "VpcEndpoints": endpoints}), own=False) == []


LACKING = (
    *("nothing", "DnsOptions", "IpAddressType", "PolicyDocument"),
    *("DnsRecordIpType", "PrivateDnsOnlyForInboundResolverEndpoint"),
)
"""What an answer of AWS may lack, be it of an endpoint or of its DNS options."""


@pytest.mark.parametrize("key", LACKING)
@pytest.mark.parametrize("own", [False, True], ids=["groups-of-others", "own-groups"])
def test_what_was_just_adopted_has_no_drift(key: str, *, own: bool) -> None:
    """For every estate, and for answers that lack a key, `drift` of the adopted spec finds nothing."""
    estates = {answers.stem: _without(_estate(answers.stem), key) for answers in sorted(ANSWERS.glob("*.json"))}
    drifts = {name: rows for name, found in estates.items() if (rows := _drift_after_adopt(found, own=own)) is not None}

    assert [each for rows in drifts.values() for each in rows] == []
    assert drifts.keys() >= ({"groups"} if own else {"groups", "many", "workshop"})


def _drift_after_adopt(found: estate.Estate, *, own: bool) -> list[str] | None:
    """Return what drift says of a spec that was just adopted; None where the estate can't be adopted."""
    try:
        adopted = adopt(found, _options(own_security_groups=own))
    except Refused as refused:
        return [str(refused)] if refused.exit_code == ExitCode.BUG else None
    return drift_of(adopted, understand_text(adopted.spec, "x.yaml"), found)


def _without(found: estate.Estate, key: str) -> estate.Estate:
    """Return an estate whose endpoints are described without a key."""
    endpoints = tuple(
        {
            name: {option: item for option, item in value.items() if option != key} if name == "DnsOptions" else value
            for name, value in each.items()
            if name != key
        }
        for each in found.all("VpcEndpoints")
    )
    return replace(found, objects={**found.objects, "VpcEndpoints": endpoints})


@pytest.mark.parametrize("policy", ["null", "[]", "1", '"x"'])
def test_a_policy_that_is_not_a_document_is_an_error(tmp_path: Path, policy: str) -> None:
    """What a spec can't say is told, and nothing is written."""
    text = (ANSWERS / "workshop.json").read_text(encoding="utf-8")
    answers = tmp_path / "answers.json"
    stated = re.compile(r'("PolicyDocument": )"(\\.|[^"\\])*"')
    answers.write_text(stated.sub(lambda match: match[1] + json.dumps(policy), text), encoding="utf-8")
    command = ["adopt", "--region", "eu-west-1", "--vpc", "app", "--from", str(answers)]
    run = CliRunner().invoke(cli.application(), [*command, "-o", str(tmp_path / "x.yaml")])

    assert (run.exit_code, "not a policy document that AWS takes" in run.output) == (1, True), run.output
    assert not (tmp_path / "x.yaml").exists()


def test_rules_that_only_their_groups_have_are_a_contradiction() -> None:
    """They are not taken for none."""
    found = _estate("groups")
    told = replace(found, objects={**found.objects, "SecurityGroupRules": ()})

    with pytest.raises(
        Refused, match=r"E407 SecurityGroups have inbound rules of sg-.*and SecurityGroupRules have none"
    ):
        adopt(told, _options(own_security_groups=True))


@pytest.mark.parametrize("where", ["group", "rule", "endpoint"])
def test_what_only_a_groups_texts_keep_from_a_spec_is_adopted(where: str) -> None:
    """A group whose texts no spec can say is referred to; of an endpoint's own text, the reason says which it is."""
    found, wrong = _estate("groups"), {"Description": "a\x1bb"}
    (first, *rest), rules = found.all("VpcEndpoints"), found.all("SecurityGroupRules")
    changed: dict[str, dict[str, Any]] = {
        "group": {"SecurityGroups": tuple({**each, **wrong} for each in found.all("SecurityGroups"))},
        "rule": {"SecurityGroupRules": tuple({**each, **wrong} for each in rules)},
        "endpoint": {"VpcEndpoints": ({**first, "Tags": [{"Key": "odd", "Value": "a\x1bb"}]}, *rest)},
    }
    adopted = adopt(replace(found, objects={**found.objects, **changed[where]}), _options(own_security_groups=True))
    left_out = [each.reason for each in adopted.selection.left_out]
    referred = [each.place.file for each in adopted.warnings if "the text contains U+001B" in each.message]

    assert len(adopted.endpoints) + len(left_out) == len([first, *rest])
    assert bool(left_out) == (where == "endpoint")
    assert bool(referred) == (where != "endpoint")
    assert all("U+001B, in '" in each and "odd: " in each for each in left_out)


def test_groups_that_a_file_does_not_tell_leave_an_endpoint_out() -> None:
    """An available interface endpoint has one at least: whether a spec can have it is not known."""
    told = [*documents((ROOT / "tests" / "adopt" / "many.json").read_text(encoding="utf-8"))]
    lives = [live for each in told for live in each.get("VpcEndpoints", ())]
    own = next(each for each in lives if each["VpcEndpointId"] == "vpce-0a1b2c3d4e5f60705")
    own["Groups"] = []
    texts = [("many", "\n".join(map(json.dumps, told)))]
    found = adopt(answers.read(texts, "eu-west-1"), AdoptOptions(vpc="app", name="x", path="x.yaml"))
    left = [each for each in found.selection.left_out if each.endpoint["VpcEndpointId"] == own["VpcEndpointId"]]

    way = "give all that AWS says, or ask it: without --from"
    assert [each[1:] for each in left] == [(f"its security groups, and it has one at least; {way}", False)]
