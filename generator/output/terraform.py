"""Which files Terraform reads of a folder, by their names."""

from __future__ import annotations

import re

OF_TERRAFORM = (".tf", ".tf.json", ".tofu", ".tofu.json")
OVERRIDE = re.compile(r"(.*_)?override\.(tf|tofu)(\.json)?")


def is_read(path: str) -> bool:
    """Tell whether Terraform reads a file of a module's folder: it passes over those that are hidden."""
    return path.endswith(OF_TERRAFORM) and "/" not in path and not path.startswith(".")


def may_import(name: str) -> bool:
    """Tell whether Terraform imports by the blocks of a file: by no override file, as seen with Terraform 1.11.4.

    https://developer.hashicorp.com/terraform/language/files/override
    """
    return is_read(name) and not OVERRIDE.fullmatch(name)
