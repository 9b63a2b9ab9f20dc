"""What was made by hand is adopted, rendered, imported by Terraform, and nothing is changed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from . import providers
from .emulated_aws import CREDENTIAL
from .examples import BAND_UP
from .network import provider_block

if TYPE_CHECKING:
    from pathlib import Path

    from .bench import Bench
    from .network import Made
    from .runner import Terraform

REGION = BAND_UP.region
CUSTOM = {
    "Version": "2012-10-17",
    "Id": "images",
    "Statement": [
        {
            "Sid": "Pull",
            "Effect": "Allow",
            "Principal": "*",
            "Action": ["ecr:BatchGetImage", "ecr:Get*"],
            "Resource": "*",
        },
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "ecr:*",
            "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}, "NumericLessThan": {"s3:max-keys": "10"}},
        },
    ],
}
VERSIONS = [each.version for each in providers.found() if each.serves(">= 3.39")]


def _by_hand(made: Made) -> None:
    """Make the workshop's endpoints as the console does: the default group, the main table, names of no system."""
    subnets = [f"subnet/{name}" for name in BAND_UP.subnets]
    (main,) = made.client.describe_route_tables(
        Filters=[{"Name": "vpc-id", "Values": [made.vpc_id]}, {"Name": "association.main", "Values": ["true"]}]
    )["RouteTables"]
    for service, named, more in (
        ("ecr.dkr", "ecr-endpoint", {"PolicyDocument": json.dumps(CUSTOM)}),
        ("ecr.api", "ecr-api-endpoint", {}),
        ("logs", "cloudwatch-endpoint", {}),
        ("s3", "s3-endpoint", {"RouteTableIds": [main["RouteTableId"]]}),
    ):
        is_gateway = service == "s3"
        tags = {"Name": named, **({"Cost Center": "0815", "env": "no"} if service == "logs" else {})}
        made.create(
            VpcEndpointType="Gateway" if is_gateway else "Interface",
            ServiceName=f"com.amazonaws.{REGION}.{service}",
            TagSpecifications=[
                {"ResourceType": "vpc-endpoint", "Tags": [{"Key": key, "Value": tags[key]} for key in tags]}
            ],
            **({} if is_gateway else {"SubnetIds": subnets, "PrivateDnsEnabled": True}),
            **more,
        )


def _run(folder: Path, *arguments: str) -> str:
    """Run gen-endpoints, which must succeed, and return what it says."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment |= {"AWS_ACCESS_KEY_ID": CREDENTIAL, "AWS_SECRET_ACCESS_KEY": CREDENTIAL, "NO_PROXY": "*"}
    run = subprocess.run(
        [sys.executable, "-m", "generator", *arguments],
        cwd=folder,
        env={**environment, "XDG_CACHE_HOME": str(folder / "cache"), "AWS_CONFIG_FILE": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout + run.stderr


def _adopt(bench: Bench, made: Made, *options: str, version: str = "") -> str:
    (bench.folder / "specs").mkdir(exist_ok=True)
    said = _run(
        bench.folder,
        *("adopt", "--region", made.network.region, "--vpc", made.network.vpc, "-o", "specs/x.yaml"),
        *("--endpoint-url", bench.aws.url, *(("--aws-provider", "3.39") if version.startswith("3.") else ()), *options),
    )
    _run(bench.folder, "render", "specs/x.yaml")
    _run(bench.folder, "check", "specs/x.yaml")
    return said


def _planned(terraform: Terraform, count: int) -> None:
    """Plan and apply the import of some resources, in which nothing changes; the next plan is empty."""
    terraform.must("init")
    plan = terraform.must("plan", "-out=plan")
    assert f"{count} to import, 0 to add, 0 to change, 0 to destroy" in plan.text, plan
    terraform.must("apply", "plan")
    again = terraform.run("plan", "-detailed-exitcode")
    assert again.code == 0, again


@pytest.mark.parametrize("version", VERSIONS)
def test_what_the_console_made_is_taken_over(bench: Bench, version: str) -> None:
    """Four endpoints, one with a policy of its own and one with tags: four imports, and no change."""
    made = replace(BAND_UP, route_tables={}).make(bench.aws)
    _by_hand(made)
    before = made.endpoints()
    said = _adopt(bench, made, version=version)

    spec = (bench.folder / "specs" / "x.yaml").read_text()
    assert "W201" in said
    assert "terraform plan: 4 to import" in said
    assert "{default: true}" in spec
    assert "{main: true}" in spec
    assert "\npolicy: full-access\n" in spec
    module = bench.folder / "out" / "x"
    (module / "provider.tf").write_text(provider_block(bench.aws.url, REGION))
    _planned(bench.terraform(module, version), 4)
    assert made.endpoints() == before


def test_a_root_that_calls_the_module_takes_it_over(bench: Bench) -> None:
    """With `--module` the blocks stand in the root, with the module's address."""
    made = replace(BAND_UP, route_tables={}).make(bench.aws)
    _by_hand(made)
    _adopt(bench, made, "--module", "endpoints", "--imports", "root/imports.tf")

    root = bench.folder / "root"
    shutil.copytree(bench.folder / "out" / "x", root / "x")
    (root / "main.tf").write_text('module "endpoints" {\n  source = "./x"\n}\n')
    (root / "provider.tf").write_text(provider_block(bench.aws.url, REGION))
    assert "to = module.endpoints.aws_vpc_endpoint.ecr_dkr" in (root / "imports.tf").read_text()
    _planned(bench.terraform(root), 4)
