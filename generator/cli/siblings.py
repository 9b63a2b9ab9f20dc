"""Which specs that a command does not compare may have what it finds in the VPCs of those that it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from generator.intent.intent import Intent
from generator.live.estate import TARGETS, AwsObject
from generator.live.locate import Located, locate
from generator.live.marks import has
from generator.source.diagnostics import Refused, outcome
from generator.source.reading import resolved

if TYPE_CHECKING:
    from generator.cli.scope import Scope
    from generator.fleet.overlays import Target

_OF_REFUSED = "a spec that was refused may have it: mend that one first, then the same again"


class Siblings:
    """The other specs of a project, or beside those given; they are read where something may be theirs."""

    def __init__(self, given: Mapping[Target, Located], scope: Scope, *, is_whole: bool) -> None:
        """Take the specs that are compared, and whether these are all that were to be."""
        self._given, self._scope, self._is_whole = given, scope, is_whole

    def whose(self, spec: Located, live: AwsObject) -> str:
        """Return which spec may have an endpoint that none of those given has, and what to do; empty for none."""
        if not self._is_whole:
            return _OF_REFUSED
        target = str(next(filter(None, map(live.get, TARGETS)), ""))
        if has(spec.applied, str(live["VpcEndpointId"])):
            return ""
        found = self._theirs.get((spec.vpc_id, str(live["VpcEndpointType"]), target))
        return f"{found} may be it: give that spec too" if found else ""

    @cached_property
    def _theirs(self) -> dict[tuple[str, str, str], str]:
        """The endpoints that they have, by VPC, type and what they lead to: of several the first."""
        found = dict[tuple[str, str, str], str]()
        for spec in self._located():
            for each in spec.endpoints:
                found.setdefault((spec.vpc_id, each.endpoint.type, each.target), f"{each.endpoint.key} of {spec.path}")
        return found

    def _located(self) -> Iterator[Located]:
        """Yield those that can be read, in the Regions and accounts of those given."""
        from generator.generate import targets_of, understand_source

        given = {(resolved(each.source.file), each.key) for each in self._given}
        folders = dict.fromkeys(Path(each.source.file).parent for each in self._given)
        beside = (each for folder in folders for each in sorted(folder.glob("*.y*ml")))
        estates = {id(each.estate): each for each in self._given.values()}
        rest = self._scope.rest if self._scope.project else ()
        for file in {resolved(each): each for each in (*map(str, beside), *rest)}.values():
            several = outcome(lambda path: targets_of(path, self._scope.source), file)
            for target in () if isinstance(several, Refused) else several:
                is_given = (resolved(file), target.key) in given
                intent = None if is_given or target.is_retired else outcome(understand_source, target.source)
                if isinstance(intent, Intent):
                    found = (locate(intent, each.estate, each.inputs) for each in estates.values())
                    yield from (each for each in found if intent.spec.known_region in {None, each.estate.region})
