"""What a spec leaves to AWS, judged by what AWS takes by itself."""

from __future__ import annotations

from collections.abc import Iterator

from generator.catalog.defaults import DEFAULTS, as_stated
from generator.intent.iam_same import document, is_default
from generator.live.change import Change
from generator.live.fields import FIELDS, Pair, arguments_of


def unstated(pair: Pair) -> Iterator[tuple[Change, str]]:
    """Yield the fields that the spec leaves to AWS, and in which AWS has something else than it takes by itself.

    With each comes how the spec would state that. What AWS did not say, or no source says, is no difference; a policy
    that is there is read, for AWS refuses one where the service reads none.
    """
    stated, arguments = pair.endpoint.stated, arguments_of(pair.live, pair.spec.estate.region)
    arguments["private_dns_enabled"] = pair.endpoint.has_private_dns
    arguments["ip_address_type"] = stated.get("ip_address_type") or DEFAULTS["ip_address_type"](arguments)
    for field in FIELDS:
        default = DEFAULTS[field.name](arguments) if field.name in DEFAULTS else None
        if default is None or not field.is_taken_by(pair.endpoint.type) or (raw := field.raw(pair.live)) is None:
            continue
        is_policy = field.name == "policy"
        found = document(raw) if is_policy else field.normal(raw)
        is_left = stated.get("policy") is None if is_policy else field.expected(pair.located) is None
        if is_left and not (is_default(found) if is_policy else found == default):
            yield Change(field=field.name, wanted=None, found=found), as_stated(field.name, arguments)
