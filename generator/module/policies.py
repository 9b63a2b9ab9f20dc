"""What policies take from Terraform: the account, the VPC, and inputs of the module that give text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from generator.hcl.hcl import Expression
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
    pattern, example = _FORMS[inputs[part.name]]
    return lookups.text_input(part.name, inputs[part.name], pattern=pattern, mock=example)
