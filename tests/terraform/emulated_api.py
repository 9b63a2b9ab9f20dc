"""The emulated AWS as it is asked: the actions on endpoints, parameters in and answer out, in the place of moto's.

moto's gaps (5.2.1 to 5.2.5) are named where they are closed.
"""

from __future__ import annotations

import itertools
import threading
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response
from moto.ec2.utils import add_tag_specification

from .emulated_log import LOG, READING
from .endpoint import DEFAULT_POLICY, Shape

if TYPE_CHECKING:
    from moto.core.common_types import TYPE_RESPONSE
    from moto.ec2.models.security_groups import SecurityGroup

ONE_AT_A_TIME = threading.Lock()
"""Held while a request is answered."""

_DONE: dict[str, TYPE_RESPONSE] = {}
"""What was answered to the calls that changed something, by the id that AWS's SDK gives to a call."""


class _DescribedGroup:
    """A security group as DescribeSecurityGroups answers it, with the descriptions of all its rules."""

    def __init__(self, group: SecurityGroup) -> None:
        """Stand before moto's group, which has everything else."""
        self._group = group

    def __getattr__(self, name: str) -> Any:
        """Return what moto's group has."""
        return getattr(self._group, name)

    @property
    def ip_permissions(self) -> list[Any]:
        """The permissions, each source with its rule's description."""
        views: list[Any] = self._group.ip_permissions
        for view in views:
            view.source_groups = [self._described(each, view) for each in view.source_groups]
            view.prefix_list_ids = [self._described(each, view) for each in view.prefix_list_ids]
        return views

    def _described(self, source: dict[str, str], view: Any) -> dict[str, str]:
        ports = (view.ip_protocol, view.from_port, view.to_port)
        for rule in self._group.ingress_rules:
            is_of = source in (rule.source_group, {"PrefixListId": rule.prefix_list_id})
            if is_of and rule.description and ports == (rule.ip_protocol, rule.from_port, rule.to_port):
                return {**source, "Description": rule.description}
        return source


class Api(EC2Response):
    """moto's EC2 API with its gaps around VPC endpoints closed."""

    def call_action(self) -> TYPE_RESPONSE:
        """Answer one request at a time, and log it. Gap: moto is not safe from threads; Terraform asks ten at once.

        A call whose answer got lost on a machine with much work is sent once more by AWS's SDK, under the same id:
        it is not done twice, since such a loss is the tests' own and no part of AWS.
        """
        with ONE_AT_A_TIME:
            action, call = self._get_action(), self.headers.get("Amz-Sdk-Invocation-Id", "")
            if call in _DONE:
                return _DONE[call]
            answer = super().call_action()
            LOG.note(self.ec2_backend, action, self._get_params(), answer)
            if call and answer[0] < HTTPStatus.BAD_REQUEST and not action.startswith(READING):
                _DONE[call] = answer
            return answer

    def create_vpc_endpoint(self) -> ActionResult:
        """Answer CreateVpcEndpoint. Gap: moto lets a gateway have private DNS, and a typeless endpoint be none."""
        kind = self._get_param("VpcEndpointType") or "Gateway"
        shape = Shape(
            type=kind,
            vpc_id=self._get_param("VpcId"),
            service_name=self._get_param("ServiceName") or "",
            service_region=self._get_param("ServiceRegion") or "",
            resource_configuration_arn=self._get_param("ResourceConfigurationArn") or "",
            service_network_arn=self._get_param("ServiceNetworkArn") or "",
            subnet_ids=tuple(self._get_param("SubnetIds", [])),
            addresses=self._addresses(),
            security_group_ids=tuple(self._get_param("SecurityGroupIds", [])),
            route_table_ids=tuple(self._get_param("RouteTableIds", [])),
            policy=self._get_param("PolicyDocument") or DEFAULT_POLICY.get(kind, ""),
            private_dns_enabled=self._get_bool_param("PrivateDnsEnabled") or False,
            ip_address_type=self._get_param("IpAddressType") or "ipv4",
            dns_options=self._dns_options(),
        )
        tags = add_tag_specification(self._get_param("TagSpecifications", []))
        return ActionResult({"VpcEndpoint": self.ec2_backend.make_endpoint(shape, tags)})

    def modify_vpc_endpoint(self) -> ActionResult:
        """Answer ModifyVpcEndpoint."""
        endpoint = self.ec2_backend.get_vpc_end_point(self._get_param("VpcEndpointId"))
        shape: Shape = endpoint.shape
        policy = DEFAULT_POLICY[shape.type] if self._get_bool_param("ResetPolicy") else shape.policy
        private_dns = self._get_bool_param("PrivateDnsEnabled")
        shape = replace(
            shape,
            subnet_ids=self._changed(shape.subnet_ids, "SubnetIds"),
            addresses={**shape.addresses, **self._addresses()},
            security_group_ids=self._changed(shape.security_group_ids, "SecurityGroupIds"),
            route_table_ids=self._changed(shape.route_table_ids, "RouteTableIds"),
            policy=self._get_param("PolicyDocument") or policy,
            private_dns_enabled=shape.private_dns_enabled if private_dns is None else private_dns,
            ip_address_type=self._get_param("IpAddressType") or shape.ip_address_type,
            dns_options={**shape.dns_options, **self._dns_options()},
        )
        fixed = {subnet_id: each for subnet_id, each in shape.addresses.items() if subnet_id in shape.subnet_ids}
        self.ec2_backend.change_endpoint(endpoint, replace(shape, addresses=fixed))
        return ActionResult({"Return": True})

    def describe_prefix_lists(self) -> ActionResult:
        """Answer DescribePrefixLists. Gap: moto leaves out the CIDR blocks."""
        ids, filters = self._get_param("PrefixListIds", []), self._filters_from_querystring()
        found = self.ec2_backend.describe_managed_prefix_lists(prefix_list_ids=ids, filters=filters)
        own = (each for each in found if each.prefix_list_name.startswith("com.amazonaws."))
        answer = [
            {
                "PrefixListId": each.id,
                "PrefixListName": each.prefix_list_name,
                "Cidrs": [entry["Cidr"] for entry in itertools.chain.from_iterable(list(each.entries.values())[-1:])],
            }
            for each in own
        ]
        return ActionResult({"PrefixLists": answer})

    def authorize_security_group_ingress(self) -> ActionResult:
        """Answer AuthorizeSecurityGroupIngress with all rules. Gap: moto answers with those of the last permission."""
        made = self.ec2_backend.authorize_all(list(self._process_rules_from_querystring()))
        return ActionResult({"Return": True, "SecurityGroupRules": made})

    def delete_vpc_endpoints(self) -> ActionResult:
        """Answer DeleteVpcEndpoints, with what was not deleted and why. Gap: moto deletes all.

        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpcEndpoints.html
        """
        kept = self.ec2_backend.delete_endpoints(self._get_param("VpcEndpointIds", []))
        return ActionResult({"Unsuccessful": kept})

    def replace_route(self) -> ActionResult:
        """Answer ReplaceRoute. Gap: moto does not read VpcEndpointId.

        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceRoute.html
        """
        answer = super().replace_route()
        destination = self._get_param("DestinationCidrBlock") or self._get_param("DestinationIpv6CidrBlock")
        for route in self.ec2_backend.get_route_table(self._get_param("RouteTableId")).routes:
            if destination and destination in (route.destination_cidr_block, route.destination_ipv6_cidr_block):
                route.vpc_endpoint_id = self._get_param("VpcEndpointId")
        return answer

    def describe_security_groups(self) -> ActionResult:
        """Answer DescribeSecurityGroups. Gap: moto leaves out the description where the source is no CIDR block.

        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UserIdGroupPair.html
        """
        ids, names = self._get_param("GroupIds", []), self._get_param("GroupNames", [])
        found = self.ec2_backend.describe_security_groups(
            group_ids=ids, groupnames=names, filters=self._filters_from_querystring()
        )
        return ActionResult({"SecurityGroups": [_DescribedGroup(group) for group in found]})

    def _changed(self, before: tuple[str, ...], name: str) -> tuple[str, ...]:
        """Return the ids after `Remove…` and `Add…`."""
        removed = self._get_param(f"Remove{name}", [])
        return tuple(
            dict.fromkeys([*(each for each in before if each not in removed), *self._get_param(f"Add{name}", [])])
        )

    def _addresses(self) -> dict[str, dict[str, str]]:
        """Return the fixed addresses by subnet. Gap: moto does not read SubnetConfigurations."""
        given = self._get_param("SubnetConfigurations", [])
        return {each["SubnetId"]: {key: each[key] for key in ("Ipv4", "Ipv6") if each.get(key)} for each in given}

    def _dns_options(self) -> dict[str, Any]:
        """Return the DNS options that are given, the flags as booleans."""
        given = self._get_param("DnsOptions") or {}
        return {key: {"true": True, "false": False}.get(str(value).lower(), value) for key, value in given.items()}
