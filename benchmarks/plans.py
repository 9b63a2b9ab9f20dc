"""`terraform plan` of plain resources against the same endpoints through `for_each` over a map, in the emulated AWS."""

from __future__ import annotations

import shutil
import statistics
import time
from typing import TYPE_CHECKING

from tests.terraform import providers, runner
from tests.terraform.emulated_aws import emulated_aws
from tests.terraform.network import Network

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.terraform.runner import Terraform

_NETWORK = Network(
    region="eu-west-1",
    vpc="app",
    subnets={"private-a": "a", "private-b": "b"},
    route_tables={"private": ("private-a", "private-b")},
    security_groups=("endpoints",),
)
_FOR_EACH = """\
variable "endpoints" {
  type = any
}

locals {
  endpoints = { for name, endpoint in var.endpoints : name => endpoint if try(endpoint.create, true) }

  security_group_ids = [data.aws_security_group.this.id]
  subnet_ids         = [for subnet in data.aws_subnet.this : subnet.id]
}

data "aws_vpc_endpoint_service" "this" {
  for_each = { for name, each in local.endpoints : name => each if try(each.service_endpoint, null) == null }

  service      = try(each.value.service, null)
  service_name = try(each.value.service_name, null)

  filter {
    name   = "service-type"
    values = [try(each.value.service_type, "Interface")]
  }
}

data "aws_vpc" "this" {
  tags = { Name = "app" }
}

data "aws_subnet" "this" {
  for_each = toset(["private-a", "private-b"])
  vpc_id   = data.aws_vpc.this.id
  tags     = { Name = each.key }
}

data "aws_route_table" "this" {
  vpc_id = data.aws_vpc.this.id
  tags   = { Name = "private" }
}

data "aws_security_group" "this" {
  vpc_id = data.aws_vpc.this.id
  tags   = { Name = "endpoints" }
}

resource "aws_vpc_endpoint" "this" {
  for_each = local.endpoints

  vpc_id              = data.aws_vpc.this.id
  service_name        = try(each.value.service_endpoint, data.aws_vpc_endpoint_service.this[each.key].service_name)
  vpc_endpoint_type   = try(each.value.service_type, "Interface")
  auto_accept         = try(each.value.auto_accept, null)
  security_group_ids  = try(each.value.service_type, "Interface") == "Interface" ? local.security_group_ids : null
  subnet_ids          = try(each.value.service_type, "Interface") == "Interface" ? local.subnet_ids : null
  route_table_ids     = try(each.value.service_type, "Interface") == "Gateway" ? [data.aws_route_table.this.id] : null
  policy              = try(each.value.policy, null)
  private_dns_enabled = try(each.value.service_type, "Interface") == "Interface" ? each.value.private_dns : null
  tags                = merge({ Project = "app" }, { Name = each.key }, try(each.value.tags, {}))

  timeouts {
    create = try(each.value.timeouts.create, null)
    delete = try(each.value.timeouts.delete, null)
  }
}

output "endpoints" {
  value = aws_vpc_endpoint.this
}
"""


def ratio(count: int, module: Path, scratch: Path, *, runs: int, looked_up: bool) -> float:
    """Return the time of a plan of `module`, of `count` endpoints, over that of the same through `for_each`.

    `looked_up`: the map has the services' short names, as the modules in use take them, and asks AWS for each full one.
    Takes the oldest provider, which starts soonest, so that the time is Terraform's. Raises RuntimeError where there is
    no Terraform or no provider.
    """
    command = runner.found()
    releases = [each for each in providers.found() if each.serves(">= 3.39")]
    if not command or not releases:
        message = "no Terraform, or no AWS provider, on this machine"
        raise RuntimeError(message)
    mapped = _mapped(count, module, scratch / "for-each", looked_up=looked_up)
    with emulated_aws() as aws:
        made = _NETWORK.make(aws)
        plans: list[Terraform] = []
        for name, source in (("plain", module), ("mapped", mapped)):
            made.put(source, scratch / name)
            plans.append(runner.terraform(command, scratch / name, releases[0].mirror(), scratch / f"{name}.rc"))
            plans[-1].must("init")
        taken = [[_seconds(plan) for plan in plans] for _ in range(runs)]
    return statistics.median(each[0] for each in taken) / statistics.median(each[1] for each in taken)


def _mapped(count: int, module: Path, folder: Path, *, looked_up: bool) -> Path:
    """Write a root that gives the endpoints as a map to a child module, and return its folder."""
    (folder / "endpoints").mkdir(parents=True)
    (folder / "endpoints" / "main.tf").write_text(_FOR_EACH, encoding="utf-8")
    shutil.copy(module / "versions.tf", folder)
    entries = "".join(_entries(count, looked_up=looked_up))
    call = f'module "endpoints" {{\n  source = "./endpoints"\n  endpoints = {{\n{entries}  }}\n}}\n'
    (folder / "main.tf").write_text(call, encoding="utf-8")
    return folder


def _entries(count: int, *, looked_up: bool) -> Iterator[str]:
    for each in range(count):
        service, rest = ("s3", 'service_type = "Gateway"') if each % 8 == 0 else ("sqs", "private_dns = false")
        name = f'service = "{service}"' if looked_up else f'service_endpoint = "com.amazonaws.eu-west-1.{service}"'
        yield f'    e{each} = {{ {name}, {rest}, tags = {{ Name = "endpoint-{each}" }} }}\n'


def _seconds(terraform: Terraform) -> float:
    start = time.perf_counter()
    terraform.must("plan", "-refresh=false", "-input=false", timeout=600)
    return time.perf_counter() - start
