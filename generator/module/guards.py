"""What can only be known when Terraform plans is guarded there, with a message that says what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.hcl.hcl import Block, Expression, Value
from generator.intent.endpoints import Endpoint
from generator.module.lookups import Found, Lookups, concat, postcondition
from generator.spec import Spec

ANY_REGION = "eu-central-1"
"""The provider's Region in the tests of a module that is for no Region of its own."""


def vpc_dns(endpoints: Iterable[Endpoint]) -> tuple[Block, ...]:
    """Return the guard of the VPC's lookup on its DNS attributes, where an endpoint has private DNS.

    https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html#interface-endpoint-prerequisites
    """
    message = (
        '"Private DNS needs enableDnsSupport and enableDnsHostnames, and VPC ${self.id} lacks one of them. '
        'Turn both on (aws ec2 modify-vpc-attribute), or set private_dns_enabled: false."'
    )
    guard = postcondition("self.enable_dns_support && self.enable_dns_hostnames", Expression(message))
    return (guard,) if any(endpoint.has_private_dns for endpoint in endpoints) else ()


def region(spec: Spec, lookups: Lookups, endpoints: Iterable[Block]) -> None:
    """Look up the provider's Region: to insist on the spec's, or to build service names from it."""
    guard: tuple[Block, ...] = ()
    if spec.region is not None:
        message = (
            f'"This module is for {spec.region}, and the provider is configured for ${{self.id}}. '
            f'Configure the provider with region {spec.region}, or render a spec for ${{self.id}}."'
        )
        guard = (postcondition(f'self.id == "{spec.region}"', Expression(message)),)
    elif not any(isinstance(block.arguments.get("service_name"), Expression) for block in endpoints):
        return
    lookups.add(Block(type="data", labels=("aws_region", "current"), blocks=guard), {"id": spec.region or ANY_REGION})


def one_subnet_a_zone(endpoint: Endpoint, lookups: Lookups) -> Iterator[Block]:
    """Yield the guard against two subnets in one Availability Zone, of which AWS takes one an endpoint.

    The subnets that a module input gives may be unknown at plan and are left out; AWS refuses them at apply.
    https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
    """
    subnets = (lookups.several("aws_subnet", subnet) for subnet in endpoint.subnets)
    known = [found for found in subnets if found.lookup]
    if len(known) <= 1 and not any(found.is_list for found in known):
        return
    name = f"zone_ids_of_{endpoint.key}" if "subnets" in endpoint.own else "zone_ids"
    zones = lookups.local(
        name, _zones(known), "The Availability Zones of the subnets, of which an endpoint takes one each."
    ).text
    message = (
        f"Two subnets of endpoint {endpoint.key} are in one Availability Zone. AWS takes one subnet a zone "
        "(DuplicateSubnetsInSameZone): keep one of them."
    )
    guard: dict[str, Value] = {
        "condition": Expression(f"length(distinct({zones})) == length({zones})"),
        "error_message": message,
    }
    yield Block(type="lifecycle", blocks=(Block(type="precondition", arguments=guard),))


def _zones(subnets: Iterable[Found]) -> Value:
    """Return the zone ids of subnets, one for each subnet."""
    subnets = tuple(subnets)
    single = (f"{found.lookup}.availability_zone_id" for found in subnets if not found.is_list)
    lists = (f"[for subnet in {found.lookup} : subnet.availability_zone_id]" for found in subnets if found.is_list)
    return concat(tuple(map(Expression, single)), tuple(map(Expression, lists)))
