"""The inputs of a module, each with what it must hold."""

from __future__ import annotations

from generator.hcl.hcl import Block, Expression, Value
from generator.intent.policies import ACCOUNT, BUCKET, ORGANIZATION, TEXT
from generator.source.region import REGION_NAME
from generator.spec.policy import ACCOUNT_ID, ORG_ID

ANY_REGION = "eu-central-1"
"""The provider's Region in the tests of a module that is for no Region of its own."""
REGION, SERVICE = "the name of a Region", "the name of a service"
TEXTS = {
    REGION: (f"^{REGION_NAME}$", ANY_REGION),
    SERVICE: ("^[a-z0-9_-]+([.][a-z0-9_-]+){2,}$", "com.amazonaws.vpce.eu-central-1.vpce-svc-0123456789abcdef0"),
    ACCOUNT: (ACCOUNT_ID, "111122223333"),
    ORGANIZATION: (ORG_ID, "o-a1b2c3d4e5"),
    BUCKET: ("^[A-Za-z0-9._-]{3,255}$", "example-bucket"),
    TEXT: ("^[^*?$]+$", "team-a"),
}
"""The pattern of what an input gives, a name and never a pattern of IAM, and an example. Old buckets have long names.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html (checked 2026-11-26)
"""


def of_ids(name: str, prefix: str, noun: str, *, is_list: bool) -> Block:
    """Return the input that gives the id of a thing, or ids of several."""
    condition, expected = f'startswith(var.{name}, "{prefix}-")', f"the id of a {noun}, as {prefix}-…"
    if not is_list:
        return _declared(name, f"Id of the {noun}", condition, expected=expected)
    condition = f'length(var.{name}) > 0 && alltrue([for id in var.{name} : startswith(id, "{prefix}-")])'
    description = f"{noun.capitalize() if noun.islower() else noun} ids"
    expected = f"one or more ids of {noun}s, as {prefix}-…"
    return _declared(name, description, condition, expected=expected, type_="list(string)")


def of_text(name: str, given: str) -> Block:
    """Return the input that gives text, as `the name of a Region`."""
    pattern, example = TEXTS[given]
    what, condition = given.removeprefix("the "), f'can(regex("{pattern}", var.{name}))'
    return _declared(name, what[:1].upper() + what[1:], condition, expected=f"{given}, as {example}")


def _declared(name: str, description: str, condition: str, *, expected: str, type_: str = "string") -> Block:
    """Return the `variable` block of a module input under a condition, and what it must be to meet that."""
    checked: dict[str, Value] = {"condition": Expression(condition), "error_message": f"{name} must be {expected}."}
    arguments: dict[str, Value] = {"description": description, "type": Expression(type_), "nullable": False}
    validation = Block(type="validation", arguments=checked)
    return Block(type="variable", labels=(name,), arguments=arguments, blocks=(validation,))
