"""The whole way from an estate to a spec and its imports, as one value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import date
from functools import partial
from itertools import islice

from generator.authoring.adopt import groups
from generator.authoring.adopt.choose import (
    NOTHING,
    LeftOut,
    Selection,
    adoptable,
    choose,
    excepted,
    vpc_of,
)
from generator.authoring.adopt.description import NOT_KNOWN, Description, describe
from generator.authoring.adopt.imports import as_text, earlier, import_blocks
from generator.authoring.adopt.keys import assign_keys
from generator.authoring.adopt.private_dns import lacking_dns
from generator.authoring.adopt.proof import REFUSED, objections, prove
from generator.authoring.adopt.sayable import reason, unsayable
from generator.authoring.adopt.shut import shut
from generator.authoring.adopt.spec_text import compose_spec
from generator.authoring.adopt.state import Handover, State, hand_over
from generator.authoring.yaml_text import least_length
from generator.live.estate import VPC_ATTRIBUTES, AwsObject, Estate
from generator.live.owners import OF_OWNERS, untold_owners
from generator.live.untold import NOT_CHECKED
from generator.module.resolve import resolve
from generator.rules.provider import newer, version
from generator.source.diagnostics import Code, Diagnostic, Place, Refused
from generator.source.frozen import frozen
from generator.source.text import LARGEST, TOO_LARGE

OLD_PROVIDER = Code("E416")
KINDS = ("Subnets", "RouteTables", "SecurityGroups", "VpcEndpoints")
"""What AWS is asked for, besides the VPCs."""
OF_GROUPS = ("SecurityGroupRules", "PrefixLists")
"""What it is asked for with `own_security_groups`."""
OPTIONAL = (*OF_OWNERS, VPC_ATTRIBUTES)
"""What files may lack: who manages what, and whether DNS is on, is less sure then."""
_SINGLE_RULES = ">= 4.56"
_SEVERAL = "write several specs: --select or --except some of them, and another --out, --imports and --name for each"


@frozen(kw_only=True)
class AdoptOptions:
    """What is to be adopted, and how."""

    vpc: str
    name: str
    path: str
    """Where the spec will be."""
    shown: str = ""
    """How the import blocks say it; empty for its name."""
    select: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    """What is not to be adopted, as it is selected, or by the key that it would have."""
    own_security_groups: bool = False
    aws_provider: str = ""
    within: str = ""
    """The address under which a root calls the module; empty where the module is the root."""
    states: tuple[State, ...] = ()
    """What a root owns already, if that is told."""
    refer: Mapping[str, str] = field(default_factory=dict)
    """Why a spec can't make groups its own, by their ids."""


@frozen(kw_only=True)
class Adoption:
    """The texts to write, what they are made of, and the warnings."""

    spec: str
    imports: str
    handover: Handover
    endpoints: Mapping[str, Description]
    selection: Selection
    warnings: tuple[Diagnostic, ...]
    dns: tuple[Diagnostic, ...]
    """Those of them for which the plan stops, or may."""


def adopt(estate: Estate, options: AdoptOptions, today: date | None = None) -> Adoption:
    """Return the spec of a VPC's endpoints and their imports, proven to mean what AWS has.

    What a spec can't say, or may not, is left out with its reason; raises Refused for what is selected of that.
    """
    vpc = vpc_of(estate, options.vpc)
    keys = _keys(vpc, estate) if options.select or options.leave_out else {}
    selection, endpoints = _sayable(vpc, estate, options, keys, today)
    own_groups, notes = _groups(endpoints, estate, options)
    head = {"name": options.name, **({"aws_provider": options.aws_provider} if options.aws_provider else {})}
    compose = partial(compose_spec, vpc=selection.vpc, estate=estate, groups=own_groups, head=head)
    judge = partial(objections, path=options.path, today=today)
    text = _composed(endpoints, compose, options.path)
    try:
        intent = prove(text, options.path, estate, endpoints, today)
    except Refused as refused:
        if refer := _refused_groups(own_groups, endpoints, lambda some, made: judge(compose(some, groups=made))):
            return adopt(estate, replace(options, refer={**options.refer, **refer}), today)
        # by the key that each has alone, as `unsayable` tells it in drift
        alone = {key: judge(compose(assign_keys([each]))) for key, each in endpoints.items()}
        refuses = {endpoints[key].id: findings for key, findings in alone.items() if findings}
        codes = {each.code for each in refused.diagnostics}
        # how old the provider may be is the user's choice
        is_choice = options.select or (options.aws_provider and newer.code in codes)
        if is_choice or REFUSED.code not in codes or not 0 < len(refuses) < len(endpoints):
            untold = [each for each in selection.left_out if not each.known]
            why = [NOT_KNOWN.at(Place(each.endpoint["VpcEndpointId"]), each.reason) for each in untold]
            raise Refused([*refused.diagnostics, *why]) from refused
        rest = adopt(estate, replace(options, leave_out=(*options.leave_out, *refuses)), today)
        return replace(rest, selection=_leave_out(rest.selection, refuses))
    module = resolve(intent)
    blocks = import_blocks(module, endpoints, own_groups, within=options.within)
    account = str(selection.vpc.get("OwnerId") or estate.account or "") or None
    handover = Handover(blocks=blocks)
    if options.states:
        handover = hand_over(blocks, options.states, estate.region, account, earlier(module, within=options.within))
    dns = (*lacking_dns(intent, str(selection.vpc["VpcId"]), estate),)
    of_vpc = (*_owners(selection, estate), *dns, *shut(endpoints, intent))
    warnings = (*selection.warnings, *notes, *of_vpc, *handover.warnings, *intent.warnings)
    return Adoption(
        spec=text,
        imports=as_text(handover.blocks, options.shown or module.source),
        handover=handover,
        endpoints=endpoints,
        selection=selection,
        warnings=warnings,
        dns=dns,
    )


def _composed(
    endpoints: Mapping[str, Description], compose: Callable[[Mapping[str, Description]], str], path: str
) -> str:
    """Return the text of the spec; raise Refused where it would be larger than a spec may be."""
    is_large = sum(least_length(each.stated) for each in endpoints.values()) > LARGEST
    text = "" if is_large else compose(endpoints)
    if is_large or len(text.encode(errors="surrogatepass")) > LARGEST:
        message = f"not written: the spec of {len(endpoints)} endpoints would be larger than {LARGEST >> 20} MiB"
        raise Refused([TOO_LARGE.at(Place(path), message, _SEVERAL)])
    return text


def _keys(vpc: AwsObject, estate: Estate) -> dict[str, str]:
    """Return the keys by id of the spec that has all endpoints of a VPC: --select and --except take them, too."""
    described = (_described(each, estate) for each in adoptable(estate, vpc))
    keys = assign_keys(each for each in described if isinstance(each, Description))
    return {each.id: key for key, each in keys.items()}


def _described(live: AwsObject, estate: Estate) -> Description | tuple[Diagnostic, ...]:
    """Return what `describe` does, once: for its key, for the spec, and for the rest where a part is left out."""
    return estate.once((describe, live["VpcEndpointId"]), lambda: describe(live, estate))


def _sayable(
    vpc: AwsObject, estate: Estate, options: AdoptOptions, keys: Mapping[str, str], today: date | None
) -> tuple[Selection, dict[str, Description]]:
    """Return what of the selection of a VPC a spec can say, by its keys, and the selection without the rest.

    Raises Refused for what is selected and can't be said, and where nothing is left.
    """
    selection = choose(estate, vpc, options.select, keys, partial(unsayable, today=today))
    described = {str(each["VpcEndpointId"]): _described(each, estate) for each in selection.endpoints}
    endpoints = assign_keys(each for each in described.values() if isinstance(each, Description))
    away = excepted(selection.vpc, options.leave_out, estate, keys)
    endpoints = {key: each for key, each in endpoints.items() if each.id not in away}
    refused = {
        identifier: each
        for identifier, each in described.items()
        if not isinstance(each, Description) and identifier not in away
    }
    if (refused and options.select) or not endpoints:
        fix = "--except leaves out what could be" if away else ""
        nothing = NOTHING.at(Place(f"VPC {selection.vpc['VpcId']}"), "no endpoint can be adopted", fix)
        raise Refused([finding for each in refused.values() for finding in each] or [nothing])
    return _leave_out(selection, {**dict.fromkeys(away, ()), **refused}), endpoints


def _leave_out(selection: Selection, why: Mapping[str, Iterable[Diagnostic]]) -> Selection:
    """Return a selection without some of its endpoints, each with what is said of it; nothing: --except says so."""
    reasons = {key: reason(findings) for key, findings in why.items()}
    out = {str(each.endpoint["VpcEndpointId"]): each for each in selection.left_out}
    every = (*selection.endpoints, *(each.endpoint for each in selection.left_out))
    there = {str(each["VpcEndpointId"]): each for each in every}
    out |= {
        key: LeftOut(there[key], reasons[key][0] or "--except", reasons[key][1])
        for key in there.keys() & reasons.keys()
    }
    return replace(
        selection,
        endpoints=tuple(each for each in selection.endpoints if each["VpcEndpointId"] not in reasons),
        left_out=tuple(sorted(out.values(), key=lambda each: str(each.endpoint["VpcEndpointId"]))),
        warnings=tuple(each for each in selection.warnings if each.place.file not in reasons),
    )


def _groups(
    endpoints: Mapping[str, Description], estate: Estate, options: AdoptOptions
) -> tuple[dict[str, groups.GroupDescription], tuple[Diagnostic, ...]]:
    """Return the groups that the spec makes its own, if it is to, and warnings of the others."""
    if not options.own_security_groups:
        return {}, ()
    if options.aws_provider and version(options.aws_provider) < version(_SINGLE_RULES):
        message = f"{options.aws_provider} has no aws_vpc_security_group_ingress_rule"
        fix = f'write --aws-provider "{_SINGLE_RULES}", or leave --own-security-groups out'
        raise Refused([OLD_PROVIDER.at(Place("--own-security-groups"), message, fix)])
    used = [group for each in endpoints.values() for group in each.around.get("security_groups", ())]
    return groups.describe_groups(used, estate, options.refer)


def _refused_groups(
    own: Mapping[str, groups.GroupDescription],
    endpoints: Mapping[str, Description],
    judge: Callable[[Mapping[str, Description], Mapping[str, groups.GroupDescription]], Collection[Diagnostic]],
) -> dict[str, str]:
    """Return why the rules refuse groups, by id: what they say of an endpoint that makes one, and not of it without.

    Several are judged together, and each half of them by itself where more is said of them.
    """
    users = dict[str, str]()
    for key, each in endpoints.items():
        for group in each.around.get("security_groups", ()):
            users.setdefault(str(group["GroupId"]), key)
    some = {users[each]: endpoints[users[each]] for each in own}
    without = Counter(each.code for each in judge(some, {})) if own else Counter[str]()
    found = judge(some, own) if own else ()
    if len(own) > 1 and Counter(each.code for each in found) - without:
        half = len(own) // 2
        parts = (dict(islice(own.items(), *ends)) for ends in ((half,), (half, None)))
        return {name: why for part in parts for name, why in _refused_groups(part, endpoints, judge).items()}
    more = [f"{each.code} {each.message}" for each in found if each.code not in without]
    return dict.fromkeys(own, "; ".join(more)) if more else {}


def _owners(selection: Selection, estate: Estate) -> Iterator[Diagnostic]:
    """Warn where it is not told whether what is adopted is another's: of all once, or of each that has a mark."""
    for untold, ids in untold_owners(selection.endpoints, estate):
        yield from (NOT_CHECKED.at(Place(each), *untold) for each in ids or (str(selection.vpc["VpcId"]),))
