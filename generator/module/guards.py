"""What can only be known when Terraform plans is guarded there, with a message that says what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from generator.hcl.hcl import Block, Expression, Value, literal
from generator.intent.endpoints import Endpoint
from generator.module.lookups import Found, Lookups, concat, guard

_LOOKED_UP = re.compile(r"\b(data|local|each\.value)\.")
MADE_FIRST = Block(type="lifecycle", arguments={"create_before_destroy": True})
"""Terraform makes the new one first, lets its users go over, and then destroys the old one."""
PROTECTED = Block(type="lifecycle", arguments={"prevent_destroy": True})
"""Terraform refuses a plan that would destroy the object. https://github.com/hashicorp/terraform/issues/3874"""


def lifecycle(*parts: Block) -> tuple[Block, ...]:
    """Return the one `lifecycle` that a block may have, made of several: what it sets, then what must hold."""
    arguments = {name: value for part in parts for name, value in part.arguments.items()}
    conditions = sorted((each for part in parts for each in part.blocks), key=lambda each: each.type, reverse=True)
    return (Block(type="lifecycle", arguments=arguments, blocks=tuple(conditions)),) if parts else ()


def kept(arguments: Mapping[str, Value], messages: Mapping[str, str]) -> Iterator[Block]:
    """Yield what keeps arguments that would replace the object, where they are looked up; `messages` go by argument.

    Terraform puts lookups off behind a `depends_on`, and what is unknown in a plan counts as a change. So a change is
    ignored, and what is ignored is guarded. https://github.com/hashicorp/terraform/issues/26383
    """
    looked_up = {name: text for name in messages if _LOOKED_UP.search(text := literal(arguments.get(name)))}
    if not looked_up:
        return
    yield Block(type="lifecycle", arguments={"ignore_changes": tuple(map(Expression, looked_up))})
    for name, text in looked_up.items():
        is_list = name.endswith("s")
        yield guard(f"sort(self.{name}) == sort({text})" if is_list else f"self.{name} == {text}", messages[name])


def ignoring(names: Iterable[str]) -> Iterator[Block]:
    """Yield what keeps ports of -1 out of plans: imported, the provider has null for them, and would change that.

    So Terraform leaves what somebody changes there in place, of all types to one or of all codes to one.

    https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/vpc_security_group_ingress_rule.go
    ("If planned from_port or to_port are null and values of -1 are returned, propagate null", read 2026-11-28)
    """
    if found := tuple(map(Expression, names)):
        yield Block(type="lifecycle", arguments={"ignore_changes": found})


def vpc_dns(endpoints: Iterable[Endpoint]) -> tuple[Block, ...]:
    """Return the guard of the VPC's lookup on its DNS attributes, where an endpoint has private DNS.

    https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html#interface-endpoint-prerequisites
    """
    message = (
        '"Private DNS needs enableDnsSupport and enableDnsHostnames, and VPC ${self.id} lacks one of them. '
        'Turn both on (aws ec2 modify-vpc-attribute), or set private_dns_enabled: false."'
    )
    if not any(endpoint.has_private_dns for endpoint in endpoints):
        return ()
    return (guard("self.enable_dns_support && self.enable_dns_hostnames", Expression(message)),)


def one_subnet_a_zone(endpoint: Endpoint, lookups: Lookups) -> Iterator[Block]:
    """Yield the guard against two subnets in one Availability Zone, of which AWS takes one an endpoint.

    The subnets that a module input gives may be unknown at plan and are left out; AWS refuses them at apply.
    https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
    """
    known = [found for each in endpoint.subnets if (found := lookups.several("aws_subnet", each)).lookup]
    if len(known) <= 1 and not any(found.is_list for found in known):
        return
    name = f"zone_ids_of_{endpoint.key}" if "subnets" in endpoint.own else "zone_ids"
    comment = "The Availability Zones of the subnets, of which an endpoint takes one each."
    zones = lookups.local(name, concat(map(_zone, known)), comment).text
    message = (
        f"Two subnets of endpoint {endpoint.key} are in one Availability Zone. AWS takes one subnet a zone "
        "(DuplicateSubnetsInSameZone): keep one of them."
    )
    yield guard(f"length(distinct({zones})) == length({zones})", message, "precondition")


def _zone(subnet: Found) -> tuple[Value, bool]:
    """Return the zone id of a subnet, or (True) those of several."""
    text = "[for subnet in {} : subnet.availability_zone_id]" if subnet.is_list else "{}.availability_zone_id"
    return Expression(text.format(subnet.lookup)), subnet.is_list
