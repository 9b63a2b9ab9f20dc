"""The module's own tests: `terraform test` on a provider that is mocked, without credentials or network."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping

from generator.hcl.hcl import Block, Expression, Value, literal
from generator.intent.targets import ServiceName
from generator.module.guards import ANY_REGION
from generator.module.lookups import Lookups
from generator.spec import Spec

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
    expected: Mapping[str, Mapping[str, Value]],
) -> tuple[Block, ...]:
    """Return the blocks of `tests/endpoints.tftest.hcl`.

    `groups` gives the created security groups by address, `expected` what the arguments of each endpoint that are made
    of references come to under the mocks.
    """
    overrides = tuple(_override("override_data", target, values) for target, values in _lookups(lookups))
    overrides += tuple(_override("override_resource", target, {"id": mock}) for target, mock in groups.items())
    provider = Block(type="mock_provider", labels=("aws",), blocks=overrides)
    variables = (Block(type="variables", arguments=lookups.variable_mocks),) if lookups.variable_mocks else ()
    runs = tuple(_run(block, spec.region or ANY_REGION, expected[block.label]) for block in endpoints)
    return (provider, *variables, *runs, *_refusals(lookups, {block.label for block in endpoints}))


def _lookups(lookups: Lookups) -> Iterator[tuple[str, Mapping[str, Value]]]:
    zones = 0
    for target, values in lookups.overrides.items():
        if target.startswith("data.aws_subnet."):
            zones += 1
            yield target, {**values, "vpc_id": lookups.vpc.mock[0], "availability_zone_id": f"az{zones}"}
        else:
            yield target, {**values, **(_VPC if target == lookups.vpc.lookup else {})}


def _override(block_type: str, target: str, values: Mapping[str, Value]) -> Block:
    return Block(type=block_type, arguments={"target": Expression(target), "values": values})


def _run(endpoint: Block, region: str, expected: Mapping[str, Value]) -> Block:
    """Return the test of one endpoint: that its arguments come to what the spec says."""
    address = ".".join(endpoint.labels)
    asserts = []
    for name in ("service_name", "vpc_endpoint_type", "private_dns_enabled"):
        if name in endpoint.arguments:
            value = endpoint.arguments[name]
            text = literal(ServiceName.of_value(value).in_region(region) if name == "service_name" else value)
            asserts.append(_assert(f"{address}.{name}", "==", text, name))
    for name, ids in expected.items():
        text = f"toset({json.dumps(list(ids) if isinstance(ids, tuple) else ids)})"
        asserts.append(_assert(f"{address}.{name}", "==", text, name))
    tags = endpoint.arguments["tags"]
    if isinstance(tags, dict) and "Name" in tags:
        asserts.append(_assert(f'{address}.tags["Name"]', "==", literal(tags["Name"]), "the Name tag"))
    return Block(type="run", labels=(endpoint.label,), blocks=tuple(asserts))


def _assert(left: str, operator: str, right: str, name: str) -> Block:
    arguments: dict[str, Value] = {
        "condition": Expression(f"{left} {operator} {right}"),
        "error_message": f"{name} is not what the spec says",
    }
    return Block(type="assert", arguments=arguments)


def _refusals(lookups: Lookups, taken: Container[str]) -> Iterator[Block]:
    """Yield the tests that the guards of the lookups refuse what they are there for, under names that are not taken."""
    region = lookups.blocks.get("data.aws_region.current")
    if region is not None and region.blocks:
        override = _override("override_data", "data.aws_region.current", {"id": "no-such-region-1"})
        yield _refusal(_free("refuses_another_region", taken), "data.aws_region.current", override)
    vpc = lookups.blocks[lookups.vpc.lookup]
    if vpc.blocks:
        values: Mapping[str, Value] = {"id": lookups.vpc.mock[0], **_VPC, "enable_dns_hostnames": False}
        override = _override("override_data", vpc.address, values)
        yield _refusal(_free("refuses_a_vpc_without_dns", taken), vpc.address, override)


def _free(name: str, taken: Container[str]) -> str:
    """Return a name that no endpoint has: each endpoint has a run of its own."""
    return name if name not in taken else _free(f"{name}_", taken)


def _refusal(name: str, target: str, override: Block) -> Block:
    arguments: dict[str, Value] = {"command": Expression("plan"), "expect_failures": (Expression(target),)}
    return Block(type="run", labels=(name,), arguments=arguments, blocks=(override,))
