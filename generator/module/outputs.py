"""What the module gives to its caller, by endpoint."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from generator.hcl.hcl import Block, Expression, Value
from generator.intent.endpoints import Endpoint
from generator.intent.intent import Intent
from generator.module.lookups import Lookups


def outputs(
    endpoints: tuple[Block, ...], groups: tuple[Block, ...], addresses: Mapping[str, Value]
) -> tuple[Block, ...]:
    """Return the `output` blocks; `addresses` are the private addresses by endpoint, where they were asked for."""
    made = {
        block.label: Expression(f"{'.'.join(block.labels)}.id")
        for block in groups
        if block.labels[0] == "aws_security_group"
    }
    gateways = tuple(block for block in endpoints if block.arguments["vpc_endpoint_type"] == "Gateway")
    interfaces = tuple(block for block in endpoints if block not in gateways)
    values: dict[str, tuple[str, Mapping[str, Value]]] = {
        "endpoint_ids": ("Endpoint ids by endpoint.", _each(endpoints, lambda name: f"{name}.id")),
        "endpoint_arns": ("Endpoint ARNs by endpoint.", _each(endpoints, lambda name: f"{name}.arn")),
        "dns_names": (
            "DNS names by endpoint, those of the endpoint itself first.",
            _each(interfaces, lambda name: f"{name}.dns_entry[*].dns_name"),
        ),
        "network_interface_ids": (
            "Network interface ids by endpoint.",
            _each(interfaces, lambda name: f"{name}.network_interface_ids"),
        ),
        "private_ips": ("Private addresses by endpoint and subnet.", addresses),
        "prefix_list_ids": (
            "Prefix list ids by gateway endpoint, for the egress rules of its users.",
            _each(gateways, lambda name: f"{name}.prefix_list_id"),
        ),
        "security_group_ids": ("Ids of the security groups that the module makes.", made),
    }
    return tuple(
        Block(type="output", labels=(name,), arguments={"description": description, "value": value})
        for name, (description, value) in values.items()
        if value
    )


def _each(endpoints: tuple[Block, ...], attribute: Callable[[str], str]) -> Mapping[str, Value]:
    return {block.label: Expression(attribute(block.address)) for block in endpoints}


def private_addresses(intent: Intent, lookups: Lookups) -> Mapping[str, Value]:
    """Look up the network interface of each interface endpoint in each of its subnets, where the spec asks for them."""
    if not intent.spec.private_ip_outputs:
        return {}
    interfaces = (endpoint for endpoint in intent.endpoints if endpoint.type == "Interface")
    return {endpoint.key: _addresses(endpoint, lookups) for endpoint in interfaces}


def _addresses(endpoint: Endpoint, lookups: Lookups) -> Value:
    by_subnet: dict[str, Value] = {}
    for index, subnet in enumerate(endpoint.subnets):
        found = lookups.one("aws_subnet", subnet)  # no list: E215
        name = f"{endpoint.key}_{found.lookup.rpartition('.')[2]}"
        label = lookups.label("aws_network_interface", name)
        description = Expression(f'"VPC Endpoint Interface ${{aws_vpc_endpoint.{endpoint.key}.id}}"')
        filters = (
            Block(type="filter", arguments={"name": "subnet-id", "values": (found.value,)}),
            Block(type="filter", arguments={"name": "description", "values": (description,)}),
        )
        address = lookups.add(
            Block(type="data", labels=("aws_network_interface", label), blocks=filters),
            {"private_ip": f"10.0.{index}.10"},
        )
        by_subnet[found.lookup.rpartition(".")[2]] = Expression(f"{address}.private_ip")
    return by_subnet
