"""The shape of a block, and strings that are strings beyond doubt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.hcl import hcl, shapes

TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from('\n\r\t"\\$%{}'))


@given(TEXT)
def test_a_string_reads_back_as_the_text_that_was_written(value: str) -> None:
    """What `hcl.text` writes is one string, and means the text again."""
    shape = shapes.shape(f"a = {hcl.text(value)}\n")

    assert shape is not None
    assert (shape.text, shape.string("s 0")) == ('a = "s 0"\n', value)


@pytest.mark.parametrize(
    "string",
    [
        '"open',
        '"two" lines"',
        '"raw\nnewline"',
        '"tab\t"',
        '"nul\0"',
        r'"\d"',
        r'"\u0026"',
        '"${a b}"',
        '"${f("x")}"',
        '"%{ if a }"',
        '"$$${a}"',
        "\\",
    ],
)
def test_a_string_that_parsers_see_in_two_ways_has_no_shape(string: str) -> None:
    """Raw control characters, unknown escapes and templates that this tool never writes are refused."""
    assert shapes.shape(f"a = {string}\n") is None


def test_a_shape_forgets_strings_names_layout_and_comments() -> None:
    """Two endpoints that differ in names alone have one shape."""
    first = shapes.shape('# first\nresource "aws_a" "b" {\n  a    = aws_x.one.id\n\n  long = ["p"]\n}\n')
    second = shapes.shape('resource "aws_c" "d" {\n  a = aws_x.two.id\n  long = ["q"]\n}\n')

    assert first is not None
    assert second is not None
    assert first.text == second.text
    assert first.names == ("one",)
    assert second.strings == ('"aws_c"', '"d"', '"q"')


def test_a_template_stays_in_the_shape() -> None:
    """A string that Terraform evaluates is code, not text."""
    shape = shapes.shape('a = "x.${data.aws_region.current.id}.y"\n')

    assert shape is not None
    assert shape.text == 'a = "x.${data.aws_region.current.id}.y"\n'


def test_an_expression_is_filled_with_what_it_held() -> None:
    """Strings and names in an expression come back as they were written."""
    shape = shapes.shape('a = aws_x.one["k"].id == "v"\n')

    assert shape is not None
    assert shape.fill('aws_x.n0["s 0"].id == "s 1"') == 'aws_x.one["k"].id == "v"'


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("data.aws_vpc.this.id", ["data.aws_vpc.this.id"]),
        ('x.tags["Name"] == "see (var.env)"', ["x.tags[", "] == "]),
        ('"com.${data.aws_region.current.id}.s3 local.x"', ["${data.aws_region.current.id}"]),
        (r'["$${var.x} \" var.y", var.z, "\u0024${var.a}"]', ["[", ", var.z, ", "${var.a}", "]"]),
    ],
)
def test_text_in_an_expression_is_told_from_what_is_evaluated(expression: str, code: list[str]) -> None:
    """The pieces are the whole, and only what Terraform evaluates is code."""
    pieces = [*shapes.parts(expression)]

    assert "".join(piece for piece, _ in pieces) == expression
    assert [piece for piece, is_code in pieces if is_code and piece] == code
