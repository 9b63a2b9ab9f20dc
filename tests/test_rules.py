"""The rules: each refuses its case, accepts the one near it, and does so alone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from contextlib import chdir
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator import rules
from generator.generate import understand
from generator.rules.ignores import IDLE_IGNORE
from generator.source.codes import codes
from generator.source.diagnostics import Diagnostic, Refused, texts

if TYPE_CHECKING:
    from generator.intent.intent import Intent
    from generator.rules import Rule
    from generator.rules.rule import Findings
    from generator.source.diagnostics import Code

FOLDER = Path(__file__).parent
TODAY = date(2026, 11, 24)
REFUSED = sorted((FOLDER / "invalid").glob("*.yaml"))
ACCEPTED = sorted((FOLDER / "valid").glob("*.yaml"))
CODE = re.compile(r": ([EW][0-9]{3}) ")
OWN = {"E224", "E230", "W202", "W204", "W251", "W257", "W259"}
"""The rules that no page of AWS or Terraform states: they are this tool's own."""


def _found(case: Path) -> tuple[Diagnostic, ...]:
    """Return what is found in a spec, whether that refuses it or not."""
    with chdir(case.parent):
        try:
            return understand(case.name, TODAY).warnings
        except Refused as refused:
            return refused.diagnostics


@pytest.mark.parametrize("case", ACCEPTED, ids=lambda case: case.stem)
def test_the_case_next_to_a_refused_one_is_accepted(case: Path) -> None:
    """A rule does not go too far: nothing is refused, and the code that the file names is not told."""
    found = _found(case)

    assert [str(finding) for finding in found if not finding.is_warning] == []
    assert case.stem.partition("-")[0] not in {finding.code for finding in found}


@pytest.mark.parametrize("rule", [*rules.RULES, IDLE_IGNORE], ids=lambda rule: rule.code)
def test_each_rule_has_a_refused_and_an_accepted_case(rule: Code) -> None:
    """The files named by a code show where its rule begins and where it ends."""
    assert [case.stem for case in REFUSED if case.stem.startswith(f"{rule.code}-")], f"no tests/invalid/{rule.code}-…"
    assert [case.stem for case in ACCEPTED if case.stem.startswith(f"{rule.code}-")], f"no tests/valid/{rule.code}-…"


def test_each_rule_has_a_code_of_its_own() -> None:
    """One code is one rule."""
    assert len({rule.code for rule in rules.RULES}) == len(rules.RULES)


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.code)
def test_each_rule_says_why_what_helps_and_who_says_so(rule: Rule) -> None:
    """Nothing of a rule is left to be filled in."""
    assert rule.title, "write what it finds"
    assert rule.why.endswith("."), "write why"
    assert rule.fix[:1].islower(), "write what helps"
    assert rule.source.startswith("https://") != (rule.code in OWN), "write the page that says so"


def test_each_code_has_its_texts_and_no_text_is_left_over() -> None:
    """What `explain` prints of a code stands in data/codes.toml, a rule has its title as its docstring."""
    of_rules = {rule.code for rule in rules.RULES}
    assert texts().keys() == codes().keys()
    for code, text in texts().items():
        assert {"why"} <= text.keys() <= {"title", "why", "fix", "source"}, code
        assert ("title" in text) == (code not in of_rules or code == "W251"), (
            code
        )  # W251 is also found when a list is kept


def test_the_docs_have_each_code_that_a_spec_can_cause() -> None:
    """docs/rules.md has a section for each code that a wrong spec causes, docs/codes.md for each other."""
    caused = {code for case in REFUSED for code in CODE.findall(case.with_suffix(".txt").read_text(encoding="utf-8"))}
    sections = {
        name: re.findall(
            r"^## ([EW][0-9]{3}):", (FOLDER.parent / "docs" / name).read_text(encoding="utf-8"), re.MULTILINE
        )
        for name in ("rules.md", "codes.md")
    }

    assert {rule.code for rule in rules.RULES} - caused == set(), "write a spec in tests/invalid, then make golden"
    assert sections["rules.md"] == sorted(caused), "make docs"
    assert sections["codes.md"] == sorted(codes().keys() - caused), "make docs"


@cache
def _finders() -> dict[Path, dict[str, set[Diagnostic]]]:
    """Return what each rule finds in each refused case, by the rule's code."""
    found: dict[Path, dict[str, set[Diagnostic]]] = {}
    for case in REFUSED:
        by_rule: dict[str, set[Diagnostic]] = {}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(rules, "RULES", tuple(_noting(rule, by_rule) for rule in rules.RULES))
            _found(case)
        found[case] = by_rule
    return found


def _noting(rule: Rule, by_rule: dict[str, set[Diagnostic]]) -> Rule:
    def noting(intent: Intent) -> Findings:
        for finding in rule(intent):
            by_rule.setdefault(rule.code, set()).add(finding)
            yield finding.place, finding.message, finding.fix

    return replace(rule, find=noting)


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.code)
def test_without_its_rule_a_refused_case_passes(rule: Rule) -> None:
    """No rule is dead, or does what another does: there is a case in which it alone finds anything."""
    named = [case for case in _finders() if case.stem.startswith(f"{rule.code}-")]
    alone = [case for case in named if _finders()[case].keys() == {rule.code}]
    assert alone, "write a spec in tests/invalid in which this rule alone finds something"

    for case in alone:
        before = set(_found(case))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(rules, "RULES", tuple(other for other in rules.RULES if other is not rule))
            after = set(_found(case))

        assert before - after == _finders()[case][rule.code]
        assert {finding.code for finding in before - after} == {rule.code}
        assert [str(finding) for finding in after if not finding.is_warning] == []


def _scaffold(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "scripts/new_rule.py", *arguments],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_rule_that_was_scaffolded_is_one_that_the_tests_want_filled_in(tmp_path: Path) -> None:
    """`make rule CODE=W298` makes rule and cases where they belong, and whatever is left is a test that fails."""
    for folder in ("generator", "docs", "scripts"):
        shutil.copytree(FOLDER.parent / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ("invalid", "valid", "test_rules.py"):
        copy = shutil.copytree if (FOLDER / path).is_dir() else shutil.copy
        (tmp_path / "tests").mkdir(exist_ok=True)
        copy(FOLDER / path, tmp_path / "tests" / path)

    assert _scaffold(tmp_path, "W205").stdout.startswith("W205 is taken: An endpoint in one Availability Zone; free: W")
    assert _scaffold(tmp_path).stdout.startswith("free: E")
    assert "wrote generator/rules/groups.py\n" in _scaffold(tmp_path, "W298", "groups").stdout
    assert "wrote generator/rules/brand_new.py\n" in _scaffold(tmp_path, "W299", "brand_new").stdout
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/test_rules.py", "-q", "-p", "no:cacheprovider", "-k", "W29 or docs"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    left = {line.partition(" - ")[0].partition("::test_")[2] for line in run.stdout.splitlines() if "FAILED" in line}
    assert left == {
        "each_rule_says_why_what_helps_and_who_says_so[W298]",
        "each_rule_says_why_what_helps_and_who_says_so[W299]",
        "the_docs_have_each_code_that_a_spec_can_cause",
        "without_its_rule_a_refused_case_passes[W298]",
        "without_its_rule_a_refused_case_passes[W299]",
    }
