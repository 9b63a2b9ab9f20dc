"""What AWS takes by itself where an argument of `aws_vpc_endpoint` is left out: one table, with sources.

Each is Optional and Computed in the provider's schema, or in a block that is: taken out of the configuration, it stays
in AWS as it is, and no plan shows it. What no source says is unknown, and judged by nobody. Checked 2026-11-26:
https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/vpc_endpoint.go
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Arguments: TypeAlias = Mapping[str, Any]
"""The other arguments of the endpoint by Terraform's names: `vpc_endpoint_type`, `service_name` and the like."""
_API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html"
_TRIED = "https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/vpc_endpoint_test.go"
"""The provider's acceptance tests, which ask AWS itself."""


@dataclass(frozen=True, slots=True)
class Default:
    """What AWS takes where one argument is left out."""

    value: Callable[[Arguments], Any]
    """The value as a spec writes it; None where no source says."""
    sources: tuple[str, ...] = ()


def as_stated(field: str, arguments: Arguments) -> str:
    """Return how a spec states the default of a field, as `policy: full-access`; empty where it is unknown."""
    value, (head, _, option) = DEFAULTS[field].value(arguments), field.partition(".")
    text = str(value).lower() if isinstance(value, bool) else value
    return "" if value is None else f"{head}: {{{option}: {text}}}" if option else f"{head}: {text}"


def _of_types(**values: str) -> Callable[[Arguments], Any]:
    return lambda arguments: values.get(arguments.get("vpc_endpoint_type", "Gateway"))


def _records(arguments: Arguments) -> Any:
    """Return the addresses' kind; of a gateway the service defines them, and what AWS answers is not told."""
    return _of_types(Interface=str(arguments.get("ip_address_type") or "ipv4").lower())(arguments)


def _inbound(arguments: Arguments) -> bool | None:
    """Return False, but None for private DNS of Amazon S3: the provider and AWS differ in what they take."""
    is_s3 = str(arguments.get("service_name")).endswith(".s3") and arguments.get("vpc_endpoint_type") == "Interface"
    return None if is_s3 and arguments.get("private_dns_enabled") else False


_UNKNOWN = Default(lambda _: None)
_S3 = "https://github.com/hashicorp/terraform-provider-aws/issues/46404"
DEFAULTS: Mapping[str, Default] = {
    "policy": Default(_of_types(Interface="full-access", Gateway="full-access"), (_API,)),
    "ip_address_type": Default(_of_types(Interface="ipv4", Gateway="ipv4"), (_TRIED,)),
    "dns_options.dns_record_ip_type": Default(_records, (_TRIED,)),
    "dns_options.private_dns_only_for_inbound_resolver_endpoint": Default(_inbound, (_TRIED, _S3)),
    "dns_options.private_dns_preference": _UNKNOWN,
    "dns_options.private_dns_specified_domains": _UNKNOWN,
    "service_region": Default(lambda arguments: arguments.get("region"), (_API,)),
    "subnet_configuration": _UNKNOWN,  # AWS picks free addresses
    "private_dns_enabled": Default(lambda _: False, (_TRIED,)),  # the module states it always
    "security_groups": Default(lambda _: "[{default: true}]", (_API,)),  # needed, as are the next two: E222
    "subnets": _UNKNOWN,
    "route_tables": _UNKNOWN,
}
"""By the spec's field, or `dns_options.NAME`; `intent.endpoints.ARGUMENTS` has Terraform's names."""
