"""What of a spec exists already: as it says, otherwise, dead, or a second one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import TypeAlias

from generator.live import ingress
from generator.live.candidates import takes_once
from generator.live.change import Change
from generator.live.estate import AwsObject, label
from generator.live.fields import Pair, changes
from generator.live.locate import IF_MANAGED, Located, LocatedEndpoint
from generator.live.marks import Marked, deposed, marked, tainted
from generator.live.match import untold_which
from generator.live.not_given import not_given
from generator.live.refusals.facts import TAGS, find_own, if_imported, show, show_endpoint, unless_imported, way
from generator.live.refusals.givers import givers
from generator.live.refusals.gone_imports import gone_imports
from generator.live.stand_in import mend
from generator.live.states import is_dead, is_ill, state, unreplaceable
from generator.live.unstated import unstated
from generator.live.untold import NOT_TOLD
from generator.live.untold_root import untold_root
from generator.source.diagnostics import Code, Diagnostic, Refused
from generator.source.suggest import SHOWN, some

THERE_ALREADY = Code("W427")
PROTECTED = Code("E439")
_Own: TypeAlias = tuple[Pair, tuple[Change, ...]]
"""An endpoint that exists, and all in which it differs."""


def there_already(spec: Located) -> Iterator[Diagnostic]:
    """Warn of the spec's own that is not as it says, where no state is told; of a dead one, or a second, always."""
    if untold := untold_root(spec):
        yield NOT_TOLD.at(spec.intent.source.place(("name",)), *untold)
    for is_refused, why, way_to_tell in not_given(spec):
        yield (NOT_TOLD if is_refused else THERE_ALREADY).at(spec.intent.source.place(("name",)), why, way_to_tell)
    yield from (*gone_imports(spec), *_marked(spec))
    for located in spec.endpoints:
        if located.one_of and not _is_as_stated(spec, located):
            yield _untold(spec, located)
            continue
        rival = located.rival
        live = rival.live if rival else located.live if spec.applied is not None else None
        if not live or located.beside(live, "") or find_own(spec, located):
            continue
        identifier = str(live["VpcEndpointId"])
        lacks = rival or spec.lacks(identifier)
        message = f"{located.endpoint.key}: {label(live, 'VpcEndpointId')} exists, and {lacks}"
        unless = "" if rival or spec.elsewhere(identifier) else unless_imported(spec, identifier)
        text = f"{unless}apply makes a second one: {way(spec, located, live)}"
        yield THERE_ALREADY.at(located.endpoint.place, message, show_endpoint(spec, live, text))
    for same in _alike(spec):
        yield _differing(spec, *same)


def _untold(spec: Located, located: LocatedEndpoint) -> Diagnostic:
    """Say that it is not told which live endpoint one is; an error where AWS may refuse what an apply does with it."""
    why, text = untold_which(spec, located)
    fix = show(spec, text, "VpcEndpoints", *islice(located.one_of, SHOWN))
    is_rival = takes_once(located) and any(located.beside(each, "") for each in located.one_of.values())
    code = NOT_TOLD if is_rival or _may_be_refused(spec, located) else THERE_ALREADY
    return code.at(located.endpoint.place, f"{located.endpoint.key}: {why}", fix)


def _alike(spec: Located) -> Iterable[list[_Own]]:
    """Return the spec's own that are not as it says; those that live and differ in one way together, as in drift."""
    causes = defaultdict[object, list[_Own]](list)
    for pair, differing in _own(spec):
        own, identifier = pair.live, str(pair.live["VpcEndpointId"])
        if pair.located.one_of:
            continue
        # else that is told already, as what the apply changes: of what import blocks take in, too
        is_open = identifier not in spec.untold and spec.is_managed(identifier) is None
        if is_ill(own) or (is_open and not _is_fine(own, differing)):
            what = [(each.field, each.found, each.wanted, each.known) for each in differing]
            lost = sorted(pair.located.lost)
            how = pair.located.endpoint.key if is_ill(own) else _second(pair.located, own)
            causes[how, repr(what), repr(lost), state(own)].append((pair, differing))
    return causes.values()


def _differing(spec: Located, first: _Own, *others: _Own) -> Diagnostic:
    """Say in what the first differs, and which others do so, too."""
    located, own, differing = first[0].located, first[0].live, first[1]
    known = dict.fromkeys(each.field for each in differing if each.known and each.field not in located.lost)
    untold = dict.fromkeys(each.field for each in differing if each.field not in known)
    now = f", and differs in {', '.join(known)}" if known else ""
    now = now if state(own) == "available" else f", in state {own['State']}{now}"
    also = some((f"{each.located.endpoint.key}: {label(each.live, 'VpcEndpointId')}" for each, _ in others))
    now += f"; also {also}" if also else ""
    code, message = THERE_ALREADY, f"{located.endpoint.key}: {label(own, 'VpcEndpointId')} exists already{now}"
    if untold and not known and not is_ill(own):
        message = (
            f"not told whether {located.endpoint.key}: {label(own, 'VpcEndpointId')} differs in {', '.join(untold)}"
        )
        message, untold = f"{message}{now}", {}
    is_open = spec.is_managed(str(own["VpcEndpointId"])) is None
    ways = f"{IF_MANAGED}, or {if_imported(spec)}" if is_open else ""
    text = f"fine {ways} (gen-endpoints drift compares it)"
    if is_ill(own):
        does = "fails unless AWS makes it available" if _is_changed(*first) else "leaves it so"
        text = f"{f'{IF_MANAGED}, ' if ways else ''}apply {does}: {mend(located, own, spec, shows='AWS')}"
        if _is_changed(*first):
            code, message = NOT_TOLD, f"not told whether AWS takes changes of {message}"
    pairs = [first[0], *(pair for pair, _ in others[:SHOWN])]
    left = f"; {len(rest)} more are in drift's rows" if (rest := others[SHOWN:]) else ""
    does = "" if is_dead(own) else f"{_second(located, own)}: "
    text += f"; else {does}{'; '.join(way(spec, each.located, each.live) for each in pairs)}{left}" if ways else ""
    text = f"not told whether it differs in {', '.join(untold)}: {text}" if untold else text
    fix = show(spec, text, "VpcEndpoints", *(each.live["VpcEndpointId"] for each in pairs))
    return code.at(located.endpoint.place, message, fix)


def _is_changed(pair: Pair, differing: Iterable[Change]) -> bool:
    """Tell whether an apply changes more than tags: Terraform then waits for the endpoint to be available.

    https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/vpc_endpoint.go
    (`resourceVPCEndpointUpdate`, checked 2026-11-28)
    """
    fields = {each.field.partition(".")[0] for each in differing if each.known and each.wanted is not None}
    return bool(pair.located.lost) or bool(fields - TAGS)  # what leads nowhere may be changed


def _may_be_refused(spec: Located, located: LocatedEndpoint) -> bool:
    """Tell whether an apply changes what is ill of the live endpoints that one of the spec may be."""
    if not located.one_of:
        return False
    lives = spec.estate.all("VpcEndpoints", spec.vpc_id)
    ill = spec.estate.once((is_ill, spec.vpc_id), lambda: [str(e["VpcEndpointId"]) for e in lives if is_ill(e)])
    may_be = [located.one_of[key] for key in ill if key in located.one_of and spec.is_managed(key) is not False]
    pairs = [Pair(located=located, live=each, spec=spec) for each in may_be]
    return any(_is_changed(each, changes(each)) for each in pairs)


def _second(located: LocatedEndpoint, own: AwsObject) -> str:
    """Return what an apply does without the endpoint that is there."""
    return "AWS refuses a second one" if located.beside(own, "") else "apply makes a second one"


def _is_as_stated(spec: Located, located: LocatedEndpoint) -> bool:
    """Tell whether the endpoint that one of the spec may be is as it says; a state that is told has it, too."""
    return any(_is_fine(pair.live, differing) for pair, differing in _own(spec, located))


def depends(spec: Located) -> tuple[str, ...]:
    """Return the keys of endpoints, and the names of groups, that exist: the apply works where they are Terraform's."""
    there = spec.estate.all("SecurityGroups", spec.vpc_id)
    groups = {each["GroupName"] for each in there if not spec.is_managed(each["GroupId"])}
    made = [group.name for _, group in spec.intent.made() if group.name in groups]
    lives = {each.endpoint.key: each.live["VpcEndpointId"] for each in spec.endpoints if each.live}
    own = (key for key, live in lives.items() if not spec.is_managed(live))
    given = (each.named(spec) for located in spec.endpoints for each in givers(spec, located))
    return tuple(dict.fromkeys((*own, *given, *made)))


def as_stated(spec: Located) -> tuple[str, ...]:
    """Return the keys of endpoints, and the names of groups, that exist just as the spec says."""
    fine = (pair for pair, differing in _own(spec) if _is_fine(pair.live, differing))
    endpoints = (each.located.endpoint.key for each in fine if not tainted(spec.applied, each.live["VpcEndpointId"]))
    groups = (name for name, differing in groups_differing(spec).items() if not differing)
    return (*endpoints, *groups)


def _marked(spec: Located) -> Iterator[Diagnostic]:
    """Tell of endpoints that the apply replaces, or destroys, though nothing differs, or fails to."""
    lives = spec.estate.all("VpcEndpoints", spec.vpc_id) if isinstance(spec.applied, Marked) else ()
    there = [each for each in lives if marked(spec.applied, each)]
    for located in spec.endpoints if there else ():
        for each in (each for each in there if each.get(located.target_key) == located.target):
            identifier, key = str(each["VpcEndpointId"]), located.endpoint.key
            is_own = located.live is not None and located.live["VpcEndpointId"] == identifier
            refusal = unreplaceable(located, spec) if is_own and spec.is_managed(identifier) else None
            mark = partial(tainted, refusal=refusal) if is_own else deposed
            if told := mark(spec.applied, identifier):
                code = PROTECTED if refusal else THERE_ALREADY
                message = f"{key}: {label(each, 'VpcEndpointId')} is {told[0]}"
                yield code.at(located.endpoint.place, message, show_endpoint(spec, each, told[1]))


def replaced(spec: Located) -> tuple[str, ...]:
    """Return the keys of endpoints, and the names of groups, that an apply replaces, or parts of them: tainted."""
    lives = [(each.endpoint.key, find_own(spec, each).get("VpcEndpointId")) for each in spec.endpoints]
    for _, group in spec.intent.made():
        there = spec.estate.having("SecurityGroups", "GroupName", group.name)
        lives += [(group.name, each["GroupId"]) for each in there if each["VpcId"] == spec.vpc_id]
    return tuple(dict.fromkeys(name for name, identifier in lives if tainted(spec.applied, str(identifier))))


def _own(spec: Located, *some: LocatedEndpoint) -> Iterator[_Own]:
    """Yield the endpoints that exist under the spec's own names, or some of them, with all in which each differs."""
    for located in some or spec.endpoints:
        if own := find_own(spec, located):
            pair = Pair(located=located, live=own, spec=spec)
            yield pair, (*changes(pair), *(change for change, _ in unstated(pair)))


def _is_fine(own: AwsObject, differing: Collection[Change]) -> bool:
    return state(own) == "available" and not differing


def groups_differing(spec: Located) -> dict[str, list[Change]]:
    """Return in what each group differs from AWS's of its name, which Terraform's state may have."""
    with suppress(Refused):  # a source that leads nowhere is another finding
        existing = spec.estate.all("SecurityGroups", spec.vpc_id)
        there = {each["GroupName"]: each for each in existing if spec.is_managed(each["GroupId"]) is not False}
        made = [each for each in ingress.groups(spec) if each.name in there]
        own = {each.name: str(there[each.name]["GroupId"]) for each in made}
        fine = [each for each in made if not tainted(spec.applied, own[each.name])]
        return {each.name: [*ingress.group_changes(each, there[each.name])] for each in fine}
    return {}
