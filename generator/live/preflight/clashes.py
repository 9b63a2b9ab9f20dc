"""Whether what exists in the VPC is in the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TypeAlias

from generator.live import ingress
from generator.live.change import Change
from generator.live.estate import AwsObject, label
from generator.live.fields import Pair, changes
from generator.live.locate import IF_MANAGED, Located, LocatedEndpoint, Rival
from generator.live.owners import way_in
from generator.live.pairs import candidates
from generator.live.preflight.facts import (
    command_of,
    dns_place,
    find_alive,
    find_offer,
    find_others,
    find_own,
    join_words,
    new_private_dns,
    show,
)
from generator.live.preflight.services import private_names
from generator.live.states import explain, is_dead, is_failing, is_known, state
from generator.live.unstated import unstated
from generator.source.diagnostics import Code, Diagnostic, Refused
from generator.source.suggest import some

_SHOWN = 12
DNS_TAKEN = Code("E427")
THERE_ALREADY = Code("W427")
ZONE_TAKEN = Code("E428")
GROUP_THERE = Code("W428")
SECOND_GROUP = Code("E436")
ROUTED_ALREADY = Code("E429")
_Own: TypeAlias = tuple[Pair, tuple[Change, ...]]
"""An endpoint that exists under the spec's own name, and all in which it differs."""
_NONE_DOES = ", and none in the module's folder does"


def there_already(spec: Located) -> Iterator[Diagnostic]:
    """Warn of the spec's own that is not as it says, where no state is told; of a dead one, or a second, always."""
    for located in spec.endpoints:
        rival = located.rival
        live = rival.live if rival else located.live if spec.applied is not None else None
        if not live or located.beside(live, "") or find_own(spec, located):
            continue
        lacks = rival or "Terraform's state lacks it"
        message = f"{located.endpoint.key}: {label(live, 'VpcEndpointId')} exists, and {lacks}"
        unless = "" if rival else f"fine {_if_imported(spec)}; else "
        text = f"{unless}apply makes a second one: {_way(spec, located, live)}"
        yield THERE_ALREADY.at(located.endpoint.place, message, _see(spec, live, text))
    for same in _alike(spec):
        yield _differing(spec, *same)


def _alike(spec: Located) -> Iterable[list[_Own]]:
    """Return the spec's own that are not as it says; those that live and differ in one way together, as in drift."""
    causes = defaultdict[object, list[_Own]](list)
    for pair, differing in _own(spec):
        own, key = pair.live, pair.located.endpoint.key
        if _is_ill(own) or (spec.applied is None and not _is_fine(own, differing)):
            what = [(each.field, each.found, each.wanted, each.known) for each in differing]
            file, lost = (spec.imported or {}).get(str(own["VpcEndpointId"])), sorted(pair.located.lost)
            how = key if _is_ill(own) else _second(pair.located, own)
            causes[how, repr(what), repr(lost), state(own), file].append((pair, differing))
    return causes.values()


def _differing(spec: Located, first: _Own, *others: _Own) -> Diagnostic:
    """Say in what the first differs, and which others do so, too."""
    located, own, differing = first[0].located, first[0].live, first[1]
    known = dict.fromkeys(each.field for each in differing if each.known and each.field not in located.lost)
    untold = dict.fromkeys(each.field for each in differing if each.field not in known)
    now = f", and differs in {', '.join(known)}" if known else ""
    now = now if state(own) == "available" else f", in state {own['State']}{now}"
    also = some((f"{each.located.endpoint.key}: {label(each.live, 'VpcEndpointId')}" for each, _ in others), _SHOWN)
    now += f"; also {also}" if also else ""
    message = f"{located.endpoint.key}: {label(own, 'VpcEndpointId')} exists already{now}"
    file = (spec.imported or {}).get(str(own["VpcEndpointId"]))
    ways = "" if file or spec.applied is not None else f"{IF_MANAGED}, or {_if_imported(spec)}"
    text = (f"fine {ways}" if ways else f"{file} takes it in") + " (gen-endpoints drift compares it)"
    if _is_ill(own):
        text = (f"{IF_MANAGED}: " if ways else "") + explain(own, located, spec)[1]
    pairs = [first[0], *(pair for pair, _ in others[:_SHOWN])]
    left = f"; {len(rest)} more are in drift's rows" if (rest := others[_SHOWN:]) else ""
    does = "" if is_dead(own) else f"{_second(located, own)}: "
    text += f"; else {does}{'; '.join(_way(spec, each.located, each.live) for each in pairs)}{left}" if ways else ""
    text = f"not told whether it differs in {', '.join(untold)}: {text}" if untold else text
    fix = show(spec, text, "VpcEndpoints", *(each.live["VpcEndpointId"] for each in pairs))
    return THERE_ALREADY.at(located.endpoint.place, message, fix)


def _second(located: LocatedEndpoint, own: AwsObject) -> str:
    """Return what an apply does without the endpoint that is there."""
    return "AWS refuses a second one" if located.beside(own, "") else "apply makes a second one"


def depends(spec: Located) -> tuple[str, ...]:
    """Return the keys of endpoints, and the names of groups, that exist: the apply works where they are Terraform's."""
    there = spec.estate.all("SecurityGroups", spec.vpc_id)
    groups = {each["GroupName"] for each in there if not spec.is_managed(each["GroupId"])}
    made = [group.name for _, group in spec.intent.created() if group.name in groups]
    lives = {each.endpoint.key: each.live["VpcEndpointId"] for each in spec.endpoints if each.live}
    return (*(key for key, live in lives.items() if not spec.is_managed(live)), *dict.fromkeys(made))


def as_stated(spec: Located) -> tuple[str, ...]:
    """Return the keys of endpoints, and the names of groups, that exist just as the spec says."""
    endpoints = (pair.located.endpoint.key for pair, differing in _own(spec) if _is_fine(pair.live, differing))
    return (*endpoints, *_groups_as_stated(spec))


def _own(spec: Located) -> Iterator[_Own]:
    """Yield the endpoints that exist under the spec's own names, each with all in which it differs."""
    for located in spec.endpoints:
        if (own := find_own(spec, located)) is not None:
            pair = Pair(located=located, live=own, spec=spec)
            yield pair, (*changes(pair), *(change for change, _ in unstated(pair)))


def _is_ill(own: AwsObject) -> bool:
    """Tell whether an endpoint fails, or nothing says whether it works: no apply changes that."""
    return is_failing(own) or not is_known(own)


def _is_fine(own: AwsObject, differing: tuple[Change, ...]) -> bool:
    return state(own) == "available" and not differing


def _groups_as_stated(spec: Located) -> tuple[str, ...]:
    with suppress(Refused):  # a source that leads nowhere is another finding
        existing = spec.estate.all("SecurityGroups", spec.vpc_id)
        there = {each["GroupName"]: each for each in existing if spec.is_managed(each["GroupId"]) is not False}
        made = [each for each in ingress.groups(spec) if each.name in there]
        return tuple(each.name for each in made if not [*ingress.group_changes(each, there[each.name])])
    return ()


def group_there(spec: Located) -> Iterator[Diagnostic]:
    """Warn of a group by the name of one that the module makes, if it is not as the spec says; refuse a second."""
    fine = _groups_as_stated(spec)
    for path, group in spec.intent.created():
        for each in spec.estate.all("SecurityGroups", spec.vpc_id):
            if each["GroupName"] == group.name not in fine and not spec.is_managed(each["GroupId"]):
                text, code, lacks = f"fine {IF_MANAGED}, or {_if_imported(spec)}; else ", GROUP_THERE, ""
                if spec.applied is not None:
                    text, code, lacks = "", SECOND_GROUP, ", and Terraform's state lacks it"
                text += "import it, refer to it by name, or take another name"
                message = f"security group {group.name} ({each['GroupId']}) exists already{lacks}"
                fix = show(spec, text, "SecurityGroups", each["GroupId"])
                yield code.at(spec.intent.source.place((*path, "name")), message, fix)


def dns_taken(spec: Located) -> Iterator[Diagnostic]:
    """Refuse private DNS that another endpoint has, where an apply turns it on."""
    for located in new_private_dns(spec):
        for other in find_others(spec, located):
            if other.get("PrivateDnsEnabled"):
                message = f"{located.endpoint.key}: {label(other, 'VpcEndpointId')} has private DNS for this service"
                message += _held(spec, located, other)
                text = _unless(spec, located, other) + located.beside(other, _way(spec, located, other))
                yield DNS_TAKEN.at(dns_place(spec, located), message, _see(spec, other, text))


def _if_imported(spec: Located) -> str:
    return f"if an import block takes it in{'' if spec.imported is None else _NONE_DOES}"


def _unless(spec: Located, located: LocatedEndpoint, other: AwsObject) -> str:
    ways = _if_imported(spec) if spec.applied is not None else f"{IF_MANAGED}, or {_if_imported(spec)}"
    return f"fine {ways}; else " if other is located.live else ""


def zone_taken(spec: Located) -> Iterator[Diagnostic]:
    """Refuse private DNS whose zone the VPC has, and not of an endpoint of the service."""
    there = (each for each in spec.estate.all("HostedZoneSummaries") if spec.vpc_id in each.get("VPCs", [spec.vpc_id]))
    zones = {_plain(str(zone.get("Name"))): zone for zone in there}
    for located in spec.with_private_dns:
        if any(each.get("PrivateDnsEnabled") for each in candidates(located, spec)):
            continue  # the zone is that endpoint's
        for name in dict.fromkeys(map(_plain, _dns_names(spec, located))):
            if name in zones:
                zone = str(zones[name]["HostedZoneId"])
                message = f"{located.endpoint.key}: the VPC has a private hosted zone {name} ({zone}) already"
                text = f"take the VPC out of the zone, or write private_dns_enabled: false in {located.endpoint.key}"
                shows = command_of(spec, "HostedZoneSummaries")
                yield ZONE_TAKEN.at(dns_place(spec, located), message, f"{text}\n    {shows}")


def _dns_names(spec: Located, located: LocatedEndpoint) -> tuple[str, ...]:
    """Return the private DNS names of an endpoint's service: as AWS lists them, else as the catalog knows them."""
    if offer := find_offer(spec, located):
        return private_names(offer)
    region, service = located.endpoint.service_region or spec.estate.region, located.endpoint.service
    return tuple(name.replace("{region}", region) for name in (service and service.private_dns) or ())


def _plain(name: str) -> str:
    r"""Return a domain name without its dot at the end and its wildcard, which Route 53 writes as `\052`."""
    return name.rstrip(".").removeprefix("*.").removeprefix("\\052.").lower()


def routed_already(spec: Located) -> Iterator[Diagnostic]:
    """Refuse a gateway on a route table that has another gateway of the service."""
    for located in spec.endpoints:
        own = find_alive(spec, located).get("RouteTableIds") or ()
        for other in find_others(spec, located) if located.endpoint.type == "Gateway" else ():
            if tables := [each for each in located.shared_tables(other) if each["RouteTableId"] not in own]:
                names = join_words(label(table, "RouteTableId") for table in tables)
                message = f"{located.endpoint.key}: {label(other, 'VpcEndpointId')} has a route in {names} already"
                message += _held(spec, located, other)
                text = _unless(spec, located, other) + located.beside(other, _way(spec, located, other))
                fix = show(spec, text, "RouteTables", *(table["RouteTableId"] for table in tables))
                yield ROUTED_ALREADY.at(spec.intent.place(located.endpoint, "route_tables"), message, fix)


def _way(spec: Located, located: LocatedEndpoint, other: AwsObject) -> str:
    """Return what has one spec alone manage an endpoint, and Terraform."""
    address = spec.address(f"aws_vpc_endpoint.{located.endpoint.key}") if other is located.live else ""
    holder = _holder(spec, located, other)
    return holder.keep_in_one(spec.path) if holder else way_in(other, spec.estate, address)


def _holder(spec: Located, located: LocatedEndpoint, other: AwsObject) -> Rival | None:
    return spec.holders.get(str(other["VpcEndpointId"])) if other is not located.live else None


def _held(spec: Located, located: LocatedEndpoint, other: AwsObject) -> str:
    """Return whose an endpoint is, where another spec has it."""
    holder = _holder(spec, located, other)
    return f", and {holder}" if holder else ""


def _see(spec: Located, endpoint: AwsObject, text: str) -> str:
    return show(spec, text, "VpcEndpoints", endpoint["VpcEndpointId"])
