"""Three-way drift: what specs say, what their rendered files say, and what stands in AWS.

    Scene (a spec beside its files and AWS) ──drift──▶ Drift, each with its class and what to run next

Where AWS differs from the spec in just what the files say otherwise, the files are to blame and not the console.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.intent.endpoints import taken_by
from generator.intent.iam_same import document, is_default
from generator.live import ingress
from generator.live.change import Change, tag_changes
from generator.live.drift.row import Drift, Kind, adopt_or_delete
from generator.live.estate import name
from generator.live.fields import Pair, changes
from generator.live.locate import matching

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from generator.live.drift.scene import Scene
    from generator.live.estate import AwsObject
    from generator.live.ingress import Group
    from generator.live.locate import LocatedEndpoint

_GONE = frozenset({"deleting", "deleted"})
_STATES = {
    "pendingacceptance": "the owner of the service is to accept it",
    "pending": "AWS is at work on it: wait",
    "rejected": "the owner of the service rejected it: ask them, then delete it and terraform apply",
    "expired": "nobody accepted it in time: delete it, then terraform apply and have it accepted",
}
"""What to do in a state. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html"""


def drift(scenes: Iterable[Scene], ignored_tags: Collection[str] = ()) -> tuple[Drift, ...]:
    """Return where AWS differs from the specs; an endpoint that any of them has is none that no spec has."""
    scenes = tuple(scenes)
    claims = _claims(scenes)
    rows = [row for each in scenes for row in _of_spec(each, claims.get(each.path, {}), ignored_tags)]
    claimed = {str(live["VpcEndpointId"]) for own in claims.values() for live in own.values()}
    return (*rows, *_unclaimed(scenes, claimed))


def _claims(scenes: Iterable[Scene]) -> dict[str, dict[str, AwsObject]]:
    """Return the live endpoint that each endpoint is, by spec and key: one that bears its name, else one that is left.

    No two endpoints are one.
    """
    claims: dict[str, dict[str, AwsObject]] = {}
    taken: set[str] = set()
    for by_name in (True, False):
        for each in scenes:
            own = claims.setdefault(each.path, {})
            for placed in each.location.endpoints:
                endpoint = placed.endpoint
                for live in matching(placed, each.follower.estate, each.follower.vpc_id):
                    is_right = name(live) == endpoint.name or not by_name
                    if endpoint.key not in own and live["VpcEndpointId"] not in taken and is_right:
                        own[endpoint.key] = live
                        taken.add(str(live["VpcEndpointId"]))
    return claims


def _of_spec(scene: Scene, own: Mapping[str, AwsObject], ignored_tags: Collection[str]) -> Iterator[Drift]:
    unmade = [placed.endpoint.key for placed in scene.location.endpoints if placed.endpoint.key not in scene.said.added]
    if not own and unmade:
        nothing = Change(field="", wanted=unmade, found="nothing of this spec is applied")
        yield scene.row(Kind.DELETED, scene.intent.spec.name, nothing, scene.commands.make)
        return
    for placed in scene.location.endpoints:
        live = own.get(placed.endpoint.key)
        if live is None:
            yield _absent(scene, placed)
        else:
            yield from _endpoint(scene, placed, live, ignored_tags)
    for group in scene.groups:
        yield from _group(scene, group, ignored_tags)


def _absent(scene: Scene, placed: LocatedEndpoint) -> Drift:
    endpoint = placed.endpoint
    target = endpoint.target.in_region(scene.commands.region)
    change = Change(field="", wanted=f"{endpoint.type} endpoint for {target}", found=None)
    if endpoint.key in scene.said.added:
        return scene.explained(endpoint.key, change)
    return scene.row(Kind.DELETED, endpoint.key, change, scene.commands.make)


def _endpoint(scene: Scene, placed: LocatedEndpoint, live: AwsObject, ignored_tags: Collection[str]) -> Iterator[Drift]:
    key = placed.endpoint.key
    pair = Pair(located=placed, live=live, follower=scene.follower, ignored_tags=ignored_tags)
    for change in changes(pair):
        if scene.said.covers(key, change.field):
            yield scene.explained(key, change)
        else:
            yield scene.row(Kind.CHANGED, key, change, scene.commands.apply)
    policy = live.get("PolicyDocument")
    is_stated = key in scene.intent.policies.documents or "policy" not in taken_by(placed.endpoint.type)
    if not is_stated and not is_default(policy):
        change = Change(field="policy", wanted=None, found=document(policy))
        yield scene.row(Kind.INFO, key, change, scene.commands.reset_policy(str(live["VpcEndpointId"])))
    state = str(live.get("State", "available"))
    if state.lower() != "available":
        reason = (live.get("LastError") or {}).get("Message") or live.get("FailureReason")
        change = Change(field="state", wanted="available", found=f"{state}: {reason}" if reason else state)
        step = _STATES.get(state.lower(), "see what AWS says of it in the console, then delete it and terraform apply")
        yield scene.row(Kind.INFO, key, change, step)


def _group(scene: Scene, group: Group, ignored_tags: Collection[str]) -> Iterator[Drift]:
    subject, commands = f"security group {group.name}", scene.commands
    is_explained = group.name in scene.said.groups
    there = scene.follower.estate.all("SecurityGroups", scene.follower.vpc_id)
    live = next((each for each in there if each.get("GroupName") == group.name), None)
    if live is None:
        change = Change(field="", wanted=[str(rule) for rule in sorted(group.rules)], found=None)
        row = scene.row(Kind.DELETED, subject, change, commands.make)
        yield scene.explained(subject, change) if is_explained else row
        return
    found = ingress.rules_of(live)
    for change in (*_group_fields(group, live, ignored_tags), *ingress.changes(group.rules, found)):
        row = scene.row(Kind.CHANGED, subject, change, commands.apply)
        yield scene.explained(subject, change) if is_explained else row
    for rule in sorted(found.keys() - group.rules.keys()):
        change = Change(field="ingress", wanted=None, found=str(rule))
        row = scene.row(Kind.CHANGED, subject, change, commands.revoke(str(live["GroupId"]), rule.permission))
        yield scene.explained(subject, change) if is_explained else row


def _group_fields(group: Group, live: AwsObject, ignored_tags: Collection[str]) -> Iterator[Change]:
    if group.description != live.get("Description"):
        yield Change(field="description", wanted=group.description, found=live.get("Description"))
    yield from tag_changes(group.tags, live, ignored_tags)


def _unclaimed(scenes: Iterable[Scene], claimed: Collection[str]) -> Iterator[Drift]:
    """Yield the endpoints of the specs' VPCs that no spec has, but for those that AWS's services manage themselves."""
    by_vpc: dict[str, list[Scene]] = {}
    for each in scenes:
        by_vpc.setdefault(each.follower.vpc_id, []).append(each)
    for vpc_id, sharing in by_vpc.items():
        estate = sharing[0].follower.estate
        for live in estate.all("VpcEndpoints", vpc_id):
            identifier, is_gone = str(live["VpcEndpointId"]), str(live.get("State", "")).lower() in _GONE
            if identifier not in claimed and not live.get("RequesterManaged") and not is_gone:
                yield _foreign(live, sharing, estate.region)


def _foreign(live: AwsObject, sharing: list[Scene], region: str) -> Drift:
    target = live.get("ServiceName") or live.get("ResourceConfigurationArn") or live.get("ServiceNetworkArn")
    kind = str(live.get("VpcEndpointType"))
    named = f", {name(live)}" if name(live) else ""
    change = Change(field="", wanted=None, found=f"{kind} endpoint for {target}{named}")
    identifier = str(live["VpcEndpointId"])
    for each in sharing:
        if (str(target), kind) in each.said.removed:
            return each.explained(identifier, change)
    return Drift(
        kind=Kind.NOT_IN_SPEC,
        spec=sharing[0].path if len(sharing) == 1 else None,
        subject=identifier,
        wanted=None,
        found=change.found,
        next=adopt_or_delete(identifier, region),
    )
