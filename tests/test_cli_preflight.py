"""`gen-endpoints preflight`, as its users run it: against the emulated AWS, and on what the AWS CLI printed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from contextlib import chdir
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from generator import cli
from tests.answers import documents, overlaid
from tests.cases import ROOT
from tests.terraform.emulated_aws import CREDENTIAL, EmulatedAws, emulated_aws
from tests.terraform.examples import NETWORKS
from tests.terraform.network import Network

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.terraform.network import Made

REGION = "ap-southeast-1"
SPEC = "specs/band-up.yaml"
WORKSHOP = Network(
    region=REGION,
    vpc="band-up-vpc",
    subnets={"private-app-subnet-1": "a", "private-app-subnet-2": "b"},
    route_tables={"public-route-table": ()},
    has_dns=False,
)
"""The network of the workshop's first user: made as "VPC only", its private subnets on the unnamed main table."""


def run(*arguments: str, folder: Path = ROOT, command: str = "preflight") -> subprocess.CompletedProcess[str]:
    """Run a command to its end, on a machine that knows no AWS account but the emulated one."""
    command_line = (command, *arguments)
    gone = {name: None for name in os.environ if name.startswith(("AWS_", "HTTP", "http"))}
    environment: dict[str, str | None] = gone | {
        "AWS_ACCESS_KEY_ID": CREDENTIAL,
        "AWS_SECRET_ACCESS_KEY": CREDENTIAL,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "COLUMNS": "100",
    }
    with chdir(folder):
        done = CliRunner().invoke(cli.application(), command_line, env=environment)
    return subprocess.CompletedProcess(command_line, done.exit_code, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def emulator() -> Iterator[EmulatedAws]:
    """Run one emulated AWS for these tests."""
    with emulated_aws() as emulated:
        yield emulated


@pytest.fixture
def workshop(emulator: EmulatedAws) -> Made:
    """Return the workshop's network, and nothing else."""
    emulator.forget()
    return WORKSHOP.make(emulator)


def _turn_dns_on(made: Made) -> None:
    made.client.modify_vpc_attribute(VpcId=made.vpc_id, EnableDnsHostnames={"Value": True})


def test_the_workshop_s_vpc_has_no_dns_hostnames(workshop: Made) -> None:
    """What the console leaves off stops the first user's apply; preflight says so, and shows the line that shows it."""
    done = run(SPEC, "--endpoint-url", workshop.aws.url)
    shows = (
        f"aws ec2 describe-vpc-attribute --vpc-id {workshop.vpc_id} --attribute enableDnsHostnames --region {REGION}"
    )

    assert (done.returncode, done.stderr.count("E4"), shows in done.stderr) == (1, 1, True), done.stderr
    assert "specs/band-up.yaml:6:6: E421 private DNS of ecr_dkr, ecr_api and logs needs enableDn" in done.stderr
    assert done.stdout == f"{SPEC}: 21 checks passed, 1 error\n{SPEC}: the apply would fail\n"


def test_the_workshop_s_spec_would_work(workshop: Made) -> None:
    """With the attribute on nothing is in the way, and nothing stays open."""
    _turn_dns_on(workshop)
    done = run(SPEC, "--endpoint-url", workshop.aws.url, "--strict")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{SPEC}: 22 checks passed\n{SPEC}: the apply would work\n"


def test_what_was_made_by_hand_is_in_the_way(workshop: Made) -> None:
    """It may be ours, whatever its name, or in the way: Terraform's state would tell."""
    _turn_dns_on(workshop)
    (main,) = workshop.client.describe_route_tables(
        Filters=[{"Name": "vpc-id", "Values": [workshop.vpc_id]}, {"Name": "association.main", "Values": ["true"]}]
    )["RouteTables"]
    names = {"ecr.dkr": "ecr-endpoint", "logs": "by-hand"}
    interfaces = {service: _by_hand(workshop, service, name) for service, name in names.items()}
    gateway = _by_hand(workshop, "s3", "by-hand", VpcEndpointType="Gateway", RouteTableIds=[main["RouteTableId"]])
    done = run(SPEC, "--endpoint-url", workshop.aws.url, "--format", "json")
    told = json.loads(done.stdout)["specs"][0]["report"]

    assert (done.returncode, done.stderr, told["works"], told["not_checked"]) == (1, "", False, [])
    assert [(row["code"], row["severity"], row["line"]) for row in told["findings"]] == [
        ("W427", "warning", line) for line in (17, 19, 20)
    ]
    lives = {"ecr_dkr": interfaces["ecr.dkr"], "logs": interfaces["logs"], "s3": gateway}
    for row, (key, live) in zip(told["findings"], lives.items(), strict=True):
        assert live in row["message"]
        assert f"else AWS refuses a second one: terraform import aws_vpc_endpoint.{key} {live}" in row["fix"]
        assert row["command"] == f"aws ec2 describe-vpc-endpoints --vpc-endpoint-ids {live} --region {REGION}"


def _by_hand(made: Made, service: str, name: str, **more: Any) -> str:
    interface = {
        "VpcEndpointType": "Interface",
        "SubnetIds": ["subnet/private-app-subnet-1"],
        "PrivateDnsEnabled": True,
    }
    tags = [{"ResourceType": "vpc-endpoint", "Tags": [{"Key": "Name", "Value": name}]}]
    return made.create(ServiceName=f"com.amazonaws.{REGION}.{service}", TagSpecifications=tags, **(more or interface))


def test_what_adopt_imports_is_taken_in(workshop: Made, tmp_path: Path) -> None:
    """Without its import blocks nobody knows whether Terraform has it; where a state lacks it, it is in the way."""
    _turn_dns_on(workshop)
    _by_hand(workshop, "logs", "by-hand")
    at = ("--endpoint-url", workshop.aws.url)
    (tmp_path / "state.json").write_text('{"format_version": "1.0"}')
    made = run("--region", REGION, "--vpc", WORKSHOP.vpc, "--out", "x.yaml", *at, folder=tmp_path, command="adopt")
    alone, beside = (run("x.yaml", *at, *more, folder=tmp_path) for more in ((), ("--state", "state.json")))
    (tmp_path / "out" / "x" / "imports.tf").write_text("")
    lacking = run("x.yaml", *at, "--state", "state.json", folder=tmp_path)

    assert made.returncode == 0, made.stderr
    assert (alone.returncode, beside.returncode, lacking.returncode) == (0, 0, 1), beside.stderr
    assert {"W427", "E427"}.isdisjoint((alone.stderr + beside.stderr).split())
    assert "E427 logs: by-hand" in lacking.stderr
    assert "takes it in, and none in the module's folder does" in lacking.stderr


FILES = ("--from", "estate.json")
FOLDER = ROOT / "tests" / "preflight"


def test_files_do_instead_of_aws(tmp_path: Path) -> None:
    """What the AWS CLI printed; without what can be done without, that is told, and no finding."""
    whole = run("fine.yaml", *FILES, folder=FOLDER)
    answers = documents((FOLDER / "estate.json").read_text(encoding="utf-8"))
    without = [json.dumps(each) for each in answers if "Quotas" not in each]
    (tmp_path / "estate.json").write_text("\n".join(without), encoding="utf-8")
    part, strict = (
        run("fine.yaml", "--from", str(tmp_path / "estate.json"), *more, folder=FOLDER) for more in ((), ("--strict",))
    )

    assert (whole.returncode, whole.stderr) == (0, "")
    assert whole.stdout == "fine.yaml: 22 checks passed\nfine.yaml: the apply would work\n"
    assert (part.returncode, strict.returncode) == (0, 0)
    assert "fine.yaml:3:6: W420 not checked: quotas; the defaults are taken: the files have no `Quotas`" in part.stderr
    assert (
        part.stdout
        == "fine.yaml: 21 checks passed, 1 not checked (quotas)\nfine.yaml: the apply would work, as far as asked\n"
    )


def test_json_has_what_was_not_checked(tmp_path: Path) -> None:
    """Apart from what was found."""
    answers = documents((FOLDER / "estate.json").read_text(encoding="utf-8"))
    without = [json.dumps(each) for each in answers if "Quotas" not in each]
    (tmp_path / "estate.json").write_text("\n".join(without), encoding="utf-8")
    done = run("fine.yaml", "--from", str(tmp_path / "estate.json"), "--format", "json", folder=FOLDER)

    assert (done.returncode, done.stderr) == (0, "")
    (found,) = json.loads(done.stdout)["specs"]
    assert (found["state"], found["why"]) == ("as far as asked", "1 check not made")
    assert found["report"] == {
        "spec": "fine.yaml",
        "works": True,
        "known": False,
        "findings": [],
        "passed": 21,
        "as_stated": [],
        "differing": [],
        "depends_on_state": [],
        "not_checked": [
            {
                "checks": ["quotas"],
                "known": False,
                "why": "the files have no `Quotas`",
                "command": "aws service-quotas list-service-quotas --service-code vpc --region eu-west-1",
            }
        ],
    }


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("fine.yaml", *FILES, "--profile", "work"), 2, "ask AWS, and --from does not"),
        (("fine.yaml", *FILES, "--var", "x"), 2, "x is not of the form NAME=ID"),
        (("nowhere.yaml", *FILES), 1, "nowhere.yaml: E030 can't be read"),
        (("fine.yaml", "--from", "estate.json", "--from", "nowhere.json"), 1, "nowhere.json: E030 can't be read"),
        (("fine.yaml", "--from", "E421-hostnames-off.json"), 1, "E405 the files have no `Vpcs`, `Subnets`"),
        (("E402-vpc.yaml", *FILES), 1, "E402 eu-west-1 has no VPC gone"),
        (("E404-input.yaml", *FILES), 1, "E404 the value of var.vpc_id is not known"),
        (("E404-input.yaml", *FILES, "--var", "vpc_id=vpc-0a000000000000001"), 0, ""),
        (("fine.yaml", "--endpoint-url", "http://127.0.0.1:1"), 1, "AWS eu-west-1: E278 Could not connect"),
    ],
)
def test_exit_codes_tell_whose_turn_it_is(arguments: tuple[str, ...], code: int, said: str) -> None:
    """0 fine, 1 the user's turn, 2 wrong usage; never a traceback."""
    done = run(*arguments, folder=FOLDER)

    assert (done.returncode, said in " ".join(done.stderr.split())) == (code, True), done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_input_leaves_the_question_open() -> None:
    """It is no sign that the apply would fail."""
    done = run("E404-input.yaml", *FILES, folder=FOLDER)

    assert (
        done.stdout
        == "E404-input.yaml: 0 checks passed, 1 error\nE404-input.yaml: unknown whether the apply would work\n"
    )


def test_import_blocks_stop_the_plan_as_check_says(tmp_path: Path) -> None:
    """Those of what the module does not make any more; those of a module that a root calls, before Terraform 1.16."""
    for name in ("fine.yaml", "estate.json"):
        shutil.copy(FOLDER / name, tmp_path)
    own, files = tmp_path / "out/app", ("fine.yaml", "--from", "estate.json")
    assert run("fine.yaml", folder=tmp_path, command="render").returncode == 0
    block = 'import {{\n  to = aws_vpc_endpoint.{}\n  id = "vpce-0a000000000000001"\n}}\n'
    (own / "imports.tf").write_text(block.format("gone"), encoding="utf-8")
    told = "out/app/imports.tf:1:1: E326 imports into aws_vpc_endpoint.gone, which fine.yaml does not make"
    assert told in run("fine.yaml", folder=tmp_path, command="check").stdout
    done = run(*files, folder=tmp_path)
    assert (done.returncode, told in done.stderr) == (1, True), done.stderr
    drifted = run(*files, folder=tmp_path, command="drift")
    assert told.partition(" ")[2] in " ".join(drifted.stdout.split()), drifted.stdout
    for form in ("github", "gitlab", "sarif", "junit"):
        assert "E326 imports into" in run(*files, "--format", form, folder=tmp_path, command="drift").stdout, form
    assert "the apply would fail" in done.stdout
    (own / "imports.tf").write_text(block.format("logs"), encoding="utf-8")
    assert "takes in vpce-0a000000000000001, which AWS does not have" in run(*files, folder=tmp_path).stderr
    (tmp_path / "main.tf").write_text('module "net" {\n  source = "./out/app"\n}\n', encoding="utf-8")
    done = run(*files, folder=tmp_path)
    assert "unknown whether the apply would work" in done.stdout
    assert (done.returncode, "E406 not told whether Terraform plans it: before 1.16" in done.stderr) == (1, True)
    (own / "imports.tf").unlink()
    renamed = f"# Adopted by gen-endpoints for gone.yaml. \n{block.format('logs').replace('aws_', 'module.old.aws_')}"
    (tmp_path / "imports.tf").write_text(renamed, encoding="utf-8")
    done = run(*files, folder=tmp_path)
    assert (done.returncode, "E326 imports into module.old, and the root calls" in done.stderr) == (1, True)
    assert "the apply would fail" in done.stdout


def test_what_one_apply_makes_works_as_a_whole(tmp_path: Path) -> None:
    """Beside a spec of the same root that fails it is not known that one works; of two roots it is."""
    for name in ("fine.yaml", "estate.json"):
        shutil.copy(FOLDER / name, tmp_path)
    text = (FOLDER / "fine.yaml").read_text(encoding="utf-8")
    (tmp_path / "bad.yaml").write_text(text.replace("app", "bad").replace("logs, name: logs", "sqs, name: sqs"))
    files = ("fine.yaml", "bad.yaml", "--from", "estate.json")
    assert "fine.yaml: the apply would work" in run(*files, folder=tmp_path).stdout
    calls = (f'module "{each}" {{\n  source = "./out/{each}"\n}}\n' for each in ("app", "bad"))
    (tmp_path / "main.tf").write_text("".join(calls), encoding="utf-8")
    done = run(*files, folder=tmp_path)
    told = "fine.yaml: unknown whether the apply would work: one apply makes bad.yaml with it (would fail)"
    assert (done.returncode, told in " ".join(done.stdout.split())) == (1, True), done.stdout


@pytest.mark.parametrize("name", ["logs", "by-hand"])
@pytest.mark.parametrize(
    ("state", "code", "verdict"),
    [
        (
            None,
            1,
            "unknown whether the apply would work: it would if Terraform's state has logs, which --state FILE tells",
        ),
        ("vpce-0a000000000000001", 0, "the apply would work"),
        ("vpce-0a000000000000009", 1, "the apply would fail"),
        ("", 1, "the apply would fail"),
    ],
)
def test_whose_what_exists_is_no_name_tells(
    tmp_path: Path, name: str, state: str | None, code: int, verdict: str
) -> None:
    """Terraform's state alone does, by the id: without it the verdict is open, whatever the name."""
    text = (FOLDER / "W427-another-name.json").read_text(encoding="utf-8").replace('"by-hand"', json.dumps(name))
    (tmp_path / "there.json").write_text(text, encoding="utf-8")
    values = {"id": state, "vpc_id": "vpc-0a000000000000001"}
    endpoint = {"address": "aws_vpc_endpoint.logs", "mode": "managed", "type": "aws_vpc_endpoint", "name": "logs"}
    found = {"values": {"root_module": {"resources": [{**endpoint, "values": values}]}}} if state else {}
    (tmp_path / "state.json").write_text(json.dumps({"format_version": "1.0", **found}), encoding="utf-8")
    answers = overlaid((each.name, each.read_text()) for each in (FOLDER / "estate.json", tmp_path / "there.json"))
    (tmp_path / "aws.json").write_text("\n".join(each for _, each in answers), encoding="utf-8")
    told = () if state is None else ("--state", str(tmp_path / "state.json"))
    done = run("W427-another-name.yaml", "--from", str(tmp_path / "aws.json"), *told, folder=FOLDER)

    assert done.returncode == code, done.stderr
    assert " ".join(done.stdout.split()).endswith(f" W427-another-name.yaml: {verdict}")
    assert max(map(len, done.stdout.splitlines())) <= 120
    assert ("E427 logs" in done.stderr) == (code == 1 and state is not None)


@pytest.mark.parametrize("name", sorted(NETWORKS))
def test_what_terraform_applies_is_let_pass(emulator: EmulatedAws, name: str, tmp_path: Path) -> None:
    """Each example is applied in its network by `tests/terraform/`; only groups without rules are warned of there."""
    emulator.forget()
    network = NETWORKS[name]
    made = network.make(emulator)
    text = (ROOT / "specs" / f"{name}.yaml").read_text(encoding="utf-8")
    for identifier, thing in network.ids.items():
        text = text.replace(identifier, made.ids[thing])
    (tmp_path / "spec.yaml").write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "specs" / "policies", tmp_path / "policies")
    region = () if "\nregion:" in text else ("--region", network.region)
    things = {key: (each,) if isinstance(each, str) else each for key, each in network.inputs.items()}
    inputs = [f"--var={key}={','.join(made.ids.get(thing, thing) for thing in each)}" for key, each in things.items()]
    done = run("spec.yaml", "--endpoint-url", emulator.url, *region, *inputs, "--format", "json", folder=tmp_path)
    told = json.loads(done.stdout)["specs"][0]["report"]
    untold = [row["message"] for row in told["findings"] if row["code"] == "E406"]

    # The emulated AWS does not tell SupportedIpAddressTypes, which is not a service that supports none.
    assert all("has no SupportedIpAddressTypes" in each for each in untold)
    assert bool(untold) == ("ip_address_type: dualstack" in text)
    assert (done.returncode, told["works"]) == ((1, False) if untold else (0, True)), done.stdout + done.stderr
    # whether all callers are members of a group that exists is not told
    assert {check for row in told["not_checked"] for check in row["checks"]} <= {
        "ports of security groups",
        "services of the Region",
    }
    assert {row["code"] for row in told["findings"]} - {"E406"} <= {"W431"}
