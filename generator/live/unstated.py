"""What a spec leaves to AWS, judged by what AWS takes by itself."""

from __future__ import annotations

from collections.abc import Iterator

from generator.catalog.defaults import DEFAULTS, as_stated
from generator.intent.iam_same import document, is_default
from generator.live.answer_regions import service_region
from generator.live.change import Change
from generator.live.estate import arguments_of
from generator.live.fields import FIELDS, Pair


def unstated(pair: Pair) -> Iterator[tuple[Change, str]]:
    """Yield the fields that the spec leaves to AWS, and in which AWS has something else than it takes by itself.

    With each comes how the spec would state that. What no source says is no difference; a policy that is there is read,
    for AWS refuses one where the service reads none.
    """
    stated, arguments = pair.endpoint.stated, arguments_of(pair.live, pair.spec.estate.region)
    arguments["private_dns_enabled"] = pair.endpoint.has_private_dns
    arguments["ip_address_type"] = stated.get("ip_address_type") or DEFAULTS["ip_address_type"](arguments)
    untold = {*_untold(pair)}
    for field in FIELDS:
        default = DEFAULTS[field.name](arguments) if field.name in DEFAULTS else None
        if default is None or not field.is_taken_by(pair.endpoint.type):
            continue
        raw, is_policy = field.raw(pair.live), field.name == "policy"
        is_told = field.name not in untold
        if raw is None and is_told:
            continue
        found = document(raw) if is_policy else None if raw is None else field.normal(raw)
        is_left = stated.get("policy") is None if is_policy else field.expected(pair.located) is None
        if is_left and not (is_default(found) if is_policy else found == default):
            change = Change(field=field.name, wanted=None, found=found, known=is_told)
            yield change, as_stated(field.name, arguments)


def _untold(pair: Pair) -> Iterator[str]:
    """Yield the fields that an answer may lack, is not refused for that, and yet may have lost, by `answers.toml`."""
    if service_region(pair.live) is None:
        yield "service_region"
    if pair.endpoint.type == "Gateway" and "DnsOptions" in pair.live and "IpAddressType" not in pair.live:
        yield "ip_address_type"
