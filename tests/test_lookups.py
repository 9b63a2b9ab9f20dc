"""How the module finds what stands around its endpoints."""

from __future__ import annotations

import pytest

from generator.hcl.hcl import Call, Expression
from generator.source.diagnostics import Refused
from tests.cases import module

SPEC = """\
name: x
region: eu-west-1
vpc: {name: app}
security_groups: [{name: endpoints}]
"""


@pytest.mark.parametrize(
    ("subnets", "value"),
    [
        ("[{id: subnet-0a1b2c3d}]", ("subnet-0a1b2c3d",)),
        ("[{name: a-b}]", (Expression("data.aws_subnet.a_b.id"),)),
        ("[{tags: {Tier: private}}]", Expression("local.subnet_ids_of_private")),
        ("[{variable: ids}]", Expression("var.ids")),
        (
            "[{name: a}, {variable: ids}]",
            Call("concat", ((Expression("data.aws_subnet.a.id"),), Expression("var.ids"))),
        ),
    ],
)
def test_each_form_of_reference_has_its_expression(subnets: str, value: object) -> None:
    """By id it stays the id; by name, tags or input it is looked up or given."""
    endpoint = module(f"{SPEC}subnets: {subnets}\nendpoints:\n  sqs: {{service: sqs}}\n").endpoints[0]

    assert endpoint.arguments["subnet_ids"] == value


def test_names_that_make_one_label_are_two_lookups() -> None:
    """`a-b` and `a_b` are two subnets, and so are a Name tag and a tag of one text."""
    subnets = "[{name: a-b}, {name: a_b}, {name: 日本}, {name: 中国}]"
    found = module(f"{SPEC}subnets: {subnets}\nendpoints:\n  q: {{service: sqs}}\n")
    labels = [block.label for block in found.lookups if block.labels[:1] == ("aws_subnet",)]

    assert sorted(labels) == ["a_b", "a_b_2", "subnet", "subnet_2"]


def test_one_reference_is_looked_up_once() -> None:
    """Two endpoints in one subnet share its lookup."""
    found = module(f"{SPEC}subnets: [{{name: a}}]\nendpoints:\n  q: {{service: sqs}}\n  n: {{service: sns}}\n")

    assert [block.label for block in found.lookups if block.labels[:1] == ("aws_subnet",)] == ["a"]


@pytest.mark.parametrize(
    ("route_tables", "labels"),
    [
        ("[{tags: {Tier: private}}, {subnet: {name: private}}]", {"private", "of_private"}),
        ("[{name: main}, {main: true}]", {"main", "main_2"}),
    ],
)
def test_lookups_of_route_tables_are_not_mistaken(route_tables: str, labels: set[str]) -> None:
    """Tables found by tags, by subnet, by name and as the main table have labels of their own."""
    found = module(f"{SPEC}route_tables: {route_tables}\nendpoints:\n  s3: {{service: s3, type: Gateway}}\n")
    kinds = {"aws_route_tables", "aws_route_table"}
    made = {block.label for block in found.lookups if block.labels and block.labels[0] in kinds}

    assert labels <= made


def test_inputs_are_checked_where_they_come_in() -> None:
    """Each input has its type and a validation that names what it takes."""
    (variable,) = module(f"{SPEC}subnets: [{{variable: ids}}]\nendpoints:\n  q: {{service: sqs}}\n").variables

    assert variable.arguments["type"] == Expression("list(string)")
    assert variable.nested("validation")[0].arguments["error_message"] == (
        "ids must be one or more ids of subnets, as subnet-…."
    )


def test_an_input_of_two_kinds_is_refused() -> None:
    """An input can't be the ids of subnets and of groups."""
    with pytest.raises(Refused, match="E207"):
        module(
            "name: x\nregion: eu-west-1\nvpc: {name: app}\nsubnets: [{variable: ids}]\n"
            "security_groups: [{variable: ids}]\nendpoints:\n  q: {service: sqs}\n"
        )
