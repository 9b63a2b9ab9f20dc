"""How a spec says that it is many: values, what differs by them, and a row for each target.

`generator.fleet` makes one spec of each target; these are the forms alone.
"""

from typing import Annotated, Any, TypeAlias

from pydantic import ConfigDict, Field, Tag

from generator.spec.forms import WORD_OR_OTHER, Vars
from generator.spec.scalars import WORD, Files, Flag, Identifier, Model, OptionalWord, Text, about

KEY = r"^[A-Za-z][A-Za-z0-9_-]*(/[A-Za-z0-9_][A-Za-z0-9_-]*)*$"

_Key: TypeAlias = Annotated[str, Field(pattern=KEY, max_length=63), WORD]
_Allowed: TypeAlias = Annotated[list[Text], Field(min_length=1)]
_Value: TypeAlias = Annotated[Annotated[Text, Tag("word")] | Annotated[_Allowed, Tag("other")], WORD_OR_OTHER]


class Format(Model):
    """Text with the values of a target in it: `{account}`, `{name}`; `{{` and `}}` are braces."""

    format: Annotated[str, Field(description="The text, with `{NAME}` where a value goes.")]


class Overlay(Model):
    """What differs for the targets that have these values; one that names more of them holds over one of fewer."""

    where: Annotated[
        dict[Identifier, Text], Field(min_length=1, description="The values that a target must have, all of them.")
    ]
    set: Annotated[
        dict[str, Any],
        Field(description="A part of a spec: maps merge by key, anything else replaces, `null` takes away."),
    ]


class Target(Model):
    """One target: its values, `region` among them, and what became of its folder."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Text]

    was: OptionalWord = about(
        "The key, and so the folder, that it had before: `render` renames the folder.", pattern=KEY, max_length=63
    )
    retired: Flag | None = about("`true`: the module keeps its inputs and makes nothing, so that a plan destroys.")
    vars: Vars | None = about("The target's own `vars`, merged over those of the spec.")


class Fleet(Model):
    """What makes many specs of one."""

    extends: Text | None = about("The spec that this one is merged over, relative to it and in its repository.")
    rules: Files | None = about(
        "Files of the team's own rules, JSON Schema 2020-12, beside those of the project file and of what it extends."
    )
    values: dict[Identifier, _Value] | None = about(
        "What each target must say: `text`, or a list of what it may be. Without `targets`, the values themselves."
    )
    overlays: list[Overlay] | None = about("What differs by the values; their order means nothing.", min_length=1)
    targets: dict[_Key, Target] | None = about("The targets, each by its folder below `out`.", min_length=1)
