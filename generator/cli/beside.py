"""What other files in the folders of modules do to these, and what that means for `render` and `check`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from generator.cli.batch import Batch
from generator.cli.boundary import today
from generator.cli.made import Made
from generator.cli.scope import Scope, out_of
from generator.output.manifest import NAME
from generator.source.diagnostics import Diagnostic
from generator.source.reading import is_there, plain_bytes_of, resolved

if TYPE_CHECKING:
    from generator.cli.live import LiveBatch
    from generator.fleet.overlays import Target
    from generator.hcl.hcl import Block
    from generator.live.locate import Located
    from generator.module.adopted import Adopted
    from generator.module.adopted_for import Specs
    from generator.module.root_files import RootFiles
    from generator.module.root_imports import Importing

_RESOURCE = re.compile(r'^resource "(\w+)" "([\w-]+)" ', re.MULTILINE)
"""A resource, as rendered text begins it."""


def found_beside(
    made: Mapping[Path, Made], before: Mapping[Path, Path], scope: Scope, batch: Batch
) -> dict[Path, list[Diagnostic]]:
    """Return what files beside modules, also of old names, do to what specs decide, and which no project owns.

    `before` has by their folders where they are till `render` renames them.
    """
    from generator.module.adopted_for import Specs, written

    found = {folder: list[Diagnostic]() for folder in made}
    specs = Specs([*(each.file for each in made.values()), *scope.specs, *scope.rest])
    of_roots, imports, elsewhere, roots, twice = _of_roots(made, before, specs)
    usual = out_of(scope.file, scope.project)
    if scope.out != usual and any(written(each)[0] for each in usual.glob("*/*.tf")):  # roots do not lie that deep
        twice = {resolved(each.file) for each in made.values()}
    is_same = all(each.is_same for each in made.values())
    lost = {} if is_same and not (roots or imports or twice) else _astray(made, scope, specs, twice)
    if is_same and not (roots or imports or lost or of_roots):
        return found
    project = scope.project

    def look(folder: Path) -> list[Diagnostic]:
        from generator.module.adopted import left_astray
        from generator.module.adopted_for import ADOPTED
        from generator.output.beside import beside, unowned

        each, at = made[folder], before[folder]
        callers = (root for root in roots if resolved(root.folder) != resolved(at))
        told = [said for root in callers for said in _of_root(each, at, root)]
        others, adopted = {} if each.is_same else beside(at, each.digests), lost.get(folder)
        those = {str(at / path): (text or b"").decode(errors="replace") for path, text in others.items()}
        is_here = any((text or b"").startswith(ADOPTED) for text in others.values())
        if adopted and adopted.file.parent != at and not is_here:
            return [*told, left_astray(adopted, at, each.file)]
        imports.setdefault(each.file, {}).update({path: text for path, text in those.items() if "import" in text})
        if not others:
            return told
        from generator.module.intrusion import intrusions
        from generator.project.project import USUAL, is_own

        own = USUAL if project is None or project.own is None else project.own
        left = unowned(at, others, lambda path: is_own(path, own)) if project else []
        blocks = each.rendered.facts.blocks if each.rendered else {}  # there is no folder, and nothing beside
        return [*told, *intrusions(blocks, others, folder=str(at), spec=each.file, own=own), *left]

    found |= batch.each_of([at for at, each in made.items() if roots or at in lost or not each.is_same], look)
    return _with(found, of_roots, {**elsewhere, **imports} if any(imports.values()) else {}, made)


def _of_roots(
    made: Mapping[Path, Made], before: Mapping[Path, Path], specs: Specs
) -> tuple[dict[Path, Diagnostic], dict[str, dict[str, str]], dict[str, dict[str, str]], list[Importing], set[Path]]:
    """Return which import blocks for roots lie where none calls their module; the text of those told whose; the roots.

    The text is by spec and file, that of these specs and that of others. The roots are that here, and those with files
    that `adopt` wrote. Of several modules of one spec, an address does not say of which it is. Last come the specs of
    which another module, which is none of these, has import blocks.
    """
    from generator.module.roots import Roots

    roots, files = Roots(before.values(), specs), [each.file for each in made.values()]
    there = {folder: root for folder, each in made.items() if (root := roots.of(each.file, before[folder]))}
    imports = {made[folder].file: {str(root.file): root.text} for folder, root in there.items() if root.is_told}
    only = {folder: root for folder, root in there.items() if files.count(made[folder].file) == 1}
    told = {folder: roots.misplaced(root, before[folder]) for folder, root in only.items()}
    found = {folder: each for folder, each in told.items() if each}
    return found, imports, roots.others(files), _importing(roots.importing, specs), roots.rendered_twice


def _importing(roots: Collection[RootFiles], specs: Specs) -> list[Importing]:
    """Return the roots that may import into modules; only where there are any is the reading of them loaded."""
    if not roots:
        return []
    from generator.module.root_imports import importing

    return [importing(each, specs) for each in roots]


def _with(
    found: Mapping[Path, list[Diagnostic]],
    of_roots: Mapping[Path, Diagnostic],
    imports: Mapping[str, Mapping[str, str]],
    made: Mapping[Path, Made],
) -> dict[Path, list[Diagnostic]]:
    """Return what is found, with what is said of import blocks of roots, and of two specs' for one thing."""
    if not (imports or of_roots):
        return {**found}
    from generator.module.roots import shared

    twice, said = shared(imports), dict[Path, list[Diagnostic]]()
    for folder, of_it in found.items():
        more = (of_roots.get(folder), twice.pop(made[folder].file, None))
        said[folder] = [*of_it, *(each for each in more if each)]
    return said


def _of_root(made: Made, folder: Path, root: Importing) -> Iterator[Diagnostic]:
    """Yield which of its import blocks lead to nothing of a module."""
    from generator.hcl.facts import readable

    def blocks() -> Mapping[str, Iterable[Block]]:
        return readable({path: text for path, text in _files(made, folder).items() if path.endswith(".tf")}).blocks

    return root.nowhere(blocks, folder, made.file)


def _files(made: Made, folder: Path) -> Mapping[str, str]:
    """Return the text of a module; of one whose folder has just that, as it is there."""
    return made.files or {path: plain_bytes_of(folder / path).decode() for path in made.digests}


def _astray(made: Mapping[Path, Made], scope: Scope, specs: Specs, twice: Collection[Path]) -> Mapping[Path, Adopted]:
    """Return where `adopt` left the import blocks of modules that are not rendered yet, and the only ones of a spec.

    So too of those that are, of a spec that is rendered `twice`.
    """
    new = {at: each for at, each in made.items() if not is_there(at / NAME) or resolved(each.file) in twice}
    files = [each.file for each in new.values()]
    only = {folder: each for folder, each in new.items() if files.count(each.file) == 1}
    if not only:
        return {}
    from generator.cli.namesakes import is_made
    from generator.module.adopted import Astray, is_of_another

    ours, folders = [each.file for each in made.values()], {*map(resolved, made)}

    def has_spec(folder: Path, some: Iterable[Path]) -> bool:
        is_ours, others = resolved(folder) in folders, (*scope.specs, *scope.rest, *map(str, some))
        return is_ours or is_made(folder, ours=ours, specs=others, project=scope.source)

    left = Astray({scope.out, out_of(scope.file, scope.project)}, specs, has_spec)
    found = {folder: left.of(each.file, _addresses(each, folder)) for folder, each in only.items()}
    is_new = {folder: not is_there(folder / NAME) for folder in found}
    return {at: each for at, each in found.items() if each and (is_new[at] or is_of_another(each.file, at))}


def _addresses(made: Made, folder: Path) -> list[str]:
    return [".".join(each) for text in _files(made, folder).values() for each in _RESOURCE.findall(text)]


def leading_nowhere(located: Mapping[Target, Located], batch: LiveBatch) -> dict[Target, list[Diagnostic]]:
    """Return by targets the import and moved blocks for which Terraform plans nothing (E326), as `check` tells them.

    So too those that lie where no root is that calls the module (E325), of what its root lacks.
    """
    import gen_endpoints
    from generator.cli.made import made

    scope, is_any = batch.scope, bool(batch.calls.elsewhere.importing)
    targets = [each for each, of in located.items() if of.imports or is_any]
    rendered = batch.each_of(targets, lambda each: gen_endpoints.render(each.source, today=today()), is_last=False)
    folders = {scope.out / each.key: each for each in rendered}
    modules = {at: made(each, scope, rendered[each].meaning, rendered[each]) for at, each in folders.items()}
    found = found_beside(modules, {at: at for at in modules}, scope, batch) if modules else {}
    codes = {at: {"E326", *(["E325"] if _lacks_any(located[folders[at]]) else ())} for at in found}
    return {folders[at]: [each for each in of_it if each.code in codes[at]] for at, of_it in found.items()}


def _lacks_any(spec: Located) -> bool:
    return spec.applied is None or any(spec.is_managed(each) is False for each in spec.addresses)


def is_changed(beside: Iterable[Diagnostic], *, strict: bool) -> bool:
    """Tell whether `check` refuses a module for what is beside it."""
    return any(strict or not each.is_warning for each in beside)


def lost_imports(beside: Mapping[Path, Iterable[Diagnostic]]) -> dict[Path, Diagnostic]:
    """Return by folder the import blocks without which an apply makes anew what exists: `render` writes none of it."""
    return {folder: each for folder, found in beside.items() for each in found if each.code == "E325"}
