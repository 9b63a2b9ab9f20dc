"""What `drift` and `verify` say in place of *terraform apply*: what `preflight` finds that makes it fail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from generator.live.candidates import candidates, is_of_absent, leaving, takes_once
from generator.live.estate import VPC_ATTRIBUTES
from generator.live.locate import Located, LocatedEndpoint
from generator.live.match import UNTIL_GONE
from generator.live.owners import owner_of
from generator.live.refusals import clashes, exchange, fixed, network, quotas, services, waiting
from generator.live.refusals.facts import TAGS, find_own, is_left, knows, way
from generator.live.refusals.order import APPLY_FIRST
from generator.live.stand_in import mend
from generator.live.states import is_ill
from generator.live.untold import NOT_CHECKED, NOT_TOLD
from generator.source.diagnostics import Diagnostic
from generator.source.frozen import frozen

UNLESS_AVAILABLE = "the apply fails unless AWS makes it available"
"""What `preflight` says of a change of what is dead: Terraform waits for the endpoint."""
_DNS = "private_dns_enabled"
UNKNOWN = {NOT_CHECKED.code, NOT_TOLD.code}
"""The codes of what is not told."""


@frozen()
class _Check:
    find: Callable[[Located], Iterator[Diagnostic]]
    needs: str
    fields: Collection[str] = ()
    """The fields that an apply can't change then; without any it makes no endpoint."""
    together: Callable[[Located], Iterator[tuple[Diagnostic, list[LocatedEndpoint]]]] | None = None
    """What gives the same with the endpoints, where it is refused for all that come together."""
    is_open: bool = False
    """Whether what is not known is told, too."""


_OF_PLAN = (  # a guard, or a lookup that leads nowhere, fails the plan as a whole
    _Check(network.dns_off, VPC_ATTRIBUTES),
    _Check(waiting.awaited, "SecurityGroups", is_open=True),
)
_CHECKS = (
    _Check(network.one_zone_twice, "Subnets", {"subnets"}),
    _Check(fixed.fixed_address, "Subnets", {"subnets", "subnet_configuration"}),
    _Check(network.no_address, "Subnets", {"subnets"}, together=network.without_address),
    _Check(network.subnet_addresses, "Subnets", {"subnets", "ip_address_type"}),
    _Check(network.service_addresses, "ServiceDetails", {"ip_address_type"}),
    _Check(services.not_offered, "ServiceDetails"),
    _Check(services.not_in_zone, "ServiceDetails", {"subnets"}),
    _Check(services.no_dns_name, "ServiceDetails", {_DNS}),
    _Check(clashes.no_gateway, "VpcEndpoints", {_DNS}, is_open=True),
    _Check(exchange.all_given_up, "VpcEndpoints", {_DNS, "route_tables"}, is_open=True),
    _Check(clashes.led_elsewhere, "RouteTables", {"route_tables"}, is_open=True),
    _Check(clashes.zone_taken, "HostedZoneSummaries", {_DNS}),
    _Check(quotas.over_quota, "Quotas", together=quotas.beyond_quota),
)


def way_round(spec: Located, located: LocatedEndpoint, field: str = "") -> str:
    """Return how to have what an apply fails to make of an endpoint; empty where nothing says that it fails.

    Of an endpoint's `field` where one is named, else of all that it is to have.
    """
    if whole := round_plan(spec):
        return whole
    for fields, each in _known(spec).get(located.endpoint.key, ()):
        if not field or field.partition(".")[0] in fields:
            return as_step(each)
    own = find_own(spec, located) if field and field.partition(".")[0] not in TAGS else {}
    if own and is_ill(own):
        return f"{UNLESS_AVAILABLE}: {mend(located, own, spec)}"
    return _beside(spec, located) if field in {"", _DNS, "route_tables"} else ""


def round_plan(spec: Located) -> str:
    """Return how to have anything of a spec whose plan fails as a whole; empty where nothing says that it fails."""
    return next((as_step(each) for _, each in _known(spec).get("", ())), "")


def as_step(refused: Diagnostic) -> str:
    """Return what is said of a finding in place of *terraform apply*."""
    fix, _, _ = refused.fix.partition("\n")  # and the line that shows it
    fails = "" if refused.code in UNKNOWN else f"the apply would fail: {refused.code} "
    return f"{fails}{refused.message}: {fix}"


def _known(spec: Located) -> dict[str, list[tuple[Collection[str], Diagnostic]]]:
    return spec.estate.once((way_round, spec), lambda: _by_key(spec))


def _by_key(spec: Located) -> dict[str, list[tuple[Collection[str], Diagnostic]]]:
    found = defaultdict[str, list[tuple[Collection[str], Diagnostic]]](list)
    for key, fields, each in _refused(spec):
        found[key].append((fields, each))
    return {**found}


def _refused(spec: Located) -> Iterator[tuple[str, Collection[str], Diagnostic]]:
    """Yield what fails an apply, with the key of the endpoint, if it is of one alone, and the fields."""
    yield from (("", (), each) for check in _OF_PLAN for each in _errors(check, spec))
    for check in _CHECKS:
        found = _errors(check, spec)
        for one, several in check.together(spec) if check.together and found else ():
            yield from ((each.endpoint.key, check.fields, one) for each in several if one in found)
        for each in spec.endpoints if found and not check.together else ():
            part = _errors(check, replace(spec, endpoints=(each,)))
            yield from ((each.endpoint.key, check.fields, one) for one in found if one in part)


def _errors(check: _Check, spec: Located) -> dict[Diagnostic, None]:
    found = check.find(spec) if knows(spec, check.needs) else ()
    told = {APPLY_FIRST.code} | (UNKNOWN if check.is_open else set())
    refused = (each for each in found if each.code in told or not (each.is_warning or each.code in UNKNOWN))
    return dict.fromkeys(refused)


def _beside(spec: Located, located: LocatedEndpoint) -> str:
    """Return how an endpoint comes beside another that has its private DNS or route tables.

    Where the endpoint is there, no apply makes it that other one: then it may be anybody's but of this spec.
    """
    for each in candidates(located, spec) if takes_once(located) else ():
        identifier = str(each["VpcEndpointId"])
        rival = spec.holders.get(identifier)
        if rival and rival.path == spec.path and each is not located.live and is_left(spec, identifier):
            rival = None  # no apply changes it, for Terraform does not have it
        is_others = rival.path != spec.path if rival else located.live or owner_of(each, spec.estate)
        if (is_others or is_of_absent(spec, spec.stands(identifier))) and (
            text := located.beside(each, way(spec, located, each))
        ):
            return f"AWS refuses it beside {identifier}: {text}"
    for each in leaving(located, spec) if takes_once(located) else ():
        text = located.beside(each, UNTIL_GONE)
        return f"not told whether AWS takes it beside {each['VpcEndpointId']}, which it is deleting: {text}"
    return ""
