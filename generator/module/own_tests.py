"""The module's own tests: `terraform test` on a provider that is mocked, without credentials or network."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import replace

from generator.hcl.hcl import Block, Expression, Value, literal
from generator.intent.targets import ServiceName
from generator.module.inputs import ANY_REGION
from generator.module.lookups import Lookups
from generator.spec import Spec

_COMPARED = ("region", "service_name", "vpc_endpoint_type", "private_dns_enabled")
_VPC: Mapping[str, Value] = {
    "cidr_block": "10.0.0.0/16",
    "cidr_block_associations": (
        {"association_id": "vpc-cidr-assoc-0", "cidr_block": "10.0.0.0/16", "state": "associated"},
    ),
    "ipv6_cidr_block": "",
    "enable_dns_support": True,
    "enable_dns_hostnames": True,
}


def blocks(
    spec: Spec,
    endpoints: tuple[Block, ...],
    lookups: Lookups,
    groups: Mapping[str, str],
    expected: Mapping[str, Mapping[str, tuple[str, ...]]],
) -> tuple[Block, ...]:
    """Return the blocks of `tests/endpoints.tftest.hcl`.

    `groups` gives the created security groups by address, `expected` what the arguments of each endpoint that are made
    of references come to under the mocks.
    """
    overrides = tuple(_override("override_data", target, values) for target, values in _lookups(lookups))
    overrides += tuple(_override("override_resource", target, {"id": mock}) for target, mock in groups.items())
    provider = Block(type="mock_provider", labels=("aws",), blocks=overrides)
    variables = (Block(type="variables", arguments=lookups.variable_mocks),) if lookups.variable_mocks else ()
    unknown: set[str] = set()
    command: dict[str, Value] = {}
    if any("prevent_destroy" in each.arguments for block in endpoints for each in block.blocks):
        # planned alone: `terraform test` could not destroy what it applies; the id of a new group is in no plan
        unknown, command = {*groups.values()}, {"command": Expression("plan")}
    runs = tuple(
        replace(_run(block, spec.known_region or ANY_REGION, expected[block.label], unknown), arguments=command)
        for block in endpoints
    )
    return (provider, *variables, *runs, *_refusals(lookups, {block.label for block in endpoints}))


def _lookups(lookups: Lookups) -> Iterator[tuple[str, Mapping[str, Value]]]:
    zones, has_blocks = 0, "local.subnets" in lookups.blocks
    for target, values in lookups.overrides.items():
        if target.startswith("data.aws_subnet."):
            zones += 1
            blocks = {"cidr_block": f"10.0.{zones}.0/24", "ipv6_cidr_block": ""} if has_blocks else {}
            yield target, {**values, **blocks, "vpc_id": lookups.vpc.mock[0], "availability_zone_id": f"az{zones}"}
        else:
            yield target, {**values, **(_VPC if target == lookups.vpc.lookup else {})}


def _override(block_type: str, target: str, values: Mapping[str, Value]) -> Block:
    return Block(type=block_type, arguments={"target": Expression(target), "values": values})


def _run(endpoint: Block, region: str, expected: Mapping[str, tuple[str, ...]], unknown: set[str]) -> Block:
    """Return the test of one endpoint: that its arguments come to what the spec says; not of ids that are unknown."""
    said = {name: endpoint.arguments[name] for name in _COMPARED if name in endpoint.arguments}
    if "service_name" in said:
        name = ServiceName.of_value(said["service_name"])
        said["service_name"] = name.value if name.variable else name.in_region(region)
    texts = {name: literal(value) for name, value in said.items()}
    texts |= {name: f"toset({json.dumps(ids)})" for name, ids in expected.items() if not unknown & {*ids}}
    asserts = [_assert(f"{endpoint.address}.{name} == {text}", name) for name, text in texts.items()]
    tags = endpoint.arguments["tags"]
    if isinstance(tags, Mapping) and "Name" in tags:
        asserts.append(_assert(f'{endpoint.address}.tags["Name"] == {literal(tags["Name"])}', "the Name tag"))
    return Block(type="run", labels=(endpoint.label,), blocks=tuple(asserts))


def _assert(condition: str, name: str) -> Block:
    message = f"{name} is not what the spec says"
    return Block(type="assert", arguments={"condition": Expression(condition), "error_message": message})


def _refusals(lookups: Lookups, taken: Container[str]) -> Iterator[Block]:
    """Yield the tests that the guards of the lookups refuse what they are there for, under names that are not taken."""
    no_dns: Mapping[str, Value] = {"id": lookups.vpc.mock[0], **_VPC, "enable_dns_hostnames": False}
    for name, target, values in (
        ("refuses_another_partition", "data.aws_partition.current", {"partition": "no-such-partition"}),
        ("refuses_another_region", "data.aws_region.current", {"endpoint": "ec2.no-such-region-1.amazonaws.com"}),
        ("refuses_a_vpc_without_dns", lookups.vpc.lookup, no_dns),
    ):
        if target in lookups.blocks and lookups.blocks[target].blocks:
            yield Block(
                type="run",
                labels=(_free(name, taken),),
                arguments={"command": Expression("plan"), "expect_failures": (Expression(target),)},
                blocks=(_override("override_data", target, values),),
            )


def _free(name: str, taken: Container[str]) -> str:
    """Return a name that no endpoint has: each endpoint has a run of its own."""
    return name if name not in taken else _free(f"{name}_", taken)
