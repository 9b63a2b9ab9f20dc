"""What a spec needs that another of the specs makes: which is to be applied first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from generator.catalog.wildcards import finder
from generator.intent.intent import Path
from generator.live.follow import NOT_THERE, Follower, group_name
from generator.live.locate import Located, LocatedEndpoint
from generator.live.pairs import home
from generator.live.untold import NOT_TOLD, doubt
from generator.source.diagnostics import Code, Diagnostic
from generator.spec.references import ByName, ByTags, Create, Default, MembersOf

APPLY_FIRST = Code("W437")


def apply_first(spec: Located, message: str, maker: str) -> tuple[str, str]:
    """Return what is said of something that is not there yet, and that another spec makes; and what to do."""
    return f"{message} yet; {maker} makes it", before(spec, maker)


def before(spec: Located, other: str, at_once: str = "") -> str:
    """Return that another spec is applied first; or what is done where one apply makes both, if that is not told."""
    is_told = not at_once or spec.shares_root(spec.others[other]) is not None
    return f"apply {other} before {spec.path}{'' if is_told else f', or, if one root calls both, {at_once}'}"


def awaiting(specs: Iterable[Located]) -> Iterator[Located]:
    """Yield specs, each with the groups that all of them make; what one lacks of these refuses it no more."""
    specs, groups = tuple(specs), defaultdict[object, list[tuple[str, Mapping[str, str]]]](list)
    for spec in specs:
        made = ((spec.path, each.group.tagged(spec.intent.spec.tags)) for each in spec.intent.groups)
        groups[home(spec) if spec.vpc else None] += made
    yield from (_awaiting(replace(each, groups=groups[home(each)])) if each.vpc else each for each in specs)


def _awaiting(spec: Located) -> Located:
    by_place, lost_at = makers(spec), {each.place for each in spec.findings}
    findings = {or_first(spec, each, by_place): line for each, line in spec.findings.items()}
    left = {each.place for each in findings if each.code != APPLY_FIRST.code}
    endpoints = []
    for each in spec.endpoints:
        paths = ((*each.endpoint.at("security_groups"), at) for at, _ in enumerate(each.endpoint.security_groups))
        lost = [(path, spec.intent.source.place(path)) for path in paths]
        lost = [(path, place) for path, place in lost if place in lost_at]
        if lost and not any(place in left for _, place in lost):
            names = (_name(each.endpoint.security_groups[int(path[-1])]) for path, _ in lost)
            there = (*each.absent_groups, *names)
            endpoints.append(replace(each, lost={*each.lost} - {"security_groups"}, absent_groups=there))
        else:
            endpoints.append(each)
    return replace(spec, findings=findings, endpoints=tuple(endpoints))


def coming(located: LocatedEndpoint) -> list[str]:
    """Return the groups of an endpoint that another spec makes, and that are not there yet."""
    own = [group_name(each) for each in located.endpoint.security_groups if isinstance(each, Create | Default)]
    return [each for each in located.absent_groups if each not in own]


def nowhere(spec: Located) -> Mapping[Diagnostic, str]:
    """Return which references by tags to groups lead nowhere."""
    follower = Follower(spec.intent, spec.estate, spec.inputs, spec.vpc_id)
    for path, reference in _references(spec):
        follower.follow("SecurityGroups", reference, path, one=False)
    return follower.findings


def or_first(spec: Located, finding: Diagnostic, by_place: Mapping[object, str]) -> Diagnostic:
    """Return what is said of what leads nowhere; of what another spec makes, by its place, what to apply first.

    So it is where it is not told only for want of the caller's account.
    """
    if not (maker := by_place.get(finding.place)):
        return finding
    if finding.code == NOT_THERE.code:
        return APPLY_FIRST.at(finding.place, *apply_first(spec, finding.message, maker))
    is_of_caller = finding.code == NOT_TOLD.code and not doubt(spec.estate, "SecurityGroups", spec.vpc_id, "")
    if is_of_caller and not spec.estate.account:
        return APPLY_FIRST.at(finding.place, f"{finding.message}; {maker} makes it", before(spec, maker))
    return finding


def makers(spec: Located) -> dict[object, str]:
    """Return by their places which other specs make what references to groups by tags lead to."""
    found = ((path, maker_of(spec, reference)) for path, reference in _references(spec)) if spec.groups else ()
    return {spec.intent.source.place(path): maker for path, maker in found if maker}


def maker_of(spec: Located, reference: object) -> str:
    """Return which other spec makes the group that a reference by tags leads to; empty for none."""
    wanted = {"Name": reference.name} if isinstance(reference, ByName) else {}
    wanted = dict(reference.tags) if isinstance(reference, ByTags) else wanted
    others = ((maker, tags) for maker, tags in spec.groups if wanted and maker != spec.path)
    return next((maker for maker, tags in others if finder(wanted)(tags)), "")


def _name(reference: object) -> str:
    tags = reference.tags if isinstance(reference, ByTags) else {}
    return reference.name if isinstance(reference, ByName) else ", ".join(f"{k} = {v}" for k, v in tags.items())


def _references(spec: Located) -> Iterator[tuple[Path, ByName | ByTags]]:
    """Yield the references to groups, by tags, of the endpoints of a spec, and of the groups that it makes for them."""
    made = {}
    for each in (located.endpoint for located in spec.endpoints):
        for index, reference in enumerate(each.security_groups):
            if isinstance(reference, ByName | ByTags):
                yield (*each.at("security_groups"), index), reference
            elif isinstance(reference, Create):
                made[reference.name] = reference
    for path, group in spec.intent.made():
        for index, ingress in enumerate(group.ingress if group.name in made else ()):
            source = ingress.source.security_group if isinstance(ingress.source, MembersOf) else None
            if isinstance(source, ByName | ByTags):
                yield (*path, "ingress", index, "security_group"), source
