"""Which provider releases a module works with: the floor that the spec promises, and what came after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.intent.endpoints import Endpoint
from generator.intent.intent import Intent, Path
from generator.rules.rule import Findings, endpoint_rule, rule
from generator.spec import Endpoint as StatedEndpoint
from generator.spec import Spec
from generator.spec.meant_text import NEWEST_MAJOR
from generator.spec.references import ByInput, ByTags
from generator.spec.scalars import Model

_OLDEST = (3, 39, 0)
_REPLACES, _IN_PLACE = (6, 28, 0), (6, 36, 0)
WITHOUT_DEFECT = f">= {_IN_PLACE[0]}.{_IN_PLACE[1]}"
"""Pull requests 45679 and 46800 of the provider (checked 2026-11-24)."""
_AWS_SUBNETS = "4.0.0"  # data.aws_subnets came between 3.39 and 4.0 (provider pull request 18803); 4.0 surely has it

_REGION = str(StatedEndpoint.provider("region"))


def version(text: str) -> tuple[int, ...]:
    """Return the release in `>= 5.0` or `5.0.1` as three numbers; what is left out is 0."""
    numbers = [int(part) for part in text.removeprefix(">=").strip().split(".")]
    return (*numbers, 0, 0)[:3]


def has_defect(floor: str) -> bool:
    """Tell whether a floor has releases that replace an Interface endpoint when its private DNS changes."""
    return _REPLACES <= version(floor) < _IN_PLACE


def and_provider(intent: Intent, form: type[Model], name: str) -> str:
    """Return what a fix that writes a field says of the floor beside it, where that does not have the field."""
    needs = str(form.provider(name))
    return f' and aws_provider: ">= {needs}"' if version(needs) > version(intent.spec.aws_provider) else ""


@rule("E224")
def too_old(intent: Intent) -> Findings:
    """A provider floor that is not supported."""
    stated = intent.spec.aws_provider
    if version(stated) < _OLDEST:
        yield ("aws_provider",), f"{stated} is older than 3.39"


@rule("E223")
def newer(intent: Intent) -> Findings:
    """An argument that the provider floor does not have."""
    floor = version(intent.spec.aws_provider)
    top = {name: value for name, value in intent.spec.stated().items() if name != "endpoints"}
    yield from _newer(intent, Spec, top, ())
    for endpoint in intent.endpoints:
        yield from _newer(intent, StatedEndpoint, endpoint.own, endpoint.origin)
    if isinstance(intent.spec.region, ByInput) and floor < version(_REGION):
        fix = f'write aws_provider: ">= {_REGION}", or leave region out'
        yield ("region",), f"a Region by input needs provider {_REGION} (the argument region)", fix
    for _, path, subnets in intent.stated("subnets") if floor < version(_AWS_SUBNETS) else ():
        for index, subnet in enumerate(subnets):
            if isinstance(subnet, ByTags):
                fix = f'write aws_provider: ">= {_AWS_SUBNETS}", or name each subnet'
                yield (*path, index), f"subnets by tags need provider {_AWS_SUBNETS} (data.aws_subnets)", fix


@rule("W258")
def unknown(intent: Intent) -> Findings:
    """A provider floor above what is known."""
    stated = intent.spec.aws_provider
    if version(stated) >= (NEWEST_MAJOR + 1,):
        yield ("aws_provider",), f"{stated} is above the releases that are known here, up to {NEWEST_MAJOR}.x"


@endpoint_rule("W219")
def defect(intent: Intent, endpoint: Endpoint) -> Findings:
    """A provider floor with a known defect."""
    floor = intent.spec.aws_provider
    if has_defect(floor) and endpoint.type == "Interface" and endpoint.has_private_dns:
        yield ("aws_provider",), f"{floor} has releases that replace an endpoint when its private DNS changes"


def _newer(intent: Intent, form: type[Model], stated: Mapping[str, Any], path: Path) -> Findings:
    """Yield the stated fields of a form, and the fields inside them, that came after the floor."""
    for name, value in stated.items():
        needs = form.provider(name)
        if needs is not None and version(needs) > version(intent.spec.aws_provider):
            fix = f'write aws_provider: ">= {needs}", or leave {name} out'
            yield intent.source.key_place((*path, name)), f"{name} needs provider {needs}", fix
        if isinstance(value, Model):
            yield from _newer(intent, type(value), value.stated(), (*path, name))
