"""The plan of the code, as claims that can fail: packages, layers, owners of libraries, and how long things are."""

from __future__ import annotations

import ast
import re
from configparser import ConfigParser
from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

import pytest

from tests.cases import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGES = {folder.name for folder in (ROOT / "generator").iterdir() if (folder / "__init__.py").exists()}
FLAT = {"__init__.py", "__main__.py", "generate.py"}
MODULES = sorted((ROOT / "generator").rglob("*.py"))
FUNCTION, MODULE, SUPPRESSIONS = 50, 250, 10
"""The most lines of a function and of a module, and the most comments that silence a checker."""
OWNERS = {
    "typer": "cli",
    "platformdirs": "cli",
    "wcwidth": "cli/views/table",
    "yaml": "source",
    "pydantic": "spec",
    "pydantic_core": "spec",
    "jinja2": "module/render team_templates/child",
    "hcl2": "hcl/parser",
    "lark": "hcl/parser",
    "jsonschema": "project/own_rules",
    "referencing": "project/own_rules",
    "regex": "hcl/layout project/own_rules",
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
    assert [
        name
        for name in importers
        if name not in OWNERS[library].split() and not f"{name}/".startswith(f"{OWNERS[library]}/")
    ] == []


def _layers() -> list[set[str]]:
    """Return the packages of each layer, the lowest first, as the contract has them."""
    contracts = ConfigParser()
    contracts.read(ROOT / ".importlinter")
    lines = contracts["importlinter:contract:layers"]["layers"].split()
    rows = " ".join(lines).replace(" | ", "|").split()
    return [{name.rpartition(".")[2] for name in row.split("|")} for row in reversed(rows)]


def _table() -> dict[str, tuple[int, set[str]]]:
    """Return the layer of each package and the libraries that it alone imports, as CONTRIBUTING.md has them."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| `(\w+)/` \| (\d) \| .* \| ([^|]+) \|$", text)
    return {name: (int(layer), set(re.findall(r"\w+", libraries))) for name, layer, libraries in rows}


def test_no_module_lies_flat() -> None:
    """A module is in the package of its subject; only what runs all of them is in none."""
    assert {path.name for path in (ROOT / "generator").glob("*.py")} == FLAT


def test_the_plan_is_small() -> None:
    """At most sixteen packages on at most eight layers, and each package is on one."""
    layers = _layers()

    assert len(layers) <= 8
    assert len(PACKAGES) <= 17
    assert sorted(name for layer in layers for name in layer) == sorted({*PACKAGES, "gen_endpoints", "generate"})


def test_the_table_in_contributing_is_the_tree() -> None:
    """Each package has its row, with its layer and the libraries that it owns; there is no other row."""
    layers = {name: number for number, layer in enumerate(_layers(), start=1) for name in layer if name != "generate"}
    owned = {
        name: {library for library, owner in OWNERS.items() if name in {each.split("/")[0] for each in owner.split()}}
        for name in layers
    }

    table = _table()
    assert {name: layer for name, (layer, _) in table.items()} == layers
    assert {name: libraries | owned[name] for name, (_, libraries) in table.items()} == owned


NAMES = {
    ".".join(module.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): module for module in MODULES
}
"""Each module by the name that it is imported by."""


def _imports(module: Path) -> Iterator[str]:
    """Yield the modules of ours that a module imports, wherever it does, those for types alone among them."""
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                yield inside if inside in NAMES else node.module


def test_no_two_modules_import_each_other() -> None:
    """There is no circle of imports, however long, not even for types."""
    graph = {
        name: {other for other in _imports(module) if other in NAMES and other != name}
        for name, module in NAMES.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle: {' → '.join(error.args[1])}")


def test_no_module_is_long() -> None:
    """A module of many lines is two."""
    lengths = {name: len(module.read_text(encoding="utf-8").splitlines()) for name, module in NAMES.items()}

    assert {name: length for name, length in lengths.items() if length > MODULE} == {}


def test_no_function_is_long() -> None:
    """A function of many lines is two; a command's options are not counted, since Typer takes them as parameters."""
    long = {}
    for name, module in NAMES.items():
        for node in ast.walk(_tree(module)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                begins = node.body[0].lineno if name.startswith("generator.cli.commands.") else node.lineno
                length = (node.end_lineno or begins) - begins + 1
                if length > FUNCTION:
                    long[f"{name}.{node.name}"] = length

    assert long == {}


def test_few_checks_are_switched_off() -> None:
    """What silences a checker is rare, and each says why."""
    folders = ("generator", "gen_endpoints", "scripts", "tests", "benchmarks")
    comments = [
        line
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"# (noqa|type: ignore|mypy:|ruff:|fmt: off)", line)
    ]

    assert len(comments) <= SUPPRESSIONS, comments
