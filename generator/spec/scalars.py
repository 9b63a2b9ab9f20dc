"""The types of single values: what a plain YAML scalar means where text, a flag or a document is asked for.

`source` leaves every scalar as the text that was written, so nothing is lost before the spec says what it is for.
"""

import json
import re
from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidateAs, model_validator
from pydantic_core import PydanticCustomError, core_schema

from generator.source.frozen import frozen
from generator.source.source import Plain

_FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_ACCOUNT_ID_DIGITS = 12
_EXACT_DIGITS = 15  # a longer number is not the same to every reader of JSON
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_JSON_NUMBER = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?"
IDENTIFIER = r"^[A-Za-z_][A-Za-z0-9_-]*$"
MINOR = r"^[0-9]+\.[0-9]+$"
PLACES = r"^[^/\\][^\\]*$"
FORMAT = r"^([^{}]|\{(account|region)\}|\{\{|\}\})+$"
PORTS = r"^([0-9]{1,5}(-[0-9]{1,5})?(/(tcp|udp))?|([0-9]{1,3}/)?icmp(v6)?|all)$"


class Model(BaseModel):
    """Strict: no unknown keys, no conversions, no changes."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", defer_build=True)
    NOUN: ClassVar[str] = "the spec"
    """What a file as a whole is called."""
    HELP: ClassVar[str] = ""

    def stated(self) -> dict[str, Any]:
        """Return the fields that were given, with their values."""
        return {name: getattr(self, name) for name in type(self).model_fields if name in self.model_fields_set}

    @classmethod
    def provider(cls, field: str) -> str | None:
        """Return the AWS provider release that brought the argument which a field sets; None for what 3.39 has."""
        extra = cls.model_fields[field].json_schema_extra
        release = extra.get("aws_provider") if isinstance(extra, dict) else None
        return str(release) if release else None


def about(description: str, *, since: str = "", **limits: Any) -> Any:
    """Return the default of a field that may be left out: None, with what JSON Schema and the rules know of the field.

    `since` is the AWS provider release that brought the argument which the field sets, where it is newer than 3.39;
    `limits` are pydantic's.
    """
    return Field(None, description=description, json_schema_extra={"aws_provider": since} if since else None, **limits)


class Options(Model):
    """At least one of its fields."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    @model_validator(mode="after")
    def _at_least_one(self) -> Self:
        if not self.model_fields_set:
            names = ", ".join(type(self).model_fields)
            raise PydanticCustomError("none", "takes one or more of {names}; none is given", {"names": names})
        return self


@frozen(eq=False)
class InSchema:
    """How the JSON Schema shows a type that editors see as YAML gives it: `1.10` is a number to them, and text to us.

    `before` makes of what is written what is checked. pydantic's own WithJsonSchema and BeforeValidator do the same;
    one imports the whole schema writer for it in every run, the other reads the function's signature at every use.
    """

    schema: dict[str, Any]
    before: Callable[[Any], Any] | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        """Return the schema of the type, with the function before it."""
        found: core_schema.CoreSchema = handler(source)
        return core_schema.no_info_before_validator_function(self.before, found) if self.before else found

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        """Return the schema that pydantic would write, with ours over it."""
        return {**handler(core), **self.schema}


class DecodeAs(ValidateAs):
    """How a value is decoded: as a form, of which a function then makes it.

    pydantic's own ValidateAs does the same, and builds in every run what would write the values, which nobody does.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        """Return the schema of the form, with the function after it."""
        return core_schema.no_info_after_validator_function(self.instantiation_hook, handler(self.from_type))


def _flag(value: object) -> object:
    """Return the boolean that a plain `true` or `false` means; anything else is left for pydantic to refuse."""
    return _FLAGS.get(value, value) if isinstance(value, Plain) else value


def _text(value: object) -> object:
    """Return text as it was written, whatever type YAML would give it: `1.10`, `no` and `012345678901` are text."""
    return str(value) if isinstance(value, str) else value


def _word(value: object) -> object:
    """Return text that YAML 1.2, and so every editor, takes for text too; where it does not, the words need quotes."""
    if isinstance(value, Plain) and (value in _FLAGS or _NUMBER.fullmatch(value)):
        raise PydanticCustomError("word", "takes text, and YAML reads {value} as something else", {"value": str(value)})
    return value


def _list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def document(value: object) -> object:
    """Return a JSON document: plain `true`, `null` and numbers are JSON's where that loses nothing, all else is text.

    A number of twelve digits is an AWS account id and stays text, as does one that JSON would write differently
    (`1.10`, `012`), or with more digits than every reader of JSON keeps. Raises nothing: what is no number is text.
    """
    if isinstance(value, dict):
        return {str(key): document(item) for key, item in value.items()}
    if isinstance(value, list):
        return [document(item) for item in value]
    if isinstance(value, Plain):
        return _FLAGS[value] if value in _FLAGS else _number(str(value))
    return value


def _number(lexeme: str) -> object:
    is_account_id = len(lexeme) == _ACCOUNT_ID_DIGITS and lexeme.isdigit()
    if is_account_id or len(lexeme) > _EXACT_DIGITS or not re.fullmatch(_JSON_NUMBER, lexeme):
        return lexeme
    number = json.loads(lexeme)
    return number if json.dumps(number) == lexeme else lexeme


Text: TypeAlias = Annotated[str, InSchema({"type": ["string", "number", "boolean"]}, before=_text)]
Flag: TypeAlias = Annotated[bool, InSchema({"type": "boolean"}, before=_flag)]
Yes: TypeAlias = Annotated[Literal[True], InSchema({"const": True}, before=_flag)]
WORD = InSchema({}, before=_word)
"""Stands last in the annotation of a text that is never a number or a flag, or pydantic forgets the pattern."""
OptionalWord: TypeAlias = Annotated[str | None, WORD]
Identifier: TypeAlias = Annotated[str, Field(pattern=IDENTIFIER), WORD]
FormerKeys: TypeAlias = Annotated[
    list[Identifier],
    Field(min_length=1),
    InSchema({"type": ["string", "array"], "pattern": IDENTIFIER}, before=_list),
]
"""One key, or a list of them, the oldest first."""
Ports: TypeAlias = Annotated[
    str,
    Field(pattern=PORTS),
    InSchema({"type": ["string", "integer"], "pattern": PORTS, "minimum": 0, "maximum": 99999}),
]
Tags: TypeAlias = dict[Text, Text]
Folder: TypeAlias = Annotated[Text, Field(min_length=1)]
Files: TypeAlias = Annotated[list[Text], InSchema({"type": ["string", "array"]}, before=_list)]
