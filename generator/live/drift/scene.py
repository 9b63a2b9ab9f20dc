"""One spec beside all that it is compared with: where its references lead, the groups it makes, what its files say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.live import ingress
from generator.live.drift.row import Commands, Drift, Kind
from generator.live.locate import Follower, locate
from generator.source.diagnostics import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.intent.intent import Intent
    from generator.live.change import Change
    from generator.live.drift.rendered import RenderedDifferences
    from generator.live.estate import Estate
    from generator.live.ingress import Group
    from generator.live.locate import Location

KINDS = ("Subnets", "RouteTables", "SecurityGroups", "VpcEndpoints")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One spec, and all that it is compared with."""

    path: str
    intent: Intent
    location: Location
    follower: Follower
    groups: tuple[Group, ...]
    commands: Commands
    said: RenderedDifferences
    """What its files say otherwise."""

    def row(self, kind: Kind, subject: str, change: Change, step: str) -> Drift:
        """Return a difference of this spec."""
        return Drift(
            kind=kind,
            spec=self.path,
            subject=subject,
            field=change.field,
            wanted=change.wanted,
            found=change.found,
            next=step,
        )

    def explained(self, subject: str, change: Change) -> Drift:
        """Return a difference that stands in the files too."""
        by_hand = f"{self.commands.drop_edit}, then terraform apply"
        step = by_hand if self.said.by_hand else self.commands.render_and_apply
        return self.row(Kind.HAND_EDIT if self.said.by_hand else Kind.STALE, subject, change, step)


def kinds(intents: Iterable[Intent]) -> tuple[str, ...]:
    """Return the kinds of things that must be known to compare specs with what stands in AWS."""
    intents = tuple(intents)
    wanted = [*KINDS]
    if any(ingress.has_named_prefix_list(intent) for intent in intents):
        wanted.append("PrefixLists")
    if any(endpoint.stated.get("subnet_configuration") for intent in intents for endpoint in intent.endpoints):
        wanted.append("NetworkInterfaces")
    return tuple(wanted)


def vpcs(intents: Iterable[Intent], estate: Estate, inputs: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the ids of the specs' VPCs, each once; raises Refused for one that is not there."""
    located = [locate(intent, estate, inputs) for intent in intents]
    if findings := [finding for each in located if each.vpc is None for finding in each.findings]:
        raise Refused(findings)
    return tuple(dict.fromkeys(str(each.vpc_id) for each in located))


def scene(
    intent: Intent,
    estate: Estate,
    inputs: Mapping[str, tuple[str, ...]],
    *,
    commands: Commands,
    said: RenderedDifferences,
) -> Scene:
    """Return a spec with all that it is compared with; raises Refused for references that lead nowhere."""
    location = locate(intent, estate, inputs)
    if location.vpc is None or location.findings:
        raise Refused(location.findings)
    follower = Follower(intent=intent, estate=estate, inputs=inputs, vpc_id=str(location.vpc_id))
    groups = ingress.groups(follower, location.vpc)
    return Scene(
        path=commands.spec,
        intent=intent,
        location=location,
        follower=follower,
        groups=groups,
        commands=commands,
        said=said,
    )
