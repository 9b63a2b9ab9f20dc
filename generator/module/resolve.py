"""From a spec to the module that it means: everything decided, and nothing written."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from generator.hcl.hcl import Block, Call, Expression, Value, literal
from generator.intent import policies
from generator.intent.endpoints import ARGUMENTS, Endpoint, taken_by
from generator.module import guards, outputs
from generator.module import lookups as found_by
from generator.module import own_tests as module_tests
from generator.module.lookups import Found, Lookups
from generator.module.module import Module
from generator.module.routes import route_tables
from generator.module.security_groups import SecurityGroups
from generator.rules.provider import version
from generator.spec.scalars import Model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.intent.intent import Intent


_SINGLE_RULES = (4, 56, 0)  # aws_vpc_security_group_ingress_rule: provider pull request 29484
_WIRED = {*ARGUMENTS, "service_name", "name", "tags", "policy", "private_dns_enabled", "subnet_configuration"}
"""The fields whose arguments are made here; the others are passed on."""


def resolve(intent: Intent) -> Module:
    """Return the module that a spec means; `intent` is one in which the rules found no error."""
    return _Resolver(intent).module()


class _Resolver:
    """Resolves one spec; collects what it looks up."""

    def __init__(self, intent: Intent) -> None:
        self.intent = intent
        self.spec = intent.spec
        self.lookups = Lookups(intent.spec.vpc)
        single_rules = version(intent.spec.aws_provider) >= _SINGLE_RULES
        self.groups = SecurityGroups(intent, self.lookups, single_rules=single_rules)
        self.expected: dict[str, dict[str, Value]] = {}

    def module(self) -> Module:
        """Return the module."""
        endpoints = self.intent.endpoints
        blocks = _after_gateways(tuple(self.endpoint(endpoint) for endpoint in endpoints))
        groups = self.groups.blocks()
        guards.vpc_dns(self.lookups, blocks)
        guards.region(self.spec, self.lookups, blocks)
        addresses = outputs.private_addresses(self.intent, self.lookups)
        return Module(
            name=self.spec.name,
            source=_name_in_comments(self.intent.source.file),
            aws_provider=self.spec.aws_provider,
            region=self.spec.region,
            endpoints=blocks,
            lookups=tuple(sorted(self.lookups.blocks.values(), key=_lookup_order)),
            security_groups=groups,
            variables=found_by.inputs(self.lookups),
            outputs=outputs.outputs(blocks, groups, addresses),
            ignored=self.spec.ignore or {},
            bundles={endpoint.key: endpoint.bundles for endpoint in endpoints if endpoint.bundles},
            tests=module_tests.blocks(self.spec, blocks, self.lookups, self.groups.mocks, self.expected),
        )

    def endpoint(self, endpoint: Endpoint) -> Block:
        """Return the resource of one endpoint."""
        arguments: dict[str, Value] = {"vpc_id": self.lookups.vpc_id}
        if endpoint.service_name is not None:
            arguments["service_name"] = endpoint.service_name.value
        arguments["vpc_endpoint_type"] = endpoint.type
        blocks: list[Block] = []
        for name, value in self._passed_on(endpoint):
            if isinstance(value, dict):
                blocks.append(Block(type=name, arguments=value))
            else:
                arguments[name] = value
        arguments |= self._wiring(endpoint, blocks)
        tags = {**({"Name": endpoint.name} if endpoint.name else {}), **(endpoint.stated.get("tags") or {})}
        arguments["tags"] = tags
        return Block(
            type="resource",
            labels=("aws_vpc_endpoint", endpoint.key),
            arguments=arguments,
            blocks=tuple(blocks),
            comment=endpoint.provenance,
        )

    def _passed_on(self, endpoint: Endpoint) -> Iterator[tuple[str, Value | dict[str, Value]]]:
        """Yield the fields that are the provider's arguments as they stand; a model of several is a nested block."""
        for name, value in endpoint.stated.items():
            if name not in _WIRED and value is not None:
                is_block = isinstance(value, Model)
                yield name, {key: _value(item) for key, item in value.stated().items()} if is_block else _value(value)
        if "private_dns_enabled" in taken_by(endpoint.type):
            yield "private_dns_enabled", endpoint.has_private_dns

    def _wiring(self, endpoint: Endpoint, blocks: list[Block]) -> dict[str, Value]:
        """Return the arguments that are made of references, and note what they come to in the module's own tests."""
        subnets = self._subnets(endpoint)
        found: dict[str, tuple[Found, ...]] = {}
        if "subnets" in taken_by(endpoint.type):
            found["subnets"] = subnets
        if "security_groups" in endpoint.stated:
            found["security_groups"] = self.groups.found(endpoint.security_groups)
        if "route_tables" in endpoint.stated:
            found["route_tables"] = route_tables(endpoint.route_tables, spec=self.spec, lookups=self.lookups)
        arguments: dict[str, Value] = {ARGUMENTS[field]: found_by.joined(things) for field, things in found.items()}
        self.expected[endpoint.key] = {ARGUMENTS[field]: found_by.mocks(things) for field, things in found.items()}
        if endpoint.key in self.intent.policies.documents:
            arguments["policy"] = Call("jsonencode", (policies.value(self.intent.policies.documents[endpoint.key]),))
        blocks += self._addresses(endpoint)
        blocks += guards.one_subnet_a_zone(endpoint, subnets, self.lookups)
        return arguments

    def _subnets(self, endpoint: Endpoint) -> tuple[Found, ...]:
        return tuple(self.lookups.several("aws_subnet", subnet) for subnet in endpoint.subnets)

    def _addresses(self, endpoint: Endpoint) -> Iterator[Block]:
        """Yield a block for each fixed address."""
        for fixed in endpoint.fixed_addresses:
            subnet = self.lookups.one("aws_subnet", fixed.subnet)
            addresses = {name: getattr(fixed, name) for name in ("ipv4", "ipv6") if getattr(fixed, name)}
            yield Block(type="subnet_configuration", arguments={"subnet_id": subnet.value, **addresses})


def _value(stated: Any) -> Value:
    return tuple(stated) if isinstance(stated, list) else stated


def _after_gateways(endpoints: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the endpoints, those that AWS makes only beside a gateway of their service made after it, and gone before.

    Private DNS of Amazon S3 is for inbound Resolver endpoints alone, unless the endpoint says otherwise.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html
    """
    gateways = {
        literal(block.arguments["service_name"]): Expression(block.address)
        for block in endpoints
        if block.arguments["vpc_endpoint_type"] == "Gateway"
    }
    return tuple(
        replace(block, arguments={**block.arguments, "depends_on": (gateways[name],)})
        if (name := literal(block.arguments.get("service_name"))) in gateways and _is_beside_gateway(block)
        else block
        for block in endpoints
    )


def _is_beside_gateway(block: Block) -> bool:
    option = "private_dns_only_for_inbound_resolver_endpoint"
    stated = [options.arguments[option] for options in block.nested("dns_options") if option in options.arguments]
    return bool(block.arguments.get("private_dns_enabled")) and stated != [False]


def _name_in_comments(file: str) -> str:
    """Return the spec's file name, the same from whichever folder it was read, without what could end a comment."""
    return re.sub(r"[^\w./ @+=,-]|--+", "_", PurePath(file).name)


_ORDER = ("aws_region", "aws_vpc", "aws_subnets", "aws_subnet", "aws_route_table", "aws_route_tables")


def _lookup_order(block: Block) -> int:
    """Return where a lookup stands in its file: the Region, the VPC, what is in it, and what is made of that."""
    if not block.labels:
        return len(_ORDER)
    kind = block.labels[0]
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER) + 1 + (kind == "aws_network_interface")
