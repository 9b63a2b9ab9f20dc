"""One VPC endpoint of the emulated AWS: what CreateVpcEndpoint asks for, and what DescribeVpcEndpoints answers.

    Shape      what an endpoint is asked to be; Create makes one, Modify replaces it by the next
    Endpoint   an endpoint that exists: its Shape, its interfaces, and the answer's fields made of both

Only this module knows the parameters and the answer's fields; what AWS would refuse stands in `refuse_…`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.core import TaggedEC2Resource

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from moto.ec2.models import EC2Backend
    from moto.ec2.models.elastic_network_interfaces import NetworkInterface

ADDRESSED = frozenset({"Interface", "GatewayLoadBalancer", "Resource", "ServiceNetwork"})
"""The types that stand in subnets with network interfaces."""
GUARDED = frozenset({"Interface", "Resource", "ServiceNetwork"})
"""The types that have security groups and may have private DNS."""

_ALL = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
DEFAULT_POLICY = {
    "Interface": json.dumps({"Statement": [_ALL]}, indent=2),
    "Gateway": json.dumps({"Version": "2008-10-17", "Statement": [_ALL]}),
}
"""The policy of an endpoint that was given none. Gap: moto gives an interface endpoint that of a gateway.

https://docs.aws.amazon.com/ec2/latest/devguide/example_ec2_DescribeVpcEndpoints_section.html
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What an endpoint is asked to be, by the fields of the API's CreateVpcEndpoint.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html
    """

    type: str
    vpc_id: str
    service_name: str = ""
    service_region: str = ""
    resource_configuration_arn: str = ""
    service_network_arn: str = ""
    subnet_ids: tuple[str, ...] = ()
    addresses: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The fixed addresses (`Ipv4`, `Ipv6`) by subnet id."""
    security_group_ids: tuple[str, ...] = ()
    route_table_ids: tuple[str, ...] = ()
    policy: str = ""
    private_dns_enabled: bool = False
    ip_address_type: str = "ipv4"
    dns_options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_s3_interface(self) -> bool:
        """Tell whether this kind of endpoint can have private DNS for inbound Resolver endpoints alone."""
        return self.type == "Interface" and self.service_name.endswith(".s3")

    @property
    def inbound_resolver_only(self) -> bool:
        """Tell whether private DNS serves inbound Resolver endpoints alone; AWS's default for S3 is yes.

        https://github.com/terraform-aws-modules/terraform-aws-vpc/issues/982 (refused although never asked for)
        """
        stated = self.dns_options.get("PrivateDnsOnlyForInboundResolverEndpoint")
        return self.is_s3_interface and self.private_dns_enabled and stated is not False


class Endpoint(TaggedEC2Resource):
    """An endpoint as moto's serializer reads it: one attribute a field of the answer, in snake case.

    Gap: moto's own keeps neither `IpAddressType`, `DnsOptions` and `ServiceRegion` nor the ARNs of VPC Lattice.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html
    """

    def __init__(self, backend: EC2Backend, endpoint_id: str, shape: Shape, prefix_list_id: str) -> None:
        """Begin with no interfaces and no routes; the backend makes those."""
        self.ec2_backend = backend
        self.id = self.vpc_endpoint_id = endpoint_id
        self.owner_id = backend.account_id
        self.creation_timestamp = datetime.now(tz=UTC)
        self.state = "available"
        self.requester_managed = False
        self.destination_prefix_list_id = prefix_list_id
        self.interfaces: dict[str, NetworkInterface] = {}
        """The network interfaces by subnet id."""
        self.become(shape)

    @property
    def groups(self) -> list[dict[str, str]]:
        """The security groups with their names."""
        found = (self.ec2_backend.get_security_group_from_id(group_id) for group_id in self.shape.security_group_ids)
        return [{"GroupId": group.id, "GroupName": group.name} for group in found if group]

    def become(self, shape: Shape) -> None:
        """Take on the fields of a shape."""
        self.shape = shape
        self.vpc_id = shape.vpc_id
        self.vpc_endpoint_type = shape.type
        self.service_name = shape.service_name or None
        self.service_region = shape.service_region or self.ec2_backend.region_name
        self.service_network_arn = shape.service_network_arn or None
        self.resource_configuration_arn = shape.resource_configuration_arn or None
        self.policy_document = shape.policy
        self.subnet_ids = list(shape.subnet_ids)
        self.route_table_ids = list(shape.route_table_ids)
        self.private_dns_enabled = shape.private_dns_enabled
        self.ip_address_type = shape.ip_address_type
        self.dns_options = dns_options(shape)
        self.network_interface_ids = [interface.id for interface in self.interfaces.values()]
        self.dns_entries = list(self._dns_entries())

    def _dns_entries(self) -> list[dict[str, str]]:
        """Return the names that AWS answers for: the Region's, each zone's, and the service's own with private DNS.

        Gap: moto makes one, of another form.
        https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html#interface-endpoint-dns-hostnames
        """
        if self.shape.type != "Interface":
            return []
        service = self.shape.service_name.rpartition("vpce.")[2].removeprefix(f"com.amazonaws.{self.service_region}.")
        tail = f"{service}.{self.service_region}.vpce.amazonaws.com"
        zones = [interface.availability_zone for interface in self.interfaces.values()]
        stem = f"{self.id}-{self.id[-8:]}"
        names = [f"{stem}.{tail}", *(f"{stem}-{zone}.{tail}" for zone in zones)]
        if self.private_dns_enabled:
            names.append(".".join([*reversed(service.split(".")), self.service_region, "amazonaws.com"]))
        return [{"dns_name": name, "hosted_zone_id": "Z0EMULATED"} for name in names]

    deletion_policy = "Delete"
    """What its stack in CloudFormation does with it in the end."""

    @property
    def physical_resource_id(self) -> str:
        """Its id, as CloudFormation calls it."""
        return self.id

    def is_created(self) -> bool:
        """Tell CloudFormation that it is there."""
        return True

    def delete(self, *_: str) -> None:
        """Go with the stack, unless that is to keep it."""
        if self.deletion_policy != "Retain":
            backend: Any = self.ec2_backend
            backend.delete_endpoints([self.id])

    def get_filter_value(self, filter_name: str, method_name: str | None = None) -> object:
        """Return what a filter of DescribeVpcEndpoints compares with.

        Gap: moto answers `ip-address-type` and `vpc-endpoint-id` with HTTP 500, and compares unknown filters with
        whatever attribute has that name.
        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcEndpoints.html
        """
        if filter_name.startswith("tag"):
            return super().get_filter_value(filter_name, method_name)
        fields = {
            "ip-address-type": self.ip_address_type,
            "service-name": self.service_name,
            "service-region": self.service_region,
            "vpc-endpoint-id": self.id,
            "vpc-endpoint-state": self.state,
            "vpc-endpoint-type": self.vpc_endpoint_type,
            "vpc-id": self.vpc_id,
        }
        if filter_name not in fields:
            raise EC2ClientError("InvalidParameterValue", f"The filter '{filter_name}' is invalid")
        return fields[filter_name]


def dns_options(shape: Shape) -> dict[str, Any]:
    """Return the answer's `DnsOptions`, with AWS's defaults.

    Gap: moto drops them. An interface endpoint's records are of its own address type, a gateway's `service-defined`.
    https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html#gateway-endpoint-dns-record-ip-type
    """
    default = "service-defined" if shape.type == "Gateway" else shape.ip_address_type
    options = {"DnsRecordIpType": default, **shape.dns_options}
    if shape.is_s3_interface:
        options["PrivateDnsOnlyForInboundResolverEndpoint"] = shape.inbound_resolver_only
    return options


def others(backend: EC2Backend, vpc_id: str, besides: str) -> Iterator[Endpoint]:
    """Yield the endpoints of a VPC but the one with the id `besides`."""
    register: dict[str, Any] = backend.vpc_end_points
    for endpoint in register.values():
        if endpoint.vpc_id == vpc_id and endpoint.id != besides:
            yield endpoint
