"""What rendered files say, read back."""

import pytest

from generator.hcl import facts, parser
from generator.hcl.hcl import Block, Call, Expression
from generator.source.diagnostics import ExitCode, Refused

TEXT = """\
resource "aws_vpc_endpoint" "s3" {
  vpc_id = var.vpc_id

  subnet_ids = [
    "subnet-1",
    data.aws_subnet.a["x"].id,
  ]

  policy = jsonencode({
    "a:b" = true
    n     = -1
  })

  name = "com.amazonaws.${data.aws_region.current.id}.s3"

  timeouts {
    create = "10m"
  }
}
"""
BLOCK = Block(
    type="resource",
    labels=("aws_vpc_endpoint", "s3"),
    arguments={
        "vpc_id": Expression("var.vpc_id"),
        "subnet_ids": ("subnet-1", Expression('data.aws_subnet.a["x"].id')),
        "policy": Call("jsonencode", ({"a:b": True, "n": -1},)),
        "name": Expression('"com.amazonaws.${data.aws_region.current.id}.s3"'),
    },
    blocks=(Block(type="timeouts", arguments={"create": "10m"}),),
)


def test_blocks_are_read_back() -> None:
    """Every kind of value comes back as what it is."""
    assert facts.read_back({"main.tf": TEXT}).blocks == {"main.tf": (BLOCK,)}


def test_a_shape_is_read_once() -> None:
    """A second block of the same shape is filled in, not parsed."""
    known: dict[str, Block] = {}
    facts.read_back({"main.tf": TEXT}, known=known)
    again = facts.read_back({"main.tf": TEXT.replace('"s3"', '"sqs"').replace("subnet-1", "subnet-2")}, known=known)

    assert len(known) == 1
    assert again.blocks["main.tf"][0].labels == ("aws_vpc_endpoint", "sqs")
    assert again.blocks["main.tf"][0].arguments["subnet_ids"] == ("subnet-2", Expression('data.aws_subnet.a["x"].id'))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"subnet-1",', '"subnet-1"'),
        ("vpc_id = var.vpc_id", "vpc_id = var.vpc_id\n  vpc_id = var.vpc_id"),
        ("n     = -1", "n     = -1 m = 2"),
        ('create = "10m"', 'create = "10m'),
        ("vpc_id = var.vpc_id", "vpc_id =\n  var.vpc_id"),
        ("vpc_id = var.vpc_id", "vpc_id  = var.vpc_id"),
        ("\n\n  timeouts", "\n  timeouts"),
        ("timeouts {", "timeouts \u00a0{"),
        ("var.vpc_id", "var.vpc_id\r"),
        ("var.vpc_id", "var..vpc_id"),
        ("}\n", ""),
        ('"s3" {', '"s3" "s4 {'),
    ],
)
def test_damaged_text_is_our_bug(before: str, after: str) -> None:
    """What HashiCorp's parser would refuse, or anybody could misread, never passes as facts."""
    assert before in TEXT
    with pytest.raises(Refused) as refused:
        facts.read_back({"main.tf": TEXT.replace(before, after, 1)})

    assert refused.value.exit_code is ExitCode.BUG
    assert {finding.code for finding in refused.value.diagnostics} == {"E901"}


def test_every_damaged_file_is_named() -> None:
    """All findings of all files come in one run."""
    with pytest.raises(Refused) as refused:
        facts.read_back({"a.tf": "a =\n", "b.tf": 'b = "\n'})

    assert [finding.place.file for finding in refused.value.diagnostics] == ["a.tf", "b.tf"]


def test_any_hcl_can_be_read_loosely() -> None:
    """`show` reads what people wrote by hand: heredocs, odd layout, escapes."""
    blocks = parser.read('locals {\n a    =   "x\\"y"\n b = <<EOT\nhi\nEOT\n}\n')

    assert blocks is not None
    assert blocks[0].arguments["a"] == 'x"y'
    assert parser.read("a = = b\n") is None
