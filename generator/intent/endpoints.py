"""Each endpoint settled: what it states, or else the default; its type and service name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.hcl.hcl import Expression
from generator.intent import bundles as brought
from generator.intent.bundles import Request
from generator.source.diagnostics import Code, Diagnostic, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.catalog.catalog import Catalog, Service
    from generator.source.source import Source
    from generator.spec import Endpoint as StatedEndpoint
    from generator.spec import Spec
    from generator.spec.model import SubnetConfiguration
    from generator.spec.references import RouteTable, SecurityGroup, Subnet

UNKNOWN_SERVICE = Code(
    "E201",
    "a service that the catalog does not know",
    "`service` is the last part of a service name, as in com.amazonaws.<region>.ecr.dkr. New services appear monthly; "
    "`service_name` takes any full name and asks no catalog.",
    "https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html",
    fix="Write a service id that `gen-endpoints services` lists, or the full name with `service_name`.",
)
WRONG_TYPE = Code(
    "E202",
    "an endpoint type that the service does not have",
    "Amazon S3 and DynamoDB have gateway and interface endpoints, S3 Express One Zone has a gateway endpoint, "
    "every other AWS service has interface endpoints.",
    "https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html",
    fix="Write a `type` that the service has.",
)
WHICH_TYPE = Code(
    "E203",
    "a service that has several endpoint types",
    "A gateway endpoint is free and serves this VPC through its route tables; an interface endpoint has addresses of "
    "its own, costs by the hour and can be reached from elsewhere. The choice is the spec's.",
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html",
    fix="Add `type: Gateway` or `type: Interface`.",
)
NO_REGION = Code(
    "E204",
    "a service name that depends on the Region, and no Region",
    "Without `region` the name is built from the provider's Region, which is right only for services whose name has "
    "one pattern in every Region. In China, in isolated and in sovereign Regions many names have another prefix.",
    "https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-ec2/lib/vpc-endpoint.ts",
    fix="Add `region` to the spec, or write the full name with `service_name`.",
)

_ALL = frozenset({"Interface", "Gateway", "GatewayLoadBalancer", "Resource", "ServiceNetwork"})
_LATTICE = frozenset({"Resource", "ServiceNetwork"})
TAKES: Mapping[str, frozenset[str]] = {
    "subnets": _ALL - {"Gateway"},
    "security_groups": _LATTICE | {"Interface"},
    "route_tables": frozenset({"Gateway"}),
    "policy": frozenset({"Interface", "Gateway"}),
    "private_dns_enabled": _LATTICE | {"Interface"},
    "dns_options": _ALL - {"GatewayLoadBalancer"},
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One endpoint with its defaults in place."""

    key: str
    own: StatedEndpoint
    """The endpoint as the spec, or a bundle, states it."""
    type: str
    service: Service | None
    service_name: str | Expression | None
    stated: Mapping[str, Any]
    """The fields that its type takes and that it or the spec states, as the spec's own values."""
    place: Place
    origin: tuple[str | int, ...]
    """Where the spec asks for it: the path of the endpoint, or of the bundle that brings it."""
    bundles: tuple[str, ...] = ()
    """The bundles that bring it, or would if the spec did not have it itself, as `ecs-fargate@1`."""

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

    def path(self, *parts: str | int) -> tuple[str | int, ...]:
        """Return the path of one of its fields in the spec."""
        return (*self.origin, *parts)

    def at(self, field: str) -> tuple[str | int, ...]:
        """Return where a field is stated: in the endpoint or, as a default, in the spec."""
        return self.path(field) if field in self.own.model_fields_set else (field,)


def has_private_dns(endpoint: Endpoint) -> bool:
    """Return whether the endpoint has private DNS: as stated, else where the service is known to take it at once.

    Amazon S3 takes it only beside a gateway endpoint, or for inbound Resolver endpoints alone; an endpoint service of
    a third party only when its owner has verified a name.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html
    """
    stated = endpoint.stated.get("private_dns_enabled")
    if stated is not None:
        return bool(stated)
    if endpoint.type != "Interface":
        return False
    if endpoint.service is not None:
        return endpoint.service.id != "s3" and endpoint.service.private_dns_supported is not False
    return (
        isinstance(endpoint.service_name, str)
        and ".vpce." not in endpoint.service_name
        and not endpoint.service_name.endswith(".s3")
    )


def region_of(endpoint: StatedEndpoint, spec: Spec) -> str | None:
    """Return the Region in which an endpoint's service is, or None where only the provider knows."""
    return endpoint.service_region or endpoint.region or spec.region


def settle_endpoints(
    spec: Spec, source: Source, catalog: Catalog
) -> tuple[tuple[Endpoint, ...], tuple[Diagnostic, ...]]:
    """Return each endpoint of the spec and of its bundles with its defaults, and what forbids that."""
    stated = spec.endpoints or {}
    own = (Request(key=key, endpoint=endpoint, origin=("endpoints", key)) for key, endpoint in stated.items())
    endpoints, findings = _settle(own, spec, source, catalog)
    if spec.bundles:
        asked, wrong = brought.asked(spec, source, catalog)
        others, unsettled = _settle(asked, spec, source, catalog)
        endpoints, taken = brought.merged(endpoints, others)
        findings += (*wrong, *unsettled, *taken)
    return endpoints, findings


def _settle(
    asked: Iterable[Request], spec: Spec, source: Source, catalog: Catalog
) -> tuple[tuple[Endpoint, ...], tuple[Diagnostic, ...]]:
    """Return the endpoints whose type and service name can be settled, and why others can't."""
    endpoints: list[Endpoint] = []
    findings: list[Diagnostic] = []
    for each in asked:
        settled = _settled(each, spec, source, catalog)
        if isinstance(settled, Diagnostic):
            findings.append(settled)
            continue
        endpoint_type, service, service_name = settled
        endpoints.append(
            Endpoint(
                key=each.key,
                own=each.endpoint,
                type=endpoint_type,
                service=service,
                service_name=service_name,
                stated=dict(_stated(spec, each.endpoint, endpoint_type)),
                place=source.key_place(each.origin),
                origin=each.origin,
                bundles=each.bundles,
            )
        )
    return tuple(endpoints), tuple(findings)


def _stated(spec: Spec, endpoint: StatedEndpoint, endpoint_type: str) -> Iterator[tuple[str, Any]]:
    """Yield the fields that hold for an endpoint: what it states replaces the spec's default."""
    for name in type(endpoint).model_fields:
        if endpoint_type in TAKES.get(name, _ALL):
            if name in endpoint.model_fields_set:
                yield name, getattr(endpoint, name)
            elif name in spec.model_fields_set and name not in {"name", "region"}:
                yield name, getattr(spec, name)


def _settled(
    asked: Request, spec: Spec, source: Source, catalog: Catalog
) -> tuple[str, Service | None, str | Expression | None] | Diagnostic:
    """Return the type, the service and the service name of an endpoint, or what forbids to settle them."""
    endpoint = asked.endpoint
    if endpoint.form == "resource_configuration_arn":
        return endpoint.type or "Resource", None, None
    if endpoint.form == "service_network_arn":
        return endpoint.type or "ServiceNetwork", None, None
    if endpoint.service is None:
        return endpoint.type or "Interface", None, endpoint.service_name
    place = source.place((*asked.origin, "service"))
    service = catalog.get(endpoint.service)
    if service is None:
        return _unknown(endpoint.service, place, catalog)
    if service.missing:
        fix = f"say the full name with service_name: {service.template}"
        return UNKNOWN_SERVICE.at(place, f"the name of {service.id} holds what AWS gives to each account", fix)
    endpoint_type = endpoint.type or (service.types[0] if len(service.types) == 1 else None)
    if endpoint_type is None:
        offered = " and ".join(service.types)
        return WHICH_TYPE.at(
            place, f"{service.id} has {offered} endpoints", f"add type: {' or type: '.join(service.types)}"
        )
    if endpoint_type not in service.types:
        fix = f"write type: {' or type: '.join(service.types)}"
        return WRONG_TYPE.at(
            source.place((*asked.origin, "type")), f"{service.id} has no {endpoint_type} endpoint", fix
        )
    name = _service_name(service.id, endpoint_type, region_of(endpoint, spec), catalog)
    if name is None:
        fix = "add region: to the spec" + ("" if asked.bundles else ", or say the full name with service_name:")
        return NO_REGION.at(place, f"the name of {service.id} can't be built from the Region alone", fix)
    return endpoint_type, service, name


def _unknown(service: str, place: Place, catalog: Catalog) -> Diagnostic:
    near = catalog.nearest(service)
    ways = f"did you mean {', '.join(near)}? " if near else ""
    return UNKNOWN_SERVICE.at(
        place,
        f"{service} is no service id of the catalog",
        f"{ways}Or give the full name: service_name: com.amazonaws.…",
    )


def _service_name(service_id: str, endpoint_type: str, region: str | None, catalog: Catalog) -> str | Expression | None:
    """Return the name in a Region, or the expression that builds it from the provider's; None where none is right."""
    pattern = catalog.name_pattern(service_id, endpoint_type)
    if region is not None:
        return catalog.service_name(service_id, region, endpoint_type)
    if pattern is None:
        return None
    return (
        Expression('"' + pattern.replace("{region}", "${data.aws_region.current.id}") + '"')
        if "{region}" in pattern
        else pattern
    )
