"""Adopted endpoints → the text of a spec: what they have in common once, at the top, and the rest with each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from generator.authoring.adopt.description import FULL_ACCESS, Description
from generator.authoring.adopt.groups import GroupDescription
from generator.authoring.adopt.references import reference
from generator.authoring.yaml_text import WIDTH, flow, lines, scalar
from generator.intent.endpoints import TAKES
from generator.live.estate import AwsObject, Estate, label
from generator.rules.provider import WITHOUT_DEFECT, has_defect, version
from generator.spec.model import Defaults, DnsOptions, Endpoint

_FLOOR = ">= 5.0"
"""The provider floor that a spec has where it says nothing."""


def compose_spec(
    endpoints: Mapping[str, Description],
    *,
    vpc: AwsObject,
    estate: Estate,
    groups: Mapping[str, GroupDescription],
    head: Mapping[str, str],
) -> str:
    """Return the spec as YAML. `groups` are those that it makes its own, by id; `head` is its `name` and the like.

    Without `aws_provider` in the head it is the oldest that has what the spec says, but not below 5.0.
    """
    shared = {field: value for field in Defaults.model_fields if (value := _common(field, endpoints)) is not None}
    implied = {"tags": {}, **shared}  # what an endpoint has that states nothing
    each = {
        key: {field: value for field, value in endpoint.stated.items() if implied.get(field) != value}
        for key, endpoint in endpoints.items()
    }
    _create_groups([shared, *each.values()], groups.values(), shared.get("tags"))
    floor = _floor([*each.values(), shared])
    if has_defect(floor) and any(endpoint.type == "Interface" for endpoint in endpoints.values()):
        floor = WITHOUT_DEFECT  # or W219 would say so of what is written here
    head = {"name": "", "region": estate.region, **({"aws_provider": floor} if floor != _FLOOR else {}), **head}
    title = label(vpc, "VpcId")
    title = title if title.isascii() and title.isprintable() else str(vpc["VpcId"])
    text = [f"# The endpoints of {title} in {estate.region}, adopted by gen-endpoints."]
    text += [line for key, value in head.items() for line in lines(key, value)]
    text += ["", *lines("vpc", reference("Vpcs", vpc, estate))]
    for field, value in shared.items():
        text += lines(field, value, parted=isinstance(value, list))
    text += ["", "endpoints:"]
    for key, stated in each.items():
        text += _endpoint(key, stated)
    return "\n".join(text) + "\n"


def _common(field: str, endpoints: Mapping[str, Description]) -> Any:
    """Return the value of a field that most of the endpoints which take it share, or None where none is worth it.

    A default can't be taken back, only replaced: there is none where some endpoint would have nothing to put there.
    """
    taking = [each.stated.get(field) for each in endpoints.values() if each.type in TAKES.get(field, {each.type})]
    if not taking or any(value is None for value in taking):
        return None
    counts = [json.dumps(value, sort_keys=True) for value in taking]
    most = max(counts, key=lambda text: (counts.count(text), -counts.index(text)))
    value = taking[counts.index(most)]
    worth = counts.count(most) > 1 or len(counts) == 1
    is_short = field != "policy" or value == FULL_ACCESS
    return value if worth and is_short and value != {} else None


def _create_groups(
    stated: Iterable[dict[str, Any]], groups: Iterable[GroupDescription], default_tags: Mapping[str, str] | None
) -> None:
    """Put the groups that the spec makes its own where they are referred to first; elsewhere their ids."""
    made: set[str] = set()
    by_reference = {repr(group.reference): group for group in groups}
    for fields in stated:
        for index, referred in enumerate(references := list(fields.get("security_groups", ()))):
            if group := by_reference.get(repr(referred)):
                create = {"create": group.as_stated(default_tags)}
                references[index] = {"id": group.id} if group.id in made else create
                made.add(group.id)
        fields.update({"security_groups": references} if references else {})


def _floor(stated: Sequence[Mapping[str, Any]]) -> str:
    """Return the provider floor that what is stated needs."""
    releases = [Endpoint.provider(field) for fields in stated for field in fields]
    releases += [DnsOptions.provider(option) for fields in stated for option in fields.get("dns_options", ())]
    floors = (f">= {release.removesuffix('.0')}" for release in releases if release)
    return max([_FLOOR, *floors], key=version)


def _endpoint(key: str, stated: Mapping[str, Any]) -> Iterator[str]:
    line = f"  {scalar(key)}: {flow(stated)}"
    is_long = isinstance(stated.get("policy"), dict) or "create: {" in line
    yield from [line] if len(line) <= WIDTH and not is_long else lines(key, stated, indent=2, parted=True)
