"""Security groups of the names that a module makes, and rules of these, that exist: as it says, or a second time."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from generator.live.change import Change
from generator.live.estate import AwsObject
from generator.live.locate import Located
from generator.live.marks import tainted
from generator.live.match import taken_in, way_back
from generator.live.preflight.existing import groups_differing
from generator.live.refusals.facts import show, unless_imported
from generator.live.rule_ids import lacked_rules, rules_taken_in
from generator.module.security_groups import AS_IT_IS, name_taken
from generator.source.diagnostics import Code, Diagnostic, Place
from generator.source.suggest import some

GROUP_THERE = Code("W428")
SECOND_GROUP = Code("E436")


def group_there(spec: Located) -> Iterator[Diagnostic]:
    """Warn of a group by the name of one that the module makes, if it is not as the spec says; refuse a second."""
    differing = groups_differing(spec)
    for path, group in spec.intent.made():
        place = spec.intent.source.place((*path, "name"))
        there = spec.estate.all("SecurityGroups", spec.vpc_id)
        for each in (each for each in there if each["GroupName"] == group.name):
            yield from _second_rules(spec, each, place)
            is_managed = each["GroupId"] in spec.untold or spec.is_managed(each["GroupId"])
            if told := tainted(spec.applied, str(each["GroupId"])):
                message = f"security group {group.name} ({each['GroupId']}) is {told[0]}"
                yield GROUP_THERE.at(place, message, show(spec, told[1], "SecurityGroups", each["GroupId"]))
            if is_managed is not False and each["Description"] != group.description:
                yield name_taken(group.name, place, show(spec, AS_IT_IS, "SecurityGroups", each["GroupId"]))
            elif differing.get(group.name) != [] and not is_managed:
                yield _group_finding(spec, group.name, each, place, differing.get(group.name, ()))


def _group_finding(
    spec: Located, group: str, live: AwsObject, place: Place, differing: Collection[Change]
) -> Diagnostic:
    """Say of a group that it is there, or that it is not told whether that differs, where no change of it is."""
    identifier, what = str(live["GroupId"]), f"security group {group} ({live['GroupId']})"
    text = "" if spec.elsewhere(identifier) else unless_imported(spec, identifier)
    code, into, message = GROUP_THERE, "import it", f"{what} exists already"
    if spec.is_told_of(identifier):
        code, message = SECOND_GROUP, f"{message}, and {spec.lacks(identifier)}"
        into = taken_in(spec, spec.address(spec.addresses[identifier]), identifier)
    elif differing and not any(each.known for each in differing):
        message = f"not told whether {what} differs in {', '.join(dict.fromkeys(each.field for each in differing))}"
    text += f"{way_back(spec, identifier) or into}; or refer to it by name, or take another name"
    return code.at(place, message, show(spec, text, "SecurityGroups", identifier))


def _second_rules(spec: Located, live: AwsObject, place: Place) -> Iterator[Diagnostic]:
    """Refuse the rules of a group that is Terraform's which AWS has, the spec too, and Terraform's state has not."""
    identifier = str(live["GroupId"])
    if rules := lacked_rules(spec, live):
        what = f"{some(map(str, rules))} of security group {live['GroupName']} ({identifier}) exists already"
        way = rules_taken_in(spec, live, spec.address(spec.addresses[identifier]), rules)
        fix = show(spec, f"take each in{way}", "SecurityGroups", identifier)
        yield SECOND_GROUP.at(place, f"{what}, and {spec.lacks(identifier)}", fix)
