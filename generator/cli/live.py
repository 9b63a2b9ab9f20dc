"""Several specs beside what exists: each account is asked once a Region, by its profile, eight of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from generator.cli.aws_options import estate_of, imports_beside, kept_beside, log_in
from generator.cli.batch import Batch, outcomes, refuse_warnings
from generator.cli.calls import Calls
from generator.cli.printing import printing, say_result
from generator.cli.profile import profile_of
from generator.cli.twins import print_warnings
from generator.cli.views import many
from generator.intent.claims import MISSING, of_service, still_missing
from generator.intent.intent import Intent
from generator.intent.region import region_to_ask
from generator.live.estate import require
from generator.live.locate import Located, locate
from generator.live.match import match
from generator.live.moves import keys_of, moved_of
from generator.live.refusals.order import awaiting
from generator.live.states import services
from generator.source.diagnostics import Code, Diagnostic, ExitCode, Place, Refused, outcome
from generator.source.frozen import slotted
from generator.source.reading import is_folder

if TYPE_CHECKING:
    from generator.cli.scope import Scope
    from generator.fleet.overlays import Target
    from generator.live.applied import Applied
    from generator.live.aws.client import Access
    from generator.live.estate import Estate

RETIRED = Code("E164")
NOT_ACROSS = "W210"
"""The warning that AWS does not list a service for other Regions; an endpoint that it has shows that it is one."""
NO_GATEWAY = "W212"
"""The warning of private DNS of S3 that needs a gateway: the command says of each whether AWS refuses it."""
AT_ONCE = 8
_Account: TypeAlias = tuple[str | None, str]
"""A profile, None for what the AWS tools find by themselves, and a Region."""
COULD_NOT_ASK = "could not ask"
ANSWERS_REFUSED = "answers refused"
"""What came of specs whose account's answers can't be read, or contradict each other."""
NOTHING_READ = frozenset({COULD_NOT_ASK, ANSWERS_REFUSED})


@slotted(kw_only=True)
class LiveBatch(Batch):
    """How a command gets AWS's answers, and what came of its specs."""

    scope: Scope
    needs: Callable[[Intent], tuple[Iterable[str], Iterable[str]]]
    """The kinds of answers that a spec can't do without, and those that it would like to have."""
    everywhere: Iterable[str] = ()
    """The kinds that are asked for in all VPCs."""
    region: str | None
    files: list[str] | None
    profile: str | None
    url: str | None
    inputs: Mapping[str, tuple[str, ...]]
    retired: list[str] = field(default_factory=list)
    later = MISSING | {NOT_ACROSS}
    strict: bool = False
    held: dict[Target, tuple[Diagnostic, ...]] = field(default_factory=dict)
    """The warnings that specs lack an endpoint: AWS's answers may have it."""
    calls: Calls = field(default_factory=Calls)
    logins: dict[str | None, Access | Refused] = field(default_factory=dict)

    def targets(self) -> list[Target]:
        """Return the targets that are looked for: nothing of a retired one, which is refused where it is the one."""
        found = self.targets_of(self.scope)
        if self.scope.is_one and len(found) == 1 and found[0].is_retired:
            message = f"{found[0].key} is retired: it has no endpoints to look for"
            place = found[0].source.key_place(("name",))
            raise Refused([RETIRED.at(place, message, "its own plan has what is left")])
        self.retired = [each.path for each in found if each.is_retired]
        return [each for each in found if not each.is_retired]

    def hold(self, warnings: Mapping[Target, tuple[Diagnostic, ...]]) -> dict[Target, tuple[Diagnostic, ...]]:
        """Return the warnings of specs that are to be told at once, and hold the others."""
        for target, found in warnings.items():
            self.held[target] = tuple(each for each in found if each.code in self.later)
        return {target: tuple(each for each in of if each.code not in self.later) for target, of in warnings.items()}

    def tell_held(self) -> None:
        """Print the warnings that are held, once."""
        print_warnings(self.held)
        self.held.clear()

    def left(self, intents: Mapping[Target, Intent]) -> dict[Target, Intent]:
        """Return those that were not refused."""
        refused = {each.path for each in self.refused}
        return {each: intent for each, intent in intents.items() if each.path not in refused}

    def estates(self, intents: Mapping[Target, Intent]) -> dict[Target, Estate]:
        """Return what exists in the account and Region of each spec; what can't be asked hides no other.

        What is held is told then: of what could be asked, what the VPC lacks.
        """
        try:
            return self._estates(intents)
        finally:
            self.tell_held()

    def _estates(self, intents: Mapping[Target, Intent]) -> dict[Target, Estate]:
        accounts = self.each_of(intents, lambda target: self._account(target, intents[target]))
        sharing: dict[_Account, list[Intent]] = {}
        for target, account in accounts.items():
            sharing.setdefault(account, []).append(intents[target])
        regions = {} if self.files else {who: where for who, where in sharing if who not in self.logins}
        # one after the other and once, since a profile may ask for a code
        self.logins |= {each: outcome(lambda who: log_in(regions[who], who, self.url), each) for each in regions}
        at_once = 1 if self.files else AT_ONCE
        found = outcomes(sharing, lambda account: self._read(account, sharing[account]), at_once)

        def estate_of_one(target: Target) -> Estate:
            estate, intent = self._of(intents[target], found[accounts[target]]), intents[target]
            if held := self.held.pop(target, ()):
                held = self._missing(locate(intent, estate, self.inputs), held)
                refuse_warnings(held, strict=self.strict)
                self.held[target] = held
            return estate

        return self.each_of(accounts, estate_of_one)

    def _missing(self, spec: Located, held: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Return the warnings that are left where it is known what the VPC has, but for what the command tells itself.

        Each begins with the key of its endpoint.
        """
        there = services(spec.estate, spec.vpc_id)
        told = {(NOT_ACROSS, each.key) for each in spec.intent.endpoints if of_service(each) in there}
        here = (each.key for each in spec.intent.endpoints if spec.vpc and each.service_region == spec.estate.region)
        told |= {(NO_GATEWAY, key) for key in here}  # what is in AWS tells of each: E437, `way_round`
        listed = [each for each in held if (each.code, each.message.partition(":")[0]) not in told]
        return tuple(still_missing(listed, there, services(spec.estate, spec.vpc_id, serving=spec.own_tables)))

    def matched(
        self, intents: Mapping[Target, Intent], applied: Applied | None = None, *, is_strict: bool = False
    ) -> dict[Target, Located]:
        """Return where the references of specs lead, and which live endpoint each endpoint of all of them is.

        Where it `is_strict`, a spec that names what is not there is refused.
        """
        found = self.located(intents, self.estates(intents), applied)
        if is_strict:
            found = self.each_of(found, lambda target: found[target].require_all())
        return dict(zip(found, match(found.values()), strict=True))

    def located(
        self, intents: Mapping[Target, Intent], estates: Mapping[Target, Estate], applied: Applied | None
    ) -> dict[Target, Located]:
        """Return where the references of specs lead, of one to what another makes, too."""
        found = self.each_of(estates, lambda each: self._locate(each, intents[each], estates[each], applied))
        targets = self.calls.of_targets(found, self.scope) if applied else {}
        found = {each: replace(of, targets=targets.get(each.source.file, {})) for each, of in found.items()}
        return dict(zip(found, awaiting(found.values()), strict=True))

    def _locate(self, target: Target, intent: Intent, estate: Estate, applied: Applied | None) -> Located:
        """Return where the references of a spec lead, with what a state and the import blocks beside its module say."""
        is_own = partial(self.calls.is_own, target=target, scope=self.scope)
        folder = self.scope.out / target.key
        known, root = applied or {}, self.calls.of_root(folder, applied or {})
        files = self.calls.files(root)
        imports = imports_beside(folder, lambda kind, to: is_own(to) and root.brings(kind, to), files)
        was = (key for each in intent.endpoints for key in (each.key, *(each.own.get("was") or ())))
        found = locate(intent, estate, self.inputs)
        calls, callers = root if root.own or root.is_open else None, self.calls.bringing(root, is_own)
        moved = moved_of(known, imports or {}, found.vpc_id, lambda to: root.may_have(to) and is_own(to))
        keys = keys_of(known, imports or {}, was, found.vpc_id, is_own) if found.vpc else {}
        names = self.calls.of_others(target, self.scope.out) if applied else {}
        found = replace(found, applied=applied, keys=keys, imports=imports, moved=moved, namesakes=names, calls=calls)
        path = calls.path if calls else self.calls.path(folder)
        return replace(found, callers=callers, roots=(path,), kept=partial(kept_beside, folder, files))

    def _account(self, target: Target, intent: Intent) -> _Account:
        """Return the profile and the Region of a spec; raises Refused where these are not known."""
        region = region_to_ask(intent, self.region, self.inputs)
        if self.files:
            account = target.values.get("account", "")
            return (account if any(_inner(each, account) != each for each in self.files) else None), region
        if self.profile:
            return self.profile, region
        return profile_of(self.scope, target, region), region

    def _read(self, account: _Account, intents: list[Intent]) -> Estate:
        """Return what exists in an account and Region; what only some of its specs need may be refused."""
        login, needs = self.logins.get(account[0]), [self.needs(intent) for intent in intents]
        if isinstance(login, Refused):
            raise login
        needed = [kind for kind in needs[0][0] if all(kind in each for each, _ in needs)]
        return estate_of(
            account[1],
            needed,
            partial(_vpc_ids, intents, inputs=self.inputs),
            files=[_inner(each, account[0] or "", account[1]) for each in self.files or ()],
            profile=self.profile,
            endpoint_url=self.url,
            optional=dict.fromkeys(kind for each in needs for part in each for kind in part if kind not in needed),
            everywhere=self.everywhere,
            login=login and replace(login, region=account[1]),
        )

    def _of(self, intent: Intent, found: Estate | Refused) -> Estate:
        """Return what was read, for one of the specs that share it; raises Refused for what that one lacks."""
        if isinstance(found, Refused):
            refused = Refused(found.diagnostics, found.exit_code)
            refused.state = ANSWERS_REFUSED if self.files else COULD_NOT_ASK
            raise refused
        needed, optional = self.needs(intent)
        if self.files:
            require(found, needed, Place(", ".join(self.files)), optional)
        if lacks := [found.refused[kind] for kind in needed if kind in found.refused]:
            raise Refused(lacks)
        return found

    def tell(self, command: str, found: Sequence[many.Entry], text: str, code: ExitCode) -> None:
        """Print what came of the specs, and end: the text, and of several a table under it, or in their place JSON."""
        firsts = ((each, each.diagnostics[0], each.diagnostics) for each in self.refused)
        whys = (many.Entry(it.path, it.state, f"{why.code} {why.message}", findings=all_) for it, why, all_ in firsts)
        entries = [*found, *(many.Entry(path, "retired") for path in self.retired), *whys]
        is_one = self.scope.is_one and len(entries) == 1
        shown = [each for each in entries if not (is_one or (self.quiet and each.state in many.QUIET))]
        if printing().form == "json":
            text = many.as_json(command, entries)
        elif shown:
            text = f"{text}\n\n{many.as_table(shown)}".lstrip()
        if text:
            say_result(text)
        states = [each.state for each in found if each.spec] + ["retired"] * len(self.retired)
        self.end(states, code)


def _vpc_ids(intents: Iterable[Intent], estate: Estate, inputs: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the ids of the specs' VPCs, each once; an empty one for those that are not there."""
    return tuple(dict.fromkeys(locate(intent, estate, inputs).vpc_id for intent in intents))


def _inner(folder: str, *names: str) -> str:
    """Return the innermost folder of these names that there is, the next in the one before."""
    for name in filter(None, names):
        folder = inner if is_folder(inner := f"{folder}/{name}") else folder
    return folder
