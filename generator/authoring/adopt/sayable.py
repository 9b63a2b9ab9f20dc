"""What no spec can say of what AWS has, and why: what `adopt` leaves out, and `drift` does not count."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from generator.authoring.adopt.description import NOT_KNOWN, Description, describe
from generator.authoring.adopt.keys import assign_keys
from generator.authoring.adopt.proof import objections
from generator.authoring.adopt.spec_text import compose_spec
from generator.live.estate import AwsObject, Estate, tags
from generator.source.diagnostics import Diagnostic, Place

Findings = tuple[Diagnostic, ...]
_PATH = "the spec"
_MOST = 500  # in seconds: of as many that differ the rules are asked, as of ten times what a VPC has
_FEW = 40
_ITS_OWN = frozenset({"VpcEndpointId", "CreationTimestamp", "NetworkInterfaceIds", "DnsEntries", "Tags"})
"""What each endpoint has another of, and no spec says but for its tags."""
_PLAIN = re.compile(r"[^\W_](?:[\w./=+@-]|[\U00010000-\U0010ffff]){0,127}")


def reason(findings: Iterable[Diagnostic]) -> tuple[str, bool]:
    """Return why an endpoint is left out, and whether AWS's answers tell that, else what would.

    One reason that they tell is enough.
    """
    several = tuple(findings)
    if sure := [each.message for each in several if each.code != NOT_KNOWN.code]:
        return "; ".join(sure), True
    return "; ".join(filter(None, (text for each in several for text in (each.message, each.fix)))), not several


def unsayable(
    vpc: AwsObject, lives: Iterable[AwsObject], estate: Estate, today: date | None = None
) -> dict[str, tuple[str, bool]]:
    """Return why no spec can have endpoints of a VPC, and whether that is known, by the ids of those which none can.

    Of very many that differ it is not known.
    """
    found: dict[str, Findings] = {}
    judged: dict[str, Findings] = {}
    alike: dict[str, Findings] = {}

    def objected(each: Description, *, is_plain: bool) -> Findings:
        stated = {key: value for key, value in each.stated.items() if not (is_plain and key in {"name", "tags"})}
        text = repr(stated)
        if text not in judged and len(judged) >= _MOST:
            message = f"whether a spec can have it was not asked, for more than {_MOST} differ from each other"
            return (NOT_KNOWN.at(Place(_PATH), message),)
        if text not in judged:
            keyed = assign_keys([replace(each, stated=stated)])
            spec = compose_spec(keyed, vpc=vpc, estate=estate, groups={}, head={"name": "adopted"})
            judged[text] = objections(spec, _PATH, today)
        return judged[text]

    for live in lives:
        is_plain = _is_plain(own := tags(live))
        rest = {key: each for key, each in live.items() if key not in _ITS_OWN}
        like = repr((rest, None if is_plain else own))
        if like not in alike:
            each = describe(live, estate)
            alike[like] = objected(each, is_plain=is_plain) if isinstance(each, Description) else each
        if alike[like]:
            found[str(live["VpcEndpointId"])] = alike[like]
    return {key: reason(findings) for key, findings in found.items()}


def _is_plain(own: Mapping[str, str]) -> bool:
    """Tell whether no rule can refuse tags: all else is the same for many."""
    is_plain = len(own) < _FEW and all(_PLAIN.fullmatch(each) and each.isprintable() for each in (*own, *own.values()))
    return is_plain and not any(each.lower() == "name" and each != "Name" for each in own)
