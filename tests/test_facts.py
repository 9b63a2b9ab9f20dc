"""What rendered files say, read back."""

import functools
import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.hcl import certain, facts, layout, parser, patterns
from generator.hcl.hcl import KEYWORDS, Block, Call, Expression
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


def _value(*entries: str) -> str:
    return layout.format("\n".join(['output "ids" {', "value = {", *entries, "}", "}"]) + "\n")


@settings(deadline=None)  # the first of them loads python-hcl2
@given(
    st.lists(
        st.builds(
            "{} = {}".format,
            st.sampled_from(["a", "b", "k", "s", '"k 0"', '"s 0"', '"c"', "for-each", "name"]),
            st.sampled_from(
                [
                    *("aws_x.a.id", "aws_x.b.id", "aws_x.c-d.id", "aws_x.a.arn", "aws_x.a.z[*].id", "aws_y.a.id"),
                    *(
                        '"aws_x.a.id"',
                        "true",
                        "[aws_x.a.id]",
                        "{\na = aws_x.a.id\nb = aws_x.b.id\n}",
                        "data.aws_x.a.id",
                    ),
                    *("aws_x.true.id", 'aws_x.a["k 0"].id', '"k 0"', '""', '"two words = 1"'),
                    *('"a \\"quote\\" \\\\"', '"${aws_x.a.id}"', '"s 0"'),
                ]
            ),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_entries_that_are_alike_read_as_what_they_are(entries: list[str]) -> None:
    """An object reads as python-hcl2 reads the whole of it, however many of its lines are one line of its shape."""
    text, known = _value(*entries), dict[str, Block]()
    wanted = parser.read(text)
    if wanted is None:
        with pytest.raises(Refused):
            facts.read_back({"outputs.tf": text}, known)
        return

    assert facts.read_back({"outputs.tf": text}, known).blocks["outputs.tf"] == wanted
    assert all(certain.is_certain(block, shape) for shape, block in known.items())


def test_an_output_of_more_endpoints_has_the_shape_that_is_known() -> None:
    """An endpoint more is no reason to load python-hcl2."""
    known = dict[str, Block]()
    facts.read_back({"outputs.tf": _value("s3 = aws_vpc_endpoint.s3.id")}, known)
    facts.read_back({"outputs.tf": _value("s3 = aws_vpc_endpoint.s3.id", "logs = aws_vpc_endpoint.logs.id")}, known)

    assert len(known) == 1


def test_other_tags_have_the_shape_that_is_known() -> None:
    """A team's own tags are no reason to load python-hcl2 either."""
    known = dict[str, Block]()
    facts.read_back({"outputs.tf": _value('Name = "a"')}, known)
    text = _value('Name = "b"', 'Team = "\\"c\\" $${d}"', 'Cost-Center = "4 = 2"')
    (block,) = facts.read_back({"outputs.tf": text}, known).blocks["outputs.tf"]

    assert len(known) == 1
    assert block.arguments["value"] == {"Name": "b", "Team": '"c" ${d}', "Cost-Center": "4 = 2"}


_STRINGS = (
    '"a"',
    '""',
    '"s 1"',
    '"k 0"',
    '"aws_x.n1.id"',
    '"a \\"b\\" = {"',
    '"$${a} %"',
    '"${aws_x.n1.id} of s 0"',
    '"# é"',
)
_NAMES = ("a", "n0", "n1", "for-each", "this", *sorted(KEYWORDS))
_FORMS = {
    "head": "# title\n\n# of ONE\nx ONE {\na = TWO\n}",
    "labels": 'x "aws_x" ONE {\na = TWO\nlonger = [TWO, ONE]\n}',
    "names": "x ONE {\na = aws_x.NAME[ONE].id == TWO\nb = [aws_y.NAME.id, ONE]\n}",
    "compared": "x {\na = ONE == TWO\nb {\nc = TWO\n}\n}",
    "keys": "x {\na = {\nONE = TWO\nTWO = aws_x.NAME.id\nb = aws_x.NAME.id\n}\n}",
    "entries": "x {\na = {\nb = ONE\nccc = TWO\n}\nd = f(aws_x.NAME.id, data.aws_x.NAME[ONE])\n}",
    "others": "x {\na = xaws_x.NAME.id\nb = module.NAME\nc = aws_x.NAME\n}\n\n# of TWO, aws_x.NAME\ny {\na = true\n}",
}


@pytest.mark.parametrize("form", _FORMS.values(), ids=_FORMS)
def test_blocks_of_one_pattern_read_as_each_does_alone(form: str) -> None:
    """What was read in others of its pattern makes no block another one."""
    known, shapes = patterns.Shapes(), dict[str, Block]()
    for strings in itertools.product(_STRINGS, _STRINGS):
        for name in _NAMES if "NAME" in form else ("",):
            texts = zip(("ONE", "TWO", "NAME"), (*strings, name), strict=True)
            text = layout.format(functools.reduce(lambda found, each: found.replace(*each), texts, form))

            assert _read(text, known) == _read(text, shapes)


@pytest.mark.parametrize("form", _FORMS.values(), ids=_FORMS)
def test_no_block_of_a_pattern_passes_in_another_layout(form: str) -> None:
    """A blank too many or too few, a line too many or too few: that others of its pattern were right is no proof."""
    known = patterns.Shapes()
    for one, two in (('"a"', '"b"'), ('"c"', '"d"'), ('"longer"', '"d"')):
        text = layout.format(form.replace("ONE", one).replace("TWO", two).replace("NAME", "a"))
        _read(text, known)
        for at, character in enumerate(text):
            for damaged in (
                (text[:at] + text[at + 1 :], text[:at] + character + text[at:]) if character in " \n" else ()
            ):
                found = _read(damaged, known)

                assert layout.format(damaged) == damaged or {each.code for each in found} == {"E901"}


def _read(text: str, known: dict[str, Block]) -> Any:
    try:
        return facts.read_back({"main.tf": text}, known).blocks["main.tf"]
    except Refused as refused:
        return refused.diagnostics


def test_what_looks_like_a_place_in_a_template_is_none() -> None:
    """A name as `n1`, which shapes give to names too, is kept where a string is evaluated."""
    text = 'a "aws_x" "b" {\n  c = aws_x.one.id\n  d = "${aws_x.n0.id} aws_x.n7"\n}\n'
    (block,) = facts.read_back({"main.tf": text}).blocks["main.tf"]

    assert block.arguments["d"] == Expression('"${aws_x.n0.id} aws_x.n7"')


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
