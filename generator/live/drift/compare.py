"""Three-way drift: what specs say, what their rendered files say, and what exists in AWS.

    Comparison (a spec beside its files and AWS) ──compare──▶ Drift, each with its class and what to run next

Where AWS differs from the spec in just what the files say otherwise, the files are to blame and not the console.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, replace

from generator.intent.intent import Intent
from generator.live import ingress
from generator.live.change import Change, difference, tag_changes
from generator.live.drift.rendered import RenderedDifferences
from generator.live.drift.row import Commands, Drift, Kind, adopt_or_delete
from generator.live.estate import AwsObject, name
from generator.live.fields import UNKNOWN_POLICY, Pair, changes
from generator.live.ingress import Group
from generator.live.locate import Located, LocatedEndpoint
from generator.live.match import home, match
from generator.live.states import explain, failure, is_dead, is_gone, state
from generator.live.unstated import unstated
from generator.spec.references import BlocksOf, ById

KINDS = ("Subnets", "RouteTables", "SecurityGroups", "VpcEndpoints")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One spec, and all that it is compared with."""

    located: Located
    groups: tuple[Group, ...]
    commands: Commands
    rendered: RenderedDifferences
    """What its files say otherwise."""

    @classmethod
    def of(cls, located: Located, *, commands: Commands, rendered: RenderedDifferences) -> Comparison:
        """Return a spec with all that it is compared with; raises Refused for references that lead nowhere."""
        groups = ingress.groups(located.require_all())
        return cls(located=located, groups=groups, commands=commands, rendered=rendered)

    def row(self, kind: Kind, subject: str, change: Change, step: str, *, in_files: bool = False) -> Drift:
        """Return a difference of this spec; where it is `in_files` too, they are to blame."""
        if in_files:
            by_hand = self.rendered.by_hand
            kind = Kind.HAND_EDIT if by_hand else Kind.STALE
            step = f"{self.commands.drop_edit if by_hand else self.commands.render()}, then terraform apply"
        return Drift(kind=kind, spec=self.commands.spec, subject=subject, next=step, **asdict(change))


def kinds(intents: Iterable[Intent]) -> tuple[str, ...]:
    """Return the kinds of objects that must be known to compare specs with AWS."""
    intents = tuple(intents)
    sources = [each.source for intent in intents for made in intent.groups for each in made.group.ingress]
    named = any(isinstance(each, BlocksOf) and not isinstance(each.prefix_list, ById) for each in sources)
    fixed = any(endpoint.stated.get("subnet_configuration") for intent in intents for endpoint in intent.endpoints)
    return (*KINDS, *(["PrefixLists"] if named else []), *(["NetworkInterfaces"] if fixed else []))


def compare(specs: Iterable[Comparison], ignored_tags: Collection[str] = ()) -> tuple[Drift, ...]:
    """Return where AWS differs from the specs; an endpoint that any of them has is none that no spec has."""
    specs = tuple(specs)
    matched = match(each.located for each in specs)
    specs = tuple(replace(each, located=located) for each, located in zip(specs, matched, strict=True))
    rows = [row for each in specs for row in _of_spec(each, ignored_tags)]
    return (*rows, *_unclaimed(specs))


def _of_spec(spec: Comparison, ignored_tags: Collection[str]) -> Iterator[Drift]:
    here = spec.located.endpoints
    unmade = [each.endpoint.key for each in here if each.endpoint.key not in spec.rendered.added]
    if unmade and not any(each.live or each.rival for each in here):
        nothing = Change(field="", wanted=unmade, found="nothing of this spec is applied")
        yield spec.row(Kind.DELETED, spec.located.intent.spec.name, nothing, spec.commands.make)
        return
    for each in here:
        if each.live is None:
            yield _absent(spec, each)
        else:
            yield from _endpoint(spec, Pair(located=each, live=each.live, spec=spec.located, ignored_tags=ignored_tags))
    for group in spec.groups:
        yield from _group(spec, group, ignored_tags)


def _absent(spec: Comparison, located: LocatedEndpoint) -> Drift:
    key, rival = located.endpoint.key, located.rival
    change = Change(field="", wanted=f"{located.endpoint.type} endpoint for {located.target}", found=None)
    if rival is not None:
        found = f"{rival.live['VpcEndpointId']}, which {rival.path} has as {rival.key}"
        return spec.row(Kind.IN_TWO_SPECS, key, replace(change, found=found), spec.commands.keep_in_one(rival.path))
    return spec.row(Kind.DELETED, key, change, spec.commands.make, in_files=key in spec.rendered.added)


def _endpoint(spec: Comparison, pair: Pair) -> Iterator[Drift]:
    key, live = pair.located.endpoint.key, pair.live
    for change in changes(pair):
        in_files = spec.rendered.covers(key, change.field)
        yield spec.row(Kind.CHANGED, key, change, spec.commands.apply, in_files=in_files)
    for change, default in unstated(pair):
        step = spec.commands.state(change.field, default)
        yield spec.row(Kind.CHANGED, key, change, step, in_files=spec.rendered.covers(key, change.field))
    stated = spec.located.intent.policies.documents.get(key)
    if stated is not None and pair.policy is None:
        change = Change(field="policy", wanted=stated, found=UNKNOWN_POLICY[0])
        yield spec.row(Kind.INFO, key, change, UNKNOWN_POLICY[1])
    if state(live) != "available":
        found = f"{live['State']}: {failure(live)}" if failure(live) else live["State"]
        change = Change(field="state", wanted="available", found=found)
        yield spec.row(Kind.INFO, key, change, explain(live, pair.located)[1])


def _group(spec: Comparison, group: Group, ignored_tags: Collection[str]) -> Iterator[Drift]:
    subject, commands = f"security group {group.name}", spec.commands
    in_files = group.name in spec.rendered.groups
    there = spec.located.estate.all("SecurityGroups", spec.located.vpc_id)
    live = next((each for each in there if each.get("GroupName") == group.name), None)
    if live is None:
        change = Change(field="", wanted=[str(rule) for rule in sorted(group.rules)], found=None)
        yield spec.row(Kind.DELETED, subject, change, commands.make, in_files=in_files)
        return
    found = ingress.rules_of(live)
    fields = difference("description", group.description, live.get("Description"))
    tags = tag_changes(group.tags, live, ignored_tags)
    for change in (*fields, *tags, *ingress.changes(group.rules, found)):
        yield spec.row(Kind.CHANGED, subject, change, commands.apply, in_files=in_files)
    for rule in sorted(found.keys() - group.rules.keys() - group.possible):
        change = Change(field="ingress", wanted=None, found=str(rule))
        step = commands.revoke(str(live["GroupId"]), rule.permission)
        if rule.source in spec.located.blocks.gone:
            step = f"the VPC has lost this block: terraform apply takes the rule away if it made it; else {step}"
        yield spec.row(Kind.CHANGED, subject, change, step, in_files=in_files)


def _unclaimed(specs: Iterable[Comparison]) -> Iterator[Drift]:
    """Yield the endpoints of the specs' VPCs that no spec has, but for those that AWS's services manage themselves."""
    by_home: dict[tuple[object, ...], list[Comparison]] = {}
    for each in specs:
        by_home.setdefault(home(each.located), []).append(each)
    for sharing in by_home.values():
        spec = sharing[0].located
        owned = [each.live["VpcEndpointId"] for own in sharing for each in own.located.endpoints if each.live]
        for live in spec.estate.all("VpcEndpoints", spec.vpc_id):
            if live["VpcEndpointId"] not in owned and not live.get("RequesterManaged") and not is_gone(live):
                yield _foreign(live, sharing, spec.estate.region)


def _foreign(live: AwsObject, sharing: list[Comparison], region: str) -> Drift:
    target = live.get("ServiceName") or live.get("ResourceConfigurationArn") or live.get("ServiceNetworkArn")
    kind = str(live.get("VpcEndpointType"))
    words = (f"{kind} endpoint for {target}", name(live), state(live) if is_dead(live) else "")
    change = Change(field="", wanted=None, found=", ".join(filter(None, words)))
    identifier = str(live["VpcEndpointId"])
    step = adopt_or_delete(identifier, region, is_dead=is_dead(live))
    for each in sharing:
        if (str(target), kind) in each.rendered.removed:
            return each.row(Kind.NOT_IN_SPEC, identifier, change, step, in_files=True)
    spec = sharing[0].commands.spec if len(sharing) == 1 else None
    return Drift(kind=Kind.NOT_IN_SPEC, spec=spec, subject=identifier, next=step, **asdict(change))
