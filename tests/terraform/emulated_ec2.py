"""What there is in the emulated AWS: moto's EC2, with endpoints that have interfaces, addresses and routes.

moto's gaps (5.2.1 to 5.2.5) are named where they are closed.
"""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.utils import random_ipv6_cidr, random_vpc_ep_id

from . import refuse_delete, refuse_dns, refuse_network, refuse_target
from .emulated_api import Api
from .emulated_groups import Groups
from .emulated_log import canonical
from .endpoint import GUARDED, Endpoint, Shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.ec2.models.elastic_network_interfaces import NetworkInterface
    from moto.ec2.models.subnets import Subnet

REFUSALS = (*refuse_target.REFUSALS, *refuse_network.REFUSALS, *refuse_dns.REFUSALS)


def ipv6_block() -> str:
    """Return a VPC's IPv6 block as AWS writes it. Gap: one in eight of moto's has zeros in front."""
    return canonical(random_ipv6_cidr())


def is_like(value: str, pattern: str) -> bool:
    """Tell whether a text is what a filter asks for. Gap: moto takes `[` for a shell's wildcard; AWS has `*` and `?`.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
    """
    return fnmatchcase(value, pattern.replace("[", "[[]"))


def subnet_arn(subnet: Subnet) -> str:
    """Return a subnet's ARN. Gap: moto gives ARNs of partition aws in every Region."""
    backend = subnet.ec2_backend
    return f"arn:{backend.partition}:ec2:{backend.region_name}:{subnet.owner_id}:subnet/{subnet.id}"


class Ec2(Groups):
    """moto's EC2 with its gaps around VPC endpoints closed."""

    @property
    def _url_module(self) -> SimpleNamespace:
        """The actions' entry: moto finds a backend's HTTP side by this name."""
        return SimpleNamespace(
            url_bases=[r"https?://ec2\.(.+)\.amazonaws\.com(|\.cn)"], url_paths={"{0}/": Api.dispatch}
        )

    def _load_amis(self) -> None:
        """Have no images, of which no endpoint is: moto's 1291 are nearly all that a Region takes to be made."""

    def create_default_pls(self) -> None:
        """Make the prefix lists of AWS. Gap: moto lacks that of S3 Express One Zone; its blocks here are made up.

        https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
        """
        super().create_default_pls()
        entries = [{"Cidr": "203.0.113.0/24", "Description": "made up"}]
        self._create_aws_managed_prefix_list(f"com.amazonaws.{self.region_name}.s3express", "IPv4", entries)

    @staticmethod
    def _collect_default_endpoint_services(account_id: str, region: str) -> list[dict[str, str]]:
        """List AWS's services. Gap: ECR's have other names in China: aws-cdk, aws-ec2/lib/vpc-endpoint.ts."""
        prefixes = {f"com.amazonaws.{region}.ecr.{half}": "cn." * region.startswith("cn-") for half in ("api", "dkr")}
        found = super(Ec2, Ec2)._collect_default_endpoint_services(account_id, region)
        return [{**each, "ServiceName": prefixes.get(each["ServiceName"], "") + each["ServiceName"]} for each in found]

    @property
    def endpoints(self) -> dict[str, Any]:
        """Every endpoint by its id: moto's register, which holds ours alone."""
        return self.vpc_end_points  # any: moto's type names its own class

    def make_endpoint(self, shape: Shape, tags: Mapping[str, str]) -> Endpoint:
        """Make an endpoint, or refuse and leave nothing behind."""
        self.get_vpc(shape.vpc_id)
        if shape.type in GUARDED and not shape.security_group_ids:
            shape = replace(shape, security_group_ids=self._default_group(shape.vpc_id))
        self._refuse("", shape)
        lists = [each.id for each in self.managed_prefix_lists.values() if each.prefix_list_name == shape.service_name]
        prefix_list_id = lists[0] if shape.type == "Gateway" else ""
        blank = replace(shape, subnet_ids=(), route_table_ids=())
        endpoint = Endpoint(self, random_vpc_ep_id(), blank, prefix_list_id)
        endpoint.add_tags(dict(tags))
        self.endpoints[endpoint.id] = endpoint
        self._settle(endpoint, shape)
        return endpoint

    def change_endpoint(self, endpoint: Endpoint, shape: Shape) -> None:
        """Let an endpoint become what a shape says.

        Gap: moto's ModifyVpcEndpoint drops PrivateDnsEnabled, ResetPolicy, DnsOptions, IpAddressType and
        SubnetConfigurations, and makes and removes neither interfaces nor routes.
        """
        self._refuse(endpoint.id, shape)
        self._settle(endpoint, shape)

    def delete_endpoints(self, endpoint_ids: list[str]) -> list[dict[str, Any]]:
        """Delete endpoints with their interfaces and routes; return those that AWS keeps, and why.

        Gap: moto lists deleted endpoints for ever, and fails over a route that it never made.
        """
        kept = []
        for endpoint_id in endpoint_ids:
            endpoint = self.endpoints.get(endpoint_id)
            if endpoint is None:
                continue
            try:
                for refuse in refuse_delete.REFUSALS:
                    refuse(self, endpoint_id, endpoint.shape)
            except EC2ClientError as refusal:
                error = {"Code": refusal.code, "Message": refusal.message}
                kept.append({"ResourceId": endpoint_id, "Error": error})
                continue
            del self.endpoints[endpoint_id]
            self._settle(endpoint, replace(endpoint.shape, subnet_ids=(), route_table_ids=()))
        return kept

    def _refuse(self, endpoint_id: str, shape: Shape) -> None:
        for refuse in REFUSALS:
            refuse(self, endpoint_id, shape)

    def _default_group(self, vpc_id: str) -> tuple[str, ...]:
        """Return the group that AWS takes when none is given. Gap: moto takes none."""
        group = self.get_security_group_from_name("default", vpc_id=vpc_id)
        return (group.id,) if group else ()

    def _settle(self, endpoint: Endpoint, shape: Shape) -> None:
        """Make and remove interfaces and routes until they are those of the shape, then let the endpoint become it."""
        for subnet_id, interface in list(endpoint.interfaces.items()):
            address = shape.addresses.get(subnet_id, {}).get("Ipv4", interface.private_ip_address)
            if subnet_id not in shape.subnet_ids or address != interface.private_ip_address:
                del endpoint.interfaces[subnet_id], self.enis[interface.id]
        for subnet_id in shape.subnet_ids:
            if subnet_id not in endpoint.interfaces:
                endpoint.interfaces[subnet_id] = self._interface(endpoint.id, shape, subnet_id)
        for interface in endpoint.interfaces.values():
            self.modify_network_interface_attribute(interface.id, list(shape.security_group_ids))
        self._route(endpoint, shape)
        endpoint.become(shape)

    def _route(self, endpoint: Endpoint, shape: Shape) -> None:
        """Make and remove the routes to the service's prefix list."""
        prefix_list = endpoint.destination_prefix_list_id
        before, after = set(endpoint.route_table_ids), set(shape.route_table_ids)
        for table_id in sorted(after - before):
            self.create_route(table_id, None, gateway_id=endpoint.id, destination_prefix_list_id=prefix_list)
        for table_id in sorted(before - after):
            self.delete_route(table_id, "", destination_prefix_list_id=prefix_list)

    def _interface(self, endpoint_id: str, shape: Shape, subnet_id: str) -> NetworkInterface:
        """Make an endpoint's interface in a subnet.

        Gap: moto takes any address of 10.0.0.0/8, no description, and the state of an interface that nothing uses.
        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html
        """
        subnet = self.get_subnet(subnet_id)
        fixed = shape.addresses.get(subnet_id, {})
        taken = {each.private_ip_address for each in self.enis.values() if each.subnet.id == subnet_id}
        free = (
            str(subnet.cidr[index]) for index in range(refuse_network.FIRST_RESERVED, subnet.cidr.num_addresses - 1)
        )
        address = fixed.get("Ipv4") or next(each for each in free if each not in taken)
        ipv6 = [fixed["Ipv6"]] if "Ipv6" in fixed else []
        interface = self.create_network_interface(
            subnet,
            address,
            group_ids=list(shape.security_group_ids),
            description=f"VPC Endpoint Interface {endpoint_id}",
            ipv6_addresses=ipv6,
            ipv6_address_count=0 if shape.ip_address_type == "ipv4" else 1,
        )
        interface.requester_managed = True
        interface.status = "in-use"
        is_balancer = shape.type == "GatewayLoadBalancer"
        interface.interface_type = "gateway_load_balancer_endpoint" if is_balancer else "vpc_endpoint"
        return interface
