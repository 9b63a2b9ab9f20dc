"""Below which path a state has a spec's module: what is below another, the module does not have there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice

from generator.hcl.hcl import label
from generator.intent.groups import group_key
from generator.live.addresses import former, split
from generator.live.applied import below
from generator.live.locate import Located


def with_addresses(spec: Located) -> Located:
    """Return a spec, where a state is told, with the addresses of what it has, and the path below which that has it."""
    if spec.applied is None:
        return spec
    own, labels = dict(_own(spec)), former(spec.intent)
    return replace(spec, addresses=own, former=labels, roots=_roots(spec, own, labels))


def untold_root(spec: Located) -> tuple[str, str] | None:
    """Return why it is not told below which path the state has the module, and what to do; None where it is."""
    if not spec.roots[1:]:
        return None
    paths = " and ".join(each.removesuffix(".") or "the root module" for each in spec.roots)
    return (
        f"not told which is this module: Terraform's state has as much of the spec below {paths}",
        "give the state of its root alone, or bring all below one path, PATH in commands, with terraform state mv",
    )


def _roots(spec: Located, own: Mapping[str, str], labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return the path below which most of the module is in the state; several where nothing tells which is its.

    What AWS does not show (any more) counts as what it has, so that no path loses by what an answer lacks.
    """
    called = f"module.{label(spec.intent.spec.name)}."
    there = [(each, *split(spec.stands(each))) for each in own]
    live = {path for each, path, resource in there if labels.get(resource) == own[each] and not _is_moved(spec, each)}
    counts = Counter(path for path, _ in {*_in_state(spec, own, labels)}) or Counter(live)
    if not counts:
        others = Counter(path for _, path, resource in there if resource)
        # the state of a root that has nothing of the module is one that is to call it
        is_state = any("Address" in each for each in islice((spec.applied or {}).values(), 1))
        default = called if is_state else ""
        return (max(others, key=lambda path: (others[path], path.endswith(called), path), default=default),)
    most = max(counts.values())
    likely = [path for path, count in counts.items() if count == most]
    likely = [path for path in likely if path.endswith(called)] or likely
    return (*sorted(path for path in likely if path in live),) or (max(likely),)


def _in_state(spec: Located, own: Mapping[str, str], labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the paths below which the state has addresses of the module in its VPC, each with that of today.

    What AWS has as something else than the spec's is another's.
    """
    for resource, address in labels.items():
        kind = "VpcEndpoints" if resource.startswith("aws_vpc_endpoint.") else "SecurityGroups"
        for path, identifier in below(spec.applied or {}, resource, spec.vpc_id):
            is_own = own.get(identifier) == address if identifier in own else not spec.estate.one(kind, identifier)
            if is_own and not _is_moved(spec, identifier):
                yield path, address


def _is_moved(spec: Located, identifier: str) -> bool:
    return spec.stands(identifier) in spec.moves


def _own(spec: Located) -> Iterator[tuple[str, str]]:
    """Yield the id of each endpoint and group of a spec that exists, and its address in the module."""
    for each in spec.endpoints:
        if each.live:
            yield str(each.live["VpcEndpointId"]), f"aws_vpc_endpoint.{each.endpoint.key}"
    for _, group in spec.intent.created():
        for live in spec.estate.having("SecurityGroups", "GroupName", group.name):
            if live["VpcId"] == spec.vpc_id:
                yield str(live["GroupId"]), f"aws_security_group.{group_key(group)}"
