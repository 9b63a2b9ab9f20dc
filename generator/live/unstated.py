"""What a spec leaves to AWS, judged by what AWS takes by itself: no plan shows a difference there, whoever made it."""

from __future__ import annotations

from collections.abc import Iterator

from generator.catalog.defaults import DEFAULTS, as_stated
from generator.intent.iam_same import document, is_default
from generator.live.change import Change
from generator.live.fields import FIELDS, Pair, arguments_of


def unstated(pair: Pair) -> Iterator[tuple[Change, str]]:
    """Yield the fields that the spec leaves to AWS, and in which AWS has something else than it takes by itself.

    With each comes how the spec would state that. What AWS did not say, or no source says, is no difference.
    """
    endpoint, region = pair.endpoint, pair.spec.estate.region
    arguments = {**arguments_of(pair.live, region), "private_dns_enabled": endpoint.has_private_dns}
    addresses = DEFAULTS["ip_address_type"].value(arguments)
    arguments["ip_address_type"] = endpoint.stated.get("ip_address_type") or addresses
    for field in FIELDS:
        default = DEFAULTS[field.name].value(arguments) if field.name in DEFAULTS else None
        if default is None or not field.is_taken_by(endpoint.type) or (raw := field.raw(pair.live)) is None:
            continue
        if field.name == "policy":
            is_other = endpoint.stated.get("policy") is None and endpoint.may_have_policy and not is_default(raw)
            found = document(raw)
        else:
            found = field.normal(raw)
            is_other = field.expected(pair.located) is None and found != default
        if is_other:
            yield Change(field=field.name, wanted=None, found=found), as_stated(field.name, arguments)
