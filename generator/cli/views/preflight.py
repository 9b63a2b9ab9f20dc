"""What `preflight` prints around its findings: what was checked before them, the verdict after them; or JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from generator.cli.views import findings
from generator.cli.views.many import AS_ASKED, FINE, Entry
from generator.cli.views.table import prose
from generator.cli.views.words import counted
from generator.live.follow import NO_INPUT
from generator.live.locate import Located
from generator.live.preflight.differing import Does
from generator.live.preflight.outcome import Outcome
from generator.live.untold import NOT_CHECKED, NOT_TOLD
from generator.source.diagnostics import Code, Diagnostic
from generator.source.draft import Source
from generator.source.suggest import some

Target = TypeVar("Target")
UNSURE = Code("E444")
_UNKNOWN = {NO_INPUT.code, NOT_TOLD.code}
_DOES = {
    Does.CHANGES: "changed by the apply",
    Does.LEAVES: "left by the apply, for the spec does not state it",
    Does.NOT_TOLD: "not told whether the apply changes",
}
_IN_ORDER = " in the order that W437 says"
_COMMAND = "\n    aws "
"""What stands under a fix, before the rest of the AWS CLI's line that shows the finding."""


def summary(outcome: Outcome, spec: str) -> str:
    """Return what was checked, and how much was found."""
    errors = sum(not finding.is_warning for finding in outcome.findings)
    warnings = len(outcome.findings) - errors - len(outcome.unchecked)
    about = [*dict.fromkeys(each for unchecked in outcome.unchecked for each in unchecked.about)]
    counts = [
        f"{counted(outcome.passed, 'check')} passed",
        counted(errors, "error") if errors else "",
        counted(warnings, "warning") if warnings else "",
        f"{len(about)} not checked ({', '.join(about)})" if about else "",
    ]
    depends = (
        ": fine if Terraform's state has them; gen-endpoints drift tells with --state FILE, and how to import them"
        if outcome.depends
        else ""
    )
    fine = f"\n{spec}: as stated already: {', '.join(outcome.as_stated)}{depends}"
    told = "".join(f"\n{spec}: {each}" for each in _differing(outcome))
    return prose(f"{spec}: {', '.join(filter(None, counts))}{fine if outcome.as_stated else ''}{told}", hang=4)


def _differing(outcome: Outcome) -> Iterator[str]:
    """Yield in a line what the apply changes of what is there, what it leaves, and of what that is not told."""
    for does, what in _DOES.items():
        fields = defaultdict[str, list[str]](list)
        for each in outcome.differing:
            if each.does is does:
                fields[each.field].append(each.name)
        told = (f"{field} of {some(names)}" for field, names in fields.items())
        if fields:
            yield f"{what}: {some(told, between='; ', count=len(fields))}"


def verdict(outcome: Outcome, spec: str, *, strict: bool = False) -> str:
    """Return whether the apply would work, folded, and whether `strict` refuses it all the same."""
    if outcome.would_work:
        refused = ", and --strict refuses its warnings" if strict and outcome.matters else ""
        asked = f", {AS_ASKED}" if outcome.unchecked else ""
        ill = f", and leave as is {some(outcome.ill)}" if outcome.ill else ""
        new = f", and replace what is tainted: {some(outcome.replaced)}" if outcome.replaced else ""
        return prose(f"{spec}: the apply would work{_IN_ORDER * outcome.is_in_order}{asked}{new}{ill}{refused}", hang=4)
    if _fails(outcome):
        return f"{spec}: the apply would fail"
    return prose(f"{spec}: unknown whether the apply would work{_depends(outcome)}", hang=4)


def with_blocked(outcomes: Mapping[Target, Outcome], specs: Mapping[Target, Located]) -> dict[Target, Outcome]:
    """Return what was found of specs; none works that waits for one which does not, or that one apply makes with it."""
    held = {specs[each].path: _state(outcome) for each, outcome in outcomes.items() if not outcome.would_work}
    beside = {of.applied_by: of.path for of in specs.values() if of.path in held and of.applied_by is not None}

    def blocked(outcome: Outcome, spec: Located) -> str:
        waits = (f"it waits for {path} ({held[path]})" for path in outcome.waits if path in held)
        other = beside.get(spec.applied_by, spec.path)
        return next(waits, "" if spec.path in {other, *held} else f"one apply makes {other} with it ({held[other]})")

    return {target: replace(each, blocked=blocked(each, specs[target])) for target, each in outcomes.items()}


def _depends(outcome: Outcome) -> str:
    if outcome.blocked:
        return f": {outcome.blocked}"
    has = f": it would if Terraform's state has {', '.join(outcome.depends)}, which --state FILE tells"
    is_told = all(each.code != NOT_TOLD.code for each in outcome.findings)
    return has if outcome.depends and is_told else ""


def unknown(outcome: Outcome, spec: Source) -> list[Diagnostic]:
    """Return a finding where nothing but what is not known makes that the apply may fail."""
    if (
        outcome.would_work
        or not (outcome.depends or outcome.blocked)
        or any(not each.is_warning for each in outcome.findings)
    ):
        return []
    return [UNSURE.at(spec.place(()), f"unknown whether the apply would work{_depends(outcome)}")]


def _fails(outcome: Outcome) -> bool:
    """Tell whether it is known that the apply would fail, whatever else is not."""
    return not outcome.would_work and bool(outcome.sure - _UNKNOWN)


def _state(outcome: Outcome) -> str:
    works = AS_ASKED if outcome.unchecked else FINE
    return works if outcome.would_work else "would fail" if _fails(outcome) else "unknown"


def entry(outcome: Outcome, spec: str, *, strict: bool = False) -> Entry:
    """Return what came of a spec; where it is `strict`, with warnings it is refused."""
    state = _state(outcome)
    errors = sum(not finding.is_warning for finding in outcome.findings)
    open_ones = sum(len(each.about) for each in outcome.unchecked) if outcome.would_work else 0
    why = counted(errors, "error") if errors else _depends(outcome).removeprefix(": ")
    why = f"{counted(open_ones, 'check')} not made" if open_ones else why
    if outcome.would_work and outcome.is_in_order:
        why = ", ".join(filter(None, (_IN_ORDER.strip(), why)))
    if strict and outcome.would_work and outcome.matters:
        state, why = "refused", counted(len(outcome.matters), "warning")
    return Entry(spec, state, why, as_data(outcome, spec))


def as_data(outcome: Outcome, spec: str) -> dict[str, object]:
    """Return the findings, and what was not checked, as data for JSON."""
    return {
        "spec": spec,
        "works": outcome.would_work,
        "known": _fails(outcome) or (outcome.would_work and not outcome.unchecked),
        "findings": [_row(finding) for finding in outcome.findings if finding.code != NOT_CHECKED.code],
        "passed": outcome.passed,
        "as_stated": list(outcome.as_stated),
        "differing": [{"name": name, "field": field, "apply": does.value} for name, field, does in outcome.differing],
        "depends_on_state": list(outcome.depends),
        "not_checked": [
            {"checks": list(each.about), "known": False, "why": each.why, "command": each.command}
            for each in outcome.unchecked
        ],
    }


def _row(finding: Diagnostic) -> dict[str, Any]:
    fix, _, command = finding.fix.partition(_COMMAND)
    known = {"known": findings.is_known(finding), "command": f"aws {command}" if command else None}
    return findings.row(finding) | {"fix": fix} | known
