"""The facts of modules as the page has them: what `show`, `cost` and the findings say, and nothing worked out anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from generator.catalog import bundles
from generator.cli.views import cost, findings
from generator.cli.views.endpoints import rows
from generator.cost.cost import Estimate
from generator.fleet.overlays import Target
from generator.generate import Generated
from generator.intent.endpoints import TAKES, Endpoint
from generator.intent.intent import Intent
from generator.source.diagnostics import Diagnostic, Place
from generator.source.draft import Source
from generator.spec.policy import UNMANAGED

Facts = dict[str, Any]
FromTop = Callable[[str], str]
"""What returns the path of a file from the top of the repository."""


def module(target: Target, found: Generated, estimate: Estimate | None, vpc: str, from_top: FromTop) -> Facts:
    """Return what the page has of a module; `vpc` is what no other VPC has, empty where that is not known."""
    intent, costs = found.intent, cost.as_data(estimate) if estimate else Facts()
    priced: Any = costs.pop("endpoints", ())
    blocks = (block for path, there in found.facts.blocks.items() if path.endswith(".tf") for block in there)
    shown = {each["endpoint"]: each | {"cost": None} for each in rows(blocks)}
    for each in priced:
        shown[each["endpoint"]]["cost"] = {"monthly": each["monthly"], "zones": each["zones"]}
    owners = _owners(intent) if intent.warnings else {}
    return {
        **_head(target, intent.spec.name, from_top),
        "state": "retired" if target.is_retired else "fine",
        "region": intent.spec.known_region,
        "vpc": next((each["vpc_id"] for each in shown.values()), None),
        "vpc_key": vpc,
        "cost": costs or None,
        "findings": [_finding(each, from_top, sorted(owners.get(each.place, ()))) for each in intent.warnings],
        "endpoints": [shown[each.key] | _endpoint(each, intent, from_top) for each in intent.endpoints],
    }


def refused(path: str, target: Target | None, found: Iterable[Diagnostic], from_top: FromTop) -> Facts:
    """Return what the page has of a spec that is refused: why; all else is not known."""
    target = target or Target(key=PurePosixPath(path).stem, source=Source(path, None))
    unknown = dict.fromkeys(("region", "vpc", "vpc_key", "cost", "endpoints"))
    told = [_finding(each, from_top, ()) for each in found]
    return {**_head(target, target.key, from_top), "state": "refused", **unknown, "findings": told}


def known_bundles() -> list[Facts]:
    """Return the bundles that VPCs may lack endpoints of, the versions of each in their order."""
    known = (each for versions in bundles.load().values() for each in versions.values())
    has = ((each, [[one.service, one.type] for one in each.endpoints]) for each in known)
    return [{"name": each.pinned, "title": each.title, "endpoints": endpoints} for each, endpoints in has]


def _head(target: Target, name: str, from_top: FromTop) -> Facts:
    place = target.row if target.row.line else target.source.place(("name",))
    values = {name: value for name, value in target.values.items() if name != "name"}
    return {"key": target.key or name, "name": name, "file": from_top(place.file), "line": place.line, "values": values}


def _finding(found: Diagnostic, from_top: FromTop, endpoints: Iterable[str]) -> Facts:
    return findings.row(found) | {"file": from_top(found.place.file), "endpoints": [*endpoints]}


def _endpoint(each: Endpoint, intent: Intent, from_top: FromTop) -> Facts:
    """Return what only the spec says of an endpoint; a fact that its type does not have is not in it."""
    facts: Facts = {"private_dns_enabled": each.has_private_dns, "policy": _policy(each, intent)}
    return {
        **{name: value for name, value in facts.items() if each.type in TAKES[name]},
        "service": each.service_id or None,
        "region": each.region,
        "bundles": each.bundles,
        "file": from_top(each.place.file),
        "line": each.place.line,
    }


def _policy(endpoint: Endpoint, intent: Intent) -> str:
    """Return what a policy is made of, in words."""
    if endpoint.stated.get("policy") == UNMANAGED:
        return UNMANAGED
    parts = intent.policies.parts.get(endpoint.key, ())
    own = {intent.source.file: "own"}
    named = (each.preset.name if each.preset else own.get(each.source.file, each.source.file) for each in parts)
    return " + ".join(dict.fromkeys(named)) or "not stated"


def _owners(intent: Intent) -> Mapping[Place, set[str]]:
    """Return the endpoints of which a place says something: their own, and those that have it as a default."""
    found = defaultdict[Place, set[str]](set)
    for each in intent.endpoints:
        for path in (each.origin, *map(each.at, each.stated)):
            for place in _places(intent.source, path):
                found[place].add(each.key)
    return found


def _places(source: Source, path: tuple[str | int, ...]) -> Iterator[Place]:
    """Yield the places of what is at a path and below."""
    marks: Any = source.marks
    for step in path:
        marks = marks.get(step) if isinstance(marks, dict) else None
    yield from (source.place(path), source.key_place(path))
    for step in marks if isinstance(marks, dict) else ():
        if step is not None:
            yield from _places(source, (*path, step))
