"""Stories of README and docs/, with real Terraform and the emulated AWS: README's in the clone, too."""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests import stories, test_cli_init
from tests.cases import ROOT

from .emulated_aws import CREDENTIAL
from .examples import BAND_UP
from .network import provider_block
from .registry import registry
from .test_adopt import by_hand

if TYPE_CHECKING:
    from .bench import Bench
    from .network import Made

STORIES = {name: each for name, each in stories.stories().items() if "terraform" in stories.commands(each)}
OF_OTHERS = {f"docs/how-to/take-over-{owner}.md" for owner in ("module", "stack")}
"""Pages whose endpoints nobody made by hand: they say who makes them."""
PICTURES = ROOT / "docs" / "pictures"
PLACES = [(name, folder) for name in STORIES for folder in ("clone", "empty") if folder == "empty" or "README" in name]


def _environment(bench: Bench, url: str, modules: str) -> dict[str, str]:
    """Return an environment in which `terraform` is the tests' own, and AWS the emulated one."""
    terraform = bench.terraform(bench.folder)
    with Path(terraform.environment["TF_CLI_CONFIG_FILE"]).open("a", encoding="utf-8") as file:
        file.write(modules)
    (bench.folder / "provider.tf").write_text(provider_block(url, BAND_UP.region), encoding="utf-8")
    program = shlex.join(terraform.command)
    script = f"""cp {bench.folder}/provider.tf provider.tf
case "$1" in
  init) exec {program} "$@";;
  apply|destroy) export TF_CLI_ARGS_apply=-auto-approve TF_CLI_ARGS_destroy=-auto-approve;;
esac
TF_REATTACH_PROVIDERS={shlex.quote(terraform.attached)} exec {program} "$@\""""
    aws = {"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": CREDENTIAL, "AWS_SECRET_ACCESS_KEY": CREDENTIAL}
    named = {name: value for name, value in terraform.environment.items() if name.startswith("TF_")}
    shims = {"terraform": script, "aws": f'exec {sys.executable} -m tests.aws_cli "$@"'}
    return {**stories.environment(bench.folder, shims), **named, **aws, "NO_PROXY": "*"}


def let_in_https(made: Made) -> None:
    """Have the VPC's default group let in its callers."""
    (group,) = made.client.describe_security_groups(
        Filters=[{"Name": "vpc-id", "Values": [made.vpc_id]}, {"Name": "group-name", "Values": ["default"]}]
    )["SecurityGroups"]
    https: Any = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}
    made.client.authorize_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[https])


@pytest.mark.parametrize(("name", "place"), PLACES)
def test_a_story_runs_as_written(bench: Bench, name: str, place: str) -> None:
    """Each command does what the page says, and prints what it shows; what it draws is the page's picture."""
    folder: Path = stories.clone(bench.folder) if place == "clone" else bench.folder / "empty"
    folder.mkdir(exist_ok=True)
    made = replace(BAND_UP, route_tables={}).make(bench.aws)
    if "adopt" in stories.commands(STORIES[name]) and name not in OF_OTHERS:
        by_hand(made)
        let_in_https(made)

    with registry() as modules:
        told = stories.objections(STORIES[name], folder, _environment(bench, bench.aws.url, modules))
    drawn = {each.name: each.read_text("utf-8") for each in folder.glob("*.svg")}
    assert told == [], "\n".join(told)
    assert drawn == {name: (PICTURES / name).read_text("utf-8") for name in drawn}


def test_init_offers_what_exists(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """With `--from-aws`: the VPCs, then the private subnets of the chosen one, and one in each zone as the answer."""
    made = BAND_UP.make(bench.aws)
    public = replace(BAND_UP, vpc="public", subnets={"open": "a"}, route_tables={"public": ("open",)}).make(bench.aws)
    gateway = public.client.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    public.client.attach_internet_gateway(InternetGatewayId=gateway, VpcId=public.vpc_id)
    public.client.create_route(
        RouteTableId=public.ids["route_table/public"], DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway
    )
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setitem(test_cli_init.ENVIRONMENT, name, CREDENTIAL)
    options = ("app", "--region", BAND_UP.region, "--from-aws", "--endpoint-url", bench.aws.url, "--service", "sqs")
    code, seen = test_cli_init.talk(bench.folder, "band-up-vpc\n\n\n", *options)
    wrong, refused = test_cli_init.talk(bench.folder, "nope\nband-up-vpc\nopen\n\n\n", *options, "--out", "asked.yaml")
    given = [*options, "--vpc", "nope", "--subnet", "open", "--out", "given.yaml"]
    no_vpc, told = test_cli_init.talk(bench.folder, "", *given, "--bundle", "sqs")
    _, opened = test_cli_init.talk(bench.folder, "public\nopen\n\n", *options, "--out", "public.yaml")

    assert (code, wrong, no_vpc) == (0, 0, 1), (seen, refused, told)
    assert ["has no VPC nope" in each for each in (refused, told)] == [True, True]
    assert "VPC band-up-vpc has no subnet open" in refused
    assert made.vpc_id in seen
    assert "[private-app-subnet-1, private-app-subnet-2]" in seen
    assert "created public.yaml" in opened
    assert "Private subnet" not in opened
