"""Every rendered argument of every example exists in the newest schema of the AWS provider, with a fitting type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import hcl2
import pytest

from . import schema
from .examples import OUT

if TYPE_CHECKING:
    from pathlib import Path

FILES = sorted(OUT.glob("**/*.tf"))
NAMES = [file.relative_to(OUT).as_posix() for file in FILES]

ENDPOINT = """
resource "aws_vpc_endpoint" "it" {
  vpc_id = data.aws_vpc.this.id
  %s
}
"""


def objections(line: str) -> list[str]:
    """Return the objections to an endpoint that has a line more."""
    return list(schema.objections(hcl2.loads(ENDPOINT % line)))


def test_there_are_files() -> None:
    """There are rendered files to look at."""
    assert FILES


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_arguments_exist_and_fit(file: Path) -> None:
    """Each argument and nested block of a rendered file is one that its type has, and takes."""
    assert list(schema.objections(hcl2.loads(file.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_references_lead_to_attributes(file: Path) -> None:
    """Each reference of a rendered file is to an attribute that its type has, and that is not deprecated."""
    assert list(schema.lost_references(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "line",
    [
        'service_name = "com.amazonaws.eu-west-1.sqs"',
        "private_dns_enabled = true",
        "subnet_ids = [data.aws_subnet.a.id]",
        "route_table_ids = data.aws_route_tables.all.ids",
        'policy = jsonencode({"Version" = "2012-10-17"})',
        'tags = {"Name" = "it"}',
        'timeouts {\n create = "5m"\n }',
        "dns_options {\n private_dns_only_for_inbound_resolver_endpoint = false\n }",
    ],
)
def test_takes_what_fits(line: str) -> None:
    """What the provider takes is not objected to."""
    assert objections(line) == []


@pytest.mark.parametrize(
    ("line", "objection"),
    [
        ("service = 1", "service is no argument"),
        ("service_name = true", "service_name takes string"),
        ("service_name = data.aws_subnets.all.ids", "service_name takes string"),
        ("service_name = data.aws_subnet.a.nonsense", "service_name takes string"),
        ('private_dns_enabled = "true"', "private_dns_enabled takes bool"),
        ('subnet_ids = "subnet-1"', "subnet_ids takes set(string)"),
        ("subnet_ids = [1]", "subnet_ids takes set(string)"),
        ("subnet_ids = data.aws_subnet.a.id", "subnet_ids takes set(string)"),
        ("subnet_ids = [data.aws_subnets.all.ids]", "subnet_ids takes set(string)"),
        ('tags = ["it"]', "tags takes map(string)"),
        ('tags = {"on" = true}', "tags takes map(string)"),
        ("security_group_ids = jsonencode([])", "security_group_ids takes set(string)"),
        ('state = "available"', "state can't be set"),
        ('dns_option {\n dns_record_ip_type = "ipv4"\n }', "dns_option is no block"),
        ("dns_options {\n dns_record = true\n }", "dns_record is no argument"),
        ("dns_options {\n }\n dns_options {\n }", "dns_options stands 2 times and may stand 1"),
    ],
)
def test_objects_to_what_does_not_fit(line: str, objection: str) -> None:
    """An argument that the provider lacks, or of another type, is objected to by name."""
    (found,) = objections(line)

    assert objection in found


def test_objects_to_what_is_missing() -> None:
    """A required argument that is missing is objected to, and so is a type that is not known."""
    assert list(schema.objections(hcl2.loads('resource "aws_vpc_endpoint" "it" {\n}\n'))) == [
        "resource aws_vpc_endpoint.it: vpc_id is missing"
    ]
    assert list(schema.objections(hcl2.loads('data "aws_nothing" "it" {\n}\n'))) == [
        "data aws_nothing.it: no such type"
    ]


def test_finds_lost_references() -> None:
    """A reference to an attribute that is not there, or is deprecated, is found."""
    fine = "[data.aws_region.a.endpoint, aws_vpc_endpoint.b[0].arn]"
    lost = ["data.aws_iam_policy_document.a.source_json", "aws_vpc_endpoint.b[each.key].nix", "aws_nothing.c.id"]

    assert list(schema.lost_references(f"{fine} {lost}")) == lost


def test_finds_lost_references_of_a_block_to_itself() -> None:
    """What `self` stands for is the block that says it."""
    blocks = [
        f'{head} "it" {{\n  condition = self.id == "a" && self.endpoint == "b"\n}}\n'
        for head in ('data "aws_region"', 'resource "aws_vpc_endpoint"', 'data "aws_vpc"')
    ]

    assert list(schema.lost_references("\n".join(blocks))) == [
        "aws_region: self.id",
        "aws_vpc_endpoint: self.endpoint",
        "aws_vpc: self.endpoint",
    ]


def test_each_mark_has_its_source() -> None:
    """What is deprecated says which release of which package marks it, and where."""
    marks = {
        f"{kind}.{name}.{key}": attribute["deprecated"]
        for kind in ("resources", "data_sources")
        for name, body in schema.schema()[kind].items()
        for key, attribute in body["attributes"].items()
        if "deprecated" in attribute
    }

    assert marks["data_sources.aws_vpc.ipv6_cidr_block"] == "pulumi-aws 7.51.1, ec2/get_vpc.py"
    assert {mark.partition(",")[0] for mark in marks.values()} == {"pulumi-aws 7.51.1"}
