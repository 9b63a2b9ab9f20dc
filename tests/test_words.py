"""The glossary of CONTRIBUTING.md, as claims that can fail: names say what they are in words that everybody uses."""

from __future__ import annotations

import ast
import re
from itertools import chain

from tests.cases import ROOT

FOLDERS = ("generator", "gen_endpoints", "templates", "scripts", "specs", "docs", "benchmarks", "tests")
NO_NAMES = frozenset(
    ("asked", "called", "combined", "gathered", "given", "heeded", "keyed", "meant", "owned", "placed", "proven")
) | frozenset(("refined", "said", "scene", "settled", "shown", "site", "standing", "thing", "told", "wanted"))
"""What no function and no class is called: participles that say nothing, and the words of the first layout."""
NO_WORD = re.compile(r"\bwi[s]h(e[ds])?\b", re.IGNORECASE)
"""The word that once was six things."""


def _defined() -> dict[str, str]:
    """Return the names of the functions and classes of the code, each with its module and line."""
    names: dict[str, str] = {}
    for module in chain.from_iterable((ROOT / folder).rglob("*.py") for folder in ("generator", "gen_endpoints")):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names[f"{module.relative_to(ROOT)}:{node.lineno}"] = node.name
    return names


def test_names_keep_to_the_glossary() -> None:
    """A function is a verb that says what it returns, a class is a noun of the field."""
    assert {place: name for place, name in _defined().items() if name.strip("_").lower() in NO_NAMES} == {}


def test_a_word_is_gone() -> None:
    """No file says it, in code, tests or prose."""
    files = chain(ROOT.glob("*.md"), *((ROOT / folder).rglob("*.*") for folder in FOLDERS))
    texts = {file: file.read_bytes().decode(errors="replace") for file in files if file.suffix != ".pyc"}

    assert [str(file.relative_to(ROOT)) for file, text in texts.items() if NO_WORD.search(text)] == []
