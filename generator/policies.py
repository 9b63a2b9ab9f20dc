"""Endpoint policies: the document that a spec gives, as the value that `jsonencode` turns into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.diagnostics import Code, Diagnostic
from generator.hcl import Expression, Value
from generator.source import Source
from generator.spec.model import PolicyFile
from generator.spec.scalars import document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.spec import Spec
    from generator.wanted import Wanted

NO_POLICY = Code(
    "E212",
    "a policy that can't be read",
    "`policy: {file: …}` names a JSON or YAML file relative to the spec, and the file holds one document.",
)


def files(spec: Spec) -> tuple[str, ...]:
    """Return the names of the policy files that a spec refers to, relative to it."""
    policies = (spec.policy, *(endpoint.policy for endpoint in spec.endpoints.values()))
    return tuple(dict.fromkeys(policy.file for policy in policies if isinstance(policy, PolicyFile)))


def policy(wish: Wanted, source: Source, documents: Mapping[str, Source | str]) -> Value | Diagnostic:
    """Return the policy of an endpoint that has one, or why it can't be read."""
    stated = wish.stated["policy"]
    if not isinstance(stated, PolicyFile):
        return _json(stated)
    read = documents.get(stated.file, "the file was not read")
    if isinstance(read, Source):
        return _json(document(read.data))
    path = wish.path("policy", "file") if "policy" in wish.endpoint.model_fields_set else ("policy", "file")
    return NO_POLICY.at(source.place(path), f"{stated.file}: {read}", "the path is relative to the spec")


def _json(value: Any) -> Value:
    if isinstance(value, dict):
        return {key: _json(item) for key, item in value.items()}
    if isinstance(value, list):
        return tuple(_json(item) for item in value)
    return Expression(repr(value)) if isinstance(value, float) else value
