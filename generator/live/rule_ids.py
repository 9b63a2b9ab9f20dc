"""The rules of a created group: their addresses in the module, their ids in AWS, and which of them no state has."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress

from generator.catalog.ports import Port
from generator.hcl.hcl import Block, literal, text
from generator.intent.groups import CreatedGroup, group_key
from generator.intent.intent import Intent
from generator.live.addresses import resource_of
from generator.live.applied import rules_of_group
from generator.live.estate import AwsObject
from generator.live.ingress import Rule, rules_from, rules_of, single_rule
from generator.live.locate import Located
from generator.live.marks import Marked
from generator.live.roots import is_read, is_to_move
from generator.module.ingress_rules import ARGUMENTS, key_of
from generator.module.resolve import resolve
from generator.source.diagnostics import Refused
from generator.source.suggest import some
from generator.source.terraform_shapes import RULE
from generator.spec.references import BlocksOf, MembersOf, Source

KIND = "SecurityGroupRules"
_COMMAND = ("aws", "ec2", "describe-security-group-rules")
_MOST = 50


def of_rules(intent: Intent) -> tuple[str, ...]:
    """Return the kind of answers that has the ids of rules, where a spec makes groups."""
    return (KIND,) if any(intent.made()) else ()


def lacked_rules(spec: Located, live: AwsObject) -> tuple[Rule, ...]:
    """Return the rules of a group that is Terraform's which AWS has, the spec too, and neither state nor import block.

    AWS refuses a second one (InvalidPermission.Duplicate):
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    """
    identifier, known = str(live["GroupId"]), spec.applied
    if not isinstance(known, Marked) or not spec.is_managed(identifier) or any(rules_of_group(known, None)):
        return ()
    at = str(known[identifier]["Address"]) if identifier in known else ""
    path, has = at.removesuffix(resource_of(at)), set[Rule]()
    for address, each in rules_of_group(known, identifier) if not spec.elsewhere(identifier) else ():
        if not (several := rules_of(each)):  # of which the state does not tell what it lets in
            return ()
        has |= several.keys() if not at or address.removesuffix(resource_of(address)) == path else set()
    ids = dict(_ids(spec, live))
    lacked = ((each, to) for each, to in addresses(spec, live).items() if each not in has)
    return tuple(each for each, to in lacked if not _is_brought(spec, to, ids.get(each, "")))


def _is_brought(spec: Located, to: str, identifier: str) -> bool:
    """Tell whether an import block takes in a rule: as far as it is told, which without an id it is not."""
    blocks = (what for (what, at), file in (spec.imports or {}).items() if at == to and is_read(spec, file))
    return any("" in {what, identifier} or what == identifier for what in blocks)


def rules_taken_in(spec: Located, live: AwsObject, group: str, rules: Collection[Rule] | None = None) -> str:
    """Return the commands by which Terraform takes in the rules of a group, or some, beside the address of the group.

    Where AWS was not asked for their ids, with the command that shows them; empty where the state has all there.
    Before it comes what the rules are.
    """
    ids, known = dict(_ids(spec, live)), addresses(spec, live)
    path = group.rpartition("aws_security_group.")[0]
    held = _held(spec, live, path, known) if rules is None else set()
    if held >= known.keys() and known:
        return ""
    wanted = [each for each, to in known.items() if to and each not in held and (rules is None or each in rules)]
    lines = (("terraform", "import", path + known[each], ids.get(each, "ID")) for each in wanted)
    where = ("--region", spec.estate.region, "--filters", f"Name=group-id,Values={live['GroupId']}")
    shown, command = some(map(shlex.join, lines), _MOST, "; "), shlex.join((*_COMMAND, *where))
    which = " that the state lacks" * bool(held)
    if not wanted:
        return f"{which}, whose ids are in {command}"
    return f"{which}: {shown}" if {*wanted} <= ids.keys() else f"{which}: {shown}, by the ids in {command}"


def _held(spec: Located, live: AwsObject, path: str, known: Mapping[Rule, str]) -> set[Rule]:
    """Return the rules of a group that the state has below a path, or that come there with the module."""
    applied, paths = spec.applied or {}, {path, *(spec.roots[:1] if is_to_move(spec) else ())}
    found, at = set[Rule](), {to: each for each, to in known.items() if to}
    for group in (str(live["GroupId"]), None):
        for address, each in rules_of_group(applied, group):
            if address.removesuffix(to := resource_of(address)) in paths:
                found |= {at[to]} if to in at else rules_of(each).keys()
    return found


def addresses(spec: Located, live: AwsObject) -> dict[Rule, str]:
    """Return the addresses in the module of the rules that both a spec and AWS have of a group; empty of the older one.

    Nothing of what leads nowhere, which is another finding.
    """
    found, there = dict[Rule, str](), rules_of(live)
    with suppress(Refused):
        for made in spec.intent.groups:
            if made.group.name == live["GroupName"]:
                found |= dict(_addresses(spec, made))
    return {each: to for each, to in found.items() if each in there}


def _addresses(spec: Located, made: CreatedGroup) -> Iterator[tuple[Rule, str]]:
    blocks = spec.estate.once((_addresses, spec), lambda: resolve(spec.intent).security_groups)
    own = [each for each in blocks if _is_of(each, made)]
    for index, ingress in enumerate(made.group.ingress):
        for _, rule in rules_from(made, index, spec):
            family, key = _family_and_key(ingress.source, rule)
            label = next((each.address for each in own if _lets_in(each, rule, family)), "")
            yield rule, label and f"{label}[{text(key)}]"


def _is_of(block: Block, made: CreatedGroup) -> bool:
    own = f"aws_security_group.{group_key(made.group)}.id"
    return block.labels[0] == RULE and literal(block.arguments["security_group_id"]) == own


def _lets_in(block: Block, rule: Rule, family: str) -> bool:
    return Port.stated(block.arguments) == rule.port and ARGUMENTS[family][0] in block.arguments


def _family_and_key(source: Source, rule: Rule) -> tuple[str, str]:
    if isinstance(source, MembersOf):
        return "security_groups", key_of(source.security_group)
    if isinstance(source, BlocksOf):
        return "prefix_lists", key_of(source.prefix_list)
    return "ipv6" if ":" in rule.source else "ipv4", rule.source


def _ids(spec: Located, live: AwsObject) -> Iterator[tuple[Rule, str]]:
    inbound = (each for each in spec.estate.having(KIND, "GroupId", str(live["GroupId"])) if not each["IsEgress"])
    return ((single_rule(each), str(each["SecurityGroupRuleId"])) for each in inbound)
