"""The command to run after `render`."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

from generator.cli.aws_options import IMPORTS, imports_beside
from generator.cli.batch import Batch
from generator.cli.made import Made


def say_next(written: Mapping[Path, Made], batch: Batch) -> None:
    """Print the command to run next, once for all that was written."""
    regions = {each.region for each in written.values()}
    where = f": cd {shlex.quote(str(*written))} &&" if len(written) == 1 else ", in each of these folders:"
    roots = {_root_of(folder, each, is_of_many=len(written) > 1) for folder, each in written.items()}
    if len(roots) == 1 and (root := next(iter(roots))):
        where = f", in the root that calls the module and holds {root}:"
    region = f"AWS_REGION={region} " if len(regions) == 1 and (region := next(iter(regions))) else ""
    if written:
        batch.say(f"next{where} terraform init && {region}terraform plan")


def _root_of(folder: Path, made: Made, *, is_of_many: bool) -> str | None:
    """Return the file of a root that imports into a module, if there is one; of many only one that is here."""
    from generator.output.adopted import of_caller

    beside = {*(imports_beside(folder) or {}).values()}
    if IMPORTS in beside:
        return IMPORTS
    file = None if beside or is_of_many else of_caller(made.file)
    return str(file) if file else None
