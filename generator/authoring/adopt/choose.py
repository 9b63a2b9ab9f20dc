"""Which endpoints are adopted: those of one VPC that no AWS service manages, or the ones of them that are selected."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from generator.catalog.catalog import Catalog, Service
from generator.intent.targets import full_name
from generator.live.estate import AwsObject, Estate, label, name
from generator.live.owners import owner_of
from generator.live.states import DEAD, PARTIAL, failure, is_dead, is_failing, is_gone, state
from generator.live.untold import NOT_TOLD, doubt, offer, unseen
from generator.source.diagnostics import Code, Diagnostic, Place, Refused
from generator.source.frozen import frozen
from generator.source.suggest import did_you_mean, some
from generator.source.text import TOO_LARGE, one_line, with_blanks

WHICH_VPC = Code("E410")
NOT_SELECTED = Code("E411")
NOTHING = Code("E412")
_MOST = 1000  # twenty times what AWS lets a VPC have by itself
_MOST_TOLD = 100  # in one message
NOT_AVAILABLE = Code("W410")
OF_A_STACK = Code("W411")


Unsayable: TypeAlias = Callable[[AwsObject, Iterable[AwsObject], Estate], Mapping[str, tuple[str, bool]]]
"""What tells why no spec can have endpoints of a VPC, and whether that is known: `sayable.unsayable`."""


class LeftOut(NamedTuple):
    """An endpoint that is not adopted, why, and whether AWS's answers tell that."""

    endpoint: AwsObject
    reason: str
    known: bool = True


@frozen(kw_only=True)
class Selection:
    """The endpoints that are adopted, and those that are not, each with the reason."""

    vpc: AwsObject
    endpoints: tuple[AwsObject, ...]
    left_out: tuple[LeftOut, ...]
    warnings: tuple[Diagnostic, ...]


def vpcs_of(estate: Estate, otherwise: str = "") -> tuple[AwsObject, ...]:
    """Return the VPCs of a Region; raises Refused (E410) where it has none, with what to do, or `otherwise`."""
    if not (found := estate.all("Vpcs")):
        account = f" in account {estate.account}" if estate.account else " in the account that asks"
        fix = f"ask for the VPC's Region (--region), with credentials of its account (--profile){otherwise}"
        raise Refused([WHICH_VPC.at(Place("--region"), f"{estate.region} has no VPC{account}", fix)])
    return found


def vpc_of(estate: Estate, wanted: str) -> AwsObject:
    """Return the VPC with an id or a Name tag; raises Refused (E410) where there is none, or several."""
    vpcs = estate.all("Vpcs")
    found = [vpc for vpc in vpcs if vpc["VpcId"] == wanted] or [vpc for vpc in vpcs if name(vpc) == wanted]
    if len(found) == 1:
        return found[0]
    if not found and (why := doubt(estate, "Vpcs", "", wanted)):
        message = f"not told whether {estate.region} has a VPC {wanted}: {why}"
        raise Refused([NOT_TOLD.at(Place("--vpc"), message, offer(estate, "Vpcs", "", wanted, "give the id"))])
    there = some((label(vpc, "VpcId") for vpc in found or vpcs_of(estate)), _MOST_TOLD)
    message = f"{estate.region} has {len(found)} VPCs {wanted}" if found else f"{estate.region} has no VPC {wanted}"
    raise Refused([WHICH_VPC.at(Place("--vpc"), message, f"give the id of one of these: {there}")])


def vpc_ids(estate: Estate, wanted: str) -> tuple[str]:
    """Return the id of such a VPC; an empty one where there is none, or several, which `vpc_of` tells."""
    with suppress(Refused):
        return (str(vpc_of(estate, wanted)["VpcId"]),)
    return ("",)


def adoptable(estate: Estate, vpc: AwsObject) -> tuple[AwsObject, ...]:
    """Return the endpoints of a VPC that one spec of all of them has; none where they are too many for one."""
    every = estate.all("VpcEndpoints", str(vpc["VpcId"]))
    found = tuple(islice((each for each in every if not _reason(each, estate, is_selected=False)), _MOST + 1))
    return found if len(found) <= _MOST else ()


def choose(
    estate: Estate,
    vpc: AwsObject,
    select: Iterable[str] = (),
    keys: Mapping[str, str] = MappingProxyType({}),
    unsayable: Unsayable = lambda _vpc, _lives, _estate: {},
) -> Selection:
    """Return the endpoints of a VPC that are to be adopted; `keys` are those by id of a spec of all of them.

    To select what is left out is offered unless it is `unsayable`, which then is the reason, as it is drift's.

    Raises Refused for a selection that adopts nothing (E411), and for a VPC that has none at all (E412).
    """
    every = sorted(estate.all("VpcEndpoints", str(vpc["VpcId"])), key=lambda each: str(each["VpcEndpointId"]))
    wanted = tuple(dict.fromkeys(select))
    meant = _named_by(wanted, every, estate, keys)
    named = {each["VpcEndpointId"] for several in meant.values() for each in several}
    never = unsayable(vpc, (each for each in every if _is_offered(each, estate)), estate)
    reasons = {
        identifier: _reason(each, estate, is_selected=identifier in named, never=never.get(identifier, ("", True))[0])
        for each in every
        for identifier in [str(each["VpcEndpointId"])]
    }
    untold = frozenset(each for each, reason in reasons.items() if reason and (reason, False) == never.get(each))
    none = None if every else unseen(vpc, estate)
    if findings := [*_missing("--select", meant, every, keys, none), *_misses(meant, reasons, untold)]:
        raise Refused(findings)
    asked = [each for each in every if not wanted or each["VpcEndpointId"] in named]
    endpoints = tuple(each for each in asked if not reasons[each["VpcEndpointId"]])
    place = Place(f"VPC {vpc['VpcId']}")
    if none:
        raise Refused([_unseen(NOTHING, place, "an endpoint can be adopted", none)])
    if not endpoints:
        message = "not told whether an endpoint can be adopted" if untold else "no endpoint can be adopted"
        raise Refused([NOTHING.at(place, message, _some(every, reasons) or "the VPC has none")])
    if len(endpoints) > _MOST:
        message = f"{len(endpoints)} endpoints can be adopted, and a spec is made of {_MOST} at most"
        raise Refused([TOO_LARGE.at(place, message, "adopt some of them: --select")])
    return Selection(
        vpc=vpc,
        endpoints=endpoints,
        left_out=tuple(
            LeftOut(each, reason, each["VpcEndpointId"] not in untold)
            for each in asked
            if (reason := reasons[each["VpcEndpointId"]])
        ),
        warnings=tuple(finding for each in endpoints for finding in _warnings(each, estate)),
    )


def service_of(endpoint: AwsObject, region: str) -> Service | None:
    """Return the catalog's service of an endpoint; None where the catalog would give it another name."""
    where, endpoint_type = endpoint.get("ServiceRegion") or region, endpoint["VpcEndpointType"]
    return _service_named(str(endpoint.get("ServiceName")), str(where), str(endpoint_type))


@lru_cache  # answers have thousands of endpoints of a few services
def _service_named(name: str, region: str, endpoint_type: str) -> Service | None:
    catalog = Catalog.load()
    service = full_name(name, catalog).service
    if service is None or service.missing or endpoint_type not in service.types:
        return None
    return service if catalog.service_name(service.id, region, endpoint_type) == name else None


def _is_offered(endpoint: AwsObject, estate: Estate) -> bool:
    """Tell whether an endpoint is left out unless it is selected: it fails, or what made it may have given it up."""
    owner = owner_of(endpoint, estate)
    return not is_gone(endpoint) and (is_failing(endpoint) if owner is None else owner.has_left)


def _reason(endpoint: AwsObject, estate: Estate, *, is_selected: bool, never: str = "") -> str:
    """Return why an endpoint is not to be adopted, if it is not; `never` is why no spec can have what is offered."""
    if is_gone(endpoint):
        return f"it is {endpoint['State']}"
    owner = owner_of(endpoint, estate)
    if owner is None and is_failing(endpoint) and not is_selected:
        what = (DEAD if is_dead(endpoint) else PARTIAL).removeprefix("it ")
        way = f"to adopt it all the same: --select {endpoint['VpcEndpointId']}"
        return never or f"it is {endpoint['State']}, and {what}; {way}"
    if owner is None or (owner.has_left and is_selected):
        return ""
    away = f"; or it has left it: --select {endpoint['VpcEndpointId']}" if owner.has_left and not never else ""
    return f"{owner.reason}; {owner.fix}{away}"


def _named_by(
    words: Iterable[str], every: Iterable[AwsObject], estate: Estate, keys: Mapping[str, str]
) -> dict[str, list[AwsObject]]:
    """Return the endpoints that each word of --select or --except names: all with that key, id, name or service."""
    meant: dict[str, list[AwsObject]] = {word: [] for word in words}
    for endpoint in every if meant else ():
        names = (endpoint["VpcEndpointId"], name(endpoint), endpoint.get("ServiceName"))
        targets = (endpoint.get("ResourceConfigurationArn"), endpoint.get("ServiceNetworkArn"))
        service = service_of(endpoint, estate.region)
        own = {*names, *targets, service.id if service else None, keys.get(str(endpoint["VpcEndpointId"]))}
        for word in meant.keys() & own:
            meant[str(word)].append(endpoint)
    return meant


def excepted(vpc: AwsObject, words: Iterable[str], estate: Estate, keys: Mapping[str, str]) -> frozenset[str]:
    """Return the ids of what is not to be adopted; raises Refused (E411) where a word is nothing of the VPC."""
    every = estate.all("VpcEndpoints", str(vpc["VpcId"]))
    meant = _named_by(words, every, estate, keys)
    if findings := [*_missing("--except", meant, every, keys, unseen(vpc, estate))]:
        raise Refused(findings)
    return frozenset(str(each["VpcEndpointId"]) for several in meant.values() for each in several)


def _missing(
    option: str,
    meant: Mapping[str, list[AwsObject]],
    every: Collection[AwsObject],
    keys: Mapping[str, str],
    none: tuple[str, str] | None,
) -> Iterator[Diagnostic]:
    """Yield the words of an option that name nothing in the VPC (E411); why that may be, where `none` is seen."""
    for text in (text for text, found in meant.items() if not found):
        labels = (f"{key} ({identifier})" for identifier, key in keys.items())
        there = some(labels if keys else (label(each, "VpcEndpointId") for each in every), _MOST_TOLD)
        if none and not there:
            yield _unseen(NOT_SELECTED, Place(option), f"the VPC has an endpoint {text}", none)
        else:
            near = {name(each) or "" for each in every if (name(each) or "").strip() == text.strip()}
            fix = did_you_mean(map(with_blanks, sorted(near)), f"it has {there}" if there else "it has none")
            yield NOT_SELECTED.at(Place(option), f"the VPC has no endpoint {text}", fix)


def _unseen(code: Code, place: Place, what: str, none: tuple[str, str]) -> Diagnostic:
    why, way = none
    return code.at(place, f"not told whether {what}: {why.removeprefix('not told: ')}", way)


def _misses(
    meant: Mapping[str, list[AwsObject]], reasons: Mapping[str, str], untold: frozenset[str]
) -> Iterator[Diagnostic]:
    for text, found in meant.items():
        if found and all(reasons[each["VpcEndpointId"]] for each in found):
            is_told = untold.isdisjoint(each["VpcEndpointId"] for each in found)
            message = f"{text} can't be adopted" if is_told else f"not told whether {text} can be adopted"
            yield NOT_SELECTED.at(Place("--select"), message, _some(found, reasons))


def _some(endpoints: Iterable[AwsObject], reasons: Mapping[str, str]) -> str:
    told = (one_line(f"{label(each, 'VpcEndpointId')}: {reasons[each['VpcEndpointId']]}") for each in endpoints)
    return some(told, _MOST_TOLD, "; ")


def _warnings(endpoint: AwsObject, estate: Estate) -> Iterator[Diagnostic]:
    place, now = Place(str(endpoint["VpcEndpointId"])), state(endpoint)
    if now != "available":
        why = f": {failure(endpoint)}" if failure(endpoint) else ""
        fix = "ask the owner of its service to accept it" if now == "pendingacceptance" else ""
        yield NOT_AVAILABLE.at(place, f"its state is {endpoint['State']}{why}", fix)
    if owner := owner_of(endpoint, estate):
        yield OF_A_STACK.at(place, f"{owner.who} made it", owner.fix)
