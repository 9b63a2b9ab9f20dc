"""The structure of the repository, as claims that can fail."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING

import pytest

from generator.spec import Endpoint, Spec
from tests.cases import ROOT, SPECS, generated

if TYPE_CHECKING:
    from pathlib import Path

    from generator.spec.scalars import Model

MODULES = sorted((ROOT / "generator").rglob("*.py"))
OWNERS = {
    "typer": "cli",
    "platformdirs": "cli",
    "wcwidth": "cli/views/table",
    "yaml": "source",
    "pydantic": "spec",
    "pydantic_core": "spec",
    "jinja2": "module/render",
    "hcl2": "hcl/parser",
    "lark": "hcl/parser",
    "regex": "hcl/layout",
    "boto3": "live/aws",
    "botocore": "live/aws",
}
"""The package or the module that owns a library."""


@cache
def _tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


@cache
def _imported(module: Path) -> frozenset[str]:
    """Return the first words of all that a module imports."""
    names: set[str] = set()
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return frozenset(name.partition(".")[0] for name in names)


@pytest.mark.parametrize("library", OWNERS)
def test_each_library_has_its_owner(library: str) -> None:
    """A library is imported by the module or package that owns it, and by no other."""
    importers = {
        module.relative_to(ROOT / "generator").with_suffix("").as_posix()
        for module in MODULES
        if library in _imported(module)
    }

    assert importers
    assert [name for name in importers if not f"{name}/".startswith(f"{OWNERS[library]}/")] == []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_no_module_is_long(module: Path) -> None:
    """A module of many lines is two."""
    assert len(module.read_text(encoding="utf-8").splitlines()) <= 290


@pytest.mark.parametrize("model", [Spec, Endpoint], ids=lambda model: model.__name__)
def test_each_field_has_an_example(model: type[Model]) -> None:
    """Every field of the spec and of an endpoint is used by some example."""
    text = "\n".join(spec.read_text(encoding="utf-8") for spec in SPECS)

    assert [name for name in model.model_fields if f"{name}:" not in text] == []


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_out_is_what_the_examples_render_to(spec: Path) -> None:
    """`out/` holds what the tool renders now, byte for byte."""
    folder = ROOT / "out" / generated(spec).module.name
    there = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }

    assert there == dict(generated(spec).files)


def test_help_imports_no_stage() -> None:
    """`--help` is quick: it loads neither the parsers nor the templates."""
    loaded = "{'pydantic', 'jinja2', 'hcl2', 'yaml'} & set(sys.modules)"
    code = f"import sys\nfrom generator import cli\ncli.application('--help')\nprint({loaded})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout == "set()\n"
