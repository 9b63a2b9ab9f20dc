"""What a spec asks of its module's inputs, whose ids only the caller of the module knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from generator.hcl.hcl import KEYWORDS
from generator.intent.endpoints import Endpoint
from generator.intent.intent import Intent, Path
from generator.rules.rule import Findings, endpoint_rule, rule
from generator.spec.references import (
    BlocksOf,
    ById,
    ByInput,
    ByName,
    ByTags,
    Create,
    Default,
    Main,
    MembersOf,
    OfSubnet,
    OfSubnets,
    Reference,
    is_one,
)

_RESERVED = (
    frozenset({"source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"})
    | {"vpc_cidr_blocks", "vpc_ipv6_cidr_blocks"}  # which modules have for what they may be unable to look up
    | KEYWORDS
)
_NOUN = {"subnets": "subnet", "route_tables": "route table", "security_groups": "security group"}
Use = tuple[str, bool]
"""What an input gives: the kind of thing, and whether it is a list of them."""


@rule("E207")
def variable_twice(intent: Intent) -> Findings:
    """One module input for two kinds of thing."""
    first: dict[str, Use] = {}
    for reference, use, path in _inputs(intent):
        if first.setdefault(name := reference.variable, use) != use:
            message = f"{name} is {_described(first[name])} elsewhere in this spec and {_described(use)} here"
            yield (*path, "variable"), message


@rule("E208")
def reserved_variable(intent: Intent) -> Findings:
    """A name that Terraform, or each module, has for something else."""
    for reference, _, path in _inputs(intent):
        if reference.variable in _RESERVED or reference.variable.startswith("subnet_ids_of_"):
            yield (*path, "variable"), f"{reference.variable} can't be the name of a module's input"


@rule("E209")
def subnets_unknown(intent: Intent) -> Findings:
    """Route tables of subnets that only the caller of the module knows."""
    for path, value in intent.in_use("route_tables"):
        for subnet in (intent.spec.subnets or ()) if OfSubnets() in value else ():
            if isinstance(subnet, ByInput):
                yield path, f"the route tables of var.{subnet.variable} can't be looked up"


@endpoint_rule("E215")
def no_addresses(intent: Intent, endpoint: Endpoint) -> Findings:
    """Addresses in subnets that only the caller of the module knows."""
    if not intent.spec.private_ip_outputs or endpoint.type != "Interface":
        return
    for index, subnet in enumerate(endpoint.subnets):
        if not is_one(subnet):
            yield endpoint.at("subnets", index), f"{endpoint.key}: its network interfaces can't be looked up by subnet"


def _inputs(intent: Intent) -> Iterator[tuple[ByInput, Use, Path]]:
    """Yield each reference that names an input, in the order in which the module looks them up."""
    for reference, use, path in _references(intent):
        match reference:
            case ByInput():
                yield reference, use, path
            case OfSubnet(ByInput() as subnet):
                yield subnet, ("subnet", False), (*path, "subnet")
            case ById() | ByName() | ByTags() | Main() | OfSubnet() | OfSubnets() | Default() | Create():
                pass
            case _:
                assert_never(reference)


def _references(intent: Intent) -> Iterator[tuple[Reference, Use, Path]]:
    yield intent.spec.vpc, ("VPC", False), ("vpc",)
    for field, noun in _NOUN.items():
        for path, value in intent.in_use(field):
            for index, reference in enumerate(value):
                yield reference, (noun, True), (*path, index)
    for path, value in intent.in_use("subnet_configuration"):
        for index, fixed in enumerate(value):
            yield fixed.subnet, ("subnet", False), (*path, index, "subnet")
    for created in intent.groups:
        for index, ingress in enumerate(created.group.ingress):
            path = (*created.path, "ingress", index)
            if isinstance(ingress.source, MembersOf):
                yield ingress.source.security_group, ("security group", False), (*path, "security_group")
            if isinstance(ingress.source, BlocksOf):
                yield ingress.source.prefix_list, ("prefix list", False), (*path, "prefix_list")


def _described(use: Use) -> str:
    return f"the ids of {use[0]}s" if use[1] else f"the id of a {use[0]}"
