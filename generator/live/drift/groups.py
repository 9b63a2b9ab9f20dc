"""How the security groups that a module makes differ in AWS: a group that is not there, its tags, and its rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from operator import attrgetter

from generator.intent.groups import is_sayable
from generator.live import ingress
from generator.live.change import Change
from generator.live.drift.comparison import Comparison, Present
from generator.live.drift.row import Drift, Kind
from generator.live.estate import AwsObject
from generator.live.fields import Pair
from generator.live.ingress import Group, Rule
from generator.live.refusals.destroyed import by_id, destroyed
from generator.live.refusals.order import coming
from generator.live.refusals.way_round import UNKNOWN, as_step
from generator.live.rule_ids import lacked_rules, rules_taken_in
from generator.live.untold import undescribed
from generator.module.security_groups import AS_IT_IS, NAME_TAKEN
from generator.source.suggest import some

_WANTED, _FOUND = attrgetter("wanted"), attrgetter("found")


def groups_there(spec: Comparison) -> Iterator[Present]:
    """Yield the groups of a spec that are there."""
    for each in spec.groups:
        if (live := _live(spec, each)) is not None:
            resource, facts = f"aws_security_group.{each.key}", _facts(spec, each)
            yield Present(subject=subject_of(each.name), resource=resource, wanted=each.name, live=live, facts=facts)


def subject_of(name: str) -> str:
    """Return what the row of a security group is of."""
    return f"security group {name}"


def _facts(spec: Comparison, group: Group) -> dict[str, str]:
    return {"VpcId": spec.located.vpc_id, "GroupName": group.name}


def _live(spec: Comparison, group: Group) -> AwsObject | None:
    named = spec.located.estate.having("SecurityGroups", "GroupName", group.name)
    return next((each for each in named if each["VpcId"] == spec.located.vpc_id), None)


def going(spec: Comparison) -> Iterator[Drift]:
    """Yield the groups that an apply destroys, for the state has them and the spec makes them no more."""
    located, found = spec.located, dict(reversed([*by_id(spec.located)]))
    for identifier, at in destroyed(located).items():
        live = located.estate.one("SecurityGroups", identifier)
        if live and not any(identifier in each.addresses for each in located.others.values()):
            refused = found.get(identifier)
            is_told = refused is None or refused.code not in UNKNOWN
            if refused and not is_told:
                refused = replace(refused, fix=refused.fix.replace("\n    ", ": "))
            step = as_step(refused) if refused else "terraform apply destroys it"
            change = Change(field="", wanted=None, found=f"{identifier}, which Terraform has at {at}")
            row = spec.row(Kind.NOT_IN_SPEC, subject_of(live["GroupName"]), change, step)
            yield row if is_told else replace(row, kind=Kind.NOT_TOLD, known=False)


def group_rows(spec: Comparison, group: Group) -> Iterator[Drift]:
    """Yield in what a group that the module makes differs, its rules by who made the difference."""
    subject, located, live = subject_of(group.name), spec.located, _live(spec, group)
    in_files = group.name in spec.rendered.groups
    if live is None:
        known = not undescribed(located.estate, "SecurityGroups", located.vpc_id)
        change = Change(field="", wanted=[str(rule) for rule in sorted(group.rules)], found=None, known=known)
        keys = (each.endpoint.key for each in located.endpoints if each.live and group.name in each.absent_groups)
        in_files = in_files or not spec.rendered.is_there
        yield spec.row(
            spec.absence(_facts(spec, group)), subject, change, spec.commands.make_for(keys), in_files=in_files
        )
        return
    yield from spec.tainted(subject, group.name, str(live["GroupId"]))
    if lacked := lacked_rules(located, live):
        said = f"{some(map(str, lacked))} of {live['GroupId']}, which the state does not have"
        change = Change(field="", wanted=[*map(str, lacked)], found=said)
        way = rules_taken_in(located, live, located.address(f"aws_security_group.{group.key}"), lacked)
        yield spec.row(Kind.NOT_IN_STATE, subject, change, f"AWS refuses a second of each: take each in{way}")
    of_group = partial(ingress.group_changes, group, ignored_tags=spec.located.ignored_tags)
    rules = {str(rule): rule for rule in (*ingress.rules_of(live), *group.rules)}
    causes = defaultdict[tuple[str, Kind, bool, bool], list[Change]](list)
    for change in of_group(live):
        kind = spec.kind(str(live["GroupId"]), change, of_group)
        if not change.field.startswith("ingress"):
            step = spec.commands.apply(spec.surely(str(live["GroupId"]), kind), change)
            if change.field == "description":
                step = f"{AS_IT_IS}: AWS refuses the name of one made anew ({NAME_TAKEN.code})"
            yield spec.row(kind, subject, change, step, in_files=in_files)
            continue
        rule = rules.get(change.found) if change.wanted is None else None
        is_lost = rule is not None and rule.source in located.blocks.gone
        causes[change.field, kind, change.known, is_lost].append(change)
    for (field, kind, known, is_lost), found in causes.items():
        lacking, more = ([each for each in map(side, found) if each is not None] for side in (_WANTED, _FOUND))
        change = Change(field=field, wanted=lacking or None, found=more or None, known=known)
        surely = spec.surely(str(live["GroupId"]), kind)
        step = spec.commands.apply(surely, change)
        if field == "ingress":
            permissions, unsaid = [rules[each].permission for each in more], _unsaid(rules[each] for each in more)
            whose = Kind.CHANGED if lacking else kind
            revoke = partial(spec.commands.revoke, str(live["GroupId"]), permissions, whose, unsaid)
            ways = sorted({group.derived[rules[each]] for each in lacking if rules[each] in group.derived})
            made_so = partial(spec.commands.made_so, surely, unsaid=unsaid)
            step = _step(made_so, kind, ways if lacking else None, revoke if more else None)
            if not ingress.rules_of(live):  # as no spec can say
                step = made_so("")
        step = f"the VPC has lost this block: {step}" if is_lost else step
        yield spec.row(kind, subject, change, step, in_files=in_files)


def _unsaid(rules: Iterable[Rule]) -> str:
    """Return how a spec keeps rules of which some are for what `ports` do not say (W415); empty where they say all."""
    several = dict.fromkeys(each.traffic for each in rules if not is_sayable(each.port))
    return f"have the spec refer to the group, for `ports` do not say {some(several)}" if several else ""


def _step(
    made_so: Callable[[str], str], kind: Kind, lacking: list[str] | None, revoke: Callable[[str], str] | None
) -> str:
    """Return how the rules that are missing come in, and how those go that are there beside them.

    Those that are `lacking` may be of blocks that the spec states in a word for all.
    """
    if lacking is None:
        return revoke("it") if revoke else ""
    whole = f"write what may pass, in place of {' and '.join(lacking)}, into" if lacking else "take it out of"
    if revoke is None or kind is Kind.NOT_APPLIED:
        return made_so("write it into" if revoke else whole)
    is_unsure = kind is Kind.UNSURE  # apply may have made those too
    return f"{made_so('')}; {revoke('the rest, unless it made it' if is_unsure else 'the rest')}"


def is_of_group(change: Change, pair: Pair) -> bool:
    """Tell whether the groups of an endpoint differ only in those that do not exist, which have a row of their own.

    In the place of these, an endpoint may still have a group that Terraform made, and has on it.
    """
    if change.field != "security_groups" or not pair.located.absent_groups or coming(pair.located):
        return False
    applied, own = pair.spec.applied or {}, str(pair.live["VpcEndpointId"])
    before = (applied[own]["Groups"] if own in applied else None) or ()
    made = {each["GroupId"] for each in before if each["GroupId"] in applied}
    stay = (each for each in change.found or () if pair.spec.estate.one("SecurityGroups", each))
    wanted = {*change.wanted} - {*pair.located.absent_groups}
    return {*stay} - (made - wanted) == wanted
