"""What a spec gives as a policy: a preset, a file, a document, a list of these that adds up, or `unmanaged`."""

import re
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from generator.source.source import Plain
from generator.spec.forms import Choice
from generator.spec.json_document import JsonDocument
from generator.spec.scalars import WORD, DecodeAs, Identifier, InSchema, Model, Yes, about, document

ACCOUNT_ID = r"^[0-9]{12}$"
ORG_ID = r"^o-[a-z0-9]{10,32}$"
UNMANAGED = "unmanaged"
"""What a spec states of a policy that it leaves to others: nothing is rendered for it, and nothing is judged."""


def is_document(policy: object) -> bool:
    """Tell whether what is given as a policy is a document, and so JSON, where `null` is a value like any other."""
    return isinstance(policy, dict) and "preset" not in policy and set(policy) != {"file"}


def is_argument(name: str, text: str) -> bool:
    """Tell whether a text has the form of a preset's argument, `org_id` or `account_id`, as a spec takes it."""
    return re.fullmatch({"org_id": ORG_ID, "account_id": ACCOUNT_ID}[name], text) is not None


def _form(policy: object) -> str:
    """Return the tag of a form; no key is spelled so, or an error's place could not be told from it."""
    if isinstance(policy, str):
        return "<name>"
    if not isinstance(policy, dict) or is_document(policy):
        return "<document>"
    return "<preset>" if "preset" in policy else "<file>"


def _form_or_list(policy: object) -> str:
    return "<list>" if isinstance(policy, list) else "<unmanaged>" if policy == UNMANAGED else _form(policy)


def _mapping(value: object) -> object:
    if not isinstance(value, dict):
        raise PydanticCustomError("document", "a document is a mapping")
    if "Effect" in value and "Statement" not in value:
        raise PydanticCustomError("statement", "a statement is no document")
    return JsonDocument({str(key): document(item) for key, item in value.items()})


def _account_id(value: object) -> object:
    """Return an account id as text; without quotes it is one only if it is the same as a number."""
    if isinstance(value, Plain) and value.isdigit() and value.startswith("0"):
        raise PydanticCustomError("word", "takes text, and YAML reads {value} as a number", {"value": str(value)})
    return str(value) if isinstance(value, str) else value


AccountId: TypeAlias = Annotated[
    str,
    Field(pattern=ACCOUNT_ID),
    InSchema(
        {"type": ["string", "integer"], "pattern": ACCOUNT_ID, "minimum": 10**11, "maximum": 10**12 - 1},
        before=_account_id,
    ),
]


class InputText(Choice):
    """Text that an input of the module gives."""

    variable: Identifier | None = about("The module's input.")


class AccountText(InputText):
    """The id of an account that Terraform knows."""

    account: Yes | None = about("`true`: the account of the provider.")


_TEXT_OR_MAPPING = Discriminator(lambda value: "<mapping>" if isinstance(value, dict) else "<text>")
_OrgId: TypeAlias = Annotated[
    Annotated[str, Field(pattern=ORG_ID), WORD, Tag("<text>")]
    | Annotated[dict[str, Any], DecodeAs(InputText, InputText.stated), Tag("<mapping>")],
    _TEXT_OR_MAPPING,
]
_Account: TypeAlias = Annotated[
    Annotated[AccountId, Tag("<text>")]
    | Annotated[dict[str, Any], DecodeAs(AccountText, AccountText.stated), Tag("<mapping>")],
    _TEXT_OR_MAPPING,
]

PresetName: TypeAlias = Annotated[str, Field(min_length=1), WORD, InSchema({"offers": "PresetName"})]
Document: TypeAlias = Annotated[
    Any,
    InSchema(
        {
            "type": "object",
            "not": {"anyOf": [{"required": ["file"], "maxProperties": 1}, {"required": ["preset"]}]},
            "if": {"required": ["Effect"]},
            "then": {"required": ["Statement"]},
        },
        before=_mapping,
    ),
]


class PolicyFile(Model):
    """A policy document in a file of its own."""

    file: Annotated[str, Field(min_length=1, description="A JSON or YAML file, relative to the spec."), WORD]


class PolicyPreset(Model):
    """A policy that the tool knows, with what it asks for; `gen-endpoints policies` lists them."""

    preset: Annotated[PresetName, Field(description="The preset's name.")]
    org_id: _OrgId | None = about("The organization, for `org-perimeter`.")
    account_id: _Account | None = about("The account, for `account-perimeter`.")
    account_ids: list[_Account] | None = about("The accounts, for `account-perimeter`.", min_length=1)


_Part: TypeAlias = Annotated[
    Annotated[PresetName, Tag("<name>")]
    | Annotated[PolicyPreset, Tag("<preset>")]
    | Annotated[PolicyFile, Tag("<file>")]
    | Annotated[Document, Tag("<document>")],
    Discriminator(_form),
]
Policy: TypeAlias = Annotated[
    Annotated[PresetName, InSchema({"not": {"const": UNMANAGED}}), Tag("<name>")]
    | Annotated[Literal["unmanaged"], Tag("<unmanaged>")]
    | Annotated[PolicyPreset, Tag("<preset>")]
    | Annotated[PolicyFile, Tag("<file>")]
    | Annotated[list[_Part], Field(min_length=1), Tag("<list>")]
    | Annotated[Document, Tag("<document>")],
    Discriminator(_form_or_list),
]
