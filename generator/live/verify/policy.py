"""Whether the policy of an endpoint is the spec's, and lets through what the other endpoints need."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.catalog import policy_needs, presets
from generator.catalog.policy_needs import Need
from generator.intent.endpoints import taken_by
from generator.intent.iam import Answer, allows
from generator.intent.iam_same import document
from generator.live.verify.report import Check, LiveEndpoint, Outcome


def policy(found: LiveEndpoint) -> Iterator[Check]:
    """Say whether the policy is what the spec states, whatever its order and spelling."""
    if found.endpoint.key not in found.intent.policies.documents:
        return
    change = found.changes.get("policy")
    if change is None:
        yield Check(what="policy", outcome=Outcome.PASSED, seen="as the spec says")
    else:
        seen = "not what the spec says" if change.found else "there is none"
        fix = "terraform apply; gen-endpoints drift shows how they differ"
        yield Check(what="policy", outcome=Outcome.FAILED, seen=seen, fix=fix)


def needs(found: LiveEndpoint) -> Iterator[Check]:
    """Say whether an endpoint of Amazon S3 lets the others reach what they need there, whoever wrote its policy."""
    endpoint = found.endpoint
    ids = {each.key: service.id for each in found.intent.endpoints if (service := each.service)}
    if ids.get(endpoint.key) != "s3" or "policy" not in taken_by(endpoint.type):
        return
    gateways = [each.key for each in found.intent.endpoints if ids.get(each.key) == "s3" and each.type == "Gateway"]
    if endpoint.key not in (gateways or [endpoint.key]):
        return
    for need in policy_needs.needs():
        if users := [key for key, service_id in ids.items() if need.is_of(service_id)]:
            yield from _need(found, need, " and ".join(users))


def _need(found: LiveEndpoint, need: Need, users: str) -> Iterator[Check]:
    """Yield whether the policy lets through all that a need is; the first request that it may not is reported."""
    requests = need.requests(found.estate.region, found.intent.catalog)
    live, what = _live(found), f"policy for {need.preset.name}"
    if live is None and requests:
        yield Check(what=what, outcome=Outcome.UNKNOWN, seen="AWS's answer has no policy that is JSON")
        return
    for action, arn in requests:
        answer = allows(live, action, arn)
        if answer is not Answer.YES:
            is_failing = answer is Answer.NO and bool(need.fails)
            seen = f"it lets {action} reach {presets.bucket_of(arn)} "
            seen += "only in some cases" if answer else "in no case"
            seen += (
                f": {need.fails} {'fail' if is_failing else 'may fail'}" if need.fails else f", which {users} may need"
            )
            fix = f"add the preset {need.preset.name} to the policy of {found.endpoint.key}"
            yield Check(what=what, outcome=Outcome.FAILED if is_failing else Outcome.UNKNOWN, seen=seen, fix=fix)
            return
    if requests:
        seen = f"it lets through what {users} may need there"
        yield Check(what=what, outcome=Outcome.PASSED, seen=seen)


def _live(found: LiveEndpoint) -> Any:
    """Return the policy as AWS has it; None where there is none, or none that is JSON."""
    policy = document(found.live.get("PolicyDocument"))
    return policy if isinstance(policy, dict) else None
