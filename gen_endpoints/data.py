"""What the functions of the API return of a spec: frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any

from generator.hcl.facts import Facts
from generator.module.module import Module
from generator.source.diagnostics import Diagnostic
from generator.source.draft import Source
from generator.source.frozen import frozen

if TYPE_CHECKING:
    from generator.generate import Generated
    from generator.intent.intent import Claim, Intent


@frozen(kw_only=True)
class Endpoint:
    """One endpoint as the spec means it, its defaults in place and those of bundles included."""

    key: str
    """Its label in Terraform: `aws_vpc_endpoint.<key>`."""
    type: str
    service: str | None
    """The id of its service in the catalog, as `ecr.dkr`; None where it is not one that the catalog knows."""
    target: str
    """The service name that it leads to, with `<region>` where only the provider knows the Region; or the ARN."""
    region: str | None
    """The Region that it is in; None where only the provider knows."""
    private_dns: bool
    bundles: tuple[str, ...]


@frozen(kw_only=True)
class Meaning:
    """What a spec means; `region` is None where the module is for the Region of the provider.

    A retired target means no endpoints.
    """

    name: str
    region: str | None
    endpoints: tuple[Endpoint, ...]
    warnings: tuple[Diagnostic, ...]
    claims: tuple[Claim, ...] = ()
    """What no other module may have in its VPC: private names, gateways' routes, names of groups."""


@frozen(kw_only=True)
class Rendered:
    """A spec's module: its text by path, the blocks that it was rendered from, what was read back, and the spec."""

    meaning: Meaning
    module: Module
    files: Mapping[str, str]
    facts: Facts
    spec: Source
    added: tuple[str, ...] = ()
    """The files that are of a team's templates, by path."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """What these were given."""

    @property
    def key(self) -> str:
        """The module's folder below that of all modules: of a target, its key; else the name."""
        return self.spec.label or self.meaning.name


def meaning_of(intent: Intent) -> Meaning:
    """Return what the API tells of an intent."""
    endpoints = tuple(
        Endpoint(
            key=each.key,
            type=each.type,
            service=each.service.id if each.service else None,
            target=each.target.in_region(each.service_region or "<region>"),
            region=each.region,
            private_dns=each.has_private_dns,
            bundles=each.bundles,
        )
        for each in intent.rendered
    )
    return Meaning(
        name=intent.spec.name,
        region=intent.spec.known_region,
        endpoints=endpoints,
        warnings=intent.warnings,
        claims=tuple(intent.claims),
    )


def rendered_of(found: Generated) -> Rendered:
    """Return what the API tells of a module that is made."""
    return Rendered(
        meaning=meaning_of(found.intent),
        module=found.module,
        files=found.files,
        facts=found.facts,
        spec=found.intent.source,
        added=found.added,
        values=found.values,
    )
