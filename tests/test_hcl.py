"""What values look like when they are written."""

from typing import cast

import pytest

from generator.hcl import hcl
from generator.hcl.hcl import Block, Call, Expression


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", '"plain"'),
        ('quote " and \\', '"quote \\" and \\\\"'),
        ("line\nreturn\rtab\t", '"line\\nreturn\\rtab\\t"'),
        ("${aws:username}", '"$${aws:username}"'),
        ("%{ if true }", '"%%{ if true }"'),
        ("${", '"\\u0024{"'),
        ("%{", '"\\u0025{"'),
        ("$${a}", '"$\\u0024{a}"'),
        ("${a${b}", '"\\u0024{a$${b}"'),
        ("100 % of $5", '"100 % of $5"'),
        (True, "true"),
        (1, "1"),
        (None, "null"),
        (Expression("var.x"), "var.x"),
        ((), "[]"),
        (("a",), '["a"]'),
        (("a", "b"), '[\n"a",\n"b",\n]'),
        (({"a": 1},), "[\n{\na = 1\n},\n]"),
        ({}, "{}"),
        ({"a": 1, "b c": 2, "for": 3, "null": 4}, '{\na = 1\n"b c" = 2\n"for" = 3\n"null" = 4\n}'),
        (Call("jsonencode", ({"a": 1},)), "jsonencode({\na = 1\n})"),
    ],
)
def test_a_value_is_written_as_hcl(value: hcl.Value, text: str) -> None:
    """Each kind of value has one form."""
    assert hcl.literal(value) == text


@pytest.mark.parametrize("value", [1.5, {1, 2}, object()])
def test_what_is_no_value_is_refused(value: object) -> None:
    """A value of no HCL type raises, so that a template can't write nonsense."""
    with pytest.raises(TypeError, match="is not an HCL value"):
        hcl.literal(cast("hcl.Value", value))


def test_a_block_is_written_with_its_arguments_first() -> None:
    """A block's labels are quoted, its arguments stand before the blocks inside it."""
    inner = Block(type="filter", arguments={"name": "vpc-id"})
    block = Block(type="data", labels=("aws_vpc", "this"), arguments={"id": Expression("var.id")}, blocks=(inner,))

    assert list(hcl.lines(block)) == [
        'data "aws_vpc" "this" {',
        "id = var.id",
        "filter {",
        'name = "vpc-id"',
        "}",
        "}",
    ]


@pytest.mark.parametrize(
    ("block", "address"),
    [
        (Block(type="resource", labels=("aws_vpc_endpoint", "s3")), "aws_vpc_endpoint.s3"),
        (Block(type="data", labels=("aws_vpc", "this")), "data.aws_vpc.this"),
    ],
)
def test_a_block_knows_its_address(block: Block, address: str) -> None:
    """The address is the one that Terraform prints."""
    assert block.address == address


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (("plain ", "text"), '"plain text"'),
        ((Expression("var.a"),), "var.a"),
        (("a/", Expression("var.b"), "/*"), '"a/${var.b}/*"'),
        ((Expression("var.a"), Expression("var.b")), '"${var.a}${var.b}"'),
        (("$", Expression("var.a"), "{b}"), '"\\u0024${var.a}{b}"'),
        (("$", "{a}", Expression("var.a")), '"$${a}${var.a}"'),
        (("${tag/", Expression("var.a"), "}"), '"$${tag/${var.a}}"'),
        (('"%', Expression("var.a")), '"\\"%${var.a}"'),
    ],
)
def test_references_stand_in_text_that_is_not_evaluated(parts: tuple[str | Expression, ...], text: str) -> None:
    """What is around a reference stays text; real Terraform evaluates such in tests/terraform/test_policies.py."""
    assert hcl.literal(hcl.template(parts)) == text
