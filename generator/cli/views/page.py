"""The facts of modules as the page has them: what `show`, `cost` and the findings say, and nothing worked out anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from gen_endpoints import Cache, generated
from gen_endpoints.data import meaning_of
from generator.catalog import bundles
from generator.cli.boundary import today
from generator.cli.made import Made, made
from generator.cli.scope import Scope
from generator.cli.views import cost, findings
from generator.cli.views.endpoints import rows
from generator.cost.cost import Assumptions, estimate
from generator.cost.prices import Prices
from generator.diagram import svg
from generator.diagram.picture import picture
from generator.fleet.overlays import Target
from generator.intent.endpoints import TAKES, Endpoint
from generator.intent.intent import Intent
from generator.source.diagnostics import Diagnostic, Place
from generator.source.draft import Source
from generator.spec.policy import UNMANAGED

Facts = dict[str, Any]


def module(target: Target, scope: Scope, cache: Cache) -> tuple[Made, Facts, str]:
    """Return what is compared of a target with others, what the page has of it, and its picture."""
    found = generated(target.source, today=today(), cache=cache)
    intent, one, region = found.intent, made(target, scope, meaning_of(found.intent)), found.intent.spec.known_region
    costs = cost.as_data(estimate(intent, Prices.load(), Assumptions(region=region))) if region else None
    priced: Any = costs["endpoints"] if costs else ()
    monthly = {each["endpoint"]: each["monthly"] for each in priced}
    drawn = picture(found.facts.blocks, one.name, monthly)
    shown = {str(each["endpoint"]): each for each in rows(found.facts.blocks)}
    owners = _owners(intent) if intent.warnings else {}
    facts = {
        **_head(target, intent.spec.name),
        "state": "retired" if target.is_retired else "fine",
        "region": region,
        "vpc": next((each["vpc_id"] for each in shown.values()), None),
        "vpc_key": one.vpc,
        "cost": costs,
        "findings": [findings.row(at) | {"endpoints": sorted(owners.get(at.place, ()))} for at in intent.warnings],
        "endpoints": [shown[each.key] | _endpoint(each, intent) for each in intent.rendered],
    }
    return one, facts, svg.draw(drawn, is_styled=False)


def refused(path: str, target: Target | None, found: Iterable[Diagnostic]) -> Facts:
    """Return what the page has of a spec that is refused: why; all else is not known."""
    target = target or Target(key=PurePosixPath(path).stem, source=Source(path, None))
    unknown = dict.fromkeys(("region", "vpc", "vpc_key", "cost", "endpoints"))
    told = [findings.row(each) | {"endpoints": []} for each in found]
    return {**_head(target, target.key), "state": "refused", **unknown, "findings": told}


def known_bundles() -> list[Facts]:
    """Return the bundles that VPCs may lack endpoints of, the versions of each in their order."""
    known = [each for versions in bundles.load().values() for each in versions.values()]
    has = {each.pinned: [[one.service, one.type] for one in each.endpoints] for each in known}
    return [{"name": each.pinned, "title": each.title, "endpoints": has[each.pinned]} for each in known]


def _head(target: Target, name: str) -> Facts:
    place = target.row if target.row.line else target.source.place(("name",))
    its = {"key": target.key or name, "name": name, "values": {**target.values}}
    return {**its, "file": place.file, "line": place.line}


def _endpoint(each: Endpoint, intent: Intent) -> Facts:
    """Return what only the spec says of an endpoint; a fact that its type does not have is not in it."""
    policy = [one.preset.name if one.preset else one.source.file for one in intent.policies.parts.get(each.key, ())]
    policy = [UNMANAGED] if each.stated.get("policy") == UNMANAGED else policy
    facts: Facts = {"private_dns_enabled": each.has_private_dns, "policy": policy}
    its = {"service": each.service_id or None, "region": each.region, "bundles": each.bundles, "line": each.place.line}
    return {name: value for name, value in facts.items() if each.type in TAKES[name]} | its | {"file": each.place.file}


def _owners(intent: Intent) -> Mapping[Place, set[str]]:
    """Return the endpoints of which a place says something: their own, and those that have it as a default."""
    found, source = defaultdict[Place, set[str]](set), intent.source
    todo = [(each.key, path) for each in intent.rendered for path in (each.origin, *map(each.at, each.stated))]
    while todo:
        key, path = todo.pop()
        found[source.place(path)].add(key)
        found[source.key_place(path)].add(key)
        marks: Any = source.marks
        for step in path:
            marks = marks.get(step) if isinstance(marks, dict) else None
        todo += [(key, (*path, step)) for step in marks if step is not None] if isinstance(marks, dict) else []
    return found
