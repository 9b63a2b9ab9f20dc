"""One spec beside all that it is compared with: where its references lead, the groups it makes, what its files say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.live import ingress
from generator.live.drift.row import Commands, Drift, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.intent.intent import Intent
    from generator.live.change import Change
    from generator.live.drift.rendered import RenderedDifferences
    from generator.live.ingress import Group
    from generator.live.locate import Located

KINDS = ("Subnets", "RouteTables", "SecurityGroups", "VpcEndpoints")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One spec, and all that it is compared with."""

    located: Located
    groups: tuple[Group, ...]
    commands: Commands
    rendered: RenderedDifferences
    """What its files say otherwise."""

    @property
    def path(self) -> str:
        """The path of the spec."""
        return self.commands.spec

    @property
    def intent(self) -> Intent:
        """What the spec means."""
        return self.located.intent

    @classmethod
    def of(cls, located: Located, *, commands: Commands, rendered: RenderedDifferences) -> Comparison:
        """Return a spec with all that it is compared with; raises Refused for references that lead nowhere."""
        groups = ingress.groups(located.require_all())
        return cls(located=located, groups=groups, commands=commands, rendered=rendered)

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
        """Return a difference that is in the files too."""
        by_hand = f"{self.commands.drop_edit}, then terraform apply"
        step = by_hand if self.rendered.by_hand else self.commands.render_and_apply
        return self.row(Kind.HAND_EDIT if self.rendered.by_hand else Kind.STALE, subject, change, step)


def kinds(intents: Iterable[Intent]) -> tuple[str, ...]:
    """Return the kinds of objects that must be known to compare specs with AWS."""
    intents = tuple(intents)
    wanted = [*KINDS]
    if any(ingress.has_named_prefix_list(intent) for intent in intents):
        wanted.append("PrefixLists")
    if any(endpoint.stated.get("subnet_configuration") for intent in intents for endpoint in intent.endpoints):
        wanted.append("NetworkInterfaces")
    return tuple(wanted)
