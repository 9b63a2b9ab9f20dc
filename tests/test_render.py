"""Templates that are wrong are our bug, said with their line."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from generator.module import render
from generator.source.diagnostics import ExitCode, Refused
from tests.cases import ROOT, SPECS, generated

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("{{ endpoint.labell }}", "has no attribute 'labell'"),
        ("{{ argument.vpc_idd }}", "has no attribute 'vpc_idd'"),
        ("{% if %}", "Expected an expression"),
        ("{{ 1.5 }}", "float is not an HCL value"),
    ],
)
def test_a_wrong_template_is_our_bug(wrong: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The finding names the template and its line, and exit 3 says whose turn it is."""
    templates = tmp_path / "templates"
    shutil.copytree(ROOT / "templates", templates)
    text = (templates / "main.tf.j2").read_text(encoding="utf-8").splitlines()
    number = next(number for number, line in enumerate(text) if "vpc_id = " in line)
    text[number] = f"  vpc_id = {wrong}"
    (templates / "main.tf.j2").write_text("\n".join(text), encoding="utf-8")
    monkeypatch.setattr(render, "_templates", lambda: templates)
    with pytest.raises(Refused) as refused:
        render.render(generated(SPECS[0]).module)

    (finding,) = refused.value.diagnostics
    assert refused.value.exit_code is ExitCode.BUG
    assert (finding.place.file, finding.place.line, finding.code) == ("templates/main.tf.j2", number + 1, "E900")
    assert message in finding.message


def test_every_template_is_used() -> None:
    """A template whose file no example has is dead."""
    templates = {
        path.relative_to(ROOT / "templates").as_posix().removesuffix(".j2")
        for path in (ROOT / "templates").rglob("*.j2")
    }

    assert templates == {path for spec in SPECS for path in generated(spec).files}


def test_compiled_templates_that_cannot_be_kept_are_no_matter(tmp_path: Path) -> None:
    """A folder for compiled templates that is gone, full or someone else's changes nothing."""
    made = generated(SPECS[0])

    assert render.render(made.module, tmp_path / "gone") == dict(made.files)


def test_damaged_compiled_templates_are_compiled_anew(tmp_path: Path) -> None:
    """A bit that flipped in a kept template costs a compilation, and is never run."""
    made = generated(SPECS[0])
    assert render.render(made.module, tmp_path) == dict(made.files)
    for kept in tmp_path.iterdir():
        content = bytearray(kept.read_bytes())
        content[len(content) // 2] ^= 1
        kept.write_bytes(content)

    assert render.render(made.module, tmp_path) == dict(made.files)
