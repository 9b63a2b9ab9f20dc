"""The examples of templates, with real Terraform: what they add is made, stays as it is, and drifts nowhere."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import boto3

from tests.cases import ROOT

from .drifting import drifting
from .emulated_aws import CREDENTIAL
from .examples import BAND_UP
from .network import provider_block

if TYPE_CHECKING:
    from .bench import Bench

BUCKET = "example-terraform-state"
TARGET = "values: {account: text}\ntargets:\n  band-up: {account: shop}\n"


def test_the_examples_apply_and_then_have_nothing_to_change(bench: Bench) -> None:
    """Backend, provider with a role and default tags, parameters, tags, header; Instance Connect is planned."""
    made = BAND_UP.make(bench.aws)
    shutil.copytree(ROOT / "templates" / "examples", bench.folder / "platform")
    found = drifting(
        made,
        bench.folder,
        "band-up",
        lambda text: text.replace("name: band-up\n", TARGET),
        "--templates",
        str(bench.folder / "platform"),
    )
    module = bench.folder / "module"
    shutil.copytree(found.module, module, ignore=shutil.ignore_patterns("eice.tf"))
    block = provider_block(bench.aws.url, BAND_UP.region).replace(
        "endpoints {", f'endpoints {{\n    ssm = "{bench.aws.url}"'
    )
    (module / "test_override.tf").write_text(block, encoding="utf-8")
    client = boto3.client(
        "s3", endpoint_url=bench.aws.url, aws_access_key_id=CREDENTIAL, aws_secret_access_key=CREDENTIAL
    )
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": BAND_UP.region})
    terraform = bench.terraform(module)
    aws = {
        "access_key": CREDENTIAL,
        "secret_key": CREDENTIAL,
        "endpoints": {"s3": bench.aws.url},
        "use_path_style": True,
    }
    aws |= {"skip_credentials_validation": True, "skip_requesting_account_id": True}
    (bench.folder / "backend.json").write_text(json.dumps(aws), encoding="utf-8")

    terraform.must("init", f"-backend-config={bench.folder / 'backend.json'}")
    terraform.must("validate")
    terraform.must("fmt", "-check", "-recursive")
    assert "0 failed" in terraform.must("test").output
    terraform.must("apply", "-auto-approve")
    assert terraform.run("plan", "-detailed-exitcode").code == 0
    state = json.loads(client.get_object(Bucket=BUCKET, Key="vpc-endpoints/band-up/terraform.tfstate")["Body"].read())
    tags = [
        each["attributes"]["tags_all"]
        for of in state["resources"]
        for each in of["instances"]
        if of["mode"] == "managed"
    ]
    assert {each["ManagedBy"] for each in tags if each} == {"gen-endpoints"}
    assert sum(of["type"] == "aws_ssm_parameter" for of in state["resources"]) == 4
    assert (
        found.rows("--templates", str(bench.folder / "platform"), "--ignore-tag=ManagedBy", "--ignore-tag=Spec") == []
    )

    shutil.copy(found.module / "eice.tf", module)
    planned = terraform.must("plan").output
    assert "1 to add, 0 to change, 0 to destroy" in planned
    (module / "main.tf").write_text((module / "main.tf").read_text().replace('    Project = "band-up"\n', "", 1))
    assert "lacks the tag Project" in terraform.run("plan").text
