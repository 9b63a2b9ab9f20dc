"""What a spec means."""

from __future__ import annotations

import pytest

from generator.hcl.hcl import Expression
from tests.cases import module

HEAD = """\
name: x
region: eu-west-1
vpc: {name: app}
subnets: [{name: a}, {name: b}]
security_groups: [{name: endpoints}]
route_tables: [{main: true}]
tags: {Team: platform}
private_dns_enabled: true
endpoints:
"""


NEW = HEAD.replace("name: x\n", 'name: x\naws_provider: ">= 6.0"\n')


def _arguments(endpoint: str) -> dict[str, object]:
    return dict(module(f"{HEAD}  it: {endpoint}\n").endpoints[0].arguments)


@pytest.mark.parametrize(
    ("endpoint", "argument", "value"),
    [
        ("{service: sqs}", "tags", {"Team": "platform"}),
        ("{service: sqs, name: queue}", "tags", {"Name": "queue", "Team": "platform"}),
        ("{service: sqs, name: queue, tags: {Own: yes}}", "tags", {"Name": "queue", "Own": "yes"}),
        ("{service: sqs, tags: {}}", "tags", {}),
        ("{service: sqs, private_dns_enabled: false}", "private_dns_enabled", False),
        ("{service: sqs, subnets: [{id: subnet-0a1b2c3d}]}", "subnet_ids", ("subnet-0a1b2c3d",)),
        ("{service: sqs, security_groups: [{id: sg-0a1b2c3d}]}", "security_group_ids", ("sg-0a1b2c3d",)),
        ("{service: sqs, service_region: eu-west-2}", "service_name", "com.amazonaws.eu-west-2.sqs"),
    ],
)
def test_what_an_endpoint_states_replaces_the_default(endpoint: str, argument: str, value: object) -> None:
    """A default holds until the endpoint says otherwise; nothing is added to what it says."""
    assert module(f"{NEW}  it: {endpoint}\n").endpoints[0].arguments[argument] == value


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("{service: sqs}", True),
        ("{service: s3, type: Interface}", False),
        ("{service: dynamodb, type: Interface}", False),
        ("{service_name: com.amazonaws.eu-west-1.brand-new}", True),
        ("{service_name: com.amazonaws.vpce.eu-west-1.vpce-svc-0a1b2c3d4e5f60718}", False),
    ],
)
def test_private_dns_is_on_where_the_service_takes_it_at_once(endpoint: str, expected: object) -> None:
    """Amazon S3, DynamoDB and third parties' services need more than a flag, so nobody guesses it."""
    head = HEAD.replace("private_dns_enabled: true\n", "")

    assert module(f"{head}  it: {endpoint}\n").endpoints[0].arguments["private_dns_enabled"] is expected


def test_a_gateway_has_neither_subnets_nor_groups() -> None:
    """What the type does not take is not rendered, not even as an empty list."""
    assert sorted(_arguments("{service: s3, type: Gateway}")) == [
        "route_table_ids",
        "service_name",
        "tags",
        "vpc_endpoint_type",
        "vpc_id",
    ]


def test_a_service_name_is_literal_where_the_region_is_known() -> None:
    """No data source stands between the spec and what AWS gets."""
    assert _arguments("{service: ecr.dkr}")["service_name"] == "com.amazonaws.eu-west-1.ecr.dkr"


def test_an_s3_interface_comes_after_its_gateway() -> None:
    """AWS makes it only beside the gateway, unless it is for all of the VPC."""
    both = "  gate: {service: s3, type: Gateway}\n  face: {service: s3, type: Interface, private_dns_enabled: true"
    gateway, interface = module(f"{HEAD}{both}}}\n").endpoints
    option = "dns_options: {private_dns_only_for_inbound_resolver_endpoint: false}"
    alone = module(f"{NEW}{both}, {option}}}\n").endpoints[1]

    assert interface.arguments["depends_on"] == (Expression("aws_vpc_endpoint.gate"),)
    assert "depends_on" not in gateway.arguments
    assert "depends_on" not in alone.arguments
