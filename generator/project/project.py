"""The project file, read for one version of the tool."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from generator.source.diagnostics import Code, Refused
from generator.source.source import Source
from generator.spec import decode_as
from generator.spec.project import Project

ANOTHER_VERSION = Code("E150")
IMPORTS = "imports.tf"
"""The file in which `adopt` writes import blocks, if it is not told another one."""
_USUAL = """backend.tf provider.tf providers.tf versions.tf imports.tf moved.tf *.tfvars *.tfvars.json
.terraform.lock.hcl .terraform-version .tool-versions .tflint.hcl .gitignore"""
USUAL = tuple(_USUAL.split())
"""What people usually have in a module's folder of their own."""


def decode(source: Source, tool: str) -> tuple[Project, Refused | None]:
    """Return a project, and what it takes to use it with this version of the tool, if it is for another one.

    Raises Refused with every mistake.
    """
    project = decode_as(Project, source)
    minor = ".".join(tool.split(".")[:2])
    if project.gen_endpoints == minor:
        return project, None
    message = f"the modules are rendered by {project.gen_endpoints}, and this is {minor}"
    fix = f"install gen-endpoints {project.gen_endpoints}; or gen-endpoints diff says what {minor} changes, and "
    fix += "gen-endpoints render --upgrade writes it"
    return project, Refused([ANOTHER_VERSION.at(source.place(("gen_endpoints",)), message, fix)])


def upgraded(text: str, tool: str) -> str:
    """Return the text of a project file for this version of the tool, its other words as they are."""
    minor = ".".join(tool.split(".")[:2])
    return re.sub(r"""(?m)^((?:\ufeff)?["']?gen_endpoints["']?\s*:\s*["'])[0-9.]+""", rf"\g<1>{minor}", text, count=1)


def is_own(path: str, own: Iterable[str]) -> bool:
    """Tell whether a file or a folder is the team's own; a pattern without a slash is of the name alone."""
    return any(fnmatchcase(path if "/" in each else PurePosixPath(path).name, each) for each in own)
