"""What no spec can say of what AWS has, and why: what `adopt` leaves out, and `drift` does not count."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from generator.authoring.adopt.description import NOT_KNOWN, Description, describe
from generator.authoring.adopt.keys import assign_keys
from generator.authoring.adopt.proof import objections
from generator.authoring.adopt.spec_text import compose_spec
from generator.live.estate import AwsObject, Estate
from generator.source.diagnostics import Diagnostic

Findings = tuple[Diagnostic, ...]
_PATH = "the spec"
_MOST = 500  # in seconds: of as many that differ the rules are asked, as of ten times what a VPC has
_FEW = 40
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./=+@-]{0,127}")


def reason(findings: Iterable[Diagnostic]) -> tuple[str, bool]:
    """Return why an endpoint is left out, and whether AWS's answers tell that."""
    several = tuple(findings)
    return "; ".join(each.message for each in several), NOT_KNOWN.code not in {each.code for each in several}


def unsayable(
    vpc: AwsObject, lives: Iterable[AwsObject], estate: Estate, today: date | None = None
) -> dict[str, tuple[str, bool]]:
    """Return why no spec can have endpoints of a VPC, and whether that is known, by the ids of those which none can."""
    found: dict[str, Findings] = {}
    judged: dict[str, Findings] = {}
    for live in lives:
        each = describe(live, estate)
        if isinstance(each, Description):
            plain = replace(each, stated=_without_plain_tags(each.stated))
            text = repr(plain.stated)
            if text not in judged and len(judged) < _MOST:
                spec = compose_spec(assign_keys([plain]), vpc=vpc, estate=estate, groups={}, head={"name": "adopted"})
                judged[text] = objections(spec, _PATH, today)
            each = judged.get(text, ())
        if each:
            found[str(live["VpcEndpointId"])] = each
    return {key: reason(findings) for key, findings in found.items()}


def _without_plain_tags(stated: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is stated without a name and tags that no rule can refuse: all else is the same for many."""
    tags = stated.get("tags") or {}
    texts = [*tags, *tags.values(), stated.get("name") or "x"]
    is_plain = len(tags) < _FEW and all(map(_PLAIN.fullmatch, texts)) and "name" not in map(str.lower, tags)
    return {key: value for key, value in stated.items() if not (is_plain and key in {"name", "tags"})}
