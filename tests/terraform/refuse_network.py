"""What AWS refuses of an endpoint's place in the network, and moto lets pass: one function a rule.

Each function takes the backend, the id of the endpoint (empty before it is made) and the Shape that it would get, and
raises EC2ClientError. Where a source quotes AWS's code and text, they are AWS's; where it only states the rule, the
code is `InvalidParameter` and the text is ours.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from moto.ec2.exceptions import EC2ClientError

from .endpoint import others

if TYPE_CHECKING:
    from moto.ec2.models import EC2Backend

    from .endpoint import Shape

FIRST_RESERVED = 4
"""AWS keeps the first four addresses of each subnet, and the last.

https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
"""


def subnets(backend: EC2Backend, _id: str, shape: Shape) -> None:
    """Refuse two subnets in one zone, and a subnet of another VPC or without the addresses of the endpoint's type.

    https://github.com/terraform-aws-modules/terraform-aws-vpc/issues/583 (DuplicateSubnetsInSameZone)
    https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
    """
    zones: set[str] = set()
    for subnet_id in shape.subnet_ids:
        subnet = backend.get_subnet(subnet_id)
        if subnet.vpc_id != shape.vpc_id:
            raise EC2ClientError("InvalidParameter", f"The subnet {subnet_id} is not in the VPC {shape.vpc_id}")
        if subnet.availability_zone in zones:
            raise EC2ClientError(
                "DuplicateSubnetsInSameZone",
                f"Found another VPC endpoint subnet in the availability zone of {subnet_id}. VPC endpoint subnets "
                "should be in different availability zones supported by the VPC endpoint service.",
            )
        zones.add(subnet.availability_zone)
        has_ipv6 = bool(subnet.ipv6_cidr_block_association_set)
        fits = {
            "ipv4": not subnet.ipv6_native,
            "ipv6": subnet.ipv6_native,
            "dualstack": has_ipv6 and not subnet.ipv6_native,
        }
        if not fits[shape.ip_address_type]:
            message = f"The subnet {subnet_id} does not have the addresses of the type {shape.ip_address_type}"
            raise EC2ClientError("InvalidParameter", message)


def addresses(backend: EC2Backend, endpoint_id: str, shape: Shape) -> None:
    """Refuse a fixed address outside its subnet, one that AWS keeps for itself, and one that is taken.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SubnetConfiguration.html
    """
    for subnet_id, fixed in shape.addresses.items():
        if subnet_id not in shape.subnet_ids:
            raise EC2ClientError("InvalidParameter", f"The subnet {subnet_id} is none of the endpoint's")
        if "Ipv4" not in fixed:
            continue
        network = backend.get_subnet(subnet_id).cidr
        address = ipaddress.ip_address(fixed["Ipv4"])
        kept = {*(network[index] for index in range(FIRST_RESERVED)), network[-1]}
        if address not in network or address in kept:
            raise EC2ClientError(
                "InvalidParameterValue", f"The address {address} can't be used in the subnet {subnet_id}"
            )
        mine = backend.vpc_end_points.get(endpoint_id)
        for interface in (each for each in backend.enis.values() if each.subnet.id == subnet_id):
            if interface.private_ip_address == str(address) and not (
                mine and interface.id in mine.network_interface_ids
            ):
                raise EC2ClientError("InvalidIPAddress.InUse", f"Address {address} is in use.")


def security_groups(backend: EC2Backend, _id: str, shape: Shape) -> None:
    """Refuse a security group that is not there, or is another VPC's.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (InvalidGroup.NotFound)
    """
    for group_id in shape.security_group_ids:
        group = backend.get_security_group_from_id(group_id)
        if group is None or group.vpc_id != shape.vpc_id:
            raise EC2ClientError("InvalidGroup.NotFound", f"The security group '{group_id}' does not exist")


def route_tables(backend: EC2Backend, endpoint_id: str, shape: Shape) -> None:
    """Refuse a second route to one service in one route table, and a table of another VPC.

    Gap: moto stores the endpoint before it looks for the tables, so a wrong id leaves an orphan.
    https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html#gateway-endpoint-routing
    """
    for table_id in shape.route_table_ids:
        if backend.get_route_table(table_id).vpc_id != shape.vpc_id:
            raise EC2ClientError("InvalidParameter", f"The route table {table_id} is not in the VPC {shape.vpc_id}")
        for other in others(backend, shape.vpc_id, endpoint_id):
            if other.service_name == shape.service_name and table_id in other.route_table_ids:
                raise EC2ClientError(
                    "RouteAlreadyExists",
                    f"route table {table_id} already has a route with destination-prefix-list-id "
                    f"{other.destination_prefix_list_id}",
                )


REFUSALS = (subnets, addresses, security_groups, route_tables)
