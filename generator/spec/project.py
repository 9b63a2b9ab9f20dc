"""The project file, as a user writes it: strict, so that a word that is not understood is never a setting."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, model_validator

from generator.spec.forms import Vars
from generator.spec.scalars import FORMAT, MINOR, PLACES, WORD, Files, Folder, Model, about

Places = Annotated[str, Field(pattern=PLACES), WORD]
Pattern = Annotated[str, Field(min_length=1), WORD]


class Profile(Model):
    """Text with values of the module that is asked for; text alone is itself."""

    model_config = ConfigDict(json_schema_extra={"type": ["object", "string"]})

    format: Annotated[str, Field(pattern=FORMAT, description="As `{account}-read`; `{{` is a brace."), WORD]

    @model_validator(mode="before")
    @classmethod
    def _of_text(cls, value: object) -> object:
        return {"format": value.replace("{", "{{").replace("}", "}}")} if isinstance(value, str) else value


class Project(Model):
    """What a team says of all its specs; paths are relative to the file."""

    NOUN: ClassVar[str] = "the project file"
    HELP: ClassVar[str] = "docs/project.md has what the key takes"

    gen_endpoints: Annotated[
        str, Field(pattern=MINOR, description='The version that renders, without its patch, as `"0.3"`.'), WORD
    ]
    specs: list[Places] = Field(
        min_length=1, max_length=5000, description="The specs, as paths or patterns such as `specs/*.yaml`."
    )
    out: Places = Field("out", description="The folder of the modules' folders.")
    own: list[Pattern] | None = about(
        "Names or patterns of the team's own files in a module's folder, in place of the usual ones.",
    )
    templates: Folder | None = about(
        "The folder of the team's own templates: what they render to is in the module of each spec that names no other."
    )
    vars: Vars | None = about("What specs say of `vars` where they say nothing else.")
    rules: Files | None = about("Files of the team's own rules, JSON Schema 2020-12, for all specs.", min_length=1)
    profile: Profile | None = about("The AWS profile that asks; `{format: …}` knows `account` and `region`.")
