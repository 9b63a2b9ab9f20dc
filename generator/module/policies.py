"""What policies take from Terraform: lookups, and inputs of the module that give text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from generator.hcl.hcl import Block, Expression, Value
from generator.intent.policies import ACCOUNT, BUCKET, ORGANIZATION, TEXT
from generator.module.lookups import Lookups
from generator.spec.policy_text import Known

_FORMS = {
    ACCOUNT: ("^[0-9]{12}$", "111122223333"),
    ORGANIZATION: ("^o-[a-z0-9]{10,32}$", "o-a1b2c3d4e5"),
    BUCKET: ("^[A-Za-z0-9._-]{3,255}$", "example-bucket"),
    TEXT: ("^[^*?$]+$", "team-a"),
}
"""The pattern of what an input gives, a name and never a pattern of IAM, and an example. Old buckets have long names.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html (checked 2026-11-26)
"""


def reference(part: Known, inputs: Mapping[str, str], lookups: Lookups) -> str | Expression:
    """Return how the module refers to what Terraform knows; `inputs` say what each input gives."""
    if part.kind == "vpc":
        return cast("str | Expression", lookups.vpc.value)
    if part.kind == "account":
        address = lookups.add("aws_caller_identity", "current", {})
        lookups.overrides[address] = {"account_id": _FORMS[ACCOUNT][1]}
        return Expression(f"{address}.account_id")
    given = inputs[part.name]
    pattern, example = _FORMS[given]
    message = f"{part.name} must be {given}, as {example}."
    condition = Expression(f'can(regex("{pattern}", var.{part.name}))')
    validation = Block(type="validation", arguments={"condition": condition, "error_message": message})
    description = given.removeprefix("the ").capitalize()
    said: dict[str, Value] = {"description": description, "type": Expression("string"), "nullable": False}
    variable = Block(type="variable", labels=(part.name,), arguments=said, blocks=(validation,))
    lookups.variables.setdefault(part.name, variable)
    lookups.variable_mocks.setdefault(part.name, example)
    return Expression(f"var.{part.name}")
