"""Templates that are wrong are our bug, said with their line."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import jinja2
import pytest

from generator.generate import generate
from generator.module import render
from generator.source.diagnostics import ExitCode, Refused
from tests.cases import KEPT, ROOT, SPECS, generated

if TYPE_CHECKING:
    from pathlib import Path

    from generator.hcl.hcl import Value


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("{{ each.labell }}", "has no attribute 'labell'"),
        ("{{ each.arguments.vpc_idd }}", "has no attribute 'vpc_idd'"),
        ("{% if %}", "Expected an expression"),
        ("{{ 1.5 }}", "float is not an HCL value"),
    ],
)
def test_a_wrong_template_is_our_bug(wrong: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The finding names the template and its line, and exit 3 says whose turn it is."""
    templates = tmp_path / "templates"
    shutil.copytree(ROOT / "templates", templates)
    text = (templates / "main.tf.j2").read_text(encoding="utf-8").splitlines()
    number = next(number for number, line in enumerate(text) if "block(each)" in line)
    text[number] = wrong
    (templates / "main.tf.j2").write_text("\n".join(text), encoding="utf-8")
    monkeypatch.setattr(render, "templates", lambda: templates)
    with pytest.raises(Refused) as refused:
        render.render(generated(SPECS[0]).module)

    (finding,) = refused.value.diagnostics
    assert refused.value.exit_code is ExitCode.BUG
    assert (finding.place.file, finding.place.line, finding.code) == ("templates/main.tf.j2", number + 1, "E900")
    assert message in finding.message


def test_a_wrong_macro_is_our_bug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The finding names the file of the macro and its line, not those of the template that calls it."""
    templates = tmp_path / "templates"
    shutil.copytree(ROOT / "templates", templates)
    macro = templates / "_block.j2"
    macro.write_text(macro.read_text(encoding="utf-8").replace("{{ value }}", "{{ value.nothing }}"), encoding="utf-8")
    monkeypatch.setattr(render, "templates", lambda: templates)
    with pytest.raises(Refused, match="has no attribute 'nothing'") as refused:
        render.render(generated(SPECS[0]).module)

    (finding,) = refused.value.diagnostics
    number = next(n for n, line in enumerate(macro.read_text("utf-8").splitlines(), 1) if "value.nothing" in line)
    assert (finding.place.file, finding.place.line) == ("templates/_block.j2", number)


@pytest.mark.parametrize("forgotten", ["content.arguments.items()", "content.blocks"])
def test_a_macro_that_forgets_something_is_refused(
    forgotten: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a template leaves out, the read-back misses: nothing of that module is written."""
    templates = tmp_path / "templates"
    shutil.copytree(ROOT / "templates", templates)
    macro = templates / "_block.j2"
    macro.write_text(macro.read_text(encoding="utf-8").replace(forgotten, "()"), encoding="utf-8")
    monkeypatch.setattr(render, "templates", lambda: templates)
    with pytest.raises(Refused, match="E902") as refused:
        generate(str(SPECS[0]), KEPT)

    assert refused.value.exit_code is ExitCode.BUG


def test_templates_come_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes is what Jinja makes of the texts now, and a render compiles nothing."""
    command = (sys.executable, str(ROOT / "scripts" / "compile_templates.py"), "--check")
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    templates = shutil.copytree(ROOT / "templates", tmp_path / "templates")
    monkeypatch.setattr(render, "templates", lambda: templates)
    monkeypatch.setattr(jinja2.Environment, "compile", None)

    assert (made.returncode, made.stdout) == (0, "")
    assert render.render(generated(SPECS[0]).module) == generated(SPECS[0]).files


def test_a_compiled_template_tells_the_line_of_its_text() -> None:
    """The finding names the template and its line, as one that is compiled anew does."""
    module, wrong = generated(SPECS[0]).module, cast("Value", 1.5)
    first = replace(module.endpoints[0], arguments={**module.endpoints[0].arguments, "vpc_id": wrong})
    with pytest.raises(Refused, match="float is not an HCL value") as refused:
        render.render(replace(module, endpoints=(first,)))

    (finding,) = refused.value.diagnostics
    lines = (ROOT / "templates" / "_block.j2").read_text(encoding="utf-8").splitlines()
    assert finding.place.file == "templates/_block.j2"
    assert "{{ value }}" in lines[(finding.place.line or 0) - 1]


def test_every_template_is_used() -> None:
    """A template whose file no example has is dead."""
    templates = {
        path.relative_to(ROOT / "templates").as_posix().removesuffix(".j2")
        for path in (ROOT / "templates").rglob("*.j2")
        if not path.name.startswith("_") and "examples" not in path.parts
    }

    assert templates == {path for spec in SPECS for path in generated(spec).files}
