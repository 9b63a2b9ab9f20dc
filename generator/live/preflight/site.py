"""What a check looks at: the spec's endpoints where their references lead, and what stands there already."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from generator.live import estate as known
from generator.live.estate import ACCOUNT, ATTRIBUTES, AwsObject, Estate, command
from generator.live.locate import LocatedEndpoint, matching

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.intent.intent import Intent
    from generator.source.diagnostics import Diagnostic, Place

VPC_ATTRIBUTES = "VpcAttributes"
"""The name, beside the keys of `estate.KINDS`, of what `aws ec2 describe-vpc-attribute` says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One spec in the VPC that it is for."""

    intent: Intent
    estate: Estate
    vpc: AwsObject
    endpoints: tuple[LocatedEndpoint, ...]
    inputs: Mapping[str, tuple[str, ...]]
    """The ids that the module's inputs get, by name."""

    @property
    def vpc_id(self) -> str:
        """The VPC's id."""
        return str(self.vpc["VpcId"])

    @property
    def vpc_place(self) -> Place:
        """Where the spec names the VPC."""
        return self.intent.source.place(("vpc",))

    def knows(self, kind: str) -> bool:
        """Tell whether AWS has said what a check needs."""
        if kind == ACCOUNT:
            return self.estate.account is not None
        if kind == VPC_ATTRIBUTES:
            return ATTRIBUTES.keys() <= self.estate.vpc_attributes.get(self.vpc_id, {}).keys()
        return self.estate.has(kind)

    def fix(self, text: str, kind: str, options: str = "") -> str:
        """Return the text of a fix, and under it the AWS CLI's line that shows what is amiss."""
        return f"{text}\n    {command(kind, self.estate.region, options)}"

    def own(self, placed: LocatedEndpoint) -> AwsObject | None:
        """Return the live endpoint that bears the name of one of the spec's, and leads to the same target."""
        found = matching(placed, self.estate, self.vpc_id)
        return next((each for each in found if known.name(each) == placed.endpoint.name), None)

    def others(self, placed: LocatedEndpoint) -> Iterator[AwsObject]:
        """Yield the live endpoints that lead to the same target as one of the spec's, and bear another name."""
        found = matching(placed, self.estate, self.vpc_id)
        yield from (each for each in found if known.name(each) != placed.endpoint.name)

    def new(self) -> tuple[LocatedEndpoint, ...]:
        """Return the endpoints of the spec that are not there yet."""
        return tuple(placed for placed in self.endpoints if self.own(placed) is None)

    def offers(self, placed: LocatedEndpoint) -> tuple[AwsObject, ...]:
        """Return what AWS says of an endpoint's service, whatever its type; nothing of one in another Region."""
        if placed.service_name is None or placed.endpoint.service_region not in {None, self.estate.region}:
            return ()
        details = self.estate.all("ServiceDetails")
        return tuple(detail for detail in details if detail.get("ServiceName") == placed.service_name)

    def offer(self, placed: LocatedEndpoint) -> AwsObject | None:
        """Return what AWS says of an endpoint's service for its type, or None."""
        return next((each for each in self.offers(placed) if placed.endpoint.type in types(each)), None)

    def with_private_dns(self) -> tuple[LocatedEndpoint, ...]:
        """Return the endpoints of the spec that are to have private DNS."""
        return tuple(placed for placed in self.endpoints if placed.endpoint.has_private_dns)


def shown(finding: Diagnostic, line: str | None) -> Diagnostic:
    """Return a finding with the AWS CLI's line that shows it under its fix, if there is one."""
    return replace(finding, fix=f"{finding.fix}\n    {line}") if line else finding


def types(detail: AwsObject) -> tuple[str, ...]:
    """Return the types of endpoint that AWS's details of a service speak of."""
    return tuple(str(each.get("ServiceType")) for each in detail.get("ServiceType") or ())


def called(thing: AwsObject, key: str) -> str:
    """Return what people call a thing: its name and its id, or its id alone."""
    name = known.name(thing)
    return f"{name} ({thing[key]})" if name else str(thing[key])


def listed(words: Iterable[Any]) -> str:
    """Return words as a sentence has them: `a`, `a and b`, `a, b and c`."""
    *first, last = map(str, words)
    return f"{', '.join(first)} and {last}" if first else last
