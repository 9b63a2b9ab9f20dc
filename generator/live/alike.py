"""Which endpoints of specs are alike, and which live ones, and in how much one of each differs."""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable
from contextlib import suppress
from itertools import chain

from generator.live.change import Change
from generator.live.estate import AwsObject
from generator.live.fields import FIELDS, Pair, changes
from generator.live.locate import Located, LocatedEndpoint
from generator.live.unstated import unstated
from generator.source.diagnostics import Refused

_USUAL = 8
_WEIGHTS = {"tags": 1, "policy": 4, "dns_options": 4}
"""What is changed by hand most weighs least; all else, which says where an endpoint is and who reaches it, as usual."""
_FIXED = 1 << 20
"""What can't be changed weighs more than all else: the subnets of a Gateway Load Balancer endpoint."""
_MOOT = frozenset({"dns_options.private_dns_preference", "dns_options.private_dns_specified_domains"})
"""What says nothing of an endpoint whose private DNS is off (E248): AWS's answer has it or not."""
_KEYS = tuple(dict.fromkeys(["State", *(field.key.partition(".")[0] for field in FIELDS if field.key)]))


def settings(located: LocatedEndpoint, spec: Located) -> Hashable:
    """Return all that a spec says of an endpoint, but for its key and name."""
    endpoint = located.endpoint
    stated = [field.expected(located) for field in FIELDS if field.name != "name" and not field.differences]
    tags = sorted(each for each in endpoint.tags.items() if each[0] != "Name")
    policy = spec.intent.policies.documents.get(endpoint.key), endpoint.stated.get("policy")
    return repr((stated, tags, policy, endpoint.fixed_addresses))


def signature(*, with_addresses: bool, ignored_tags: Container[str] = ()) -> Callable[[AwsObject], Hashable]:
    """Return what says all that AWS tells of a live endpoint and counts, fixed addresses where there may be."""
    keys = (*_KEYS, "NetworkInterfaceIds") if with_addresses else _KEYS

    def of(live: AwsObject) -> Hashable:
        there = {**live, "Tags": [each for each in live["Tags"] if each["Key"] not in ignored_tags]}
        return repr([sorted(map(repr, has)) if isinstance(has := there.get(key), list) else has for key in keys])

    return of


def tell_alike(lives: Iterable[AwsObject], endpoint_type: str, region: str) -> bool:
    """Tell whether AWS's answers say as much of each of several: else what they lack may tell these apart."""
    lives = tuple(lives)
    for field in FIELDS:
        if field.key and field.is_taken_by(endpoint_type):
            several = [live for live in lives if _says(field.name, live)]
            told = {field.raw(live) is not None for live in several}
            if len(told) > 1 and len({repr(field.found(live, region)) for live in several}) > 1:
                return False
    return True


def difference(located: LocatedEndpoint, live: AwsObject, spec: Located) -> int:
    """Return in how much a live endpoint differs from one of a spec; what is not told is no difference."""
    pair = Pair(located=located, live=live, spec=spec)
    with suppress(Refused):  # what leads nowhere is another finding
        every = chain(changes(pair), (change for change, _ in unstated(pair)))
        return sum(_weight(change, located) for change in every if change.known and _says(change.field, live))
    return 0


def is_as_stated(located: LocatedEndpoint, live: AwsObject, spec: Located) -> bool:
    """Tell whether a live endpoint is told to be in all as a spec says, and as AWS makes it where that says nothing."""
    pair = Pair(located=located, live=live, spec=spec)
    with suppress(Refused):
        return not any(True for _ in chain(changes(pair), unstated(pair)))
    return False


def _says(field: str, live: AwsObject) -> bool:
    return field not in _MOOT or live.get("PrivateDnsEnabled") is not False


def _weight(change: Change, located: LocatedEndpoint) -> int:
    head = change.field.partition(".")[0]
    if head == "subnets" and located.endpoint.type == "GatewayLoadBalancer":
        return _FIXED
    are_lists = isinstance(change.wanted, list) and isinstance(change.found, list)
    return _WEIGHTS.get(head, _USUAL) * (len({*change.wanted} ^ {*change.found}) if are_lists else 1)
