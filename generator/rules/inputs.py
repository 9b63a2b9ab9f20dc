"""What a spec asks of its module's inputs, whose ids only the caller of the module knows."""

from __future__ import annotations

from collections.abc import Iterator

from generator.catalog.wildcards import escaped, is_for_others
from generator.hcl.hcl import KEYWORDS
from generator.intent import policies
from generator.intent.endpoints import Endpoint
from generator.intent.intent import Intent, Path
from generator.rules.rule import Findings, endpoint_rule, rule
from generator.source.diagnostics import Place
from generator.spec import references as refs

_RESERVED = KEYWORDS | {
    *("source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"),
    *("vpc_cidr_blocks", "vpc_ipv6_cidr_blocks", "subnet_cidr_blocks", "subnet_ipv6_cidr_blocks"),
}
"""The last four are inputs that modules have for what they may be unable to look up."""
_NOUN = {"subnets": "subnet", "route_tables": "route table", "security_groups": "security group"}


@rule("E207")
def variable_twice(intent: Intent) -> Findings:
    """One module input for two kinds of thing."""
    first: dict[str, str] = {}
    for name, given, where in _inputs(intent):
        if first.setdefault(name, given) != given:
            yield where, f"{name} is {first[name]} elsewhere in this spec and {given} here"


@rule("E208")
def reserved_variable(intent: Intent) -> Findings:
    """A name that Terraform, or each module, has for something else."""
    for name, _, where in _inputs(intent):
        if name in _RESERVED or name.startswith("subnet_ids_of_"):
            yield where, f"{name} can't be the name of a module's input"


@rule("E209")
def subnets_unknown(intent: Intent) -> Findings:
    """Route tables or CIDR blocks of subnets that only the caller of the module knows."""
    given = [subnet.variable for subnet in intent.spec.subnets or () if isinstance(subnet, refs.ByInput)]
    for path, value in intent.in_use("route_tables"):
        for name in given if refs.OfSubnets() in value else ():
            yield path, f"the route tables of var.{name} can't be looked up"
    for created in intent.groups:
        for index, ingress in enumerate(created.group.ingress):
            for name in given if ingress.source == refs.VpcBlocks(of_subnets=True) else ():
                fix = "write `vpc: true`, or the blocks as `cidr_ipv4`"
                yield (*created.path, "ingress", index), f"the CIDR blocks of var.{name} can't be looked up", fix


@endpoint_rule("E215")
def no_addresses(intent: Intent, endpoint: Endpoint) -> Findings:
    """Addresses in subnets that only the caller of the module knows."""
    is_asked = intent.spec.private_ip_outputs and endpoint.type == "Interface"
    for index, subnet in enumerate(endpoint.subnets) if is_asked else ():
        if not refs.is_one(subnet):
            yield endpoint.at("subnets", index), f"{endpoint.key}: its network interfaces can't be looked up by subnet"


@rule("W256")
def wildcards(intent: Intent) -> Findings:
    """A name or a tag that AWS takes for a pattern."""
    for reference, _, path in _references(intent):
        match reference:
            case refs.ByName(name) | refs.OfSubnet(refs.ByName(name)):
                values = [name]
            case refs.ByTags(tags) | refs.OfSubnet(refs.ByTags(tags)):
                values = [*tags.values()]
            case _:
                continue
        for text in filter(is_for_others, values):
            quoted = escaped(text).replace("'", "''")
            fix = f"write the id; where the signs themselves are meant, '{quoted}', in single quotes"
            yield path, f"{text} is a pattern to AWS, and finds all that fits it", fix


def _inputs(intent: Intent) -> Iterator[tuple[str, str, Path | Place]]:
    """Yield each use of an input: its name, what it gives, and where; references as the module looks them up."""
    for reference, given, path in _references(intent):
        match reference:
            case refs.ByInput(name):
                yield name, given, (*path, "variable")
            case refs.OfSubnet(refs.ByInput(name)):
                yield name, "the id of a subnet", (*path, "subnet", "variable")
    for parts in intent.policies.parts.values():
        for name, given, place in policies.inputs(parts):
            yield name, intent.policies.inputs[name] if given == policies.TEXT else given, place


def _references(intent: Intent) -> Iterator[tuple[refs.Reference | str | None, str, Path]]:
    """Yield what may be an input, or name a subnet by one: what it is, what it would give, and where."""
    yield intent.spec.vpc, "the id of a VPC", ("vpc",)
    yield intent.spec.region, "the name of a Region", ("region",)
    for endpoint in intent.endpoints:
        yield endpoint.own.get("service_name"), "the name of a service", endpoint.at("service_name")
    for field, noun in _NOUN.items():
        for path, value in intent.in_use(field):
            for index, reference in enumerate(value):
                yield reference, f"the ids of {noun}s", (*path, index)
    for path, value in intent.in_use("subnet_configuration"):
        for index, fixed in enumerate(value):
            yield fixed.subnet, "the id of a subnet", (*path, index, "subnet")
    for created in intent.groups:
        for index, ingress in enumerate(created.group.ingress):
            for field in ("security_group", "prefix_list"):
                given = f"the id of a {field.replace('_', ' ')}"
                yield getattr(ingress.source, field, None), given, (*created.path, "ingress", index, field)
