"""What an apply destroys, for a state has it at the module's path and the spec has it no more; and what uses it.

AWS refuses to delete a security group that "is associated with an instance or network interface" or "is referenced by
another security group in the same VPC": https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html
(read 2026-11-28)
"""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Iterable, Iterator

from generator.intent.intent import Intent
from generator.live.addresses import former, split
from generator.live.applied import Applied, addresses
from generator.live.candidates import is_of_absent
from generator.live.estate import AwsObject, label
from generator.live.gateways import need
from generator.live.locate import Located, LocatedEndpoint
from generator.live.marks import where
from generator.live.refusals.facts import command_of, is_left, knows, show
from generator.live.refusals.order import APPLY_FIRST, before
from generator.live.states import is_gone
from generator.live.untold import NOT_CHECKED, NOT_TOLD, lacking
from generator.live.untold_root import untold_root
from generator.source.diagnostics import Code, Diagnostic
from generator.source.suggest import some

IN_USE = Code("E446")
USERS = "NetworkInterfaces"
"""The kind of answers that tells who else has a group."""


def of_destroyed(intent: Intent, applied: Applied | None) -> tuple[str, ...]:
    """Return the kind of answers that has who uses a group, where a state may have one that the spec gives up.

    Below a path at which it has any of the spec, or where it has nothing of that.
    """
    own, groups = former(intent), {*addresses(applied or {}, "aws_security_group")}
    there = {*groups, *addresses(applied or {}, "aws_vpc_endpoint")}
    paths = {path for path, resource in there if resource in own} or {path for path, _ in there}
    return (USERS,) * any(path in paths and resource and resource not in own for path, resource in groups)


def destroyed(spec: Located) -> dict[str, str]:
    """Return by id the whole addresses of the endpoints and groups that an apply of the spec destroys.

    None where it is not told which is the module; nor what its folder's other files have, or `moved` and `removed`
    blocks of the root here take away.
    """
    return spec.estate.once((destroyed, spec), lambda: dict(_destroyed(spec)))


def _destroyed(spec: Located) -> Iterator[tuple[str, str]]:
    path = spec.roots[0]
    if not spec.applied or not spec.vpc or spec.applied_by is None or untold_root(spec):
        return
    applied = spec.applied
    modules = spec.estate.once((_by_module, id(applied)), lambda: _by_module(applied))
    for identifier, at in modules.get((spec.applied_by, path), ()):
        to = spec.moved.get(identifier, at)
        is_own = split(to)[0] == path and split(to)[1] not in spec.former and (spec.applied_by, path) not in spec.taken
        if is_own and identifier not in spec.addresses and not is_of_absent(spec, to):
            kept = spec.kept() or ()
            if not {at, to, split(to)[1], path.removesuffix(".")} & {*kept}:
                yield identifier, at


def _by_module(known: Applied) -> dict[tuple[object, str], list[tuple[str, str]]]:
    """Return the ids and whole addresses of what states have, by the state and the path of its module."""
    found = defaultdict[tuple[object, str], list[tuple[str, str]]](list)
    for identifier in known:
        state, at = where(known, identifier)
        path, resource = split(at)
        if resource:
            found[state, path].append((identifier, at))
    return {**found}


def in_use(spec: Located) -> Iterator[Diagnostic]:
    """Refuse that an apply destroys what others use; say what is applied first, and what is not told."""
    return (found for _, found in by_id(spec))


def by_id(spec: Located) -> Iterator[tuple[str, Diagnostic]]:
    """Yield the same, each with the id of what is destroyed; not told where files don't read that may keep it."""
    is_told = not destroyed(spec) or spec.kept() is not None
    for identifier, each in _by_id(spec):
        why = "not told, for a file beside the module's own, or of the root here, can't be read"
        is_settled = is_told or each.code == NOT_CHECKED.code
        yield identifier, each if is_settled else NOT_TOLD.at(each.place, f"{why}: {each.message}", each.fix)


def _by_id(spec: Located) -> Iterator[tuple[str, Diagnostic]]:
    place = spec.intent.source.place(("name",))
    for identifier, at in destroyed(spec).items():
        what = f"{identifier}, which the spec has no more and Terraform's state has at {at}"
        if identifier.startswith("vpce-"):
            live = spec.estate.one("VpcEndpoints", identifier)
            if live and not is_gone(live) and (needing := need(live, spec.others.values(), spec.estate)):
                text = "keep it in the spec, or turn that private DNS off first"
                message = f"an apply destroys {what}: not told whether AWS refuses that, for {needing}"
                yield identifier, NOT_TOLD.at(place, message, show(spec, text, "VpcEndpoints", identifier))
        elif not any(identifier in each.addresses for each in spec.others.values()):
            for code, message, text in _of_group(spec, identifier, at, what):
                yield identifier, code.at(place, message, text)


def _of_group(spec: Located, identifier: str, at: str, what: str) -> Iterator[tuple[Code, str, str]]:
    users, untold, first = _users(spec, identifier)
    live = spec.estate.one("SecurityGroups", identifier)
    if knows(spec, "SecurityGroups") and live is None and not (users or untold or first):
        return  # AWS has it no more
    named = label(live, "GroupId") if live else identifier
    what = f"security group {named}{what.removeprefix(identifier)}"
    forget = shlex.join(("terraform", "state", "rm", at))
    text = "keep an endpoint in the spec that makes it, or give these other groups first"
    text += f"; to keep it by hand: {forget}, and so with each of its rules"
    if users:
        yield (
            IN_USE,
            f"an apply destroys {what}, and AWS refuses that while it is in use: {some(users)}",
            _show(spec, text, identifier),
        )
    elif untold:
        message = f"an apply destroys {what}: not told whether it is in use: {some(untold)} may have it"
        yield NOT_TOLD, message, _show(spec, text, identifier)
    for path, keys in first.items() if not users else ():
        text = before(spec, path) if path in spec.others else text
        yield (
            APPLY_FIRST,
            f"an apply destroys {what}, and {some(keys)} of {path} is to give it up",
            _show(spec, text, identifier),
        )
    if not (users or untold) and not knows(spec, USERS):
        why, way = lacking([USERS], spec.estate)
        way = f"{way}, or " if USERS in spec.estate.refused else ""
        text = f"{way}give the output of this with --from DIR\n    {command_of(spec, USERS)}"
        yield NOT_CHECKED, f"not checked: whether other network interfaces have {what}: {why}", text


def _show(spec: Located, text: str, identifier: str) -> str:
    return show(spec, text, "SecurityGroups", identifier)


def _users(spec: Located, group: str) -> tuple[list[str], list[str], dict[str, list[str]]]:
    """Return what uses a group after the apply, what may, and by spec what is to give it up by another root's apply."""
    others = spec.others.values()
    users = [_named(spec, each, own) for each in others for own in each.endpoints if group in _groups(own)]
    untold, first = list[str](), dict[str, list[str]]()
    gone = {identifier: each for each in others for identifier in destroyed(each)}
    interfaces = set[str]()
    for live in spec.estate.all("VpcEndpoints", spec.vpc_id):
        interfaces |= {*(live.get("NetworkInterfaceIds") or ())}
        identifier, rival = str(live["VpcEndpointId"]), spec.holders.get(str(live["VpcEndpointId"]))
        if is_gone(live) or group not in _ids(live):
            continue
        other = spec.others.get(rival.path) if rival else gone.get(identifier)
        own = (
            next((each for each in other.endpoints if rival and each.endpoint.key == rival.key), None)
            if other
            else None
        )
        if other is None or (own and is_left(other, identifier)):
            (untold if identifier in spec.may_be else users).append(identifier)
        elif own and "security_groups" in own.lost:
            untold.append(_named(spec, other, own))
        elif not (own and group in _groups(own)) and not other.shares_root(spec):
            first.setdefault(other.path, []).append(own.endpoint.key if own else identifier)
    there = spec.estate.all(USERS, spec.vpc_id)
    users += [
        each["NetworkInterfaceId"]
        for each in there
        if group in _ids(each) and each["NetworkInterfaceId"] not in interfaces
    ]
    return [*dict.fromkeys((*users, *_referring(spec, group, gone)))], untold, first


def _referring(spec: Located, group: str, gone: Iterable[str]) -> Iterator[str]:
    """Yield the groups of nobody's spec whose rules let in the members of a group."""
    known = {*gone, group}.union(*(each.addresses for each in spec.others.values()))
    for each in spec.estate.all("SecurityGroups", spec.vpc_id):
        pairs = (pair for rule in each["IpPermissions"] for pair in rule.get("UserIdGroupPairs") or ())
        if each["GroupId"] not in known and any(pair.get("GroupId") == group for pair in pairs):
            yield f"a rule of {label(each, 'GroupId')}"


def _named(spec: Located, other: Located, own: LocatedEndpoint) -> str:
    return own.endpoint.key + (f" of {other.path}" if other.path != spec.path else "")


def _groups(own: LocatedEndpoint) -> set[str]:
    return {str(each["GroupId"]) for each in own.security_groups}


def _ids(live: AwsObject) -> set[str]:
    return {str(each["GroupId"]) for each in live.get("Groups") or ()}
