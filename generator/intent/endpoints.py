"""An endpoint with its defaults in place: what it states, or else the spec; its type, and what it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.catalog.catalog import Service
from generator.intent.targets import FullName, ServiceName, Target
from generator.source.diagnostics import Diagnostic, Place
from generator.source.frozen import frozen
from generator.spec.model import SubnetConfiguration
from generator.spec.references import RouteTable, SecurityGroup, Subnet

ALL_TYPES = frozenset({"Interface", "Gateway", "GatewayLoadBalancer", "Resource", "ServiceNetwork"})
"""Every type of endpoint."""
_LATTICE = frozenset({"Resource", "ServiceNetwork"})
TAKES: Mapping[str, frozenset[str]] = {
    "subnets": ALL_TYPES - {"Gateway"},
    "security_groups": _LATTICE | {"Interface"},
    "route_tables": frozenset({"Gateway"}),
    "policy": frozenset({"Interface", "Gateway"}),
    "private_dns_enabled": _LATTICE | {"Interface"},
    "dns_options": ALL_TYPES - {"GatewayLoadBalancer"},
    "subnet_configuration": _LATTICE | {"Interface"},
    "service_region": frozenset({"Interface"}),
    "auto_accept": frozenset({"Interface", "GatewayLoadBalancer"}),
}
"""The endpoint types that take a field; a field that is not listed is for all.

Source: the API's CreateVpcEndpoint, https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html.
"""

ARGUMENTS: Mapping[str, str] = {
    "service": "service_name",
    "type": "vpc_endpoint_type",
    "subnets": "subnet_ids",
    "security_groups": "security_group_ids",
    "route_tables": "route_table_ids",
}
"""The fields that set an argument of `aws_vpc_endpoint` by another name than their own."""


def taken_by(endpoint_type: str) -> frozenset[str]:
    """Return the fields of TAKES that an endpoint type takes."""
    return frozenset(field for field, types in TAKES.items() if endpoint_type in types)


@frozen(kw_only=True)
class Endpoint:
    """One endpoint with its defaults in place."""

    key: str
    own: Mapping[str, Any]
    """The fields that the endpoint itself states in the spec, or as a bundle brings it."""
    stated: Mapping[str, Any]
    """The fields that its type takes and that it or the spec states, as the spec's own values."""
    type: str
    """Empty where it can't be settled; the endpoint has then only the fields that it states itself."""
    target: Target
    """What it leads to; where the service's name can't be settled, its id is taken for the name."""
    catalog_service: Service | None
    """The service, where the spec names it by its id, so that the catalog speaks for it."""
    full_name: FullName | None
    """What the service name says, where the spec writes it out."""
    region: str | None
    """The Region that it is in; None where only the provider knows."""
    place: Place
    origin: tuple[str | int, ...]
    """Where the spec asks for it: the path of the endpoint, or of the bundle that brings it."""
    obstacle: Diagnostic | None = None
    """Why its type or target is unknown, which refuses the spec; None where both are settled."""
    bundles: tuple[str, ...] = ()
    """The bundles that bring it, or would if the spec did not have it itself, as `ecs-fargate@1`."""

    @property
    def name(self) -> str | None:
        """Its Name tag; None where none is stated."""
        return self.own.get("name")

    @property
    def service(self) -> Service | None:
        """The AWS service, however the spec names it; None where it is unknown, or no AWS service."""
        return self.catalog_service or (self.full_name.service if self.full_name else None)

    @property
    def service_id(self) -> str:
        """The id of that service; empty where there is none."""
        return self.service.id if self.service else ""

    @property
    def service_name(self) -> ServiceName | None:
        """The name of its service; None where it leads to an ARN."""
        return self.target if isinstance(self.target, ServiceName) else None

    @property
    def leads_to(self) -> str:
        """A service name or an ARN, with `<region>` for a Region that is not known."""
        return self.target.in_region(self.service_region or "<region>")

    @property
    def is_by_input(self) -> bool:
        """Whether the caller of the module says which service it leads to, so that it may be any."""
        return self.service_name is not None and bool(self.service_name.variable)

    @property
    def is_protected(self) -> bool:
        """Whether Terraform refuses each plan that destroys or replaces it."""
        return bool(self.own.get("protect"))

    @property
    def service_region(self) -> str | None:
        """The Region that its service is in; None where only the provider knows."""
        return self.own.get("service_region") or self.region

    @property
    def has_private_dns(self) -> bool:
        """Whether it has private DNS: as stated, else where the service is known to take it at once.

        Amazon S3 takes it only beside a gateway endpoint, or for inbound Resolver endpoints alone; an endpoint service
        of a third party only when its owner has verified a name.
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html
        """
        if (stated := self.stated.get("private_dns_enabled")) is not None:
            return bool(stated)
        if self.type != "Interface" or self.service_name is None:
            return False
        if self.catalog_service is not None:
            return self.catalog_service.id != "s3" and self.catalog_service.private_dns_supported is not False
        if self.is_by_input:  # it may be anybody's, and AWS refuses private DNS where the owner has no name
            return False
        name = str(self.service_name)
        return self.obstacle is None and ".vpce." not in name and not name.endswith(".s3")

    @property
    def tags(self) -> dict[str, str]:
        """Its tags, the Name tag among them."""
        return {**({"Name": self.name} if self.name else {}), **(self.stated.get("tags") or {})}

    @property
    def subnets(self) -> tuple[Subnet, ...]:
        """The subnets of its network interfaces."""
        return tuple(self.stated.get("subnets") or ())

    @property
    def security_groups(self) -> tuple[SecurityGroup, ...]:
        """The security groups of its network interfaces."""
        return tuple(self.stated.get("security_groups") or ())

    @property
    def route_tables(self) -> tuple[RouteTable, ...]:
        """The route tables that get its route."""
        return tuple(self.stated.get("route_tables") or ())

    @property
    def fixed_addresses(self) -> tuple[SubnetConfiguration, ...]:
        """The fixed addresses of its network interfaces, by subnet."""
        return tuple(self.stated.get("subnet_configuration") or ())

    def dns_option(self, name: str) -> Any:
        """Return one of its DNS options; None where it is not stated."""
        return getattr(self.stated.get("dns_options"), name, None)

    def path(self, *parts: str | int) -> tuple[str | int, ...]:
        """Return the path of one of its fields in the spec."""
        return (*self.origin, *parts)

    def at(self, field: str, *parts: str | int) -> tuple[str | int, ...]:
        """Return where a field, or a part of it, is stated: in the endpoint or, as a default, in the spec."""
        return self.path(field, *parts) if field in self.own else (field, *parts)

    @property
    def provenance(self) -> str:
        """The comment that says which bundles bring it; empty where none does."""
        if not self.bundles:
            return ""
        names = f"bundle{'s' if len(self.bundles) > 1 else ''} {', '.join(self.bundles)}"
        return f"{'Also in' if self.origin[0] == 'endpoints' else 'From'} {names}."
