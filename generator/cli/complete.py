"""What a shell offers where a value is typed; where nothing of it fits, the shell offers files."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TypeAlias

import typer

from generator.source.diagnostics import Refused

Offer: TypeAlias = list[tuple[str, str]]
"""Values, each with what it is; Typer leaves out those that begin otherwise than what is typed."""


def names(*kinds: str) -> Callable[[], Offer]:
    """Return what offers the names that the catalog has of some kinds."""

    def offer() -> Offer:
        from generator.catalog.names import KINDS

        return [each for kind in kinds for each in KINDS[kind]().items()]

    return offer


def specs(ctx: typer.Context, incomplete: str) -> Offer:
    """Offer the project's specs and the keys of their targets, or the specs of the folder `specs`."""
    with suppress(Refused, OSError):
        return [*_specs(ctx.params.get("project"), with_files=":" in incomplete)]
    return []


def _specs(project: str | None, *, with_files: bool) -> Iterator[tuple[str, str]]:
    from generator.cli.scope import scoped
    from generator.generate import targets_of

    try:
        scope = scoped(None, project, any_version=True)
    except typer.BadParameter:
        scope = scoped(["specs/*"])
    for spec in filter(str.isprintable, scope.specs):
        yield spec, "spec"
        with suppress(Refused):
            for each in targets_of(spec) if scope.project else ():
                yield (f"{spec}:{each.key}" if with_files else each.key), f"target of {spec}"
