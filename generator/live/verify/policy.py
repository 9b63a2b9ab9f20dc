"""Whether the policy of an endpoint is the spec's, and lets through what the other endpoints need."""

from __future__ import annotations

from collections.abc import Iterator

from generator.catalog import policy_needs, presets
from generator.catalog.policy_needs import REFERENCE, Need, prefix_of
from generator.intent.endpoints import taken_by
from generator.intent.iam import statements_of
from generator.intent.iam_condition import ANY_ADDRESS, Request, through
from generator.intent.iam_owned import reach, requests_for
from generator.intent.iam_pattern import Answer
from generator.intent.iam_same import FULL_ACCESS, document
from generator.intent.iam_use import Doubt, doubt_of, nothing_of
from generator.live.fields import UNKNOWN_POLICY, Pair
from generator.live.unstated import unstated
from generator.live.verify.report import Check, Outcome
from generator.source.suggest import some
from generator.spec.policy import UNMANAGED


def policy(found: Pair) -> Iterator[Check]:
    """Say whether the policy is what the spec states, whatever its order and spelling, and lets anybody through."""
    stated, live = found.endpoint.stated.get("policy"), document(found.live.get("PolicyDocument"))
    is_judged, service = isinstance(live, dict), found.endpoint.service_id
    is_ours, owner, context = stated != UNMANAGED, str(found.live["OwnerId"]), _context(found)
    request = Request(context=context, account=owner)
    holder = "as the spec says" if is_ours else "managed outside of the spec"
    if is_judged and (all_of_it := nothing_of(live, service, request)):
        fix = "gen-endpoints drift shows it, and the ways out"
        if stated is not None:
            fix = f"let somebody through in the policy of {found.endpoint.key}, then render and terraform apply"
            fix = "terraform apply: the spec has another" if "policy" in found.changes else fix
        fix = fix if is_ours else _ask(found, "let somebody through in it")
        whose = "" if nothing_of(live, service, Request(context=context)) else f" of account {owner}"
        seen = f"it lets nobody{whose} use {all_of_it}: each request{whose} is refused"
        yield Check(what="policy", outcome=Outcome.FAILED, seen=seen, fix=fix)
        return
    if (is_ours or not is_judged) and found.endpoint.key not in found.spec.intent.policies.documents:
        if any(change.field == "policy" for change, _ in unstated(found)):
            unsure = _unsure(found, live, request) if is_judged else None
            seen = "not AWS's full access, and the spec states none" + (f"; {unsure[0]}" if unsure else "")
            fix = "gen-endpoints drift shows it, and the ways out"
            yield Check(what="policy", outcome=Outcome.FAILED, seen=seen, fix=fix)
        return
    change = found.changes.get("policy")
    if is_ours and found.policy is None:
        yield Check(what="policy", outcome=Outcome.UNKNOWN, seen=UNKNOWN_POLICY[0], fix=UNKNOWN_POLICY[1])
    elif change is None and is_judged and (unsure := _unsure(found, live, request)):
        yield Check(what="policy", outcome=Outcome.UNKNOWN, seen=f"{holder}; {unsure[0]}", fix=unsure[1])
    elif change is None:
        yield Check(what="policy", outcome=Outcome.PASSED, seen=holder)
    elif not change.known:
        yield Check(what="policy", outcome=Outcome.UNKNOWN, seen="not told")
    else:
        fix = "terraform apply; gen-endpoints drift shows how they differ"
        yield Check(what="policy", outcome=Outcome.FAILED, seen="not what the spec says", fix=fix)


def _unsure(found: Pair, live: object, request: Request) -> tuple[str, str] | None:
    """Return why it is not known that a policy lets anybody through, and what to check."""
    service_id, whose = found.endpoint.service_id, f"in the policy of {found.endpoint.key}"
    region = found.endpoint.service_region or found.spec.estate.region
    doubt, prefix = doubt_of(live, service_id, region=region, request=request), prefix_of(service_id)
    use = f"use {prefix}*" if prefix else "use the service"
    return {
        Doubt.NONE: None,
        Doubt.CONDITIONS: (
            f"its conditions decide whether it lets anybody {use}",
            f"check that the callers meet the conditions {whose}",
        ),
        Doubt.PRINCIPALS: (
            f"its principals decide whether it lets anybody {use}",
            f"check that the callers are those of the principals {whose}",
        ),
        Doubt.REGION: (
            f"of what AWS lists it lets callers {use} only on resources of Regions other than {region}",
            f"name resources of {region} {whose}, if its callers use some there",
        ),
        Doubt.KEYS: (
            f"of what AWS lists it lets callers {use} only by condition keys that it does not list for that",
            f"compare the actions and conditions {whose} with {REFERENCE}",
        ),
        Doubt.ACTIONS: (
            f"it lets through no action that AWS lists for {service_id}, on a resource that the action takes",
            f"compare the actions and resources {whose} with {REFERENCE}",
        ),
        Doubt.SIZE: (
            f"too much to try for whether all of it together lets anybody {use}",
            f"check that it lets through what callers do, or write less {whose}",
        ),
        Doubt.VERSION: (
            "its policy variables are plain text: without Version 2012-10-17 there are none",
            f'write Version: "2012-10-17" {whose}',
        ),
        Doubt.PREFIX: (
            "no source says with what the actions of the service begin",
            "check that it lets through what its callers do",
        ),
    }[doubt]


def _context(found: Pair) -> dict[str, tuple[str, ...]]:
    """Return what requests through an endpoint have: to a gateway they come from its VPC, to others from anywhere.

    https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html (checked 2026-11-28)
    """
    live, (inside, is_known) = found.live, _blocks(found)
    is_all = is_known and live["VpcEndpointType"] == "Gateway"
    any_address = ANY_ADDRESS[: 1 if live.get("IpAddressType") == "ipv4" else 2]
    addresses = (*inside, *(() if is_all else any_address))
    names = {"endpoint": str(live["VpcEndpointId"]), "vpc": str(live["VpcId"]), "service": str(live.get("ServiceName"))}
    return through(**names, addresses=addresses, day=found.spec.intent.today)


def _blocks(found: Pair) -> tuple[tuple[str, ...], bool]:
    """Return from where in its VPC an endpoint takes requests, and whether all of that is known."""
    blocks, is_ipv4 = found.spec.blocks, found.live.get("IpAddressType") == "ipv4"
    return (*blocks.ipv4, *(() if is_ipv4 else blocks.ipv6)), not blocks.unsure and (is_ipv4 or blocks.is_told)


def _ask(found: Pair, what: str) -> str:
    return f"ask who manages the policy of {found.endpoint.key} (unmanaged: not this spec) to {what}"


def needs(found: Pair) -> Iterator[Check]:
    """Say whether an endpoint of Amazon S3 lets the others reach what they need there, whoever wrote its policy."""
    endpoint, intent = found.endpoint, found.spec.intent
    for need in policy_needs.needs() if "policy" in taken_by(endpoint.type) and endpoint in intent.to_s3 else ():
        if users := intent.users(need):
            yield from _need(found, need, some(users, between=" and "))


def _need(found: Pair, need: Need, users: str) -> Iterator[Check]:
    """Yield whether the policy lets through all that a need is; the first request that it may not is reported."""
    requests = need.requests(found.spec.estate.region, found.spec.intent.catalog)
    live, what = document(found.live.get("PolicyDocument")), f"policy for {need.preset.name}"
    inside, is_known = _blocks(found)
    asked = requests_for(
        Request(context=_context(found)),
        signed=need.signed,
        account=str(found.live["OwnerId"]),
        choices={"aws:vpcsourceip": [inside]} if is_known else {},
    )
    if requests and not isinstance(live, dict):
        yield Check(what=what, outcome=Outcome.UNKNOWN, seen="not told: the answer has no policy that is JSON")
        return
    for action, arn in requests:
        answer, _ = reach(live, action, arn, asked)
        if answer is not Answer.YES:
            is_sure = answer is Answer.NO and bool(need.fails)
            seen = f"it lets {action} reach {presets.bucket_of(arn)} "
            seen += "only in some cases" if answer else "in no case"
            seen += f": {need.fails} {'fail' if is_sure else 'may fail'}" if need.fails else f", which {users} may need"
            fix = f"add the preset {need.preset.name} to the policy of {found.endpoint.key}"
            denied = {"Statement": [FULL_ACCESS, *statements_of(live)]}
            if reach(denied, action, arn, asked)[0] is not Answer.YES:
                fix = f"leave {arn} out of what the policy of {found.endpoint.key} denies"
            if found.endpoint.stated.get("policy") == UNMANAGED:
                fix = _ask(found, f"let {action} reach {presets.bucket_of(arn)} in it")
            elif reach(found.policy, action, arn, asked)[0] > answer:
                fix = "terraform apply: the policy in the spec lets it"
            yield Check(what=what, outcome=Outcome.FAILED if is_sure else Outcome.UNKNOWN, seen=seen, fix=fix)
            return
    if requests:
        yield Check(what=what, outcome=Outcome.PASSED, seen=f"it lets through what {users} may need there")
