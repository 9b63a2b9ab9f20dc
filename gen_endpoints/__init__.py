"""The public API: what the commands of `gen-endpoints` do, as functions from plain data to plain data.

    path ──parse──▶ Source ──understand──▶ Meaning
                      └─────render──────▶ Rendered ──.files──▶ read_back ──▶ Facts ──check──▶ findings
                                             └─────.files──▶ differences, write ──▶ a folder

What is in `__all__` stays, and what it names is frozen; all else in this package and in `generator` may change. Nothing
here prints, exits or reads the clock. A function that refuses raises Refused, with every finding at its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.hcl.facts import Facts, read_back
from generator.hcl.hcl import Block, Call, Expression, Value
from generator.hcl.memory import Cache
from generator.module.check import check
from generator.module.module import Module
from generator.output.difference import Difference
from generator.output.tree import Written, differences, write
from generator.source.diagnostics import Diagnostic, ExitCode, Place, Refused
from generator.source.draft import Source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from generator.intent.intent import Intent

__all__ = ["check", "differences", "parse", "read_back", "render", "understand", "write"]
__all__ += ["Cache", "Endpoint", "Facts", "Meaning", "Module", "Rendered", "Source", "Written"]
__all__ += ["Diagnostic", "Difference", "ExitCode", "Place", "Refused"]
__all__ += ["Block", "Call", "Expression", "Value"]


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a spec means; `region` is None where the module is for the Region of the provider."""

    name: str
    region: str | None
    endpoints: tuple[Endpoint, ...]
    warnings: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A spec's module: its text by path, the blocks that it was rendered from, and what was read back from the text."""

    meaning: Meaning
    module: Module
    files: Mapping[str, str]
    facts: Facts


def parse(path: str, text: str | bytes | None = None) -> Source:
    """Return what the spec at `path` holds, or `text` in its place; every scalar is text, and knows its line.

    Raises Refused for a file that can't be read (E030), and for one that is neither YAML nor JSON.
    """
    from generator.source import source

    return source.read(path) if text is None else source.parse(text, path)


def understand(spec: Source, *, today: date | None = None) -> Meaning:
    """Return what a spec means; the policy files and the lists of Regions beside it are read, and nothing else.

    Data that is old by `today` gets a warning. Raises Refused with everything that is wrong with the spec.
    """
    from generator import generate

    return _meaning(generate.understand_source(spec, today))


def render(spec: Source, *, today: date | None = None, cache: Cache | None = None) -> Rendered:
    """Return the module that a spec means, read back and proven; nothing is written.

    `cache` keeps what one call learns for the next, and on the disk after `cache.save()`. Raises Refused as
    `understand` does, and with `exit_code` BUG where the files say anything else than the spec.
    """
    from generator import generate

    found = generate.generate_source(spec, Cache(None) if cache is None else cache, today)
    return Rendered(meaning=_meaning(found.intent), module=found.module, files=found.files, facts=found.facts)


def _meaning(intent: Intent) -> Meaning:
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
        for each in intent.endpoints
    )
    return Meaning(name=intent.spec.name, region=intent.spec.region, endpoints=endpoints, warnings=intent.warnings)
