"""Which targets' modules are not what they were, for `targets --changed`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from generator.cli.batch import Batch
from generator.cli.scope import Scope
from generator.cli.specs import render_all
from generator.source.reading import is_folder, is_there

if TYPE_CHECKING:
    from gen_endpoints import Cache
    from generator.fleet.overlays import Target


class Changed(NamedTuple):
    """What became of a module."""

    action: str = ""
    """Added, changed or removed."""
    was: str = ""
    """The key before, where it has another."""
    made: bool = True
    """Whether it had resources."""


def changed_folders(
    targets: Iterable[Target], cache: Cache, batch: Batch, against: str, scope: Scope
) -> dict[Path, Changed]:
    """Return the folders whose modules are not what they were."""
    from generator.change.baseline import compared_with, ours
    from generator.output.beside import gone_targets, makes

    targets = [*targets]
    rendered = render_all(targets, cache, batch, scope)
    found = compared_with({at: (each.files, each.spec) for at, each in rendered.items()}, against, scope.out)
    states = dict[Path, Changed]()
    for at, before in found.items():
        files = rendered[at].files if at in rendered else {}
        if (old := ours(before.files, files, every=True)) != ours(files, files, every=True) or before.renamed:
            action = "changed" if old and files else "added" if files else "removed"
            states[at] = Changed(action, before.renamed, makes(old.values()))
    if against and is_folder(against):
        return states
    rows = [each.source.row for each in targets if each.source.row]
    known = {scope.out / key for row in rows for key in (row.key, row.was) if key}
    gone, *_ = gone_targets(scope.out, scope.specs, known, against)  # the folders that stay, too
    return states | {at: Changed("removed", "", made) for at, made in gone.items() if at not in found and is_there(at)}
