"""What `preflight` prints: one line on the whole, or JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generator.live.locate import NO_INPUT
from generator.live.preflight import NOT_CHECKED

if TYPE_CHECKING:
    from generator.live.preflight import Outcome
    from generator.source.diagnostics import Diagnostic

_COMMAND = "\n    aws "


def as_line(outcome: Outcome, spec: str) -> str:
    """Return whether the apply would work, and what that rests on."""
    errors = sum(not finding.is_warning for finding in outcome.findings)
    counts = [
        _count(errors, "error"),
        _count(len(outcome.findings) - errors - len(outcome.unchecked), "warning"),
        f"{_count(outcome.passed, 'check')} passed" if outcome.passed else "",
        f"{sum(len(each.about) for each in outcome.unchecked)} not checked" if outcome.unchecked else "",
    ]
    return ", ".join((f"{spec}: {_verdict(outcome)}", *filter(None, counts))) + _why(outcome)


def _verdict(outcome: Outcome) -> str:
    if outcome.would_work:
        return "the apply would work"
    errors = {finding.code for finding in outcome.findings if not finding.is_warning}
    return "nobody can tell whether the apply would work" if errors == {NO_INPUT.code} else "the apply would fail"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""


def _why(outcome: Outcome) -> str:
    """Return what was not checked."""
    about = [about for each in outcome.unchecked for about in each.about]
    return f" ({', '.join(about)})" if about else ""


def as_json(outcome: Outcome, spec: str) -> str:
    """Return the findings, and what was not checked, as JSON."""
    data = {
        "spec": spec,
        "works": outcome.would_work,
        "findings": [_row(finding) for finding in outcome.findings if finding.code != NOT_CHECKED.code],
        "passed": outcome.passed,
        "not_checked": [
            {"checks": list(each.about), "why": each.why, "command": each.command} for each in outcome.unchecked
        ],
    }
    return json.dumps(data, indent=2, ensure_ascii=False)


def _row(finding: Diagnostic) -> dict[str, Any]:
    fix, command = parted(finding.fix)
    return {
        "code": finding.code,
        "severity": "warning" if finding.is_warning else "error",
        "file": finding.place.file,
        "line": finding.place.line,
        "column": finding.place.column,
        "message": finding.message,
        "fix": fix,
        "command": command,
    }


def parted(fix: str) -> tuple[str, str | None]:
    """Return a fix and the AWS CLI's line that stands under it, if there is one."""
    text, _, command = fix.partition(_COMMAND)
    return text, f"aws {command}" if command else None
