"""The table of what AWS takes by itself has each argument that Terraform leaves as it is, with a source for a value."""

from __future__ import annotations

import json

import pytest

from generator.catalog.defaults import DEFAULTS, as_stated
from generator.intent.endpoints import ARGUMENTS
from generator.spec.model import DnsOptions, Endpoint
from tests.cases import ROOT

SCHEMA = json.loads((ROOT / "tests/data/aws_provider_6.62_schema.json").read_text(encoding="utf-8"))
S3 = {"vpc_endpoint_type": "Interface", "service_name": "com.amazonaws.eu-west-1.s3"}


def test_each_argument_that_terraform_leaves_is_in_the_table() -> None:
    """A field of the spec whose argument is Optional and Computed, or in a block that the provider reads back."""
    attributes = SCHEMA["resources"]["aws_vpc_endpoint"]["attributes"]
    kept = {name for name, each in attributes.items() if each.get("optional") and each.get("computed")}
    fields = {field for field in Endpoint.model_fields if ARGUMENTS.get(field, field) in kept}

    assert DEFAULTS.keys() == fields | {"subnet_configuration"} | {
        f"dns_options.{each}" for each in DnsOptions.model_fields
    }


@pytest.mark.parametrize(
    ("field", "arguments", "stated"),
    [
        ("policy", {}, "policy: full-access"),
        ("policy", {"vpc_endpoint_type": "Interface"}, "policy: full-access"),
        ("policy", {"vpc_endpoint_type": "Resource"}, ""),
        ("ip_address_type", {"vpc_endpoint_type": "Interface"}, "ip_address_type: ipv4"),
        ("ip_address_type", {"vpc_endpoint_type": "Resource"}, ""),
        ("dns_options.dns_record_ip_type", {}, ""),
        (
            "dns_options.dns_record_ip_type",
            {"vpc_endpoint_type": "Interface", "ip_address_type": "dualstack"},
            "dns_options: {dns_record_ip_type: dualstack}",
        ),
        (
            "dns_options.private_dns_only_for_inbound_resolver_endpoint",
            S3,
            "dns_options: {private_dns_only_for_inbound_resolver_endpoint: false}",
        ),
        ("dns_options.private_dns_only_for_inbound_resolver_endpoint", {**S3, "private_dns_enabled": True}, ""),
        ("dns_options.private_dns_preference", {"vpc_endpoint_type": "Resource"}, ""),
        ("subnet_configuration", {"vpc_endpoint_type": "Interface"}, ""),
        ("security_groups", {"vpc_endpoint_type": "Interface"}, "security_groups: [{default: true}]"),
    ],
)
def test_a_default_is_told_as_the_spec_states_it(field: str, arguments: dict[str, object], stated: str) -> None:
    """Where no source says what AWS takes, nothing is told."""
    assert as_stated(field, arguments) == stated
