"""Adopted endpoints → the text of a spec: what they have in common once, at the top, and the rest with each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generator.authoring.adopt.description import FULL_ACCESS
from generator.authoring.adopt.references import reference
from generator.authoring.yaml_text import WIDTH, flow, lines, scalar
from generator.intent.endpoints import taken_by
from generator.live.estate import name
from generator.rules.provider import version
from generator.spec.model import DnsOptions, Endpoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.authoring.adopt.description import Description
    from generator.authoring.adopt.groups import Owned
    from generator.live.estate import AwsObject, Estate

_SHARED = ("subnets", "security_groups", "route_tables", "ip_address_type", "private_dns_enabled", "policy", "tags")
_FLOOR = ">= 5.0"
"""The provider floor that a spec has where it says nothing."""


def written(
    endpoints: Mapping[str, Description],
    *,
    vpc: AwsObject,
    estate: Estate,
    owned: Mapping[str, Owned],
    head: Mapping[str, str],
) -> str:
    """Return the spec as YAML. `owned` are the groups that it makes its own, by id; `head` is its `name` and the like.

    Without `aws_provider` in the head it is the oldest that has what the spec says, but not below 5.0.
    """
    each = {key: dict(endpoint.stated) for key, endpoint in endpoints.items()}
    shared = {field: value for field in _SHARED if (value := _common(field, endpoints)) is not None}
    for stated in each.values():
        for field in shared.keys() & stated.keys():
            if stated[field] == shared[field]:
                del stated[field]
        if "tags" not in shared and not stated.get("tags"):
            stated.pop("tags", None)
    _own(shared, each, endpoints, owned)
    floor = max(_needs([*each.values(), shared]), key=version)
    head = {"name": "", "region": estate.region, **({"aws_provider": floor} if floor != _FLOOR else {}), **head}
    said = f"{vpc['VpcId']}{f' ({name(vpc)})' if _is_tame(name(vpc)) else ''}"
    text = [f"# What stands in {said} of {estate.region}, adopted by gen-endpoints: no more and no less."]
    text += [line for key, value in head.items() for line in lines(key, value)]
    text += ["", *lines("vpc", reference("Vpcs", vpc, estate))]
    for field, value in shared.items():
        text += lines(field, value, parted=isinstance(value, list))
    text += ["", "endpoints:"]
    for key, stated in each.items():
        text += _endpoint(key, stated)
    return "\n".join(text) + "\n"


def _is_tame(text: str | None) -> bool:
    return bool(text) and str(text).isascii() and str(text).isprintable()


def _common(field: str, endpoints: Mapping[str, Description]) -> Any:
    """Return the value of a field that most of the endpoints which take it share, or None where none is worth it.

    A default can't be taken back, only replaced: there is none where some endpoint would have nothing to put there.
    """
    of_all = {"tags", "ip_address_type"}
    taking = [each.stated.get(field) for each in endpoints.values() if field in of_all | taken_by(each.type)]
    if not taking or any(value is None for value in taking):
        return None
    counts = [json.dumps(value, sort_keys=True) for value in taking]
    most = max(counts, key=lambda text: (counts.count(text), -counts.index(text)))
    value = taking[counts.index(most)]
    worth = counts.count(most) > 1 or len(counts) == 1
    is_short = field != "policy" or value == FULL_ACCESS
    return value if worth and is_short and value != {} else None


def _own(
    shared: dict[str, Any],
    each: Mapping[str, dict[str, Any]],
    endpoints: Mapping[str, Description],
    owned: Mapping[str, Owned],
) -> None:
    """Put the groups that the spec makes its own where they are named first; elsewhere they are referred to."""
    if not owned:
        return
    made: set[str] = set()
    places: list[tuple[dict[str, Any], tuple[AwsObject, ...]]] = []
    field = "security_groups"
    if field in shared:
        first = next(e for k, e in endpoints.items() if field not in each[k] and field in e.around)
        places.append((shared, first.around[field]))
    places += [(each[key], endpoint.around[field]) for key, endpoint in endpoints.items() if field in each[key]]
    for stated, groups in places:
        references = list(stated[field])
        for index, group in enumerate(groups):
            mine = owned.get(str(group["GroupId"]))
            if mine is not None:
                references[index] = {"id": mine.id} if mine.id in made else {"create": mine.stated(shared.get("tags"))}
                made.add(mine.id)
        stated[field] = references


def _needs(stated: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the provider floors that what is stated needs."""
    yield _FLOOR
    for fields in stated:
        for field, value in fields.items():
            yield from _release(Endpoint, field)
            if field == "dns_options":
                for option in value:
                    yield from _release(DnsOptions, option)


def _release(model: Any, field: str) -> Iterator[str]:
    extra = model.model_fields[field].json_schema_extra
    if isinstance(extra, dict) and "aws_provider" in extra:
        yield f">= {str(extra['aws_provider']).removesuffix('.0')}"


def _endpoint(key: str, stated: Mapping[str, Any]) -> Iterator[str]:
    line = f"  {scalar(key)}: {flow(stated)}"
    is_long = isinstance(stated.get("policy"), dict) or "create: {" in line
    yield from [line] if len(line) <= WIDTH and not is_long else lines(key, stated, indent=2, parted=True)
