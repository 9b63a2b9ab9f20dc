"""Which folder the templates of a target are in: as told, else as it comes to say by the project or its files."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.fleet.overlays import Target
from generator.output.revision import named_beside
from generator.source.diagnostics import Code, Place, Refused
from generator.source.reading import is_folder

NO_FOLDER = Code("E165")


def with_templates(target: Target, told: str) -> Target:
    """Return a target that knows where its templates are; raises Refused for a folder that it can't have.

    Its data has the folder as its file would name it; not where another was told, for that is what holds.
    """
    found = target.source
    data: Any = found.data
    stated = data.get("templates")
    if told:
        data = {key: each for key, each in data.items() if key != "templates"}
    elif found.templates:
        told = found.templates
    elif isinstance(stated, str) and stated:  # what is not text is told where it is decoded
        place = found.place(("templates",))
        told = named_beside(place, stated, NO_FOLDER, "templates", is_folder=True)
        if place.file != found.file:
            data = {**data, "templates": Path(os.path.relpath(told, Path(found.file).parent)).as_posix()}
    if told and not is_folder(told):
        raise Refused([NO_FOLDER.at(Place(told), "there is no such folder", "--templates takes a folder")])
    return replace(target, source=replace(found, data=data, templates=told)) if told else target
