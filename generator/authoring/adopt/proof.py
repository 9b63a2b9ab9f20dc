"""Whether the text of a spec means what stands: read as `validate` does, and each endpoint compared with its own.

It is asked before anything is written; what it finds wrong in a spec that is right by the rules is a bug of ours.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generator.authoring.adopt.described import is_heeded
from generator.generate import understand_text
from generator.intent.endpoints import has_private_dns, taken_by
from generator.intent.iam_same import is_default, same_to_provider
from generator.live.estate import tags
from generator.live.locate import locate
from generator.source.diagnostics import Code, ExitCode, Place, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from generator.authoring.adopt.described import Described
    from generator.intent.intent import Intent
    from generator.live.estate import Estate
    from generator.live.locate import LocatedEndpoint

REFUSED = Code(
    "E415",
    "an adopted spec that the rules refuse",
    "What stands in AWS is not what a spec may say. Nothing was written.",
)
DIFFERS = Code(
    "E419",
    "an adopted spec that does not mean what stands",
    "The spec was read back and compared with what AWS describes, and something differs. Nothing was written.",
)


def proven(
    text: str, path: str, estate: Estate, endpoints: Mapping[str, Described], today: date | None = None
) -> Intent:
    """Return what an adopted spec means; `path` is where the spec will be.

    Raises Refused: for what the rules refuse (E415, with their findings), and for what differs (E419, our bug).
    """
    try:
        intent = understand_text(text, path, today)
    except Refused as refused:
        fix = "mend it in AWS, or leave the endpoint out: name the others with --select"
        finding = REFUSED.at(Place(path), "not written: the rules refuse what stands; the lines are the spec's", fix)
        errors = [each for each in refused.diagnostics if not each.is_warning]
        raise Refused([finding, *errors]) from refused
    location = locate(intent, estate)
    wrong = [f"{finding.code} {finding.message}" for finding in location.findings]
    if not wrong:
        wrong = [
            f"{placed.endpoint.key}: {what}"
            for placed in location.endpoints
            for what in _differences(placed, endpoints[placed.endpoint.key], intent, estate)
        ]
    if wrong:
        raise Refused([DIFFERS.at(Place(path), what, "please report this") for what in wrong], ExitCode.BUG)
    return intent


def _differences(placed: LocatedEndpoint, found: Described, intent: Intent, estate: Estate) -> Iterator[str]:
    """Yield in what an endpoint of the spec differs from the one that stands."""
    for what, (ours, theirs) in _compared(placed, found, intent, estate).items():
        if ours != theirs:
            yield f"{what} is {ours}, and {found.id} has {theirs}"


def _compared(placed: LocatedEndpoint, found: Described, intent: Intent, estate: Estate) -> dict[str, tuple[Any, Any]]:
    """Return each property in two forms: what the spec means, and what stands."""
    endpoint, live = placed.endpoint, found.live
    stated_as, takes = endpoint.own, taken_by(endpoint.type)
    own = {key: value for key, value in tags(live).items() if not key.lower().startswith("aws:")}
    options = endpoint.stated.get("dns_options")
    stated = options.stated() if options is not None else {}
    known = live.get("DnsOptions") or {}
    inbound = "private_dns_only_for_inbound_resolver_endpoint"
    return {
        "the type": (endpoint.type, found.type),
        "the service": (placed.service_name, live.get("ServiceName") or None),
        "the resource": (stated_as.resource_configuration_arn, live.get("ResourceConfigurationArn") or None),
        "the service network": (stated_as.service_network_arn, live.get("ServiceNetworkArn") or None),
        "the service's Region": (
            stated_as.service_region or estate.region,
            (endpoint.type == "Interface" and live.get("ServiceRegion")) or estate.region,
        ),
        "subnets": (_ids(placed.subnets, "SubnetId"), sorted(live.get("SubnetIds") or ())),
        "route tables": (_ids(placed.route_tables, "RouteTableId"), sorted(live.get("RouteTableIds") or ())),
        "security groups": (
            _ids(placed.security_groups, "GroupId"),
            sorted(each["GroupId"] for each in live.get("Groups") or ()),
        ),
        "private DNS": (
            has_private_dns(endpoint),
            "private_dns_enabled" in takes and bool(live.get("PrivateDnsEnabled")),
        ),
        "the address type": (
            endpoint.stated.get("ip_address_type") or "ipv4",
            str(live.get("IpAddressType") or "ipv4").lower(),
        ),
        "its inbound Resolver endpoints' own": (
            bool(stated.get(inbound)),
            bool(known.get("PrivateDnsOnlyForInboundResolverEndpoint")) and "dns_options" in takes,
        ),
        "tags": ({**({"Name": stated_as.name} if stated_as.name else {}), **(endpoint.stated.get("tags") or {})}, own),
        "the policy": (True, _same_policy(placed, found, intent)),
    }


def _ids(things: tuple[Mapping[str, Any], ...], key: str) -> list[str]:
    return sorted(str(each[key]) for each in things)


def _same_policy(placed: LocatedEndpoint, found: Described, intent: Intent) -> bool:
    """Tell whether the provider will take the spec's policy for the one that stands; where nobody reads it, it may."""
    text = found.live.get("PolicyDocument")
    if "policy" not in taken_by(found.type) or not text:
        return True
    live = json.loads(text) if isinstance(text, str) else text
    ours = intent.policies.documents.get(placed.endpoint.key)
    if ours is not None:
        return same_to_provider(ours, live)
    return is_default(live) and not is_heeded(str(found.live.get("ServiceName")), found.service)
