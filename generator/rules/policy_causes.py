"""Why a policy does not let a request through: the Deny that stands in the way of an Allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.intent.iam import Answer, allows, applies
from generator.rules.policy import called

if TYPE_CHECKING:
    from generator.intent.endpoints import Endpoint
    from generator.intent.intent import Intent
    from generator.source.diagnostics import Place


def denial(intent: Intent, endpoint: Endpoint, action: str, resource: str) -> tuple[Place, str] | None:
    """Return the first Deny without which a policy would let more of a request through: its place, what it is called.

    None where the policy lets no more through without its denials, so that an Allow is missing.
    """
    found = {"Allow": Answer.NO, "Deny": Answer.NO}
    first: dict[Answer, tuple[Place, str]] = {}
    for part in intent.policies.parts[endpoint.key]:
        for path, statement in part.statements():
            effect = statement.get("Effect") if isinstance(statement, dict) else None
            if isinstance(effect, str) and effect in found:
                answer = applies(statement, action, resource)
                found[effect] = max(found[effect], answer)
                if effect == "Deny":
                    first.setdefault(answer, (part.place(*path), called(path, statement)))
    is_cause = found["Deny"] and found["Allow"] > allows(intent.policies.documents[endpoint.key], action, resource)
    return first[found["Deny"]] if is_cause else None
