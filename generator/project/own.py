"""Which files in a module's folder are the team's own: what a project lists, else what people usually have there."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

USUAL = (
    *(
        "backend.tf",
        "provider.tf",
        "providers.tf",
        "versions.tf",
        "imports.tf",
        "moved.tf",
        "*.tfvars",
        "*.tfvars.json",
    ),
    *(".terraform.lock.hcl", ".terraform-version", ".tool-versions", ".tflint.hcl", ".gitignore"),
)


def is_own(path: str, own: Iterable[str]) -> bool:
    """Tell whether a file or a folder is the team's own; a pattern without a slash is of the name alone."""
    return any(fnmatchcase(path if "/" in each else PurePosixPath(path).name, each) for each in own)
