"""HashiCorp's own parser as the oracle: for any text a user may write, and for damaged modules."""

from __future__ import annotations

import json
import random
from contextlib import nullcontext
from typing import TYPE_CHECKING
from unicodedata import is_normalized

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.hcl import hcl, layout
from generator.hcl.hcl import Block, Expression
from generator.intent.policies import encode
from generator.source import source
from generator.source.diagnostics import Refused
from generator.source.terraform_json import read_plan
from tests.cases import ROOT, SPECS, generated
from tests.terraform.runner import Terraform, terraform
from tests.test_check import is_damage_noticed

if TYPE_CHECKING:
    from pathlib import Path

PIECES = [*'"\\$%{}~#=', "${", "%{", "\n", "\r\n", "\t", "<<EOT\n", "EOT", "//", "/*", "path.cwd"]
TEXT = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=8).map("".join)
CHARACTERS = '"\\\n${}%=[],#/*<~ -_.aZ0\t\r\x00é\u2019\u2028'
MUTANTS = 6000
LAYOUTS = sorted((ROOT / "tests" / "layout").glob("*.out"))


@pytest.fixture
def oracle(terraform_command: tuple[str, ...], tmp_path: Path) -> Terraform:
    """Terraform in a folder of its own, without providers."""
    folder = tmp_path / "oracle"
    folder.mkdir()
    return terraform(terraform_command, folder, tmp_path, tmp_path / "settings")


def _arrives(text: str) -> bool:
    try:
        source.parse(json.dumps({"text": text}, ensure_ascii=True), "spec.yaml")
    except Refused:
        return False
    return True


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(TEXT, min_size=50, max_size=150))
def test_any_text_arrives_as_it_is(oracle: Terraform, texts: list[str]) -> None:
    """Text that `source` lets in is the same text in Terraform, as a value and as a key."""
    wanted = {text: text for text in texts if _arrives(text)}
    output = Block(type="output", labels=("text",), arguments={"value": wanted})
    (oracle.folder / "main.tf").write_bytes(layout.format("\n".join(hcl.lines(output))).encode())
    oracle.must("apply", "-auto-approve", "-input=false")

    assert json.loads(oracle.must("output", "-json").output)["text"]["value"] == wanted


def test_jsonencode_breaks_just_the_text_that_is_refused(oracle: Terraform) -> None:
    """Whatever stands before a combining mark, a policy's text arrives unless the rule (E254) refuses it."""
    marks = [chr(each) for each in (*range(0x300, 0x345), 0x3099, 0x93C, 0x1D165, 0x200D)]
    before = [*map(chr, range(0x20, 0x7F)), "\n", "\r", "\t", "\u2028", "é", "\n\u0316", ">\u0316", "n\u0316\n"]
    texts = [text for text in (each + mark for each in before for mark in marks) if _arrives(text)]
    locals_ = Block(type="locals", arguments={"texts": tuple(texts)})
    broken = Expression(
        "[for text in local.texts : text if try(jsondecode(jsonencode({ (text) = text }))[text], 0) != text]"
    )
    output = Block(type="output", labels=("broken",), arguments={"value": broken})
    lines = (line for block in (locals_, output) for line in hcl.lines(block))
    (oracle.folder / "main.tf").write_bytes(layout.format("\n".join(lines)).encode())
    oracle.must("apply", "-auto-approve", "-input=false")

    refused = [text for text in texts if not is_normalized("NFC", encode(text))]
    assert json.loads(oracle.must("output", "-json").output)["broken"]["value"] == refused
    assert 10 < len(refused) < len(texts) / 10


@pytest.mark.parametrize("case", LAYOUTS, ids=lambda case: case.stem)
def test_the_layout_is_that_of_terraform_fmt(oracle: Terraform, case: Path) -> None:
    """`terraform fmt` has nothing to change in what `layout` makes, whatever the script of a key."""
    (oracle.folder / "main.tf").write_bytes(case.read_bytes())

    assert oracle.run("fmt", "-check", "-diff").output == ""


def test_most_text_is_let_in() -> None:
    """The property above speaks of nearly all text, not of the few that are let in."""
    assert all(_arrives(piece) for piece in PIECES)


def _mutant(text: str, chance: random.Random) -> tuple[str, bool]:
    """Return text with a character put in, put in another's place, or with some gone, and whether in a comment."""
    kind, start = chance.randrange(3), chance.randrange(len(text))
    end = start + (0, chance.choice([1, 1, 1, 2, 5, 20]), 1)[kind]
    is_comment = text[text.rfind("\n", 0, start) + 1 :].lstrip().startswith("#")
    return text[:start] + ("" if kind == 1 else chance.choice(CHARACTERS)) + text[end:], is_comment


def test_no_mutant_passes_that_terraform_refuses(oracle: Terraform) -> None:
    """Of modules with one damage each, those that pass the read-back are sound HCL, and nearly all are of comments."""
    chance = random.Random(5)
    comments = code = 0
    for number in range(MUTANTS):
        spec = chance.choice(SPECS)
        path = chance.choice([path for path in generated(spec).files if path != "README.md"])
        text = generated(spec).files[path]
        mutant, is_comment = _mutant(text, chance)
        if mutant != text and not is_damage_noticed(generated(spec), path, mutant):
            comments, code = comments + is_comment, code + (not is_comment)
            (oracle.folder / f"mutant_{number}.tf").write_bytes(mutant.encode())

    assert oracle.run("fmt", "-check", "-recursive").code == 0
    assert comments > 0
    assert code < MUTANTS / 100


def test_a_plan_of_targets_is_not_whole(oracle: Terraform) -> None:
    """Terraform says so, and not what it left out; a plan of all is read."""
    (oracle.folder / "main.tf").write_text('resource "terraform_data" "a" {}\nresource "terraform_data" "b" {}\n')
    shown = oracle.folder / "plan.json"
    oracle.must("init")
    for option, is_whole in (("-refresh=false", True), ("-target=terraform_data.a", False)):
        oracle.must("plan", option, "-out=saved")
        shown.write_text(oracle.must("show", "-json", "saved").output)
        assert json.loads(shown.read_text()).get("complete", is_whole) is is_whole  # which Terraform has since 1.8
        with nullcontext() if is_whole else pytest.raises(Refused, match="not whole, as one of -target is"):
            assert len(read_plan(str(shown)).changes) == 2
