"""What AWS refuses of an endpoint's DNS names, and moto lets pass: one function a rule.

Each function takes the backend, the id of the endpoint (empty before it is made) and the Shape that it would get, and
raises EC2ClientError. Where a source quotes AWS's code and text, they are AWS's; where it only states the rule, the
code is `InvalidParameter` and the text is ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.ec2.exceptions import EC2ClientError

from .endpoint import others

if TYPE_CHECKING:
    from moto.ec2.models import EC2Backend

    from .endpoint import Shape

RECORDS = {
    ("Interface", "ipv4"): {"ipv4"},
    ("Interface", "ipv6"): {"ipv6"},
    ("Interface", "dualstack"): {"dualstack", "ipv4", "ipv6", "service-defined"},
    ("Gateway", "ipv4"): {"ipv4", "service-defined"},
    ("Gateway", "ipv6"): {"ipv6", "service-defined"},
    ("Gateway", "dualstack"): {"dualstack", "ipv4", "ipv6", "service-defined"},
}
"""The DNS records that an endpoint of a type and an address type may have.

https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
"""


def private_dns(backend: EC2Backend, endpoint_id: str, shape: Shape) -> None:
    """Refuse private DNS in a VPC without the DNS attributes, or where another endpoint has the same name.

    https://github.com/hashicorp/terraform-provider-aws/issues/17535 (conflicting DNS domain)
    https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html (prerequisites)
    """
    if not shape.private_dns_enabled:
        return
    vpc = backend.get_vpc(shape.vpc_id)
    if not (vpc.enable_dns_support and vpc.enable_dns_hostnames):
        message = (
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for "
        )
        raise EC2ClientError("InvalidParameter", message + vpc.id)
    if shape.type != "Interface":
        return
    for other in others(backend, shape.vpc_id, endpoint_id):
        if other.private_dns_enabled and other.service_name == shape.service_name:
            raise EC2ClientError(
                "InvalidParameter",
                "private-dns-enabled cannot be set because there is already a conflicting DNS domain for "
                f"{other.dns_entries[-1]['dns_name']} in the VPC {shape.vpc_id}",
            )


def inbound_resolver(backend: EC2Backend, endpoint_id: str, shape: Shape) -> None:
    """Refuse private DNS for inbound Resolver endpoints alone without a gateway beside it, or on anything but S3.

    https://github.com/hashicorp/terraform-provider-aws/issues/33689
    https://github.com/hashicorp/terraform-provider-aws/issues/45846 (not an interface endpoint)
    """
    option = "PrivateDnsOnlyForInboundResolverEndpoint"
    if shape.type != "Interface" and option in shape.dns_options:
        raise EC2ClientError("InvalidParameter", f"DnsOptions {option} is applicable only to Interface VPC Endpoints.")
    if shape.type == "Interface" and not shape.is_s3_interface and option in shape.dns_options:
        raise EC2ClientError("InvalidParameter", f"{option} not supported for this service.")
    gateways = (other for other in others(backend, shape.vpc_id, endpoint_id) if other.shape.type == "Gateway")
    if shape.inbound_resolver_only and shape.service_name not in {gateway.service_name for gateway in gateways}:
        raise EC2ClientError(
            "InvalidParameter",
            f"To set {option} to true, the VPC {shape.vpc_id} must have a Gateway endpoint for the service.",
        )


def dns_records(_backend: EC2Backend, _id: str, shape: Shape) -> None:
    """Refuse DNS records that do not go with the endpoint's address type; `RECORDS` names the source."""
    records = shape.dns_options.get("DnsRecordIpType")
    if records and records not in RECORDS.get((shape.type, shape.ip_address_type), {records}):
        message = (
            f"DnsRecordIpType {records} does not go with an endpoint of type {shape.type} and {shape.ip_address_type}"
        )
        raise EC2ClientError("InvalidParameter", message)


REFUSALS = (private_dns, inbound_resolver, dns_records)
