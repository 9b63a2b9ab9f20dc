"""Every command's verdict on a spec is `validate`'s, code for code, before AWS is asked; all mistakes in one run.

Of what exists, `drift`, `verify` and `preflight` have one verdict.
"""

from __future__ import annotations

import copy
import io
import json
import os
import random
import re
import shutil
from collections import defaultdict
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from typer.main import get_command

from generator import cli
from generator.generate import understand
from generator.source.diagnostics import ExitCode
from tests.answers import of, whole
from tests.cases import ROOT
from tests.mistakes import ENDPOINTS, RIGHT, SPECS, wrong
from tests.removals import of_drift, of_preflight, of_verify
from tests.test_drift import ESTATE, mutations, set_at

if TYPE_CHECKING:
    from collections.abc import Iterable

INVALID = Path(__file__).parent / "invalid"
COMMAND = get_command(cli.application())
FINDING = re.compile(r"^([^\n]+?)(?::[0-9]+:[0-9]+)?: ([EW](?!4)[0-9]{3}) ", re.MULTILINE)
"""A finding of a spec, or of a file beside it; codes that begin with 4 are of what exists in AWS."""
SEVERAL = {"render": ("--out", "out"), "check": ("--out", "out"), "drift": ("--dir", "out", "--from", "aws.json")}
"""The commands that take several specs, with what keeps them from asking AWS and from writing elsewhere."""
ONE = {"show": (), "cost": (), "preflight": ("--from", "aws.json"), "verify": ("--from-inside",)}
"""The commands that take one spec."""
MISTAKES = (*ENDPOINTS, *SPECS)
GENERATED = 500
BATCH = 100  # a command tells a thousand findings at most

Told = dict[str, set[str]]
"""The codes that a command tells, by the file that it tells them of."""


def _run(command: str, specs: Iterable[str], options: Iterable[str] = ()) -> tuple[int, Told]:
    """Return how a command ends, and what it tells of specs."""
    codes: Told = defaultdict(set)
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as printed:
        ended = COMMAND.main([command, *specs, *options], prog_name="gen-endpoints", standalone_mode=False)
    for file, code in FINDING.findall(printed.getvalue()):
        codes[file].add(code)
    return ended or ExitCode.FINE, codes


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the wrong specs, the files beside them, and AWS's answers for an account without a VPC."""
    folder = tmp_path_factory.mktemp("verdicts")
    shutil.copytree(INVALID, folder, dirs_exist_ok=True)
    (folder / "aws.json").write_text('{"Vpcs": []}', encoding="utf-8")
    (folder / "not-json.json").write_text('{"Statement": }', encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def _in_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    monkeypatch.chdir(folder)


@pytest.fixture(scope="module")
def verdicts(folder: Path) -> dict[str, tuple[int, Told]]:
    """Return what `validate` tells of each wrong spec."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return {case.name: _run("validate", [case.name]) for case in sorted(INVALID.glob("*.yaml"))}


def test_what_validate_tells_is_what_the_files_beside_the_specs_tell(verdicts: dict[str, tuple[int, Told]]) -> None:
    """The other commands are compared with a verdict that is right, errors and warnings."""
    for name, (ended, told) in verdicts.items():
        text = (INVALID / name).with_suffix(".txt").read_text(encoding="utf-8")
        known = {code for file, code in FINDING.findall(text)}

        assert set().union(*told.values()) - {"W251"} == known - {"W251"}  # which the day of the test decides
        assert ended == (ExitCode.REFUSED if any(code.startswith("E") for code in known) else ExitCode.FINE)


@pytest.mark.parametrize("command", ONE)
def test_a_command_of_one_spec_says_what_validate_says(command: str, verdicts: dict[str, tuple[int, Told]]) -> None:
    """Its codes, errors and warnings, and its exit code where the spec is refused, are those of `validate`."""
    for name, (ended, told) in verdicts.items():
        result = _run(command, [name], ONE[command])

        assert result[1] == told, name
        assert ended in {ExitCode.FINE, result[0]}, name


@pytest.mark.parametrize("command", SEVERAL)
def test_a_command_of_several_specs_says_what_validate_says(
    command: str, verdicts: dict[str, tuple[int, Told]]
) -> None:
    """All that is wrong with all specs comes in one run; what is only warned of goes on, and is told too."""
    refused = [name for name, (ended, _) in verdicts.items() if ended == ExitCode.REFUSED]
    expected: Told = defaultdict(set)
    for file, codes in (item for name in refused for item in verdicts[name][1].items()):
        expected[file] |= codes

    assert _run(command, refused, SEVERAL[command]) == (ExitCode.REFUSED, expected)
    for name in verdicts.keys() - set(refused):
        shutil.rmtree("out", ignore_errors=True)  # or one spec would be an edit of another
        assert _run(command, [name], SEVERAL[command])[1] == verdicts[name][1], name


def _write(names: dict[str, tuple[str, ...]]) -> dict[str, set[str]]:
    """Write specs with the mistakes that are named, and return the codes of each."""
    codes = {}
    for file, mistakes in names.items():
        spec, codes[file] = wrong(*mistakes)
        Path(file).write_text(json.dumps(spec | {"name": file.partition(".")[0]}), encoding="utf-8")
    return codes


def _named(told: Told, file: str) -> set[str]:
    return told[file] | (told["not-json.json"] & {"E002"})


def test_each_mistake_alone_is_of_its_codes() -> None:
    """What the next test puts together is known, and nothing is wrong without a mistake."""
    codes = _write({"right.json": ()} | {f"{name}.json": (name,) for name in MISTAKES})

    assert RIGHT
    for file, expected in codes.items():
        _, told = _run("validate", [file])
        assert _named(told, file) == expected, file


def test_mistakes_together_are_all_told_in_one_run_by_every_command() -> None:
    """Of two to four mistakes none hides another: what is told is what each alone would be told of.

    Each spec goes through `validate` and, to save time, through two of the seven other commands in turn; `EVERY=1` in
    the environment takes all of them.
    """
    drawn = {
        f"spec-{seed}.json": tuple(random.Random(seed).sample(MISTAKES, random.Random(-seed).randint(2, 4)))
        for seed in range(GENERATED)
    }
    codes = _write(drawn)
    refused = [file for file, expected in codes.items() if any(code.startswith("E") for code in expected)]
    assert len(refused) > GENERATED * 0.9
    step = 1 if "EVERY" in os.environ else len(SEVERAL)
    for number, (command, options) in enumerate({"validate": (), **SEVERAL}.items()):
        every = refused[number % step :: step] if number else refused
        for files in (every[first : first + BATCH] for first in range(0, len(every), BATCH)):
            ended, told = _run(command, files, options)
            wrongly = {file: told[file] for file in files if told[file] != codes[file] - {"E002"}}
            assert (ended, wrongly, told["not-json.json"]) == (ExitCode.REFUSED, {}, {"E002"})
    step = 1 if "EVERY" in os.environ else len(ONE)
    for number, (command, options) in enumerate(ONE.items()):
        for file, expected in list(codes.items())[number % step :: step]:
            ended, told = _run(command, [file], options)
            assert _named(told, file) == expected, (command, file)
            assert ended == ExitCode.REFUSED or file not in refused


def test_a_damaged_list_of_a_region_hides_no_mistake_that_it_can_not_decide() -> None:
    """Its own mistakes come with all others; a service that only the list may know is left for the next run."""
    spec, codes = wrong("name_in_tags", "unknown_service", "default_group")
    Path("damaged.json").write_text(json.dumps(spec | {"region": "ca-west-1"}), encoding="utf-8")

    _, told = _run("validate", ["damaged.json"])

    assert told["damaged.json"] == codes - {"E201"}
    assert told["services/ca-west-1.json"] == {"E275"}


def test_each_field_of_an_endpoint_has_one_verdict_of_drift_verify_and_preflight() -> None:
    """Whatever AWS has otherwise, all three say of which endpoint, and none that it is as stated.

    To `verify` all tags but the name are fine, and a subnet whose network interface is at work.
    """
    base, seen = _verdicts(ESTATE), 0
    assert base.differ == base.failed == set()
    for path, value, _ in mutations():
        if path[0] == "VpcEndpoints" and path[-1] != "NetworkInterfaceIds":
            answers = copy.deepcopy(ESTATE)
            set_at(answers, path, f"= {json.dumps(value)}")
            found = _verdicts(answers)
            is_left = "Tags" in path or path[-1] == "SubnetIds"
            assert base.stated - found.stated == found.differ, path
            assert found.failed == found.differ or is_left, path
            seen += bool(found.differ)
    assert seen > 30


class Verdicts(NamedTuple):
    """The endpoints that differ by `drift`, that fail by `verify`, and that are as stated by `preflight`."""

    differ: set[str]
    failed: set[str]
    stated: set[str]


def _verdicts(answers: dict[str, Any]) -> Verdicts:
    case = understand(str(ROOT / "tests" / "drift" / "spec.yaml"))
    drift, verify, preflight = (
        [*find(case, of([answers], "eu-west-1"))[1]] for find in (of_drift, of_verify, of_preflight)
    )
    return Verdicts(
        {each.subject for each in drift if '"class": "info"' not in each.text},
        {each.subject for each in verify if '"outcome": "failed"' in each.text},
        {each.subject for each in preflight if each.text == "as stated"} - {"endpoints"},
    )


@pytest.mark.parametrize("command", ["validate", *SEVERAL, "preflight", "verify", "cost"])
def test_what_another_spec_of_the_vpc_has_no_command_calls_missing(command: str) -> None:
    """Three specs split what a pull from Amazon ECR needs; of two, what neither has is missing, whatever the VPC's."""
    head = (
        "region: eu-west-1\nvpc: {{name: {0}}}\nsubnets: [{{name: a}}, {{name: b}}]\nroute_tables: [{{main: true}}]\n"
    )
    head += "security_groups: [{{name: endpoints}}]\nendpoints:\n"
    split = {
        "dkr": "  ecr_dkr: {service: ecr.dkr}",
        "api": "  ecr_api: {service: ecr.api}",
        "s3": "  s3: {service: s3, type: Gateway}",
    }
    for vpc in ("app", "other"):
        for name, endpoint in split.items():
            Path(f"{vpc}-{name}.yaml").write_text(
                f"name: {vpc}-{name}\n{head.format(vpc)}{endpoint}\n", encoding="utf-8"
            )
    options = {**SEVERAL, "preflight": ("--from", "aws.json"), "verify": ("--from", "aws.json")}.get(command, ())
    shutil.rmtree("out", ignore_errors=True)

    def told(*specs: str) -> set[str]:
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(out):
            COMMAND.main([command, *specs, *options], prog_name="gen-endpoints", standalone_mode=False)
        return {*re.findall(r"W253 (.*)", out.getvalue())}

    assert told("app-dkr.yaml", "app-api.yaml", "app-s3.yaml") == set()
    assert told("app-dkr.yaml", "app-api.yaml") == {"ecr_dkr: the spec has no endpoint of s3 beside ecr.dkr"}
    others = told("app-dkr.yaml", "other-api.yaml", "other-s3.yaml")
    assert others == {"ecr_dkr: the spec has no endpoint of ecr.api and s3 beside ecr.dkr"}


@pytest.mark.parametrize("command", ["preflight", "drift", "verify"])
def test_what_aws_shows_of_a_vpc_no_command_calls_missing(command: str) -> None:
    """By state, VPC and Region; where AWS could not be asked, and with --strict, all that the spec lacks."""
    head = 'name: pull\naws_provider: ">= 6.36"\nregion: eu-west-1\nvpc: {id: vpc-0a000001}\n'
    head += "subnets: [{id: subnet-0a00000a}, {id: subnet-0a00000b}]\nendpoints:\n"
    own = "  dkr: {service: ecr.dkr, private_dns_enabled: false}\n"
    far = "  far: {service: ecr.dkr, service_region: us-east-1}\n"
    groups = "security_groups: [{id: sg-0a000001}]\n"
    Path("pull.yaml").write_text(head + own + far + groups, encoding="utf-8")
    api: dict[str, object] = {
        "VpcEndpointId": "vpce-0b000002",
        "ServiceName": "com.amazonaws.us-east-1.ecr.api",
        "State": "available",
    }
    api |= {"VpcEndpointType": "Interface", "ServiceRegion": "us-east-1", "PrivateDnsEnabled": True}

    def told(*options: str, elsewhere: bool = False, **changed: object) -> list[str]:
        more = whole("VpcEndpoints", api | {"VpcId": "vpc-0a000001", "OwnerId": ESTATE["Account"], **changed})
        answers = copy.deepcopy(ESTATE) | {"VpcEndpoints": copy.deepcopy(ESTATE["VpcEndpoints"]) + more["VpcEndpoints"]}
        if elsewhere:  # the gateway is in a table that no subnet uses
            tables = answers["RouteTables"]
            routes = [each for each in tables[0]["Routes"] if each.get("GatewayId") == "vpce-0a000002"]
            for each in tables:
                each["Routes"] = [route for route in each["Routes"] if route not in routes]
            tables.append({**tables[0], "RouteTableId": "rtb-0b000001", "Associations": [], "Routes": routes})
            answers["VpcEndpoints"][1]["RouteTableIds"] = ["rtb-0b000001"]
        Path("pull.json").write_text(json.dumps(answers), encoding="utf-8")
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(out):
            COMMAND.main([command, "pull.yaml", *options], prog_name="gen-endpoints", standalone_mode=False)
        return re.findall(r"W253 (.*)", out.getvalue())

    lacks, far_away = "the spec has no endpoint of {} beside ecr.dkr", " in Region us-east-1"
    one, other, both = lacks.format("ecr.api"), lacks.format("s3"), lacks.format("ecr.api and s3")
    shown = [f"dkr: {one}", f"far: {other}{far_away}"]
    assert told("--from", "pull.json") == shown
    assert told("--from", "pull.json", State="failed") == [f"dkr: {one}", f"far: {both}{far_away}"]
    assert told("--from", "pull.json", PrivateDnsEnabled=False) == [f"dkr: {one}", f"far: {both}{far_away}"]
    assert told("--from", "pull.json", elsewhere=True)[0] == f"dkr: {both}"
    assert told("--from", "aws.json") == [f"dkr: {both}", f"far: {both}{far_away}"]
    if command == "preflight":
        assert told("--from", "pull.json", "--strict") == shown
        Path("pull.yaml").write_text((head + own + far + groups).replace(", {id: subnet-0a00000b}", ""))
        assert told("--from", "pull.json", "--strict") == [f"dkr: {both}", f"far: {both}{far_away}"]


@pytest.mark.parametrize("command", ["render", "check", "preflight", "drift"])
def test_what_a_vpc_takes_once_no_command_lets_two_specs_have(command: str) -> None:
    """Of what is not there yet too: `render` refuses it, and so does the apply that `preflight` and `drift` tell of."""
    text = "region: eu-west-1\nvpc: {id: vpc-0a000001}\nsubnets: [{id: subnet-0a00000a}]\nendpoints:\n"
    text += "  logs: {service: logs}\nsecurity_groups: [{create: {name: a, ingress: [{vpc: true}]}}]\n"
    for name in "ab":
        Path(f"once-{name}.yaml").write_text(f"name: once-{name}\n{text}", encoding="utf-8")
    shutil.copy(ROOT / "tests" / "drift" / "estate.json", "once.json")
    options = {"preflight": ("--from", "once.json"), "drift": ("--dir", "out", "--from", "once.json")}.get(command, ())
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(out):
        ended = COMMAND.main(
            [command, "once-a.yaml", "once-b.yaml", *options], prog_name="gen-endpoints", standalone_mode=False
        )
    said = " ".join(out.getvalue().split())

    assert ended == (ExitCode.STALE if command == "drift" else ExitCode.REFUSED)
    for what in ("an endpoint of com.amazonaws.eu-west-1.logs with private DNS", "a security group named a"):
        assert f"once-a.yaml has {what} in the same VPC" in said
