"""Whether what exists leaves room in the account's quotas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from generator.live.estate import Estate
from generator.live.locate import Located, LocatedEndpoint
from generator.live.pairs import home
from generator.live.refusals.facts import command_of, find_own
from generator.live.refusals.network import coming
from generator.live.states import is_gone
from generator.live.untold import GIVE_ALL, NOT_CHECKED
from generator.rules.placement import QUOTAS, Quota
from generator.source.diagnostics import Code, Diagnostic

OVER_QUOTA = Code("E430")
OVER_DEFAULT = Code("W430")


def summed(specs: Iterable[Located]) -> Iterator[Located]:
    """Yield specs with what those before them add, in the order in which they would be applied."""
    total = Counter[tuple[object, object]]()
    for spec in specs:
        vpc = home(spec) if spec.vpc else ()
        adds: dict[tuple[object, object], int] = {
            (quota, vpc[:2] if quota.of_region else vpc): len(_new(spec, quota)) for quota in QUOTAS
        }
        adds |= {(subnet, vpc): len(located) for subnet, (_, located) in coming(spec).items()}
        yield replace(spec, added={what: total[what, where] for what, where in adds})
        total.update(adds)


def _new(spec: Located, quota: Quota) -> list[LocatedEndpoint]:
    """Return the endpoints under a quota that an apply makes."""
    its = (each for each in spec.endpoints if each.endpoint.type in quota.types)
    return [each for each in its if not find_own(spec, each)]


def _count(estate: Estate, quota: Quota, vpc_id: str | None) -> int:
    """Return how many endpoints under a quota the Region has, or one of its VPCs."""

    def count() -> int:
        lives = estate.all("VpcEndpoints", vpc_id)
        return sum(each["VpcEndpointType"] in quota.types and not is_gone(each) for each in lives)

    return estate.once((quota, vpc_id), count)


def over_quota(spec: Located) -> Iterator[Diagnostic]:
    """Refuse what is over a quota; warn of what is over the default of a quota that is not known."""
    return (found for found, _ in beyond_quota(spec))


def beyond_quota(spec: Located) -> Iterator[tuple[Diagnostic, list[LocatedEndpoint]]]:
    """Yield what `over_quota` finds, each with the endpoints that an apply makes under the quota."""
    region = spec.estate.region
    for quota in QUOTAS:
        new, before = _new(spec, quota), spec.added.get(quota, 0)
        there = _count(spec.estate, quota, None if quota.of_region else spec.vpc_id)
        known = quota.code and spec.estate.one("Quotas", quota.code)
        applied = (known or {}).get("Value")
        most = quota.default if applied is None else int(applied)
        room = most - there - before
        if not new or (before and room < 0):  # told of a spec before
            continue
        get = f"aws service-quotas get-service-quota --service-code vpc --quota-code {quota.code} --region {region}"
        if len(new) <= room:
            if known and applied is None:
                message = f"not checked: quota {quota.code}; the default, {most}, is taken: the answer has no Value"
                yield NOT_CHECKED.at(spec.intent.source.place(("vpc",)), message, f"{GIVE_ALL}\n    {get}"), new
            continue
        code = OVER_DEFAULT if applied is None else OVER_QUOTA
        where = region if quota.of_region else f"VPC {spec.vpc_id}"
        first, after = new[max(0, room)].endpoint, f" after {before} of the specs before" if before else ""
        kind = f"{' or '.join(quota.types)} endpoint{'' if there == 1 else 's'}"
        message = f"{first.key}: {where} has {there} {kind}, and the spec adds {len(new)}{after}"
        text = f"the {'default ' if applied is None else ''}quota is {most}: have it raised in Service Quotas first"
        yield code.at(first.place, message, f"{text}\n    {get if quota.code else command_of(spec, 'Quotas')}"), new
