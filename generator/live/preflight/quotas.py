"""Whether what exists leaves room in the account's quotas."""

from __future__ import annotations

from collections.abc import Iterator

from generator.live.locate import Located
from generator.live.preflight.facts import command_of, find_own
from generator.live.states import is_gone
from generator.rules.placement import QUOTAS
from generator.source.diagnostics import Code, Diagnostic

OVER_QUOTA = Code("E430")
OVER_DEFAULT = Code("W430")


def over_quota(spec: Located) -> Iterator[Diagnostic]:
    """Refuse what is over a quota; warn of what is over the default of a quota that is not known."""
    region = spec.estate.region
    for quota in QUOTAS:
        new = [
            each.endpoint
            for each in spec.endpoints
            if each.endpoint.type in quota.types and find_own(spec, each) is None
        ]
        there = [
            each
            for each in spec.estate.all("VpcEndpoints", None if quota.of_region else spec.vpc_id)
            if each["VpcEndpointType"] in quota.types and not is_gone(each)
        ]
        applied = ((quota.code and spec.estate.one("Quotas", quota.code)) or {}).get("Value")
        most = quota.default if applied is None else int(applied)
        if not new or len(there) + len(new) <= most:
            continue
        code = OVER_DEFAULT if applied is None else OVER_QUOTA
        where = region if quota.of_region else f"VPC {spec.vpc_id}"
        first = new[max(0, most - len(there))]
        kind = f"{' or '.join(quota.types)} endpoint{'' if len(there) == 1 else 's'}"
        message = f"{first.key}: {where} has {len(there)} {kind}, and the spec adds {len(new)}"
        text = f"the {'default ' if applied is None else ''}quota is {most}: have it raised in Service Quotas first"
        get = f"aws service-quotas get-service-quota --service-code vpc --quota-code {quota.code} --region {region}"
        yield code.at(first.place, message, f"{text}\n    {get if quota.code else command_of(spec, 'Quotas')}")
