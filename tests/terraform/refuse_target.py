"""What AWS refuses of an endpoint's target, type and policy, and moto lets pass: one function a rule.

Each function takes the backend, the id of the endpoint (empty before it is made) and the Shape that it would get, and
raises EC2ClientError. Where a source quotes AWS's code and text, they are AWS's; where it only states the rule, the
code is `InvalidParameter` and the text is ours.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from moto.ec2.exceptions import EC2ClientError

from .endpoint import ADDRESSED, DEFAULT_POLICY, GUARDED

if TYPE_CHECKING:
    from moto.ec2.models import EC2Backend

    from .endpoint import Shape

ALSO_OFFERED = {
    "dynamodb": {"Gateway", "Interface"},
    "s3express": {"Gateway"},
}
"""The services whose types moto does not know: the interface endpoints of DynamoDB, the gateway of S3 Express One Zone.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/privatelink-interface-endpoints.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-networking.html
"""

WITHOUT_POLICIES = (r"com\.amazonaws\.[a-z0-9-]+\.neptune-graph", r"com\.amazonaws\.vpce\..+")
"""The services that take no policy at all, not even one that allows everything, as far as a report tells.

https://github.com/awslabs/landing-zone-accelerator-on-aws/issues/936 (neptune-graph)
https://github.com/pulumi/pulumi-aws-native/issues/1711 (a service of one's own)
"""

_LATTICE_ARN = {
    "Resource": (
        "resource_configuration_arn",
        r"arn:[^:]+:vpc-lattice:[^:]+:\d{12}:resourceconfiguration/rcfg-[0-9a-f]{17}",
    ),
    "ServiceNetwork": ("service_network_arn", r"arn:[^:]+:vpc-lattice:[^:]+:\d{12}:servicenetwork/sn-[0-9a-f]{17}"),
}


def offered(backend: EC2Backend, name: str, region: str) -> set[str]:
    """Return the endpoint types that a service has. Raises InvalidServiceName where there is no such service."""
    regional = re.fullmatch(rf"com\.amazonaws\.{re.escape(region)}\.(.+)", name)
    if regional and regional[1] in ALSO_OFFERED:
        return ALSO_OFFERED[regional[1]]
    if f"com.amazonaws.vpce.{region}.vpce-svc-" in name:
        own = [service for service in backend.configurations.values() if service.service_name == name]
        if own and own[0].gateway_load_balancer_arns:
            return {"GatewayLoadBalancer"}
        return {"Interface"} if own else {"Interface", "GatewayLoadBalancer"}
    found = backend.describe_vpc_endpoint_services([name], filters=[], max_results=0, next_token=None, region=region)
    return {kind["ServiceType"] for each in found["servicesDetails"] for kind in each["ServiceType"]}


def service(backend: EC2Backend, _id: str, shape: Shape) -> None:
    """Refuse a target that is not there, or that has no endpoints of this type.

    https://github.com/hashicorp/terraform-provider-aws/issues/9864 (InvalidServiceName)
    """
    if shape.type in _LATTICE_ARN:
        field, pattern = _LATTICE_ARN[shape.type]
        if not re.fullmatch(pattern, getattr(shape, field)) or shape.service_name:
            raise EC2ClientError(
                "InvalidParameter", f"An endpoint of type {shape.type} takes a {field} and no service name"
            )
        return
    types = offered(backend, shape.service_name, shape.service_region or backend.region_name)
    if shape.type not in types:
        names = ", ".join(sorted(types))
        message = f"Endpoint type ({shape.type}) does not match available service types ([{names}])."
        raise EC2ClientError("InvalidParameter", message)


def fields_of_type(_backend: EC2Backend, _id: str, shape: Shape) -> None:
    """Refuse a field that this type of endpoint does not have.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html
    """
    wrong = {
        "subnets": bool(shape.subnet_ids) and shape.type not in ADDRESSED,
        "security groups": bool(shape.security_group_ids) and shape.type not in GUARDED,
        "private DNS": shape.private_dns_enabled and shape.type not in GUARDED,
        "route tables": bool(shape.route_table_ids) and shape.type != "Gateway",
        "a service Region": bool(shape.service_region) and shape.type != "Interface",
        "a policy": bool(shape.policy) and shape.type not in {"Interface", "Gateway"},
        "exactly one subnet": shape.type == "GatewayLoadBalancer" and len(shape.subnet_ids) != 1,
    }
    for name, is_wrong in wrong.items():
        if is_wrong:
            verb = "has" if name.startswith("exactly") else "can't have"
            raise EC2ClientError("InvalidParameter", f"An endpoint of type {shape.type} {verb} {name}")


def policy(_backend: EC2Backend, _id: str, shape: Shape) -> None:
    """Refuse a policy that is no JSON object, or is longer than 20,480 characters, or on a service without policies.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    """
    if not shape.policy:
        return
    is_given = shape.policy != DEFAULT_POLICY.get(shape.type)
    if is_given and any(re.fullmatch(pattern, shape.service_name) for pattern in WITHOUT_POLICIES):
        message = f"Service {shape.service_name} only supports the full-access endpoint policy."
        raise EC2ClientError("InvalidParameter", message)
    try:
        is_object = isinstance(json.loads(shape.policy), dict)
    except ValueError:
        is_object = False
    if not is_object or len(shape.policy) > 20480:
        raise EC2ClientError(
            "InvalidPolicyDocument", "The policy document must be a JSON object of at most 20480 characters"
        )


REFUSALS = (service, fields_of_type, policy)
