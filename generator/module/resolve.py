"""From a spec to the module that it means: everything decided, and nothing written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property, partial
from itertools import chain, pairwise
from pathlib import PurePath
from typing import Any

from generator.hcl.hcl import Block, Call, Expression, Value
from generator.intent import policies
from generator.intent.endpoints import ARGUMENTS, Endpoint, taken_by
from generator.intent.intent import Intent
from generator.intent.targets import ServiceName
from generator.module import guards, outputs, own_tests, region
from generator.module.lookups import Found, Lookups, concat, mocks
from generator.module.module import Module
from generator.module.routes import route_table
from generator.module.security_groups import SecurityGroups
from generator.source.source import Source
from generator.spec.scalars import Model

_WIRED = {*ARGUMENTS, "region", "service_name", "name", "tags", "policy", "private_dns_enabled", "subnet_configuration"}
_WIRED |= {"was", "protect"}  # in `moved` and in `lifecycle`
"""The fields whose arguments are made here; the others are passed on."""


def resolve(intent: Intent) -> Module:
    """Return the module that a spec means; `intent` is one in which the rules found no error."""
    module = _Resolver(intent).module()
    return _emptied(module) if intent.source.is_retired else module


def _emptied(module: Module) -> Module:
    """Return a module that makes and looks up nothing: its callers still give it its inputs, and read its outputs."""
    outputs = tuple(replace(each, arguments={**each.arguments, "value": {}}) for each in module.outputs)
    nothing: Any = {"endpoints": (), "lookups": (), "security_groups": (), "moved": (), "tests": (), "bundles": {}}
    return replace(module, is_retired=True, outputs=outputs, **nothing)


class _Resolver:
    """Resolves one spec; collects what it looks up."""

    def __init__(self, intent: Intent) -> None:
        self.intent = intent
        self.spec = intent.spec
        self.lookups = Lookups(intent.spec.vpc, guards.vpc_dns(intent.endpoints))
        self.groups = SecurityGroups(intent, self.lookups)

    def module(self) -> Module:
        resolved = [(endpoint, self._found(endpoint), self._inside(endpoint)) for endpoint in self.intent.endpoints]
        managed = partial(region.managed, region=self.spec.managed_region)
        blocks = managed(self._block(*each) for each in resolved)
        groups = managed(self.groups.blocks())
        region.look_up(self.intent, self.lookups)
        addresses = outputs.private_addresses(self.intent, self.lookups)
        expected = {
            endpoint.key: {ARGUMENTS[field]: mocks(things) for field, things in found.items()}
            for endpoint, found, _ in resolved
        }
        return Module(
            name=self.spec.name,
            source=_name_in_comments(self.intent.source),
            aws_provider=self.spec.aws_provider,
            region=self.spec.known_region,
            endpoints=blocks,
            lookups=managed(sorted(self.lookups.blocks.values(), key=_lookup_order)),
            security_groups=groups,
            moved=tuple(self._moved()),
            variables=tuple(self.lookups.variables.values()),
            outputs=outputs.outputs(blocks, groups, addresses),
            has_diagram=self.spec.readme_diagram,
            ignored=self.spec.ignore or {},
            bundles={endpoint.key: endpoint.bundles for endpoint in self.intent.endpoints if endpoint.bundles},
            tests=own_tests.blocks(self.spec, blocks, self.lookups, self.groups.mocks, expected),
        )

    def _moved(self) -> Iterator[Block]:
        """Yield where endpoints were by the keys before, from each to the next, and where groups and rules were."""
        of_endpoints = (
            pairwise(f"aws_vpc_endpoint.{key}" for key in (*each.own.get("was", ()), each.key))
            for each in self.intent.endpoints
        )
        for before, now in (*chain.from_iterable(of_endpoints), *self.groups.moved().items()):
            yield Block(type="moved", arguments={"from": Expression(before), "to": Expression(now)})

    def _found(self, endpoint: Endpoint) -> dict[str, tuple[Found, ...]]:
        """Return what the references of an endpoint come to, by field."""
        found: dict[str, tuple[Found, ...]] = {}
        if "subnets" in taken_by(endpoint.type):
            found["subnets"] = tuple(self.lookups.several("aws_subnet", subnet) for subnet in endpoint.subnets)
        if "security_groups" in endpoint.stated:
            found["security_groups"] = tuple(map(self.groups.found, endpoint.security_groups))
        if "route_tables" in endpoint.stated:
            found["route_tables"] = tuple(
                route_table(each, self.spec.subnets or (), self.lookups, position=index)
                for index, each in enumerate(endpoint.route_tables)
            )
        return found

    def _inside(self, endpoint: Endpoint) -> tuple[Block, ...]:
        """Return the blocks inside an endpoint that are made of its subnets."""
        addresses = (
            {"subnet_id": self.lookups.one("aws_subnet", fixed.subnet).value}
            | {name: text for name, text in fixed.stated().items() if name != "subnet"}
            for fixed in endpoint.fixed_addresses
        )
        return tuple(Block(type="subnet_configuration", arguments=each) for each in addresses)

    def _made_before(self, endpoint: Endpoint) -> tuple[Value, ...]:
        """Return what is made before an endpoint, and gone after it: the gateway that it is beside, its groups' rules.

        Private DNS of Amazon S3 is for inbound Resolver endpoints alone, beside a gateway, unless the endpoint says
        otherwise. https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html
        """
        is_for_all = endpoint.dns_option("private_dns_only_for_inbound_resolver_endpoint") is False
        gateway = self._gateways.get(endpoint.service_name) if endpoint.has_private_dns and not is_for_all else None
        return (*((gateway,) if gateway else ()), *self.groups.rules_of(endpoint.security_groups))

    @cached_property
    def _gateways(self) -> Mapping[ServiceName | None, Expression]:
        """The gateways by their services."""
        gateways = (each for each in self.intent.endpoints if each.type == "Gateway")
        return {each.service_name: Expression(f"aws_vpc_endpoint.{each.key}") for each in gateways}

    def _lifecycle(self, endpoint: Endpoint, arguments: Mapping[str, Value]) -> tuple[Block, ...]:
        """Return in which order an endpoint is replaced, what of it is kept, and what must hold of it.

        Routes point at a Gateway Load Balancer endpoint, and AWS keeps it for them; a gateway goes after the interface
        that is for it. No other may be made first: AWS refuses a second private name while the first stands.
        """
        another = (
            f"Endpoint {endpoint.key} is {{}} than this module is for, and AWS can't change that. Give it a new key."
        )
        messages = {"vpc_id": another.format("in another VPC"), "service_name": another.format("for another service")}
        return guards.lifecycle(
            *((guards.PROTECTED,) if endpoint.is_protected else ()),
            *((guards.MADE_FIRST,) if endpoint.type in {"Gateway", "GatewayLoadBalancer"} else ()),
            *guards.kept(arguments, messages),
            *guards.one_subnet_a_zone(endpoint, self.lookups),
        )

    def _block(self, endpoint: Endpoint, found: dict[str, tuple[Found, ...]], inside: tuple[Block, ...]) -> Block:
        arguments: dict[str, Value] = {"vpc_id": self.lookups.vpc.value}
        if endpoint.service_name is not None:
            arguments["service_name"] = endpoint.service_name.value
        arguments["vpc_endpoint_type"] = endpoint.type
        passed_on = {name: value for name, value in endpoint.stated.items() if name not in _WIRED and value is not None}
        arguments |= {name: _value(value) for name, value in passed_on.items() if not isinstance(value, Model)}
        if "private_dns_enabled" in taken_by(endpoint.type):
            arguments["private_dns_enabled"] = endpoint.has_private_dns
        for field, things in found.items():
            arguments[ARGUMENTS[field]] = concat((each.value, each.is_list) for each in things)
        if endpoint.key in self.intent.policies.documents:
            known = partial(self.lookups.of_policy, given=self.intent.policies.inputs)
            document = self.intent.policies.documents[endpoint.key]
            arguments["policy"] = Call("jsonencode", (policies.as_value(document, known),))
        arguments["tags"] = {**endpoint.tags}
        if others := self._made_before(endpoint):
            arguments["depends_on"] = others
        options = (
            Block(type=name, arguments={key: _value(item) for key, item in value.stated().items()})
            for name, value in passed_on.items()
            if isinstance(value, Model)
        )
        return Block(
            type="resource",
            labels=("aws_vpc_endpoint", endpoint.key),
            arguments={name: arguments[name] for name in sorted(arguments, key=_argument_order)},
            blocks=tuple(sorted((*options, *inside, *self._lifecycle(endpoint, arguments)), key=_block_order)),
            comment=endpoint.provenance,
        )


def _value(stated: Any) -> Value:
    return tuple(stated) if isinstance(stated, list) else stated


def _name_in_comments(source: Source) -> str:
    """Return the spec's file name, the same from whichever folder it was read, without what could end a comment.

    Of a target it is that of the spec that `show --resolved` prints: to make one file of many specs changes no module.
    """
    name = f"{source.row.key.replace('/', '-')}.yaml" if source.row else PurePath(source.file).name
    return re.sub(r"[^\w./ @+=,-]|--+", "_", name)


_FIRST = (
    *("region", "vpc_id", "service_name", "service_region", "resource_configuration_arn", "service_network_arn"),
    *("vpc_endpoint_type", "auto_accept", "ip_address_type", "private_dns_enabled"),
)
"""The arguments of an endpoint with which a reader begins; any other follows, and then what is made of references."""
_LAST_BLOCKS = ("subnet_configuration", "timeouts", "lifecycle")


def _argument_order(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST) + (name == "depends_on")


def _block_order(block: Block) -> int:
    return _LAST_BLOCKS.index(block.type) if block.type in _LAST_BLOCKS else -1


_ORDER = (
    *("aws_partition", "aws_region", "aws_vpc", "aws_subnets", "aws_subnet", "aws_route_table", "aws_route_tables"),
    "locals",
)


def _lookup_order(block: Block) -> int:
    """Return the position of a lookup in its file: the Region, the VPC, what is in it, and what is made of that."""
    kind = (*block.labels, block.type)[0]
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER) + (kind == "aws_network_interface")
