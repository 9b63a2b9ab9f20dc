"""Which provider releases a module works with: the floor that the spec promises, and what came after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator.intent.endpoints import Endpoint
from generator.intent.intent import Intent
from generator.rules.rule import endpoint_rule, rule
from generator.source.diagnostics import Diagnostic
from generator.source.source import Source
from generator.spec import Endpoint as StatedEndpoint
from generator.spec import Spec
from generator.spec.references import ByTags, Subnet
from generator.spec.scalars import Model

_OLDEST = (3, 39, 0)
_REPLACES, _IN_PLACE = (6, 28, 0), (6, 36, 0)  # pull requests 45679 and 46800; checked 2026-11-24
_AWS_SUBNETS = "4.0.0"  # data.aws_subnets came between 3.39 and 4.0 (provider pull request 18803); 4.0 surely has it


def version(text: str) -> tuple[int, int, int]:
    """Return the release in `>= 5.0` or `5.0.1` as numbers; what is left out is 0."""
    numbers = [int(part) for part in text.removeprefix(">=").strip().split(".")]
    major, minor, patch = (*numbers, 0, 0)[:3]
    return major, minor, patch


@rule("E224")
def too_old(intent: Intent) -> Iterator[Diagnostic]:
    """A provider floor that is not supported."""
    stated = intent.spec.aws_provider
    if version(stated) < _OLDEST:
        place = intent.source.place(("aws_provider",))
        yield too_old.at(place, f"{stated} is older than 3.39")


@rule("E223")
def newer(intent: Intent) -> Iterator[Diagnostic]:
    """An argument that the provider floor does not have."""
    spec, floor = intent.spec, version(intent.spec.aws_provider)
    top = {name: value for name, value in spec.stated().items() if name != "endpoints"}
    yield from _newer(Spec, top, intent.source, (), floor)
    for endpoint in intent.endpoints:
        yield from _newer(StatedEndpoint, endpoint.own, intent.source, endpoint.origin, floor)
    yield from _plural_subnets(spec, intent.source, floor)


@endpoint_rule("W219")
def defect(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    """A provider floor with a known defect."""
    if (
        _REPLACES <= version(intent.spec.aws_provider) < _IN_PLACE
        and endpoint.type == "Interface"
        and endpoint.has_private_dns
    ):
        message = f"{intent.spec.aws_provider} has releases that replace an endpoint when its private DNS changes"
        yield defect.at(intent.source.place(("aws_provider",)), message)


def _newer(
    form: type[Model],
    stated: Mapping[str, Any],
    source: Source,
    path: tuple[str | int, ...],
    floor: tuple[int, int, int],
) -> Iterator[Diagnostic]:
    """Yield the stated fields of a form, and the fields inside them, that came after the floor."""
    for name, value in stated.items():
        needs = form.provider(name)
        if needs is not None and version(needs) > floor:
            fix = f'write aws_provider: ">= {needs}", or leave {name} out'
            yield newer.at(source.key_place((*path, name)), f"{name} needs provider {needs}", fix)
        if isinstance(value, Model):
            yield from _newer(type(value), value.stated(), source, (*path, name), floor)


def _plural_subnets(spec: Spec, source: Source, floor: tuple[int, int, int]) -> Iterator[Diagnostic]:
    if floor >= version(_AWS_SUBNETS):
        return
    lists: list[tuple[tuple[str, ...], Iterable[Subnet]]] = [(("subnets",), spec.subnets or ())]
    endpoints = spec.endpoints or {}
    lists += [(("endpoints", key, "subnets"), endpoint.subnets or ()) for key, endpoint in endpoints.items()]
    for path, subnets in lists:
        for index, subnet in enumerate(subnets):
            if isinstance(subnet, ByTags):
                fix = f'write aws_provider: ">= {_AWS_SUBNETS}", or name each subnet'
                place = source.place((*path, index))
                yield newer.at(place, f"subnets by tags need provider {_AWS_SUBNETS} (data.aws_subnets)", fix)
