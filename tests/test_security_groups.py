"""Created security groups and their rules."""

from __future__ import annotations

import pytest

from generator.hcl.hcl import lines, literal
from tests.cases import ROOT, generated, module

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
        ({"ingress": "{vpc: true}"}, [(ONE, "endpoints_443_ipv4"), (ONE, "endpoints_443_ipv6")]),
        ({"ingress": "{vpc: true}", "floor": "3.39"}, [(LIST, "endpoints_from_vpc_443")]),
        ({"ingress": "{vpc: true}", "vpc": "{variable: vpc_id}"}, [(LIST, "endpoints_from_vpc_443")]),
        ({"ingress": "{cidr_ipv4: 10.0.0.0/8}"}, [(ONE, "endpoints_443_ipv4")]),
        ({"ingress": "{cidr_ipv4: 10.0.0.0/8}", "floor": "3.39"}, [(LIST, "endpoints_443_ipv4")]),
        ({"ingress": "{cidr_ipv4: 10.0.0.0/8}", "service": "cassandra"}, [(ONE, "endpoints_9142_ipv4")]),
        (
            {"ingress": "{security_group: {name: Clients}, ports: [22, 53/udp]}, {vpc: true, ports: [22-23]}"},
            [
                (ONE, "endpoints_22_security_groups"),
                (ONE, "endpoints_53_udp_security_groups"),
                (ONE, "endpoints_22_23_ipv4"),
                (ONE, "endpoints_22_23_ipv6"),
            ],
        ),
        (
            {"ingress": "{security_group: {name: a-b}}, {cidr_ipv4: 10.0.0.0/8}, {security_group: {name: a_b}}"},
            [(ONE, "endpoints_443_security_groups"), (ONE, "endpoints_443_ipv4")],
        ),
    ],
)
def test_the_rules_of_a_port_and_family_are_one(arguments: dict[str, str], rules: list[tuple[str, str]]) -> None:
    """The ports are the service's unless stated; the form is the one that the provider floor has."""
    assert _rules(**arguments) == rules


def _entries(ingress: str) -> dict[str, str]:
    """Return what each resource of rules is keyed by, and the descriptions, as text."""
    _, *rules = module(SPEC.format(ingress=ingress, floor="5.0", vpc="{name: app}", service="sqs")).security_groups
    return {rule.label.removeprefix("endpoints_"): literal(rule.arguments["for_each"]) for rule in rules}


@pytest.mark.parametrize(
    ("source", "family", "key"),
    [
        ("security_group: {id: sg-0a1b2c3d4e5f60718}", "security_groups", "sg-0a1b2c3d4e5f60718"),
        ("security_group: {name: clients}", "security_groups", "clients"),
        ("security_group: {name: sg-like}", "security_groups", r'"\"sg-like\""'),
        ("security_group: {tags: {Name: sg-like}}", "security_groups", r'"\"sg-like\""'),
        ("security_group: {tags: {Name: clients}}", "security_groups", "clients"),
        ("security_group: {tags: {Team: b, App: a}}", "security_groups", '"App=a,Team=b"'),
        ('security_group: {tags: {a: "1,b=2"}}', "security_groups", r'"{\"a\": \"1,b=2\"}"'),
        ("prefix_list: {tags: {Name: pl-x}}", "prefix_lists", r'"{\"Name\": \"pl-x\"}"'),
        ("prefix_list: {name: pl-x}", "prefix_lists", r'"\"pl-x\""'),
        ("security_group: {variable: clients}", "security_groups", '"var.clients"'),
        ("prefix_list: {name: office}", "prefix_lists", "office"),
        ("cidr_ipv4: 10.0.0.0/8", "ipv4", '"10.0.0.0/8"'),
    ],
)
def test_each_source_has_its_key(source: str, family: str, key: str) -> None:
    """A key is what is let in, never its position; no two sources share one."""
    assert f"{key} = " in _entries(f"{{{source}}}")[f"443_{family}"]


def test_no_two_sources_share_a_key() -> None:
    """Else a rule is lost in silence; the files say so too, whatever is in the tags and names."""
    made = generated(ROOT / "tests" / "valid" / "E214-sources-of-like-names.yaml").module

    _, *rules = made.security_groups
    assert [literal(rule.arguments["for_each"]).count(" = {") for rule in rules] == [4, 4]


def test_the_order_of_ingress_means_nothing() -> None:
    """The same resources with the same keys, whatever the order."""
    sources = ["{vpc: true}", "{cidr_ipv4: 192.168.0.0/16}", "{cidr_ipv4: 172.16.0.0/12, description: x}"]

    one, other = _entries(", ".join(sources)), _entries(", ".join(reversed(sources)))

    assert {name: sorted(text.split()) for name, text in one.items()} == {
        name: sorted(text.split()) for name, text in other.items()
    }


def test_the_rules_of_earlier_modules_move_to_their_keys() -> None:
    """Each rule had an address made of its source's text, numbered where two were alike."""
    ingress = (
        '{vpc: true}, {cidr_ipv6: "2001:DB8:0::/32"}, {security_group: {name: a-b}}, {security_group: {name: a_b}}'
    )
    moved = module(SPEC.format(ingress=ingress, floor="5.0", vpc="{name: app}", service="sqs")).moved

    assert {literal(each.arguments["from"]): literal(each.arguments["to"]) for each in moved} == {
        f"{ONE}.endpoints_from_{before}": f"{ONE}.endpoints_443_{now}"
        for before, now in {
            "vpc_443_ipv4": "ipv4",
            "vpc_443_ipv6": "ipv6",
            "2001_db8_0_32_443": 'ipv6["2001:db8::/32"]',
            "a_b_443": 'security_groups["a-b"]',
            "a_b_443_2": 'security_groups["a_b"]',
        }.items()
    }


@pytest.mark.parametrize(
    ("arguments", "rules"),
    [
        ({}, [(ONE, "endpoints_443_ipv4"), (ONE, "endpoints_443_ipv6")]),
        ({"floor": "4.55"}, [(LIST, "endpoints_from_subnets_443")]),
        ({"vpc": "{variable: vpc_id}"}, [(LIST, "endpoints_from_subnets_443")]),
    ],
)
def test_the_blocks_of_the_subnets_are_let_in(arguments: dict[str, str], rules: list[tuple[str, str]]) -> None:
    """Beside those of other sources; in one list where they may be unknown at plan, or the provider is older."""
    assert _rules("{subnets: true}", **arguments) == rules


def test_an_equal_block_of_the_subnets_is_one_rule() -> None:
    """What is stated says most, then what comes first in the spec."""
    stated = '{vpc: true, description: v}, {subnets: true, description: ""}, {cidr_ipv4: 10.0.0.0/24}'
    made = module(SPEC.format(ingress=stated, floor="5.0", vpc="{name: app}", service="sqs"))
    _, ipv4, ipv6 = made.security_groups
    of_subnets, of_vpc = (
        "{ for block in local.subnet_cidr_blocks : block => null }",
        '{ for block in local.vpc_cidr_blocks : block => "v" }',
    )

    assert " ".join(literal(ipv4.arguments["for_each"]).split()) == (
        f'merge({of_subnets}, {of_vpc}, {{ "10.0.0.0/24" = "HTTPS from 10.0.0.0/24" }})'
    )
    assert "subnet_ipv6_cidr_blocks" in literal(ipv6.arguments["for_each"])
    assert all("subnets" not in literal(each.arguments["from"]) for each in made.moved)
