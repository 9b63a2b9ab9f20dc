"""Real Terraform as the judge of how many characters a policy has."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.hcl import hcl, layout
from generator.hcl.hcl import Block, Call, Expression
from generator.intent import policies
from tests.terraform.runner import terraform

if TYPE_CHECKING:
    from pathlib import Path

CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"])
TEXT = st.text(CHARACTERS | st.sampled_from("<>&\"\\\n\t'$%{}\u2028"))
NUMBERS = st.integers(-(10**15), 10**15) | st.floats(-1e12, 1e12).filter(lambda each: abs(each) > 1e-9)
DOCUMENTS = st.recursive(
    TEXT | NUMBERS | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT.filter(bool), inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents=st.lists(DOCUMENTS, min_size=40, max_size=80))
def test_a_policy_is_counted_as_terraform_sends_it(
    terraform_command: tuple[str, ...], tmp_path: Path, documents: list[Any]
) -> None:
    """`encode` gives the very text that `jsonencode` gives."""
    folder = tmp_path / "counted"
    folder.mkdir(exist_ok=True)
    composed = [json.loads(_composed(json.dumps(document, ensure_ascii=False))) for document in documents]
    values = tuple(Call("jsonencode", (policies.as_value(document, str),)) for document in composed)
    output = Block(type="output", labels=("sent",), arguments={"value": values})
    (folder / "main.tf").write_bytes(layout.format("\n".join(hcl.lines(output))).encode())
    oracle = terraform(terraform_command, folder, tmp_path, tmp_path / "settings")
    oracle.must("apply", "-auto-approve", "-input=false")

    sent = json.loads(oracle.must("output", "-json").output)["sent"]["value"]
    assert sent == [policies.encode(document) for document in composed]


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(st.lists(TEXT | st.none(), min_size=1, max_size=5), min_size=40, max_size=80))
def test_text_around_a_reference_is_not_evaluated(
    terraform_command: tuple[str, ...], tmp_path: Path, texts: list[list[str | None]]
) -> None:
    """`template` gives text in which the references alone are replaced."""
    folder = tmp_path / "templates"
    folder.mkdir(exist_ok=True)
    reference = Expression("local.known")
    values = tuple(hcl.template([reference if each is None else _composed(each) for each in text]) for text in texts)
    known = Block(type="locals", arguments={"known": "<$ {known} %>"})
    output = Block(type="output", labels=("sent",), arguments={"value": values})
    text = "\n".join([*hcl.lines(known), *hcl.lines(output)])
    (folder / "main.tf").write_bytes(layout.format(text).encode())
    oracle = terraform(terraform_command, folder, tmp_path, tmp_path / "settings")
    oracle.must("apply", "-auto-approve", "-input=false")

    sent = json.loads(oracle.must("output", "-json").output)["sent"]["value"]
    wanted = ["".join("<$ {known} %>" if each is None else _composed(each) for each in text) for text in texts]
    assert sent == [_composed(each) for each in wanted]


def _composed(text: str) -> str:
    """Return text in normal form C, which is all that a spec may hold (E012)."""
    return unicodedata.normalize("NFC", text)
