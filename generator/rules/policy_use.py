"""What a policy stops though its own endpoint is there for it: the actions that a bundle's members use."""

from __future__ import annotations

from generator.catalog import policy_needs
from generator.catalog.policy_needs import Use
from generator.intent.endpoints import Endpoint
from generator.intent.iam import Answer, allows, statements
from generator.intent.intent import Intent
from generator.rules.policy_statements import denial
from generator.rules.rule import Findings, endpoint_rule


@endpoint_rule("W249")
def nothing(intent: Intent, endpoint: Endpoint) -> Findings:
    """A policy that lets nothing through."""
    if _lets_nothing(intent, endpoint):
        place, denier = intent.place(endpoint, "policy"), denial(intent, endpoint, "*", "*")
        if denier:
            place, message, fix = denier[0], f"{denier[1]} denies everything", "write in it what must not pass"
        else:
            message, fix = "the policy has no Allow", "add the preset full-access, or an Allow of what may pass"
        yield place, f"{endpoint.key}: {message}, so nothing passes", fix


@endpoint_rule("W247")
def stops(intent: Intent, endpoint: Endpoint) -> Findings:
    """A policy that stops what its endpoint is there for."""
    if endpoint.key in intent.policies.documents and not _lets_nothing(intent, endpoint):
        for use in policy_needs.uses():
            if use.is_of(endpoint.service_id):
                yield from _stopped(intent, endpoint, use)


def _stopped(intent: Intent, endpoint: Endpoint, use: Use) -> Findings:
    document, bundles = intent.policies.documents[endpoint.key], use.asked_by(endpoint.bundles)
    if bundles:
        refused = [action for action in use.actions if not allows(document, action, use.resource)]
        message = f"{use.fails} of {' and '.join(bundles)} will fail: the policy lets nobody use {' or '.join(refused)}"
    else:
        refused = [f"{use.prefix}*"] if not allows(document, f"{use.prefix}*", "*") else []
        message = f"the policy lets nobody use {use.prefix}*, which is all that the service does"
    if not refused:
        return
    place, denier = intent.place(endpoint, "policy"), denial(intent, endpoint, refused[0], use.resource)
    fix = f"allow {' and '.join(refused if bundles else use.actions)}"
    if bundles and use.resource == policy_needs.NO_RESOURCE:
        fix += ' on Resource: "*", the only one that it takes'
    if denier:
        place, fix = denier[0], f"{denier[1]} denies it: leave {' and '.join(refused)} out of that"
    yield place, f"{endpoint.key}: {message}", fix


def _lets_nothing(intent: Intent, endpoint: Endpoint) -> bool:
    document = intent.policies.documents.get(endpoint.key)
    denies = any(statement.get("Effect") == "Deny" for statement in statements(document))
    return denies and allows(document, "*", "*") is Answer.NO
