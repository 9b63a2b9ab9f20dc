"""Whether the text of a spec means what AWS has: read as `validate` does, and each endpoint compared with its own.

It is asked before anything is written; what it finds wrong in a spec that is right by the rules is a bug of ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from generator.authoring.adopt.description import Description, needs_no_policy
from generator.generate import understand_text
from generator.intent.iam_same import document, same_to_provider
from generator.intent.intent import Intent
from generator.live.estate import Estate
from generator.live.fields import Pair, changes
from generator.live.locate import Located, LocatedEndpoint, locate
from generator.source.diagnostics import Code, Diagnostic, ExitCode, Place, Refused
from generator.source.text import quote

REFUSED = Code("E415")
DIFFERS = Code("E419")


def objections(text: str, path: str, today: date | None = None) -> tuple[Diagnostic, ...]:
    """Return the errors that the rules find in an adopted spec."""
    try:
        understand_text(text, path, today)
    except Refused as refused:
        rows = text.splitlines()  # of a spec that is not written
        where = ((each, quote(rows[(each.place.line or 1) - 1].strip())) for each in _errors(refused))
        return tuple(replace(each, message=f"{each.message}, in {row}") for each, row in where)
    return ()


def prove(
    text: str, path: str, estate: Estate, endpoints: Mapping[str, Description], today: date | None = None
) -> Intent:
    """Return what an adopted spec means; `path` is where the spec will be.

    Raises Refused: for what the rules refuse (E415, with their findings), and for what differs (E419, our bug).
    """
    try:
        intent = understand_text(text, path, today)
    except Refused as refused:
        message = "not written: the rules refuse what AWS has; lines are those of the spec"
        fix = "change it in AWS, or leave the endpoint out with --except"
        raise Refused([REFUSED.at(Place(path), message, fix), *_errors(refused)]) from refused
    there = locate(intent, estate)
    wrong = [f"{finding.code} {finding.message}" for finding in there.findings] or [
        f"{located.endpoint.key}: {what}"
        for located in there.endpoints
        for what in _differences(located, endpoints[located.endpoint.key], there)
    ]
    if wrong:
        raise Refused([DIFFERS.at(Place(path), what, "please report this") for what in wrong], ExitCode.BUG)
    return intent


def _errors(refused: Refused) -> tuple[Diagnostic, ...]:
    return tuple(each for each in refused.diagnostics if not each.is_warning)


def _differences(located: LocatedEndpoint, found: Description, there: Located) -> Iterator[str]:
    """Yield in what an endpoint of the spec differs from the one in AWS, or would once Terraform has planned."""
    pair = Pair(located=located, live=found.live, spec=there)
    for change in changes(pair, with_defaults=True):
        yield f"{change.field} is {change.wanted}, and {found.id} has {change.found}"
    stated = there.intent.policies.documents.get(located.endpoint.key)
    policy = document(found.live.get("PolicyDocument"))
    if not (needs_no_policy(found.live, found.service) if stated is None else same_to_provider(stated, policy)):
        yield f"policy is another to the provider than that of {found.id}"
