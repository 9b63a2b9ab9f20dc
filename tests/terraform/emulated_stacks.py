"""Endpoints of CloudFormation in the emulated AWS. Gap: moto's stacks make endpoints of its own kind.

What a stack keeps when a resource leaves its template (`DeletionPolicy: Retain`), `Endpoint.delete` knows: moto (5.2.1
to 5.2.5) looks for it only where a whole stack is deleted.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcendpoint.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from moto.ec2.models import ec2_backends
from moto.ec2.models.vpcs import VPCEndPoint

from .endpoint import DEFAULT_POLICY, Shape

if TYPE_CHECKING:
    from .endpoint import Endpoint


def _made(_: str, cloudformation_json: dict[str, Any], account_id: str, region_name: str, **__: str) -> Endpoint:
    """Make an endpoint by its template."""
    said = cloudformation_json["Properties"]
    kind = said.get("VpcEndpointType", "Gateway")
    shape = Shape(
        type=kind,
        vpc_id=said["VpcId"],
        service_name=said["ServiceName"],
        subnet_ids=tuple(said.get("SubnetIds", ())),
        security_group_ids=tuple(said.get("SecurityGroupIds", ())),
        route_table_ids=tuple(said.get("RouteTableIds", ())),
        policy=json.dumps(said["PolicyDocument"]) if "PolicyDocument" in said else DEFAULT_POLICY[kind],
        private_dns_enabled=said.get("PrivateDnsEnabled", False),
    )
    backend: Any = ec2_backends[account_id][region_name]
    endpoint: Endpoint = backend.make_endpoint(shape, {each["Key"]: each["Value"] for each in said.get("Tags", ())})
    return _kept(endpoint, cloudformation_json)


def _kept(original_resource: Endpoint, cloudformation_json: dict[str, Any], **_: str) -> Endpoint:
    """Note what an endpoint's template says beside its properties; those do not change here."""
    original_resource.deletion_policy = cloudformation_json.get("DeletionPolicy", "Delete")
    return original_resource


def serve_stacks() -> None:
    """Have stacks make the endpoints of this AWS."""
    patch.object(VPCEndPoint, "create_from_cloudformation_json", _made).start()
    patch.object(VPCEndPoint, "update_from_cloudformation_json", _kept, create=True).start()
