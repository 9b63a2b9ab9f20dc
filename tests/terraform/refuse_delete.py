"""What AWS refuses of an endpoint's deletion, and moto lets pass: one function a rule.

Each function takes the backend, the id of the endpoint and its Shape, and raises EC2ClientError. AWS answers 200 with
what it kept and why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.ec2.exceptions import EC2ClientError

from .endpoint import others

if TYPE_CHECKING:
    from moto.ec2.models import EC2Backend

    from .endpoint import Shape


def routed_to(backend: EC2Backend, endpoint_id: str, shape: Shape) -> None:
    """Keep a Gateway Load Balancer endpoint to which routes lead.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpcEndpoints.html
    The code and the text only the emulator says.
    """
    if shape.type != "GatewayLoadBalancer":
        return
    for table in backend.route_tables.values():
        if any(route.vpc_endpoint_id == endpoint_id for route in table.routes):
            raise EC2ClientError("DependencyViolation", f"Route table {table.id} has a route to {endpoint_id}")


def inbound_resolver_needs_it(backend: EC2Backend, endpoint_id: str, shape: Shape) -> None:
    """Keep a gateway while an interface endpoint of its service has private DNS for inbound Resolver endpoints alone.

    https://github.com/cloudposse/terraform-aws-vpc/issues/153
    """
    if shape.type != "Gateway":
        return
    for other in others(backend, shape.vpc_id, endpoint_id):
        if other.shape.inbound_resolver_only and other.service_name == shape.service_name:
            raise EC2ClientError(
                "InvalidParameter",
                f"Gateway endpoint cannot be deleted while Interface endpoint {other.id} for the service has "
                "PrivateDnsOnlyForInboundResolverEndpoint set to true.",
            )


REFUSALS = (routed_to, inbound_resolver_needs_it)
