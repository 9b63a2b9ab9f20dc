"""The rules: each refuses its case, accepts the one near it, and does so alone."""

from __future__ import annotations

from contextlib import chdir
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

import pytest

from generator import rules
from generator.generate import understand
from generator.source import codes
from generator.source.diagnostics import Code, Diagnostic, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent
TODAY = date(2026, 11, 24)
REFUSED = sorted((FOLDER / "invalid").glob("*.yaml"))
ACCEPTED = sorted((FOLDER / "valid").glob("*.yaml"))
DECLARED = {
    value.code
    for module in iter_modules(rules.__path__)
    for value in vars(import_module(f"generator.rules.{module.name}")).values()
    if isinstance(value, Code)
}
RULES = (*rules.SPEC_RULES, *rules.ENDPOINT_RULES)


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


@pytest.mark.parametrize("code", sorted(DECLARED))
def test_each_code_has_a_refused_and_an_accepted_case(code: str) -> None:
    """The files named by a code show where its rule begins and where it ends."""
    assert [case.stem for case in REFUSED if case.stem.startswith(f"{code}-")]
    assert [case.stem for case in ACCEPTED if case.stem.startswith(f"{code}-")]


def test_each_code_is_told_with_its_source() -> None:
    """No rule is missing in `explain` and the docs, and each names the page that it comes from, or is our own."""
    own = {"E224", "E229", "E230", "W202", "W204"}

    assert codes.rules().keys() == DECLARED
    assert {name for name, (_, code) in codes.rules().items() if not code.source} == own


@cache
def _finders() -> dict[Path, dict[Any, set[Diagnostic]]]:
    """Return what each rule finds in each refused case."""
    found: dict[Path, dict[Any, set[Diagnostic]]] = {}
    for case in REFUSED:
        by_rule: dict[Any, set[Diagnostic]] = {}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(rules, "SPEC_RULES", tuple(_noting(rule, by_rule) for rule in rules.SPEC_RULES))
            patch.setattr(rules, "ENDPOINT_RULES", tuple(_noting(rule, by_rule) for rule in rules.ENDPOINT_RULES))
            _found(case)
        found[case] = by_rule
    return found


def _noting(rule: Any, by_rule: dict[Any, set[Diagnostic]]) -> Any:
    def noting(*arguments: Any) -> Iterator[Diagnostic]:
        for finding in rule(*arguments):
            by_rule.setdefault(rule, set()).add(finding)
            yield finding

    return noting


def _is_named(case: Path, found: set[Diagnostic]) -> bool:
    """Tell whether the case bears the code of what was found; another is of what comes before the rules."""
    return case.stem.partition("-")[0] in {finding.code for finding in found}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.__module__.rpartition('.')[2]}.{rule.__name__}")
def test_without_its_rule_a_refused_case_passes(rule: Any) -> None:
    """No rule is dead, or does what another does: there is a case in which it alone finds anything."""
    alone = [case for case, found in _finders().items() if set(found) == {rule} and _is_named(case, found[rule])]
    assert alone

    for case in alone:
        before = set(_found(case))
        with pytest.MonkeyPatch.context() as patch:
            for name in ("SPEC_RULES", "ENDPOINT_RULES"):
                patch.setattr(rules, name, tuple(other for other in getattr(rules, name) if other is not rule))
            after = set(_found(case))

        assert before - after == _finders()[case][rule]
        assert [str(finding) for finding in after if not finding.is_warning] == []
