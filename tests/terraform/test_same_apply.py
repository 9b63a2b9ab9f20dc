"""The module of inputs serves the apply that makes the VPC: what it is given is unknown when Terraform plans."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from .examples import MODULES
from .network import Network

if TYPE_CHECKING:
    from .bench import Bench

CALLER = """
resource "aws_vpc" "new" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
  tags                 = { Name = "new" }
}

resource "aws_subnet" "new" {
  for_each = { a = 2, b = 3 }

  vpc_id            = aws_vpc.new.id
  cidr_block        = "10.0.${each.value}.0/24"
  availability_zone = "eu-west-1${each.key}"
}

resource "aws_route_table" "new" {
  vpc_id = aws_vpc.new.id
}

resource "aws_security_group" "new" {
  for_each = toset(["clients", "more"])

  name   = each.key
  vpc_id = aws_vpc.new.id
}

resource "aws_ec2_managed_prefix_list" "office" {
  name           = "office"
  address_family = "IPv4"
  max_entries    = 1

  entry {
    cidr = "172.16.0.0/12"
  }
}

module "endpoints" {
  source = "./endpoints"

  vpc_id                   = aws_vpc.new.id
  subnet_ids               = [for subnet in aws_subnet.new : subnet.id]
  route_table_ids          = [aws_route_table.new.id]
  security_group_ids       = [aws_security_group.new["more"].id]
  client_security_group_id = aws_security_group.new["clients"].id
  office_prefix_list_id    = aws_ec2_managed_prefix_list.office.id
}
"""


def test_makes_the_vpc_and_its_endpoints(bench: Bench) -> None:
    """One apply makes the VPC and, through the module, its endpoints; a second plan is empty."""
    caller = bench.folder / "caller"
    caller.mkdir()
    (caller / "main.tf").write_text(CALLER, encoding="utf-8")
    terraform, made = bench.within(Network(region="eu-west-1", vpc="old", subnets={}), caller)
    shutil.copytree(MODULES["inputs"], terraform.folder / "endpoints")
    terraform.must("init")
    terraform.must("apply", "-auto-approve")

    vpcs = made.client.describe_vpcs(Filters=[{"Name": "tag:Name", "Values": ["new"]}])["Vpcs"]
    found = made.client.describe_vpc_endpoints()["VpcEndpoints"]
    assert {each["VpcId"] for each in found} == {vpcs[0]["VpcId"]}
    assert sorted(each["VpcEndpointType"] for each in found) == ["Gateway", "Interface"]
    again = terraform.run("plan", "-detailed-exitcode")
    assert again.code == 0, again
