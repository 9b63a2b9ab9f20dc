"""Endpoint policies: the document that a spec gives, as the value that `jsonencode` turns into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.diagnostics import Code, Diagnostic
from generator.hcl import Expression, Value
from generator.spec.model import PolicyFile
from generator.spec.scalars import document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.source import Source
    from generator.spec import Spec
    from generator.wanted import Wanted

NO_POLICY = Code(
    "E212",
    "a policy that can't be read",
    "`policy: {file: …}` names a JSON or YAML file relative to the spec, and the file holds one document.",
)


def files(spec: Spec) -> tuple[str, ...]:
    """Return the names of the policy files that a spec refers to, relative to it."""
    policies = (spec.policy, *(endpoint.policy for endpoint in (spec.endpoints or {}).values()))
    return tuple(dict.fromkeys(policy.file for policy in policies if isinstance(policy, PolicyFile)))


def documents(
    source: Source, endpoints: Iterable[Wanted], read: Mapping[str, Source | str]
) -> tuple[Mapping[str, object], tuple[Diagnostic, ...]]:
    """Return the policy document of each endpoint that has one, by its key, and why others can't be read.

    `read` holds the policy files by the name that the spec gives them, or the reason why one can't be read.
    """
    found: dict[str, object] = {}
    findings: list[Diagnostic] = []
    for wish in endpoints:
        stated = wish.stated.get("policy")
        if isinstance(stated, PolicyFile):
            file = read.get(stated.file, "the file was not read")
            if isinstance(file, str):
                place = source.place((*wish.at("policy"), "file"))
                findings.append(NO_POLICY.at(place, f"{stated.file}: {file}", "the path is relative to the spec"))
            else:
                found[wish.key] = document(file.data)
        elif stated is not None:
            found[wish.key] = stated
    return found, tuple(findings)


def value(json: Any) -> Value:
    """Return a JSON document as the value that `jsonencode` turns into it."""
    if isinstance(json, dict):
        return {key: value(item) for key, item in json.items()}
    if isinstance(json, list):
        return tuple(value(item) for item in json)
    return Expression(repr(json)) if isinstance(json, float) else json
