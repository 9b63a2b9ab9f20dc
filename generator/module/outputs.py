"""What the module gives to its caller, by endpoint."""

from __future__ import annotations

from collections.abc import Mapping

from generator.hcl.hcl import Block, Expression, Value
from generator.intent.endpoints import Endpoint
from generator.intent.intent import Intent
from generator.module.lookups import Lookups, filtered


def outputs(
    endpoints: tuple[Block, ...], groups: tuple[Block, ...], addresses: Mapping[str, Value]
) -> tuple[Block, ...]:
    """Return the `output` blocks; `addresses` are the private addresses by endpoint, where they were asked for."""
    made = tuple(block for block in groups if block.labels[0] == "aws_security_group")
    gateways = tuple(block for block in endpoints if block.arguments["vpc_endpoint_type"] == "Gateway")
    others = tuple(block for block in endpoints if block not in gateways)
    values = {
        "endpoint_ids": ("Endpoint ids by endpoint.", _each(endpoints, "id")),
        "endpoint_arns": ("Endpoint ARNs by endpoint.", _each(endpoints, "arn")),
        "dns_names": (
            "DNS names by endpoint, those of the endpoint itself first.",
            _each(others, "dns_entry[*].dns_name"),
        ),
        "dns_zone_ids": (
            "Ids of the hosted zones of dns_names, in the same order, for alias records.",
            _each(others, "dns_entry[*].hosted_zone_id"),
        ),
        "network_interface_ids": ("Network interface ids by endpoint.", _each(others, "network_interface_ids")),
        "private_ips": ("Private addresses by endpoint and subnet.", addresses),
        "prefix_list_ids": (
            "Prefix list ids by gateway endpoint, for the egress rules of its users.",
            _each(gateways, "prefix_list_id"),
        ),
        "security_group_ids": ("Ids of the security groups that the module makes.", _each(made, "id")),
    }
    return tuple(
        Block(type="output", labels=(name,), arguments={"description": description, "value": value})
        for name, (description, value) in values.items()
        if value
    )


def _each(blocks: tuple[Block, ...], attribute: str) -> Mapping[str, Value]:
    return {block.label: Expression(f"{block.address}.{attribute}") for block in blocks}


def private_addresses(intent: Intent, lookups: Lookups) -> Mapping[str, Value]:
    """Look up the network interface of each interface endpoint in each of its subnets, where the spec asks for them."""
    asked = intent.endpoints if intent.spec.private_ip_outputs else ()
    return {endpoint.key: _addresses(endpoint, lookups) for endpoint in asked if endpoint.type == "Interface"}


def _addresses(endpoint: Endpoint, lookups: Lookups) -> Value:
    by_subnet: dict[str, Value] = {}
    description = Expression(f'"VPC Endpoint Interface ${{aws_vpc_endpoint.{endpoint.key}.id}}"')
    for index, subnet in enumerate(endpoint.subnets):
        found = lookups.one("aws_subnet", subnet)  # no list: E215
        label = lookups.label("aws_network_interface", f"{endpoint.key}_{found.label}")
        filters = (filtered("subnet-id", found.value), filtered("description", description))
        address = lookups.add("aws_network_interface", label, {}, filters)
        lookups.overrides[address] = {"private_ip": f"10.0.{index}.10"}
        by_subnet[found.label] = Expression(f"{address}.private_ip")
    return by_subnet
