"""Created security groups and their rules."""

from __future__ import annotations

import pytest

from generator.hcl.hcl import lines
from tests.cases import module

SPEC = """\
name: x
region: eu-west-1
aws_provider: ">= {floor}"
vpc: {vpc}
subnets: [{{name: a}}]
security_groups:
  - create: {{name: endpoints, ingress: [{ingress}]}}
endpoints:
  it: {{service: {service}}}
"""


def _rules(ingress: str, floor: str = "5.0", vpc: str = "{name: app}", service: str = "sqs") -> list[tuple[str, str]]:
    text = SPEC.format(ingress=ingress, floor=floor, vpc=vpc, service=service)
    _, *rules = module(text).security_groups
    return [(rule.labels[0], rule.label) for rule in rules]


ONE = "aws_vpc_security_group_ingress_rule"
LIST = "aws_security_group_rule"


@pytest.mark.parametrize(
    ("stated", "stored"),
    [
        ('{cidr_ipv6: "2001:DB8::/32"}', "2001:db8::/32"),
        ('{cidr_ipv6: "2001:db8:0:0::/64"}', "2001:db8::/64"),
        ('{cidr_ipv6: "0:0::/0"}', "::/0"),
        ("{cidr_ipv4: 10.0.0.0/08}", "10.0.0.0/8"),
    ],
)
def test_blocks_are_written_as_aws_stores_them(stated: str, stored: str) -> None:
    """Else each plan would change them back."""
    _, rule = module(SPEC.format(ingress=stated, floor="5.0", vpc="{name: app}", service="sqs")).security_groups

    assert f'"{stored}"' in "".join(lines(rule))


@pytest.mark.parametrize(
    ("arguments", "rules"),
    [
        (
            {"ingress": "{vpc: true}"},
            [(ONE, "endpoints_from_vpc_443_ipv4"), (ONE, "endpoints_from_vpc_443_ipv6")],
        ),
        ({"ingress": "{vpc: true}", "floor": "3.39"}, [(LIST, "endpoints_from_vpc_443")]),
        ({"ingress": "{vpc: true}", "vpc": "{variable: vpc_id}"}, [(LIST, "endpoints_from_vpc_443")]),
        ({"ingress": "{cidr_ipv4: 10.0.0.0/8}"}, [(ONE, "endpoints_from_10_0_0_0_8_443")]),
        ({"ingress": "{cidr_ipv4: 10.0.0.0/8}", "service": "cassandra"}, [(ONE, "endpoints_from_10_0_0_0_8_9142")]),
        (
            {"ingress": "{security_group: {name: Clients}, ports: [22, 53/udp]}"},
            [(ONE, "endpoints_from_clients_22"), (ONE, "endpoints_from_clients_53_udp")],
        ),
        (
            {"ingress": "{security_group: {name: a-b}}, {security_group: {name: a_b}}"},
            [(ONE, "endpoints_from_a_b_443"), (ONE, "endpoints_from_a_b_443_2")],
        ),
    ],
)
def test_each_source_and_port_is_a_rule(arguments: dict[str, str], rules: list[tuple[str, str]]) -> None:
    """The ports are the service's unless stated; the form is the one that the provider floor has."""
    assert _rules(**arguments) == rules
