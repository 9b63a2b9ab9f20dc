"""The whole way from an estate to a spec and its imports, as one value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from generator.authoring.adopt import groups
from generator.authoring.adopt.choose import Selection, choose, vpc_of
from generator.authoring.adopt.description import Description, describe
from generator.authoring.adopt.imports import as_text, earlier, import_blocks
from generator.authoring.adopt.keys import assign_keys
from generator.authoring.adopt.proof import prove
from generator.authoring.adopt.spec_text import compose_spec
from generator.authoring.adopt.state import Handover, State, hand_over
from generator.live.estate import Estate
from generator.module.resolve import resolve
from generator.rules.provider import version
from generator.source.diagnostics import Code, Diagnostic, Place, Refused

OLD_PROVIDER = Code("E416")
NO_DNS = Code("W413")
_SINGLE_RULES = ">= 4.56"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptOptions:
    """What is to be adopted, and how."""

    vpc: str
    name: str
    path: str
    """Where the spec will be."""
    select: tuple[str, ...] = ()
    own_security_groups: bool = False
    aws_provider: str = ""
    within: str = ""
    """The address under which a root calls the module; empty where the module is the root."""
    state: State | None = None
    """What a root owns already, if that is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """The texts to write, what they are made of, and the warnings."""

    spec: str
    imports: str
    handover: Handover
    endpoints: Mapping[str, Description]
    selection: Selection
    warnings: tuple[Diagnostic, ...]


def adopt(estate: Estate, options: AdoptOptions, today: date | None = None) -> Adoption:
    """Return the spec of a VPC's endpoints and their imports, proven to mean what AWS has.

    Raises Refused with all that a spec can't say.
    """
    selection = choose(estate, vpc_of(estate, options.vpc), options.select)
    described = [describe(each, estate) for each in selection.endpoints]
    findings = [finding for each in described if not isinstance(each, Description) for finding in each]
    endpoints = assign_keys(each for each in described if isinstance(each, Description))
    own_groups, notes = _groups(endpoints, estate, options)
    findings += [finding for finding in notes if not finding.is_warning]
    if findings:
        raise Refused(findings)
    head = {"name": options.name, **({"aws_provider": options.aws_provider} if options.aws_provider else {})}
    text = compose_spec(endpoints, vpc=selection.vpc, estate=estate, groups=own_groups, head=head)
    intent = prove(text, options.path, estate, endpoints, today)
    module = resolve(intent)
    blocks = import_blocks(module, endpoints, own_groups, within=options.within)
    account = str(selection.vpc.get("OwnerId") or estate.account or "") or None
    handover = Handover(blocks=blocks)
    if options.state:
        moves = earlier(module, within=options.within)
        handover = hand_over(blocks, options.state, estate.region, account, moves)
    warnings = (*selection.warnings, *notes, *_dns(selection, estate), *handover.warnings, *intent.warnings)
    return Adoption(
        spec=text,
        imports=as_text(handover.blocks, module.source),
        handover=handover,
        endpoints=endpoints,
        selection=selection,
        warnings=warnings,
    )


def _groups(
    endpoints: Mapping[str, Description], estate: Estate, options: AdoptOptions
) -> tuple[dict[str, groups.GroupDescription], tuple[Diagnostic, ...]]:
    """Return the groups that the spec makes its own, if it is to, and the findings."""
    if not options.own_security_groups:
        return {}, ()
    if options.aws_provider and version(options.aws_provider) < version(_SINGLE_RULES):
        message = f"{options.aws_provider} has no aws_vpc_security_group_ingress_rule"
        fix = f'write --aws-provider "{_SINGLE_RULES}", or leave --own-security-groups out'
        return {}, (OLD_PROVIDER.at(Place("--own-security-groups"), message, fix),)
    used = [group for each in endpoints.values() for group in each.around.get("security_groups", ())]
    return groups.describe_groups(used, estate)


def _dns(selection: Selection, estate: Estate) -> Iterator[Diagnostic]:
    """Warn of private DNS where an attribute of the VPC keeps its resolver from answering by it."""
    vpc_id = str(selection.vpc["VpcId"])
    answered = (each for each in selection.endpoints if each["VpcEndpointType"] != "Gateway")
    if (off := estate.dns_off(vpc_id)) and any(each.get("PrivateDnsEnabled") for each in answered):
        message = f"private DNS is on, and the VPC has {' and '.join(off)} off"
        yield NO_DNS.at(Place(vpc_id), message, "; ".join(off.values()))
