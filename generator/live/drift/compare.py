"""Three-way drift: what specs say, what their rendered files say, and what exists in AWS.

    Comparison (a spec beside its files and AWS) ──compare──▶ Drift, each with its class and what to run next

Where AWS differs from the spec in just what the files say otherwise, the files are to blame and not the console.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from generator.intent.intent import Intent
from generator.live.change import Change
from generator.live.claimed import claimed_twice
from generator.live.drift.causes import by_cause
from generator.live.drift.comparison import KINDS, Comparison, Present, matched, of_state
from generator.live.drift.files import OF_FILES, file_drift, stopping
from generator.live.drift.groups import going, group_rows, groups_there, is_of_group, subject_of
from generator.live.drift.owned_tags import told_changes
from generator.live.drift.private_dns import unresolved
from generator.live.drift.row import Drift, Kind, Unsayable, Whose, not_ours
from generator.live.estate import TARGETS, AwsObject, name
from generator.live.fields import UNKNOWN_POLICY, Pair, changes
from generator.live.gateways import need
from generator.live.locate import Located, LocatedEndpoint
from generator.live.marks import deposed, has
from generator.live.match import if_managed, untold_pair
from generator.live.owners import Owner, deletion, owner_of, routes_before, untold_owner, untold_owners
from generator.live.pairs import home
from generator.live.refusals.way_round import way_round
from generator.live.stand_in import mend, stand_ins
from generator.live.states import DEAD, PARTIAL, failure, is_dead, is_failing, is_gone, is_known, state
from generator.live.unstated import unstated
from generator.source.diagnostics import Diagnostic
from generator.spec.references import BlocksOf, ById


def kinds(intents: Iterable[Intent]) -> tuple[str, ...]:
    """Return the kinds of objects that must be known to compare specs with AWS."""
    intents = tuple(intents)
    sources = [each.source for intent in intents for made in intent.groups for each in made.group.ingress]
    named = any(isinstance(each, BlocksOf) and not isinstance(each.prefix_list, ById) for each in sources)
    fixed = any(endpoint.fixed_addresses for intent in intents for endpoint in intent.endpoints)
    return (*KINDS, *(["PrefixLists"] if named else []), *(["NetworkInterfaces"] if fixed else []))


def compare(specs: Iterable[Comparison], *, unsayable: Unsayable, whose: Whose = lambda *_: "") -> tuple[Drift, ...]:
    """Return where files and AWS differ from the specs; an endpoint that any of them has is none that no spec has.

    But another may have what none of them has: `whose` tells that. `unsayable` tells what no spec can say.
    """
    specs = tuple(matched(specs))
    claimed = zip(specs, claimed_twice(each.located for each in specs), strict=True)
    rows = [_claimed(each, twin) for each, twins in claimed for twin in twins]
    for each in specs:
        own = (*_of_spec(each), *unresolved(each))
        rows += [*own, *stopping(each.located, own)]
    dead = {each.next for each in rows if each.kind is Kind.DEAD}  # what takes in another in place of one names it
    unclaimed = _unclaimed(specs, unsayable, whose)
    rows += [each for each in unclaimed if each.kind is not Kind.NOT_IN_SPEC or each.next not in dead]
    held = defaultdict[str | None, list[Drift]](list)
    for row in rows:
        if row.kind in OF_FILES:
            held[row.spec].append(row)
    of_files = [row for each in specs for row in file_drift(each.rendered, each.commands, held[each.commands.spec])]
    return (*of_files, *by_cause(row for row in rows if row.kind not in OF_FILES))


def _claimed(spec: Comparison, twin: Diagnostic) -> Drift:
    """Return the row of what another spec has too in the VPC, and AWS has once, be it there or not."""
    intent = spec.located.intent
    subjects = {intent.source.place(each.path): subject_of(each.group.name) for each in intent.groups}
    subjects |= {each.place: each.key for each in intent.endpoints}
    subject = subjects.get(twin.place, intent.spec.name)
    return spec.row(Kind.IN_TWO_SPECS, subject, Change(field="", wanted=None, found=twin.message), twin.fix)


def _of_spec(spec: Comparison) -> Iterator[Drift]:
    here = spec.located.endpoints
    unmade = [each for each in here if not spec.rendered.lacks(each.endpoint.key) and not way_round(spec.located, each)]
    whys = {spec.absence(_facts(spec, each)) for each in unmade}
    if len(whys) == 1 and not any(each.live or each.rival for each in here):
        keys = [each.endpoint.key for each in unmade]
        nothing = Change(field="", wanted=keys, found="nothing of this spec exists")
        yield spec.row(whys.pop(), spec.located.intent.spec.name, nothing, spec.commands.make)
        yield from (_absent(spec, each) for each in here if each not in unmade)
        return
    yield from spec.not_in_state((*_endpoints(spec), *groups_there(spec)))
    for each in here:
        if each.live is None:
            yield _absent(spec, each)
        else:
            pair = Pair(located=each, live=each.live, spec=spec.located)
            yield from _one_of(spec, pair) if each.one_of else _endpoint(spec, pair)
    for group in spec.groups:
        yield from group_rows(spec, group)
    yield from going(spec)


def _endpoints(spec: Comparison) -> Iterator[Present]:
    for each in spec.located.endpoints:
        if each.live is not None and not each.one_of:
            key, facts = each.endpoint.key, _facts(spec, each)
            yield Present(
                subject=key, resource=f"aws_vpc_endpoint.{key}", wanted=each.target, live=each.live, facts=facts
            )


def _facts(spec: Comparison, located: LocatedEndpoint) -> dict[str, str]:
    target = {located.target_key: located.target}
    return {"VpcId": spec.located.vpc_id, "VpcEndpointType": located.endpoint.type, **target}


def _one_of(spec: Comparison, pair: Pair) -> Iterator[Drift]:
    """Yield that it is not told which live endpoint one of the spec is, where that matters: if the one differs."""
    rows, live = [*_endpoint(spec, pair)], str(pair.live["VpcEndpointId"])
    if spec.located.is_managed(live) is False or any(row.kind is not Kind.INFO for row in rows):
        fields = ", ".join(dict.fromkeys(row.field for row in rows if row.kind is not Kind.INFO))
        yield spec.one_of(pair.located, f"; if {live}, it differs in {fields}" if fields else "")
    yield from (row for row in rows if row.kind is Kind.INFO)


def _absent(spec: Comparison, located: LocatedEndpoint) -> Drift:
    if located.one_of:
        return spec.one_of(located)
    key, rival = located.endpoint.key, located.rival
    change = Change(field="", wanted=f"{located.endpoint.type} endpoint for {located.target}", found=None)
    if rival is not None:
        found = f"{rival.live['VpcEndpointId']}, and {rival}"
        return spec.row(Kind.IN_TWO_SPECS, key, replace(change, found=found), rival.fix(spec.commands.spec))
    why = spec.absence(_facts(spec, located))
    step = way_round(spec.located, located) or spec.commands.make
    return spec.row(why, key, change, step, in_files=spec.rendered.lacks(key))


def _endpoint(spec: Comparison, pair: Pair) -> Iterator[Drift]:
    key, live = pair.located.endpoint.key, pair.live
    yield from spec.tainted(key, pair.located.target, str(live["VpcEndpointId"]), pair.located)
    for shown, change, owned in told_changes(pair):
        if not is_of_group(change, pair):
            in_files = spec.rendered.covers(key, change.field)
            kind = spec.kind(live["VpcEndpointId"], change, lambda there: changes(replace(pair, live=there)))
            refused = way_round(spec.located, pair.located, change.field)
            step = refused or spec.commands.apply(spec.surely(live["VpcEndpointId"], kind), change)
            yield spec.row(kind, key, shown, owned + step, in_files=in_files)
    for change, default in unstated(pair):
        step = spec.commands.state(change.field, default)
        yield spec.row(Kind.NOT_IN_SPEC, key, change, step, in_files=spec.rendered.covers(key, change.field))
    stated = spec.located.intent.policies.documents.get(key)
    if stated is not None and pair.policy is None:
        change = Change(field="policy", wanted=stated, found=UNKNOWN_POLICY[0])
        yield replace(spec.row(Kind.INFO, key, change, UNKNOWN_POLICY[1]), known=False)
    if state(live) != "available":
        found = f"{live['State']}: {failure(live)}" if failure(live) else live["State"]
        change = Change(field="state", wanted="available", found=found)
        kind = Kind.DEAD if is_failing(live) else Kind.INFO if is_known(live) else Kind.NOT_TOLD
        row = spec.row(kind, key, change, mend(pair.located, live, spec.located))
        yield replace(row, known=is_known(live))


def _unclaimed(specs: Iterable[Comparison], unsayable: Unsayable, whose: Whose) -> Iterator[Drift]:
    """Yield the endpoints of the specs' VPCs that no spec has; another's, and what no spec can say, are no drift."""
    by_home: dict[tuple[object, ...], list[Comparison]] = {}
    for each in specs:
        by_home.setdefault(home(each.located), []).append(each)
    for sharing in by_home.values():
        spec = sharing[0].located
        owned = {each.live["VpcEndpointId"] for one in sharing for each in one.located.endpoints if each.live}
        yield from _untold_owners(sharing)
        there = spec.estate.all("VpcEndpoints", spec.vpc_id)
        lives = [each for each in there if each["VpcEndpointId"] not in owned and not is_gone(each)]
        owners = [(each, owner_of(each, spec.estate)) for each in lives]
        taken_in = stand_ins(each.located for each in sharing)
        reasons = unsayable(spec.vpc, (each for each, owner in owners if owner is None), spec.estate)
        for live, owner in owners:
            row = _foreign(live, owner, sharing, reasons.get(str(live["VpcEndpointId"]), ("", True)))
            if row.kind is Kind.NOT_IN_SPEC:
                row = replace(row, next=taken_in.get(row.subject, row.next))
            if row.kind is Kind.NOT_IN_SPEC and (way := whose(spec, live)):
                yield replace(row, kind=Kind.NOT_TOLD, known=False, next=way)
            else:
                yield replace(row, kind=Kind.INFO) if _stays(row, live, spec) else row


def _stays(row: Drift, live: AwsObject, spec: Located) -> bool:
    """Tell whether what no spec has fails, as `adopt` leaves it out, and no Terraform has it: no apply changes it."""
    return row.kind is Kind.NOT_IN_SPEC and is_failing(live) and not has(spec.applied, row.subject)


def _untold_owners(sharing: list[Comparison]) -> Iterator[Drift]:
    """Say each reason once that endpoints of specs may be another's, but for those that Terraform has."""
    is_told = False
    for spec in sharing:
        lives = {each.endpoint.key: each.live for each in spec.located.endpoints if each.live}
        keys = {str(live["VpcEndpointId"]): key for key, live in lives.items()}
        own = (each for each in lives.values() if each["VpcEndpointId"] not in (spec.located.applied or {}))
        for (why, way), ids in untold_owners(own, spec.located.estate):
            path = spec.commands.spec if ids or len(sharing) == 1 else None
            subject, *also = [keys[each] for each in ids] or [spec.located.vpc_id]
            row = Drift(kind=Kind.INFO, spec=path, subject=subject, also=(*also,), found=why, known=False, next=way)
            if ids or not is_told:
                yield row
            is_told = is_told or not ids


def _foreign(live: AwsObject, owner: Owner | None, sharing: list[Comparison], reason: tuple[str, bool]) -> Drift:
    target = next(filter(None, map(live.get, TARGETS)), None)
    kind, identifier = str(live["VpcEndpointType"]), str(live["VpcEndpointId"])
    what = f"{kind} endpoint for {target}" if target else f"{kind} endpoint"
    words = (what, name(live), state(live) if is_failing(live) else "")
    change = Change(field="", wanted=None, found=", ".join(filter(None, words)))
    spec, estate = sharing[0].commands.spec if len(sharing) == 1 else None, sharing[0].located.estate
    way = "take it into a spec with gen-endpoints adopt"
    offered = f"{PARTIAL}: {way} --select {identifier}" if is_failing(live) else way
    step = deletion(DEAD if is_dead(live) else f"{offered}, or delete it", live, estate)
    if unless := if_managed(sharing[0].located, identifier):
        step = f"{f'delete it, for {DEAD}' if is_dead(live) else offered}, {unless}"
    needing = need(live, (each.located for each in sharing), estate)
    if needing:
        step = f"{way}: {needing}"
    known = (sharing[0].located.applied or {}).get(identifier)
    untold = None if known else untold_pair(sharing[0].located, identifier)
    if going := deposed(sharing[0].located.applied, identifier):
        return Drift(
            kind=Kind.NOT_IN_SPEC, spec=spec, subject=identifier, next=going[1], found=f"{change.found}, {going[0]}"
        )
    if known and (owner is None or owner.has_left):
        kind_of, step = of_state(sharing, known, identifier)
        if kind_of is not Kind.NOT_IN_SPEC:
            is_told = kind_of is Kind.INFO
            return Drift(kind=kind_of, spec=spec, subject=identifier, next=step, found=change.found, known=is_told)
        step += f", and {needing}" if needing else ""
        step += f"; {routes}" if (routes := routes_before(live, estate)) else ""
    elif told := not_ours(owner, known, reason):
        is_known = owner is not None or reason[1]
        kind_of = Kind.INFO if is_known else Kind.NOT_TOLD
        return Drift(kind=kind_of, spec=spec, subject=identifier, next=told, found=change.found, known=is_known)
    for each in sharing if not untold else ():
        if (str(target), kind) in each.rendered.removed:
            return each.row(Kind.NOT_IN_SPEC, identifier, change, step, in_files=True)
    if untold := untold or (None if known else untold_owner(live, estate)):
        kind_of, told = Kind.INFO if is_failing(live) else Kind.NOT_TOLD, "; ".join(untold)
        return Drift(kind=kind_of, spec=spec, subject=identifier, next=told, found=change.found, known=False)
    return Drift(kind=Kind.NOT_IN_SPEC, spec=spec, subject=identifier, next=step, found=change.found)
