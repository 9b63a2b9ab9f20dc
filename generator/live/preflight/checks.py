"""Whether Terraform's apply of a spec's module would work, as far as AWS's answers tell.

Intent, Estate ──locate, match──▶ Located ──examine──▶ findings: E… where the apply would surely fail, W… where it may,
or where it would work and disappoint. One function a check; what AWS has not said is reported as not checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain, compress

from generator.intent.intent import Intent
from generator.live.applied import Applied
from generator.live.estate import ACCOUNT, KINDS, VPC_ATTRIBUTES, AwsObject, Estate, to_files
from generator.live.locate import Located
from generator.live.preflight import existing, existing_groups, groups
from generator.live.preflight.differing import differing
from generator.live.preflight.outcome import Outcome, Unchecked
from generator.live.refusals import clashes, destroyed, fixed, network, order, quotas, services, waiting
from generator.live.refusals.facts import command_of, find_own, join_words, knows
from generator.live.roots import refused_imports
from generator.live.rule_ids import of_rules
from generator.live.states import is_ill
from generator.live.untold import NOT_CHECKED, NOT_TOLD, lacking, unseen, way_of
from generator.source.diagnostics import Diagnostic, in_order
from generator.source.frozen import frozen
from generator.spec.references import BlocksOf, OfSubnet, OfSubnets


@frozen(kw_only=True)
class Check:
    """One question, and the kind of AWS's answers without which it stays open."""

    about: str
    find: Callable[[Located], Iterator[Diagnostic]]
    needs: str
    guesses: bool = False
    """Whether it says something without that, too."""
    of_new: bool = False
    """Whether it is about what an apply makes or turns on: where AWS does not show what exists, that is not told."""


def _existing(spec: Located) -> Iterator[Diagnostic]:
    """Tell what exists of the spec, and what the apply destroys that others use."""
    return chain(existing.there_already(spec), destroyed.in_use(spec))


_NO_GROUP = partial(groups.not_there, kind="SecurityGroups", field="security_group")
_NO_PREFIX_LIST = partial(groups.not_there, kind="PrefixLists", field="prefix_list")
CHECKS = (
    Check(about="DNS attributes of the VPC", find=network.dns_off, needs=VPC_ATTRIBUTES),
    Check(about="owner of the VPC", find=network.not_ours, needs=ACCOUNT),
    Check(about="one subnet a zone", find=network.one_zone_twice, needs="Subnets"),
    Check(about="free addresses", find=network.no_address, needs="Subnets", of_new=True),
    Check(about="address types of subnets", find=network.subnet_addresses, needs="Subnets"),
    Check(
        about="fixed addresses that are free",
        find=fixed.fixed_address,
        needs="NetworkInterfaces",
        guesses=True,
        of_new=True,
    ),
    Check(about="address types of services", find=network.service_addresses, needs="ServiceDetails"),
    Check(about="services of the Region", find=services.not_offered, needs="ServiceDetails"),
    Check(about="services of the zones", find=services.not_in_zone, needs="ServiceDetails"),
    Check(about="private DNS names", find=services.no_dns_name, needs="ServiceDetails"),
    Check(about="acceptance by owners", find=services.must_accept, needs="ServiceDetails"),
    Check(about="endpoints that exist", find=_existing, needs="VpcEndpoints"),
    Check(about="security groups that exist", find=existing_groups.group_there, needs="SecurityGroups"),
    Check(about="private DNS of other endpoints", find=clashes.dns_taken, needs="VpcEndpoints"),
    Check(about="gateway that private DNS needs", find=clashes.no_gateway, needs="VpcEndpoints", of_new=True),
    Check(about="private hosted zones", find=clashes.zone_taken, needs="HostedZoneSummaries", of_new=True),
    Check(about="routes to services", find=clashes.routed_already, needs="VpcEndpoints"),
    Check(about="quotas", find=quotas.over_quota, needs="Quotas", guesses=True, of_new=True),
    Check(about="groups that rules let in", find=_NO_GROUP, needs="SecurityGroups"),
    Check(about="prefix lists that rules let in", find=_NO_PREFIX_LIST, needs="PrefixLists"),
    Check(about="rules that are one in AWS", find=groups.one_rule_twice, needs="SecurityGroups"),
    Check(about="IPv6 blocks of the VPC", find=groups.ipv6_blocks, needs="SecurityGroups"),
    Check(about="ports of security groups", find=groups.port_closed, needs="SecurityGroups"),
)


def kinds(intent: Intent, applied: Applied | None = None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the kinds that a spec can't do without, and those that it would like to know, beside a state.

    Groups and route tables that exist may name prefix lists; what is not told of these is told where one does.
    """
    needed, wanted = kinds_of_checks(intent)
    named = ("PrefixLists",) if {"SecurityGroups", "RouteTables"} & {*needed} else ()
    return needed, tuple(dict.fromkeys((*wanted, *named, *of_rules(intent), *destroyed.of_destroyed(intent, applied))))


def kinds_of_checks(intent: Intent) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the same, but for what is only asked for to judge what others name."""
    stated = {name for endpoint in intent.endpoints for name in endpoint.stated}
    tables = [table for endpoint in intent.endpoints for table in endpoint.route_tables]
    by_subnet = any(isinstance(table, OfSubnet | OfSubnets) for table in tables)
    needed = {
        "Subnets": by_subnet or "subnets" in stated,
        "RouteTables": bool(tables),
        "SecurityGroups": "security_groups" in stated,
        "VpcEndpoints": True,
    }
    wanted = {
        "PrefixLists": any(
            isinstance(ingress.source, BlocksOf) for _, group in intent.made() for ingress in group.ingress
        ),
        "ServiceDetails": any(endpoint.service_name is not None for endpoint in intent.endpoints),
        "NetworkInterfaces": any(endpoint.fixed_addresses for endpoint in intent.endpoints),
        "HostedZoneSummaries": _has_private_dns(intent),
        "Quotas": True,
        ACCOUNT: True,
        VPC_ATTRIBUTES: _has_private_dns(intent),
    }
    return tuple(compress(needed, needed.values())), tuple(compress(wanted, wanted.values()))


def examine(spec: Located, twins: Iterable[Diagnostic] = (), stops: Iterable[Diagnostic] = ()) -> Outcome:
    """Return what is in the way of a spec, as `match` leaves it.

    `twins` is what other specs have, too, and `stops` what files beside its module have for which no plan is made.
    """
    intent, stops = spec.intent, (*stops, *_refused_imports(spec))
    wrong = [*waiting.leading_nowhere(spec, spec.findings), *twins]
    places = {intent.source.place(("vpc",)), intent.source.place(("vpc", "variable"))}
    of_vpc = [finding for finding in wrong if finding.place in places]
    if not spec.vpc or of_vpc:
        codes = frozenset(each.code for each in of_vpc)
        return Outcome(findings=in_order(of_vpc), unchecked=(), passed=0, sure=codes)
    everything = spec.estate.once(_everything, lambda: _everything(spec.estate))
    depends = existing.depends(spec) if spec.applied is None else ()
    best, worst = (_errors(spec, has) if depends else {} for has in (everything, {}))
    findings, passed, unchecked, open_ones = {*wrong, *stops}, int(not wrong), list[Unchecked](), list[Unchecked]()
    for kind, checks in _by_need(spec).items():
        if not knows(spec, kind):
            unchecked.append(_unchecked(spec, kind, checks))
            findings.add(_not_checked(spec, unchecked[-1]))
        for check in checks:
            found = _find(check, spec) if check.guesses or knows(spec, kind) else set()
            found |= {each for each in best.get(check, ()) if each.code != NOT_TOLD.code}
            findings |= found
            open_ones += [_opened(check, each) for each in in_order(found) if each.code == NOT_CHECKED.code]
            passed += knows(spec, kind) and not found
    is_in_order = any(each.code == order.APPLY_FIRST.code for each in findings)
    sure = {*wrong, *stops, *chain.from_iterable(best.values())} if depends else {*findings}
    ignored = intent.spec.ignore or {}
    return Outcome(
        findings=in_order(finding for finding in findings if finding.code not in ignored),
        unchecked=(*unchecked, *open_ones),
        passed=passed,
        as_stated=() if wrong else existing.as_stated(spec),
        differing=() if wrong else differing(spec),
        depends=depends if best != worst else (),
        ill=_stays_ill(spec),
        replaced=existing.replaced(spec),
        is_in_order=is_in_order,
        waits=(*waiting.waits(spec),) if is_in_order else (),
        sure=frozenset(each.code for each in sure if not each.is_warning),
    )


def _stays_ill(spec: Located) -> tuple[str, ...]:
    """Return the keys and states of endpoints that fail, or of which nothing says whether they work."""
    there = ((each.endpoint.key, find_own(spec, each)) for each in spec.endpoints)
    return tuple(f"{key} ({own['State']})" for key, own in there if own and is_ill(own))


def _refused_imports(spec: Located) -> Iterator[Diagnostic]:
    if untold := refused_imports(spec):
        yield NOT_TOLD.at(spec.intent.source.place(("name",)), *untold)


def _everything(estate: Estate) -> dict[str, AwsObject]:
    """Return by id what AWS has of what a state may have."""
    return {str(each[KINDS[kind][0]]): each for kind in ("VpcEndpoints", "SecurityGroups") for each in estate.all(kind)}


def _errors(spec: Located, applied: Mapping[str, AwsObject]) -> dict[Check, set[Diagnostic]]:
    """Return what makes the apply fail where Terraform's state has just that, by what found it."""
    assumed, kinds = replace(spec, applied=applied), _by_need(spec).items()
    checks = (check for kind, several in kinds for check in several if check.guesses or knows(spec, kind))
    return {check: {each for each in _find(check, assumed) if not each.is_warning} for check in checks}


def _find(check: Check, spec: Located) -> set[Diagnostic]:
    """Return what a check finds; that it is not told, where it is of what AWS does not show to be there or not."""
    untold = unseen(spec.vpc, spec.estate) if check.of_new else None
    return {_unless_there(each, *untold) if untold else each for each in check.find(spec)}


def _unless_there(found: Diagnostic, why: str, way: str) -> Diagnostic:
    if found.is_warning:
        return found
    return NOT_TOLD.at(found.place, f"{why}; if it has none: {found.message}", f"{way}; else {found.fix}")


def _by_need(spec: Located) -> dict[str, list[Check]]:
    """Return the checks that are about something in the spec, or that AWS refuses, by what they need to know."""
    asked = {kind for several in kinds(spec.intent) for kind in several}
    relevant = {kind for several in kinds_of_checks(spec.intent) for kind in several} | (asked & {*spec.estate.refused})
    checks = [check for check in CHECKS if check.needs in relevant]
    if unseen(spec.vpc, spec.estate):
        kind = "VpcEndpoints" if knows(spec, ACCOUNT) else ACCOUNT
        checks = [replace(each, needs=kind, guesses=True) if each.needs == "VpcEndpoints" else each for each in checks]
    return {kind: [check for check in checks if check.needs == kind] for kind in dict.fromkeys(c.needs for c in checks)}


def _has_private_dns(intent: Intent) -> bool:
    return any(endpoint.has_private_dns for endpoint in intent.endpoints)


def _unchecked(spec: Located, kind: str, checks: Iterable[Check]) -> Unchecked:
    lines = to_files(kind, spec.estate.region, vpc=spec.vpc_id)
    way = f"{way_of(kind, spec.estate)}, or " if kind in spec.estate.refused else ""
    untold = unseen(spec.vpc, spec.estate) if kind == "VpcEndpoints" else None
    return Unchecked(
        about=tuple(check.about for check in checks),
        kind=kind,
        why=untold[0] if untold else lacking([kind], spec.estate)[0],
        fix=untold[1] if untold else "\n    ".join((f"{way}give the output of this with --from DIR", *lines)),
        command=command_of(spec, kind),
    )


def _opened(check: Check, finding: Diagnostic) -> Unchecked:
    """Return what a check found not to be told of one place of the spec."""
    fix, _, line = finding.fix.partition("\n    ")
    return Unchecked(about=(check.about,), kind=check.needs, why=finding.message, fix=fix, command=line)


def _not_checked(spec: Located, each: Unchecked) -> Diagnostic:
    guess = "; the defaults are taken" if each.kind == "Quotas" else ""
    message = f"not checked: {join_words(each.about)}{guess}: {each.why}"
    return NOT_CHECKED.at(spec.intent.source.place(("vpc",)), message, each.fix)
