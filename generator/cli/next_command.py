"""The command to run after `render`."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

from generator.cli.aws_options import imports_beside
from generator.cli.batch import Batch
from generator.cli.made import Made
from generator.source.suggest import some


def say_next(written: Mapping[Path, Made], batch: Batch) -> None:
    """Print the command to run next, once for all that was written, and for roots that call modules where they are."""
    if not written:
        return
    regions = {each.region for each in written.values()}
    region = f"AWS_REGION={region} " if len(regions) == 1 and (region := next(iter(regions))) else ""
    roots, callers = _roots(written)
    alone, files = [each for each in written if each not in roots | callers], sorted({*roots.values()})
    where = [f", in the root that calls the module and holds {each}:" for each in files]
    folders = sorted({folder for each in callers.keys() - roots.keys() for folder in callers[each]})
    if len(folders) == 1:
        enter = f": cd {shlex.quote(str(*folders))} &&" if folders[0] != Path() else " here:"
        where.append(f", in the root that calls the module{'s' * (len(callers) > 1)}{enter}")
    elif folders:
        where.append(f", in each root that calls a module ({some(map(str, folders))}):")
    if alone:
        those = "the other folders" if where else "these folders"
        where.append(f": cd {shlex.quote(str(*alone))} &&" if len(alone) == 1 else f", in each of {those}:")
    for each in where:
        batch.say(f"next{each} terraform init && {region}terraform plan")


def _roots(written: Mapping[Path, Made]) -> tuple[dict[Path, str], dict[Path, set[Path]]]:
    """Return by module the file of a root that imports into it, if there is one, and the folders of those that call it.

    Of what calls it and is called itself, as a module around it is, that which calls this.
    """
    from generator.module.adopted_for import Specs
    from generator.module.root_files import RootFiles
    from generator.module.roots import Roots

    roots, found = Roots(written, Specs(each.file for each in written.values())), dict[Path, str]()
    here = RootFiles(Path())
    for folder, made in written.items():
        beside = {*(imports_beside(folder, here=here) or {}).values()}
        root = None if beside else roots.of(made.file, folder)
        if root or beside & here.brought.keys():
            found[folder] = str(root.file) if root else min(beside & here.brought.keys())
    callers = {each: {folder for folder, _ in roots.elsewhere.ways(each)} for each in written}
    return found, {each: folders for each, folders in callers.items() if folders}
