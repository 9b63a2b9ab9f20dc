"""The structure of the repository, as claims that can fail."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from generator.spec import Endpoint, Spec
from tests.cases import ROOT, SPECS, generated

if TYPE_CHECKING:
    from pathlib import Path

    from generator.spec.scalars import Model


@pytest.mark.parametrize("model", [Spec, Endpoint], ids=lambda model: model.__name__)
def test_each_field_has_an_example(model: type[Model]) -> None:
    """Every field of the spec and of an endpoint is used by some example; templates need more files, so by a page."""
    files = (*SPECS, ROOT / "docs" / "how-to" / "own-templates.md")
    text = "\n".join(each.read_text(encoding="utf-8") for each in files)

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


def test_no_pattern_is_possessive_of_a_group() -> None:
    """Python 3.11.0 to 3.11.4 match such groups wrongly (https://github.com/python/cpython/issues/106052)."""
    possessive = re.compile(r"[^\\]\)(?:[*+?]|\{[\d,]+\})\+|\(\?>")
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("generator", "gen_endpoints", "scripts")
        for path in (ROOT / folder).rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if possessive.search(line)
    ]

    assert wrong == []


def test_help_imports_no_stage() -> None:
    """`--help` is quick: it loads neither the parsers nor the templates."""
    loaded = "{'pydantic', 'jinja2', 'hcl2', 'yaml'} & set(sys.modules)"
    code = f"import sys\nfrom generator import cli\ncli.application('--help')\nprint({loaded})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout == "set()\n"


@pytest.mark.parametrize("command", ["render", "check", "validate"])
def test_an_unchanged_run_loads_no_parser(command: str, tmp_path: Path) -> None:
    """What reads specs and renders is loaded for a spec or a folder that is not as an earlier run left it."""
    out = () if command == "validate" else ("--out", str(tmp_path / "out"))
    folders = {name: str(tmp_path) for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "HOME")}
    environment = {name: value for name, value in os.environ.items() if name != "CI"} | folders
    code = "import sys\nfrom generator import cli\nraise SystemExit(cli.run() or HEAVY & {*sys.modules})"
    code = code.replace("HEAVY", "{'pydantic', 'jinja2', 'hcl2', 'yaml', 'generator.generate'}")
    for words in (("render", str(SPECS[0]), "--out", str(tmp_path / "out")), (command, str(SPECS[0]), *out)) * 2:
        last = subprocess.run(
            [sys.executable, "-c", code, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )

    assert last.stderr == "set()\n"


def test_pydantic_is_the_same_where_it_is_loaded_quickly() -> None:
    """What stands in for types and dataclasses while it is loaded goes, and changes neither schemas nor findings."""
    code = """
import sys, dataclasses, typing, typing_extensions
before = dataclasses.dataclass, typing.TypedDict, typing_extensions.TypedDict
import generator
generator.is_command = sys.argv[1] == "command"
from generator import spec
from generator.source import source
from generator.source.diagnostics import Refused
import pydantic, pydantic_core
assert before == (dataclasses.dataclass, typing.TypedDict, typing_extensions.TypedDict)
assert ("get_plugins" in vars(sys.modules.get("pydantic.plugin._loader", pydantic))) == generator.is_command
assert pydantic_core.core_schema.CoreConfig(title="a") == {"title": "a"}
assert type(pydantic.ConfigDict(title="a")) is dict
print(spec.json_schema())
for path in sys.argv[2:]:
    try:
        print(spec.decode(source.read(path)))
    except Refused as refused:
        print(*refused.diagnostics)
"""
    files = [*map(str, SPECS), *map(str, sorted((ROOT / "tests" / "invalid").glob("*.yaml")))]
    found = [
        subprocess.run([sys.executable, "-c", code, way, *files], cwd=ROOT, capture_output=True, text=True, check=True)
        for way in ("command", "program")
    ]

    assert found[0].stdout == found[1].stdout


def test_a_first_render_loads_only_what_it_needs(tmp_path: Path) -> None:
    """Nothing loads the parsers with which pydantic would look for its plugins, nor what judges files that are not."""
    command = (sys.executable, "-X", "importtime", "-m", "generator", "render", str(SPECS[0]), "--out", str(tmp_path))
    loaded = {
        line.split()[-1]
        for line in subprocess.run(command, capture_output=True, text=True, check=True).stderr.splitlines()
    }

    unneeded = {"importlib.metadata", "email.message", "importlib.resources", "generator.module.intrusion"}
    assert ({"pydantic_core"} | unneeded) & loaded == {"pydantic_core"}
