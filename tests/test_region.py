"""One Region of a spec: every command that takes `--region` says the same of it, and exits with the same code."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from generator import cli
from generator.source.region import is_region

if TYPE_CHECKING:
    from pathlib import Path

OF_SPECS = ("cost", "drift", "preflight", "verify", "verify --from-inside")
OTHERS = (
    "adopt --vpc app --out new.yaml",
    "init app --vpc app --subnet a --bundle ecs-fargate",
    "policies",
    "services logs",
    "services refresh",
)
HEAD = """name: x
{region}vpc: {{name: app}}
aws_provider: ">= 6.0"
subnets: [{{name: a}}, {{name: b}}]
security_groups: [{{name: https}}]
endpoints:
"""
NOWHERE = HEAD.format(region="") + "  logs: {service: logs}\n"
ENDPOINT = HEAD.format(region="") + "  logs: {service: logs, region: eu-west-1}\n"
SPEC = HEAD.format(region="region: eu-west-1\n") + "  logs: {service: logs}\n"
INPUT = HEAD.format(region="region: {variable: region}\n") + "  logs: {service: logs}\n"
BY_INPUT = "    add --region to the command, as --region eu-west-1\n"
FIX = "    add region: to the spec, or --region to the command, as --region eu-west-1\n"
CASES = {
    "no Region": (NOWHERE, "", f"x.yaml: E440 the spec has no region\n{FIX}"),
    "an input": (INPUT, "", f"x.yaml: E440 the spec's region is var.region\n{BY_INPUT}"),
    "an input, and --region": (INPUT, "eu-west-1", ""),
    "another than the spec's": (
        SPEC,
        "us-east-1",
        (
            "x.yaml:2:9: E441 the spec is for eu-west-1, and --region is us-east-1\n"
            "    leave --region out, or write region: us-east-1 in the spec\n"
        ),
    ),
    "another than the endpoint's": (
        ENDPOINT,
        "us-east-1",
        (
            "x.yaml:7:33: E441 the spec is for eu-west-1, and --region is us-east-1\n"
            "    leave --region out, or write region: us-east-1 in the spec\n"
        ),
    ),
    "the spec's": (SPEC, "", ""),
    "the spec's, and --region": (SPEC, "eu-west-1", ""),
    "the endpoint's": (ENDPOINT, "", ""),
    "the endpoint's, and --region": (ENDPOINT, "eu-west-1", ""),
    "--region's": (NOWHERE, "eu-west-1", ""),
}
"""What the spec states, what the option is, and what is refused: all of the output, with exit code 1."""
ESTATE = {
    "Vpcs": [{"VpcId": "vpc-1", "Tags": [{"Key": "Name", "Value": "app"}]}],
    "Subnets": [
        {"SubnetId": f"subnet-{name}", "VpcId": "vpc-1", "Tags": [{"Key": "Name", "Value": name}]} for name in "ab"
    ],
    "SecurityGroups": [{"GroupId": "sg-1", "VpcId": "vpc-1", "Tags": [{"Key": "Name", "Value": "https"}]}],
    **{kind: [] for kind in ("RouteTables", "PrefixLists", "VpcEndpoints", "NetworkInterfaces")},
}


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "estate.json").write_text(json.dumps(ESTATE), encoding="utf-8")


def _run(command: str, spec: str | None, option: str | None) -> tuple[int, str]:
    name, *options = command.split()
    files = [] if spec is None or name == "cost" else ["--from", "estate.json"]
    region = [] if option is None else ["--region", option]
    arguments = [name, *([] if spec is None else ["x.yaml"]), *options, *files, *region]
    result = CliRunner().invoke(cli.application(), arguments)
    return result.exit_code, re.sub(r"^ *\d+ \| .*\n +\| .*\n", "", result.output, flags=re.MULTILINE)


@pytest.mark.parametrize("command", OF_SPECS)
@pytest.mark.parametrize("case", CASES)
def test_every_command_has_the_same_region_of_a_spec(case: str, command: str, tmp_path: Path) -> None:
    """One error with one code and one fix, before AWS is asked; what is no error is none anywhere."""
    spec, option, refused = CASES[case]
    (tmp_path / "x.yaml").write_text(spec, encoding="utf-8")
    code, output = _run(command, spec, option or None)

    if refused:
        assert (code, output) == (1, f"{refused}\nrefused: 1 error\n")
    else:
        assert code in {0, 1, 4}, output
        assert not {"E440", "E441", "Usage:"} & set(output.split()), output
        assert "eu-west-1" in output or command == "drift"


@pytest.mark.parametrize("command", [*OF_SPECS, *OTHERS])
@pytest.mark.parametrize("text", ["../x", "x\ny", "", "eu-west", "EU-WEST-1", "eu-west-1/..", "eu-west-1 "])
def test_text_that_is_not_a_region_is_wrong_usage_everywhere(text: str, command: str, tmp_path: Path) -> None:
    """The same words, and the same exit code."""
    (tmp_path / "x.yaml").write_text(NOWHERE, encoding="utf-8")
    code, output = _run(command, NOWHERE if command in OF_SPECS else None, text)
    words = "".join(output.replace("│", " ").split())

    assert not is_region(text)
    assert code == 2
    assert f"{''.join(text.split())}isnotthenameofaRegion,suchaseu-west-1" in words


WITH_VAR = {
    "the input's": (["--var", "region=eu-west-1"], ""),
    "the same twice": (["--var", "region=eu-west-1", "--region", "eu-west-1"], ""),
    "another": (
        ["--var", "region=eu-west-1", "--region", "us-east-1"],
        (
            "x.yaml:2:9: E441 the spec is for eu-west-1, and --region is us-east-1\n"
            "    leave --region out, or give another --var\n"
        ),
    ),
    "no Region": (["--var", "region=../x"], f"x.yaml: E440 the spec's region is var.region, ../x\n{BY_INPUT}"),
}


@pytest.mark.parametrize("command", [each for each in OF_SPECS if each != "cost"])
@pytest.mark.parametrize("case", WITH_VAR)
def test_the_region_of_an_input_is_given_as_other_inputs_are(case: str, command: str, tmp_path: Path) -> None:
    """`--var` gives it, `--region` too; both say the same, and it is a Region."""
    (tmp_path / "x.yaml").write_text(INPUT, encoding="utf-8")
    options, refused = WITH_VAR[case]
    code, output = _run(f"{command} {' '.join(options)}", INPUT, None)

    if refused:
        assert (code, output) == (1, f"{refused}\nrefused: 1 error\n")
    else:
        assert code in {0, 1, 4}, output
        assert not {"E404", "E440", "E441", "Usage:"} & set(output.split()), output
