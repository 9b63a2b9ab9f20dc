"""What AWS takes by itself where an argument of `aws_vpc_endpoint` is left out: one table, with its sources.

Each is Optional and Computed in the provider's schema, or in a block that is: taken out of the configuration, it stays
in AWS as it is, and no plan shows it. What no source says is unknown (None), and judged by nobody. Checked 2026-11-26:
API: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html
Tried: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/vpc_endpoint_test.go asks AWS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

Arguments: TypeAlias = Mapping[str, Any]
"""The other arguments of the endpoint by Terraform's names: `vpc_endpoint_type`, `service_name` and the like."""


def as_stated(field: str, arguments: Arguments) -> str:
    """Return how a spec states the default of a field, as `policy: full-access`; empty where it is unknown."""
    value, (head, _, option) = DEFAULTS[field](arguments), field.partition(".")
    text = str(value).lower() if isinstance(value, bool) else value
    return "" if value is None else f"{head}: {{{option}: {text}}}" if option else f"{head}: {text}"


def _if_tried(value: Any, arguments: Arguments, *types: str) -> Any:
    return value if arguments.get("vpc_endpoint_type", "Gateway") in types else None


def _is_s3_with_private_dns(arguments: Arguments) -> bool:
    is_s3 = str(arguments.get("service_name")).endswith(".s3") and arguments.get("vpc_endpoint_type") == "Interface"
    return is_s3 and bool(arguments.get("private_dns_enabled"))


DEFAULTS: Mapping[str, Callable[[Arguments], Any]] = {
    "policy": lambda its: _if_tried("full-access", its, "Interface", "Gateway"),  # API
    "ip_address_type": lambda its: _if_tried("ipv4", its, "Interface", "Gateway"),  # tried
    # tried; of a gateway the service defines them, and what AWS answers is not told
    "dns_options.dns_record_ip_type": lambda its: _if_tried(its.get("ip_address_type") or "ipv4", its, "Interface"),
    # tried; of S3 they differ: https://github.com/hashicorp/terraform-provider-aws/issues/46404
    "dns_options.private_dns_only_for_inbound_resolver_endpoint": lambda its: (
        None if _is_s3_with_private_dns(its) else False
    ),
    "dns_options.private_dns_preference": lambda _: None,
    "dns_options.private_dns_specified_domains": lambda _: None,
    "service_region": lambda its: its.get("region"),  # API
    "subnet_configuration": lambda _: None,  # AWS picks free addresses
    "private_dns_enabled": lambda _: False,  # tried; the module states it always
    "security_groups": lambda _: "[{default: true}]",  # API; needed, as are the next two: E222
    "subnets": lambda _: None,
    "route_tables": lambda _: None,
}
"""By the spec's field, or `dns_options.NAME`; `intent.endpoints.ARGUMENTS` has Terraform's names."""
