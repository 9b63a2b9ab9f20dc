"""One spec beside its files, Terraform's state and AWS: who made a difference, and the row of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field, replace

from generator.live import ingress
from generator.live.applied import Lost, lost
from generator.live.called import is_called
from generator.live.candidates import is_of_absent
from generator.live.change import Change
from generator.live.drift.rendered import RenderedDifferences
from generator.live.drift.row import Commands, Drift, Kind, cause
from generator.live.estate import KINDS as KINDS_OF
from generator.live.estate import AwsObject
from generator.live.ingress import Group
from generator.live.locate import IF_MANAGED, Located, LocatedEndpoint
from generator.live.marks import deposed, tainted, where, without_id
from generator.live.match import match, taken_in, untold_which, way_back
from generator.live.not_given import not_given
from generator.live.owners import way_in
from generator.live.refusals.gone_imports import first_away
from generator.live.refusals.way_round import round_plan
from generator.live.states import is_dead, is_gone, unreplaceable
from generator.live.untold import GIVE_ALL, unseen
from generator.live.untold_root import untold_root
from generator.module.root_calls import UNTOLD_PATH, explain_path
from generator.source.frozen import frozen
from generator.source.suggest import SHOWN, some

KINDS = ("Subnets", "RouteTables", "SecurityGroups", "VpcEndpoints")
_MOST = 50
_BY_APPLY = ("terraform apply makes it", "terraform apply takes", "terraform apply destroys it")
_SECOND = "terraform apply makes a second, or AWS refuses it"


@frozen(kw_only=True)
class Present:
    """An endpoint or group of a spec that is there."""

    subject: str
    resource: str
    """Its address in the module."""
    wanted: str
    live: AwsObject
    facts: Mapping[str, str]
    """What tells which of what a state has would be it."""

    @property
    def is_group(self) -> bool:
        """Whether it is a security group."""
        return "GroupId" in self.live

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.live["GroupId" if self.is_group else "VpcEndpointId"])


@frozen(kw_only=True)
class Comparison:
    """One spec, and all that it is compared with."""

    located: Located
    groups: tuple[Group, ...]
    commands: Commands
    rendered: RenderedDifferences
    """What its files say otherwise."""
    lost: Lost = field(default_factory=dict)
    is_begun: bool = False
    """Whether the state has any of the spec's endpoints that AWS has."""

    @classmethod
    def of(cls, located: Located, *, commands: Commands, rendered: RenderedDifferences) -> Comparison:
        """Return a spec with all that it is compared with; raises Refused for references that lead nowhere."""
        groups = ingress.groups(located.require_all())
        return cls(located=located, groups=groups, commands=commands, rendered=rendered)

    def kind(self, identifier: str, change: Change, changes: Callable[[AwsObject], Iterable[Change]]) -> Kind:
        """Return who made a difference of an object; `changes` tells those of what the state has in its place."""
        there = (self.located.applied or {}).get(identifier) if self.located.is_managed(identifier) else None
        return cause(change, changes(there)) if there else Kind.UNSURE

    def surely(self, identifier: str, kind: Kind) -> str:
        """Return when an apply makes an object so of which no state tells who changed it: with a blank before it."""
        if kind is not Kind.UNSURE:
            return ""
        if (known := self.located.applied) is None:
            return f" {IF_MANAGED}"
        is_told = identifier in known and self.located.is_managed(identifier)
        return " (Terraform's state has null there)" if is_told else " once Terraform's state has it"

    def absence(self, facts: Mapping[str, str]) -> Kind:
        """Return why AWS does not show an object: to others, or a state has one with such facts, or others alone."""
        if unseen(self.located.vpc, self.located.estate):
            return Kind.NOT_TOLD
        if self._lost(facts):
            return Kind.DELETED
        return Kind.NOT_APPLIED if self.is_begun and not without_id(self.located.applied) else Kind.UNSURE

    def _lost(self, facts: Mapping[str, str]) -> list[str]:
        """Return the ids of what a state has with some facts, and AWS has not; not below another spec's path."""
        found, spec = self.lost.get((*facts, *facts.values()), []), self.located
        if not spec.taken and not spec.targets:  # all, which may be a hundred thousand
            return found
        return [
            each for each in found if spec.place(each) not in spec.taken and not is_of_absent(spec, spec.stands(each))
        ]

    def has_at(self, identifier: str) -> bool | None:
        """Tell whether the state has an endpoint where this spec's module is; None where it is not told where."""
        spec, known = self.located, (self.located.applied or {})[identifier]
        path, dot, _ = str(spec.moved.get(identifier) or known["Address"]).rpartition(".aws_vpc_endpoint.")
        path = f"{path}." if dot else ""
        if isinstance(spec.applied_by, int) and spec.applied_by != known["Root"]:
            return False
        is_own = (path in spec.roots or is_called(spec, path)) and (known["Root"], path) not in spec.taken
        return True if is_own else None if UNTOLD_PATH in spec.roots else False

    def not_in_state(self, present: Iterable[Present]) -> Iterator[Drift]:
        """Yield what AWS has of the spec, and the state has not, or elsewhere; of nothing that it has, one row."""
        untold = untold_root(self.located)
        for why, way in (*([untold] if untold else ()), *(told for _, *told in not_given(self.located))):
            row = self.row(Kind.INFO, self.located.intent.spec.name, Change(field="", wanted=None, found=why), way)
            yield replace(row, kind=Kind.NOT_TOLD, known=False)
        lacked = [each for each in present if self.located.is_managed(each.id) is False]
        if astray := [each for each in lacked if self.located.elsewhere(each.id)]:
            yield self._astray(astray)
            lacked = [each for each in lacked if each not in astray]
        if len(lacked) > 1 and not self.is_begun and not any(self._lost(each.facts) for each in lacked):
            ids, subjects = some(each.id for each in lacked), [each.subject for each in lacked]
            ways = some((self._way(each, self.located.address(each.resource)) for each in lacked), _MOST, "; ")
            elsewhere = "if another root has them, give its state too (--state)"
            step = f"{elsewhere}; else {_SECOND}, unless its root takes each in: {ways}"
            change = Change(field="", wanted=subjects, found=f"{ids}, of which the state has none")
            yield self.row(Kind.NOT_IN_STATE, self.located.intent.spec.name, change, step)
        else:
            yield from map(self._lacked, lacked)

    def _lacked(self, own: Present) -> Drift:
        ids = self._lost(own.facts)
        held = {each: where(self.located.applied, each)[1] for each in ids[:SHOWN]}
        lost = some([*(f"{each} at {at}" for each, at in held.items()), *ids[SHOWN:]])
        going = ", or is deleting" if any(self.located.estate.one("VpcEndpoints", each) for each in ids) else ""
        found = f"{own.id}, which the state does not have{lost and f'; it has {lost}, which AWS has not{going}'}"
        way = self._way(own, self.located.address(own.resource))
        unless = "" if not own.is_group and is_dead(own.live) else ", unless its root takes it in"
        change = Change(field="", wanted=own.wanted, found=found)
        return self.row(Kind.NOT_IN_STATE, own.subject, change, f"{_SECOND}{unless}: {way}")

    def tainted(
        self, subject: str, wanted: str, identifier: str, endpoint: LocatedEndpoint | None = None
    ) -> Iterator[Drift]:
        """Yield the row of what the next apply replaces, though nothing differs."""
        refusal = unreplaceable(endpoint, self.located) if endpoint else None
        if self.located.is_managed(identifier) and (told := tainted(self.located.applied, identifier, refusal)):
            change = Change(field="", wanted=wanted, found=f"{identifier}, {told[0]}")
            yield self.row(Kind.NOT_APPLIED, subject, change, told[1])

    def _astray(self, several: list[Present]) -> Drift:
        """Return the row of what the state has at other addresses than those of the module."""
        is_one, name = len(several) == 1, self.located.intent.spec.name
        subject = several[0].subject if is_one else name
        wanted = several[0].wanted if is_one else [each.subject for each in several]
        there = some(f"{each.id} at {self.located.elsewhere(each.id)}" for each in several)
        ways = some((way_back(self.located, each.id) for each in several), _MOST, "; ")
        change = Change(field="", wanted=wanted, found=f"{there}, by the state: where the module does not have it")
        return self.row(Kind.NOT_IN_STATE, subject, change, f"{_SECOND}: {ways}")

    def _way(self, own: Present, address: str) -> str:
        if told := deposed(self.located.applied, own.id):
            return told[1]
        line = taken_in(self.located, address, own.id)
        return line if own.is_group else way_in(own.live, self.located.estate, line)

    def one_of(self, located: LocatedEndpoint, more: str = "") -> Drift:
        """Return that it is not told which live endpoint one of the spec is."""
        why, way = untold_which(self.located, located)
        change = Change(field="", wanted=located.target, found=why + more)
        return replace(self.row(Kind.INFO, located.endpoint.key, change, way), kind=Kind.NOT_TOLD, known=False)

    def row(self, kind: Kind, subject: str, change: Change, step: str, *, in_files: bool = False) -> Drift:
        """Return a difference of this spec; where it is `in_files` too, and was not deleted, they are to blame."""
        found, is_absent = change.found, kind is Kind.NOT_TOLD and not change.field
        if is_absent and (untold := unseen(self.located.vpc, self.located.estate)):  # it is as `absence` tells
            (found, step), change = untold, replace(change, known=False)
        elif not change.known:
            kind, step, found = Kind.NOT_TOLD, GIVE_ALL, "not told"
        elif in_files and kind is not Kind.DELETED:
            kind = Kind.HAND_EDIT if self.rendered.by_hand else Kind.STALE
        both = {"field": change.field, "wanted": change.wanted, "found": found, "known": change.known}
        if step.startswith(_BY_APPLY):
            step = round_plan(self.located) or step
        if step.startswith("terraform apply") and (first := first_away(self.located)):
            step = f"{first}; then {step}"
        step = explain_path(step, self.located.roots[0])
        return Drift(kind=kind, spec=self.commands.spec, subject=subject, next=step, **both)


def of_state(specs: Iterable[Comparison], known: AwsObject, identifier: str) -> tuple[Kind, str]:
    """Return what it means that the state has an endpoint which none of the specs has, and what an apply does.

    What is where none of their modules is, or in another root's state, is managed there: no apply of these deletes it.
    """
    own, at = {each.has_at(identifier) for each in specs}, f"Terraform has it at {known['Address']}"
    if True in own:
        return Kind.NOT_IN_SPEC, f"{at}: terraform apply deletes it, once its configuration is gone"
    if None in own:
        return Kind.NOT_TOLD, f"{at}, and it is not told whether that is the module: run this in its root"
    return Kind.INFO, f"nothing: {at}, where no module of these specs is"


def matched(specs: Iterable[Comparison]) -> Iterator[Comparison]:
    """Yield specs with the live endpoints that theirs are, and with what the state has beside them."""
    specs, found = tuple(specs), dict[tuple[int, int], Lost]()
    for spec, located in zip(specs, match(each.located for each in specs), strict=True):
        applied, estate = located.applied or {}, located.estate
        shared = id(estate), id(located.applied)
        if shared not in found:
            there = ((each.get(KINDS_OF[kind][0]), each) for kind in KINDS for each in estate.all(kind))
            # what AWS still lists of an endpoint that is deleted, or about to be, is not there
            live = frozenset(str(of_it) for of_it, each in there if "VpcEndpointId" not in each or not is_gone(each))
            found[shared] = lost(applied, live)
        own = (str(each.live["VpcEndpointId"]) for each in located.endpoints if each.live)
        is_begun = any(each in applied and located.is_managed(each) for each in own)
        yield replace(spec, located=located, lost=found[shared], is_begun=is_begun)
