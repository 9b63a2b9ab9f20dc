"""Specs that are refused: each gives exactly the text beside it."""

from datetime import date
from pathlib import Path

import pytest

from generator.generate import understand
from generator.source.codes import codes
from generator.source.diagnostics import Refused
from tests.golden import Golden

FOLDER = Path(__file__).parent / "invalid"
CASES = sorted(FOLDER.glob("*.yaml"))
ELSEWHERE = ("E00", "E01", "E03", "E277", "E278", "E279", "E28", "E3", "E4", "W4", "E9")
"""Of texts, folders, AWS's answers, queries, prices, first specs and our own bugs: proven where they are made."""
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_wrong_spec_gets_every_mistake_told(case: Path, golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    """All mistakes come in one run, each at its line and column, with the fix."""
    monkeypatch.chdir(FOLDER)
    try:
        found = understand(case.name, TODAY).warnings
    except Refused as refused:
        found = refused.diagnostics

    golden(case.with_suffix(".txt"), "".join(f"{finding}\n" for finding in found))


@pytest.mark.parametrize("code", [code for code in codes() if not code.startswith(ELSEWHERE)])
def test_each_code_has_a_case(code: str) -> None:
    """A code that no spec can cause is dead."""
    assert [case for case in CASES if code in case.with_suffix(".txt").read_text(encoding="utf-8")]
