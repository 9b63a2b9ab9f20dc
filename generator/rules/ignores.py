"""Warnings that the spec silences, each by its code and with a reason."""

from __future__ import annotations

from collections.abc import Iterable

from generator.source.codes import codes
from generator.source.diagnostics import Code, Diagnostic, Place
from generator.source.source import Source
from generator.spec import Spec

IDLE_IGNORE = Code("E229")
LIVE = "W4"
"""How the warnings begin that only what exists in AWS can cause, so that only a command which asks it can miss them."""


def without_ignored(
    spec: Spec, source: Source, findings: Iterable[Diagnostic], *, is_complete: bool
) -> tuple[Diagnostic, ...]:
    """Return the findings without the warnings that the spec ignores, and one for each ignore that silences nothing.

    Where something could not be settled the warnings are not complete, so an ignore of a known code is not idle then.
    """
    findings = tuple(findings)
    ignored = spec.ignore or {}
    kept = tuple(finding for finding in findings if finding.code not in ignored)
    idle = ignored.keys() - {finding.code for finding in findings}
    idle = {code for code in idle if code not in codes() or (is_complete and not code.startswith(LIVE))}
    return kept + tuple(_idle(code, source.key_place(("ignore", code))) for code in idle)


def _idle(code: str, place: Place) -> Diagnostic:
    """Return why an ignore silences nothing."""
    if code not in codes():
        return IDLE_IGNORE.at(place, f"{code} is not a code", "gen-endpoints explain lists the codes")
    return IDLE_IGNORE.at(place, f"nothing in this spec causes {code}", f"take {code} out of ignore")
